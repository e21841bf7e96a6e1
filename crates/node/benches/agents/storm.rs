//! L3: every lease ends at the same moment. How long until all work can be claimed again, and whether anybody else
//! notices.

use std::{path::Path, time::Duration};

use agents::{
    lease::Retry,
    registry::{Command, Settings},
};
use node::{Config, Node};

use crate::{
    Size, leases, load,
    renew::renewed,
    world::{config, memory_mib, now, processor, rate},
};

/// From when the last lease would end as it was claimed to when all end as they were renewed.
const LEAD: Duration = Duration::from_secs(2);
/// After this the storm is lost.
const STORM_MAX: Duration = Duration::from_secs(300);
/// How often it is looked whether the storm is over.
const LOOK: Duration = Duration::from_millis(20);

pub(crate) async fn measure(path: &Path, size: Size) -> anyhow::Result<()> {
    // No rest: what is measured is how fast the node is, not how long it lets an item lie.
    let retry = Retry { rest_ms: 0, ..Retry::default() };
    // Nobody renews the agents while leases are given out.
    let agents =
        Settings { stale_after_ms: 3_600_000, dead_after_ms: 7_200_000, ..Settings::default() };
    let node = Node::start(Config { retry, agents, ..config(path) }).await?;
    let handle = node.handle();
    let items = size.agents;
    let fleet = leases::holders(&handle, items).await?;
    leases::launch(&handle, items).await?.report("launched, calls of 1000");
    let (held, mut claimed) = leases::claim(&handle, &fleet, items).await?;
    claimed.report("claimed, 100 items a call");
    anyhow::ensure!(leases::claimable(&handle).await? == 0, "everything is held");

    // Behind the end of every lease as it was claimed.
    let storm = now() + leases::term(items) + LEAD;
    let until = || storm.saturating_duration_since(now());
    leases::end_in(&handle, &held, until).await?.report("leases renewed, 1000 a call");
    anyhow::ensure!(!until().is_zero(), "the last lease was renewed before the first one ended");
    drop(held);
    println!("all {items} leases end together in {:.1?}", until());
    tokio::time::sleep(until()).await;

    let used = processor()?;
    let stop = storm + STORM_MAX;
    let over = async {
        loop {
            let free = leases::claimable(&handle).await?;
            anyhow::ensure!(now() < stop, "{free} of {items} are free after {STORM_MAX:?}");
            if free as usize == items {
                return Ok(storm.elapsed());
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    // Meanwhile as many agents as items renew themselves, one a call.
    let calls_per_s = size.agents as f64 / 60.0;
    let renewals = load::open((calls_per_s, size.seconds), |number| {
        let (handle, member) = (handle.clone(), &fleet.members[number % fleet.members.len()]);
        async move { renewed(handle.registry(Command::Renew { agents: vec![member.named()] }).await?) }
    });
    let (over, renewals) = tokio::join!(over, renewals);
    let (over, mut renewals): (Duration, load::Outcome) = (over?, renewals?);
    println!("all can be claimed again: {}", rate(items, over));
    println!("  processor: {:.2?}, with what follows", processor()? - used);
    renewals.report("  meanwhile renewed, one agent a call, none missed");
    println!("  memory: {} MiB at most", memory_mib("VmHWM")?);
    let agents = fleet.members.len();
    anyhow::ensure!(handle.agent_counts().1 as usize == agents, "all agents are live");
    drop(handle);
    Ok(node.shutdown().await?)
}
