//! Every recorded step of the families that are done must come out the same; the others are reported.

use std::path::{Path, PathBuf};

use conformance::{Summary, replay_all};

/// Families that are equal on every step. A family is only ever added here.
const DONE: [&str; 6] = ["composite", "control", "data", "orjoin", "unstructured", "yawl"];
/// Families that are not yet equal, with the number of equal steps that they must not fall below.
const UNDER_WAY: [(&str, usize); 2] = [("cancel", 4805), ("multi", 4560)];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The whole collection, if it lies beside the project.
fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("FLOTILLA_SHARED").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared")).join("conformance");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there; set FLOTILLA_SHARED", folder.display());
    None
}

fn assert_done(summary: &Summary) {
    for (name, family) in summary.families.iter().filter(|(name, _)| DONE.contains(&name.as_str()))
    {
        let first = family.differences.first().map(ToString::to_string).unwrap_or_default();
        assert_eq!(family.equal, family.steps, "{name}: {first}");
    }
}

#[test]
fn the_walks_in_the_repository_come_out_the_same() {
    let summary =
        replay_all(&root().join("conformance")).expect("the folder is part of the repository");
    assert!(summary.families.len() >= 7, "{:?}", summary.families.keys());
    assert_done(&summary);
}

#[test]
fn every_recorded_step_of_the_finished_families_comes_out_the_same() {
    let Some(folder) = shared() else { return };
    let summary = replay_all(&folder).expect("the recordings can be read");
    for name in DONE {
        assert!(summary.families.contains_key(name), "no walk of the family {name}");
    }
    assert_done(&summary);
    for (name, floor) in UNDER_WAY {
        let family = &summary.families[name];
        println!("{name}: {} of {} steps equal", family.equal, family.steps);
        assert!(family.equal >= floor, "{name}: {} steps equal, {floor} were before", family.equal);
    }
}

#[test]
fn a_missing_folder_is_said() {
    let error = replay_all(Path::new("/no/such/folder")).expect_err("there is no such folder");
    assert!(error.to_string().contains("/no/such/folder"), "{error}");
}
