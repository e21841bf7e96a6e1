//! Cases created, in batches and one by one.

use std::path::Path;

use node::Rejected;

use crate::{
    raw,
    world::{CALL, CALLS, FOUR_TASKS, fill, memory, now, rate, start, stop},
};

/// Clients that ask for one thing at a time.
pub(crate) const CLIENTS: [usize; 3] = [1, 16, 256];
/// Each client's launches in the measurement one by one.
const LAUNCHES: usize = 2000;
/// All clients' together.
const LAUNCHES_MAX: usize = 200_000;

pub(crate) async fn in_batches(path: &Path, cases: usize) -> anyhow::Result<()> {
    let node = start(path, &FOUR_TASKS, 2).await?;
    let handle = node.handle();
    let before = memory("VmRSS")?;
    let began = now();
    fill(&handle, &FOUR_TASKS, cases).await?;
    let took = began.elapsed();
    let resident = memory("VmRSS")?.saturating_sub(before);
    println!("created durably in calls of {CALL}, {CALLS} at once: {}", rate(cases, took));
    raw::compare(path, handle.telemetry(), (cases, took))?;
    println!("  resident bytes per open case: {}", resident / cases as u64);
    drop(handle);
    stop(node).await
}

pub(crate) async fn one_by_one(path: &Path) -> anyhow::Result<()> {
    for clients in CLIENTS {
        let node = start(&path.join(clients.to_string()), &FOUR_TASKS, 2).await?;
        let handle = node.handle();
        let began = now();
        let mut working = tokio::task::JoinSet::new();
        let each = LAUNCHES.min(LAUNCHES_MAX / clients);
        for _ in 0..clients {
            let handle = handle.clone();
            working.spawn(async move {
                for _ in 0..each {
                    handle.launch(FOUR_TASKS.launch()).await?;
                }
                Ok::<_, Rejected>(())
            });
        }
        for done in working.join_all().await {
            done?;
        }
        let took = began.elapsed();
        let appends = handle.telemetry().append_ms.read();
        println!(
            "created durably one by one, {clients} clients: {}; {:.1} records an append, {:.3} ms each",
            rate(clients * each, took),
            (clients * each) as f64 / appends.count as f64,
            appends.sum / appends.count as f64
        );
        drop(handle);
        stop(node).await?;
    }
    Ok(())
}
