//! Bytes of an open four-task case, counted by the allocator. Prints; asserts nothing.
//!
//! `cargo bench -p node --bench memory -- [CASES]`. Counting slows everything down: speed is measured elsewhere.
//! Tables that double are counted whole, so the figure depends on the number of cases.

use std::alloc::System;

use node::{Config, Handle, Launch, Node};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const FOUR_TASKS: &str = include_str!("../../../examples/four_tasks.yawl");
const KEY: &str = "UID_flotilla_four_tasks:1.0";
/// Launches in one call.
const CALL: usize = 1000;

fn main() -> anyhow::Result<()> {
    let cases = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(100_000);
    println!("an open four-task case, its state alone: {} bytes", state_bytes()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(all_of_it(cases))
}

/// What the engine's state of one case holds.
fn state_bytes() -> anyhow::Result<usize> {
    let set = model::read(FOUR_TASKS).map_err(|findings| anyhow::anyhow!("{findings:?}"))?;
    let program = engine::Program::compile(&set.specifications[0])
        .map_err(|findings| anyhow::anyhow!("{findings:?}"))?;
    let case = engine::CaseId::parse("123456")?;
    let launch = engine::Launch { case, data: None, start_at_ms: None };
    let now = engine::Now { unix_ms: 0, offset_minutes: 0 };
    let decision = engine::launch(&program, launch, engine::Inputs { now, seed: 0 })?;
    let region = Region::new(ALLOCATOR);
    let kept = Box::new(decision.case.clone());
    let held = held(&region);
    drop(kept);
    Ok(held)
}

/// What a node on a disk holds for each case: state, tables, place in the log.
async fn all_of_it(cases: usize) -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let config = Config {
        directory: Some(directory.path().to_owned()),
        hot_cases_max: usize::MAX,
        ..Config::default()
    };
    let node = Node::start(config).await?;
    let handle = node.handle();
    handle.upload(FOUR_TASKS).await?;
    // Buffers and channels have their size after this.
    launch(&handle, 2 * CALL).await?;
    let region = Region::new(ALLOCATOR);
    launch(&handle, cases).await?;
    println!("{cases} of them in a node, each: {} bytes", held(&region) / cases);
    drop(handle);
    Ok(node.shutdown().await?)
}

async fn launch(handle: &Handle, cases: usize) -> anyhow::Result<()> {
    for _ in 0..cases / CALL {
        let launch = Launch { specification: KEY.to_owned(), ..Launch::default() };
        for answer in handle.launch_many(vec![launch; CALL]).await {
            answer?;
        }
    }
    Ok(())
}

fn held(region: &Region<'_, System>) -> usize {
    let change = region.change();
    change.bytes_allocated - change.bytes_deallocated
}
