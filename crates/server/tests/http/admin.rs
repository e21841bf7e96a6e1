//! What operators can do, and who may.

use agents::registry::Command;
use expect_test::expect;
use server::config::Secret;

use crate::{
    fleet::{claim, register},
    site::Site,
};

#[test]
fn stats_and_health_tell_how_discovery_fares() {
    let site = Site::new();
    let node = site.node();
    site.run(register(&node, &["ann"]));
    site.run(claim(&node, "ann", 0));
    site.run(claim(&node, "ann", 0));
    let management = site.addresses.management;
    let health = site.ask_at(management, "GET", "/actuator/health/discovery", None);
    assert_eq!(health.status, 200);
    site.check(
        "GET /yawl/admin/stats
         GET /actuator/health/discovery
         POST /yawl/resilience/discovery/reset
         GET /actuator/health/discovery
         GET /yawl/resilience/discovery/reset
         POST /yawl/admin/stats",
        expect![[r#"
            GET /yawl/admin/stats
              200 {"agents":{"live":1,"registered":1,"states":{"DISCOVERING":0,"INITIALIZING":1,"PROCESSING":0,"STOPPED":0,"STOPPING":0}},"cases":{"active":0,"created":0,"ended":0},"discovery":{"agents_in_backoff":1,"attempts":{"no_work":2,"success":0,"timeout":0},"backoff_level":1.0,"circuit_breaker":"CLOSED","circuit_breakers":[{"class":"test","failures":0,"state":"CLOSED"}],"claims":0,"demand":[],"empty_results_in_a_row":2.0,"polling_load_reduction_percent":50.0,"waiting":0}}
            GET /actuator/health/discovery
              200 {"components":{"discovery-backoff":{"details":{"agents_in_backoff":1,"attempts":{"no_work":2,"success":0,"timeout":0},"backoff_level":1.0,"circuit_breaker":"CLOSED","circuit_breakers":[{"class":"test","failures":0,"state":"CLOSED"}],"claims":0,"demand":[],"empty_results_in_a_row":2.0,"polling_load_reduction_percent":50.0,"waiting":0},"status":"UP"}},"status":"UP"}
            POST /yawl/resilience/discovery/reset
              200 {"circuit_breaker":"CLOSED","status":"reset"}
            GET /actuator/health/discovery
              200 {"components":{"discovery-backoff":{"details":{"agents_in_backoff":0,"attempts":{"no_work":2,"success":0,"timeout":0},"backoff_level":0.0,"circuit_breaker":"CLOSED","circuit_breakers":[{"class":"test","failures":0,"state":"CLOSED"}],"claims":0,"demand":[],"empty_results_in_a_row":0.0,"polling_load_reduction_percent":0.0,"waiting":0},"status":"UP"}},"status":"UP"}
            GET /yawl/resilience/discovery/reset
              405 {"code":"method-not-allowed","detail":"\"/yawl/resilience/discovery/reset\" does not take GET; GET /api/v1/openapi.json lists what it takes","status":405,"title":"The path does not take this method","type":"urn:flotilla:problem:method-not-allowed"}
            POST /yawl/admin/stats
              405 {"code":"method-not-allowed","detail":"\"/yawl/admin/stats\" does not take POST; GET /api/v1/openapi.json lists what it takes","status":405,"title":"The path does not take this method","type":"urn:flotilla:problem:method-not-allowed"}
        "#]],
    );
}

#[test]
fn heartbeats_are_restarted_by_who_shows_the_password() {
    let site = Site::with(|config| config.yawl_password = Some(Secret::new("YAWL")));
    let node = site.node();
    site.run(register(&node, &["ann"]));
    let ask = |credentials: &str| {
        let request = format!(
            "POST /admin/heartbeat/restart HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{credentials}content-length: 0\r\n\r\n",
            site.addresses.public
        );
        site.raw(request.as_bytes())
    };
    let refused = ask("");
    assert!(refused.starts_with("HTTP/1.1 401 "), "{refused}");
    assert!(refused.contains("www-authenticate: Basic realm=\"Flotilla\"\r\n"), "{refused}");
    assert!(ask("authorization: Basic YWRtaW46d3Jvbmc=\r\n").starts_with("HTTP/1.1 401 "));
    let done = ask("authorization: Basic YWRtaW46WUFXTA==\r\n");
    assert!(done.starts_with("HTTP/1.1 200 "), "{done}");
    assert!(done.ends_with(r#"{"agents":1,"status":"restarted"}"#), "{done}");
}

#[test]
fn a_restart_of_heartbeats_gives_everybody_the_whole_time_again() {
    let site = Site::with(|config| config.agents_stale_after_ms = 1_000);
    let node = site.node();
    site.run(register(&node, &["ann"]));
    while node.agent_counts().1 == 1 {
        site.get("/actuator/health/liveness");
    }
    site.run(node.registry(Command::Extend)).unwrap();
    assert_eq!(node.agent_counts().1, 1, "it is live again");
}

#[test]
fn without_a_password_nobody_restarts_heartbeats() {
    Site::new().check("POST /admin/heartbeat/restart", expect![[r#"
        POST /admin/heartbeat/restart
          401 {"code":"bad-credentials","detail":"this needs credentials and the server has none; start it with YAWL_PASSWORD and send basic authentication as admin","status":401,"title":"Wrong user name or password","type":"urn:flotilla:problem:bad-credentials"}
    "#]]);
}
