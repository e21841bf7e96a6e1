//! The marketplace, from outside: published, found by seven kinds of query, taken off.

use serde_json::{Value, json};

use crate::{agents::outcomes, site::Site};

/// Three agents: a cheap one that is slow, a dear one that is quick, and one that says little.
fn market() -> Site {
    let site = Site::new();
    let agents = json!({ "agents": [
        { "agent": "cheap", "capabilities": ["x"], "offering": {
            "domain": "Ordering", "description": "Orders things", "coverage": { "namespaces": ["urn:order"] },
            "fit": [{ "wcp_patterns": [1, 5], "input_tokens": ["Order"], "maintains_soundness": true }],
            "cost": { "base_price_per_cycle": 0.1, "pricing": "FLAT" },
            "latency": [{ "graph_triples": 1_000_000, "p50_ms": 100, "p95_ms": 200, "p99_ms": 900 }] } },
        { "agent": "quick", "capabilities": ["x"], "offering": {
            "domain": "Carrier", "description": "Carries orders", "coverage": { "namespaces": ["urn:order", "urn:road"] },
            "fit": [{ "wcp_patterns": [5] }], "cost": { "base_price_per_cycle": 2 },
            "latency": [{ "graph_triples": 1_000_000, "p50_ms": 1, "p95_ms": 2, "p99_ms": 9 }] } },
        { "agent": "terse", "capabilities": ["x"], "offering": { "domain": "Freight" } },
        { "agent": "absent", "capabilities": ["x"] },
    ]});
    let answer = site.post("/api/v1/agents", &agents.to_string()).json();
    assert_eq!(outcomes(&answer), ["done"; 4], "{answer}");
    site
}

fn search(site: &Site, search: Value) -> Value {
    let answer = site.post("/api/v1/marketplace/search", &search.to_string());
    assert_eq!(answer.status, 200, "{search}: {}", answer.body);
    answer.json()
}

fn names(found: &Value) -> String {
    let items = found["items"].as_array().unwrap().iter();
    items.map(|item| item["agent"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_kind_of_query_finds_what_it_asks_for_in_the_economic_order() {
    let site = market();
    for (query, want) in [
        (json!({ "kind": "all-live" }), "cheap terse quick"),
        (json!({ "kind": "namespace", "namespace": "urn:order" }), "cheap quick"),
        (json!({ "kind": "max-cost", "max_cost_per_cycle": 1.0 }), "cheap terse"),
        (json!({ "kind": "max-latency", "max_p99_ms": 1_000 }), "quick cheap"),
        (json!({ "kind": "wcp-pattern", "wcp_pattern": 5 }), "cheap quick"),
        (json!({ "kind": "id", "agent": "quick" }), "quick"),
        (json!({ "kind": "id", "agent": "absent" }), ""),
        (json!({ "kind": "transition-slot" }), "cheap terse quick"),
        (json!({ "kind": "transition-slot", "capability_keyword": "ORDER" }), "cheap quick"),
        (json!({ "kind": "transition-slot", "max_p99_ms": 10 }), "terse quick"),
        (
            json!({ "kind": "transition-slot", "wcp_pattern": 5, "input_tokens": ["Order"] }),
            "cheap",
        ),
        (
            json!({ "kind": "transition-slot", "wcp_pattern": 5, "must_maintain_soundness": true, "max_cost_per_cycle": 0.05 }),
            "",
        ),
    ] {
        let found = search(&site, json!({ "query": query }));
        assert_eq!(names(&found), want, "{query}");
        assert_eq!((&found["next"], &found["partial"]), (&Value::Null, &json!(false)), "{query}");
    }
}

#[test]
fn pages_follow_on_each_other() {
    let site = market();
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = json!({ "kind": "all-live" });
        let found = search(
            &site,
            json!({ "query": query, "limit": 1, "after": after, "staleness_ms": 30_000 }),
        );
        seen.push(names(&found));
        after = found["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(seen.join(" ").trim(), "cheap terse quick");
}

#[test]
fn an_offering_is_published_shown_replaced_and_taken_off() {
    let site = market();
    let shown = site.get("/api/v1/agents/terse").json()["offering"].clone();
    assert_eq!(
        shown,
        json!({
            "domain": "Freight", "description": "", "fit": [], "latency": [], "spec_version": "1.0", "content_hash": "",
            "coverage": { "namespaces": [], "sparql_patterns": [], "construct_templates": [] },
            "cost": { "construct_queries_per_call": 0.0, "llm_inference_ratio": 1.0, "base_price_per_cycle": 1.0, "pricing": "PER_CYCLE" },
        })
    );
    let offering = json!({ "domain": "Freight", "cost": { "base_price_per_cycle": 0 } });
    let publish = json!({ "listings": [
        { "agent": "terse", "epoch": 3, "offering": offering },
        { "agent": "terse", "epoch": 4, "offering": offering },
        { "agent": "nobody", "epoch": 1, "offering": offering },
        { "agent": "no body", "epoch": 1, "offering": offering },
        { "agent": "absent", "epoch": 4, "offering": { "domain": "Payment" } },
        { "agent": "absent", "epoch": 4, "offering": { "domain": "Payment", "cost": { "llm_inference_ratio": 2 } } },
        { "agent": "absent", "epoch": 4, "offering": { "domain": "Payment", "fit": [{ "wcp_patterns": [44] }] } },
        { "agent": "absent", "epoch": 4, "offering": { "domain": "x".repeat(129) } },
    ]});
    let answer = site.post("/api/v1/marketplace/publish", &publish.to_string()).json();
    let (wrong, gone) = ("offering-invalid", "no-such-agent");
    assert_eq!(
        outcomes(&answer),
        ["done", "stale-agent", gone, "not-an-agent-id", "done", wrong, wrong, wrong]
    );
    assert!(answer["results"][6]["problem"]["detail"].as_str().unwrap().contains("fit[0]"));
    let all = json!({ "query": { "kind": "all-live" } });
    assert_eq!(names(&search(&site, all.clone())), "terse cheap absent quick");

    let stats = site.get("/api/v1/marketplace/stats").json();
    assert_eq!(
        (&stats["listings"], &stats["live"], &stats["stale"]),
        (&json!(4), &json!(4), &json!(0))
    );
    assert_eq!(stats["indexes"]["namespace"]["keys"], json!(2));
    let resynced = site.post("/api/v1/marketplace/resync", "");
    assert_eq!((resynced.status, resynced.json()), (200, json!({ "wrong": [] })));

    let off = r#"{"agents":[{"agent":"terse","epoch":3},{"agent":"terse","epoch":3},{"agent":"quick","epoch":1}]}"#;
    let answer = site.post("/api/v1/marketplace/unpublish", off).json();
    assert_eq!(outcomes(&answer), ["done", "done", "stale-agent"]);
    assert_eq!(names(&search(&site, all.clone())), "cheap absent quick");
    assert_eq!(site.get("/api/v1/agents/terse").json()["offering"], Value::Null);
    // Who leaves the registry leaves the marketplace.
    site.post("/api/v1/agents/deregister", r#"{"agents":[{"agent":"cheap","epoch":1}]}"#);
    assert_eq!(names(&search(&site, all)), "absent quick");
}

#[test]
fn queries_that_make_no_sense_are_refused() {
    let site = market();
    let all = json!({ "kind": "all-live" });
    for (search, status, code) in [
        (json!({}), 400, "malformed-body"),
        (json!({ "query": {} }), 400, "malformed-body"),
        (json!({ "query": { "kind": "cheapest" } }), 400, "malformed-body"),
        (json!({ "query": { "kind": "all-live", "colour": 1 } }), 400, "malformed-body"),
        (json!({ "query": { "kind": "transition-slot", "colour": 1 } }), 400, "malformed-body"),
        (json!({ "query": { "kind": "max-cost" } }), 400, "malformed-body"),
        (
            json!({ "query": { "kind": "max-cost", "max_cost_per_cycle": -1 } }),
            422,
            "query-invalid",
        ),
        (json!({ "query": { "kind": "max-latency", "max_p99_ms": -1 } }), 400, "malformed-body"),
        (json!({ "query": { "kind": "wcp-pattern", "wcp_pattern": 0 } }), 422, "query-invalid"),
        (json!({ "query": { "kind": "wcp-pattern", "wcp_pattern": 300 } }), 400, "malformed-body"),
        (json!({ "query": { "kind": "namespace", "namespace": "" } }), 422, "query-invalid"),
        (json!({ "query": { "kind": "id", "agent": "a b" } }), 400, "not-an-agent-id"),
        (
            json!({ "query": { "kind": "transition-slot", "namespaces": vec!["n"; 65] } }),
            422,
            "query-invalid",
        ),
        (json!({ "query": all, "limit": 0 }), 422, "query-invalid"),
        (json!({ "query": all, "limit": 1_001 }), 422, "query-invalid"),
        (json!({ "query": all, "staleness_ms": 29_999 }), 422, "query-invalid"),
        (json!({ "query": all, "staleness_ms": 300_001 }), 422, "query-invalid"),
        (json!({ "query": all, "after": "nonsense" }), 422, "query-invalid"),
    ] {
        let answer = site.post("/api/v1/marketplace/search", &search.to_string());
        let found = answer.json()["code"].clone();
        assert_eq!((answer.status, found), (status, json!(code)), "{search}: {}", answer.body);
    }
    let listing = json!({ "agent": "a", "epoch": 1, "offering": { "domain": "d" } });
    let too_many = json!({ "listings": vec![listing; 10_001] }).to_string();
    assert_eq!(site.post("/api/v1/marketplace/publish", &too_many).status, 413);
    let colour = r#"{"listings":[{"agent":"a","epoch":1,"offering":{"domain":"d","colour":1}}]}"#;
    assert_eq!(site.post("/api/v1/marketplace/publish", colour).status, 400);
}
