//! Reviews: several agents answer one item, one answer counts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::lease::Lease;

/// A part of a whole, 0 to 1, to four decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Part(pub f64);

// JSON has no number that is not equal to itself.
impl Eq for Part {}

/// What an agent holds of an item under review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ballot {
    /// 1 to the quorum for a vote, 0 for the arbiter's word.
    pub number: u16,
    /// Agents that answer the item.
    pub quorum: u16,
    /// What the arbiter has to decide between; empty for those who vote.
    pub votes: Vec<Vote>,
}

/// An agent's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Vote {
    pub agent: String,
    pub ballot: Option<u16>,
    /// The result as XML.
    pub answer: String,
    pub confidence: Part,
    /// At most 512 characters.
    pub reasoning: String,
}

/// Where the review of an item stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Standing {
    /// `voting`, `escalated`, `human-needed` or `unresolved`.
    pub phase: String,
    /// Agents that answer.
    pub quorum: u16,
    /// Votes so far.
    pub voted: u64,
}

/// A review in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewSummary {
    pub item: String,
    pub case: String,
    pub specification: String,
    pub task: String,
    pub task_name: String,
    #[serde(flatten)]
    pub standing: Standing,
}

/// A review with all that can be seen of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Review {
    #[serde(flatten)]
    pub summary: ReviewSummary,
    /// `MAJORITY_VOTE`, `ESCALATE`, `HUMAN_FALLBACK` or `HYBRID`.
    pub strategy: String,
    /// `LOW`, `MEDIUM`, `HIGH` or `CRITICAL`.
    pub severity: String,
    /// Votes below it do not count.
    pub confidence_min: Part,
    pub votes_min: u16,
    /// Part of the votes that count which the answer must have.
    pub supermajority: Option<Part>,
    pub arbiter: Option<String>,
    /// Time for the votes, and again for the arbiter.
    pub timeout_ms: u64,
    /// Whether a person is asked when neither votes nor arbiter settle it.
    pub fallback_to_human: bool,
    pub votes: Vec<Vote>,
    /// Ballots that were claimed and are not used up.
    pub ballots: Vec<HeldBallot>,
    pub tally: Vec<Tallied>,
}

/// A ballot that was claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeldBallot {
    pub number: u16,
    pub lease: Lease,
}

/// The votes for one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tallied {
    pub answer: String,
    /// Votes that count.
    pub votes: u64,
    /// Mean confidence of those.
    pub confidence: Part,
}

/// A person settles what a review did not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// Who says so: 1 to 128 characters, kept in the history.
    pub by: String,
    /// The result: XML element named as the task's decomposition, one child per output parameter.
    pub data: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<String>,
}
