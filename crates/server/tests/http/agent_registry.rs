//! The agent-registry service as the agents of existing deployments use it.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::{
    fleet::{register, search},
    site::{Answer, Site},
};

/// A site with the service.
fn site() -> Site {
    Site::with(|config| (config.registry, config.registry_port) = (true, 0))
}

fn ask(site: &Site, method: &str, path: &str, body: Option<&str>) -> Answer {
    let address = site.addresses.registry.expect("the service is on");
    site.ask_at(address, method, path, body.map(|body| ("application/json", body)))
}

/// Runs one request a line, `METHOD path [body]`, times blanked out.
#[track_caller]
fn check(site: &Site, script: &str, want: Expect) {
    let mut got = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (method, rest) = line.split_once(' ').unwrap();
        let (path, body) =
            rest.split_once(' ').map_or((rest, None), |(path, body)| (path, Some(body)));
        let answer = ask(site, method, path, body);
        let link = answer.header("link").map(|link| format!(" link {link}")).unwrap_or_default();
        let shown = match serde_json::from_str::<Value>(&answer.body) {
            Ok(mut value) => {
                blank(&mut value);
                value.to_string()
            }
            Err(_) => answer.body,
        };
        writeln!(got, "{method} {path}\n  {}{link} {shown}", answer.status).unwrap();
    }
    want.assert_eq(&got);
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if name == "lastHeartbeatMsAgo" { *field = json!("T") } else { blank(field) }
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(blank),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

const CARRIER: &str = r#"{"id":"carrier-1","name":"Carrier One","capabilities":["Carrier","Tracking"],"host":"10.0.0.7","port":8092,"metadata":{"zone":"a"}}"#;
const FREIGHT: &str = r#"{"id":"freight-1","name":"Freight","type":"MCP_CLIENT","capability":{"domainName":"Freight","description":"Quotes for carrier and rail"},"endpoint":null,"sessionId":"f00"}"#;

#[test]
fn agents_register_are_found_renewed_and_leave() {
    let site = site();
    check(
        &site,
        &format!(
            "POST /agents/register {CARRIER}
             POST /agents/register {FREIGHT}
             POST /agents/register {FREIGHT}
             GET /agents
             GET /agents?limit=1
             GET /agents?limit=1&after=carrier-1
             GET /agents/by-capability?domain=CARRIER
             GET /agents/by-capability?domain=freight
             GET /agents/by-capability?domain=tracking
             GET /agents/by-capability?domain=rack
             GET /agents/by-capability?domain=rail&limit=1
             GET /agents/freight-1
             POST /agents/freight-1/heartbeat
             DELETE /agents/freight-1
             DELETE /agents/freight-1
             POST /agents/freight-1/heartbeat
             GET /agents/freight-1"
        ),
        expect![[r#"
            POST /agents/register
              200 {"agentId":"carrier-1","status":"registered"}
            POST /agents/register
              200 {"agentId":"freight-1","status":"registered"}
            POST /agents/register
              200 {"agentId":"freight-1","status":"registered"}
            GET /agents
              200 [{"capabilities":["carrier","tracking"],"capability":{"description":"","domainName":"Carrier"},"endpoint":"http://10.0.0.7:8092","id":"carrier-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Carrier","zone":"a"},"name":"Carrier One","version":""},{"capabilities":["freight"],"capability":{"description":"Quotes for carrier and rail","domainName":"Freight"},"endpoint":null,"id":"freight-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Freight","type":"MCP_CLIENT"},"name":"Freight","version":""}]
            GET /agents?limit=1
              200 link </agents?after=carrier-1>; rel="next" [{"capabilities":["carrier","tracking"],"capability":{"description":"","domainName":"Carrier"},"endpoint":"http://10.0.0.7:8092","id":"carrier-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Carrier","zone":"a"},"name":"Carrier One","version":""}]
            GET /agents?limit=1&after=carrier-1
              200 [{"capabilities":["freight"],"capability":{"description":"Quotes for carrier and rail","domainName":"Freight"},"endpoint":null,"id":"freight-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Freight","type":"MCP_CLIENT"},"name":"Freight","version":""}]
            GET /agents/by-capability?domain=CARRIER
              200 [{"capabilities":["carrier","tracking"],"capability":{"description":"","domainName":"Carrier"},"endpoint":"http://10.0.0.7:8092","id":"carrier-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Carrier","zone":"a"},"name":"Carrier One","version":""},{"capabilities":["freight"],"capability":{"description":"Quotes for carrier and rail","domainName":"Freight"},"endpoint":null,"id":"freight-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Freight","type":"MCP_CLIENT"},"name":"Freight","version":""}]
            GET /agents/by-capability?domain=freight
              200 [{"capabilities":["freight"],"capability":{"description":"Quotes for carrier and rail","domainName":"Freight"},"endpoint":null,"id":"freight-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Freight","type":"MCP_CLIENT"},"name":"Freight","version":""}]
            GET /agents/by-capability?domain=tracking
              200 [{"capabilities":["carrier","tracking"],"capability":{"description":"","domainName":"Carrier"},"endpoint":"http://10.0.0.7:8092","id":"carrier-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Carrier","zone":"a"},"name":"Carrier One","version":""}]
            GET /agents/by-capability?domain=rack
              200 []
            GET /agents/by-capability?domain=rail&limit=1
              200 [{"capabilities":["freight"],"capability":{"description":"Quotes for carrier and rail","domainName":"Freight"},"endpoint":null,"id":"freight-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Freight","type":"MCP_CLIENT"},"name":"Freight","version":""}]
            GET /agents/freight-1
              200 {"capabilities":["freight"],"capability":{"description":"Quotes for carrier and rail","domainName":"Freight"},"endpoint":null,"id":"freight-1","lastHeartbeatMsAgo":"T","lifecycle":"INITIALIZING","liveness":"live","metadata":{"domainName":"Freight","type":"MCP_CLIENT"},"name":"Freight","version":""}
            POST /agents/freight-1/heartbeat
              200 {"agentId":"freight-1","status":"ok"}
            DELETE /agents/freight-1
              200 {"agentId":"freight-1","status":"unregistered"}
            DELETE /agents/freight-1
              404 {"code":"no-such-agent","detail":"no agent freight-1 is registered; POST /agents/register comes first","status":404,"title":"No such agent is registered","type":"urn:flotilla:problem:no-such-agent"}
            POST /agents/freight-1/heartbeat
              404 {"code":"no-such-agent","detail":"no agent freight-1 is registered; POST /agents/register comes first","status":404,"title":"No such agent is registered","type":"urn:flotilla:problem:no-such-agent"}
            GET /agents/freight-1
              404 {"code":"no-such-agent","detail":"no agent freight-1 is registered; POST /agents/register comes first","status":404,"title":"No such agent is registered","type":"urn:flotilla:problem:no-such-agent"}
        "#]],
    );
    assert_eq!(search(&site.node()), 1, "who registers is on the market, who leaves is not");
}

#[test]
fn each_agent_has_its_card_its_health_and_its_capacity() {
    let site = site();
    ask(&site, "POST", "/agents/register", Some(FREIGHT));
    site.run(register(&site.node(), &["host/42"]));
    check(
        &site,
        "GET /agents/freight-1/.well-known/agent.json
         GET /agents/freight-1/health
         GET /agents/freight-1/capacity
         POST /agents/freight-1/.well-known/agent.json
         DELETE /agents/freight-1/capacity
         GET /agents/host%2F42/.well-known/agent.json
         GET /agents/host%2F42/capacity
         GET /agents/nobody/.well-known/agent.json
         GET /agents/nobody/health
         GET /agents/nobody/capacity",
        expect![[r#"
            GET /agents/freight-1/.well-known/agent.json
              200 {"capabilities":{"domain":"Freight"},"description":"Quotes for carrier and rail","name":"Freight Agent","skills":[{"description":"Does work items of the domain Freight","id":"complete_work_item","name":"Complete work item"}],"url":null,"version":"1.0"}
            GET /agents/freight-1/health
              200 {"agent":"freight-1","lifecycle":"INITIALIZING","status":"ok"}
            GET /agents/freight-1/capacity
              200 {"available":true,"capacity":"normal","domain":"Freight"}
            POST /agents/freight-1/.well-known/agent.json
              405 {"code":"method-not-allowed","detail":"\"/agents/freight-1/.well-known/agent.json\" does not take POST; GET /api/v1/openapi.json lists what it takes","status":405,"title":"The path does not take this method","type":"urn:flotilla:problem:method-not-allowed"}
            DELETE /agents/freight-1/capacity
              405 {"code":"method-not-allowed","detail":"\"/agents/freight-1/capacity\" does not take DELETE; GET /api/v1/openapi.json lists what it takes","status":405,"title":"The path does not take this method","type":"urn:flotilla:problem:method-not-allowed"}
            GET /agents/host%2F42/.well-known/agent.json
              200 {"capabilities":{"domain":"answer"},"description":"","name":"answer Agent","skills":[{"description":"Does work items of the domain answer","id":"complete_work_item","name":"Complete work item"}],"url":null,"version":"1.0"}
            GET /agents/host%2F42/capacity
              200 {"available":true,"capacity":"normal","domain":"answer"}
            GET /agents/nobody/.well-known/agent.json
              404 {"code":"no-such-agent","detail":"no agent nobody is registered; POST /agents/register comes first","status":404,"title":"No such agent is registered","type":"urn:flotilla:problem:no-such-agent"}
            GET /agents/nobody/health
              404 {"code":"no-such-agent","detail":"no agent nobody is registered; POST /agents/register comes first","status":404,"title":"No such agent is registered","type":"urn:flotilla:problem:no-such-agent"}
            GET /agents/nobody/capacity
              404 {"code":"no-such-agent","detail":"no agent nobody is registered; POST /agents/register comes first","status":404,"title":"No such agent is registered","type":"urn:flotilla:problem:no-such-agent"}
        "#]],
    );
    let agents = vec!["freight-1".parse().unwrap()];
    site.run(site.node().registry(agents::registry::Command::Drain { agents })).unwrap();
    let drained = ask(&site, "GET", "/agents/freight-1/capacity", None).json();
    assert_eq!(drained, json!({ "domain": "Freight", "available": false, "capacity": "none" }));
}

#[test]
fn the_index_is_shown_and_made_anew() {
    let site = site();
    ask(&site, "POST", "/agents/register", Some(CARRIER));
    check(
        &site,
        "GET /health
         POST /resync-index
         GET /resync-index",
        expect![[r#"
            GET /health
              200 {"components":{"index":{"details":{"indexes":{"capability":{"depth_max":1,"entries":1,"keys":1},"latency":{"depth_max":1,"entries":1,"keys":1},"rank":{"depth_max":1,"entries":1,"keys":1}},"listings":1,"live":1,"offerings":1,"stale":0},"status":"UP"},"registry":{"details":{"live":1,"registered":1},"status":"UP"}},"status":"UP"}
            POST /resync-index
              200 {"index":{"indexes":{"capability":{"depth_max":1,"entries":1,"keys":1},"latency":{"depth_max":1,"entries":1,"keys":1},"rank":{"depth_max":1,"entries":1,"keys":1}},"listings":1,"live":1,"offerings":1,"stale":0},"repaired":[],"status":"resynced"}
            GET /resync-index
              405 {"code":"method-not-allowed","detail":"\"/resync-index\" does not take GET; GET /api/v1/openapi.json lists what it takes","status":405,"title":"The path does not take this method","type":"urn:flotilla:problem:method-not-allowed"}
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_refused_by_place() {
    let site = site();
    let long = "x".repeat(3_000);
    let many: Vec<String> = (0..65).map(|number| format!("c{number}")).collect();
    check(
        &site,
        &format!(
            r#"POST /agents/register {{"id":"a"}}
               POST /agents/register {{"id":"","capabilities":["x"]}}
               POST /agents/register {{"id":"a b","capabilities":["x"]}}
               POST /agents/register {{"id":"a","capabilities":["x"],"port":70000}}
               POST /agents/register {{"id":"a","capabilities":"x"}}
               POST /agents/register []
               POST /agents/register {{"id":"a","capability":{{"domainName":"x","description":"{long}"}}}}
               POST /agents/register {{"id":"a","capabilities":{}}}
               POST /agents/register"#,
            json!(many)
        ),
        expect![[r#"
            POST /agents/register
              400 {"code":"malformed-body","detail":"the agent can do nothing; name its capability.domainName, or capabilities","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /agents/register
              400 {"code":"malformed-body","detail":"id: the id of the agent is empty; change it","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /agents/register
              400 {"code":"malformed-body","detail":"id: the id of the agent has ' ', allowed are letters, digits and . _ : @ / -; change it","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /agents/register
              400 {"code":"malformed-body","detail":"port: invalid value: integer `70000`, expected u16 at line 1 column 43","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /agents/register
              400 {"code":"malformed-body","detail":"capabilities: invalid type: string \"x\", expected a sequence at line 1 column 28","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /agents/register
              400 {"code":"malformed-body","detail":"the body is no JSON object; send {...}","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /agents/register
              400 {"code":"malformed-body","detail":"capability.description: the text has 3000 bytes, at most 2048 are allowed; change it","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /agents/register
              400 {"code":"malformed-body","detail":"capabilities: 65 capabilities, at most 64 are allowed; change it","status":400,"title":"The body cannot be read","type":"urn:flotilla:problem:malformed-body"}
            POST /agents/register
              415 {"code":"unsupported-media-type","detail":"the content type is \"\"; send application/json","status":415,"title":"The body's content type is not taken here","type":"urn:flotilla:problem:unsupported-media-type"}
        "#]],
    );
    let text = site.ask_at(
        site.addresses.registry.unwrap(),
        "POST",
        "/agents/register",
        Some(("text/plain", CARRIER)),
    );
    assert_eq!(text.status, 415);
    assert_eq!(ask(&site, "GET", "/agents", None).json(), json!([]), "nobody was registered");
}

#[test]
fn what_is_not_there_is_told_so() {
    check(
        &site(),
        "GET /agents?limit=0
         GET /agents?limit=many
         GET /agents?colour=red
         GET /agents?domain=x
         GET /agents?after=%20
         GET /agents/by-capability
         GET /agents/a%20b
         GET /agents/register
         POST /agents
         PUT /agents/a
         GET /api/v1/cases
         GET /actuator/health",
        expect![[r#"
            GET /agents?limit=0
              400 {"code":"malformed-query","detail":"limit is 0, allowed are 1 to 1000","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /agents?limit=many
              400 {"code":"malformed-query","detail":"limit: invalid digit found in string","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /agents?colour=red
              400 {"code":"malformed-query","detail":"colour: unknown field `colour`, expected one of `after`, `limit`, `domain`","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /agents?domain=x
              400 {"code":"malformed-query","detail":"domain is a parameter of /agents/by-capability","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /agents?after=%20
              400 {"code":"malformed-query","detail":"after: the id of the agent has ' ', allowed are letters, digits and . _ : @ / -; pass what Link gave","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /agents/by-capability
              400 {"code":"malformed-query","detail":"domain is missing; ask for /agents/by-capability?domain=...","status":400,"title":"The query string cannot be read","type":"urn:flotilla:problem:malformed-query"}
            GET /agents/a%20b
              400 {"code":"malformed-path","detail":"the id of the agent has ' ', allowed are letters, digits and . _ : @ / -; this is no agent's id","status":400,"title":"A part of the path cannot be read","type":"urn:flotilla:problem:malformed-path"}
            GET /agents/register
              405 {"code":"method-not-allowed","detail":"\"/agents/register\" does not take GET; GET /api/v1/openapi.json lists what it takes","status":405,"title":"The path does not take this method","type":"urn:flotilla:problem:method-not-allowed"}
            POST /agents
              405 {"code":"method-not-allowed","detail":"\"/agents\" does not take POST; GET /api/v1/openapi.json lists what it takes","status":405,"title":"The path does not take this method","type":"urn:flotilla:problem:method-not-allowed"}
            PUT /agents/a
              405 {"code":"method-not-allowed","detail":"\"/agents/a\" does not take PUT; GET /api/v1/openapi.json lists what it takes","status":405,"title":"The path does not take this method","type":"urn:flotilla:problem:method-not-allowed"}
            GET /api/v1/cases
              404 {"code":"no-such-route","detail":"no route \"/api/v1/cases\"; GET /api/v1/openapi.json and docs/api.md list all","status":404,"title":"Nothing is served at this path","type":"urn:flotilla:problem:no-such-route"}
            GET /actuator/health
              404 {"code":"no-such-route","detail":"no route \"/actuator/health\"; GET /api/v1/openapi.json and docs/api.md list all","status":404,"title":"Nothing is served at this path","type":"urn:flotilla:problem:no-such-route"}
        "#]],
    );
}

#[test]
fn the_service_is_off_where_nobody_asks_for_it() {
    assert_eq!(Site::new().addresses.registry, None);
}
