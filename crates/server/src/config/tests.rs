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
    let overrides = port.map_or(json!({}), |port| json!({ "port": port }));
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
    check("port = 1\nmanagement_port = 1\nlog = \"warn\"", "", None, expect![[""]]);
    check(
        "port = 1\nmanagement_port = 1",
        "FLOTILLA_PORT=2 MANAGEMENT_PORT=2",
        None,
        expect![[""]],
    );
    check(
        "port = 1",
        "FLOTILLA_PORT=2 MANAGEMENT_PORT=2 FLOTILLA_MANAGEMENT_PORT=3",
        Some(3),
        expect![[""]],
    );
}

#[test]
fn names_of_yawl_deployments_are_understood_and_passwords_never_shown() {
    check("", "LOG_LEVEL=DEBUG LOG_FORMAT=JSON YAWL_PASSWORD=1234", None, expect![[""]]);
}

#[test]
fn what_cannot_be_used_is_refused_by_place() {
    check("colour = 1", "", None, expect![[""]]);
    check("port = 70000", "", None, expect![[""]]);
    check("", "FLOTILLA_PORT=many", None, expect![[""]]);
    check("", "FLOTILLA_PROT=80", None, expect![[""]]);
    check("host = \"0.0.0.0\"", "", None, expect![[""]]);
    check("partitions = 0", "", None, expect![[""]]);
    check("host = \"0.0.0.0\"\ninsecure_open = true", "", None, expect![[""]]);
}
