//! Every control-flow pattern comes out as its trace says. `UPDATE_EXPECT=1 cargo test` rewrites the traces.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use expect_test::expect;

use conformance::{patterns, replay_all};

/// Patterns of the catalogue.
const PATTERNS: usize = 43;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/patterns")
}

fn traces() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "trace"));
    files.sort();
    files
}

#[test]
fn every_pattern_comes_out_as_its_trace_says() {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        for file in traces() {
            fs::write(&file, patterns::rewrite(&file).unwrap()).unwrap();
        }
    }
    let summary = replay_all(&folder()).unwrap();
    let family = &summary.families["patterns"];
    let first = family.differences.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(first.is_empty(), "{}", first.join("\n"));
    assert_eq!((family.walks, family.equal), (PATTERNS, family.steps));
}

#[test]
fn a_trace_that_does_not_hold_is_reported() {
    let copy = tempfile::tempdir().unwrap();
    let source = folder().join("03_synchronization");
    fs::copy(source.with_extension("yawl"), copy.path().join("03.yawl")).unwrap();
    let trace = patterns::rewrite(&source.with_extension("trace")).unwrap();
    let wrong = trace.replacen("Pack→Ship, Take→Bill", "Pack→Ship", 1);
    assert_ne!(trace, wrong);
    fs::write(copy.path().join("03.trace"), wrong).unwrap();
    let summary = replay_all(copy.path()).unwrap();
    let family = &summary.families["patterns"];
    assert_eq!(family.steps - family.equal, 1);
    expect![[r#"
        Synchronization step 3 do C:Pack: expected
        tokens   Pack→Ship
        items    C:Bill Enabled
        got
        tokens   Pack→Ship, Take→Bill
        items    C:Bill Enabled
    "#]]
    .assert_eq(&family.differences[0].to_string());
}
