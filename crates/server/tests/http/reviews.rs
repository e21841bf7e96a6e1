//! Reviews from outside: ballots, votes, an arbiter, a person, and what is refused.

use serde_json::{Value, json};

use crate::{
    claims::claim,
    site::{Answer, Site},
};

const JUDGED: &str = include_str!("../../../node/testdata/judged.yawl");

/// A site with a case of `judged`, which three agents review.
fn site() -> Site {
    let site = Site::with(|_| {});
    let uploaded = site.ask("POST", "/api/v1/specifications", Some(("application/xml", JUDGED)));
    assert_eq!(uploaded.status, 201, "{}", uploaded.body);
    let agents: Vec<Value> = ["ann", "bob", "cem", "judge"]
        .iter()
        .map(|name| json!({ "agent": name, "capabilities": ["work"] }))
        .collect();
    site.post("/api/v1/agents", &json!({ "agents": agents }).to_string());
    let launch =
        json!({ "specification": "judged:1.0", "case": "c", "data": "<Judged><k>0</k></Judged>" });
    let launched = site.post("/api/v1/cases", &launch.to_string());
    assert_eq!(launched.status, 201, "{}", launched.body);
    site
}

/// What an agent claims; its epochs are in the order of registration.
fn claimed(site: &Site, agent: &str) -> Value {
    let epoch = 1 + ["ann", "bob", "cem", "judge"].iter().position(|one| *one == agent).unwrap();
    claim(site, json!({ "agent": agent, "epoch": epoch })).json()["items"][0].clone()
}

fn vote(site: &Site, item: &Value, more: Value) -> Answer {
    let mut body = json!({ "data": "<Judge><k>1</k></Judge>", "epoch": item["epoch"] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    site.post("/api/v1/work-items/c.1%3AA/checkin", &body.to_string())
}

fn answer(k: u32) -> Value {
    json!({ "data": format!("<Judge><k>{k}</k></Judge>"), "confidence": 0.9, "reasoning": "so it is" })
}

fn review(site: &Site) -> Value {
    site.get("/api/v1/work-items/c.1%3AA/review").json()
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or("done").to_owned()
}

#[test]
fn three_agents_vote_and_the_majority_completes_the_item() {
    let site = site();
    let waiting = site.get("/api/v1/work-items?status=Enabled").json();
    let standing = json!({ "phase": "voting", "quorum": 3, "voted": 0 });
    assert_eq!(waiting["items"][0]["review"], standing);
    let [ann, bob, cem] = ["ann", "bob", "cem"].map(|name| claimed(&site, name));
    for (item, number) in [(&ann, 1), (&bob, 2), (&cem, 3)] {
        assert_eq!(item["item"], json!("c.1:A"));
        assert_eq!(item["ballot"], json!({ "number": number, "quorum": 3, "votes": [] }));
    }
    assert_ne!(ann["epoch"], bob["epoch"]);
    assert_eq!(code(&vote(&site, &ann, answer(1))), "done");
    assert_eq!(code(&vote(&site, &ann, answer(1))), "done", "the same again is nothing");
    assert_eq!(code(&vote(&site, &ann, answer(2))), "already-voted");
    let said = json!({ "command_id": "b-1" });
    assert_eq!(code(&vote(&site, &bob, said.clone())), "done");
    assert_eq!(code(&vote(&site, &bob, said)), "done");
    let shown = review(&site);
    assert_eq!((&shown["phase"], &shown["voted"]), (&json!("voting"), &json!(2)));
    let first = json!({ "agent": "ann", "ballot": 1, "answer": "<Judge><k>1</k></Judge>", "confidence": 0.9, "reasoning": "so it is" });
    assert_eq!(shown["votes"][0], first);
    assert_eq!(shown["ballots"][0]["lease"]["holder"], json!("cem"));
    let tally = json!([{ "answer": "<Judge><k>1</k></Judge>", "votes": 2, "confidence": 0.95 }]);
    assert_eq!(shown["tally"], tally);
    assert_eq!((&shown["arbiter"], &shown["timeout_ms"]), (&json!("judge"), &json!(3_600_000)));
    assert_eq!(code(&vote(&site, &cem, answer(2))), "done");
    assert_eq!(code(&site.get("/api/v1/work-items/c.1%3AA/review")), "no-such-item");
    let case = site.get("/api/v1/cases/c").json();
    assert_eq!(case["data"]["c"], json!("<Judged><k>1</k></Judged>"));
    let metrics = site.get("/actuator/prometheus").body;
    assert!(metrics.contains("yawl_agent_work_item_checkout_count 3"), "{metrics}");
    assert!(metrics.contains("yawl_agent_work_item_checkin_count{outcome=\"success\"} 3"));
}

#[test]
fn what_votes_do_not_settle_goes_to_the_arbiter_and_what_it_gives_up_to_a_person() {
    let site = site();
    let [ann, bob, cem] = ["ann", "bob", "cem"].map(|name| claimed(&site, name));
    assert!(claimed(&site, "judge").is_null(), "the arbiter does not vote");
    for (item, k) in [(&ann, 1), (&bob, 2), (&cem, 3)] {
        assert_eq!(code(&vote(&site, item, answer(k))), "done");
    }
    let escalated = site.get("/api/v1/reviews?phase=escalated").json();
    assert_eq!(escalated["items"][0]["item"], json!("c.1:A"));
    assert!(claimed(&site, "ann").is_null());
    let judge = claimed(&site, "judge");
    assert_eq!(judge["ballot"]["number"], json!(0));
    assert_eq!(judge["ballot"]["votes"].as_array().unwrap().len(), 3);
    let resolution = json!({ "by": "eve", "data": "<Judge><k>7</k></Judge>" }).to_string();
    let early = site.post("/api/v1/work-items/c.1%3AA/review/resolve", &resolution);
    assert_eq!(code(&early), "no-person-asked");
    assert_eq!(code(&vote(&site, &judge, answer(2))), "done");
    assert_eq!(site.get("/api/v1/reviews").json()["items"], json!([]));
    assert_eq!(site.get("/api/v1/cases/c").json()["data"]["c"], json!("<Judged><k>2</k></Judged>"));
}

#[test]
fn a_person_settles_a_review_that_nobody_else_settles() {
    let site = Site::with(|_| {});
    let alone =
        JUDGED.replace(r#"ext:review-arbiter="judge""#, r#"ext:review-strategy="HUMAN_FALLBACK""#);
    site.ask("POST", "/api/v1/specifications", Some(("application/xml", &alone)));
    let agents: Vec<Value> = ["ann", "bob", "cem"]
        .iter()
        .map(|name| json!({ "agent": name, "capabilities": ["work"] }))
        .collect();
    site.post("/api/v1/agents", &json!({ "agents": agents }).to_string());
    let launch =
        json!({ "specification": "judged:1.0", "case": "c", "data": "<Judged><k>0</k></Judged>" });
    site.post("/api/v1/cases", &launch.to_string());
    let [ann, bob, cem] = ["ann", "bob", "cem"].map(|name| claimed(&site, name));
    for (item, k) in [(&ann, 1), (&bob, 1), (&cem, 3)] {
        assert_eq!(code(&vote(&site, item, answer(k))), "done");
    }
    let waits = site.get("/api/v1/reviews?phase=human-needed&limit=1").json();
    assert_eq!((&waits["items"][0]["item"], &waits["next"]), (&json!("c.1:A"), &Value::Null));
    let resolve =
        |body: Value| site.post("/api/v1/work-items/c.1%3AA/review/resolve", &body.to_string());
    let good = "<Judge><k>7</k></Judge>";
    assert_eq!(code(&resolve(json!({ "by": "", "data": good }))), "review-invalid");
    assert_eq!(code(&resolve(json!({ "by": "x".repeat(129), "data": good }))), "review-invalid");
    assert_eq!(code(&resolve(json!({ "by": "a\u{7}b", "data": good }))), "review-invalid");
    assert_eq!(code(&resolve(json!({ "by": "eve", "data": good, "why": 1 }))), "malformed-body");
    assert_eq!(
        code(&resolve(json!({ "by": "eve", "data": "<Judge><k>many</k></Judge>" }))),
        "data-invalid"
    );
    let settled = json!({ "by": "eve", "data": good, "command_id": "r-1" });
    assert_eq!(code(&resolve(settled.clone())), "done");
    assert_eq!(code(&resolve(settled)), "done");
    let history = site.get("/api/v1/cases/c/history?limit=1000").body;
    assert!(history.contains("AGENT_CONFLICT_ESCALATED_TO_HUMAN"), "{history}");
    assert_eq!(site.get("/api/v1/cases/c").json()["data"]["c"], json!("<Judged><k>7</k></Judged>"));
}

#[test]
fn a_ballot_is_renewed_given_back_and_handed_on_alone() {
    let site = site();
    let [ann, bob] = ["ann", "bob"].map(|name| claimed(&site, name));
    let renewal = json!({ "leases": [{ "item": "c.1:A", "epoch": ann["epoch"] }] });
    let renewed = site.post("/api/v1/leases/renew", &renewal.to_string()).json();
    assert_eq!(renewed["results"][0]["item"], json!("c.1:A"));
    let offer = |from: &str, epoch: &Value, to: &str| {
        let body = json!({ "from": from, "epoch": epoch, "to": to });
        site.post("/api/v1/work-items/c.1%3AA/hand-off", &body.to_string())
    };
    assert_eq!(code(&offer("ann", &bob["epoch"], "cem")), "wrong-holder");
    let accept = |token: &Value, agent: &str, epoch: u64| {
        let body = json!({ "token": token, "agent": agent, "epoch": epoch });
        site.post("/api/v1/hand-offs/accept", &body.to_string())
    };
    let to_bob = offer("ann", &ann["epoch"], "bob").json()["token"].clone();
    assert_eq!(code(&accept(&to_bob, "bob", 2)), "ballot-refused");
    let to_cem = offer("ann", &ann["epoch"], "cem").json()["token"].clone();
    let taken = accept(&to_cem, "cem", 3).json();
    assert_eq!(taken["ballot"]["number"], json!(1));
    assert_eq!(code(&vote(&site, &ann, answer(1))), "stale-epoch");
    assert_eq!(code(&vote(&site, &taken, answer(1))), "done");
    let returned = json!({ "items": [{ "item": "c.1:A", "epoch": bob["epoch"] }] });
    site.post("/api/v1/leases/return", &returned.to_string());
    let shown = review(&site);
    assert_eq!(
        (&shown["voted"], &shown["ballots"][0]["lease"]["standing"]),
        (&json!(1), &json!("free"))
    );
    // The one that waits longest.
    assert_eq!(claimed(&site, "bob")["ballot"]["number"], json!(3));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let site = site();
    let refused = |method: &str, path: &str, body: &str| {
        let body = (!body.is_empty()).then_some(("application/json", body));
        let answer = site.ask(method, path, body);
        format!("{} {}", answer.status, code(&answer))
    };
    let item = "/api/v1/work-items/c.1%3AA";
    assert_eq!(refused("POST", "/api/v1/work-items/c%3AA/checkout", ""), "409 ballot-needed");
    let ann = claimed(&site, "ann");
    let bare = r#"{"data":"<Judge><k>1</k></Judge>"}"#;
    assert_eq!(refused("POST", &format!("{item}/checkin"), bare), "409 ballot-needed");
    for confidence in ["-0.1", "1.01", "1e300"] {
        let body =
            format!(r#"{{"data":"<Judge><k>1</k></Judge>","epoch":1,"confidence":{confidence}}}"#);
        assert_eq!(
            refused("POST", &format!("{item}/checkin"), &body),
            "422 review-invalid",
            "{confidence}"
        );
        let batch = format!(r#"{{"results":[{{"item":"c.1:A",{}]}}"#, &body[1..]);
        let answer = site.post("/api/v1/work-items/checkin", &batch).json();
        assert_eq!(answer["results"][0]["problem"]["code"], json!("review-invalid"));
    }
    let text = r#"{"data":"<Judge/>","epoch":1,"confidence":"high"}"#;
    assert_eq!(refused("POST", &format!("{item}/checkin"), text), "400 malformed-body");
    assert_eq!(
        code(&vote(&site, &ann, json!({ "data": "<Judge><k>many</k></Judge>" }))),
        "data-invalid"
    );
    let long = "x".repeat(70_000);
    assert_eq!(code(&vote(&site, &ann, json!({ "reasoning": long }))), "done", "reasoning is cut");
    assert_eq!(review(&site)["votes"][0]["reasoning"].as_str().unwrap().len(), 512);
    assert_eq!(refused("GET", "/api/v1/reviews?phase=settled", ""), "400 malformed-query");
    assert_eq!(refused("GET", "/api/v1/reviews?limit=0", ""), "400 malformed-query");
    assert_eq!(refused("GET", "/api/v1/reviews?colour=red", ""), "400 malformed-query");
    assert_eq!(refused("GET", "/api/v1/work-items/nonsense/review", ""), "404 no-such-item");
    assert_eq!(refused("GET", "/api/v1/work-items/c%3AB/review", ""), "404 no-such-item");
    let resolution = r#"{"by":"eve","data":"<Judge/>"}"#;
    assert_eq!(
        refused("POST", "/api/v1/work-items/x.1%3AA/review/resolve", resolution),
        "404 no-such-case"
    );
    // A specification that asks for what cannot be is refused with the place.
    let wrong = JUDGED.replace(r#"ext:review="3""#, r#"ext:review="0""#).replace("judged", "wrong");
    let upload = site.ask("POST", "/api/v1/specifications", Some(("application/xml", &wrong)));
    assert_eq!((upload.status, code(&upload).as_str()), (422, "specification-invalid"));
    let finding = &upload.json()["findings"][0];
    assert_eq!(finding["element"], json!("decomposition:Judge"));
    assert_eq!(finding["remedy"], json!("correct the value"));
}
