//! What callers are told of reviews: who holds a ballot, who has voted, where it stands.

use std::sync::Arc;

use agents::{
    AgentId, Epoch,
    conflict::{Phase, Review, Share},
    jury::Ballot,
};
use engine::CaseId;

use super::LeaseSummary;
use crate::ids::SpecificationKey;

/// What an agent holds of an item under review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedBallot {
    pub ballot: Ballot,
    /// Agents that answer the item.
    pub quorum: u16,
    /// What the arbiter has to decide between; those who vote are shown nothing.
    pub votes: Vec<VoteSummary>,
}

/// An agent's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteSummary {
    pub agent: AgentId,
    pub ballot: Option<Ballot>,
    pub epoch: Epoch,
    pub answer: Arc<str>,
    pub confidence: Share,
    pub reasoning: Arc<str>,
}

/// Where the review of an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub phase: Phase,
    pub quorum: u16,
    pub votes: usize,
}

/// Which reviews to list. Absent means all that have begun.
#[derive(Clone, Debug, Default)]
pub struct ReviewFilter {
    pub phase: Option<Phase>,
}

/// A review in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewSummary {
    /// Its item's external id, such as `7.1:A`.
    pub item: String,
    pub case: CaseId,
    pub specification: SpecificationKey,
    pub task: String,
    pub task_name: String,
    pub standing: Standing,
}

/// Everything that can be seen of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewDetail {
    pub summary: ReviewSummary,
    pub review: Review,
    pub votes: Vec<VoteSummary>,
    /// Ballots that somebody claimed and that are not used up.
    pub ballots: Vec<BallotSummary>,
    /// By answer, as far as votes count.
    pub tally: Vec<Tallied>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotSummary {
    pub ballot: Ballot,
    pub lease: LeaseSummary,
}

/// The votes for one answer that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tallied {
    pub answer: Arc<str>,
    pub votes: usize,
    /// Sum of their confidence, ten-thousandths.
    pub confidence: u64,
}
