//! Every query and predicate of the recorded specifications compiles.

use std::{collections::BTreeSet, fs, path::Path};

use crate::Query;

/// Where the recordings are, seen from this crate. Absent in a plain checkout.
const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance");

/// The texts of the queries and predicates in a specification.
fn queries(specification: &str, found: &mut BTreeSet<String>) {
    let Ok(tree) = roxmltree::Document::parse(specification) else { return };
    for node in tree.descendants().filter(roxmltree::Node::is_element) {
        found.extend(node.attribute("query").map(str::to_owned));
        if node.tag_name().name() == "predicate" {
            found.extend(node.text().map(str::to_owned));
        }
    }
}

#[test]
fn every_recorded_query_compiles() {
    let mut found = BTreeSet::new();
    for family in ["walks", "yawl"] {
        let Ok(entries) = fs::read_dir(Path::new(RECORDINGS).join(family)) else {
            println!("skipped: no recordings in {RECORDINGS}/{family}");
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|extension| extension == "yawl") {
                queries(&fs::read_to_string(path).unwrap(), &mut found);
            }
        }
    }
    // `timer(...)` predicates are no queries: the engine evaluates them.
    let wrong: Vec<String> = { found.iter() }
        .filter(|text| !text.trim_start().starts_with("timer("))
        .filter_map(|text| Some(format!("{text}\n  {}", Query::compile(text).err()?)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} do not compile:\n{}",
        wrong.len(),
        found.len(),
        wrong.join("\n")
    );
    println!("{} queries compile", found.len());
}
