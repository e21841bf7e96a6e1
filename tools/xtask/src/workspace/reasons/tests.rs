//! A sample page of dependencies.

use std::collections::BTreeSet;

use expect_test::expect;

use super::check;
use crate::finding::show;

#[test]
fn the_page_and_the_manifests_name_the_same() {
    let wanted = BTreeSet::from(["serde".to_owned(), "tokio".to_owned()]);
    let page = "# Title\n\n| crate | why | s |\n|---|---|---|\n| `serde` | events | 3 |\n| `left` | gone | 1 |\n";
    expect![[r#"
        docs/dependencies.md: `left` is no direct dependency any more; remove its row
        docs/dependencies.md: `tokio` has no row; add a row: name, why, seconds that it adds to a cold build
    "#]]
    .assert_eq(&show(check(&wanted, page, "docs/dependencies.md")));
}
