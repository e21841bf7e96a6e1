//! Agents and their sessions, from outside.

use expect_test::expect;
use serde_json::{Value, json};

use crate::site::Site;

/// What the registry answers to a batch, as `done` or the code of the problem.
pub(crate) fn outcomes(answer: &Value) -> Vec<String> {
    let code = |result: &Value| result["problem"]["code"].as_str().unwrap_or("done").to_owned();
    answer["results"].as_array().unwrap_or_else(|| panic!("{answer}")).iter().map(code).collect()
}

#[test]
fn agents_register_renew_and_go_with_their_session() {
    let site = Site::new();
    site.check(
        r#"POST /api/v1/sessions {"host":"rack 7"}
           POST /api/v1/agents {"session":1,"agents":[{"agent":"ann","capabilities":["answer","Translate "],"name":"Ann","metadata":{"team":"blue"}},{"agent":"b b","capabilities":[]},{"agent":"bob","capabilities":["answer"]}]}
           POST /api/v1/agents {"session":1,"agents":[{"agent":"bob","capabilities":["answer"]}]}
           POST /api/v1/agents {"session":1,"agents":[{"agent":"bob","capabilities":["answer","guess"]}]}
           POST /api/v1/sessions/renew {"sessions":[1,9]}
           POST /api/v1/agents/renew {"agents":[{"agent":"ann","epoch":1},{"agent":"ann","epoch":7},{"agent":"zoe","epoch":1},{"agent":"","epoch":1}]}
           GET /api/v1/agents/ann
           GET /api/v1/agents/none
           POST /api/v1/agents {"agents":[{"agent":"bob","capabilities":["answer"]}]}
           POST /api/v1/agents/deregister {"agents":[{"agent":"bob","epoch":2},{"agent":"bob","epoch":3},{"agent":"bob","epoch":3}]}
           DELETE /api/v1/sessions/1
           DELETE /api/v1/sessions/1
           DELETE /api/v1/sessions/none
           GET /api/v1/agents"#,
        expect![[r#"
            POST /api/v1/sessions
              201 {"lifetime":{"dead_after_ms":120000,"renew_every_ms":30000,"stale_after_ms":60000},"session":1}
            POST /api/v1/agents
              200 {"lifetime":{"dead_after_ms":120000,"renew_every_ms":30000,"stale_after_ms":60000},"results":[{"agent":"ann","arrival":"new","epoch":1,"slot":0},{"problem":{"code":"not-an-agent-id","detail":"the id of the agent has ' ', allowed are letters, digits and . _ : @ / -","status":400,"title":"The text is no agent's name","type":"urn:flotilla:problem:not-an-agent-id"}},{"agent":"bob","arrival":"new","epoch":2,"slot":1}]}
            POST /api/v1/agents
              200 {"lifetime":{"dead_after_ms":120000,"renew_every_ms":30000,"stale_after_ms":60000},"results":[{"agent":"bob","arrival":"same","epoch":2,"slot":1}]}
            POST /api/v1/agents
              200 {"lifetime":{"dead_after_ms":120000,"renew_every_ms":30000,"stale_after_ms":60000},"results":[{"agent":"bob","arrival":"updated","epoch":2,"slot":1}]}
            POST /api/v1/sessions/renew
              200 {"results":[{"agents":2,"session":1},{"problem":{"code":"no-such-session","detail":"there is no session 9","status":404,"title":"No such session","type":"urn:flotilla:problem:no-such-session"}}]}
            POST /api/v1/agents/renew
              200 {"results":[{"agent":"ann","draining":false,"quarantined":false},{"problem":{"code":"stale-agent","detail":"the agent is registered under epoch 1: another process has its name","status":409,"title":"Another process has the agent's name","type":"urn:flotilla:problem:stale-agent"}},{"problem":{"code":"no-such-agent","detail":"no such agent is registered; register it first","status":404,"title":"No such agent is registered","type":"urn:flotilla:problem:no-such-agent"}},{"problem":{"code":"not-an-agent-id","detail":"the id of the agent is empty","status":400,"title":"The text is no agent's name","type":"urn:flotilla:problem:not-an-agent-id"}}]}
            GET /api/v1/agents/ann
              200 {"agent":"ann","capabilities":["answer","translate"],"description":"","draining":false,"endpoint":"","epoch":1,"host":"rack 7","liveness":"live","metadata":{"team":"blue"},"name":"Ann","offering":null,"quarantine":null,"renewed_ms_ago":"MS","session":1,"slot":0,"state":"INITIALIZING","version":""}
            GET /api/v1/agents/none
              404 {"code":"no-such-agent","detail":"no such agent is registered; register it first","status":404,"title":"No such agent is registered","type":"urn:flotilla:problem:no-such-agent"}
            POST /api/v1/agents
              200 {"lifetime":{"dead_after_ms":120000,"renew_every_ms":30000,"stale_after_ms":60000},"results":[{"agent":"bob","arrival":"replaced","epoch":3,"slot":1}]}
            POST /api/v1/agents/deregister
              200 {"results":[{"problem":{"code":"stale-agent","detail":"the agent is registered under epoch 3: another process has its name","status":409,"title":"Another process has the agent's name","type":"urn:flotilla:problem:stale-agent"}},{"agent":"bob"},{"agent":"bob"}]}
            DELETE /api/v1/sessions/1
              200 {"agents":1,"session":1}
            DELETE /api/v1/sessions/1
              200 {"agents":0,"session":1}
            DELETE /api/v1/sessions/none
              404 {"code":"no-such-session","detail":"there is no session 0","status":404,"title":"No such session","type":"urn:flotilla:problem:no-such-session"}
            GET /api/v1/agents
              200 {"items":[],"next":null}
        "#]],
    );
}

#[test]
fn agents_say_what_they_do_in_the_words_of_the_reference() {
    let site = Site::new();
    let agents = ["a", "b"].map(|agent| json!({ "agent": agent, "capabilities": ["x"] }));
    site.post("/api/v1/agents", &json!({ "agents": agents }).to_string());
    let set = |agent: &str, epoch: u64, states: &[&str]| {
        let change = |state: &&str| json!({ "agent": agent, "epoch": epoch, "state": state });
        let changes: Vec<Value> = states.iter().map(change).collect();
        site.post("/api/v1/agents/states", &json!({ "changes": changes }).to_string()).json()
    };
    // All nine, in the order of a working life.
    let nine = ["CREATED", "INITIALIZING", "DISCOVERING", "REASONING", "ACTING", "REPORTING"];
    let shown = |answer: &Value| {
        let show = |result: &Value| result["state"].as_str().unwrap_or("-").to_owned();
        answer["results"].as_array().unwrap().iter().map(show).collect::<Vec<_>>().join(" ")
    };
    let said = set("a", 1, &nine);
    assert_eq!(
        shown(&said),
        "INITIALIZING INITIALIZING DISCOVERING PROCESSING PROCESSING PROCESSING"
    );
    assert_eq!(shown(&set("a", 1, &["STOPPING", "STOPPED"])), "STOPPING STOPPED");
    assert_eq!(shown(&set("b", 2, &["PROCESSING"])), "-", "nobody begins in the middle");
    assert_eq!(shown(&set("b", 2, &["FAILED"])), "STOPPED");
    let refused = set("b", 2, &["DISCOVERING", "SLEEPING", "STOPPED"]);
    assert_eq!(outcomes(&refused), ["illegal-state", "unknown-state", "done"]);
    assert_eq!(outcomes(&set("b", 1, &["STOPPED"])), ["stale-agent"]);
}

#[test]
fn agents_are_drained_quarantined_released_and_listed() {
    let site = Site::new();
    site.post("/api/v1/sessions", "{}");
    let body = json!({ "session": 1, "agents": [
        { "agent": "ann", "capabilities": ["answer"] },
        { "agent": "bob", "capabilities": ["answer", "guess"] },
        { "agent": "eve", "capabilities": ["guess"] },
    ]});
    site.post("/api/v1/agents", &body.to_string());
    let ask = |path: &str, body: &str| site.post(path, body).json()["results"].clone();
    let drained = ask("/api/v1/agents/drain", r#"{"agents":["ann","none"]}"#);
    assert_eq!(
        (&drained[0], &drained[1]["problem"]["code"]),
        (&json!({"agent":"ann"}), &json!("no-such-agent"))
    );
    let body = r#"{"agents":["eve","later"],"reason":"it lied"}"#;
    let quarantined = ask("/api/v1/agents/quarantine", body);
    assert_eq!(
        quarantined,
        json!([{"agent":"eve","registered":true},{"agent":"later","registered":false}])
    );
    let renewed = ask(
        "/api/v1/agents/renew",
        r#"{"agents":[{"agent":"ann","epoch":1},{"agent":"eve","epoch":3}]}"#,
    );
    assert_eq!(renewed[0], json!({"agent":"ann","draining":true,"quarantined":false}));
    assert_eq!(renewed[1], json!({"agent":"eve","draining":false,"quarantined":true}));

    let names = |query: &str| {
        let page = site.get(&format!("/api/v1/agents?{query}")).json();
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{page}"));
        let names = items.iter().map(|item| item["agent"].as_str().unwrap().to_owned());
        (names.collect::<Vec<_>>().join(" "), page["next"].clone())
    };
    for (query, want) in [
        ("capability=GUESS", "bob eve"),
        ("capability=nothing", ""),
        ("quarantined=true", "eve"),
        ("quarantined=false&capability=guess", "bob"),
        ("session=1", "ann bob eve"),
        ("session=2", ""),
        ("liveness=live&state=INITIALIZING", "ann bob eve"),
        ("liveness=stale", ""),
        ("state=CREATED", "ann bob eve"),
        ("state=PROCESSING", ""),
    ] {
        assert_eq!(names(query).0, want, "{query}");
    }
    assert_eq!(names("limit=2"), ("ann bob".to_owned(), json!("bob")));
    assert_eq!(names("limit=2&after=bob"), ("eve".to_owned(), Value::Null));
    assert_eq!(site.get("/api/v1/agents/eve").json()["quarantine"], json!("it lied"));

    let released = ask("/api/v1/agents/release", r#"{"agents":["eve","ann"]}"#);
    assert_eq!(
        released,
        json!([{"agent":"eve","was_quarantined":true},{"agent":"ann","was_quarantined":false}])
    );
    assert_eq!(names("quarantined=true").0, "");
}

#[test]
fn what_agents_say_is_checked_entry_by_entry() {
    let site = Site::new();
    let many = |count: usize| (0..count).map(|one| format!("c{one}")).collect::<Vec<_>>();
    let metadata: serde_json::Map<_, _> =
        (0..17).map(|one| (format!("k{one}"), json!("v"))).collect();
    let entries = [
        (json!({ "agent": "x".repeat(129), "capabilities": [] }), "not-an-agent-id"),
        (json!({ "agent": "ü", "capabilities": [] }), "not-an-agent-id"),
        (json!({ "agent": "../../etc/passwd", "capabilities": [] }), "done"),
        (json!({ "agent": "a", "capabilities": [" "] }), "not-a-capability"),
        (json!({ "agent": "a", "capabilities": ["a\u{0}b"] }), "not-a-capability"),
        (json!({ "agent": "a", "capabilities": ["x".repeat(2_049)] }), "not-a-capability"),
        (json!({ "agent": "a", "capabilities": many(65) }), "registration-invalid"),
        (json!({ "agent": "b", "capabilities": many(64) }), "done"),
        (
            json!({ "agent": "a", "capabilities": [], "name": "x".repeat(129) }),
            "registration-invalid",
        ),
        (json!({ "agent": "a", "capabilities": [], "name": "\u{7}" }), "registration-invalid"),
        (json!({ "agent": "a", "capabilities": [], "metadata": metadata }), "registration-invalid"),
        (
            json!({ "agent": "a", "capabilities": [], "offering": { "domain": "" } }),
            "offering-invalid",
        ),
    ];
    let agents: Vec<&Value> = entries.iter().map(|(entry, _)| entry).collect();
    let answer = site.post("/api/v1/agents", &json!({ "agents": agents }).to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(outcomes(&answer.json()), entries.map(|(_, want)| want));
    let list = site.get("/api/v1/agents").json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2, "who was refused is not there");
    let path = format!("/api/v1/agents/{}", wire::segment::encode("../../etc/passwd"));
    assert_eq!(site.get(&path).json()["agent"], json!("../../etc/passwd"));
}

#[test]
fn requests_about_agents_that_make_no_sense_are_refused_whole() {
    let site = Site::new();
    let one = json!({ "agent": "a", "capabilities": [] });
    let too_many = json!({ "agents": vec![one.clone(); 10_001] }).to_string();
    let twice = json!({ "agents": [one, one] }).to_string();
    let names = json!({ "agents": vec!["a"; 10_001] }).to_string();
    let reason = json!({ "agents": ["a"], "reason": "x".repeat(257) }).to_string();
    let host = json!({ "host": "x".repeat(129) }).to_string();
    for (method, path, body, status, code) in [
        ("POST", "/api/v1/agents", too_many.as_str(), 413, "too-large"),
        ("POST", "/api/v1/agents", &twice, 422, "agent-twice"),
        ("POST", "/api/v1/agents", r#"{"agents":[]}"#, 422, "no-agents"),
        (
            "POST",
            "/api/v1/agents",
            r#"{"session":5,"agents":[{"agent":"a","capabilities":[]}]}"#,
            404,
            "no-such-session",
        ),
        ("POST", "/api/v1/agents", r#"{"agents":[{"agent":"a"}]}"#, 400, "malformed-body"),
        (
            "POST",
            "/api/v1/agents",
            r#"{"agents":[{"agent":"a","capabilities":[],"colour":1}]}"#,
            400,
            "malformed-body",
        ),
        ("POST", "/api/v1/agents", r#"{"session":-1,"agents":[]}"#, 400, "malformed-body"),
        ("POST", "/api/v1/agents", "[]", 400, "malformed-body"),
        (
            "POST",
            "/api/v1/agents/renew",
            r#"{"agents":[{"agent":"a","epoch":"1"}]}"#,
            400,
            "malformed-body",
        ),
        ("POST", "/api/v1/agents/drain", &names, 413, "too-large"),
        ("POST", "/api/v1/agents/quarantine", &reason, 422, "registration-invalid"),
        ("POST", "/api/v1/agents/quarantine", r#"{"agents":["a"]}"#, 400, "malformed-body"),
        ("POST", "/api/v1/sessions", &host, 422, "registration-invalid"),
        ("POST", "/api/v1/sessions/renew", r#"{"sessions":[1.5]}"#, 400, "malformed-body"),
        ("DELETE", "/api/v1/sessions/99999999999999999999", "", 404, "no-such-session"),
        ("GET", "/api/v1/agents?liveness=asleep", "", 400, "malformed-query"),
        ("GET", "/api/v1/agents?state=asleep", "", 400, "malformed-query"),
        ("GET", "/api/v1/agents?after=%20", "", 400, "not-an-agent-id"),
        ("GET", "/api/v1/agents?limit=1001", "", 400, "malformed-query"),
        ("GET", "/api/v1/agents?colour=1", "", 400, "malformed-query"),
        ("GET", "/api/v1/agents/%00", "", 404, "no-such-agent"),
        ("POST", "/api/v1/agents/none", "{}", 405, "method-not-allowed"),
    ] {
        let body = (!body.is_empty()).then_some(("application/json", body));
        let answer = site.ask(method, path, body);
        let found = answer.json()["code"].clone();
        assert_eq!(
            (answer.status, found),
            (status, json!(code)),
            "{method} {path}: {}",
            answer.body
        );
    }
    assert_eq!(site.get("/api/v1/agents").json()["items"], json!([]));
}

#[test]
fn agents_are_counted_and_found_by_what_sets_them_apart() {
    let site = Site::new();
    let names = ["a", "a/1", "a/2", "a0", "b"];
    let agents: Vec<Value> =
        names.iter().map(|name| json!({ "agent": name, "capabilities": [] })).collect();
    site.post("/api/v1/agents", &json!({ "agents": agents }).to_string());
    site.post("/api/v1/agents/drain", r#"{"agents":["a/1","b"]}"#);
    site.post("/api/v1/agents/drain", r#"{"agents":["a/1"]}"#);
    site.post("/api/v1/agents/quarantine", r#"{"agents":["a/2","nobody"],"reason":"odd"}"#);
    let counts = site.get("/api/v1/agent-counts").json();
    let figure = |name: &str| counts[name].as_u64().unwrap();
    assert_eq!(
        ["registered", "live", "stale", "draining", "quarantined"].map(figure),
        [5, 5, 0, 2, 2]
    );
    assert_eq!(counts["states"]["INITIALIZING"], json!(5));
    let found = |query: &str| {
        let page = site.get(&format!("/api/v1/agents?{query}")).json();
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{query}: {page}"));
        let names: Vec<_> = items.iter().map(|one| one["agent"].as_str().unwrap()).collect();
        names.join(" ")
    };
    for (query, want) in [
        ("prefix=a", "a a/1 a/2 a0"),
        ("prefix=a%2F", "a/1 a/2"),
        ("prefix=a%2F&limit=1", "a/1"),
        ("prefix=a%2F&limit=1&after=a%2F1", "a/2"),
        ("prefix=a%2F&after=a%2F2", ""),
        ("prefix=b&after=a", "b"),
        ("prefix=a&after=b", ""),
        ("prefix=%C3%A4+", ""),
        ("prefix=", "a a/1 a/2 a0 b"),
        ("draining=true", "a/1 b"),
        ("draining=false&quarantined=false", "a a0"),
    ] {
        assert_eq!(found(query), want, "{query}");
    }
    let odd = site.get("/api/v1/agents?draining=perhaps");
    assert_eq!((odd.status, odd.json()["code"].clone()), (400, json!("malformed-query")));
}
