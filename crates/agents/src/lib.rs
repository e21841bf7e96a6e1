//! Core: who may do which work, until when, and whose result counts.
//!
//! ```text
//!   registry      who is there: agents and their sessions, renewed before they go stale, removed when dead
//!   lease         who holds a work item: one holder, one epoch; late results are refused
//!   queue         which items wait for a capability: oldest first, in turn between specifications
//!   waiters       which agents wait for work: one of them is woken for each item
//!   desk          where agents claim: asks the queues of all partitions, has claims wait, gives advice
//!   backoff       how long who found nothing stays away; breaker: when nobody should even ask
//!   marketplace   what agents offer: five dimensions, seven queries, cheapest first
//!   resourcing    what a task's `resourcing` asks of people and agents: offer, allocate, start
//!   conflict      what counts when several agents answer the same question
//!   jury          which agents answer an item under review: ballots under leases, and what follows from their votes
//! ```
//!
//! Each part is a state of its own with commands, events and refusals. Time is a [`Moment`] that the caller
//! brings, chance a seed. Nothing here knows how a net works, what disk or socket an answer travels over, or
//! what time it is.
//!
//! Invariants:
//! - An item has at most one holder, one under review at most one for each ballot; an epoch is never given twice.
//! - No agent is declared dead while it was renewed within the time that its registration promised.
//! - A dead agent is in no index.

pub mod backoff;
pub mod breaker;
pub mod conflict;
pub mod deadlines;
pub mod desk;
pub mod ids;
pub mod jury;
pub mod lease;
pub mod marketplace;
pub mod queue;
pub mod registry;
pub mod resourcing;
pub mod waiters;

pub use ids::{AgentId, Capability, Epoch, InvalidName, Moment, SessionId, Slot};
