//! What counts when several agents answer the same question: votes, an arbiter, a person.
//!
//! ```text
//!             the last vote, or time is up          ┌──▶ settled: one answer counts
//!   voting ─────────────────────────────▶ tally ────┤
//!                                                   ├──▶ escalated ── arbiter answers ──▶ settled
//!                                                   │        │ time is up
//!                                                   ├────────┴─▶ a person is needed ──▶ settled
//!                                                   └──▶ unresolved: neither arbiter nor person
//! ```
//!
//! A [`Review`] says how many agents answer and what becomes of disagreement; a [`Panel`] is what one work item
//! under review has got so far. Votes are counted when the last one is in, or when time is up: so the order in
//! which they came cannot matter. Whose lease on the item is valid is decided elsewhere.

mod decide;
mod panel;
mod review;
mod share;
mod tally;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(crate) use self::decide::{ask_human, cut};
pub use self::{
    decide::decide,
    panel::{Panel, Phase, Vote, apply, check_invariants},
    review::{
        InvalidReview, QUORUM_MAX, Review, Severity, Strategy, TIMEOUT_MS_MAX, UnknownSeverity,
        UnknownStrategy,
    },
    share::{InvalidShare, Share},
    tally::{Support, count},
};
use crate::ids::{AgentId, Epoch};

/// Bytes of one answer. A result that is larger is kept elsewhere and voted on by its name or hash.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Characters of an agent's reasoning that are kept; what is longer is cut. It is for people who look into it.
pub const REASONING_CHARS_MAX: usize = 512;
/// Name under which the audit knows that a person was called.
pub const ESCALATED_TO_HUMAN: &str = "AGENT_CONFLICT_ESCALATED_TO_HUMAN";

/// What somebody asks of a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// An agent's answer. The same again is quietly nothing.
    Submit { agent: AgentId, epoch: Epoch, answer: Box<[u8]>, confidence: Share, reasoning: String },
    /// The arbiter's answer to what was escalated.
    Arbitrate { by: AgentId, answer: Box<[u8]> },
    /// A person's answer.
    Resolve { by: Box<str>, answer: Box<[u8]> },
    /// The time of this phase is up. Quietly nothing if the phase has passed.
    Expire { phase: Phase },
}

/// What happened. Stored for ever: variants are added at the end, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    Submitted {
        agent: AgentId,
        epoch: Epoch,
        answer: Box<[u8]>,
        confidence: Share,
        /// At most [`REASONING_CHARS_MAX`] characters.
        reasoning: Box<str>,
    },
    /// The votes settled it.
    Agreed {
        answer: Box<[u8]>,
    },
    /// The arbiter is asked.
    Escalated {
        to: AgentId,
    },
    /// A person is asked: [`ESCALATED_TO_HUMAN`].
    HumanNeeded,
    /// The arbiter or a person settled it.
    Resolved {
        by: Box<str>,
        answer: Box<[u8]>,
    },
    TimedOut {
        phase: Phase,
    },
    /// Nobody is left to ask: the item has no result.
    Unresolved,
}

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("agent {agent} has voted already, under epoch {}", .epoch.0)]
    Voted { agent: AgentId, epoch: Epoch },
    #[error("all {quorum} votes are in, or their time is up")]
    Closed { quorum: u16 },
    #[error("the answer has {bytes} bytes, at most {ANSWER_BYTES_MAX} are taken")]
    AnswerTooLong { bytes: usize },
    #[error("the review is {phase}: no answer of the arbiter is waited for")]
    NotEscalated { phase: Phase },
    #[error("the arbiter is {arbiter}, not {by}")]
    NotArbiter { arbiter: AgentId, by: AgentId },
    #[error("the review is {phase}: no answer of a person is waited for")]
    NoHumanNeeded { phase: Phase },
}
