//! Sample trees for the page of patterns.

use expect_test::expect;

use super::{check, page, read};
use crate::{finding::show, tidy::Tree};

const FIRST: &str =
    "number: 1\nname: Sequence\nyawl: +\nsupport: direct\nhow: A flow.\n\nlaunch\n    tokens   i\n";

#[test]
fn the_page_lists_what_the_heads_say() {
    let tree = Tree::of(&[
        ("conformance/patterns/01_sequence.trace", FIRST),
        ("conformance/patterns/01_sequence.yawl", ""),
        (
            "conformance/patterns/02_more.trace",
            "number: 2\nname: More\nyawl: -\nsupport: not supported\nhow: It ends.\n",
        ),
    ]);
    let text = page(&read(&tree).0);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
    expect![[r#"
        | support | patterns | meaning |
        | direct | 1 | one construct of YAWL, or a few put together as its authors mean them |
        | extra elements | 0 | plain YAWL, with places and tasks that the pattern itself does not speak of |
        | extension | 0 | an attribute or a command of ours that a specification asks for |
        | partial | 0 | not all that the pattern demands; its line says what is missing |
        | not supported | 1 | cannot be said; its line says what happens instead |
        | no. | pattern | YAWL | Flotilla | how | specification |
        | 1 | Sequence | + | direct | A flow. | [net](../conformance/patterns/01_sequence.yawl), [trace](../conformance/patterns/01_sequence.trace) |
        | 2 | More | - | not supported | It ends. | – |"#]]
    .assert_eq(&rows.join("\n"));
}

#[test]
fn a_pattern_is_numbered_rated_and_has_its_net() {
    let tree = Tree::of(&[
        ("conformance/patterns/01_sequence.trace", FIRST),
        (
            "conformance/patterns/02_odd.trace",
            "number: 3\nname: X\nyawl: +\nsupport: great\nhow: Y.\n",
        ),
        ("conformance/patterns/03_bare.trace", "number: 3\nname: X\n"),
        ("docs/patterns.md", "old\n"),
    ]);
    expect![[r#"
        conformance/patterns/: 2 traces, the catalogue has 43 patterns; one trace for each pattern
        conformance/patterns/01_sequence.trace: a specification stands beside what is supported, and only there; see conformance/patterns/README.md
        conformance/patterns/02_odd.trace: `great` is no kind of support; see conformance/patterns/README.md
        conformance/patterns/02_odd.trace: a specification stands beside what is supported, and only there; see conformance/patterns/README.md
        conformance/patterns/02_odd.trace: its name should begin with conformance/patterns/02_; see conformance/patterns/README.md
        conformance/patterns/03_bare.trace: the head has no line `yawl: `; complete the head
        docs/patterns.md: is not what the traces say; run `cargo xtask patterns`
    "#]]
    .assert_eq(&show(check(&tree)));
}
