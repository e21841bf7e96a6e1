//! SHELL: runs the rules over the store. The only place where cases meet disk and time.
//!
//! ```text
//!   Handle ──commands──▶ inbox ─▶ partition: decide ─▶ writer: append + sync ─▶ projection ─▶ Handle
//!      (by hash of the        (bounded)  ▲ timers           │ snapshots             (cases, items,
//!       case's id)                       └ clock            └ answers, changes       histories)
//! ```
//!
//! Start with [`Node::start`], take its [`Handle`], upload, launch, command, look. [`Node::shutdown`] drains.
//!
//! Invariants:
//! - Nobody is told, and no list shows, what a crash could still undo.
//! - A case has one owner and its commands one order. Replaying its records gives its state.
//! - A command id repeated on the same case gives the same answer and decides nothing; the last
//!   32 ids of a case are known, also after a restart. So are the ids of the last 100,000 launches.
//! - Ids that the node gives are never given twice, restarts included.
//! - Every queue, batch, page and memory of ids has a limit; a full inbox refuses at once.
//!
//! A partition whose log fails stops for good ([`Node::failed`]); starting the node again rebuilds it from
//! the log. The other partitions go on meanwhile. So with the desk, where agents register and claim.
//!
//! Calls need a tokio runtime with its timer; deciding and writing happen on threads of the node's own. Absent: HTTP,
//! wire formats, rules about nets and agents, knowledge of how bytes lie on the disk.

pub mod api;
pub mod clock;
pub mod config;
pub mod ids;
pub mod rejected;
pub mod storage;
pub mod telemetry;

mod handle;
mod node;
mod reads;

mod board;
mod capabilities;
mod cases;
mod catalogue;
mod chain;
mod context;
mod desk;
mod entry;
mod given;
mod history;
mod inbox;
mod items;
mod launch_ids;
mod ledger;
mod named;
mod natural;
mod partition;
mod projection;
mod record;
mod recovery;
mod resourced;
mod reviews;
mod snapshotter;
mod streams;
mod timers;
mod traceparent;
mod worklists;
mod writer;

pub use api::{
    Action, Answered, Asked, BallotSummary, CaseDetail, CaseFilter, CaseSummary, Change,
    ChangeKind, Claimed, ClaimedBallot, Command, HistoryEvent, HistoryPage, ItemDetail, ItemFilter,
    ItemSummary, LEASE_STANDINGS, Launch, Launched, LeaseSummary, Loaded, Page, Recovered, Renewal,
    ReviewDetail, ReviewFilter, ReviewSummary, Standing, Tallied, Uploaded, VoteSummary,
};
pub use clock::Clock;
pub use config::Config;
pub use desk::{
    AgentDetail, AgentFilter, AgentsAside, Breaker, ClaimRequest, Discovery, Granted, MarketFound,
    MarketPage, SessionDetail, WAIT_MS_MAX,
};
pub use engine::{CaseId, Refusal};
pub use given::{GivenItem, Queue, WorklistFilter};
pub use handle::Handle;
pub use ids::{CommandId, NotACommandId, SpecificationKey, case_of_item};
pub use node::Node;
pub use rejected::{Fault, Rejected, StartError};
pub use storage::Storage;
pub use streams::{CancelReason, IN_HAND_MAX, PUSH_AGENTS_MAX, Push, SessionStream, StreamEvent};
pub use telemetry::Telemetry;
pub use traceparent::{NotATraceparent, Traceparent};

#[cfg(test)]
mod tests;
