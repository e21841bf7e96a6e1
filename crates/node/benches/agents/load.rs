//! Load with a schedule and load without one, and how long each call took.

use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt as _};

use crate::world::{now, processor, rate};

/// How many calls may be under way before the schedule waits: a node that far behind has lost.
const UNDER_WAY_MAX: usize = 60_000;

/// What came of a load.
#[derive(Default)]
pub(crate) struct Outcome {
    /// One for each call: from the moment that it was due, or from when it was made.
    pub(crate) latencies: Vec<Duration>,
    /// What the calls were about: agents renewed.
    pub(crate) done: usize,
    pub(crate) took: Duration,
    pub(crate) processor: Duration,
}

impl Outcome {
    pub(crate) fn percentile_ms(&mut self, percent: f64) -> f64 {
        self.latencies.sort_unstable();
        percentile_ms(&self.latencies, percent)
    }

    /// The line that every load ends with.
    pub(crate) fn report(&mut self, what: &str) {
        let [p50, p95, p99] = [50.0, 95.0, 99.0].map(|percent| self.percentile_ms(percent));
        let used = self.processor.as_secs_f64();
        println!("{what}: {} in {} calls", rate(self.done, self.took), self.latencies.len());
        println!(
            "  latency ms: p50 {p50:.2}, p95 {p95:.2}, p99 {p99:.2}, max {:.2}",
            self.percentile_ms(100.0)
        );
        println!(
            "  processor: {:.3} s per million, {:.1} % of a core",
            used * 1e6 / self.done.max(1) as f64,
            100.0 * used / self.took.as_secs_f64(),
        );
    }
}

/// Of sorted durations.
pub(crate) fn percentile_ms(sorted: &[Duration], percent: f64) -> f64 {
    let place = (sorted.len() as f64 * percent / 100.0).ceil() as usize;
    let found = sorted.get(place.clamp(1, sorted.len().max(1)) - 1);
    found.map_or(f64::NAN, |duration| duration.as_secs_f64() * 1e3)
}

/// Makes `calls_per_s` calls a second for `seconds`, each when it is due, whatever became of those before. Latency
/// counts from the moment that a call was due: a late start is the node's fault.
pub(crate) async fn open<F>(
    (calls_per_s, seconds): (f64, u64),
    mut call: impl FnMut(usize) -> F,
) -> anyhow::Result<Outcome>
where
    F: Future<Output = anyhow::Result<usize>>,
{
    let total = (calls_per_s * seconds as f64).round() as usize;
    let (began, used) = (now(), processor()?);
    let due = |number: usize| began + Duration::from_secs_f64(number as f64 / calls_per_s);
    let mut outcome = Outcome::default();
    let mut under_way = FuturesUnordered::new();
    let mut number = 0;
    while number < total || !under_way.is_empty() {
        while number < total && under_way.len() < UNDER_WAY_MAX && due(number) <= now() {
            let (work, due) = (call(number), due(number));
            under_way.push(async move { (work.await, due) });
            number += 1;
        }
        let is_open = number < total && under_way.len() < UNDER_WAY_MAX;
        let wait = due(number).saturating_duration_since(now());
        tokio::select! {
            Some((done, due)) = under_way.next(), if !under_way.is_empty() => {
                outcome.latencies.push(due.elapsed());
                outcome.done += done?;
            }
            () = tokio::time::sleep(wait), if is_open => {}
        }
    }
    // Of a few calls the last is due long before the time is over.
    outcome.took = began.elapsed().max(Duration::from_secs(seconds));
    outcome.processor = processor()? - used;
    Ok(outcome)
}

/// Keeps `callers` calls under way for `seconds`: as fast as it goes.
pub(crate) async fn closed<F>(
    (callers, seconds): (usize, u64),
    call: impl FnMut(usize) -> F,
) -> anyhow::Result<Outcome>
where
    F: Future<Output = anyhow::Result<usize>>,
{
    let end = now() + Duration::from_secs(seconds);
    while_wanted(callers, |_| now() < end, call).await
}

/// Makes `calls` calls, `callers` at once.
pub(crate) async fn each<F>(
    callers: usize,
    calls: usize,
    call: impl FnMut(usize) -> F,
) -> anyhow::Result<Outcome>
where
    F: Future<Output = anyhow::Result<usize>>,
{
    while_wanted(callers, |number| number < calls, call).await
}

async fn while_wanted<F>(
    callers: usize,
    is_wanted: impl Fn(usize) -> bool,
    mut call: impl FnMut(usize) -> F,
) -> anyhow::Result<Outcome>
where
    F: Future<Output = anyhow::Result<usize>>,
{
    let (began, used) = (now(), processor()?);
    let mut outcome = Outcome::default();
    let mut under_way = FuturesUnordered::new();
    let mut number = 0;
    loop {
        while under_way.len() < callers && is_wanted(number) {
            let (work, called) = (call(number), now());
            under_way.push(async move { (work.await, called) });
            number += 1;
        }
        let Some((done, called)) = under_way.next().await else { break };
        outcome.latencies.push(called.elapsed());
        outcome.done += done?;
    }
    outcome.took = began.elapsed();
    outcome.processor = processor()? - used;
    Ok(outcome)
}
