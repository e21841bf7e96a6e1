//! Bytes that the registry holds for an agent: its record, its places in the index and on the wheel.
//!
//! A program of its own, since the allocator counts for all of it.

use agents::registry::{Capabilities, Command, Registration, Registry, Settings, State};
use agents::{Moment, SessionId};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<std::alloc::System> = &INSTRUMENTED_SYSTEM;

const NOW: Moment = Moment { ms: 1_000_000 };
const BATCH: usize = 10_000;

/// What the allocator holds for each of `agents`, registered in batches under `sessions` sessions.
fn bytes_each(agents: usize, sessions: u64, id: impl Fn(usize) -> String) -> f64 {
    let before = Region::new(ALLOCATOR);
    let mut registry = Registry::resume(State::new(Settings::default()), NOW);
    for _ in 0..sessions {
        apply(&mut registry, Command::OpenSession { host: "host".parse().expect("a host") });
    }
    let can = ["order", "pack"].map(|name| name.parse().expect("a capability"));
    let can = Capabilities::new(can.into()).expect("two are allowed");
    let agent = |i: usize| Registration {
        id: id(i).parse().expect("an id"),
        capabilities: can.clone(),
        profile: None,
    };
    let mut next = 0;
    while next < agents {
        let end = agents.min(next + BATCH);
        let session = (sessions > 0).then(|| SessionId(1 + (next / BATCH) as u64 % sessions));
        apply(
            &mut registry,
            Command::Register { session, agents: (next..end).map(agent).collect() },
        );
        next = end;
    }
    let change = before.change();
    assert_eq!(registry.state().len(), agents);
    assert_eq!(registry.live() as usize, agents);
    // What a reallocation adds or gives back is part of both of these.
    (change.bytes_allocated as f64 - change.bytes_deallocated as f64) / agents as f64
}

fn apply(registry: &mut Registry, command: Command) {
    let decision = registry.decide(command, NOW).expect("it is not refused");
    registry.apply(&decision.event.expect("it changes something"));
}

#[test]
fn an_agent_takes_at_most_200_bytes() {
    let short = |i| format!("agent-{i:06}");
    let longest_inline = |i| format!("eu-west/picker-{i:08}");
    for (agents, sessions) in [(100_000, 0), (100_000, 10), (131_073, 2), (1_000, 1)] {
        let short = bytes_each(agents, sessions, short);
        let long = bytes_each(agents, sessions, longest_inline);
        println!("{agents} agents, {sessions} sessions: {short:.1} B, {long:.1} B");
        // The wheel itself and the first chunk are shared by few.
        let shared = 60_000.0 / agents as f64;
        assert!(short <= 200.0 + shared, "{agents} agents: {short:.1} B each");
        assert!(long <= 200.0 + shared, "{agents} agents: {long:.1} B each");
    }
}
