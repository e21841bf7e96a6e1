//! Everything that can be set, where it comes from, and what is refused.
//!
//! Lowest first: built-in values, the TOML file, environment under the names that YAWL deployments
//! use, environment `FLOTILLA_*`, command line. A secret is never shown, not even by `--print-config`.

mod agents;
mod environment;
mod ranges;

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
};

use ::agents::{backoff::Backoff, breaker, lease::Retry, registry};
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

use self::environment::Environment;
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
    /// Whether the agent-registry service is served, on a port of its own.
    pub registry: bool,
    /// The agent-registry service; 0 takes a free port.
    pub registry_port: u16,
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
    /// Streams of agents' sessions.
    pub session_streams_max: usize,
    /// An agent is live until so long after its last heartbeat.
    pub agents_stale_after_ms: u64,
    /// It is dead, and what it had is taken back, after so long.
    pub agents_dead_after_ms: u64,
    /// Whether agents that find nothing again and again stay away longer each time.
    pub backoff: bool,
    /// How long an agent that found nothing once stays away.
    pub backoff_base_ms: u64,
    pub backoff_cap_ms: u64,
    /// Sleeps are longer or shorter by up to this much.
    pub backoff_jitter_percent: u64,
    /// Whether claims are not tried for a while after several failed in a row.
    pub breaker: bool,
    pub breaker_failures_max: u32,
    /// Good probes after which claims go on.
    pub breaker_successes_needed: u32,
    pub breaker_open_ms: u64,
    /// How long it rests after the first attempt; twice as long after each further one.
    pub retry_rest_ms: u64,
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
        let registry::Settings { stale_after_ms, dead_after_ms, .. } =
            registry::Settings::default();
        let backoff = Backoff::default();
        let breaker = breaker::Rule::default();
        let retry = Retry::default();
        Self {
            data: PathBuf::from("flotilla-data"),
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8080,
            management_port: 9090,
            // On in `flotilla serve`: see `read`. Servers inside other programs need it rarely.
            registry: false,
            registry_port: 8085,
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
            // A fleet of so many processes; each holds a connection.
            session_streams_max: 1_024,
            agents_stale_after_ms: stale_after_ms,
            agents_dead_after_ms: dead_after_ms,
            backoff: true,
            backoff_base_ms: backoff.base_ms,
            backoff_cap_ms: backoff.cap_ms,
            backoff_jitter_percent: backoff.jitter_percent,
            breaker: true,
            breaker_failures_max: breaker.failures_max,
            breaker_successes_needed: breaker.successes_needed,
            breaker_open_ms: breaker.open_ms,
            retry_rest_ms: retry.rest_ms,
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

/// Why the settings cannot be used. Each text names the place and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("configuration: {0}; `flotilla serve --print-config` shows all keys with their values")]
    Read(String),
    #[error(
        "{0} is set to nothing that is known; remove it, or see `flotilla serve --print-config` for the names"
    )]
    UnknownVariable(String),
    #[error("{place} is {value}, allowed is {allowed}; change it")]
    OutOfRange { place: String, value: String, allowed: String },
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
    let built_in = Config { registry: true, ..Config::default() };
    let mut figment = Figment::from(Serialized::defaults(built_in));
    if let Some(file) = file {
        figment = figment.merge(Toml::file_exact(file));
    }
    let config: Config = figment
        .merge(Environment::of_yawl(variables)?)
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
    if let Some(key) = &config.handoff_key
        && key.expose().len() < KEY_BYTES
    {
        return Err(Error::OutOfRange {
            place: "the length of handoff_key".to_owned(),
            value: key.expose().len().to_string(),
            allowed: "32 bytes or more".to_owned(),
        });
    }
    ranges::check(config)
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
