//! What is held of one agent and of one session. There may be a million of either: each byte counts.

use std::sync::Arc;

use super::{
    life::AgentState,
    profile::{Capabilities, Host, Profile},
};
use crate::ids::{AgentId, Epoch, Moment, SessionId};

/// A registered agent in its present life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    pub(super) id: AgentId,
    pub(super) epoch: Epoch,
    pub(super) session: Option<SessionId>,
    pub(super) capabilities: Capabilities,
    pub(super) profile: Option<Arc<Profile>>,
    pub(super) state: AgentState,
    pub(super) state_since: Moment,
    /// By itself; its session may have been renewed later.
    pub(super) renewed_at: Moment,
    pub(super) draining: bool,
    pub(super) quarantined: bool,
}

/// Agents that are renewed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub(super) host: Host,
    pub(super) opened_at: Moment,
    pub(super) renewed_at: Moment,
    /// How many it has.
    pub(super) agents: u32,
}

/// How long ago an agent was renewed, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liveness {
    Live,
    /// It gets no work and is not found, but may come back as if nothing had been.
    Stale,
    /// Its place is given away at the next look.
    Dead,
}

impl Agent {
    pub fn id(&self) -> &AgentId {
        &self.id
    }

    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    pub fn session(&self) -> Option<SessionId> {
        self.session
    }

    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    pub fn profile(&self) -> Option<&Arc<Profile>> {
        self.profile.as_ref()
    }

    pub fn state(&self) -> AgentState {
        self.state
    }

    /// When it came into its state: how long it was there is known when it leaves.
    pub fn state_since(&self) -> Moment {
        self.state_since
    }

    /// It finishes what it has and gets nothing new.
    pub fn draining(&self) -> bool {
        self.draining
    }

    /// An operator does not trust it: the reason is in [`super::State::quarantine`].
    pub fn quarantined(&self) -> bool {
        self.quarantined
    }
}

impl Session {
    pub fn host(&self) -> &Host {
        &self.host
    }

    pub fn opened_at(&self) -> Moment {
        self.opened_at
    }

    pub fn renewed_at(&self) -> Moment {
        self.renewed_at
    }

    pub fn agents(&self) -> u32 {
        self.agents
    }
}
