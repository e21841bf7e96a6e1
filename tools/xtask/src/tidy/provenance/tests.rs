//! Sample trees for the rule on where files come from.

use expect_test::expect;

use super::{SCHEMA_OF_YAWL, check, check_copies};
use crate::{finding::show, tidy::Tree};

#[test]
fn files_of_others_are_refused() {
    let schema = format!("<xs:schema {SCHEMA_OF_YAWL}/>");
    let tree = Tree::of(&[
        (
            "examples/ours.yawl",
            "<specificationSet xmlns=\"http://www.yawlfoundation.org/yawlschema\"/>",
        ),
        ("testdata/schema.xsd", &schema),
        ("ui/public/chart.min.js", "x"),
        ("vendor/lib/a.rs", "x"),
    ]);
    expect![[r#"
        testdata/schema.xsd: is a schema of the YAWL Foundation; write what the reader accepts as our own rules and tests
        ui/public/chart.min.js: is minified; build it from its package instead
        vendor/lib/a.rs: stands under `vendor/`, where copies of others' files stand; depend on the package instead
    "#]]
    .assert_eq(&show(check(&tree)));
}

#[test]
fn shared_files_are_not_copied_but_recorded_walks_may_be() {
    let (notes, walk) = ("note ".repeat(50), "walk ".repeat(50));
    let shared = Tree::of(&[
        ("reference/yawl.md", &notes),
        ("conformance/walks/control000.yawl", &walk),
        ("hooks/short", "x"),
    ]);
    let tree = Tree::of(&[("docs/language.md", &notes), ("testdata/walk.yawl", &walk), ("x", "x")]);
    expect![[r#"
        docs/language.md: is a copy of shared reference/yawl.md; read it from there, or write our own
    "#]]
    .assert_eq(&show(check_copies(&tree, &shared)));
}
