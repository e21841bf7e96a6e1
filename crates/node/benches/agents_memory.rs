//! L5: bytes of a registered agent, counted by the allocator: in the registry, in what lists are read from, and in the
//! marketplace. Prints; asserts nothing.
//!
//! `cargo bench -p node --bench agents_memory -- [AGENTS]`. Counting slows everything down: speed is measured elsewhere.
//! Tables that double are counted whole, so the figure depends on the number of agents.

use std::{alloc::System, sync::Arc};

use agents::{
    AgentId, SessionId,
    marketplace::{Draft, Offering},
    registry::{Answer, Capabilities, Command, Incarnation, Registration, Who},
};
use anyhow::Context as _;
use node::{Config, Handle, Node};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Agents in one call, and in one session.
const CALL: usize = 1_000;
/// Publications between two renewals of everybody.
const RENEW_AFTER: usize = 20_000;
/// Different lists of capabilities, and different offerings.
const KINDS: usize = 1_000;

fn main() -> anyhow::Result<()> {
    let agents = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(measure(agents))
}

async fn measure(agents: usize) -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let config = Config { directory: Some(directory.path().to_owned()), ..Config::default() };
    let node = Node::start(config).await?;
    let handle = node.handle();
    let offerings = offerings()?;
    // Buffers and channels have their size after this.
    for call in 0..2 {
        register(&handle, "first", call).await?;
    }
    let region = Region::new(ALLOCATOR);
    let mut sessions = Vec::new();
    for call in 0..agents / CALL {
        sessions.push(register(&handle, "agent", call).await?);
    }
    let registered = held(&region) / agents;
    for number in 0..agents {
        if number % RENEW_AFTER == 0 {
            // Nobody may go stale while there are many to publish.
            handle.registry(Command::RenewSessions { sessions: sessions.clone() }).await?;
        }
        publish(&handle, number, &offerings[number % KINDS]).await?;
    }
    let listed = held(&region) / agents;
    println!(
        "{agents} agents, {KINDS} kinds, sessions of {CALL}, each: {registered} bytes registered, {listed} bytes with a listing"
    );
    drop(handle);
    Ok(node.shutdown().await?)
}

async fn register(handle: &Handle, name: &str, call: usize) -> anyhow::Result<SessionId> {
    let host = format!("host-{call}").parse().context("a host")?;
    let Answer::SessionOpened(session) = handle.registry(Command::OpenSession { host }).await?
    else {
        anyhow::bail!("opening a session is answered as that");
    };
    let registration = |number| {
        let can = vec![format!("work-{}", number % KINDS).parse()?, "answer".parse()?];
        let capabilities = Capabilities::new(can).context("two are allowed")?;
        anyhow::Ok(Registration { id: id(name, number)?, capabilities, profile: None })
    };
    let agents = (call * CALL..(call + 1) * CALL).map(registration).collect::<Result<_, _>>()?;
    handle.registry(Command::Register { session: Some(session), agents }).await?;
    Ok(session)
}

async fn publish(handle: &Handle, number: usize, offering: &Arc<Offering>) -> anyhow::Result<()> {
    let id = id("agent", number)?;
    let epoch = handle.agent(&id).context("it is registered")?.epoch;
    let agent = Incarnation { who: Who::Id(id), epoch };
    Ok(handle.publish(agent, offering.clone()).await?)
}

fn id(name: &str, number: usize) -> anyhow::Result<AgentId> {
    Ok(format!("{name}-{number:07}").parse()?)
}

fn offerings() -> anyhow::Result<Vec<Arc<Offering>>> {
    let draft = |number| Draft::minimal(&format!("domain {number}"), "does what the domain says");
    (0..KINDS).map(|number| Ok(Arc::new(Offering::new(draft(number))?))).collect()
}

fn held(region: &Region<'_, System>) -> usize {
    let change = region.change();
    change.bytes_allocated.saturating_sub(change.bytes_deallocated)
}
