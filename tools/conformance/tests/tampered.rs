//! A replay must see what differs: each line changes one thing in a recording and names what must be found.

use std::{fs, path::Path};

use conformance::replay_all;
use serde_json::{Value, json};

/// Replays `name` with `from` in its recording changed to `to`; gives the first difference.
fn tampered(name: &str, from: &str, to: &str) -> Result<(), String> {
    replay_changed(name, |recording| {
        assert!(recording.contains(from), "{name} has no {from}");
        recording.replacen(from, to, 1)
    })
}

fn replay_changed(name: &str, change: impl FnOnce(String) -> String) -> Result<(), String> {
    let walks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/walks");
    let folder = tempfile::tempdir().expect("a folder for the copy");
    let specification = format!("{name}.yawl");
    fs::copy(walks.join(&specification), folder.path().join(&specification))
        .expect("the walk is part of the repository");
    let recording = fs::read_to_string(walks.join(format!("{name}.json"))).expect("beside it");
    fs::write(folder.path().join(format!("{name}.json")), change(recording))
        .expect("the copy is ours");
    let summary = replay_all(folder.path()).map_err(|error| format!("{error:#}"))?;
    let first = summary.differences().next().map(|it| it.what.clone());
    assert_eq!(first.is_none(), summary.is_explained());
    first.map_or(Ok(()), Err)
}

#[track_caller]
fn assert_found(name: &str, from: &str, to: &str, what: &str) {
    let found = tampered(name, from, to).expect_err("the change must be seen");
    assert!(found.contains(what), "{found}");
}

#[test]
fn every_part_of_a_state_is_compared() {
    assert_found("multi000", r#""C/T":[2,1,1,0]"#, r#""C/T":[2,2,0,0]"#, "marking");
    assert_found("multi000", r#""C.2:T":"Fired""#, r#""C.2:T":"Executing""#, "items");
    assert_found("multi000", r#""C:T":"Enabled""#, r#""C:T":"Enabled","C:U":"Enabled""#, "items");
    assert_found("multi000", "<k>0</k>", "<k>1</k>", "data of C");
    assert_found("multi000", r#""data":{"C":"#, r#""data":{"C.1":"<N/>","C":"#, "nets");
    assert_found("multi000", r#""done":false"#, r#""done":true"#, "done");
    assert_found("multi000", r#""alive":true"#, r#""alive":false"#, "alive");
}

#[test]
fn answers_are_compared() {
    assert_found("multi000", r#""started":"C.1:T""#, r#""started":"C.2:T""#, "started");
    assert_found("multi000", "<G0><item>7</item></G0>", "<G0><item>8</item></G0>", "recorded");
}

#[test]
fn refusals_count_both_ways() {
    assert_found("multi014", r#"["start","C:Ts"]"#, r#"["rollback","C:Ts"]"#, "refused: ");
    let found = replay_changed("multi014", |recording| {
        let mut recording: Value = serde_json::from_str(&recording).expect("JSON");
        let step = &mut recording["walks"][0]["steps"][1];
        step["after"] = step["state"].take();
        step["state"] = json!({"exception": "YStateException", "message": "no"});
        recording.to_string()
    });
    assert_eq!(found, Err("accepted, where the reference refused".to_owned()));
    assert_found("multi043", r#""exception":"#, r#""fault":"#, "is not a recording");
}

#[test]
fn the_order_of_a_nets_variables_does_not_count() {
    let list = "<items><item>7</item><item>7</item></items>";
    let swapped = tampered("multi000", &format!("<k>0</k>{list}"), &format!("{list}<k>0</k>"));
    assert_eq!(swapped, Ok(()));
}

#[test]
fn a_known_defect_counts_only_where_it_is_listed() {
    assert_found("cancel012", "cancel012.yawl/0", "cancel012.yawl/99", "is not listed");
    assert_found("cancel019", "cancel019.yawl/1", "cancel019.yawl/99", "is not listed");
    assert_found("multi014", "multi014.yawl/3", "multi014.yawl/99", "is not listed");
    assert_found("multi043", "multi043.yawl/2", "multi043.yawl/99", "is not listed");
    assert_found("data049", "data049.yawl/0", "data049.yawl/99", "is not listed");
    assert_found("multi000", "multi000.yawl/0", "multi043.yawl/2", "no longer shows");
}
