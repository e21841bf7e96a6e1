//! How a task's results are reviewed, as its specification says.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Share;
use crate::ids::AgentId;

/// Most agents that one item is given to. Each does the whole work.
pub const QUORUM_MAX: u16 = 100;
/// Longest time that a panel waits in one phase: a month, more than any person is away.
pub const TIMEOUT_MS_MAX: u64 = 31 * 24 * 60 * 60 * 1_000;
/// Time for votes where the specification says nothing.
const TIMEOUT_MS: u64 = 15 * 60 * 1_000;

/// What a task asks of the agents that answer it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Agents that answer, each on its own.
    pub quorum: u16,
    pub strategy: Strategy,
    /// What a wrong answer would cost: only [`Strategy::Hybrid`] looks at it.
    pub severity: Severity,
    /// Votes below this confidence are kept and not counted.
    pub confidence_min: Share,
    /// Votes that must be left to count.
    pub votes_min: u16,
    /// Part of the counted votes that the answer must have; without it the answer with most of them is taken.
    pub supermajority: Option<Share>,
    /// Who is asked when the votes do not settle it.
    pub arbiter: Option<AgentId>,
    /// Time for the votes, and again for the arbiter, milliseconds.
    pub timeout_ms: u64,
    /// Whether a person is asked when neither votes nor arbiter settle it.
    pub fallback_to_human: bool,
}

/// What becomes of votes that disagree. An answer that all voters give is taken by each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    /// The most votes win; the arbiter is asked if they are too few.
    MajorityVote,
    /// The arbiter is asked.
    Escalate,
    /// A person is asked.
    HumanFallback,
    /// By severity: critical to a person, high to the arbiter, the rest by majority.
    Hybrid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

/// Why a review cannot be held.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReview {
    #[error("the quorum is {0}; it lies between 1 and {QUORUM_MAX}")]
    Quorum(u16),
    #[error("{votes_min} votes are asked for and only {quorum} agents vote")]
    VotesMin { votes_min: u16, quorum: u16 },
    #[error("the timeout is {0} ms; it lies between 1 and {TIMEOUT_MS_MAX}")]
    Timeout(u64),
}

/// A word that names no severity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no severity; known are LOW, MEDIUM, HIGH and CRITICAL")]
pub struct UnknownSeverity(pub String);

/// A word that names no strategy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no strategy; known are MAJORITY_VOTE, ESCALATE, HUMAN_FALLBACK and HYBRID")]
pub struct UnknownStrategy(pub String);

impl Review {
    /// A review by so many agents, with what is usual else.
    pub fn of(quorum: u16) -> Self {
        Self {
            quorum,
            strategy: Strategy::MajorityVote,
            severity: Severity::Medium,
            confidence_min: Share::HALF,
            votes_min: 2.min(quorum),
            supermajority: Some(Share::percent(60)),
            arbiter: None,
            timeout_ms: TIMEOUT_MS,
            fallback_to_human: true,
        }
    }

    /// Whether a panel can be held by it. [`super::decide`] takes this for granted.
    pub fn check(&self) -> Result<(), InvalidReview> {
        let Self { quorum, votes_min, timeout_ms, .. } = *self;
        if !(1..=QUORUM_MAX).contains(&quorum) {
            return Err(InvalidReview::Quorum(quorum));
        }
        if !(1..=quorum).contains(&votes_min) {
            return Err(InvalidReview::VotesMin { votes_min, quorum });
        }
        if !(1..=TIMEOUT_MS_MAX).contains(&timeout_ms) {
            return Err(InvalidReview::Timeout(timeout_ms));
        }
        Ok(())
    }

    /// The strategy that disagreement is settled by: never [`Strategy::Hybrid`].
    pub(super) fn strategy_now(&self) -> Strategy {
        match (self.strategy, self.severity) {
            (Strategy::Hybrid, Severity::Critical) => Strategy::HumanFallback,
            (Strategy::Hybrid, Severity::High) => Strategy::Escalate,
            (Strategy::Hybrid, Severity::Low | Severity::Medium) => Strategy::MajorityVote,
            (strategy, _) => strategy,
        }
    }
}

impl FromStr for Strategy {
    type Err = UnknownStrategy;

    fn from_str(text: &str) -> Result<Self, UnknownStrategy> {
        match text {
            "MAJORITY_VOTE" => Ok(Self::MajorityVote),
            "ESCALATE" => Ok(Self::Escalate),
            "HUMAN_FALLBACK" => Ok(Self::HumanFallback),
            "HYBRID" => Ok(Self::Hybrid),
            other => Err(UnknownStrategy(other.chars().take(100).collect())),
        }
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(text: &str) -> Result<Self, UnknownSeverity> {
        match text {
            "LOW" => Ok(Self::Low),
            "MEDIUM" => Ok(Self::Medium),
            "HIGH" => Ok(Self::High),
            "CRITICAL" => Ok(Self::Critical),
            other => Err(UnknownSeverity(other.chars().take(100).collect())),
        }
    }
}

impl Strategy {
    /// As specifications write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::MajorityVote => "MAJORITY_VOTE",
            Self::Escalate => "ESCALATE",
            Self::HumanFallback => "HUMAN_FALLBACK",
            Self::Hybrid => "HYBRID",
        }
    }
}

impl Severity {
    /// As specifications write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }
}
