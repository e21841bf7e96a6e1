//! Work under leases, from outside: claimed, renewed, completed, lost, given back, waited for.

use std::{io::Write, thread};

use serde_json::{Value, json};

use crate::{
    agents::outcomes,
    site::{Answer, Site, connect},
};

/// A site with the examples and these agents, all able to answer; their epochs are 1, 2, 3...
pub(crate) fn with_agents(names: &[&str]) -> Site {
    let site = Site::with_examples();
    register(&site, names);
    site
}

pub(crate) fn register(site: &Site, names: &[&str]) {
    let agents: Vec<Value> =
        names.iter().map(|name| json!({ "agent": name, "capabilities": ["Answer"] })).collect();
    let registered = site.post("/api/v1/agents", &json!({ "agents": agents }).to_string());
    assert_eq!(registered.status, 200, "{}", registered.body);
}

pub(crate) fn launch(site: &Site, count: usize) {
    let launches = vec![json!({ "specification": "UID_flotilla_hello:1.0" }); count];
    let launched = site.post("/api/v1/cases/batch", &json!({ "launches": launches }).to_string());
    assert_eq!(launched.status, 200, "{}", launched.body);
}

pub(crate) fn claim(site: &Site, claim: Value) -> Answer {
    site.post("/api/v1/claims", &claim.to_string())
}

/// Claims one item and gives it.
pub(crate) fn claim_one(site: &Site, agent: &str, epoch: u64) -> Value {
    let answer = claim(site, json!({ "agent": agent, "epoch": epoch, "wait_ms": 30_000 }));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["items"][0].clone()
}

pub(crate) fn complete(site: &Site, item: &Value, epoch: &Value) -> Answer {
    let path = format!(
        "/api/v1/work-items/{}/checkin",
        wire::segment::encode(item["item"].as_str().unwrap())
    );
    let body = json!({ "data": "<Answer><Reply>42</Reply></Answer>", "epoch": epoch });
    site.post(&path, &body.to_string())
}

/// Sends items with their epochs to `path` and gives the outcomes.
fn send(site: &Site, path: &str, list: &str, items: &[Value]) -> Vec<String> {
    let held = |item: &Value| json!({ "item": item["item"], "epoch": item["epoch"] });
    let items: Vec<Value> = items.iter().map(held).collect();
    let answer = site.post(path, &json!({ list: items }).to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    outcomes(&answer.json())
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or("done").to_owned()
}

#[test]
fn an_agent_claims_renews_and_completes_and_a_late_result_is_refused() {
    let site = with_agents(&["ann", "bob"]);
    launch(&site, 1);
    let claimed = claim(&site, json!({ "agent": "ann", "epoch": 1, "max": 5, "term_ms": 1_000 }));
    assert_eq!((claimed.status, claimed.header("retry-after")), (200, None));
    let item = claimed.json()["items"][0].clone();
    assert_eq!(
        (&item["item"], &item["task"], &item["attempt"], &item["term_ms"]),
        (&json!("1.1:Answer"), &json!("Answer"), &json!(1), &json!(1_000))
    );
    assert_eq!(item["data"], json!("<Answer><Question>What is the answer?</Question></Answer>"));
    for (holder, count) in [("ann", 1), ("bob", 0)] {
        let held = site.get(&format!("/api/v1/work-items?holder={holder}")).json();
        assert_eq!(held["items"].as_array().unwrap().len(), count, "{held}");
    }
    let shown = site.get("/api/v1/work-items?lease=held").json()["items"][0].clone();
    assert_eq!(shown["capability"], json!("answer"));
    let lease =
        json!({ "standing": "held", "holder": "ann", "epoch": item["epoch"], "attempts": 0 });
    assert_eq!(shown["lease"], lease);
    let in_case = site.get("/api/v1/cases/1").json()["items"][0].clone();
    assert_eq!((&in_case["lease"], &in_case["data"]), (&lease, &item["data"]));

    // Nobody else may bring a result, with or without an epoch.
    assert_eq!(code(&complete(&site, &item, &Value::Null)), "lease-held");
    assert_eq!(code(&complete(&site, &item, &json!(999))), "stale-epoch");

    // She renews once and falls silent: her lease ends, the item rests, and bob, who waits, gets it.
    let renewal =
        json!({ "leases": [{ "item": item["item"], "epoch": item["epoch"], "term_ms": 1_000 }] });
    assert_eq!(outcomes(&site.post("/api/v1/leases/renew", &renewal.to_string()).json()), ["done"]);
    let again = claim_one(&site, "bob", 2);
    assert_eq!((&again["item"], &again["attempt"]), (&item["item"], &json!(2)));
    assert_eq!(code(&complete(&site, &item, &item["epoch"])), "stale-epoch");
    assert_eq!(send(&site, "/api/v1/leases/renew", "leases", &[item]), ["stale-epoch"]);
    assert_eq!(code(&complete(&site, &again, &again["epoch"])), "done");
    let case = site.get("/api/v1/cases/1").json();
    assert_eq!(
        (&case["status"], &case["output"]),
        (&json!("completed"), &json!("<Hello><Reply>42</Reply></Hello>"))
    );
}

#[test]
fn many_results_come_in_one_batch_each_under_its_own_epoch() {
    let site = with_agents(&["ann"]);
    launch(&site, 3);
    let claimed = claim(&site, json!({ "agent": "ann", "epoch": 1, "max": 3 })).json();
    let items = claimed["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 3);
    let result = |item: &Value, epoch: &Value| json!({ "item": item["item"], "epoch": epoch, "data": "<Answer><Reply>1</Reply></Answer>" });
    let results = [
        result(&items[0], &items[0]["epoch"]),
        result(&items[1], &json!(0)),
        result(&items[2], &Value::Null),
        json!({ "item": items[1]["item"], "epoch": items[1]["epoch"], "data": "<Wrong/>" }),
        result(&json!({ "item": "nonsense" }), &json!(1)),
    ];
    let answer =
        site.post("/api/v1/work-items/checkin", &json!({ "results": results }).to_string());
    assert_eq!(
        outcomes(&answer.json()),
        ["done", "stale-epoch", "lease-held", "data-invalid", "no-such-item"]
    );
    // What was refused is still held.
    let held = site.get("/api/v1/work-items?lease=held").json();
    assert_eq!(held["items"].as_array().unwrap().len(), 2);
}

#[test]
fn items_are_given_back_and_failed_until_they_are_dead_letters() {
    let site = Site::with(|config| config.attempts_max = 1);
    let hello = crate::site::HELLO;
    site.ask("POST", "/api/v1/specifications", Some(("application/xml", hello)));
    register(&site, &["ann"]);
    launch(&site, 1);
    let item = claim_one(&site, "ann", 1);
    assert_eq!(
        send(&site, "/api/v1/leases/return", "items", std::slice::from_ref(&item)),
        ["done"]
    );
    assert_eq!(send(&site, "/api/v1/leases/return", "items", &[item]), ["stale-epoch"]);
    let item = claim_one(&site, "ann", 1);
    assert_eq!(item["attempt"], json!(1), "what was given back unharmed counts for nothing");
    assert_eq!(
        code(&site.post("/api/v1/work-items/1.1%3AAnswer/requeue", "")),
        "not-a-dead-letter"
    );
    assert_eq!(send(&site, "/api/v1/leases/fail", "items", &[item]), ["done"]);
    let dead = site.get("/api/v1/work-items?lease=dead-letter").json();
    assert_eq!(dead["items"][0]["item"], json!("1.1:Answer"));
    let nothing = claim(&site, json!({ "agent": "ann", "epoch": 1 })).json();
    assert_eq!(nothing["items"], json!([]));
    assert_eq!(code(&site.post("/api/v1/work-items/1.1%3AAnswer/requeue", "")), "done");
    assert_eq!(site.get("/api/v1/work-items?lease=dead-letter").json()["items"], json!([]));
    let item = claim_one(&site, "ann", 1);
    assert_eq!(item["attempt"], json!(1));
}

#[test]
fn who_finds_nothing_is_told_when_to_come_back() {
    let site = with_agents(&["ann"]);
    for wait_ms in [0, 50] {
        let answer = claim(&site, json!({ "agent": "ann", "epoch": 1, "wait_ms": wait_ms }));
        let told = answer.json();
        assert_eq!((answer.status, &told["items"]), (200, &json!([])));
        let ms = told["retry_after_ms"].as_u64().unwrap();
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!(ms > 0 && seconds == ms.div_ceil(1_000).max(1), "{ms} ms, {seconds} s");
    }
}

#[test]
fn a_claim_that_waits_is_answered_when_work_comes_and_keeps_nobody_waiting() {
    // As many may wait as there are places for claims, and requests have places of their own.
    let site = Site::with(|config| {
        config.requests_in_flight_max = 1;
        config.claims_in_flight_max = 1;
    });
    let hello = crate::site::HELLO;
    site.ask("POST", "/api/v1/specifications", Some(("application/xml", hello)));
    register(&site, &["ann"]);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| claim_one(&site, "ann", 1));
        wait_until_claims_wait(&site, 1);
        let refused = claim(&site, json!({ "agent": "ann", "epoch": 1 }));
        assert_eq!((refused.status, code(&refused).as_str()), (503, "overloaded"));
        launch(&site, 1);
        assert_eq!(waiting.join().unwrap()["item"], json!("1.1:Answer"));
    });
}

#[test]
fn a_client_that_disconnects_while_it_waits_loses_nothing() {
    let site = with_agents(&["ann", "bob"]);
    let body = json!({ "agent": "ann", "epoch": 1, "wait_ms": 60_000 }).to_string();
    let request = format!(
        "POST /api/v1/claims HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        site.addresses.public,
        body.len()
    );
    let mut gone: Vec<_> = (0..3).map(|_| connect(site.addresses.public)).collect();
    for stream in &mut gone {
        stream.write_all(request.as_bytes()).unwrap();
    }
    wait_until_claims_wait(&site, 3);
    drop(gone);
    launch(&site, 2);
    let items = [claim_one(&site, "bob", 2), claim_one(&site, "bob", 2)];
    for item in &items {
        assert_eq!(item["attempt"], json!(1));
        assert_eq!(code(&complete(&site, item, &item["epoch"])), "done");
    }
    let held = site.get("/api/v1/work-items?lease=held").json();
    assert_eq!(held["items"], json!([]), "nobody holds what nobody took");
}

#[test]
fn a_server_that_stops_tells_those_who_wait() {
    let site = with_agents(&["ann"]);
    let url = format!("http://{}/api/v1/claims", site.addresses.public);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let body = json!({ "agent": "ann", "epoch": 1, "wait_ms": 60_000 });
            let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
            let mut answer = agent.new_agent().post(&url).send_json(&body).unwrap();
            answer.body_mut().read_json::<Value>().unwrap()
        });
        wait_until_claims_wait(&site, 1);
        site.stop().unwrap();
        assert_eq!(waiting.join().unwrap()["code"], json!("stopping"));
    });
}

/// The node itself says how many claims wait: no time has to pass.
fn wait_until_claims_wait(site: &Site, count: usize) {
    while site.waiting_claims() < count {
        thread::yield_now();
    }
}

#[test]
fn claims_that_make_no_sense_are_refused() {
    let site = with_agents(&["ann", "eve"]);
    site.post("/api/v1/agents/quarantine", r#"{"agents":["eve"],"reason":"it lied"}"#);
    for (body, status, want) in [
        (json!({ "agent": "ann" }), 400, "malformed-body"),
        (json!({ "agent": "ann", "epoch": 1, "colour": 1 }), 400, "malformed-body"),
        (json!({ "agent": "ann", "epoch": 1, "max": -1 }), 400, "malformed-body"),
        (json!({ "agent": "a b", "epoch": 1 }), 400, "not-an-agent-id"),
        (json!({ "agent": "ann", "epoch": 1, "capabilities": [""] }), 400, "not-a-capability"),
        (json!({ "agent": "ann", "epoch": 1, "capabilities": [] }), 422, "claim-invalid"),
        (json!({ "agent": "ann", "epoch": 1, "max": 0 }), 422, "claim-invalid"),
        (json!({ "agent": "ann", "epoch": 1, "max": 1_001 }), 422, "claim-invalid"),
        (json!({ "agent": "ann", "epoch": 1, "wait_ms": 60_001 }), 422, "claim-invalid"),
        (json!({ "agent": "ann", "epoch": 1, "term_ms": 999 }), 422, "claim-invalid"),
        (json!({ "agent": "ann", "epoch": 1, "term_ms": u64::MAX }), 422, "claim-invalid"),
        (json!({ "agent": "ann", "epoch": 1, "class": "" }), 422, "claim-invalid"),
        (json!({ "agent": "ann", "epoch": 1, "class": "x".repeat(65) }), 422, "claim-invalid"),
        (json!({ "agent": "ann", "epoch": 1, "class": "a b" }), 422, "claim-invalid"),
        (json!({ "agent": "ann", "epoch": 1, "capabilities": ["dance"] }), 422, "not-capable"),
        (json!({ "agent": "ann", "epoch": 2 }), 409, "stale-agent"),
        (json!({ "agent": "eve", "epoch": 2 }), 409, "agent-quarantined"),
        (json!({ "agent": "zoe", "epoch": 1 }), 404, "no-such-agent"),
    ] {
        let answer = claim(&site, body.clone());
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (status, want),
            "{body}: {}",
            answer.body
        );
    }
    site.post("/api/v1/agents/drain", r#"{"agents":["ann"]}"#);
    assert_eq!(code(&claim(&site, json!({ "agent": "ann", "epoch": 1 }))), "agent-draining");
}

#[test]
fn batches_of_leases_are_limited_and_each_entry_is_judged_alone() {
    let site = with_agents(&["ann"]);
    for (path, list) in [
        ("/api/v1/leases/renew", "leases"),
        ("/api/v1/leases/return", "items"),
        ("/api/v1/leases/fail", "items"),
    ] {
        let held = json!({ "item": "1.1:Answer", "epoch": 1 });
        let too_many = site.post(path, &json!({ list: vec![held; 10_001] }).to_string());
        assert_eq!((too_many.status, code(&too_many).as_str()), (413, "too-large"), "{path}");
        let unknown =
            site.post(path, &json!({ list: [{ "item": "x", "epoch": 1, "y": 1 }] }).to_string());
        assert_eq!((unknown.status, code(&unknown).as_str()), (400, "malformed-body"), "{path}");
        let entries: [Value; 2] =
            [json!({ "item": "nonsense", "epoch": 1 }), json!({ "item": "7.1:A", "epoch": 1 })];
        assert_eq!(send(&site, path, list, &entries), ["no-such-item", "no-such-case"], "{path}");
        assert_eq!(send(&site, path, list, &[]), [""; 0], "{path}");
    }
    let term = json!({ "leases": [{ "item": "7.1:A", "epoch": 1, "term_ms": 1 }] });
    let answer = site.post("/api/v1/leases/renew", &term.to_string()).json();
    assert_eq!(outcomes(&answer), ["term-invalid"]);
    let standing = site.get("/api/v1/work-items?lease=lost");
    assert_eq!((standing.status, code(&standing).as_str()), (400, "malformed-query"));
    let holder = site.get("/api/v1/work-items?holder=a%20b");
    assert_eq!((holder.status, code(&holder).as_str()), (400, "not-an-agent-id"));
}
