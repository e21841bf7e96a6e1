//! The stream of a session, from outside: what agents lose, what is pushed to them, and what ends it.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    net::TcpStream,
    thread,
};

use expect_test::expect;
use serde_json::{Value, json};
use wire::stream::SessionEvent;

use crate::{
    agents::outcomes,
    claims::{claim, claim_one, complete, launch},
    site::{Answer, HELLO, Site, connect},
};

/// The events of a session, as they come in.
struct Events(Lines<BufReader<TcpStream>>);

impl Events {
    /// Opens the stream of a session. Once this is back nothing is missed.
    fn open(site: &Site, session: u64) -> Self {
        let (status, lines) = Self::ask(site, session);
        assert!(status.contains(" 200 "), "{status}");
        Self(lines)
    }

    fn ask(site: &Site, session: u64) -> (String, Lines<BufReader<TcpStream>>) {
        let mut stream = connect(site.addresses.public);
        let request = format!(
            "GET /api/v1/sessions/{session}/events HTTP/1.1\r\nhost: {}\r\n\r\n",
            site.addresses.public
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream).lines();
        let status = lines.next().unwrap().unwrap();
        assert!(lines.any(|line| line.unwrap().is_empty()), "the head ends");
        (status, lines)
    }

    /// The next event; none at the end of the stream.
    fn next(&mut self) -> Option<Value> {
        let mut name = String::new();
        while let Some(Ok(line)) = self.0.next() {
            if let Some(event) = line.strip_prefix("event: ") {
                event.clone_into(&mut name);
            }
            if let Some(data) = line.strip_prefix("data: ") {
                assert!(SessionEvent::read(&name, data).unwrap().is_some(), "{name} {data}");
                let mut event: Value = serde_json::from_str(data).unwrap();
                event["event"] = json!(name);
                return Some(event);
            }
        }
        None
    }
}

/// A site with the example and a session of these agents, whose epochs are 1, 2, 3...
fn with_session(names: &[&str]) -> Site {
    let site = Site::with(|_| {});
    site.ask("POST", "/api/v1/specifications", Some(("application/xml", HELLO)));
    open_session(&site, names);
    site
}

fn open_session(site: &Site, names: &[&str]) -> u64 {
    let session = site.post("/api/v1/sessions", "").json()["session"].as_u64().unwrap();
    let agents: Vec<Value> =
        names.iter().map(|name| json!({ "agent": name, "capabilities": ["Answer"] })).collect();
    let registration = json!({ "session": session, "agents": agents });
    let registered = site.post("/api/v1/agents", &registration.to_string());
    assert_eq!(registered.status, 200, "{}", registered.body);
    session
}

fn push(site: &Site, session: &str, agents: Value) -> Answer {
    let body = json!({ "agents": agents }).to_string();
    let path = format!("/api/v1/sessions/{session}/push");
    site.ask("PUT", &path, Some(("application/json", &body)))
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or("done").to_owned()
}

fn open_streams(site: &Site) -> String {
    let metrics = site.get("/actuator/prometheus").body;
    let line = metrics.lines().find(|line| line.starts_with("yawl_event_streams_open"));
    line.unwrap().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn the_holder_of_an_item_is_told_when_its_case_is_cancelled() {
    let site = with_session(&["ann", "bob"]);
    let mut events = Events::open(&site, 1);
    launch(&site, 1);
    let item = claim_one(&site, "ann", 1);
    site.post("/api/v1/cases/1/cancel", "");
    let want = json!({
        "event": "cancelled", "agent": "ann", "item": "1.1:Answer", "case": "1",
        "epoch": item["epoch"], "reason": "case-cancelled",
    });
    assert_eq!(events.next(), Some(want));
}

#[test]
fn a_holder_is_warned_before_its_lease_ends_and_told_when_it_has() {
    let site = with_session(&["ann"]);
    let mut events = Events::open(&site, 1);
    launch(&site, 1);
    let claimed = claim(&site, json!({ "agent": "ann", "epoch": 1, "term_ms": 1_000 })).json();
    let epoch = &claimed["items"][0]["epoch"];
    let warned = events.next().unwrap();
    assert_eq!(
        (&warned["event"], &warned["item"], &warned["epoch"]),
        (&json!("lease-ending"), &json!("1.1:Answer"), epoch)
    );
    assert!(warned["left_ms"].as_u64().unwrap() <= 334, "a third of the term: {warned}");
    let ended =
        json!({ "event": "lease-ended", "agent": "ann", "item": "1.1:Answer", "epoch": epoch });
    assert_eq!(events.next(), Some(ended));
}

#[test]
fn work_is_pushed_to_who_asked_one_item_for_each_hand() {
    let site = with_session(&["ann", "bob"]);
    let mut events = Events::open(&site, 1);
    let to = json!([{ "agent": "ann", "epoch": 1, "max_in_hand": 1, "capabilities": ["answer"] }]);
    let answer = push(&site, "1", to);
    assert_eq!(answer.json(), json!({ "results": [{ "agent": "ann", "in_hand": 0 }] }));
    launch(&site, 2);
    for _ in 0..2 {
        let item = events.next().unwrap();
        assert_eq!(
            (&item["event"], &item["agent"], &item["attempt"]),
            (&json!("item"), &json!("ann"), &json!(1))
        );
        assert_eq!(
            item["data"],
            json!("<Answer><Question>What is the answer?</Question></Answer>")
        );
        let held = site.get("/api/v1/work-items?lease=held").json();
        assert_eq!(held["items"].as_array().unwrap().len(), 1, "{held}");
        assert_eq!(code(&complete(&site, &item, &item["epoch"])), "done");
    }
    assert_eq!(site.get("/api/v1/cases?status=running").json()["items"], json!([]));
}

#[test]
fn pushing_stops_with_the_stream_and_what_comes_then_is_for_others() {
    let site = with_session(&["ann", "bob"]);
    let mut events = Events::open(&site, 1);
    push(&site, "1", json!([{ "agent": "ann", "epoch": 1, "max_in_hand": 9 }]));
    launch(&site, 1);
    let item = events.next().unwrap();
    drop(events);
    while open_streams(&site) != "0" {
        thread::yield_now();
    }
    launch(&site, 1);
    let other = claim_one(&site, "bob", 2);
    assert_eq!((&other["item"], &other["attempt"]), (&json!("2.1:Answer"), &json!(1)));

    // What was pushed is held on, and counts as in hand when the stream is opened again.
    let _events = Events::open(&site, 1);
    let again = push(&site, "1", json!([{ "agent": "ann", "epoch": 1, "max_in_hand": 1 }]));
    assert_eq!(again.json(), json!({ "results": [{ "agent": "ann", "in_hand": 1 }] }));
    assert_eq!(code(&complete(&site, &item, &item["epoch"])), "done");
}

#[test]
fn a_stream_ends_when_another_reader_comes_the_session_closes_or_the_server_stops() {
    let site = with_session(&["ann"]);
    let mut first = Events::open(&site, 1);
    let mut second = Events::open(&site, 1);
    assert_eq!(first.next(), None);
    site.ask("DELETE", "/api/v1/sessions/1", None);
    assert_eq!(second.next(), None);
    let session = open_session(&site, &["bob"]);
    let mut third = Events::open(&site, session);
    assert!(site.stop().is_ok());
    assert_eq!(third.next(), None);
}

#[test]
fn sessions_are_listed_a_page_at_a_time_and_say_whether_they_are_read() {
    let site = with_session(&["ann", "bob"]);
    site.post("/api/v1/sessions", "");
    site.post("/api/v1/sessions", r#"{"host":"rack 7"}"#);
    let _events = Events::open(&site, 1);
    site.ask("DELETE", "/api/v1/sessions/2", None);
    site.check(
        "GET /api/v1/sessions?limit=1
         GET /api/v1/sessions?limit=1&after=1
         GET /api/v1/sessions?after=3
         GET /api/v1/sessions/1
         GET /api/v1/sessions/2
         GET /api/v1/sessions/x
         GET /api/v1/sessions?limit=0
         GET /api/v1/sessions?after=-1
         GET /api/v1/sessions?colour=red",
        expect![[r#"
            GET /api/v1/sessions?limit=1
              200 {"items":[{"agents":2,"host":"","opened_ms_ago":"MS","renewed_ms_ago":"MS","session":1,"streamed":true}],"next":"1"}
            GET /api/v1/sessions?limit=1&after=1
              200 {"items":[{"agents":0,"host":"rack 7","opened_ms_ago":"MS","renewed_ms_ago":"MS","session":3,"streamed":false}],"next":null}
            GET /api/v1/sessions?after=3
              200 {"items":[],"next":null}
            GET /api/v1/sessions/1
              200 {"agents":2,"host":"","opened_ms_ago":"MS","renewed_ms_ago":"MS","session":1,"streamed":true}
            GET /api/v1/sessions/2
              404 {"code":"no-such-session","detail":"there is no session 2","status":404,"title":"No such session","type":"urn:flotilla:problem:no-such-session"}
            GET /api/v1/sessions/x
              404 {"code":"no-such-session","detail":"there is no session 0","status":404,"title":"No such session","type":"urn:flotilla:problem:no-such-session"}
            GET /api/v1/sessions?limit=0
              400 {"code":"malformed-query","detail":"limit is 0, allowed are 1 to 1000; ask for more pages","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /api/v1/sessions?after=-1
              400 {"code":"malformed-query","detail":"after: invalid digit found in string","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /api/v1/sessions?colour=red
              400 {"code":"malformed-query","detail":"colour: unknown field `colour`, expected `after` or `limit`","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
        "#]],
    );
}

#[test]
fn one_item_is_given_back_or_failed_by_its_holder_alone() {
    let site = with_session(&["ann"]);
    launch(&site, 1);
    let path = |verb: &str| format!("/api/v1/work-items/1.1%3AAnswer/{verb}");
    let end = |verb: &str, epoch: &Value| {
        code(&site.post(&path(verb), &json!({ "epoch": epoch }).to_string()))
    };
    for verb in ["return", "fail-attempt"] {
        let item = claim_one(&site, "ann", 1);
        assert_eq!(end(verb, &json!(999)), "stale-epoch");
        assert_eq!(end(verb, &json!(-1)), "malformed-body");
        assert_eq!(code(&site.post(&path(verb), "{}")), "malformed-body");
        let more = json!({ "epoch": 1, "colour": "red" }).to_string();
        assert_eq!(code(&site.post(&path(verb), &more)), "malformed-body");
        let nowhere = format!("/api/v1/work-items/nonsense/{verb}");
        assert_eq!(code(&site.post(&nowhere, r#"{"epoch":1}"#)), "no-such-item");
        let key = json!({ "epoch": item["epoch"], "command_id": verb }).to_string();
        assert_eq!(code(&site.post(&path(verb), &key)), "done");
        assert_eq!(code(&site.post(&path(verb), &key)), "done", "the same command again");
        assert_eq!(end(verb, &item["epoch"]), "stale-epoch");
    }
    let item = claim_one(&site, "ann", 1);
    assert_eq!(item["attempt"], json!(2), "giving back counts for nothing, failing does");
}

#[test]
fn streams_of_sessions_are_limited() {
    let site = Site::with(|config| config.session_streams_max = 1);
    let (one, other) = (open_session(&site, &["ann"]), open_session(&site, &["bob"]));
    let _events = Events::open(&site, one);
    let refused = site.get(&format!("/api/v1/sessions/{other}/events"));
    assert_eq!((refused.status, code(&refused).as_str()), (429, "too-many-streams"));
    assert!(refused.header("retry-after").is_some());
}

#[test]
fn streams_and_pushes_that_make_no_sense_are_refused() {
    let site = with_session(&["ann", "bob"]);
    let other = open_session(&site, &["eve"]).to_string();
    for session in ["0", "9", "-1", "x", "18446744073709551616", "1%2F2"] {
        let streamed = site.get(&format!("/api/v1/sessions/{session}/events"));
        assert_eq!((streamed.status, code(&streamed).as_str()), (404, "no-such-session"));
        let pushed = push(&site, session, json!([]));
        assert_eq!((pushed.status, code(&pushed).as_str()), (404, "no-such-session"));
    }
    let unread = push(&site, &other, json!([{ "agent": "eve", "epoch": 3, "max_in_hand": 1 }]));
    assert_eq!((unread.status, code(&unread).as_str()), (409, "no-stream"));

    let _events = Events::open(&site, 1);
    let ann = |field: &str, value: Value| {
        let mut one = json!({ "agent": "ann", "epoch": 1, "max_in_hand": 1 });
        one[field] = value;
        one
    };
    for (agents, status, want) in [
        (json!({}), 400, "malformed-body"),
        (json!([{ "agent": "ann" }]), 400, "malformed-body"),
        (json!([ann("max_in_hand", json!(-1))]), 400, "malformed-body"),
        (json!([ann("colour", json!("red"))]), 400, "malformed-body"),
        (json!([ann("epoch", json!(1)), ann("epoch", json!(2))]), 422, "agent-twice"),
        (json!(vec![ann("epoch", json!(1)); 10_001]), 413, "too-large"),
    ] {
        let answer = push(&site, "1", agents.clone());
        assert_eq!((answer.status, code(&answer).as_str()), (status, want), "{agents:.80}");
    }
    for (one, want) in [
        (ann("agent", json!("a b")), "not-an-agent-id"),
        (ann("agent", json!("zoe")), "no-such-agent"),
        (json!({ "agent": "eve", "epoch": 3, "max_in_hand": 1 }), "other-session"),
        (ann("epoch", json!(2)), "stale-agent"),
        (ann("max_in_hand", json!(0)), "claim-invalid"),
        (ann("max_in_hand", json!(1_001)), "claim-invalid"),
        (ann("term_ms", json!(999)), "claim-invalid"),
        (ann("term_ms", json!(u64::MAX)), "claim-invalid"),
        (ann("capabilities", json!([])), "claim-invalid"),
        (ann("capabilities", json!([""])), "not-a-capability"),
        (ann("capabilities", json!(["dance"])), "not-capable"),
    ] {
        let answer = push(&site, "1", json!([one.clone()]));
        assert_eq!((answer.status, outcomes(&answer.json())), (200, vec![want.into()]), "{one}");
    }
    site.post("/api/v1/agents/drain", r#"{"agents":["ann"]}"#);
    let drained = push(&site, "1", json!([ann("epoch", json!(1))]));
    assert_eq!(outcomes(&drained.json()), ["agent-draining"]);
}
