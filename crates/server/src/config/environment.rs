//! Layers of settings taken from variables: those that YAWL deployments set, and `FLOTILLA_*`.

use std::collections::BTreeMap;

use figment::{
    Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

use super::{Config, Error, ranges};

/// Names that existing YAWL deployments set, the field that each stands for, and how it is read. Where several
/// stand for one field, the last that is set counts. `docs/settings.md` shows the table; a test compares.
pub(super) const YAWL_NAMES: [(&str, Meaning); 25] = [
    ("MANAGEMENT_PORT", Meaning::Number("management_port", 1)),
    ("REGISTRY_PORT", Meaning::Number("registry_port", 1)),
    ("LOG_LEVEL", Meaning::AsWritten("log")),
    ("LOG_FORMAT", Meaning::AsWritten("log_format")),
    ("YAWL_PASSWORD", Meaning::AsWritten("yawl_password")),
    ("HEARTBEAT_TIMEOUT_SEC", Meaning::Number("agents_stale_after_ms", SECOND)),
    ("HEARTBEAT_TTL_SECONDS", Meaning::Number("agents_stale_after_ms", SECOND)),
    ("AGENT_HEARTBEAT_TIMEOUT_SECONDS", Meaning::Number("agents_dead_after_ms", SECOND)),
    ("AGENT_DISCOVERY_BACKOFF_ENABLED", Meaning::Flag("backoff")),
    ("DISCOVERY_POLL_INTERVAL_MS", Meaning::Number("backoff_base_ms", 1)),
    ("AGENT_DISCOVERY_BACKOFF_BASE", Meaning::Span("backoff_base_ms")),
    ("AGENT_DISCOVERY_INITIAL_BACKOFF_MS", Meaning::Number("backoff_base_ms", 1)),
    ("AGENT_DISCOVERY_BACKOFF_MAX", Meaning::Span("backoff_cap_ms")),
    ("AGENT_DISCOVERY_MAX_BACKOFF_MS", Meaning::Number("backoff_cap_ms", 1)),
    ("AGENT_DISCOVERY_JITTER_PERCENT", Meaning::Number("backoff_jitter_percent", 1)),
    ("AGENT_DISCOVERY_BACKOFF_JITTER_PERCENT", Meaning::Number("backoff_jitter_percent", 1)),
    ("CIRCUIT_BREAKER_ENABLED", Meaning::Flag("breaker")),
    ("CIRCUIT_BREAKER_FAILURE_THRESHOLD", Meaning::Number("breaker_failures_max", 1)),
    ("CIRCUIT_BREAKER_SUCCESS_THRESHOLD", Meaning::Number("breaker_successes_needed", 1)),
    ("CIRCUIT_BREAKER_TIMEOUT_MS", Meaning::Number("breaker_open_ms", 1)),
    ("AGENT_HANDOFF_TIMEOUT_SECONDS", Meaning::Number("handoff_ttl_seconds", 1)),
    ("yawl.agent.handoff.ttl", Meaning::Number("handoff_ttl_seconds", 1)),
    ("RETRY_MAX_ATTEMPTS", Meaning::Number("attempts_max", 1)),
    ("RETRY_BACKOFF_MS", Meaning::Number("retry_rest_ms", 1)),
    ("RETRY_BACKOFF_MULTIPLIER", Meaning::Doubled),
];

/// Milliseconds.
const SECOND: u64 = 1_000;

/// Fields that are text even where they look like a number or a truth value.
const TEXTS: [&str; 4] = ["data", "log", "yawl_password", "handoff_key"];

/// `FLOTILLA_` variables that are not settings of the server.
const OTHERS: [&str; 5] =
    ["FLOTILLA_CONFIG", "FLOTILLA_BIN", "FLOTILLA_KILLS", "FLOTILLA_SHARED", "FLOTILLA_URL"];

/// How a variable is read, and for which field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    AsWritten(&'static str),
    /// A whole number of so many of the field's units.
    Number(&'static str, u64),
    /// A number with its unit, `ms`, `s` or `m`.
    Span(&'static str),
    Flag(&'static str),
    /// Rests double here; a deployment that counts on something else must know.
    Doubled,
}

impl Meaning {
    /// The field that is set.
    pub(super) fn field(self) -> Option<&'static str> {
        match self {
            Self::AsWritten(field)
            | Self::Number(field, _)
            | Self::Span(field)
            | Self::Flag(field) => Some(field),
            Self::Doubled => None,
        }
    }

    /// The value of the field, or what would be allowed.
    fn read(self, text: &str) -> Result<Option<Value>, String> {
        match self {
            Self::AsWritten(field) => Ok(Some(value(field, text))),
            Self::Number(field, unit) => {
                let number = text.parse().ok().and_then(|number: u64| number.checked_mul(unit));
                in_range(field, number).ok_or_else(|| ranges::in_words(ranges::of(field), unit))
            }
            Self::Span(field) => in_range(field, span_ms(text)).ok_or_else(|| {
                let range = ranges::in_words(ranges::of(field), 1);
                format!("a number with ms, s or m behind it, {range} ms")
            }),
            Self::Flag(_) => match text.to_ascii_lowercase().as_str() {
                "true" => Ok(Some(Value::from(true))),
                "false" => Ok(Some(Value::from(false))),
                _ => Err("true or false".to_owned()),
            },
            Self::Doubled => match text.parse::<f64>() {
                Ok(2.0) => Ok(None),
                _ => Err("2: each rest is twice the one before".to_owned()),
            },
        }
    }
}

fn in_range(field: &str, number: Option<u64>) -> Option<Option<Value>> {
    let (min, max) = ranges::of(field);
    let number = number.filter(|number| (min..=max).contains(number))?;
    Some(Some(Value::from(number)))
}

fn span_ms(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 1,
        "s" => SECOND,
        "m" => 60 * SECOND,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// A layer.
pub(super) struct Environment {
    name: &'static str,
    values: Dict,
}

impl Environment {
    pub(super) fn of_yawl(variables: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut values = Dict::new();
        for (name, meaning) in YAWL_NAMES {
            let Some(text) = variables.get(name) else { continue };
            let value = meaning.read(text).map_err(|allowed| Error::OutOfRange {
                place: name.to_owned(),
                value: format!("{text:?}"),
                allowed,
            })?;
            if let (Some(field), Some(value)) = (meaning.field(), value) {
                values.insert(field.to_owned(), value);
            }
        }
        Ok(Self { name: "environment (YAWL names)", values })
    }

    pub(super) fn of_flotilla(variables: &BTreeMap<String, String>) -> Result<Self, Error> {
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
