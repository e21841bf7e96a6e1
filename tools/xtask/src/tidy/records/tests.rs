//! Sample trees for the rule on decision records.

use expect_test::expect;

use super::check;
use crate::{finding::show, tidy::Tree};

#[test]
fn a_record_is_numbered_short_and_whole() {
    let good = "# 1\n## Context\n## Decision\n## Rejected\n## Consequences\n";
    let long = format!("{good}{}", "x\n".repeat(60));
    let tree = Tree::of(&[
        ("docs/adr/0001-first.md", good),
        ("docs/adr/0003-gap.md", good),
        ("docs/adr/0004-long.md", &long),
        ("docs/adr/0005-part.md", "# 5\n## Context\n## Decision\n## Consequences\n"),
        ("docs/architecture.md", "no record\n"),
    ]);
    expect![[r#"
        docs/adr/0003-gap.md: the next record is docs/adr/0002-*.md; number records in order, without gaps
        docs/adr/0004-long.md: 65 lines, 60 at most; say less, or write two records
        docs/adr/0004-long.md: the next record is docs/adr/0003-*.md; number records in order, without gaps
        docs/adr/0005-part.md: `## Rejected` is missing; add the part
        docs/adr/0005-part.md: the next record is docs/adr/0004-*.md; number records in order, without gaps
    "#]]
    .assert_eq(&show(check(&tree)));
}
