//! Sample trees for the rule on links.

use expect_test::expect;

use super::check;
use crate::{finding::show, tidy::Tree};

#[test]
fn a_link_leads_to_a_file_or_a_directory_of_the_tree() {
    let tree = Tree::of(&[
        ("README.md", "[a](docs/a.md) and [docs](docs), [none](docs/none.md)\n[out](../b.md)\n"),
        (
            "docs/a.md",
            "[up](../README.md) [site](https://example.org) [here](#part) [p](a.md#part)\n",
        ),
        ("docs/code.md", "```text\n[not](a-link)\n```\n[but](this)\n"),
    ]);
    expect![[r#"
        README.md:1: the link to `docs/none.md` leads nowhere; correct the path or remove the link
        README.md:2: the link to `../b.md` leads nowhere; correct the path or remove the link
        docs/code.md:4: the link to `this` leads nowhere; correct the path or remove the link
    "#]]
    .assert_eq(&show(check(&tree)));
}
