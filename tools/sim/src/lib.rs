//! Edge: agents, work and faults in virtual time, on one thread, from a seed.
//!
//! ```text
//!   clients with agents ──network: delay, loss, doubles, cuts──▶ node: desk ─▶ partitions ─▶ logs that sync and tear
//!        ▲      faults and an operator, when chance says so        │ registry, desk, queues, leases: the real cores
//!        └────────────────────────── answers ──────────────────────┘        ledger: what must hold, at every step
//! ```
//!
//! The cores of `agents` run as they are. What `node` does around them (batches, epochs, recovery) is modelled
//! here, and nets are replaced by items: see docs/simulation.md for what that leaves out.
//!
//! Invariants: the same seed is the same world to the last event; nothing here reads a clock or the machine's chance.

mod board;
mod cases;
mod chance;
mod client;
mod desk;
mod drought;
mod ledger;
mod log;
mod message;
mod node;
mod partition;
mod plan;
mod schedule;
mod world;

use std::collections::BTreeMap;

pub use self::drought::{Drought, measure};
use self::{plan::Plan, world::World};

/// What became of one seed.
#[derive(Debug)]
pub struct Outcome {
    pub events: u64,
    pub checks: u64,
    pub counts: BTreeMap<&'static str, u64>,
    /// When and which promise was broken first.
    pub broken: Option<(u64, String)>,
}

/// Runs the world of a seed for so many hours and through the calm after them. With `trace` it tells what happens.
pub fn run(seed: u64, hours: u64, trace: bool) -> Outcome {
    let mut world = World::new(Plan::of(seed, hours), trace);
    world.run();
    let broken = world.ledger.first_broken().map(|what| (world.schedule.now(), what.to_owned()));
    Outcome {
        events: world.events,
        checks: world.ledger.checks(),
        counts: world.ledger.counts().clone(),
        broken,
    }
}
