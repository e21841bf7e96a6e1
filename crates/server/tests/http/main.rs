//! The server as its clients see it: a whole one in this process, spoken to over its sockets.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod admin;
mod agent_registry;
mod agents;
mod claims;
mod contract;
mod fleet;
mod hand_offs;
mod hostile;
mod marketplace;
mod metrics;
mod operation;
mod organisation;
mod outside;
mod prometheus;
mod reviews;
mod site;
mod soundness;
mod streams;
mod traces;
mod worklists;
