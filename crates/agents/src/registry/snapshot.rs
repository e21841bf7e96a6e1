//! The state as a sequence of records, and back.
//!
//! Records are of bounded size, so that a writer can stop between two. What records refer to comes before them.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    agent::{Agent, Session},
    life::AgentState,
    profile::{Capabilities, Host, Profile, Reason},
    state::{Settings, State},
};
use crate::ids::{AgentId, Epoch, Moment, SessionId, Slot};

/// Agents, sessions, names in one record.
const RECORD_MAX: usize = 256;
/// Lists of capabilities, and profiles, in one record: each may be some KiB.
const SHARED_RECORD_MAX: usize = 16;

/// A part of a snapshot. Stored for ever: variants are added at the end, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SnapshotRecord {
    /// The first.
    Head(Head),
    Sessions(Vec<SessionRecord>),
    Quarantine(Vec<(AgentId, Reason)>),
    /// Lists that agents refer to by their place among all of these.
    Capabilities(Vec<Capabilities>),
    Profiles(Vec<Arc<Profile>>),
    Agents(Vec<AgentRecord>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub moment: Moment,
    pub next_epoch: u64,
    pub next_session: u64,
    /// How many there are: a snapshot that ends early is noticed.
    pub agents: u64,
    pub sessions: u64,
    pub quarantined: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    pub session: SessionId,
    pub host: Host,
    pub opened_at: Moment,
    pub renewed_at: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRecord {
    pub slot: Slot,
    pub id: AgentId,
    pub epoch: Epoch,
    pub session: Option<SessionId>,
    pub capabilities: u32,
    pub profile: Option<u32>,
    pub state: AgentState,
    pub state_since: Moment,
    pub renewed_at: Moment,
    pub draining: bool,
}

/// Why records are no snapshot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damaged {
    #[error("the snapshot does not begin with one head")]
    Head,
    #[error("{what} {given} is there twice")]
    Twice { what: &'static str, given: String },
    #[error("agent {id} refers to {what}, which is not there")]
    Missing { id: AgentId, what: &'static str },
    #[error("{found} {what} are there, {expected} were announced")]
    Count { what: &'static str, found: u64, expected: u64 },
    #[error("{what} {given} was never given")]
    NeverGiven { what: &'static str, given: u64 },
}

impl State {
    /// All of it, in records. Equal states have equal records.
    pub fn snapshot(&self) -> impl Iterator<Item = SnapshotRecord> {
        let head = Head {
            moment: self.moment,
            next_epoch: self.next_epoch,
            next_session: self.next_session,
            agents: self.agents.len() as u64,
            sessions: self.sessions.len() as u64,
            quarantined: self.quarantine.len() as u64,
        };
        let sessions = self.sessions.iter().map(|(id, session)| SessionRecord {
            session: *id,
            host: session.host.clone(),
            opened_at: session.opened_at,
            renewed_at: session.renewed_at,
        });
        let quarantine = self.quarantine.iter().map(|(id, why)| (id.clone(), why.clone()));
        let lists: Places<Capabilities> = places(self.capabilities.iter());
        let profiles: Places<Arc<Profile>> = places(self.profiles.iter());
        let all_lists = self.capabilities.iter().map(|(list, _)| list.clone());
        let all_profiles = self.profiles.iter().map(|(profile, _)| profile.clone());
        let agents = self.agents.iter().map(move |(slot, agent)| AgentRecord {
            slot,
            id: agent.id.clone(),
            epoch: agent.epoch,
            session: agent.session,
            capabilities: lists[&agent.capabilities],
            profile: agent.profile.as_ref().map(|profile| profiles[profile]),
            state: agent.state,
            state_since: agent.state_since,
            renewed_at: agent.renewed_at,
            draining: agent.draining,
        });
        std::iter::once(SnapshotRecord::Head(head))
            .chain(records(sessions, RECORD_MAX, SnapshotRecord::Sessions))
            .chain(records(quarantine, RECORD_MAX, SnapshotRecord::Quarantine))
            .chain(records(all_lists, SHARED_RECORD_MAX, SnapshotRecord::Capabilities))
            .chain(records(all_profiles, SHARED_RECORD_MAX, SnapshotRecord::Profiles))
            .chain(records(agents, RECORD_MAX, SnapshotRecord::Agents))
    }
}

type Places<T> = BTreeMap<T, u32>;

fn places<'a, T: Ord + Clone + 'a>(values: impl Iterator<Item = (&'a T, u32)>) -> Places<T> {
    values.zip(0..).map(|((value, _), place)| (value.clone(), place)).collect()
}

fn records<T>(
    mut items: impl Iterator<Item = T>,
    max: usize,
    record: impl Fn(Vec<T>) -> SnapshotRecord,
) -> impl Iterator<Item = SnapshotRecord> {
    std::iter::from_fn(move || {
        let some: Vec<T> = items.by_ref().take(max).collect();
        (!some.is_empty()).then(|| record(some))
    })
}

/// The state that a snapshot was taken of.
pub fn restore(
    settings: Settings,
    records: impl IntoIterator<Item = SnapshotRecord>,
) -> Result<State, Damaged> {
    let mut records = records.into_iter();
    let Some(SnapshotRecord::Head(head)) = records.next() else { return Err(Damaged::Head) };
    let mut restoring = Restoring {
        state: State {
            next_epoch: head.next_epoch,
            next_session: head.next_session,
            moment: head.moment,
            ..State::new(settings)
        },
        capabilities: Vec::new(),
        profiles: Vec::new(),
    };
    for record in records {
        match record {
            SnapshotRecord::Head(_) => return Err(Damaged::Head),
            SnapshotRecord::Sessions(sessions) => {
                sessions.into_iter().try_for_each(|session| restoring.session(session))?;
            }
            SnapshotRecord::Quarantine(names) => restoring.state.quarantine.extend(names),
            SnapshotRecord::Capabilities(lists) => restoring.capabilities.extend(lists),
            SnapshotRecord::Profiles(profiles) => restoring.profiles.extend(profiles),
            SnapshotRecord::Agents(agents) => {
                agents.into_iter().try_for_each(|agent| restoring.agent(agent))?;
            }
        }
    }
    restoring.finish(&head)
}

struct Restoring {
    state: State,
    capabilities: Vec<Capabilities>,
    profiles: Vec<Arc<Profile>>,
}

impl Restoring {
    fn session(&mut self, record: SessionRecord) -> Result<(), Damaged> {
        let SessionRecord { session, host, opened_at, renewed_at } = record;
        given("session", session.0, self.state.next_session)?;
        let restored = Session { host, opened_at, renewed_at, agents: 0 };
        match self.state.sessions.insert(session, restored) {
            Some(_) => Err(Damaged::Twice { what: "session", given: session.0.to_string() }),
            None => Ok(()),
        }
    }

    fn agent(&mut self, record: AgentRecord) -> Result<(), Damaged> {
        given("epoch", record.epoch.0, self.state.next_epoch)?;
        if self.state.by_id(&record.id).is_some() {
            return Err(Damaged::Twice { what: "agent", given: record.id.to_string() });
        }
        if self.state.agent(record.slot).is_some() {
            return Err(Damaged::Twice { what: "slot", given: record.slot.0.to_string() });
        }
        let missing = |what| Damaged::Missing { id: record.id.clone(), what };
        if record.session.is_some_and(|session| !self.state.sessions.contains_key(&session)) {
            return Err(missing("a session"));
        }
        let list = self.capabilities.get(record.capabilities as usize);
        let list = list.ok_or_else(|| missing("a list of capabilities"))?;
        let profile = match record.profile.map(|place| self.profiles.get(place as usize)) {
            Some(None) => return Err(missing("a profile")),
            Some(Some(profile)) => Some(self.state.profiles.share(profile)),
            None => None,
        };
        let restored = Agent {
            capabilities: self.state.capabilities.share(list),
            profile,
            quarantined: self.state.quarantine.contains_key(&record.id),
            id: record.id,
            epoch: record.epoch,
            session: record.session,
            state: record.state,
            state_since: record.state_since,
            renewed_at: record.renewed_at,
            draining: record.draining,
        };
        self.state.insert(record.slot, restored);
        Ok(())
    }

    fn finish(self, head: &Head) -> Result<State, Damaged> {
        let Self { state, .. } = self;
        let counts = [
            ("agents", state.agents.len(), head.agents),
            ("sessions", state.sessions.len(), head.sessions),
            ("names in quarantine", state.quarantine.len(), head.quarantined),
        ];
        for (what, found, expected) in counts {
            if found as u64 != expected {
                return Err(Damaged::Count { what, found: found as u64, expected });
            }
        }
        Ok(state)
    }
}

fn given(what: &'static str, given: u64, next: u64) -> Result<(), Damaged> {
    if given == 0 || given >= next { Err(Damaged::NeverGiven { what, given }) } else { Ok(()) }
}
