//! Workers of the Rust SDK against a whole server in this process, and against servers that are out of their minds.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod drain;
mod fake;
mod hostile;
mod life;
mod lost;
mod model;
mod once;
mod restart;
mod site;
mod swarm;
