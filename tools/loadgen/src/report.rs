//! The report of a run: figures with all that is needed to judge them, and whether they count at all.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::Serialize;

use crate::{
    counters::{self, Counters},
    latency::{Latencies, Shown},
    ledger::Closed,
    machine::{Machine, processor_time},
    settings::{Limit, Settings},
};

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub revision: String,
    /// `open`: what is asked when does not wait for answers. `closed`: it does, and latencies say little.
    #[serde(rename = "loop")]
    pub loop_: &'static str,
    pub settings: Settings,
    pub machine: Machine,
    pub seconds: f64,
    /// Processor time of the generator by the wall time of all cores.
    pub generator_share: f64,
    /// 99th percentile over all requests of the measured phase.
    pub lag_p99_ms: f64,
    pub latency_p99_ms: f64,
    pub series: Vec<Shown>,
    pub ledger: Closed,
    /// What the server's counters say of the same time.
    pub counters: BTreeMap<String, f64>,
    pub verdict: Verdict,
}

/// Whether the figures count, and whether they are good enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Why the figures do not count.
    pub refused: Vec<String>,
    /// What the ledger found.
    pub ledger: Vec<String>,
    /// Limits that were not kept.
    pub limits: Vec<String>,
}

/// What was measured, before it is judged.
pub(crate) struct Measured<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) machine: Machine,
    pub(crate) took: Duration,
    pub(crate) processor_before: Duration,
    pub(crate) latencies: Latencies,
    pub(crate) ledger: Closed,
    pub(crate) before: Counters,
    pub(crate) after: Counters,
    /// Moments that could not be planned.
    pub(crate) dropped: u64,
}

/// A generator that is later than this part of what it reports has measured itself.
const LAG_MAX: f64 = 0.1;
/// Share of the machine above which a generator does not know whether it was the bottleneck.
const SHARE_MAX: f64 = 0.8;

impl Verdict {
    pub fn is_good(&self) -> bool {
        self.refused.is_empty() && self.ledger.is_empty() && self.limits.is_empty()
    }
}

impl Report {
    pub(crate) fn of(measured: Measured<'_>) -> Self {
        let Measured { settings, mut machine, took, latencies, ledger, .. } = measured;
        machine.look_again();
        let used = processor_time().saturating_sub(measured.processor_before);
        let generator_share = used.as_secs_f64() / (took.as_secs_f64() * machine.cores as f64);
        let counters = measured.after.since(&measured.before);
        let (lag_p99_ms, latency_p99_ms) = latencies.lag_and_latency_ms();
        let is_open = settings.closed == 0;
        let mut refused = Vec::new();
        if is_open && lag_p99_ms > LAG_MAX * latency_p99_ms {
            refused.push(format!(
                "the generator was late: p99 of its lag is {lag_p99_ms:.3} ms, of the latency {latency_p99_ms:.3} ms; \
                 ask for less, or give it a core of its own"
            ));
        }
        if measured.dropped > 0 {
            refused.push(format!("{} requests were not even planned", measured.dropped));
        }
        if generator_share > SHARE_MAX {
            refused.push(format!(
                "the generator used {:.0} % of the machine",
                100.0 * generator_share
            ));
        }
        for (what, ours, name) in [
            ("cases", ledger.launches_resolved.acknowledged, counters::CASES_CREATED),
            ("results", ledger.results.acknowledged, counters::RESULTS),
        ] {
            let theirs = counters.get(name).copied().unwrap_or_default();
            if !counters::agree(ours, theirs) {
                refused
                    .push(format!("{what}: {ours} by our ledger, {theirs} by the server's {name}"));
            }
        }
        let limits = settings.limits.iter().filter_map(|limit| broken(limit, &latencies)).collect();
        Self {
            revision: settings.revision.clone(),
            loop_: if is_open { "open" } else { "closed" },
            settings: settings.clone(),
            machine,
            seconds: took.as_secs_f64(),
            generator_share,
            lag_p99_ms,
            latency_p99_ms,
            series: latencies.show(),
            verdict: Verdict { refused, ledger: ledger.faults(), limits },
            ledger,
            counters,
        }
    }
}

/// What is wrong with a limit that was not kept.
fn broken(limit: &Limit, latencies: &Latencies) -> Option<String> {
    let Limit { operation, percentile, at_most_ms } = limit;
    match latencies.measured_ms(*operation, *percentile) {
        Some(ms) if ms <= *at_most_ms => None,
        Some(ms) => {
            Some(format!("{operation:?} p{percentile}: {ms:.3} ms, at most {at_most_ms} ms"))
        }
        None => Some(format!("{operation:?} p{percentile}: nothing was measured")),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { agents, seed, .. } = self.settings;
        let (seconds, share) = (self.seconds, 100.0 * self.generator_share);
        writeln!(f, "{agents} agents, seed {seed}, {} loop, {seconds:.1} s", self.loop_)?;
        writeln!(
            f,
            "{:<14}{:<10}{:>9}{:>9}{:>9}{:>10}{:>10}{:>10}{:>12}",
            "operation",
            "phase",
            "count",
            "refused",
            "unknown",
            "p50 ms",
            "p99 ms",
            "max ms",
            "service p99"
        )?;
        for one in &self.series {
            let name = format!("{:?}", one.operation);
            let refused: u64 = one.refused.values().sum();
            let (latency, service) = (one.latency_ms, one.service_ms.p99);
            writeln!(
                f,
                "{name:<14}{:<10}{:>9}{refused:>9}{:>9}{:>10.2}{:>10.2}{:>10.2}{service:>12.2}",
                one.phase, one.count, one.unknown, latency.p50, latency.p99, latency.max
            )?;
        }
        writeln!(
            f,
            "generator: p99 lag {:.3} ms, {share:.0} % of the machine; load before {}, after {}",
            self.lag_p99_ms, self.machine.load_before, self.machine.load_after
        )?;
        let ledger = &self.ledger;
        writeln!(
            f,
            "ledger: {} cases, {} items completed, {} late results refused, {} dead letters, {} lost, {} doubled",
            ledger.launches_resolved.acknowledged,
            ledger.items_completed,
            ledger.late_refused,
            ledger.dead_letters,
            ledger.lost_count,
            ledger.doubled_count
        )?;
        let Verdict { refused, ledger, limits } = &self.verdict;
        for (what, all) in [("REFUSED", refused), ("LEDGER", ledger), ("LIMIT", limits)] {
            for one in all {
                writeln!(f, "{what}: {one}")?;
            }
        }
        match self.verdict.is_good() {
            true => write!(f, "the figures count, and nothing is lost"),
            false => write!(f, "these figures do not count"),
        }
    }
}
