//! All agents and sessions: what is stored, and what can be asked of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    agent::{Agent, Liveness, Session},
    command::{Absent, Incarnation, Who},
    event::{Event, Fact},
    index::Index,
    life::AgentState,
    places::Places,
    pool::Pool,
    profile::{Capabilities, Profile, Reason},
};
use crate::ids::{AgentId, Moment, SessionId, Slot};

/// What the registry promises its agents, and how many it takes. Not stored: events mean the same under any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// An agent is live until this long after its last renewal.
    pub stale_after_ms: u64,
    /// It is dead after this long: greater than `stale_after_ms`.
    pub dead_after_ms: u64,
    pub agents_max: usize,
    pub sessions_max: usize,
}

impl Default for Settings {
    /// Two million of each: twice what one machine is asked to hold.
    fn default() -> Self {
        Self {
            stale_after_ms: 60_000,
            dead_after_ms: 120_000,
            agents_max: 2_000_000,
            sessions_max: 2_000_000,
        }
    }
}

/// Who is there. Two states are equal if their snapshots are.
#[derive(Debug)]
pub struct State {
    pub(super) settings: Settings,
    pub(super) agents: Places<Agent>,
    pub(super) index: Index,
    pub(super) sessions: BTreeMap<SessionId, Session>,
    pub(super) members: BTreeSet<(SessionId, Slot)>,
    /// Names, whether their agents are there or not: nobody gets out by registering again.
    pub(super) quarantine: BTreeMap<AgentId, Reason>,
    pub(super) capabilities: Pool<Capabilities>,
    pub(super) profiles: Pool<Arc<Profile>>,
    /// Agents by [`AgentState::place`].
    pub(super) in_state: [u32; AgentState::ALL.len()],
    /// Agents that get nothing new in their present lives.
    pub(super) draining: u32,
    /// The next that is given; everything below was.
    pub(super) next_epoch: u64,
    pub(super) next_session: u64,
    /// Of the last event: time never runs back behind it.
    pub(super) moment: Moment,
}

impl State {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            agents: Places::new(),
            index: Index::default(),
            sessions: BTreeMap::new(),
            members: BTreeSet::new(),
            quarantine: BTreeMap::new(),
            capabilities: Pool::new(),
            profiles: Pool::new(),
            in_state: [0; AgentState::ALL.len()],
            draining: 0,
            next_epoch: 1,
            next_session: 1,
            moment: Moment::default(),
        }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Of the last event.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// Registered agents, live or stale.
    pub fn len(&self) -> usize {
        self.agents.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn in_state(&self, state: AgentState) -> u32 {
        self.in_state[state.place()]
    }

    /// How many agents are draining.
    pub fn draining(&self) -> u32 {
        self.draining
    }

    pub fn agent(&self, slot: Slot) -> Option<&Agent> {
        self.agents.get(slot)
    }

    pub fn by_id(&self, id: &AgentId) -> Option<(Slot, &Agent)> {
        let slot = self.index.find(&self.agents, id)?;
        Some((slot, self.agents.get(slot)?))
    }

    /// The agent, if this is its present life.
    pub fn find(&self, whom: &Incarnation) -> Result<(Slot, &Agent), Absent> {
        let found = match &whom.who {
            Who::Id(id) => self.by_id(id),
            Who::Slot(slot) => self.agent(*slot).map(|agent| (*slot, agent)),
        };
        match found {
            None => Err(Absent::Unknown),
            Some((_, agent)) if agent.epoch != whom.epoch => {
                Err(Absent::StaleEpoch { present: agent.epoch })
            }
            Some(found) => Ok(found),
        }
    }

    /// All agents in the order of their slots.
    pub fn agents(&self) -> impl Iterator<Item = (Slot, &Agent)> {
        self.agents.iter()
    }

    pub fn session(&self, session: SessionId) -> Option<&Session> {
        self.sessions.get(&session)
    }

    pub fn sessions(&self) -> impl Iterator<Item = (SessionId, &Session)> {
        self.sessions.iter().map(|(id, session)| (*id, session))
    }

    /// The agents of a session in the order of their slots.
    pub fn members(&self, session: SessionId) -> impl Iterator<Item = Slot> {
        let all = (session, Slot(0))..=(session, Slot(u32::MAX));
        self.members.range(all).map(|(_, slot)| *slot)
    }

    /// Why the agent of this name gets no work, if an operator said so.
    pub fn quarantine(&self, id: &AgentId) -> Option<&Reason> {
        self.quarantine.get(id)
    }

    pub fn quarantined(&self) -> impl ExactSizeIterator<Item = (&AgentId, &Reason)> {
        self.quarantine.iter()
    }

    /// When the agent was last renewed, by itself or with its session.
    pub fn renewed_at(&self, agent: &Agent) -> Moment {
        let session = agent.session.and_then(|session| self.sessions.get(&session));
        session.map_or(agent.renewed_at, |session| agent.renewed_at.max(session.renewed_at))
    }

    pub fn liveness(&self, agent: &Agent, now: Moment) -> Liveness {
        let age_ms = now.since(self.renewed_at(agent));
        if age_ms <= self.settings.stale_after_ms {
            Liveness::Live
        } else if age_ms <= self.settings.dead_after_ms {
            Liveness::Stale
        } else {
            Liveness::Dead
        }
    }

    /// The lives that `event` ends: to be asked before it is applied, for whoever holds something of theirs.
    pub fn ends(&self, event: &Event) -> Vec<(Slot, &Agent)> {
        let at = |slot: &Slot| Some((*slot, self.agent(*slot)?));
        match &event.fact {
            Fact::SessionClosed { slots, .. }
            | Fact::Deregistered { slots }
            | Fact::Died { slots, .. } => slots.iter().filter_map(at).collect(),
            Fact::Registered(registered) => {
                let before = registered.agents.iter().filter_map(|next| {
                    at(&next.slot).filter(|(_, agent)| agent.epoch != next.epoch)
                });
                before.collect()
            }
            Fact::SessionOpened { .. }
            | Fact::SessionsRenewed { .. }
            | Fact::Renewed { .. }
            | Fact::StatesSet { .. }
            | Fact::Draining { .. }
            | Fact::Quarantined { .. }
            | Fact::Released { .. }
            | Fact::Extended { .. } => Vec::new(),
        }
    }
}
