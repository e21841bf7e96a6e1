//! The rules as documents and other modules rely on them.

use std::{collections::BTreeSet, fmt::Write as _, fs};

use super::{ALL, by_code};
use crate::finding::Severity;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verification.md");

fn table() -> String {
    let mut table = String::from("| code | severity | what | remedy |\n|---|---|---|---|\n");
    for rule in ALL {
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(table, "| `{}` | {severity} | {} | {} |", rule.code, rule.what, rule.remedy)
            .unwrap();
    }
    table
}

/// `UPDATE_EXPECT=1 cargo test -p model rules` rewrites the table.
#[test]
fn the_document_holds_the_same_table() {
    let text = fs::read_to_string(DOCUMENT).unwrap();
    let start = text.find("| code |").expect("the document has a table");
    let end = start + text[start..].find("\n\n").map_or(text.len() - start, |at| at + 1);
    let table = table();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(DOCUMENT, format!("{}{table}{}", &text[..start], &text[end..])).unwrap();
        return;
    }
    assert_eq!(&text[start..end], table, "run again with UPDATE_EXPECT=1");
}

#[test]
fn codes_are_unique_and_in_kebab_case() {
    let codes: BTreeSet<&str> = ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), ALL.len());
    for code in codes {
        assert!(
            code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{code}"
        );
    }
}

#[test]
fn every_code_of_the_data_types_is_a_rule() {
    let source = include_str!("../types/error.rs");
    let start = source.find("fn rule(").expect("types name their rules");
    let body = &source[start..start + source[start..].find("\n    }\n").unwrap()];
    let codes: Vec<&str> = body.split('"').skip(1).step_by(2).collect();
    assert!(codes.len() > 5, "{codes:?}");
    for code in codes {
        assert!(by_code(code).is_some(), "{code} is missing in rules.rs");
    }
}

/// A rule that no test breaks is a promise that nobody checks.
#[test]
fn every_rule_is_broken_by_a_test() {
    let tests = [
        include_str!("../read/tests.rs"),
        include_str!("../verify/tests.rs"),
        include_str!("../../tests/extensions.rs"),
        include_str!("../../tests/hostile_specifications.rs"),
    ]
    .concat();
    let untested: Vec<&str> =
        ALL.iter().map(|rule| rule.code).filter(|code| !tests.contains(code)).collect();
    // More types with values than a specification may have take longer to write than to refuse.
    assert_eq!(untested, ["variable-count"]);
}
