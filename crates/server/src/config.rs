//! Everything that can be set, where it comes from, and what is refused.
//!
//! Lowest first: built-in values, the TOML file, environment under the names that YAWL deployments
//! use, environment `FLOTILLA_*`, command line. A secret is never shown, not even by `--print-config`.

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
};

use agents::lease::Retry;
use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Format, Serialized, Toml},
    value::{Dict, Map, Value},
};
use serde::{Deserialize, Serialize};

use crate::hand_off::KEY_BYTES;

#[cfg(test)]
mod tests;

/// Settings of `flotilla serve`. Field names are the keys of the TOML file; `FLOTILLA_` before the
/// name in upper case is the variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Directory of the durable log. Made if absent.
    pub data: PathBuf,
    /// Address to listen on.
    pub host: IpAddr,
    /// REST, page and actuator; 0 takes a free port.
    pub port: u16,
    /// Actuator alone; 0 takes a free port.
    pub management_port: u16,
    /// Permits an address that other machines reach. There is no authentication yet.
    pub insecure_open: bool,
    pub partitions: usize,
    /// Commands that may wait per partition.
    pub inbox_max: usize,
    /// Cases kept in memory; others are read from the log when asked for.
    pub hot_cases_max: usize,
    /// Records between two snapshots.
    pub snapshot_every_records: u64,
    pub connections_max: usize,
    pub requests_in_flight_max: usize,
    /// Claims at work or waiting for work.
    pub claims_in_flight_max: usize,
    pub event_streams_max: usize,
    /// What happens to an upload of which a case can go wrong.
    pub soundness: Policy,
    /// From connecting, or from the last answer, to the end of a request's head.
    pub head_ms_max: u64,
    /// A body's arrival.
    pub body_ms_max: u64,
    /// Claims of one item without a result after which it is a dead letter.
    pub attempts_max: u32,
    /// How long the token of a hand-off is good.
    pub handoff_ttl_seconds: u64,
    /// Key that tokens of hand-offs are signed with: 32 bytes or more. One of chance where none is given, and tokens
    /// end with the process.
    pub handoff_key: Option<Secret>,
    /// What to log: a level, or directives such as `info,node=debug`.
    pub log: String,
    pub log_format: LogFormat,
    /// Password of the user `admin` at `/yawl/ib`.
    pub yawl_password: Option<Secret>,
}

/// What to do with an unsound specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// The upload is refused, with the walk that goes wrong.
    Refuse,
    /// The upload is taken, and the answer says what goes wrong.
    Warn,
    /// Nobody looks.
    Off,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("flotilla-data"),
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8080,
            management_port: 9090,
            insecure_open: false,
            partitions: node::config::PARTITIONS_DEFAULT,
            inbox_max: node::config::INBOX_MAX_DEFAULT,
            hot_cases_max: node::config::HOT_CASES_MAX_DEFAULT,
            snapshot_every_records: node::config::SNAPSHOT_EVERY_RECORDS_DEFAULT,
            connections_max: 4_096,
            requests_in_flight_max: 1_024,
            // Each has a connection: as many of them may wait as may be open.
            claims_in_flight_max: 4_096,
            event_streams_max: 256,
            soundness: Policy::Warn,
            head_ms_max: 15_000,
            // Six megabytes at 0.6 MB/s: a slower sender holds memory that others need.
            body_ms_max: 10_000,
            attempts_max: Retry::default().attempts_max,
            handoff_ttl_seconds: 60,
            handoff_key: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            yawl_password: None,
        }
    }
}

/// A text that is not shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

/// What stands for a secret.
const MASK: &str = "********";

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for a comparison.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

/// Names that existing YAWL deployments set, and the field that each stands for.
const YAWL_NAMES: [(&str, &str); 6] = [
    ("MANAGEMENT_PORT", "management_port"),
    ("LOG_LEVEL", "log"),
    ("LOG_FORMAT", "log_format"),
    ("YAWL_PASSWORD", "yawl_password"),
    ("AGENT_HANDOFF_TIMEOUT_SECONDS", "handoff_ttl_seconds"),
    ("yawl.agent.handoff.ttl", "handoff_ttl_seconds"),
];

/// Fields that are text even where they look like a number or a truth value.
const TEXTS: [&str; 4] = ["data", "log", "yawl_password", "handoff_key"];

/// `FLOTILLA_` variables that are not settings of the server.
const OTHERS: [&str; 5] =
    ["FLOTILLA_CONFIG", "FLOTILLA_BIN", "FLOTILLA_KILLS", "FLOTILLA_SHARED", "FLOTILLA_URL"];

/// A day: no lease lasts longer without a renewal.
const HANDOFF_TTL_SECONDS_MAX: u64 = 86_400;

/// Why the settings cannot be used. Each text names the place and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("configuration: {0}; `flotilla serve --print-config` shows all keys with their values")]
    Read(String),
    #[error(
        "{0} is set to nothing that is known; remove it, or see `flotilla serve --print-config` for the names"
    )]
    UnknownVariable(String),
    #[error("{field} is {value}, allowed is {allowed}; change it")]
    OutOfRange { field: &'static str, value: usize, allowed: &'static str },
    #[error(
        "{0} can be reached by other machines and there is no authentication yet; \
         use 127.0.0.1, or add --insecure-open if the network keeps others out"
    )]
    Open(IpAddr),
}

/// Reads the settings. `variables` is the environment; `overrides` is what the command line sets.
pub fn read(
    file: Option<&Path>,
    variables: &BTreeMap<String, String>,
    overrides: impl Serialize,
) -> Result<Config, Error> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(file) = file {
        figment = figment.merge(Toml::file_exact(file));
    }
    let config: Config = figment
        .merge(Environment::of_yawl(variables))
        .merge(Environment::of_flotilla(variables)?)
        .merge(Serialized::defaults(overrides))
        .extract()
        .map_err(|error| {
            Error::Read(error.to_string().replace("\"default.", "\"").replace('\n', ""))
        })?;
    check(&config)?;
    Ok(config)
}

fn check(config: &Config) -> Result<(), Error> {
    if !config.host.is_loopback() && !config.insecure_open {
        return Err(Error::Open(config.host));
    }
    let positive = [
        ("inbox_max", config.inbox_max),
        ("hot_cases_max", config.hot_cases_max),
        ("connections_max", config.connections_max),
        ("requests_in_flight_max", config.requests_in_flight_max),
        ("claims_in_flight_max", config.claims_in_flight_max),
        ("attempts_max", config.attempts_max as usize),
    ];
    for (field, value) in positive {
        if value == 0 {
            return Err(Error::OutOfRange { field, value, allowed: "1 or more" });
        }
    }
    if !(1..=HANDOFF_TTL_SECONDS_MAX).contains(&config.handoff_ttl_seconds) {
        let value = usize::try_from(config.handoff_ttl_seconds).unwrap_or(usize::MAX);
        let field = "handoff_ttl_seconds";
        return Err(Error::OutOfRange { field, value, allowed: "1 to 86400" });
    }
    if let Some(key) = &config.handoff_key
        && key.expose().len() < KEY_BYTES
    {
        let (field, value) = ("the length of handoff_key", key.expose().len());
        return Err(Error::OutOfRange { field, value, allowed: "32 bytes or more" });
    }
    if !(1..=256).contains(&config.partitions) {
        let value = config.partitions;
        return Err(Error::OutOfRange { field: "partitions", value, allowed: "1 to 256" });
    }
    Ok(())
}

/// A layer of settings taken from variables.
struct Environment {
    name: &'static str,
    values: Dict,
}

impl Environment {
    fn of_yawl(variables: &BTreeMap<String, String>) -> Self {
        let found =
            YAWL_NAMES.iter().filter_map(|(name, field)| Some((*field, variables.get(*name)?)));
        let values = found.map(|(field, text)| (field.to_owned(), value(field, text))).collect();
        Self { name: "environment (YAWL names)", values }
    }

    fn of_flotilla(variables: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut values = Dict::new();
        for (name, text) in variables {
            let Some(field) = name.strip_prefix("FLOTILLA_") else { continue };
            if OTHERS.contains(&name.as_str()) {
                continue;
            }
            let field = field.to_ascii_lowercase();
            if !field_names().contains(&field) {
                return Err(Error::UnknownVariable(name.clone()));
            }
            values.insert(field.clone(), value(&field, text));
        }
        Ok(Self { name: "environment (FLOTILLA_*)", values })
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

fn value(field: &str, text: &str) -> Value {
    if TEXTS.contains(&field) {
        return Value::from(text);
    }
    // Level and format are written in capitals in many deployments.
    let text = if field == "log_format" { text.to_ascii_lowercase() } else { text.to_owned() };
    match text.parse::<Value>() {
        Ok(value) => value,
        Err(impossible) => match impossible {},
    }
}

/// The keys of the file, from the type itself.
fn field_names() -> Vec<String> {
    match serde_json::to_value(Config::default()) {
        Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
        Ok(other) => unreachable!("a struct is an object, not {other}"),
        Err(error) => unreachable!("plain data: {error}"),
    }
}

/// All settings as TOML, secrets masked.
pub fn show(config: &Config) -> String {
    let mut text = String::new();
    if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(config) {
        for (name, value) in fields {
            // Plain values look alike in JSON and TOML; what is not set has no line in TOML.
            if value.is_null() {
                text.push_str(&format!("# {name} is not set\n"));
            } else {
                text.push_str(&format!("{name} = {value}\n"));
            }
        }
    }
    text.trim_end().to_owned()
}
