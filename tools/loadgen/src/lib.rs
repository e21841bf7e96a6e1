//! Edge: a swarm of simulated agents that loads a server, measures it honestly and keeps a ledger.
//!
//! ```text
//!   seed ─ plan ─▶ pacer ──▶ drive ──▶ shots: one request each ──▶ sdk ──▶ server
//!   (computed ahead)  thread   │ owns agents, hands, ledger  │
//!                              └◀── latency, reply ──────────┘
//!                                        └─▶ verify (ask) ─▶ report, thresholds
//! ```
//!
//! Open loop: what is asked when is decided before the run and does not wait for answers; latency counts from the moment
//! that was intended. A run that could not keep its plan is refused, as is one whose counts the server's own counters
//! do not confirm. `docs/swarm.md` says how to read a report.

mod chance;
mod counters;
mod drive;
mod fleet;
mod latency;
mod ledger;
mod machine;
mod pacer;
mod plan;
mod report;
mod settings;
mod shot;
mod verify;

mod closed;
pub mod drought;

pub use self::{
    report::{Report, Verdict},
    settings::{Limit, Settings, Temper, Think},
};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Setting(String),
    #[error("the server could not be prepared")]
    Server(#[from] sdk::Error),
    #[error("the process has no thread for its plan")]
    Thread(#[source] std::io::Error),
}

/// Lets a swarm loose on the server that the settings name, and reports.
pub async fn run(settings: &Settings) -> Result<Report, Error> {
    settings.check()?;
    match settings.closed {
        0 => drive::run(settings).await,
        _ => closed::run(settings).await,
    }
}

/// The specification that the swarm works on: one task, one item for each case.
const SPECIFICATION: &str = include_str!("../../../examples/hello.yawl");
const KEY: &str = "UID_flotilla_hello:1.0";
const CAPABILITY: &str = "Answer";
const RESULT: &str = "<Answer><Reply>42</Reply></Answer>";
