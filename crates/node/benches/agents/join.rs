//! L7: everybody joins at once, and then says what it offers.

use std::path::Path;

use agents::registry::Incarnation;

use crate::{
    Size, load,
    search::offerings,
    world::{Fleet, capability, enlist, memory_mib, now, processor, rate, start},
};

/// Agents that publish at once.
const PUBLISHERS: usize = 10_000;

pub(crate) async fn measure(path: &Path, size: Size) -> anyhow::Result<()> {
    let node = start(path).await?;
    let handle = node.handle();
    let (began, used) = (now(), processor()?);
    let fleet = enlist(&handle, ("agent", size.agents), |number| {
        capability(&format!("work-{}", number % 1000))
    })
    .await?;
    let (took, used) = (began.elapsed(), processor()? - used);
    println!("registered by sessions of 1000, 4 calls at once: {}", rate(size.agents, took));
    println!(
        "  processor: {:.2} s, {:.1} % of a core",
        used.as_secs_f64(),
        100.0 * used.as_secs_f64() / took.as_secs_f64()
    );
    let (registered, live, _) = handle.agent_counts();
    anyhow::ensure!((registered, live as usize) == (size.agents, size.agents), "all are live");
    let mut published = publish(&handle, &fleet).await?;
    published.report("listed on the marketplace, one agent a call");
    println!(
        "  memory: {} MiB resident, {} MiB at most",
        memory_mib("VmRSS")?,
        memory_mib("VmHWM")?
    );
    drop(handle);
    Ok(node.shutdown().await?)
}

/// Every agent publishes one of a thousand offerings.
pub(crate) async fn publish(handle: &node::Handle, fleet: &Fleet) -> anyhow::Result<load::Outcome> {
    let offerings = offerings()?;
    load::each(PUBLISHERS, fleet.members.len(), |number| {
        let agent: Incarnation = fleet.members[number].named();
        let offering = offerings[number % offerings.len()].clone();
        let handle = handle.clone();
        async move {
            handle.publish(agent, offering).await?;
            Ok(1)
        }
    })
    .await
}
