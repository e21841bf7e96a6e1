//! Sample trees for the length ratchet.

use expect_test::{Expect, expect};

use super::{LONG_FUNCTION, check};
use crate::{finding::show, tidy::Tree};

#[track_caller]
fn check_tree(files: &[(&str, &str)], want: Expect) {
    want.assert_eq(&show(check(&Tree::of(files))));
}

#[test]
fn a_long_file_is_refused_and_tests_are_not_counted() {
    let (fits, long) = ("x\n".repeat(800), "x\n".repeat(801));
    check_tree(
        &[
            ("crates/a/src/fits.rs", &fits),
            ("crates/a/src/long.rs", &long),
            ("crates/a/src/long/tests.rs", &long),
            ("crates/a/tests/long.rs", &long),
            ("docs/long.md", &long),
            ("ui/src/Long.svelte", &long),
        ],
        expect![[r#"
            crates/a/src/long.rs: 801 lines, 800 at most; split it by noun
            ui/src/Long.svelte: 801 lines, 800 at most; split it by noun
        "#]],
    );
}

#[test]
fn what_a_generator_wrote_is_not_counted() {
    let text = "x\n".repeat(801);
    check_tree(
        &[
            ("sdk/written.py", &format!("# What is sent\n{text}")),
            (
                "sdk/generated.py",
                &format!("# What is sent: made from docs/openapi.json by a tool\n{text}"),
            ),
        ],
        expect![[r#"
            sdk/written.py: 802 lines, 800 at most; split it by noun
        "#]],
    );
}

#[test]
fn an_exception_may_only_shrink() {
    let text = "x\n".repeat(900);
    let ratchet = "# Reasons stand here.\n\nlines a/kept.rs 900\nlines a/grown.rs 899\nlines a/won.rs 1000\nlines a/gone.rs 900\nlines a/small.rs 850\n";
    check_tree(
        &[
            ("a/grown.rs", &text),
            ("a/kept.rs", &text),
            ("a/small.rs", "x\n"),
            ("a/won.rs", &text),
            ("tools/xtask/ratchet.txt", ratchet),
        ],
        expect![[r#"
            a/grown.rs: 900 lines, 899 at most by the ratchet; make it smaller again; the ratchet only shrinks
            tools/xtask/ratchet.txt: `lines a/gone.rs` names a file that is gone; remove the entry
            tools/xtask/ratchet.txt: `lines a/small.rs` is needless; remove the entry
            tools/xtask/ratchet.txt: `lines a/won.rs 1000` is loose; write 900: what was won is kept
        "#]],
    );
}

#[test]
fn a_function_that_asks_for_more_lines_is_refused() {
    let text = format!("#[allow({LONG_FUNCTION})]\nfn long() {{}}\n");
    check_tree(
        &[("a/asks.rs", &text)],
        expect![[r#"
            a/asks.rs: 1 long-functions, 0 at most; split the function; an exception is no answer
        "#]],
    );
}

#[test]
fn a_broken_entry_is_named_by_its_line() {
    check_tree(
        &[(
            "tools/xtask/ratchet.txt",
            "lines a.rs\nwords a.rs 3\nlines a.rs many\nlines a.rs 1 2\n",
        )],
        expect![[r#"
            tools/xtask/ratchet.txt:1: `lines a.rs` is no entry; write `lines PATH COUNT` or `long-functions PATH COUNT`
            tools/xtask/ratchet.txt:2: `words a.rs 3` is no entry; write `lines PATH COUNT` or `long-functions PATH COUNT`
            tools/xtask/ratchet.txt:3: `lines a.rs many` is no entry; write `lines PATH COUNT` or `long-functions PATH COUNT`
            tools/xtask/ratchet.txt:4: `lines a.rs 1 2` is no entry; write `lines PATH COUNT` or `long-functions PATH COUNT`
        "#]],
    );
}
