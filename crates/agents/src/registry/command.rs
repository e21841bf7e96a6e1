//! What can be asked of the registry, and what it answers.

use std::sync::Arc;

use super::{
    event::Event,
    life::AgentState,
    profile::{Capabilities, Host, Profile, Reason},
};
use crate::ids::{AgentId, Epoch, SessionId, Slot};

/// What an agent, its host or an operator asks for. Those about many agents answer for each, in the order given.
#[derive(Clone, Debug)]
pub enum Command {
    OpenSession {
        host: Host,
    },
    /// Deregisters all its agents.
    CloseSession {
        session: SessionId,
    },
    /// Once or again: what is there already is renewed, and brought up to date if it says something new. Under
    /// another session than before it is another process that took the name: a new life with a new epoch.
    Register {
        session: Option<SessionId>,
        agents: Vec<Registration>,
    },
    /// Never refused because of single agents. Renewals that came together may be given as one: what each asked
    /// for is found in the answer by its place.
    Renew {
        agents: Vec<Incarnation>,
    },
    RenewSessions {
        sessions: Vec<SessionId>,
    },
    /// Agents say what they do. Whoever says so is alive: it counts as a renewal.
    SetStates {
        changes: Vec<(Incarnation, AgentState)>,
    },
    /// No more work for these in their present lives.
    Drain {
        agents: Vec<AgentId>,
    },
    /// No more work for agents of these names until they are released, whether they are there now or not.
    Quarantine {
        agents: Vec<AgentId>,
        reason: Reason,
    },
    Release {
        agents: Vec<AgentId>,
    },
    Deregister {
        agents: Vec<Incarnation>,
    },
    /// After a restart, once: whoever was not dead by the last event has its whole time again.
    Extend,
}

/// An agent as it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub id: AgentId,
    pub capabilities: Capabilities,
    /// Shared where it is the same for many.
    pub profile: Option<Arc<Profile>>,
}

/// An agent in one of its lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incarnation {
    pub who: Who,
    pub epoch: Epoch,
}

/// An agent by its name, or by the slot that it got, which is shorter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Id(AgentId),
    Slot(Slot),
}

/// What is to be stored and applied, and the answer that is given when it is.
#[derive(Clone, Debug)]
pub struct Decision {
    pub event: Option<Event>,
    pub answer: Answer,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    SessionOpened(SessionId),
    /// How many agents went with it. None if it was closed before.
    SessionClosed {
        agents: usize,
    },
    Registered(Vec<Enrolment>),
    Renewed(Vec<Result<Notice, Absent>>),
    /// How many agents each has: a host that knows of more registers them again. None for a session that is gone.
    SessionsRenewed(Vec<Option<u32>>),
    StatesSet(Vec<Result<StateChange, Absent>>),
    Draining(Vec<Result<(), Absent>>),
    /// The slots of those that are there now.
    Quarantined(Vec<Option<Slot>>),
    /// Whether each was in quarantine.
    Released(Vec<bool>),
    Deregistered(Vec<Result<(), Absent>>),
    Extended,
}

/// What became of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolment {
    pub slot: Slot,
    pub epoch: Epoch,
    pub arrival: Arrival,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    New,
    /// It was there, and says nothing new.
    Same,
    /// It was there, and says something new about itself. Its epoch and what it holds remain.
    Updated,
    /// Its name was there under another session. What that one held under its epoch is void.
    Replaced,
}

/// What a renewed agent should know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    pub draining: bool,
    pub quarantined: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateChange {
    /// For the metric: where it was before, and for how long.
    Changed {
        from: AgentState,
        held_ms: u64,
    },
    Same,
    /// That state does not follow on the one that it is in.
    Illegal {
        from: AgentState,
    },
}

/// Why an agent is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Absent {
    /// Never registered, deregistered, or dead: it registers again.
    #[error("no such agent is registered")]
    Unknown,
    /// Another process has the name now.
    #[error("the agent is registered under epoch {present}", present = present.0)]
    StaleEpoch { present: Epoch },
}

/// Why a command was refused: an answer for the caller; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the registration names no agent")]
    NoAgents,
    #[error("{given} at once, at most {max} are allowed")]
    TooMany { given: usize, max: usize },
    #[error("the registration has {bytes} bytes, at most {max} are allowed")]
    TooLarge { bytes: usize, max: usize },
    #[error("agent {id} is there twice")]
    Twice { id: AgentId },
    #[error("there is no session {session}", session = session.0)]
    NoSuchSession { session: SessionId },
    #[error("the session has {agents} agents, at most {max} are allowed")]
    SessionFull { agents: usize, max: u32 },
    #[error("the registry has room for {max} agents")]
    Full { max: usize },
    #[error("the registry has room for {max} sessions")]
    TooManySessions { max: usize },
    #[error("there is room for {max} agents in quarantine")]
    QuarantineFull { max: usize },
}
