//! What a task asks of the agents that do it, beyond YAWL: `agentBinding`, and the attributes `review…` of our
//! extensions on its decomposition.

use super::{Decomposition, Specification, Task};

/// `agentBinding` of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentBinding {
    /// Kept; nothing depends on it.
    pub agent_type: Option<String>,
    /// What an agent must be able to do; goes before what the decomposition says.
    pub capability: Option<String>,
    /// Five of the terms can be said here.
    pub review: ReviewTerms,
}

/// How results are reviewed, as far as it is said. Texts are as written; the reader has checked their form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewTerms {
    /// Agents that answer, each on its own. Without it nothing is reviewed.
    pub quorum: Option<u16>,
    /// One of [`STRATEGIES`].
    pub strategy: Option<String>,
    /// One of [`SEVERITIES`].
    pub severity: Option<String>,
    /// Between 0 and 1.
    pub confidence_min: Option<String>,
    pub votes_min: Option<u16>,
    /// Between 0 and 1; 0 takes the answer with most votes.
    pub supermajority: Option<String>,
    /// Name of an agent.
    pub arbiter: Option<String>,
    /// A duration without years and months.
    pub timeout: Option<String>,
    pub fallback_to_human: Option<bool>,
}

pub const STRATEGIES: [&str; 4] = ["MAJORITY_VOTE", "ESCALATE", "HUMAN_FALLBACK", "HYBRID"];
pub const SEVERITIES: [&str; 4] = ["LOW", "MEDIUM", "HIGH", "CRITICAL"];

impl ReviewTerms {
    /// Nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// These terms, and those of `other` where these say nothing.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let text = |mine: &Option<String>, theirs: &Option<String>| {
            mine.as_ref().or(theirs.as_ref()).cloned()
        };
        Self {
            quorum: self.quorum.or(other.quorum),
            strategy: text(&self.strategy, &other.strategy),
            severity: text(&self.severity, &other.severity),
            confidence_min: text(&self.confidence_min, &other.confidence_min),
            votes_min: self.votes_min.or(other.votes_min),
            supermajority: text(&self.supermajority, &other.supermajority),
            arbiter: text(&self.arbiter, &other.arbiter),
            timeout: text(&self.timeout, &other.timeout),
            fallback_to_human: self.fallback_to_human.or(other.fallback_to_human),
        }
    }
}

impl Specification {
    /// How the results of `task` are reviewed: what its binding says, and what its decomposition says for the rest.
    pub fn review_of(&self, task: &Task) -> ReviewTerms {
        let decomposition = task.decomposes_to.as_deref().and_then(|id| self.decomposition(id));
        let ours = match decomposition {
            Some(Decomposition::Gateway(gateway)) => gateway.review.as_deref(),
            Some(Decomposition::Net(_)) | None => None,
        };
        let bound = task.binding.as_deref().map(|binding| &binding.review);
        match (bound, ours) {
            (Some(bound), Some(ours)) => bound.or(ours),
            (one, other) => one.or(other).cloned().unwrap_or_default(),
        }
    }
}
