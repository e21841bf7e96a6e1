//! What happened in the registry. Stored for ever: variants are added at the end, never changed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    ascending::Ascending,
    life::AgentState,
    profile::{Capabilities, Host, Profile, Reason},
};
use crate::ids::{AgentId, Epoch, Moment, SessionId, Slot};

/// What one command did, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub at: Moment,
    pub fact: Fact,
}

/// One fact, about as many agents as the command was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    SessionOpened {
        session: SessionId,
        host: Host,
    },
    /// It is gone with all its agents.
    SessionClosed {
        session: SessionId,
        slots: Ascending<Slot>,
    },
    SessionsRenewed {
        sessions: Ascending<SessionId>,
    },
    Registered(Registered),
    Renewed {
        slots: Ascending<Slot>,
    },
    /// Agents said what they do, which renews them as well.
    StatesSet {
        states: Vec<(AgentState, Ascending<Slot>)>,
    },
    Draining {
        slots: Ascending<Slot>,
    },
    Quarantined {
        ids: Vec<AgentId>,
        reason: Reason,
    },
    Released {
        ids: Vec<AgentId>,
    },
    Deregistered {
        slots: Ascending<Slot>,
    },
    /// Nobody renewed them in time. Sessions go when they have no agents left.
    Died {
        slots: Ascending<Slot>,
        sessions: Ascending<SessionId>,
    },
    /// Nobody was looked after for a while: what was renewed at `since` or later counts as renewed `by_ms` later,
    /// but not later than now.
    Extended {
        since: Moment,
        by_ms: u64,
    },
}

impl Fact {
    /// Sessions that are over by it.
    pub fn closes(&self) -> &[SessionId] {
        match self {
            Self::SessionClosed { session, .. } => std::slice::from_ref(session),
            Self::Died { sessions, .. } => sessions,
            Self::SessionOpened { .. }
            | Self::SessionsRenewed { .. }
            | Self::Registered(_)
            | Self::Renewed { .. }
            | Self::StatesSet { .. }
            | Self::Draining { .. }
            | Self::Quarantined { .. }
            | Self::Released { .. }
            | Self::Deregistered { .. }
            | Self::Extended { .. } => &[],
        }
    }
}

/// Agents of one registration. What they have in common is there once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    pub session: Option<SessionId>,
    pub capabilities: Vec<Capabilities>,
    pub profiles: Vec<Arc<Profile>>,
    pub agents: Vec<Enrolled>,
    /// These were there as they are: they are renewed.
    pub renewed: Ascending<Slot>,
}

/// One agent with its slot. Where the slot has the same epoch already, the agent says something new about
/// itself; otherwise a new life begins, and what was in the slot is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub slot: Slot,
    pub epoch: Epoch,
    pub id: AgentId,
    /// Place in [`Registered::capabilities`].
    pub capabilities: u32,
    /// Place in [`Registered::profiles`].
    pub profile: Option<u32>,
}
