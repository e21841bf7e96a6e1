//! Every recorded step comes out the same, or as a listed defect of the reference has it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use conformance::{Defect, Summary, replay_all};

/// Families with what must have been read of them: walks and steps. Fewer means that something was skipped.
const FAMILIES: [(&str, usize, usize); 8] = [
    ("cancel", 340, 4857),
    ("composite", 283, 6127),
    ("control", 239, 3786),
    ("data", 360, 2482),
    ("multi", 282, 4647),
    ("orjoin", 343, 4168),
    ("unstructured", 227, 1989),
    ("yawl", 67, 504),
];

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

fn assert_explained(summary: &Summary) {
    let unexplained: Vec<String> = summary.differences().map(ToString::to_string).collect();
    assert!(summary.is_explained(), "{unexplained:#?}");
}

#[test]
fn the_walks_in_the_repository_come_out_the_same() {
    let summary = replay_all(&root().join("conformance/walks"))
        .expect("the folder is part of the repository");
    assert!(summary.families.len() >= 7, "{:?}", summary.families.keys());
    assert_explained(&summary);
}

#[test]
fn every_recorded_step_comes_out_the_same_or_as_a_listed_defect_has_it() {
    let Some(folder) = shared() else { return };
    let summary = replay_all(&folder).expect("the recordings can be read");
    let read = summary.families.iter().map(|(name, it)| (name.as_str(), it.walks, it.steps));
    assert_eq!(read.collect::<Vec<_>>(), FAMILIES);
    assert_explained(&summary);
    assert_documented(&summary);
}

/// The tables in the recordings' README say what came out.
fn assert_documented(summary: &Summary) {
    let page = root().join("conformance/README.md");
    let page = std::fs::read_to_string(page).expect("part of the repository");
    let assert_row = |row: String| assert!(page.contains(&row), "the README has no row {row}");
    let mut by_defect: BTreeMap<Defect, usize> = BTreeMap::new();
    for (name, it) in &summary.families {
        let known: usize = it.known.values().sum();
        assert_row(format!(
            "| {name} | {} | {} | {} | {known} | 0 |",
            it.walks, it.steps, it.equal
        ));
        it.known.iter().for_each(|(defect, steps)| *by_defect.entry(*defect).or_default() += steps);
    }
    for defect in Defect::ALL {
        let steps = by_defect.get(&defect).copied().unwrap_or_default();
        assert_row(format!("| {defect} | {steps} |"));
    }
}

#[test]
fn a_missing_folder_is_said() {
    let error = replay_all(Path::new("/no/such/folder")).expect_err("there is no such folder");
    assert!(error.to_string().contains("/no/such/folder"), "{error}");
}
