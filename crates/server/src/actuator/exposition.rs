//! Prometheus text format 0.0.4.
//!
//! Written here because the names are a contract: client libraries append `_total` to every counter,
//! and the alerts and dashboards of existing deployments name counters without it. They also ask one histogram for
//! its `quantile` label, as if it were a summary: see [`Family::histogram_with_quantiles`].

use std::fmt::{self, Write as _};

use node::telemetry::Buckets;

#[cfg(test)]
mod tests;

pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// What is shown beside the buckets where a contract asks for it.
const QUANTILES: [f64; 3] = [0.5, 0.95, 0.99];

/// One metric with its value or values.
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) reading: Reading,
}

pub(super) enum Reading {
    Gauge(Vec<Sample<f64>>),
    Counter(Vec<Sample<f64>>),
    Histogram { series: Vec<Sample<Buckets>>, quantiles: &'static [f64] },
}

/// One series: a value under its labels.
pub(super) struct Sample<T> {
    pub(super) labels: Vec<Label>,
    pub(super) value: T,
}

/// Name and value.
pub(super) type Label = (&'static str, String);

impl<T> Sample<T> {
    pub(super) fn of(name: &'static str, label: impl Into<String>, value: T) -> Self {
        Self { labels: vec![(name, label.into())], value }
    }

    fn bare(value: T) -> Self {
        Self { labels: Vec::new(), value }
    }
}

impl Family {
    pub(super) fn gauge(name: &'static str, help: &'static str, value: f64) -> Self {
        Self::gauges(name, help, vec![Sample::bare(value)])
    }

    pub(super) fn gauges(name: &'static str, help: &'static str, series: Vec<Sample<f64>>) -> Self {
        Self { name, help, reading: Reading::Gauge(series) }
    }

    pub(super) fn counter(name: &'static str, help: &'static str, value: f64) -> Self {
        Self::counters(name, help, vec![Sample::bare(value)])
    }

    pub(super) fn counters(
        name: &'static str,
        help: &'static str,
        series: Vec<Sample<f64>>,
    ) -> Self {
        Self { name, help, reading: Reading::Counter(series) }
    }

    pub(super) fn histogram(name: &'static str, help: &'static str, buckets: Buckets) -> Self {
        Self::histograms(name, help, vec![Sample::bare(buckets)])
    }

    pub(super) fn histograms(
        name: &'static str,
        help: &'static str,
        series: Vec<Sample<Buckets>>,
    ) -> Self {
        Self { name, help, reading: Reading::Histogram { series, quantiles: &[] } }
    }

    /// Buckets, and quantiles since start-up that follow from them, under one name.
    pub(super) fn histogram_with_quantiles(
        name: &'static str,
        help: &'static str,
        buckets: Buckets,
    ) -> Self {
        let series = vec![Sample::bare(buckets)];
        Self { name, help, reading: Reading::Histogram { series, quantiles: &QUANTILES } }
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

fn write_family(family: &Family, into: &mut String) -> fmt::Result {
    let Family { name, help, reading } = family;
    let kind = match reading {
        Reading::Gauge(_) => "gauge",
        Reading::Counter(_) => "counter",
        Reading::Histogram { .. } => "histogram",
    };
    writeln!(into, "# HELP {name} {help}\n# TYPE {name} {kind}")?;
    match reading {
        Reading::Gauge(series) | Reading::Counter(series) => {
            for Sample { labels, value } in series {
                writeln!(into, "{name}{} {value}", Labels(labels, None))?;
            }
        }
        Reading::Histogram { series, quantiles } => {
            for sample in series {
                write_histogram(name, sample, quantiles, into)?;
            }
        }
    }
    Ok(())
}

fn write_histogram(
    name: &str,
    Sample { labels, value: buckets }: &Sample<Buckets>,
    quantiles: &[f64],
    into: &mut String,
) -> fmt::Result {
    for (bound, count) in &buckets.cumulative {
        let bound = if bound.is_infinite() { "+Inf".to_owned() } else { bound.to_string() };
        writeln!(into, "{name}_bucket{} {count}", Labels(labels, Some(("le", &bound))))?;
    }
    let (plain, Buckets { sum, count, .. }) = (Labels(labels, None), buckets);
    writeln!(into, "{name}_sum{plain} {sum}\n{name}_count{plain} {count}")?;
    for rank in quantiles {
        let value = quantile(*rank, buckets);
        let rank = rank.to_string();
        writeln!(into, "{name}{} {value}", Labels(labels, Some(("quantile", &rank))))?;
    }
    Ok(())
}

/// Between the bounds of its bucket as if values were spread evenly there, as PromQL does; not a number while
/// there are no values.
fn quantile(rank: f64, Buckets { cumulative, count, .. }: &Buckets) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "an estimate")]
    let (wanted, float) = (rank * *count as f64, |count: u64| count as f64);
    let (mut lower, mut below) = (0.0, 0.0);
    for (bound, upto) in cumulative {
        let upto = float(*upto);
        if upto >= wanted && upto > below {
            // Beyond the last bound nothing is known but that bound.
            let width = if bound.is_infinite() { 0.0 } else { bound - lower };
            return lower + width * ((wanted - below) / (upto - below));
        }
        (lower, below) = (*bound, upto);
    }
    f64::NAN
}

/// Labels in braces, with one more if there is one; nothing if there is none.
struct Labels<'a>(&'a [Label], Option<(&'static str, &'a str)>);

impl fmt::Display for Labels<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(labels, more) = self;
        let labels = labels.iter().map(|(name, value)| (*name, value.as_str()));
        let mut open = '{';
        for (name, value) in labels.chain(*more) {
            write!(f, "{open}{name}=\"{}\"", escaped(value))?;
            open = ',';
        }
        if open == ',' { f.write_char('}') } else { Ok(()) }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
