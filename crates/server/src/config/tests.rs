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
            configuration: unknown field: found `colour`, expected `one of `data`, `host`, `port`, `management_port`, `insecure_open`, `partitions`, `inbox_max`, `hot_cases_max`, `snapshot_every_records`, `connections_max`, `requests_in_flight_max`, `claims_in_flight_max`, `event_streams_max`, `soundness`, `head_ms_max`, `body_ms_max`, `attempts_max`, `handoff_ttl_seconds`, `handoff_key`, `log`, `log_format`, `yawl_password`` for key "colour" in FILE TOML file; `flotilla serve --print-config` shows all keys with their values
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
