//! What operators see: health, metrics, the page's headers, settings.

use server::config::Secret;

use crate::site::Site;

/// The value of a line of the exposition.
fn metric(text: &str, name: &str) -> f64 {
    let line = text.lines().find(|line| line.split(' ').next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no metric {name} in\n{text}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn metrics_move_with_the_work() {
    let site = Site::with_examples();
    let scrape = || site.get("/actuator/prometheus").body;
    let before = scrape();
    assert_eq!(metric(&before, "yawl_cases_created_total"), 0.0);
    site.post("/api/v1/cases", r#"{"specification":"UID_flotilla_hello:1.0"}"#);
    site.post("/api/v1/cases", r#"{"specification":"UID_flotilla_hello:1.0"}"#);
    site.ask("POST", "/api/v1/work-items/1%3AAnswer/checkout", None);
    let after = scrape();
    assert_eq!(metric(&after, "yawl_cases_created_total"), 2.0);
    assert_eq!(metric(&after, "yawl_active_cases"), 2.0);
    assert_eq!(metric(&after, "yawl_case_create_duration_ms_count"), 2.0);
    assert_eq!(metric(&after, "yawl_work_item_checkout_duration_ms_count"), 1.0);
    assert!(metric(&after, "process_resident_memory_bytes") > 0.0);
    site.ask("POST", "/api/v1/cases/2/cancel", None);
    assert_eq!(metric(&scrape(), "yawl_active_cases"), 1.0);
    let detail = site.get("/actuator/metrics/yawl_cases_created_total").json();
    assert_eq!(detail["measurements"][0]["value"], serde_json::json!(2.0));
    assert_eq!(site.get("/actuator/metrics/none").status, 404);
}

#[test]
fn both_ports_answer_probes() {
    let site = Site::new();
    for address in [site.addresses.public, site.addresses.management] {
        for path in ["/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"]
        {
            let mut response = ureq::get(format!("http://{address}{path}")).call().unwrap();
            let health: serde_json::Value = response.body_mut().read_json().unwrap();
            assert_eq!(health["status"], "UP", "{path} on {address}");
        }
    }
    let management = format!("http://{}/api/v1/cases", site.addresses.management);
    let answer = ureq::get(management).config().http_status_as_error(false).build().call().unwrap();
    assert_eq!(answer.status(), 404, "the management port serves no work");
}

#[test]
fn interface_b_answers_smoke_tests_and_checks_credentials() {
    let site = Site::with(|config| config.yawl_password = Some(Secret::new("YAWL")));
    assert_eq!(site.get("/yawl/ib").status, 200);
    let with = |credentials: &str| {
        let request = format!(
            "GET /yawl/ib HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Basic {credentials}\r\n\r\n",
            site.addresses.public
        );
        site.raw(request.as_bytes()).lines().next().unwrap().to_owned()
    };
    assert_eq!(with("YWRtaW46WUFXTA=="), "HTTP/1.1 200 OK");
    assert_eq!(with("YWRtaW46d3Jvbmc="), "HTTP/1.1 401 Unauthorized");
}

#[test]
fn every_answer_is_hardened() {
    let site = Site::new();
    for path in ["/", "/api/v1/cases", "/nowhere", "/actuator/health"] {
        let answer = site.get(path);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(
            answer.header("content-security-policy").unwrap().contains("default-src 'self'"),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
}
