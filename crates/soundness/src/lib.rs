//! Core: whether every case of a specification can end, ends cleanly, and leaves no task unused.
//!
//! ```text
//!   engine::Program ──ResetNet::of──▶ reset net ──reduce──▶ smaller reset net ──explore──▶ state graph
//!                                                                       │ (incomplete?) │
//!                                                     coverability ◀── backwards         │
//!                                                                            │           │
//!   Verdict { per net: outcome, defects with a walk, advice } ◀──────────── judge ───────┘
//! ```
//!
//! Data is abstracted away: every predicate can be true and false, so that a sound net is sound whatever its
//! data, and a defect names a walk that needs the predicates to come out as the walk says. Each net is
//! judged alone; a composite task is one task that ends. `docs/verification.md` has the definitions and
//! the papers they come from.
//!
//! The semantics are in [`marking`], as plainly as they can be written. The search uses a reduced net; its
//! walks are walks of the original, and each is replayed there before it is given out.

pub mod marking;
pub mod verdict;

mod advice;
mod backwards;
mod coverability;
mod graph;
mod judge;
mod reduce;
mod reset_net;

#[cfg(test)]
mod tests;

pub use judge::{judge, judge_net};
pub use marking::{Marking, Move};
pub use verdict::{Advice, Answer, Defect, Kind, NetVerdict, Outcome, Verdict};

/// How much one net may cost: states explored and OR-joins tested, together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub usize);

impl Limit {
    /// For a check while somebody waits for the answer to an upload. All recorded specifications are decided within
    /// it, most within a hundredth.
    pub const UPLOAD: Self = Self(20_000);
    /// For a check that is asked for.
    pub const VERIFY: Self = Self(500_000);
}
