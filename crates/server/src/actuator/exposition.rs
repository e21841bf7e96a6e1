//! Prometheus text format 0.0.4.
//!
//! Written here because the names are a contract: client libraries append `_total` to every counter,
//! and the alerts and dashboards of existing deployments name counters without it.

use std::fmt::Write as _;

use node::telemetry::Buckets;

#[cfg(test)]
mod tests;

pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// One metric with its value or values.
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) reading: Reading,
}

pub(super) enum Reading {
    Gauge(Vec<Sample>),
    Counter(f64),
    Histogram(Buckets),
}

/// One line, with at most one label.
pub(super) struct Sample {
    pub(super) label: Option<(&'static str, String)>,
    pub(super) value: f64,
}

impl Family {
    pub(super) fn gauge(name: &'static str, help: &'static str, value: f64) -> Self {
        Self { name, help, reading: Reading::Gauge(vec![Sample { label: None, value }]) }
    }

    pub(super) fn gauges(name: &'static str, help: &'static str, samples: Vec<Sample>) -> Self {
        Self { name, help, reading: Reading::Gauge(samples) }
    }

    pub(super) fn counter(name: &'static str, help: &'static str, value: f64) -> Self {
        Self { name, help, reading: Reading::Counter(value) }
    }

    pub(super) fn histogram(name: &'static str, help: &'static str, buckets: Buckets) -> Self {
        Self { name, help, reading: Reading::Histogram(buckets) }
    }

    /// The unit that the name ends in.
    pub(super) fn unit(&self) -> Option<&'static str> {
        let name = self.name.trim_end_matches("_total");
        [("_ms", "milliseconds"), ("_seconds", "seconds"), ("_bytes", "bytes")]
            .into_iter()
            .find_map(|(suffix, unit)| name.ends_with(suffix).then_some(unit))
    }
}

/// All families as one document.
pub(super) fn text(families: &[Family]) -> String {
    let mut text = String::new();
    for family in families {
        // Writing to a string cannot fail.
        let _ = write_family(family, &mut text);
    }
    text
}

fn write_family(family: &Family, into: &mut String) -> std::fmt::Result {
    let Family { name, help, reading } = family;
    let kind = match reading {
        Reading::Gauge(_) => "gauge",
        Reading::Counter(_) => "counter",
        Reading::Histogram(_) => "histogram",
    };
    writeln!(into, "# HELP {name} {help}\n# TYPE {name} {kind}")?;
    match reading {
        Reading::Gauge(samples) => {
            for Sample { label, value } in samples {
                match label {
                    Some((label, text)) => writeln!(into, "{name}{{{label}=\"{text}\"}} {value}")?,
                    None => writeln!(into, "{name} {value}")?,
                }
            }
        }
        Reading::Counter(value) => writeln!(into, "{name} {value}")?,
        Reading::Histogram(Buckets { cumulative, sum, count }) => {
            for (bound, count) in cumulative {
                match bound.is_infinite() {
                    true => writeln!(into, "{name}_bucket{{le=\"+Inf\"}} {count}")?,
                    false => writeln!(into, "{name}_bucket{{le=\"{bound}\"}} {count}")?,
                }
            }
            writeln!(into, "{name}_sum {sum}\n{name}_count {count}")?;
        }
    }
    Ok(())
}
