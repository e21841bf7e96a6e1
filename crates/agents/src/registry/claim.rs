//! Whether an agent may be given work now.

use super::{
    agent::Liveness,
    command::{Absent, Incarnation},
    life::AgentState,
    profile::{Capabilities, Reason},
    state::State,
};
use crate::ids::{AgentId, Epoch, Moment, Slot};

/// An agent that may be given work.
#[derive(Clone, Copy, Debug)]
pub struct Claimant<'a> {
    pub slot: Slot,
    pub id: &'a AgentId,
    pub capabilities: &'a Capabilities,
}

/// Why an agent gets no work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("no such agent is registered")]
    Unknown,
    #[error("the agent is registered under epoch {present}", present = present.0)]
    StaleEpoch { present: Epoch },
    #[error("it was last renewed {age_ms} ms ago: renew first")]
    NotRenewed { age_ms: u64 },
    #[error("it is {state}")]
    State { state: AgentState },
    #[error("it is draining")]
    Draining,
    #[error("it is in quarantine: {reason}")]
    Quarantined { reason: Reason },
}

impl From<Absent> for Denied {
    fn from(absent: Absent) -> Self {
        match absent {
            Absent::Unknown => Self::Unknown,
            Absent::StaleEpoch { present } => Self::StaleEpoch { present },
        }
    }
}

impl State {
    /// Asked when an agent claims, and again when it has waited and work has come.
    pub fn may_claim(&self, whom: &Incarnation, now: Moment) -> Result<Claimant<'_>, Denied> {
        let (slot, agent) = self.find(whom)?;
        if let Some(reason) = self.quarantine(&agent.id).filter(|_| agent.quarantined) {
            return Err(Denied::Quarantined { reason: reason.clone() });
        }
        if agent.draining {
            return Err(Denied::Draining);
        }
        if !agent.state.takes_work() {
            return Err(Denied::State { state: agent.state });
        }
        match self.liveness(agent, now) {
            Liveness::Live => {
                Ok(Claimant { slot, id: &agent.id, capabilities: &agent.capabilities })
            }
            Liveness::Stale | Liveness::Dead => {
                Err(Denied::NotRenewed { age_ms: now.since(self.renewed_at(agent)) })
            }
        }
    }
}
