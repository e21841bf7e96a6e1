//! What is told of a loaded specification's soundness, and that a restart does not change it.

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use server::config::Policy;

use crate::site::{HELLO, Site};

const DEADLOCK: &str = include_str!("../../../../testdata/unsound/deadlock_choice_and_join.yawl");
const LIVELOCK: &str =
    include_str!("../../../../testdata/unsound/livelock_two_tasks_in_a_circle.yawl");
const IMPLICIT: &str =
    include_str!("../../../../conformance/patterns/11_implicit_termination.yawl");
const TOKENS: &str = include_str!("../../../../conformance/patterns/42_thread_split.yawl");

/// Loads a document and gives the path of its specification.
fn upload(site: &Site, document: &str) -> String {
    let answer = site.ask("POST", "/api/v1/specifications", Some(("application/xml", document)));
    assert_eq!(answer.status, 201, "{}", answer.body);
    let key = answer.json()["specifications"][0]["key"].as_str().unwrap().replace(':', "%3A");
    format!("/api/v1/specifications/{key}")
}

fn soundness(site: &Site, path: &str) -> Value {
    let answer = site.get(path);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["soundness"].clone()
}

/// One line per net, one per finding, one per step.
fn show(soundness: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let mut lines = vec![text(&soundness["outcome"])];
    for net in list(&soundness["nets"]) {
        let answers = ["option_to_complete", "proper_completion", "no_dead_tasks", "weakly_sound"];
        let answers: Vec<String> = answers.iter().map(|name| text(&net[name])).collect();
        let (id, outcome) = (text(&net["net"]), text(&net["outcome"]));
        let (answers, open) = (answers.join(" "), text(&net["open"]));
        lines.push(format!("{id} {outcome}: {answers}, {} states {open}", net["states"]));
        for finding in list(&net["findings"]) {
            lines.push(format!("  {} {}", text(&finding["element"]), text(&finding["rule"])));
            for part in ["walk", "cycle"] {
                for step in list(&finding[part]) {
                    let marking = format!("{} {}", step["tokens"], step["busy"]);
                    lines.push(format!("    {part} {}: {marking}", text(&step["text"])));
                }
            }
        }
    }
    lines.join("\n") + "\n"
}

fn check(document: &str, want: Expect) {
    let site = Site::new();
    let path = upload(&site, document);
    want.assert_eq(&show(&soundness(&site, &path)));
}

#[test]
fn a_sound_specification_is_called_so() {
    check(
        HELLO,
        expect![[r#"
        sound
        Hello sound: yes yes yes yes, 3 states 
    "#]],
    );
}

#[test]
fn a_deadlock_is_shown_by_the_walk_that_leads_there() {
    check(
        DEADLOCK,
        expect![[r#"
        unsound
        N unsound: no yes no no, 3 states 
          YNet:N sound-deadlock
            walk A to B: {"c{A_B}":1} []
            walk B: {"c{B_D}":1} []
          AtomicTask:D sound-dead-task
            walk A to B: {"c{A_B}":1} []
            walk B: {"c{B_D}":1} []
    "#]],
    );
}

#[test]
fn a_livelock_is_shown_with_its_cycle() {
    check(
        LIVELOCK,
        expect![[r#"
        unsound
        N unsound: no yes no no, 4 states 
          YNet:N sound-livelock
            walk A: {"c{A_B}":1,"key":1} []
            walk B: {"circle":1} []
            cycle C: {"c{C_D}":1} []
            cycle D: {"circle":1} []
          AtomicTask:E sound-dead-task
            walk A: {"c{A_B}":1,"key":1} []
    "#]],
    );
}

#[test]
fn an_extension_that_is_not_modelled_leaves_the_net_undecided_and_is_told() {
    check(
        IMPLICIT,
        expect![[r#"
        undecided
        Net undecided: unknown unknown unknown unknown, 0 states the net uses the extension termination, which is not modelled
          YNet:Net sound-undecided
    "#]],
    );
    check(
        TOKENS,
        expect![[r#"
        undecided
        Net undecided: unknown unknown unknown unknown, 0 states the net uses the extension tokens, which is not modelled
          YNet:Net sound-undecided
    "#]],
    );
    let site = Site::new();
    let implicit = site.get(&upload(&site, IMPLICIT)).json();
    assert_eq!(implicit["nets_detail"][0]["termination"], json!("implicit"));
    let tokens = site.get(&upload(&site, TOKENS)).json();
    let flows = tokens["nets_detail"][0]["flows"].as_array().unwrap().clone();
    let carried: Vec<u64> = flows.iter().map(|flow| flow["tokens"].as_u64().unwrap()).collect();
    assert!(carried.iter().any(|tokens| *tokens > 1) && carried.contains(&1), "{carried:?}");
}

#[test]
fn after_a_restart_the_verdict_is_the_same_one() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let site = |policy| {
        Site::with(|config| {
            config.data.clone_from(&data);
            config.soundness = policy;
        })
    };
    let first = site(Policy::Warn);
    let path = upload(&first, DEADLOCK);
    let told = soundness(&first, &path);
    assert_eq!(told["outcome"], json!("unsound"));
    first.stop().unwrap();
    let second = site(Policy::Warn);
    assert_eq!(soundness(&second, &path), told, "judged again");
    assert_eq!(soundness(&second, &path), told, "kept");
    second.stop().unwrap();
    let third = site(Policy::Off);
    assert_eq!(soundness(&third, &path), Value::Null, "nobody looks");
}

#[test]
fn a_key_given_to_another_document_has_the_verdict_of_that_one() {
    let site = Site::new();
    let path = upload(&site, DEADLOCK);
    assert_eq!(soundness(&site, &path)["outcome"], json!("unsound"));
    assert_eq!(site.ask("DELETE", &path, None).status, 204);
    let mended = DEADLOCK.replacen("join code=\"and\"", "join code=\"xor\"", 9);
    assert_ne!(mended, DEADLOCK);
    assert_eq!(upload(&site, &mended), path);
    assert_eq!(soundness(&site, &path)["outcome"], json!("sound"));
}
