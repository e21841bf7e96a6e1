//! L6: the fifty cheapest agents that fit three predicates, while everybody is being renewed.

use std::{path::Path, sync::Arc, time::Duration};

use agents::{
    marketplace::{
        Contract, Cost, Coverage, Draft, LatencyProfile, Offering, Query, Search, SlotQuery, Wcp,
    },
    registry::Command,
};
use anyhow::Context as _;
use node::Handle;

use crate::{
    Size, join,
    load::{self, percentile_ms},
    renew::renewed,
    world::{capability, enlist, now, start},
};

/// Different offerings: as many agents as there are of each are one as good as the other.
const OFFERINGS: usize = 1_000;
const NAMESPACES: usize = 20;
/// Queries a second: one thread asks, whatever became of those before.
const QUERIES_PER_S: f64 = 200.0;

pub(crate) async fn measure(path: &Path, size: Size) -> anyhow::Result<()> {
    let node = start(path).await?;
    let handle = node.handle();
    let fleet = enlist(&handle, ("agent", size.agents), |number| {
        capability(&format!("work-{}", number % 1000))
    })
    .await?;
    join::publish(&handle, &fleet).await?;
    let calls_per_s = size.agents as f64 / 60.0;
    let asking = {
        let handle = handle.clone();
        tokio::task::spawn_blocking(move || ask(&handle, size.seconds))
    };
    let mut renewals =
        load::open((calls_per_s, size.seconds), |number| {
            let (handle, member) =
                (handle.clone(), &fleet.members[number * 617 % fleet.members.len()]);
            async move {
                renewed(handle.registry(Command::Renew { agents: vec![member.named()] }).await?)
            }
        })
        .await?;
    let (mut latencies, found) = asking.await??;
    latencies.sort_unstable();
    let [p50, p95, p99] = [50.0, 95.0, 99.0].map(|percent| percentile_ms(&latencies, percent));
    println!(
        "{} queries of three predicates, {QUERIES_PER_S} a second: {found:.1} agents each on average",
        latencies.len()
    );
    println!("  latency ms: p50 {p50:.3}, p95 {p95:.3}, p99 {p99:.3}");
    renewals.report("  meanwhile renewed, one agent a call");
    drop(handle);
    Ok(node.shutdown().await?)
}

/// Asks on a schedule; gives how long each query took from when it was due, and the mean number of agents found.
fn ask(handle: &Handle, seconds: u64) -> anyhow::Result<(Vec<Duration>, f64)> {
    let (began, total) = (now(), (QUERIES_PER_S * seconds as f64) as usize);
    let (mut latencies, mut found) = (Vec::with_capacity(total), 0);
    for number in 0..total {
        let due = began + Duration::from_secs_f64(number as f64 / QUERIES_PER_S);
        let early = due.saturating_duration_since(now());
        if !early.is_zero() {
            std::thread::park_timeout(early);
        }
        found += handle.search(&search(number)?)?.found.len();
        latencies.push(now().saturating_duration_since(due));
    }
    Ok((latencies, found as f64 / total.max(1) as f64))
}

/// One namespace, one pattern, one limit on latency.
fn search(number: usize) -> anyhow::Result<Search> {
    let slot = SlotQuery {
        namespaces: vec![namespace(number % NAMESPACES).into()],
        wcp_pattern: Some(pattern(number / NAMESPACES)?),
        max_p99_ms: Some(1_200),
        ..SlotQuery::default()
    };
    Ok(Search::new(Query::TransitionSlot(slot)))
}

/// What agents offer in these measurements.
pub(crate) fn offerings() -> anyhow::Result<Vec<Arc<Offering>>> {
    (0..OFFERINGS).map(|number| Ok(Arc::new(offering(number)?))).collect()
}

fn offering(number: usize) -> anyhow::Result<Offering> {
    let price = 0.5 + (number * 7919 % OFFERINGS) as f64 / 100.0;
    let latency = match number % 3 {
        0 => LatencyProfile::qlever_class(),
        1 => LatencyProfile::standard_sparql(),
        _ => LatencyProfile::inference(),
    };
    let namespaces = vec![
        namespace(number % NAMESPACES).into(),
        namespace(number / NAMESPACES % NAMESPACES).into(),
    ];
    Ok(Offering::new(Draft {
        coverage: Coverage { namespaces, ..Coverage::default() },
        fit: vec![Contract::of(pattern(number / 3)?), Contract::of(pattern(number / 7)?)],
        cost: Cost::pure_inference(price),
        latency: vec![latency],
        ..Draft::minimal(&format!("domain {number}"), "does what the domain says")
    })?)
}

fn namespace(number: usize) -> String {
    format!("https://example.org/ontology/{number}")
}

fn pattern(number: usize) -> anyhow::Result<Wcp> {
    Wcp::new(u8::try_from(number % 10)? + 1).context("the first ten are patterns")
}
