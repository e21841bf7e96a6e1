//! L4: a node with leases and open items is killed and comes back; nobody loses anything by it.

use std::path::Path;

use agents::registry::Settings;
use node::{Config, Node};

use crate::{
    Size, leases,
    world::{capability, config, enlist, memory_mib, processor},
};

pub(crate) async fn measure(path: &Path, size: Size) -> anyhow::Result<()> {
    // Silent for three quarters of it before the crash, and for half of it after.
    let term = leases::term(size.agents);
    let stale_after_ms = u64::try_from(term.as_millis())?;
    let agents =
        Settings { stale_after_ms, dead_after_ms: 2 * stale_after_ms, ..Settings::default() };
    // Setting up takes longer than a term, and nobody renews meanwhile.
    let patient = Settings { stale_after_ms: 3_600_000, dead_after_ms: 7_200_000, ..agents };
    let node = Node::start(Config { agents: patient, ..config(path) }).await?;
    let handle = node.handle();
    let items = size.agents;
    leases::launch(&handle, 2 * items).await?.report("launched, calls of 1000");
    let fleet = leases::holders(&handle, items).await?;
    let others = enlist(&handle, ("agent", size.agents), |_| capability("else")).await?;
    let (held, mut claimed) = leases::claim(&handle, &fleet, items).await?;
    claimed.report("claimed, 100 items a call");
    tokio::time::sleep(term * 3 / 4).await;
    let all = fleet.members.len() + others.members.len();
    drop((handle, held, fleet, others));
    node.crash().await;

    for ending in ["a crash", "an orderly end", "a crash soon after"] {
        let used = processor()?;
        let node = Node::start(Config { agents, ..config(path) }).await?;
        let used = processor()? - used;
        let handle = node.handle();
        let found = node.recovered();
        println!(
            "ready {:.2?} after {ending} ({used:.2?} of processor): {} open cases, {} agents, {} records behind the snapshots",
            found.took, found.open_cases, found.agents, found.records,
        );
        tokio::time::sleep(term / 2).await;
        let (registered, live, _) = handle.agent_counts();
        anyhow::ensure!(
            (registered, live as usize) == (all, all),
            "{live} of {all} agents are live"
        );
        let free = leases::claimable(&handle).await?;
        anyhow::ensure!(
            free as usize == items,
            "{free} items are free, the other {items} are held"
        );
        println!(
            "  after {:?} of silence: all {all} agents are live, all {items} leases hold",
            term / 2
        );
        drop(handle);
        match ending {
            "a crash" => node.shutdown().await?,
            _ => node.crash().await,
        }
    }
    println!("memory: {} MiB at most", memory_mib("VmHWM")?);
    Ok(())
}
