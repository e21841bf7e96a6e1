//! The summary of a run, for people and for programs.

use std::{
    collections::BTreeMap,
    io::{Write as _, stdout},
    time::Duration,
};

use engine::CaseId;
use hdrhistogram::Histogram;
use node::Handle;
use serde_json::json;

use super::Arguments;
use crate::swarm::{Swarm, Tally};

/// What came of a run.
#[derive(Default)]
pub(super) struct Report {
    pub(super) took: Duration,
    /// How far the virtual clock went.
    pub(super) virtual_ms: i64,
    cases: usize,
    /// Cases by how they stand.
    statuses: BTreeMap<&'static str, usize>,
    incidents: usize,
    tally: Tally,
}

impl Report {
    pub(super) fn of(handle: &Handle, swarm: &Swarm, cases: &[CaseId]) -> anyhow::Result<Self> {
        let mut report = Self { cases: cases.len(), tally: swarm.tally(), ..Self::default() };
        for case in cases {
            let summary = handle.case_summary(case)?;
            *report.statuses.entry(summary.status.name()).or_default() += 1;
            report.incidents += summary.incidents;
        }
        Ok(report)
    }

    /// Every case completed, and nobody had to look.
    pub(super) fn is_clean(&self) -> bool {
        self.statuses.get("completed") == Some(&self.cases)
            && self.incidents == 0
            && self.tally.unanswered == 0
    }

    pub(super) fn print(&self, arguments: &Arguments) -> std::io::Result<()> {
        if arguments.json {
            writeln!(stdout(), "{}", self.to_json(arguments))
        } else {
            self.print_text(arguments)
        }
    }

    fn per_second(&self, count: u64) -> f64 {
        count as f64 / self.took.as_secs_f64().max(1e-9)
    }

    fn to_json(&self, arguments: &Arguments) -> serde_json::Value {
        let latency = |histogram: &Histogram<u64>| {
            let at = |quantile| histogram.value_at_quantile(quantile);
            json!({ "count": histogram.len(), "p50_us": at(0.5), "p95_us": at(0.95), "p99_us": at(0.99), "max_us": histogram.max() })
        };
        json!({
            "cases": self.cases,
            "statuses": self.statuses,
            "incidents": self.incidents,
            "items_completed": self.items(),
            "answers_rejected": self.tally.rejected,
            "items_forced": self.tally.forced,
            "items_unanswered": self.tally.unanswered,
            "items_missed": self.tally.missed,
            "checkout": latency(&self.tally.checkouts),
            "checkin": latency(&self.tally.checkins),
            "seconds": self.took.as_secs_f64(),
            "cases_per_second": self.per_second(self.cases as u64),
            "items_per_second": self.per_second(self.items()),
            "virtual_seconds": if arguments.real_time { None } else { Some(self.virtual_ms / 1000) },
            "agents": arguments.agents,
            "seed": arguments.seed,
            "durable": arguments.data.is_some(),
        })
    }

    fn items(&self) -> u64 {
        self.tally.checkins.len() + self.tally.forced
    }

    fn print_text(&self, arguments: &Arguments) -> std::io::Result<()> {
        let mut out = stdout().lock();
        let statuses: Vec<String> =
            self.statuses.iter().map(|(name, count)| format!("{count} {name}")).collect();
        writeln!(out, "cases      {} ({})", self.cases, statuses.join(", "))?;
        writeln!(out, "incidents  {}", self.incidents)?;
        let (rejected, forced) = (self.tally.rejected, self.tally.forced);
        writeln!(
            out,
            "items      {} completed; {rejected} answers rejected, {forced} items forced",
            self.items()
        )?;
        let store = if arguments.data.is_some() { "durable" } else { "in memory" };
        let (cases, items) = (self.per_second(self.cases as u64), self.per_second(self.items()));
        let seconds = self.took.as_secs_f64();
        writeln!(out, "time       {seconds:.2} s {store}: {cases:.0} cases/s, {items:.0} items/s")?;
        if !arguments.real_time {
            writeln!(out, "clock      {:.1} days went by", self.virtual_ms as f64 / 86_400_000.0)?;
        }
        for (name, histogram) in
            [("checkout", &self.tally.checkouts), ("check-in", &self.tally.checkins)]
        {
            let at = |quantile| histogram.value_at_quantile(quantile) as f64 / 1000.0;
            let (p50, p95, p99) = (at(0.5), at(0.95), at(0.99));
            writeln!(out, "{name:<10} p50 {p50:.2} ms, p95 {p95:.2} ms, p99 {p99:.2} ms")?;
        }
        Ok(())
    }
}
