//! `flotilla run` as its user sees it: cases to their end, a kill in the middle, a file that cannot run.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

fn flotilla(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flotilla"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).args(arguments);
    command
}

fn summary(output: &Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_case_of_the_insurance_claim_ends_without_an_incident() {
    let mut arguments =
        vec!["run", "examples/insurance_claim.yawl", "--cases", "60", "--agents", "8"];
    arguments.extend(["--neglect", "100", "--json"]);
    let summary = summary(&flotilla(&arguments).output().unwrap());
    assert_eq!(summary["statuses"], json!({ "completed": 60 }));
    assert_eq!((&summary["incidents"], &summary["items_unanswered"]), (&json!(0), &json!(0)));
    // Its deadlines are days away: the virtual clock must have jumped to some of them.
    assert!(summary["virtual_seconds"].as_i64().unwrap() > 86_400, "{summary}");
}

#[test]
fn a_run_that_was_killed_is_finished_by_the_same_command() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let arguments = [
        "run",
        "examples/four_tasks.yawl",
        "--cases",
        "400",
        "--agents",
        "8",
        "--json",
        "--data",
        data.to_str().unwrap(),
    ];
    let mut killed = flotilla(&arguments).stdout(Stdio::null()).spawn().unwrap();
    // As soon as something is on disk; if the run is over before, there was nothing to kill.
    while !has_files(&data) && killed.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let summary = summary(&flotilla(&arguments).output().unwrap());
    assert_eq!(summary["statuses"], json!({ "completed": 400 }));
    assert_eq!(summary["incidents"], 0);
}

fn has_files(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.path().is_file() || has_files(&entry.path()))
}

#[test]
fn a_specification_that_cannot_run_is_refused_with_the_way_to_learn_why() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("broken.yawl");
    fs::write(&file, "<specificationSet version=\"4.0\"/>").unwrap();
    let output = flotilla(&["run", file.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("flotilla verify"), "{told}");
}
