//! Reads every specification of the shared recordings. Says so, and passes, where they are absent.

use std::{fs, path::PathBuf};

/// The folder of the recordings: `FLOTILLA_SHARED`, or beside the checkout.
fn shared() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("FLOTILLA_SHARED").map_or(beside, PathBuf::from);
    let conformance = folder.join("conformance");
    if conformance.is_dir() {
        return Some(conformance);
    }
    println!("skipped: no recordings in {}", conformance.display());
    None
}

/// Name and text of every recorded specification, sorted by name.
fn specifications(conformance: &std::path::Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for family in ["walks", "yawl"] {
        for entry in fs::read_dir(conformance.join(family)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "yawl") {
                let name = format!("{family}/{}", path.file_name().unwrap().to_string_lossy());
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_recorded_specification_is_read() {
    let Some(conformance) = shared() else { return };
    let specifications = specifications(&conformance);
    assert!(specifications.len() > 300, "found only {}", specifications.len());
    for (name, text) in specifications {
        if let Err(findings) = model::read(&text) {
            let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
            panic!("{name} is refused:\n{}", lines.join("\n"));
        }
    }
}
