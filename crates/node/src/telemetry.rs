//! Counters and histograms of the node: plain atomics, read by whoever exports them.

mod agents;

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

pub use self::agents::{AgentTelemetry, Outcomes, SLEEP_SAMPLES};

/// Upper bounds of the latency buckets in milliseconds. The contract's targets (200, 500, 1000, 2000,
/// 5000) are among them, so that a quantile near a target is exact.
pub const LATENCY_MS_BOUNDS: &[f64] =
    &[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0];
/// Upper bounds of the batch-size buckets, in records.
pub const BATCH_BOUNDS: &[f64] = &[1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0];

/// What the node counts. All of it since start-up.
#[derive(Debug)]
pub struct Telemetry {
    /// Cases that exist and have not ended, scheduled ones included. M1.
    pub cases_active: Gauge,
    /// From the call to the durable answer, milliseconds. M2.
    pub case_create_ms: Histogram,
    /// M3.
    pub cases_created: Counter,
    pub cases_ended: Counter,
    /// From the call to the durable answer, milliseconds. M4.
    pub checkout_ms: Histogram,
    pub checkin_ms: Histogram,
    /// Commands decided, refused ones included.
    pub commands: Counter,
    /// Commands refused by the rules.
    pub refusals: Counter,
    /// Commands turned away at a full inbox.
    pub overloaded: Counter,
    /// Commands answered from the log because their id was known.
    pub repeated: Counter,
    pub timers_fired: Counter,
    /// Items handed out to agents.
    pub items_claimed: Counter,
    /// Items taken back from agents that were silent.
    pub leases_expired: Counter,
    /// One append: write and sync, milliseconds.
    pub append_ms: Histogram,
    /// Records in one append.
    pub batch_records: Histogram,
    pub bytes_appended: Counter,
    pub records_appended: Counter,
    pub snapshots: Counter,
    pub cases_hot: Gauge,
    pub cases_evicted: Counter,
    pub cases_reloaded: Counter,
    /// Commands that wait, by partition.
    pub inbox_depth: Vec<Gauge>,
    pub agents: AgentTelemetry,
}

impl Telemetry {
    pub(crate) fn new(partitions: usize) -> Self {
        Self {
            cases_active: Gauge::default(),
            case_create_ms: Histogram::new(LATENCY_MS_BOUNDS),
            cases_created: Counter::default(),
            cases_ended: Counter::default(),
            checkout_ms: Histogram::new(LATENCY_MS_BOUNDS),
            checkin_ms: Histogram::new(LATENCY_MS_BOUNDS),
            commands: Counter::default(),
            refusals: Counter::default(),
            overloaded: Counter::default(),
            repeated: Counter::default(),
            timers_fired: Counter::default(),
            items_claimed: Counter::default(),
            leases_expired: Counter::default(),
            append_ms: Histogram::new(LATENCY_MS_BOUNDS),
            batch_records: Histogram::new(BATCH_BOUNDS),
            bytes_appended: Counter::default(),
            records_appended: Counter::default(),
            snapshots: Counter::default(),
            cases_hot: Gauge::default(),
            cases_evicted: Counter::default(),
            cases_reloaded: Counter::default(),
            inbox_depth: (0..partitions).map(|_| Gauge::default()).collect(),
            agents: AgentTelemetry::new(),
        }
    }

    /// Partitions of the node.
    pub fn partitions(&self) -> usize {
        self.inbox_depth.len()
    }
}

/// Only goes up.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Goes up and down, never below zero.
#[derive(Debug, Default)]
pub struct Gauge(AtomicU64);

impl Gauge {
    /// Adds and gives the value before.
    pub fn add(&self, count: u64) -> u64 {
        self.0.fetch_add(count, Ordering::Relaxed)
    }

    pub fn sub(&self, count: u64) {
        self.0.fetch_sub(count, Ordering::Relaxed);
    }

    /// One more until the guard is dropped.
    pub fn hold(&self) -> Held<'_> {
        self.add(1);
        Held(self)
    }

    pub fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// One that a [`Gauge`] counts for as long as this lives.
#[derive(Debug)]
pub struct Held<'a>(&'a Gauge);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.sub(1);
    }
}

/// Counts of values by fixed bounds.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [f64],
    /// One more than bounds: the last counts what is beyond all of them.
    buckets: Vec<AtomicU64>,
    /// In thousandths, so that it adds without a lock.
    sum_milli: AtomicU64,
}

/// A histogram at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Buckets {
    /// Upper bound and count of values up to it, cumulative. The last bound is infinite.
    pub cumulative: Vec<(f64, u64)>,
    pub sum: f64,
    pub count: u64,
}

impl Histogram {
    pub fn new(bounds: &'static [f64]) -> Self {
        let buckets = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, buckets, sum_milli: AtomicU64::new(0) }
    }

    pub fn observe(&self, value: f64) {
        self.observe_many(value, 1);
    }

    pub fn observe_many(&self, value: f64, count: u64) {
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        self.buckets[bucket].fetch_add(count, Ordering::Relaxed);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float to integer cast saturates, and no value is negative"
        )]
        let milli = (value * 1000.0) as u64;
        self.sum_milli.fetch_add(milli.saturating_mul(count), Ordering::Relaxed);
    }

    pub fn observe_duration(&self, value: Duration) {
        self.observe(value.as_secs_f64() * 1000.0);
    }

    /// All counts. Values that arrive meanwhile may be in one and not yet in the other.
    pub fn read(&self) -> Buckets {
        let mut count = 0;
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        let cumulative = bounds
            .zip(&self.buckets)
            .map(|(bound, bucket)| {
                count += bucket.load(Ordering::Relaxed);
                (bound, count)
            })
            .collect();
        #[allow(clippy::cast_precision_loss, reason = "a sum beyond 2^53 may lose its last digits")]
        let sum = self.sum_milli.load(Ordering::Relaxed) as f64 / 1000.0;
        Buckets { cumulative, sum, count }
    }
}

#[cfg(test)]
mod tests;
