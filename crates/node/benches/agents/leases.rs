//! Items on open cases, held by agents under leases: as many as agents, in several measurements.

use std::time::Duration;

use agents::registry::Incarnation;
use anyhow::Context as _;
use node::{ClaimRequest, Claimed, Handle, Launch, Renewal};

use crate::{
    load,
    world::{CALL, CALLERS, Fleet, capability, enlist},
};

const HELLO: &str = include_str!("../../../../examples/hello.yawl");
const KEY: &str = "UID_flotilla_hello:1.0";
/// What the specification's only task asks for.
const CAPABILITY: &str = "Answer";
/// Items of one agent.
const ITEMS_EACH: usize = 100;

/// How long a lease of so many holds without being renewed: longer than it takes to claim them all, at 3,300 a second.
pub(crate) fn term(items: usize) -> Duration {
    Duration::from_secs(20).max(Duration::from_micros(items as u64 * 300))
}

/// Launches `items` cases of one item each.
pub(crate) async fn launch(handle: &Handle, items: usize) -> anyhow::Result<load::Outcome> {
    handle.upload(HELLO).await?;
    load::each(CALLERS, items / CALL, |_| async {
        let launch = Launch { specification: KEY.to_owned(), ..Launch::default() };
        for answer in handle.launch_many(vec![launch; CALL]).await {
            answer?;
        }
        Ok(CALL)
    })
    .await
}

/// Agents that can do the work, a hundred items each.
pub(crate) async fn holders(handle: &Handle, items: usize) -> anyhow::Result<Fleet> {
    let agents = items.div_ceil(ITEMS_EACH).next_multiple_of(CALL);
    enlist(handle, ("holder", agents), |_| capability(CAPABILITY)).await
}

/// Has agents claim items until `items` are held.
pub(crate) async fn claim(
    handle: &Handle,
    fleet: &Fleet,
    items: usize,
) -> anyhow::Result<(Vec<Claimed>, load::Outcome)> {
    let held = std::cell::RefCell::new(Vec::with_capacity(items));
    let outcome = load::each(64, items.div_ceil(ITEMS_EACH), |number| {
        let request = request(fleet.members[number % fleet.members.len()].named(), term(items));
        let held = &held;
        async move {
            let granted = handle.claim(request).await?;
            let count = granted.items.len();
            held.borrow_mut().extend(granted.items);
            Ok(count)
        }
    })
    .await?;
    let held = held.into_inner();
    anyhow::ensure!(held.len() == items, "{} of {items} items are held", held.len());
    Ok((held, outcome))
}

fn request(agent: Incarnation, term: Duration) -> ClaimRequest {
    ClaimRequest {
        agent,
        class: "bench".to_owned(),
        capabilities: None,
        items_max: ITEMS_EACH,
        wait_ms: 0,
        term_ms: u64::try_from(term.as_millis()).unwrap_or(u64::MAX),
    }
}

/// Has every lease end `term()` from when it is renewed.
pub(crate) async fn end_in(
    handle: &Handle,
    held: &[Claimed],
    term: impl Fn() -> Duration,
) -> anyhow::Result<load::Outcome> {
    let calls: Vec<&[Claimed]> = held.chunks(CALL).collect();
    load::each(CALLERS, calls.len(), |number| {
        let term_ms = u64::try_from(term().as_millis()).unwrap_or(u64::MAX);
        let renewal = |claimed: &Claimed| Renewal {
            item: claimed.item.clone(),
            epoch: claimed.epoch,
            term_ms,
        };
        let renewals = calls[number].iter().map(renewal).collect();
        async move {
            let answers = handle.renew_leases(renewals).await;
            let count = answers.len();
            answers.into_iter().collect::<Result<Vec<_>, _>>().context("a lease was lost")?;
            Ok(count)
        }
    })
    .await
}

/// Items that can be claimed now.
pub(crate) async fn claimable(handle: &Handle) -> anyhow::Result<u64> {
    let demand = handle.discovery().await?.demand;
    Ok(demand.iter().map(|(_, items)| items).sum())
}
