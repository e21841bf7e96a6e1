//! The trace of the request that launched a case goes with the case, to whoever works on it.

use serde_json::{Value, json};

use crate::{
    agents::outcomes,
    claims::{claim, with_agents},
    site::Site,
};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const OTHER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

/// Launches a case with these headers; gives the trace that the case then has.
fn launch(site: &Site, headers: &str, body: Value) -> Value {
    let body = body.to_string();
    let answer = site.raw(
        format!(
            "POST /api/v1/cases HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            site.addresses.public,
            body.len()
        )
        .as_bytes(),
    );
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let launched: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let case = launched["case"].as_str().unwrap();
    site.get(&format!("/api/v1/cases/{case}")).json()["traceparent"].clone()
}

fn hello() -> Value {
    json!({ "specification": "UID_flotilla_hello:1.0" })
}

#[test]
fn the_trace_of_a_launch_is_given_with_the_case_and_with_each_claimed_item() {
    let site = with_agents(&["ann"]);
    let header = format!("traceparent: {TRACE}\r\n");
    assert_eq!(launch(&site, &header, hello()), json!(TRACE));
    let mut named = hello();
    named["traceparent"] = json!(OTHER);
    assert_eq!(launch(&site, &header, named), json!(OTHER), "what the launch itself says counts");
    assert_eq!(launch(&site, "", hello()), json!(null));
    let claimed = claim(&site, json!({ "agent": "ann", "epoch": 1, "max": 3 })).json();
    let items = claimed["items"].as_array().unwrap();
    let trace_of = |case: &str| {
        let item = items.iter().find(|item| item["case"] == json!(case));
        item.unwrap()["traceparent"].clone()
    };
    assert_eq!(["1", "2", "3"].map(trace_of), [json!(TRACE), json!(OTHER), json!(null)]);
}

#[test]
fn each_launch_of_a_batch_has_its_own_trace_and_a_broken_one_is_refused_alone() {
    let site = Site::with_examples();
    let with = |trace: Value| {
        let mut launch = hello();
        launch["traceparent"] = trace;
        launch
    };
    let launches = [with(json!(TRACE)), with(json!("00-nonsense")), with(json!(OTHER)), hello()];
    let answer = site.post("/api/v1/cases/batch", &json!({ "launches": launches }).to_string());
    assert_eq!(outcomes(&answer.json()), ["done", "not-a-traceparent", "done", "done"]);
    let traces = ["1", "2", "3"]
        .map(|case| site.get(&format!("/api/v1/cases/{case}")).json()["traceparent"].clone());
    assert_eq!(traces, [json!(TRACE), json!(OTHER), json!(null)]);
}

#[test]
fn a_header_that_is_malformed_is_passed_over_as_the_standard_asks() {
    let site = Site::with_examples();
    for header in [
        "traceparent: \r\n".to_owned(),
        "traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01\r\n".to_owned(),
        format!("traceparent: {}\r\n", TRACE.to_uppercase()),
        format!("traceparent: {TRACE}\r\ntraceparent: {OTHER}\r\n"),
        format!("traceparent: {}\r\n", "0".repeat(60_000)),
        "traceparent: \u{fc}\r\n".to_owned(),
    ] {
        assert_eq!(launch(&site, &header, hello()), json!(null), "{header:.80}");
    }
}
