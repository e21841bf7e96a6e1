//! An item goes from its holder to another agent under a token, from outside.

use serde_json::{Value, json};

use crate::{
    claims::{claim_one, complete, launch, register, with_agents},
    site::{Answer, HELLO, Site},
};

fn offer(site: &Site, item: &Value, to: &str) -> Answer {
    let path = format!(
        "/api/v1/work-items/{}/hand-off",
        wire::segment::encode(item["item"].as_str().unwrap())
    );
    let body = json!({ "from": "ann", "epoch": item["epoch"], "to": to });
    site.post(&path, &body.to_string())
}

fn accept(site: &Site, token: &Value, agent: &str, epoch: u64) -> Answer {
    let body = json!({ "token": token, "agent": agent, "epoch": epoch });
    site.post("/api/v1/hand-offs/accept", &body.to_string())
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or("done").to_owned()
}

#[test]
fn an_item_goes_from_its_holder_to_another_agent_once() {
    let site = with_agents(&["ann", "bob", "eve"]);
    launch(&site, 1);
    let item = claim_one(&site, "ann", 1);
    let offered = offer(&site, &item, "bob");
    assert_eq!(offered.status, 200, "{}", offered.body);
    let offered = offered.json();
    assert_eq!((&offered["to"], &offered["expires_in_ms"]), (&json!("bob"), &json!(60_000)));
    let token = &offered["token"];

    assert_eq!(code(&accept(&site, token, "eve", 3)), "hand-off-wrong-agent");
    assert_eq!(code(&accept(&site, token, "bob", 9)), "stale-agent");
    let accepted = accept(&site, token, "bob", 2);
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    let taken = accepted.json();
    assert_eq!(
        (&taken["item"], &taken["data"], &taken["term_ms"]),
        (&item["item"], &item["data"], &item["term_ms"])
    );
    assert!(taken["epoch"].as_u64() > item["epoch"].as_u64(), "{taken}");

    assert_eq!(code(&accept(&site, token, "bob", 2)), "hand-off-used");
    assert_eq!(code(&complete(&site, &item, &item["epoch"])), "stale-epoch");
    assert_eq!(code(&complete(&site, &taken, &taken["epoch"])), "done");
    assert_eq!(site.get("/api/v1/cases/1").json()["status"], json!("completed"));
}

#[test]
fn a_repetition_under_the_same_idempotency_key_finds_the_same_answer() {
    let site = with_agents(&["ann", "bob"]);
    launch(&site, 1);
    let item = claim_one(&site, "ann", 1);
    let token = offer(&site, &item, "bob").json()["token"].clone();
    let body = json!({ "token": token, "agent": "bob", "epoch": 2 }).to_string();
    let request = format!(
        "POST /api/v1/hand-offs/accept HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nidempotency-key: k\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        site.addresses.public,
        body.len()
    );
    let epoch = || {
        let answer = site.raw(request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        serde_json::from_str::<Value>(body).unwrap()["epoch"].clone()
    };
    assert_eq!(epoch(), epoch());
}

#[test]
fn a_token_ends_with_its_lease_and_its_time_and_its_server() {
    let site = with_agents(&["ann", "bob"]);
    launch(&site, 1);
    let item = claim_one(&site, "ann", 1);
    let token = offer(&site, &item, "bob").json()["token"].clone();
    let held = json!({ "items": [{ "item": item["item"], "epoch": item["epoch"] }] });
    site.post("/api/v1/leases/return", &held.to_string());
    assert_eq!(code(&accept(&site, &token, "bob", 2)), "hand-off-used");
    assert_eq!(code(&offer(&site, &item, "bob")), "stale-epoch");

    // Another server has another key, unless both are given the same one.
    let twin = |key: Option<&str>| {
        let key = key.map(server::config::Secret::new);
        let site = Site::with(|config| config.handoff_key = key);
        site.ask("POST", "/api/v1/specifications", Some(("application/xml", HELLO)));
        register(&site, &["ann", "bob"]);
        launch(&site, 1);
        let item = claim_one(&site, "ann", 1);
        let token = offer(&site, &item, "bob").json()["token"].clone();
        (site, token)
    };
    let (one, other) = (twin(None), twin(None));
    assert_eq!(code(&accept(&one.0, &other.1, "bob", 2)), "hand-off-forged");
    let key = Some("thirty-two bytes that nobody guesses");
    let (one, other) = (twin(key), twin(key));
    assert_eq!(code(&accept(&one.0, &other.1, "bob", 2)), "done");
}

#[test]
fn an_expired_token_is_refused() {
    let site = Site::with(|config| config.handoff_ttl_seconds = 0);
    site.ask("POST", "/api/v1/specifications", Some(("application/xml", HELLO)));
    register(&site, &["ann", "bob"]);
    launch(&site, 1);
    let item = claim_one(&site, "ann", 1);
    let token = offer(&site, &item, "bob").json()["token"].clone();
    assert_eq!(code(&accept(&site, &token, "bob", 2)), "hand-off-expired");
    let held = site.get("/api/v1/work-items?lease=held").json();
    assert_eq!(held["items"][0]["lease"]["holder"], json!("ann"), "it stays where it was");
}

#[test]
fn forged_tokens_and_unfit_receivers_are_refused() {
    let site = with_agents(&["ann", "bob"]);
    let other = json!({ "agents": [{ "agent": "dan", "capabilities": ["dance"] }] });
    site.post("/api/v1/agents", &other.to_string());
    launch(&site, 1);
    let item = claim_one(&site, "ann", 1);
    let token = offer(&site, &item, "bob").json()["token"].as_str().unwrap().to_owned();
    let (offered, signature) = token.split_once('.').unwrap();
    let another = offer(&site, &item, "dan").json()["token"].as_str().unwrap().to_owned();
    let spliced = format!("{}.{signature}", another.split_once('.').unwrap().0);
    for forged in [
        "",
        ".",
        offered,
        signature,
        &format!("{offered}."),
        &format!("{token}A"),
        &format!(".{token}"),
        &spliced,
        &"A".repeat(1_000_000),
    ] {
        assert_eq!(
            code(&accept(&site, &json!(forged), "bob", 2)),
            "hand-off-forged",
            "{forged:.80}"
        );
    }
    assert_eq!(code(&accept(&site, &json!(another), "dan", 3)), "not-capable");
    site.post("/api/v1/agents/drain", r#"{"agents":["bob"]}"#);
    assert_eq!(code(&accept(&site, &json!(token), "bob", 2)), "agent-draining");
    assert_eq!(code(&offer(&site, &item, "nobody")), "no-such-agent");
    assert_eq!(code(&offer(&site, &item, "no body")), "not-an-agent-id");
    assert_eq!(code(&offer(&site, &json!({ "item": "9.9:X", "epoch": 1 }), "bob")), "no-such-item");
    let path = "/api/v1/work-items/1.1%3AAnswer/hand-off";
    let not_mine = json!({ "from": "bob", "epoch": item["epoch"], "to": "ann" }).to_string();
    assert_eq!(code(&site.post(path, &not_mine)), "wrong-holder");
    assert_eq!(code(&site.post(path, r#"{"from":"ann","epoch":1}"#)), "malformed-body");
    assert_eq!(code(&complete(&site, &item, &item["epoch"])), "done", "ann holds it all the same");
}
