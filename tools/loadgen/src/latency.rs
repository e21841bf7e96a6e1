//! Latencies by operation and phase, in histograms that lose nothing when they are put together.

use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;
use serde::Serialize;
use tokio::time::Instant;

use crate::shot::{Op, Phase, Reply, Shot};

/// Longest latency that is told apart: ten minutes.
const LATENCY_US_MAX: u64 = 600_000_000;

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Latencies(BTreeMap<(Phase, Op), Series>);

#[derive(Debug)]
struct Series {
    /// From the intended moment to the answer: what somebody would have waited.
    latency: Histogram<u64>,
    /// From having a connection to the answer: what the server took.
    service: Histogram<u64>,
    /// From the intended moment to being handed over: what the generator lost.
    lag: Histogram<u64>,
    done: u64,
    refused: BTreeMap<String, u64>,
    unknown: u64,
    /// Requests that had to wait for a connection, a millisecond and more.
    late_starts: u64,
}

/// A series as the report shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    pub operation: Op,
    pub phase: String,
    pub count: u64,
    pub done: u64,
    pub refused: BTreeMap<String, u64>,
    pub unknown: u64,
    pub late_starts: u64,
    pub latency_ms: Percentiles,
    pub service_ms: Percentiles,
    pub lag_ms: Percentiles,
    /// Of the latency, microseconds and how often: three digits, complete, to be added up with others.
    pub latency_us: Vec<(u64, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentiles {
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub p999: f64,
    pub max: f64,
}

impl Default for Series {
    fn default() -> Self {
        let histogram =
            || Histogram::new_with_bounds(1, LATENCY_US_MAX, 3).expect("the bounds are in order");
        Self {
            latency: histogram(),
            service: histogram(),
            lag: histogram(),
            done: 0,
            refused: BTreeMap::new(),
            unknown: 0,
            late_starts: 0,
        }
    }
}

impl Latencies {
    /// Errors count with the time they took: they are answers, too.
    pub(crate) fn count(&mut self, phase: Phase, shot: &Shot) {
        let series = self.0.entry((phase, shot.op)).or_default();
        let us = |from: Instant, to: Instant| {
            u64::try_from(to.saturating_duration_since(from).as_micros()).unwrap_or(u64::MAX).max(1)
        };
        series.latency.saturating_record(us(shot.intended, shot.ended));
        series.service.saturating_record(us(shot.began, shot.ended));
        series.lag.saturating_record(us(shot.intended, shot.handed));
        if shot.began - shot.handed >= Duration::from_millis(1) {
            series.late_starts += 1;
        }
        match &shot.reply {
            Reply::Done | Reply::Claimed(..) | Reply::Renewed(_) => series.done += 1,
            Reply::Refused { code, .. } => *series.refused.entry(code.clone()).or_default() += 1,
            Reply::Unknown => series.unknown += 1,
        }
    }

    pub(crate) fn show(&self) -> Vec<Shown> {
        let show = |(key, series): (&(Phase, Op), &Series)| Shown {
            operation: key.1,
            phase: match key.0 {
                Phase::WarmUp => "warm-up",
                Phase::Measured => "measured",
                Phase::Settling => "settling",
            }
            .to_owned(),
            count: series.latency.len(),
            done: series.done,
            refused: series.refused.clone(),
            unknown: series.unknown,
            late_starts: series.late_starts,
            latency_ms: percentiles(&series.latency),
            service_ms: percentiles(&series.service),
            lag_ms: percentiles(&series.lag),
            latency_us: series
                .latency
                .iter_recorded()
                .map(|value| (value.value_iterated_to(), value.count_at_value()))
                .collect(),
        };
        self.0.iter().map(show).collect()
    }

    /// The percentile of an operation in the measured phase, milliseconds; none if there was none.
    pub(crate) fn measured_ms(&self, operation: Op, percentile: f64) -> Option<f64> {
        let series = self.0.get(&(Phase::Measured, operation))?;
        Some(ms(series.latency.value_at_percentile(percentile)))
    }

    /// Of all requests of the measured phase together, milliseconds: p99 of the generator's lag and of the latency.
    pub(crate) fn lag_and_latency_ms(&self) -> (f64, f64) {
        let mut all = Series::default();
        for ((phase, _), series) in &self.0 {
            if *phase == Phase::Measured {
                // Made with the same bounds.
                all.lag.add(&series.lag).expect("the bounds are the same");
                all.latency.add(&series.latency).expect("the bounds are the same");
            }
        }
        let p99 = |histogram: &Histogram<u64>| ms(histogram.value_at_quantile(0.99));
        (p99(&all.lag), p99(&all.latency))
    }
}

fn ms(us: u64) -> f64 {
    us as f64 / 1_000.0
}

fn percentiles(histogram: &Histogram<u64>) -> Percentiles {
    let at = |quantile| ms(histogram.value_at_quantile(quantile));
    Percentiles {
        p50: at(0.5),
        p90: at(0.9),
        p99: at(0.99),
        p999: at(0.999),
        max: ms(histogram.max()),
    }
}
