//! EDGE: HTTP interfaces and the `flotilla` command.
//!
//! ```text
//!   socket ─ listen ─ guard ─┬─ rest ──────┐
//!   (limits, drain)  (who,   ├─ actuator ──┼─▶ node::Handle
//!                   how much)├─ admin      │
//!                            ├─ agent_registry
//!                            ├─ ui         │
//!                            └─ openapi    │
//!   flotilla serve · demo · run ───────────┘
//! ```
//!
//! Turns requests into commands and answers into replies; decides nothing about nets. Nothing here
//! knows how bytes lie on the disk. Every error leaves as a [`problem`]; every limit answers with one.
//! Absent: authentication (so only loopback addresses are served unless the operator says otherwise),
//! the YAWL interfaces A, B, E and X.

pub mod cli;
pub mod config;
pub mod server;

mod app;
mod openapi;

mod rest;

mod actuator;
mod admin;
mod agent_registry;
mod ui;

mod body;
mod credentials;
mod from_wire;
mod guard;
mod hand_off;
mod layout;
mod listen;
mod outgoing;
mod problem;
mod swarm;
mod to_wire;
mod verdict;
mod verdicts;
