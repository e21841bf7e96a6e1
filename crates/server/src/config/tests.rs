//! Layers of settings and what is refused.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use serde_json::json;

use super::*;

/// Reads settings from a file's text, variables as `NAME=value` lines and one override of the port.
#[track_caller]
fn check(file: &str, variables: &str, port: Option<u16>, want: Expect) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("flotilla.toml");
    std::fs::write(&path, file).unwrap();
    let variables = variables.split_whitespace().filter_map(|line| line.split_once('='));
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let overrides = port.map_or_else(|| json!({}), |port| json!({ "port": port }));
    let mut got = String::new();
    match read(Some(&path), &variables, overrides) {
        Ok(config) => {
            let Config { port, management_port, log, log_format, yawl_password, .. } = config;
            writeln!(got, "{port} {management_port} {log} {log_format:?} {yawl_password:?}")
                .unwrap();
        }
        Err(error) => {
            let text = error.to_string().replace(path.to_str().unwrap(), "FILE");
            writeln!(got, "{text}").unwrap();
        }
    }
    want.assert_eq(&got);
}

#[test]
fn the_command_line_wins_over_variables_and_these_over_the_file() {
    check(
        "port = 1\nmanagement_port = 1\nlog = \"warn\"",
        "",
        None,
        expect![[r#"
        1 1 warn Text None
    "#]],
    );
    check(
        "port = 1\nmanagement_port = 1",
        "FLOTILLA_PORT=2 MANAGEMENT_PORT=2",
        None,
        expect![[r#"
            2 2 info Text None
        "#]],
    );
    check(
        "port = 1",
        "FLOTILLA_PORT=2 MANAGEMENT_PORT=2 FLOTILLA_MANAGEMENT_PORT=3",
        Some(3),
        expect![[r#"
            3 3 info Text None
        "#]],
    );
}

#[test]
fn names_of_yawl_deployments_are_understood_and_passwords_never_shown() {
    check(
        "",
        "LOG_LEVEL=DEBUG LOG_FORMAT=JSON YAWL_PASSWORD=1234",
        None,
        expect![[r#"
        8080 9090 DEBUG Json Some(********)
    "#]],
    );
}

#[test]
fn what_cannot_be_used_is_refused_by_place() {
    check(
        "colour = 1",
        "",
        None,
        expect![[r#"
            configuration: unknown field: found `colour`, expected `one of `data`, `host`, `port`, `management_port`, `registry`, `registry_port`, `insecure_open`, `partitions`, `inbox_max`, `hot_cases_max`, `snapshot_every_records`, `connections_max`, `requests_in_flight_max`, `claims_in_flight_max`, `event_streams_max`, `session_streams_max`, `agents_stale_after_ms`, `agents_dead_after_ms`, `backoff`, `backoff_base_ms`, `backoff_cap_ms`, `backoff_jitter_percent`, `breaker`, `breaker_failures_max`, `breaker_successes_needed`, `breaker_open_ms`, `retry_rest_ms`, `soundness`, `head_ms_max`, `body_ms_max`, `attempts_max`, `handoff_ttl_seconds`, `handoff_key`, `log`, `log_format`, `yawl_password`` for key "colour" in FILE TOML file; `flotilla serve --print-config` shows all keys with their values
        "#]],
    );
    check(
        "port = 70000",
        "",
        None,
        expect![[r#"
            configuration: invalid value signed int `70000`, expected u16 for key "port" in FILE TOML file; `flotilla serve --print-config` shows all keys with their values
        "#]],
    );
    check(
        "",
        "FLOTILLA_PORT=many",
        None,
        expect![[r#"
            configuration: invalid type: found string "many", expected u16 for key "port" in environment (FLOTILLA_*); `flotilla serve --print-config` shows all keys with their values
        "#]],
    );
    check(
        "",
        "FLOTILLA_PROT=80",
        None,
        expect![[r#"
        FLOTILLA_PROT is set to nothing that is known; remove it, or see `flotilla serve --print-config` for the names
    "#]],
    );
    check(
        "host = \"0.0.0.0\"",
        "",
        None,
        expect![[r#"
        0.0.0.0 can be reached by other machines and there is no authentication yet; use 127.0.0.1, or add --insecure-open if the network keeps others out
    "#]],
    );
    check(
        "partitions = 0",
        "",
        None,
        expect![[r#"
        partitions is 0, allowed is 1 to 256; change it
    "#]],
    );
    check(
        "host = \"0.0.0.0\"\ninsecure_open = true",
        "",
        None,
        expect![[r#"
        8080 9090 info Text None
    "#]],
    );
}

#[test]
fn settings_are_shown_without_secrets() {
    let config = Config { yawl_password: Some(Secret::new("open sesame")), ..Config::default() };
    let shown = format!("{} {config:?}", show(&config));
    assert!(shown.contains("yawl_password = \"********\""), "{shown}");
    assert!(!shown.contains("sesame"), "{shown}");
}

/// What settings about agents the node gets from these variables, or why they are refused.
#[track_caller]
fn check_agents(file: &str, variables: &str, want: Expect) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("flotilla.toml");
    std::fs::write(&path, file).unwrap();
    let variables = variables.split_whitespace().filter_map(|line| line.split_once('='));
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let got = match read(Some(&path), &variables, json!({})) {
        Ok(config) => {
            let registry::Settings { stale_after_ms, dead_after_ms, .. } =
                config.registry_settings();
            format!(
                "stale after {stale_after_ms}, dead after {dead_after_ms}\n{:?}\n{:?}\n{:?}\nregistry {} on {}\n",
                config.backoff(),
                config.breaker_rule(),
                config.retry(),
                config.registry,
                config.registry_port,
            )
        }
        Err(error) => format!("{error}\n"),
    };
    want.assert_eq(&got);
}

#[test]
fn the_built_in_values_are_those_of_the_node() {
    let config = Config::default();
    let node = node::Config::default();
    assert_eq!(config.registry_settings(), node.agents);
    assert_eq!(config.backoff(), node.backoff);
    assert_eq!(config.breaker_rule(), node.breaker);
    assert_eq!(config.retry(), node.retry);
}

#[test]
fn variables_of_yawl_deployments_set_how_agents_are_treated() {
    check_agents(
        "",
        "",
        expect![[r#"
        stale after 60000, dead after 120000
        Backoff { base_ms: 5000, cap_ms: 60000, jitter_percent: 10 }
        Rule { failures_max: 5, successes_needed: 2, open_ms: 60000 }
        Retry { attempts_max: 5, rest_ms: 1000, rest_ms_max: 60000 }
        registry true on 8085
    "#]],
    );
    // The fullest configuration that is known of such a deployment.
    check_agents(
        "",
        "HEARTBEAT_TTL_SECONDS=60 HEARTBEAT_INTERVAL_SECONDS=30 AGENT_HEARTBEAT_TIMEOUT_SECONDS=120
         HEARTBEAT_EXECUTOR_TYPE=VIRTUAL_THREAD DISCOVERY_POLL_INTERVAL_MS=5000 DISCOVERY_MAX_RETRIES=3
         AGENT_DISCOVERY_BACKOFF_ENABLED=true AGENT_DISCOVERY_BACKOFF_JITTER_PERCENT=20
         AGENT_DISCOVERY_INITIAL_BACKOFF_MS=100 AGENT_DISCOVERY_MAX_BACKOFF_MS=30000
         RETRY_MAX_ATTEMPTS=3 RETRY_BACKOFF_MS=2000 RETRY_BACKOFF_MULTIPLIER=2.0
         CIRCUIT_BREAKER_ENABLED=true CIRCUIT_BREAKER_FAILURE_THRESHOLD=7
         CIRCUIT_BREAKER_SUCCESS_THRESHOLD=3 CIRCUIT_BREAKER_TIMEOUT_MS=30000 REGISTRY_PORT=9090",
        expect![[r#"
            stale after 60000, dead after 120000
            Backoff { base_ms: 100, cap_ms: 30000, jitter_percent: 20 }
            Rule { failures_max: 7, successes_needed: 3, open_ms: 30000 }
            Retry { attempts_max: 3, rest_ms: 2000, rest_ms_max: 60000 }
            registry true on 9090
        "#]],
    );
    // Spans; what is off; the longer of two names for one setting; ours before theirs.
    check_agents(
        "agents_stale_after_ms = 5000",
        "HEARTBEAT_TIMEOUT_SEC=30 AGENT_DISCOVERY_BACKOFF_BASE=2s AGENT_DISCOVERY_BACKOFF_MAX=1m
         AGENT_DISCOVERY_BACKOFF_ENABLED=FALSE CIRCUIT_BREAKER_ENABLED=false
         FLOTILLA_ATTEMPTS_MAX=9 RETRY_MAX_ATTEMPTS=3 FLOTILLA_REGISTRY=false",
        expect![[r#"
            stale after 30000, dead after 120000
            Backoff { base_ms: 2000, cap_ms: 2000, jitter_percent: 10 }
            Rule { failures_max: 4294967295, successes_needed: 2, open_ms: 60000 }
            Retry { attempts_max: 9, rest_ms: 1000, rest_ms_max: 60000 }
            registry false on 8085
        "#]],
    );
}

#[test]
fn a_variable_that_cannot_be_used_is_refused_by_its_name() {
    let mut got = String::new();
    for setting in [
        "HEARTBEAT_TTL_SECONDS=soon",
        "HEARTBEAT_TTL_SECONDS=0",
        "HEARTBEAT_TTL_SECONDS=-5",
        "HEARTBEAT_TTL_SECONDS=99999999999999999999",
        "HEARTBEAT_TTL_SECONDS=18446744073709551615",
        "HEARTBEAT_TTL_SECONDS=120",
        "AGENT_HEARTBEAT_TIMEOUT_SECONDS=60",
        "AGENT_HEARTBEAT_TIMEOUT_SECONDS=",
        "REGISTRY_PORT=70000",
        "MANAGEMENT_PORT=http",
        "AGENT_DISCOVERY_BACKOFF_BASE=5",
        "AGENT_DISCOVERY_BACKOFF_BASE=5h",
        "AGENT_DISCOVERY_BACKOFF_MAX=1s",
        "AGENT_DISCOVERY_BACKOFF_ENABLED=perhaps",
        "AGENT_DISCOVERY_JITTER_PERCENT=101",
        "CIRCUIT_BREAKER_FAILURE_THRESHOLD=0",
        "RETRY_BACKOFF_MULTIPLIER=1.5",
        "FLOTILLA_BREAKER_OPEN_MS=0",
        "FLOTILLA_ATTEMPTS_MAX=-1",
    ] {
        let (name, value) = setting.split_once('=').unwrap();
        let variables = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let error = read(None, &variables, json!({})).unwrap_err();
        writeln!(got, "{error}").unwrap();
    }
    expect![[r#"
        HEARTBEAT_TTL_SECONDS is "soon", allowed is 1 to 86400; change it
        HEARTBEAT_TTL_SECONDS is "0", allowed is 1 to 86400; change it
        HEARTBEAT_TTL_SECONDS is "-5", allowed is 1 to 86400; change it
        HEARTBEAT_TTL_SECONDS is "99999999999999999999", allowed is 1 to 86400; change it
        HEARTBEAT_TTL_SECONDS is "18446744073709551615", allowed is 1 to 86400; change it
        agents_dead_after_ms (AGENT_HEARTBEAT_TIMEOUT_SECONDS) is 120000, allowed is more than agents_stale_after_ms (HEARTBEAT_TTL_SECONDS, HEARTBEAT_TIMEOUT_SEC), 120000; change it
        agents_dead_after_ms (AGENT_HEARTBEAT_TIMEOUT_SECONDS) is 60000, allowed is more than agents_stale_after_ms (HEARTBEAT_TTL_SECONDS, HEARTBEAT_TIMEOUT_SEC), 60000; change it
        AGENT_HEARTBEAT_TIMEOUT_SECONDS is "", allowed is 1 to 604800; change it
        REGISTRY_PORT is "70000", allowed is 0 to 65535; change it
        MANAGEMENT_PORT is "http", allowed is 0 to 65535; change it
        AGENT_DISCOVERY_BACKOFF_BASE is "5", allowed is a number with ms, s or m behind it, 1 to 3600000 ms; change it
        AGENT_DISCOVERY_BACKOFF_BASE is "5h", allowed is a number with ms, s or m behind it, 1 to 3600000 ms; change it
        backoff_cap_ms (AGENT_DISCOVERY_MAX_BACKOFF_MS) is 1000, allowed is no less than backoff_base_ms (AGENT_DISCOVERY_INITIAL_BACKOFF_MS, DISCOVERY_POLL_INTERVAL_MS), 5000; change it
        AGENT_DISCOVERY_BACKOFF_ENABLED is "perhaps", allowed is true or false; change it
        AGENT_DISCOVERY_JITTER_PERCENT is "101", allowed is 0 to 100; change it
        CIRCUIT_BREAKER_FAILURE_THRESHOLD is "0", allowed is 1 to 1000000; change it
        RETRY_BACKOFF_MULTIPLIER is "1.5", allowed is 2: each rest is twice the one before; change it
        breaker_open_ms is 0, allowed is 1 to 3600000; change it
        configuration: invalid value signed int `-1`, expected u32 for key "attempts_max" in environment (FLOTILLA_*); `flotilla serve --print-config` shows all keys with their values
    "#]].assert_eq(&got);
}

/// `docs/settings.md` has a row for each variable, in the same order, and one for each setting about agents.
#[test]
fn every_variable_is_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/settings.md");
    let document = std::fs::read_to_string(path).unwrap();
    let first = |line: &str, cell: usize| {
        line.split('|').nth(cell).map(|cell| cell.trim().trim_matches('`').to_owned())
    };
    let rows: Vec<_> = document
        .lines()
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| Some((first(line, 1)?, first(line, 2)?)))
        .collect();
    let is_variable = |name: &str| environment::YAWL_NAMES.iter().any(|(known, _)| *known == name);
    let documented: Vec<_> = rows.iter().filter(|(name, _)| is_variable(name)).cloned().collect();
    let known: Vec<_> = environment::YAWL_NAMES
        .iter()
        .map(|(name, meaning)| ((*name).to_owned(), meaning.field().unwrap_or("none").to_owned()))
        .collect();
    assert_eq!(documented, known);
    let keys: Vec<_> = rows.iter().filter(|(name, _)| !is_variable(name)).collect();
    let fields = serde_json::to_value(Config::default()).unwrap();
    for (key, built_in) in &keys {
        if key != "registry" {
            assert_eq!(&fields[key].to_string(), built_in, "{key}");
        }
    }
    assert_eq!(keys.len(), 17);
}
