//! The description is complete, and the committed copy is the one that the code gives.

use std::{collections::BTreeSet, path::PathBuf};

use super::*;

fn committed() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json"))
}

/// `UPDATE_EXPECT=1 cargo test -p server` writes the copy anew.
#[test]
fn the_committed_copy_is_current() {
    let (_, description) = routes();
    let mut text = serde_json::to_string_pretty(&description).unwrap();
    text.push('\n');
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(committed(), &text).unwrap();
    }
    let found = std::fs::read_to_string(committed()).unwrap_or_default();
    assert!(
        found == text,
        "docs/openapi.json is not current; run UPDATE_EXPECT=1 cargo test -p server"
    );
}

/// The routes of the contract, from the sources themselves: every handler has one line there.
#[test]
fn every_handler_is_described_and_every_description_has_an_error() {
    let (_, description) = routes();
    let handlers = include_str!("../rest.rs").matches("routes!(").count();
    assert_eq!(description.paths.paths.len(), handlers, "one path for each line of routes");
    let mut ids = BTreeSet::new();
    for (path, item) in &description.paths.paths {
        let value = serde_json::to_value(item).unwrap();
        for (method, operation) in value.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
            assert!(!operation["summary"].is_null(), "{method} {path} has no summary");
            assert!(
                !operation["responses"]["default"].is_null(),
                "{method} {path} describes no error"
            );
            assert!(ids.insert(id.clone()), "{method} {path}: operation id {id:?} is taken");
        }
    }
}
