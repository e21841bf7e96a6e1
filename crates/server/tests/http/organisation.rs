//! Participants, roles, positions and groups over HTTP.

use expect_test::expect;
use serde_json::json;

use crate::site::Site;

#[test]
fn an_organisation_is_built_and_read() {
    Site::new().check(
        r#"PUT /api/v1/roles/staff {"name":"Staff"}
           PUT /api/v1/roles/clerk {"name":"Clerks","above":"staff"}
           PUT /api/v1/groups/firm {}
           PUT /api/v1/groups/claims {"name":"Claims","above":"firm"}
           PUT /api/v1/positions/head {"group":"claims"}
           PUT /api/v1/participants/ann {"name":"Ann","roles":["clerk"],"positions":["head"],"capabilities":["English"],"privileges":["canChainExecution"],"cost_per_hour":25000000}
           PUT /api/v1/participants/bot%3A1 {"kind":"agent","login":"robot"}
           PUT /api/v1/participants/bot%3A1 {"kind":"agent","login":"robot","available":false}
           GET /api/v1/participants
           GET /api/v1/participants?limit=1
           GET /api/v1/participants?limit=1&after=ann
           GET /api/v1/participants/ann
           GET /api/v1/roles
           GET /api/v1/roles/clerk
           GET /api/v1/positions
           GET /api/v1/positions/head
           GET /api/v1/groups
           GET /api/v1/groups/claims"#,
        expect![[r#"
            PUT /api/v1/roles/staff
              200 {"name":"Staff","role":"staff"}
            PUT /api/v1/roles/clerk
              200 {"above":"staff","name":"Clerks","role":"clerk"}
            PUT /api/v1/groups/firm
              200 {"group":"firm","name":""}
            PUT /api/v1/groups/claims
              200 {"above":"firm","group":"claims","name":"Claims"}
            PUT /api/v1/positions/head
              200 {"group":"claims","name":"","position":"head"}
            PUT /api/v1/participants/ann
              200 {"available":true,"capabilities":["english"],"cost_per_hour":25000000,"kind":"person","login":"ann","name":"Ann","participant":"ann","positions":["head"],"privileges":["canChainExecution"],"roles":["clerk"]}
            PUT /api/v1/participants/bot%3A1
              200 {"available":true,"capabilities":[],"kind":"agent","login":"robot","name":"","participant":"bot:1","positions":[],"privileges":[],"roles":[]}
            PUT /api/v1/participants/bot%3A1
              200 {"available":false,"capabilities":[],"kind":"agent","login":"robot","name":"","participant":"bot:1","positions":[],"privileges":[],"roles":[]}
            GET /api/v1/participants
              200 {"items":[{"available":true,"capabilities":["english"],"cost_per_hour":25000000,"kind":"person","login":"ann","name":"Ann","participant":"ann","positions":["head"],"privileges":["canChainExecution"],"roles":["clerk"]},{"available":false,"capabilities":[],"kind":"agent","login":"robot","name":"","participant":"bot:1","positions":[],"privileges":[],"roles":[]}],"next":null}
            GET /api/v1/participants?limit=1
              200 {"items":[{"available":true,"capabilities":["english"],"cost_per_hour":25000000,"kind":"person","login":"ann","name":"Ann","participant":"ann","positions":["head"],"privileges":["canChainExecution"],"roles":["clerk"]}],"next":"ann"}
            GET /api/v1/participants?limit=1&after=ann
              200 {"items":[{"available":false,"capabilities":[],"kind":"agent","login":"robot","name":"","participant":"bot:1","positions":[],"privileges":[],"roles":[]}],"next":null}
            GET /api/v1/participants/ann
              200 {"available":true,"capabilities":["english"],"cost_per_hour":25000000,"kind":"person","login":"ann","name":"Ann","participant":"ann","positions":["head"],"privileges":["canChainExecution"],"roles":["clerk"]}
            GET /api/v1/roles
              200 {"items":[{"above":"staff","name":"Clerks","role":"clerk"},{"name":"Staff","role":"staff"}],"next":null}
            GET /api/v1/roles/clerk
              200 {"above":"staff","name":"Clerks","role":"clerk"}
            GET /api/v1/positions
              200 {"items":[{"group":"claims","name":"","position":"head"}],"next":null}
            GET /api/v1/positions/head
              200 {"group":"claims","name":"","position":"head"}
            GET /api/v1/groups
              200 {"items":[{"above":"firm","group":"claims","name":"Claims"},{"group":"firm","name":""}],"next":null}
            GET /api/v1/groups/claims
              200 {"above":"firm","group":"claims","name":"Claims"}
        "#]],
    );
}

#[test]
fn an_organisation_is_taken_apart_from_those_who_name_to_those_who_are_named() {
    let site = Site::new();
    for (path, body) in [
        ("roles/staff", "{}"),
        ("roles/clerk", r#"{"above":"staff"}"#),
        ("groups/claims", "{}"),
        ("positions/head", r#"{"group":"claims"}"#),
        ("participants/ann", r#"{"roles":["clerk"],"positions":["head"]}"#),
    ] {
        let path = format!("/api/v1/{path}");
        assert_eq!(site.ask("PUT", &path, Some(("application/json", body))).status, 200);
    }
    site.check(
        r#"DELETE /api/v1/roles/clerk
           DELETE /api/v1/positions/head
           DELETE /api/v1/groups/claims
           DELETE /api/v1/participants/ann
           DELETE /api/v1/participants/ann
           DELETE /api/v1/roles/clerk
           DELETE /api/v1/positions/head
           DELETE /api/v1/groups/claims
           GET /api/v1/roles"#,
        expect![[r#"
            DELETE /api/v1/roles/clerk
              409 {"code":"organisation-in-use","detail":"role clerk is named by participant ann","status":409,"title":"Something else names it","type":"urn:flotilla:problem:organisation-in-use"}
            DELETE /api/v1/positions/head
              409 {"code":"organisation-in-use","detail":"position head is named by participant ann","status":409,"title":"Something else names it","type":"urn:flotilla:problem:organisation-in-use"}
            DELETE /api/v1/groups/claims
              409 {"code":"organisation-in-use","detail":"group claims is named by position head","status":409,"title":"Something else names it","type":"urn:flotilla:problem:organisation-in-use"}
            DELETE /api/v1/participants/ann
              204 
            DELETE /api/v1/participants/ann
              404 {"code":"not-in-organisation","detail":"the organisation has no participant \"ann\"","status":404,"title":"No such participant, role, position or group","type":"urn:flotilla:problem:not-in-organisation"}
            DELETE /api/v1/roles/clerk
              204 
            DELETE /api/v1/positions/head
              204 
            DELETE /api/v1/groups/claims
              204 
            GET /api/v1/roles
              200 {"items":[{"name":"","role":"staff"}],"next":null}
        "#]],
    );
}

#[test]
fn what_cannot_be_is_refused_with_place_and_remedy() {
    Site::new().check(
        r#"GET /api/v1/participants/nobody
           GET /api/v1/roles/nothing
           PUT /api/v1/participants/a%2Cb {}
           PUT /api/v1/participants/%20 {}
           PUT /api/v1/participants/ann {"roles":["clerk"]}
           PUT /api/v1/participants/ann {"privileges":["canFly"]}
           PUT /api/v1/participants/ann {"capabilities":[""]}
           PUT /api/v1/participants/ann {"kind":"ghost"}
           PUT /api/v1/participants/ann {"rolls":[]}
           PUT /api/v1/participants/ann []
           PUT /api/v1/roles/clerk {"above":"clerk"}
           PUT /api/v1/roles/clerk {"above":"staff"}
           PUT /api/v1/positions/head {"group":"firm"}
           PUT /api/v1/participants/ann {"login":"a"}
           PUT /api/v1/participants/bob {"login":"a"}
           GET /api/v1/participants?limit=0
           GET /api/v1/participants?after=a%2Cb
           GET /api/v1/participants?before=a
           POST /api/v1/participants {}"#,
        expect![[r#"
            GET /api/v1/participants/nobody
              404 {"code":"not-in-organisation","detail":"the organisation has no participant \"nobody\"","status":404,"title":"No such participant, role, position or group","type":"urn:flotilla:problem:not-in-organisation"}
            GET /api/v1/roles/nothing
              404 {"code":"not-in-organisation","detail":"the organisation has no role \"nothing\"","status":404,"title":"No such participant, role, position or group","type":"urn:flotilla:problem:not-in-organisation"}
            PUT /api/v1/participants/a%2Cb
              400 {"code":"not-a-name","detail":"the id of the participant has ',', allowed are anything but control characters and commas","status":400,"title":"The text is no name","type":"urn:flotilla:problem:not-a-name"}
            PUT /api/v1/participants/%20
              400 {"code":"not-a-name","detail":"the id of the participant is empty","status":400,"title":"The text is no name","type":"urn:flotilla:problem:not-a-name"}
            PUT /api/v1/participants/ann
              422 {"code":"unknown-in-organisation","detail":"role clerk is not known","status":422,"title":"What is named is not in the organisation","type":"urn:flotilla:problem:unknown-in-organisation"}
            PUT /api/v1/participants/ann
              422 {"code":"entry-invalid","detail":"no privilege is \"canFly\"; use one of canChooseItemToStart, canStartConcurrent, canReorder, canViewTeamItems, canViewOrgGroupItems, canChainExecution, canManageCases","status":422,"title":"What is said of the entry cannot be taken","type":"urn:flotilla:problem:entry-invalid"}
            PUT /api/v1/participants/ann
              400 {"code":"not-a-capability","detail":"the capability is empty","status":400,"title":"The text is no capability","type":"urn:flotilla:problem:not-a-capability"}
            PUT /api/v1/participants/ann
              400 {"code":"malformed-body","detail":"kind: unknown variant `ghost`, expected `person` or `agent` at line 1 column 15","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            PUT /api/v1/participants/ann
              400 {"code":"malformed-body","detail":"rolls: unknown field `rolls`, expected one of `kind`, `name`, `login`, `roles`, `positions`, `capabilities`, `privileges`, `available`, `cost_per_hour` at line 1 column 8","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            PUT /api/v1/participants/ann
              400 {"code":"malformed-body","detail":"the body is no JSON object; send {...}","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            PUT /api/v1/roles/clerk
              422 {"code":"organisation-circle","detail":"role clerk would stand above itself","status":422,"title":"It would stand above itself","type":"urn:flotilla:problem:organisation-circle"}
            PUT /api/v1/roles/clerk
              422 {"code":"unknown-in-organisation","detail":"role staff is not known","status":422,"title":"What is named is not in the organisation","type":"urn:flotilla:problem:unknown-in-organisation"}
            PUT /api/v1/positions/head
              422 {"code":"unknown-in-organisation","detail":"group firm is not known","status":422,"title":"What is named is not in the organisation","type":"urn:flotilla:problem:unknown-in-organisation"}
            PUT /api/v1/participants/ann
              200 {"available":true,"capabilities":[],"kind":"person","login":"a","name":"","participant":"ann","positions":[],"privileges":[],"roles":[]}
            PUT /api/v1/participants/bob
              409 {"code":"login-taken","detail":"the login \"a\" is that of participant ann","status":409,"title":"The login is another participant's","type":"urn:flotilla:problem:login-taken"}
            GET /api/v1/participants?limit=0
              400 {"code":"malformed-query","detail":"limit is 0, allowed are 1 to 1000; ask for more pages","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /api/v1/participants?after=a%2Cb
              400 {"code":"not-a-name","detail":"the id of the participant has ',', allowed are anything but control characters and commas","status":400,"title":"The text is no name","type":"urn:flotilla:problem:not-a-name"}
            GET /api/v1/participants?before=a
              400 {"code":"malformed-query","detail":"before: unknown field `before`, expected `after` or `limit`","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            POST /api/v1/participants
              405 {"code":"method-not-allowed","detail":"\"/api/v1/participants\" does not take POST; GET /api/v1/openapi.json lists what it takes","status":405,"title":"The path does not take this method","type":"urn:flotilla:problem:method-not-allowed"}
        "#]],
    );
}

#[test]
fn lists_and_texts_have_limits() {
    let site = Site::new();
    let many: Vec<String> = (0..201).map(|index| format!("c{index}")).collect();
    let put = |body: serde_json::Value| {
        let body = body.to_string();
        let answer = site.ask("PUT", "/api/v1/participants/ann", Some(("application/json", &body)));
        (answer.status, answer.json()["code"].as_str().unwrap_or("done").to_owned())
    };
    assert_eq!(put(json!({ "capabilities": many })), (422, "entry-invalid".to_owned()));
    assert_eq!(put(json!({ "name": "x".repeat(257) })), (422, "entry-invalid".to_owned()));
    assert_eq!(put(json!({ "name": "x".repeat(256) })), (200, "done".to_owned()));
    let long = format!("/api/v1/roles/{}", "x".repeat(129));
    let answer = site.ask("PUT", &long, Some(("application/json", "{}")));
    assert_eq!(answer.json()["code"], "not-a-name");
}
