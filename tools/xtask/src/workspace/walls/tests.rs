//! Sample workspaces for the wall table.

use expect_test::{Expect, expect};

use super::{HOUSE, Kind, Wall, check};
use crate::{finding::show, workspace::Graph};

#[track_caller]
fn check_graph(text: &str, want: Expect) {
    let house = [
        Wall { name: "rules", kind: Kind::Core, knows: &[] },
        Wall { name: "disk", kind: Kind::Shell, knows: &[] },
        Wall { name: "loop", kind: Kind::Shell, knows: &["rules", "disk"] },
    ];
    want.assert_eq(&show(check(&Graph::of(text), &house)));
}

#[test]
fn an_arrow_that_is_not_drawn_is_refused() {
    check_graph(
        "(rules): disk
         (disk): rules
         (loop): rules disk",
        expect![[r#"
            disk: must not know `rules`; turn the arrow round, or move the code to the crate that may know it
            rules: must not know `disk`; turn the arrow round, or move the code to the crate that may know it
        "#]],
    );
}

#[test]
fn tests_may_use_what_is_no_further_out() {
    check_graph(
        "(rules): ~disk
         (disk): ~rules ~loop
         (loop):",
        expect![[r#"
            rules: must not know `disk`; turn the arrow round, or move the code to the crate that may know it
        "#]],
    );
}

#[test]
fn a_crate_without_a_row_is_refused() {
    check_graph(
        "(newcomer):",
        expect![[r#"
            newcomer: has no row in the wall table; add its row to `walls.rs` and to docs/architecture.md
        "#]],
    );
}

#[test]
fn the_table_of_the_house_stands_in_the_architecture_page() {
    let page = include_str!("../../../../../docs/architecture.md");
    for wall in HOUSE {
        let kind = format!("{:?}", wall.kind).to_lowercase();
        let knows = match wall.knows {
            [] => "none".to_owned(),
            knows => knows.join(", "),
        };
        let row = format!("| {} | {kind} | {knows} |", wall.name);
        assert!(page.contains(&row), "docs/architecture.md lacks the row `{row} ...`");
    }
}
