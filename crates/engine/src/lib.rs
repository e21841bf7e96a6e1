//! Core: what may happen next in a case.
//!
//! ```text
//!   Specification ──Program::compile──▶ Program (dense ids, compiled queries, data types)
//!                                          │
//!   Command ──decide(program, case)──▶ Decision { events, case after them, answer } or Refusal
//!   Event   ──apply(case)────────────▶ the case, as it was decided: replay is `apply` in a loop
//! ```
//!
//! Pure: no clock, no I/O, no randomness, no async. The moment and the choices that the reference makes at random come
//! in as [`Inputs`]. `decide` changes nothing; a refused command leaves nothing behind. Events carry
//! all that `apply` needs: replaying evaluates no query and needs no specification.
//!
//! The semantics are those of YAWL 6.1; `docs/architecture.md` says where each rule is found. What the
//! reference does by accident (its stuck items after a rejected check-in, its lost results) is absent.

pub mod case;
pub mod command;
pub mod event;
pub mod ids;
pub mod program;
pub mod view;

mod apply;
pub mod calendar;
mod complete;
mod data;
mod decide;
mod fire;
mod invariants;
mod net_run;
pub mod or_join;
mod replay;
mod small_map;
mod split;
mod step;
mod timer;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod testing;

pub use apply::apply;
pub use case::Case;
pub use command::{Answer, Command, Decision, Inputs, Launch, Refusal};
pub use decide::{decide, launch};
pub use event::Event;
pub use ids::{CaseId, ConditionIndex, ItemKey, NetIndex, Path, TaskIndex, VariableIndex};
pub use invariants::check_invariants;
pub use program::Program;
pub use replay::{Misfit, check_case, check_event, check_task, replay};
pub use small_map::SmallMap;

// Part of `Inputs`, so that nobody further out need know the query language.
pub use query::Now;
