//! What one work item under review has got so far.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{ANSWER_BYTES_MAX, Event, REASONING_CHARS_MAX, Review, Share};
use crate::ids::{AgentId, Epoch};

/// The votes on one item and where their review stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// In the order of the agents' names: the order of arrival must not count.
    pub votes: BTreeMap<AgentId, Vote>,
    pub phase: Phase,
    /// What counts, once it is settled.
    pub answer: Option<Box<[u8]>>,
}

/// One agent's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    pub epoch: Epoch,
    pub answer: Box<[u8]>,
    pub confidence: Share,
    pub reasoning: Box<str>,
}

/// Where a review stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    #[default]
    Voting,
    /// The arbiter is asked.
    Escalated,
    /// A person is asked.
    HumanNeeded,
    Settled,
    /// Nobody is left to ask.
    Unresolved,
}

impl Phase {
    pub const ALL: [Self; 5] =
        [Self::Voting, Self::Escalated, Self::HumanNeeded, Self::Settled, Self::Unresolved];

    /// In kebab case, as lists show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Voting => "voting",
            Self::Escalated => "escalated",
            Self::HumanNeeded => "human-needed",
            Self::Settled => "settled",
            Self::Unresolved => "unresolved",
        }
    }
}

impl Panel {
    /// How long the present phase may last, from the event that began it; then [`super::Command::Expire`] is due.
    pub fn wait_ms(&self, review: &Review) -> Option<u64> {
        match self.phase {
            Phase::Voting | Phase::Escalated => Some(review.timeout_ms),
            // Nobody comes after a person, so there is no point in hurrying one.
            Phase::HumanNeeded | Phase::Settled | Phase::Unresolved => None,
        }
    }
}

/// Applies one stored event.
pub fn apply(panel: &mut Panel, event: &Event) {
    match event {
        Event::Submitted { agent, epoch, answer, confidence, reasoning } => {
            let (answer, reasoning) = (answer.clone(), reasoning.clone());
            let vote = Vote { epoch: *epoch, answer, confidence: *confidence, reasoning };
            panel.votes.insert(agent.clone(), vote);
        }
        Event::Agreed { answer } | Event::Resolved { answer, .. } => {
            panel.phase = Phase::Settled;
            panel.answer = Some(answer.clone());
        }
        Event::Escalated { .. } => panel.phase = Phase::Escalated,
        Event::HumanNeeded => panel.phase = Phase::HumanNeeded,
        // What follows from it are events of their own.
        Event::TimedOut { .. } => {}
        Event::Unresolved => panel.phase = Phase::Unresolved,
    }
}

/// Asserts what holds after every event.
pub fn check_invariants(review: &Review, panel: &Panel) {
    assert!(panel.votes.len() <= usize::from(review.quorum), "more votes than the quorum");
    assert_eq!(panel.answer.is_some(), panel.phase == Phase::Settled, "settled means an answer");
    for (agent, vote) in &panel.votes {
        assert!(vote.answer.len() <= ANSWER_BYTES_MAX, "{agent}: the answer is too long");
        assert!(vote.reasoning.chars().count() <= REASONING_CHARS_MAX, "{agent}: reasoning");
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Voting => "in voting",
            Self::Escalated => "escalated",
            Self::HumanNeeded => "waiting for a person",
            Self::Settled => "settled",
            Self::Unresolved => "unresolved",
        })
    }
}
