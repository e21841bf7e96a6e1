//! The table of codes, in code and in the documentation.

use std::{collections::BTreeSet, path::Path};

use super::*;

fn table() -> String {
    let mut table = String::from("| status | code | meaning |\n|---|---|---|\n");
    for code in Code::ALL {
        let (status, name, title) = code.row();
        table.push_str(&format!("| {status} | `{name}` | {title} |\n"));
    }
    table
}

#[test]
fn each_code_stands_once_in_the_table() {
    let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.row().1).collect();
    assert_eq!(names.len(), Code::ALL.len());
}

#[test]
fn the_documentation_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(&table()), "docs/api.md: put this table in:\n{}", table());
}

#[test]
fn a_problem_says_when_to_come_back() {
    let response =
        Failure::new(Code::Overloaded, "inbox full").retry_after_ms(1_200).into_response();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}
