//! What numbers may be, in one table.

use super::{Config, Error};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;
const MANY: u64 = u64::MAX;

/// A field with the least and the greatest value that it may have.
const RANGES: [(&str, u64, u64); 21] = [
    ("port", 0, 65_535),
    ("management_port", 0, 65_535),
    ("registry_port", 0, 65_535),
    ("partitions", 1, 256),
    ("inbox_max", 1, MANY),
    ("hot_cases_max", 1, MANY),
    ("connections_max", 1, MANY),
    ("requests_in_flight_max", 1, MANY),
    ("claims_in_flight_max", 1, MANY),
    ("session_streams_max", 1, MANY),
    // A day: no lease lasts longer without a renewal.
    ("handoff_ttl_seconds", 1, 86_400),
    // The desk looks ten times a second: less would be noise.
    ("agents_stale_after_ms", 1_000, DAY_MS),
    ("agents_dead_after_ms", 1_000, 7 * DAY_MS),
    ("backoff_base_ms", 1, HOUR_MS),
    ("backoff_cap_ms", 1, HOUR_MS),
    // More would make sleeps negative.
    ("backoff_jitter_percent", 0, 100),
    ("breaker_failures_max", 1, 1_000_000),
    ("breaker_successes_needed", 1, 1_000),
    ("breaker_open_ms", 1, HOUR_MS),
    ("attempts_max", 1, 1_000),
    ("retry_rest_ms", 1, HOUR_MS),
];

/// Least and greatest value of a field.
pub(super) fn of(field: &str) -> (u64, u64) {
    let found = RANGES.iter().find(|(name, ..)| *name == field);
    found.map_or((0, MANY), |(_, min, max)| (*min, *max))
}

/// The range in words, for a value that counts in units of `unit`.
pub(super) fn in_words((min, max): (u64, u64), unit: u64) -> String {
    match (min.div_ceil(unit), max / unit) {
        (min, _) if max == MANY => format!("{min} or more"),
        (min, max) => format!("{min} to {max}"),
    }
}

/// Checks every number, and those that depend on each other.
pub(super) fn check(config: &Config) -> Result<(), Error> {
    let fields = serde_json::to_value(config).expect("settings are plain data");
    for (field, min, max) in RANGES {
        let value = fields[field].as_u64().expect("a field of the table is a number");
        if !(min..=max).contains(&value) {
            return Err(Error::OutOfRange {
                place: field.to_owned(),
                value: value.to_string(),
                allowed: in_words((min, max), 1),
            });
        }
    }
    let Config { agents_stale_after_ms: stale, agents_dead_after_ms: dead, .. } = config;
    if dead <= stale {
        return Err(Error::OutOfRange {
            place: "agents_dead_after_ms (AGENT_HEARTBEAT_TIMEOUT_SECONDS)".to_owned(),
            value: dead.to_string(),
            allowed: format!(
                "more than agents_stale_after_ms (HEARTBEAT_TTL_SECONDS, HEARTBEAT_TIMEOUT_SEC), {stale}"
            ),
        });
    }
    let Config { backoff_base_ms: base, backoff_cap_ms: cap, .. } = config;
    if cap < base {
        return Err(Error::OutOfRange {
            place: "backoff_cap_ms (AGENT_DISCOVERY_MAX_BACKOFF_MS)".to_owned(),
            value: cap.to_string(),
            allowed: format!(
                "no less than backoff_base_ms (AGENT_DISCOVERY_INITIAL_BACKOFF_MS, DISCOVERY_POLL_INTERVAL_MS), {base}"
            ),
        });
    }
    Ok(())
}
