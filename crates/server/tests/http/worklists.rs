//! Worklists over HTTP: the example `expenses`, from one participant to the next.

use expect_test::expect;
use serde_json::{Value, json};

use crate::site::Site;

const EXPENSES: &str = include_str!("../../../../examples/expenses.yawl");

/// A site with the example, its roles, the employees emil and mia, who is a manager too, the manager max, the
/// accountant anton, and the agent `auditor:1`.
fn with_people() -> Site {
    let site = Site::new();
    let loaded = site.ask("POST", "/api/v1/specifications", Some(("application/xml", EXPENSES)));
    assert_eq!(loaded.status, 201, "{}", loaded.body);
    for role in ["employee", "manager", "accountant", "auditor"] {
        put(&site, &format!("/api/v1/roles/{role}"), &json!({}));
    }
    let people = [
        ("emil", vec!["employee"]),
        ("mia", vec!["employee", "manager"]),
        ("max", vec!["manager"]),
        ("anton", vec!["accountant", "manager"]),
    ];
    for (name, roles) in people {
        let entry = json!({ "roles": roles, "privileges": ["canStartConcurrent"] });
        put(&site, &format!("/api/v1/participants/{name}"), &entry);
    }
    put(
        &site,
        "/api/v1/participants/auditor%3A1",
        &json!({ "kind": "agent", "roles": ["auditor"] }),
    );
    let agents = json!({ "agents": [{ "agent": "auditor:1", "capabilities": ["receipts"] }] });
    site.post("/api/v1/agents", &agents.to_string());
    site
}

fn put(site: &Site, path: &str, body: &Value) {
    let answer = site.ask("PUT", path, Some(("application/json", &body.to_string())));
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[test]
fn expenses_are_filed_by_one_of_many_and_checked_by_an_agent() {
    let site = with_people();
    site.check(
        r#"POST /api/v1/cases {"specification":"UID_flotilla_expenses:1.0"}
           GET /api/v1/participants/emil/worklist
           GET /api/v1/participants/max/worklist
           POST /api/v1/participants/max/worklist/1%3AFile {"action":"accept"}
           POST /api/v1/participants/mia/worklist/1%3AFile {"action":"accept"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"accept"}
           POST /api/v1/participants/mia/worklist/1%3AFile {"action":"delegate","to":"emil"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"start"}
           POST /api/v1/work-items/1.1%3AFile/checkin {"data":"<File><Purpose>A train</Purpose><Amount>40</Amount></File>"}
           GET /api/v1/participants/auditor%3A1/worklist?queue=started
           POST /api/v1/work-items/1.2%3ACheck/checkin {"data":"<Check><Findings>all there</Findings></Check>"}
           GET /api/v1/worklist"#,
        expect![[r#"
            POST /api/v1/cases
              201 {"case":"1","launched_at":"T","specification":"UID_flotilla_expenses:1.0","status":"running"}
            GET /api/v1/participants/emil/worklist
              200 {"items":[{"case":"1","enabled_at":"T","item":"1:File","lease":null,"number":0,"participants":["emil","mia"],"queue":"offered","reason":null,"specification":"UID_flotilla_expenses:1.0","started_at":null,"status":"Enabled","task":"File","task_name":"File expenses"}],"next":null}
            GET /api/v1/participants/max/worklist
              200 {"items":[],"next":null}
            POST /api/v1/participants/max/worklist/1%3AFile
              403 {"code":"not-offered","detail":"item 1:File is not offered to max","status":403,"title":"The work item is not offered to the participant","type":"urn:flotilla:problem:not-offered"}
            POST /api/v1/participants/mia/worklist/1%3AFile
              200 {"data":null,"epoch":null,"item":"1:File"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              409 {"code":"not-holder","detail":"item 1:File is mia's, not emil's","status":409,"title":"Another participant has the work item","type":"urn:flotilla:problem:not-holder"}
            POST /api/v1/participants/mia/worklist/1%3AFile
              200 {"data":null,"epoch":null,"item":"1:File"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              200 {"data":"<File></File>","epoch":null,"item":"1.1:File"}
            POST /api/v1/work-items/1.1%3AFile/checkin
              200 {"item":"1.1:File"}
            GET /api/v1/participants/auditor%3A1/worklist?queue=started
              200 {"items":[{"case":"1","enabled_at":"T","item":"1.2:Check","lease":{"attempts":0,"epoch":6,"holder":"auditor:1","standing":"held"},"number":1,"participants":["auditor:1"],"queue":"started","reason":null,"specification":"UID_flotilla_expenses:1.0","started_at":"T","status":"Executing","task":"Check","task_name":"Check receipts"}],"next":null}
            POST /api/v1/work-items/1.2%3ACheck/checkin
              409 {"code":"lease-held","detail":"work item 1.2:Check: it is held by auditor:1 under epoch 6","status":409,"title":"An agent holds the work item","type":"urn:flotilla:problem:lease-held"}
            GET /api/v1/worklist
              200 {"items":[{"case":"1","enabled_at":"T","item":"1.2:Check","lease":{"attempts":0,"epoch":6,"holder":"auditor:1","standing":"held"},"number":1,"participants":["auditor:1"],"queue":"started","reason":null,"specification":"UID_flotilla_expenses:1.0","started_at":"T","status":"Executing","task":"Check","task_name":"Check receipts"}],"next":null}
        "#]],
    );
}

/// One case of which expenses are filed by emil and checked.
fn checked() -> Site {
    let site = with_people();
    let post = |path: &str, body: &str| {
        let answer = site.post(&format!("/api/v1/{path}"), body);
        assert!(answer.status < 300, "{}", answer.body);
    };
    post("cases", r#"{"specification":"UID_flotilla_expenses:1.0"}"#);
    post("participants/emil/worklist/1%3AFile", r#"{"action":"accept"}"#);
    post("participants/emil/worklist/1%3AFile", r#"{"action":"start"}"#);
    let filed = "<File><Purpose>A train</Purpose><Amount>40</Amount></File>";
    post("work-items/1.1%3AFile/checkin", &json!({ "data": filed }).to_string());
    let held = site.get("/api/v1/participants/auditor%3A1/worklist").json();
    let epoch = &held["items"][0]["lease"]["epoch"];
    let data = "<Check><Findings>all there</Findings></Check>";
    post("work-items/1.2%3ACheck/checkin", &json!({ "data": data, "epoch": epoch }).to_string());
    site
}

#[test]
fn expenses_are_approved_and_paid_by_others_and_acknowledged_by_who_filed_them() {
    checked().check(
        r#"GET /api/v1/worklist
           POST /api/v1/participants/max/worklist/1%3AApprove {"action":"accept"}
           POST /api/v1/participants/max/worklist/1%3AApprove {"action":"deallocate"}
           POST /api/v1/participants/max/worklist/1%3AApprove {"action":"accept"}
           POST /api/v1/participants/anton/worklist/1%3AApprove {"action":"accept"}
           POST /api/v1/participants/anton/worklist/1%3AApprove {"action":"start"}
           POST /api/v1/work-items/1.3%3AApprove/checkin {"data":"<Approve><Approved>true</Approved></Approve>"}
           GET /api/v1/worklist
           POST /api/v1/worklist/1%3APay {"action":"allocate","to":"max"}
           GET /api/v1/worklist/1%3APay
           POST /api/v1/worklist/1%3APay {"action":"start","to":"anton"}
           POST /api/v1/work-items/1.4%3APay/checkin {"data":"<Pay><Paid>40</Paid></Pay>"}
           GET /api/v1/worklist
           GET /api/v1/worklist?queue=allocated"#,
        expect![[r#"
            GET /api/v1/worklist
              200 {"items":[{"case":"1","enabled_at":"T","item":"1:Approve","lease":null,"number":2,"participants":["anton","max","mia"],"queue":"offered","reason":null,"specification":"UID_flotilla_expenses:1.0","started_at":null,"status":"Enabled","task":"Approve","task_name":"Approve expenses"}],"next":null}
            POST /api/v1/participants/max/worklist/1%3AApprove
              200 {"data":null,"epoch":null,"item":"1:Approve"}
            POST /api/v1/participants/max/worklist/1%3AApprove
              200 {"data":null,"epoch":null,"item":"1:Approve"}
            POST /api/v1/participants/max/worklist/1%3AApprove
              403 {"code":"not-offered","detail":"item 1:Approve is not offered to max","status":403,"title":"The work item is not offered to the participant","type":"urn:flotilla:problem:not-offered"}
            POST /api/v1/participants/anton/worklist/1%3AApprove
              200 {"data":null,"epoch":null,"item":"1:Approve"}
            POST /api/v1/participants/anton/worklist/1%3AApprove
              200 {"data":"<Approve><Purpose>A train</Purpose><Amount>40</Amount><Findings>all there</Findings></Approve>","epoch":null,"item":"1.3:Approve"}
            POST /api/v1/work-items/1.3%3AApprove/checkin
              200 {"item":"1.3:Approve"}
            GET /api/v1/worklist
              200 {"items":[{"case":"1","enabled_at":"T","item":"1:Pay","lease":null,"number":3,"participants":[],"queue":"unoffered","reason":"nobody-named","specification":"UID_flotilla_expenses:1.0","started_at":null,"status":"Enabled","task":"Pay","task_name":"Pay expenses"}],"next":null}
            POST /api/v1/worklist/1%3APay
              200 {"data":null,"epoch":null,"item":"1:Pay"}
            GET /api/v1/worklist/1%3APay
              200 {"case":"1","deallocated_by":[],"enabled_at":"T","item":"1:Pay","lease":null,"number":3,"participants":["max"],"privileges":[{"all":true,"name":"canSuspend","participants":[],"roles":[]},{"all":true,"name":"canDeallocate","participants":[],"roles":[]},{"all":false,"name":"canDelegate","participants":[],"roles":["manager"]},{"all":false,"name":"canPile","participants":[],"roles":["accountant"]}],"queue":"allocated","reason":null,"secondary":{"categories":[{"name":"Bank access","subcategory":"Online"}],"participants":[],"resources":["Stamp of the company"],"roles":["auditor"]},"specification":"UID_flotilla_expenses:1.0","started_at":null,"status":"Enabled","task":"Pay","task_name":"Pay expenses"}
            POST /api/v1/worklist/1%3APay
              200 {"data":"<Pay><Amount>40</Amount><Approved>true</Approved></Pay>","epoch":null,"item":"1.4:Pay"}
            POST /api/v1/work-items/1.4%3APay/checkin
              200 {"item":"1.4:Pay"}
            GET /api/v1/worklist
              200 {"items":[{"case":"1","enabled_at":"T","item":"1:Acknowledge","lease":null,"number":4,"participants":["emil"],"queue":"offered","reason":null,"specification":"UID_flotilla_expenses:1.0","started_at":null,"status":"Enabled","task":"Acknowledge","task_name":"Acknowledge payment"}],"next":null}
            GET /api/v1/worklist?queue=allocated
              200 {"items":[],"next":null}
        "#]],
    );
}

#[test]
fn what_a_participant_cannot_do_is_refused_with_a_reason() {
    with_people().check(
        r#"POST /api/v1/cases {"specification":"UID_flotilla_expenses:1.0"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"start"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"pile"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"accept"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"pile"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"chain"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"delegate","to":"nobody"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"delegate"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"fly"}
           POST /api/v1/participants/emil/worklist/1%3AFile {"action":"accept","to":"mia"}
           POST /api/v1/participants/emil/worklist/1%3AFile {}
           POST /api/v1/participants/a%2Cb/worklist/1%3AFile {"action":"accept"}
           POST /api/v1/participants/emil/worklist/1%3APay {"action":"accept"}
           POST /api/v1/participants/emil/worklist/9%3AFile {"action":"accept"}
           POST /api/v1/participants/emil/worklist/nothing {"action":"accept"}"#,
        expect![[r#"
            POST /api/v1/cases
              201 {"case":"1","launched_at":"T","specification":"UID_flotilla_expenses:1.0","status":"running"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              409 {"code":"wrong-queue","detail":"item 1:File is Offered","status":409,"title":"The work item stands in another queue","type":"urn:flotilla:problem:wrong-queue"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              409 {"code":"wrong-queue","detail":"item 1:File is Offered","status":409,"title":"The work item stands in another queue","type":"urn:flotilla:problem:wrong-queue"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              200 {"data":null,"epoch":null,"item":"1:File"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              403 {"code":"no-privilege","detail":"emil has not the privilege canPile","status":403,"title":"The participant may not do this","type":"urn:flotilla:problem:no-privilege"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              403 {"code":"no-privilege","detail":"emil has not the privilege canChainExecution","status":403,"title":"The participant may not do this","type":"urn:flotilla:problem:no-privilege"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              403 {"code":"no-privilege","detail":"emil has not the privilege canDelegate","status":403,"title":"The participant may not do this","type":"urn:flotilla:problem:no-privilege"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              400 {"code":"malformed-body","detail":"missing field `to`","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              400 {"code":"malformed-body","detail":"action: unknown variant `fly`, expected one of `accept`, `start`, `deallocate`, `delegate`, `reallocate-stateless`, `reallocate-stateful`, `suspend`, `resume`, `skip`, `pile`, `chain` at line 1 column 15","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              400 {"code":"malformed-body","detail":"unknown field `to`, there are no fields","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /api/v1/participants/emil/worklist/1%3AFile
              400 {"code":"malformed-body","detail":"missing field `action` at line 1 column 2","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /api/v1/participants/a%2Cb/worklist/1%3AFile
              400 {"code":"not-a-name","detail":"the id of the participant has ',', allowed are anything but control characters and commas","status":400,"title":"The text is no name","type":"urn:flotilla:problem:not-a-name"}
            POST /api/v1/participants/emil/worklist/1%3APay
              404 {"code":"not-in-worklist","detail":"item 1:Pay is in no queue","status":404,"title":"No participant is asked to do the work item","type":"urn:flotilla:problem:not-in-worklist"}
            POST /api/v1/participants/emil/worklist/9%3AFile
              404 {"code":"no-such-case","detail":"no case 9","status":404,"title":"No such case","type":"urn:flotilla:problem:no-such-case"}
            POST /api/v1/participants/emil/worklist/nothing
              404 {"code":"no-such-item","detail":"no work item nothing","status":404,"title":"No such work item","type":"urn:flotilla:problem:no-such-item"}
        "#]],
    );
}

#[test]
fn what_an_administrator_or_a_reader_cannot_do_is_refused_with_a_reason() {
    with_people().check(
        r#"POST /api/v1/cases {"specification":"UID_flotilla_expenses:1.0"}
           POST /api/v1/worklist/1%3AFile {"action":"offer","to":[]}
           POST /api/v1/worklist/1%3AFile {"action":"offer","to":["nobody"]}
           POST /api/v1/worklist/1%3AFile {"action":"accept"}
           POST /api/v1/participants/emil/unpile {"specification":"UID_flotilla_expenses:1.0","task":"File"}
           POST /api/v1/participants/emil/unchain {"case":"1"}
           POST /api/v1/participants/emil/unchain {"case":"no case"}
           GET /api/v1/worklist/2%3AFile
           GET /api/v1/worklist?queue=lost
           GET /api/v1/worklist?after=first
           GET /api/v1/participants/emil/worklist?limit=1001
           GET /api/v1/participants/stranger/worklist"#,
        expect![[r#"
            POST /api/v1/cases
              201 {"case":"1","launched_at":"T","specification":"UID_flotilla_expenses:1.0","status":"running"}
            POST /api/v1/worklist/1%3AFile
              422 {"code":"offer-invalid","detail":"nobody was named to offer item 1:File to","status":422,"title":"The work item is offered to nobody or to too many","type":"urn:flotilla:problem:offer-invalid"}
            POST /api/v1/worklist/1%3AFile
              409 {"code":"participant-not-available","detail":"nobody is not known or cannot be given work now","status":409,"title":"The participant cannot be given work now","type":"urn:flotilla:problem:participant-not-available"}
            POST /api/v1/worklist/1%3AFile
              400 {"code":"malformed-body","detail":"action: unknown variant `accept`, expected one of `offer`, `allocate`, `start`, `redistribute` at line 1 column 18","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /api/v1/participants/emil/unpile
              204 
            POST /api/v1/participants/emil/unchain
              204 
            POST /api/v1/participants/emil/unchain
              400 {"code":"not-a-case-id","detail":"\"no case\" is no case id: use 1 to 128 letters, digits, `_` or `-`","status":400,"title":"The text is no case id","type":"urn:flotilla:problem:not-a-case-id"}
            GET /api/v1/worklist/2%3AFile
              404 {"code":"not-in-worklist","detail":"item 2:File is in no queue","status":404,"title":"No participant is asked to do the work item","type":"urn:flotilla:problem:not-in-worklist"}
            GET /api/v1/worklist?queue=lost
              400 {"code":"malformed-query","detail":"no queue is \"lost\"; use one of unoffered, offered, allocated, started, suspended","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /api/v1/worklist?after=first
              400 {"code":"malformed-query","detail":"after is no number; give the next of the page before","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /api/v1/participants/emil/worklist?limit=1001
              400 {"code":"malformed-query","detail":"limit is 1001, allowed are 1 to 1000; ask for more pages","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /api/v1/participants/stranger/worklist
              200 {"items":[],"next":null}
        "#]],
    );
}

#[test]
fn lists_are_paged_and_an_item_that_participants_have_is_no_claim() {
    let site = with_people();
    for _ in 0..5 {
        site.post("/api/v1/cases", r#"{"specification":"UID_flotilla_expenses:1.0"}"#);
    }
    let (mut seen, mut path) = (Vec::new(), "/api/v1/worklist?limit=2".to_owned());
    loop {
        let page = site.get(&path).json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["item"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/worklist?limit=2&after={next}");
    }
    assert_eq!(seen, ["1:File", "2:File", "3:File", "4:File", "5:File"]);
    let page = site.get("/api/v1/participants/mia/worklist?limit=3").json();
    let rest =
        format!("/api/v1/participants/mia/worklist?after={}", page["next"].as_str().unwrap());
    assert_eq!(site.get(&rest).json()["items"].as_array().unwrap().len(), 2);
    let agents = json!({ "agents": [{ "agent": "filer", "capabilities": ["File"] }] });
    let epoch = site.post("/api/v1/agents", &agents.to_string()).json();
    let epoch = &epoch["results"][0]["epoch"];
    let claim = json!({ "agent": "filer", "epoch": epoch, "max": 5 }).to_string();
    let claimed = site.post("/api/v1/claims", &claim).json();
    assert_eq!(claimed["items"], json!([]), "{claimed}");
}
