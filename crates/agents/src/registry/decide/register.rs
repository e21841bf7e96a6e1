//! Agents come in, many at a time: new ones, ones that ask again, and ones that take a name over.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec,
};

use super::Decided;
use crate::{
    ids::{Epoch, SessionId, Slot},
    registry::{
        REGISTER_BYTES_MAX, REGISTER_MAX, SESSION_AGENTS_MAX,
        agent::Agent,
        command::{Answer, Arrival, Enrolment, Refusal, Registration},
        event::{Enrolled, Fact, Registered},
        profile::{Capabilities, Profile},
        state::State,
    },
};

pub(super) fn register(
    state: &State,
    session: Option<SessionId>,
    agents: Vec<Registration>,
) -> Decided {
    each_once(&agents)?;
    let held = match session {
        None => 0,
        Some(session) => match state.sessions.get(&session) {
            None => return Err(Refusal::NoSuchSession { session }),
            Some(session) => session.agents as usize,
        },
    };
    let mut desk = Enrolling::new(state, session, agents.len());
    let enrolments: Vec<Enrolment> = agents.into_iter().map(|agent| desk.enrol(agent)).collect();
    let count = |arrival| enrolments.iter().filter(|one| one.arrival == arrival).count();
    let (new, replaced) = (count(Arrival::New), count(Arrival::Replaced));
    let max = state.settings.agents_max;
    if state.len() + new > max {
        return Err(Refusal::Full { max });
    }
    let agents = held + new + replaced;
    if session.is_some() && agents > SESSION_AGENTS_MAX as usize {
        return Err(Refusal::SessionFull { agents, max: SESSION_AGENTS_MAX });
    }
    let (bytes, max) = (desk.bytes(), REGISTER_BYTES_MAX);
    if bytes > max {
        return Err(Refusal::TooLarge { bytes, max });
    }
    Ok((Some(Fact::Registered(desk.finish())), Answer::Registered(enrolments)))
}

fn each_once(agents: &[Registration]) -> Result<(), Refusal> {
    match agents.len() {
        0 => return Err(Refusal::NoAgents),
        given if given > REGISTER_MAX => {
            return Err(Refusal::TooMany { given, max: REGISTER_MAX });
        }
        _ => {}
    }
    let mut ids = BTreeSet::new();
    match agents.iter().find(|agent| !ids.insert(&agent.id)) {
        Some(agent) => Err(Refusal::Twice { id: agent.id.clone() }),
        None => Ok(()),
    }
}

/// One registration on its way into an event.
struct Enrolling<'a> {
    state: &'a State,
    session: Option<SessionId>,
    vacant: vec::IntoIter<Slot>,
    next_epoch: u64,
    capabilities: BTreeMap<Capabilities, u32>,
    profiles: BTreeMap<Arc<Profile>, u32>,
    agents: Vec<Enrolled>,
    renewed: Vec<Slot>,
}

impl<'a> Enrolling<'a> {
    fn new(state: &'a State, session: Option<SessionId>, agents: usize) -> Self {
        let vacant: Vec<Slot> = state.agents.vacant().take(agents).collect();
        Self {
            state,
            session,
            vacant: vacant.into_iter(),
            next_epoch: state.next_epoch,
            capabilities: BTreeMap::new(),
            profiles: BTreeMap::new(),
            agents: Vec::with_capacity(agents),
            renewed: Vec::new(),
        }
    }

    fn enrol(&mut self, given: Registration) -> Enrolment {
        let (slot, epoch, arrival) = match self.state.by_id(&given.id) {
            None => {
                let slot = self.vacant.next().expect("as many were taken as there are agents");
                (slot, self.give_epoch(), Arrival::New)
            }
            Some((slot, agent)) if agent.session != self.session => {
                (slot, self.give_epoch(), Arrival::Replaced)
            }
            Some((slot, agent)) if is_same(agent, &given) => (slot, agent.epoch, Arrival::Same),
            Some((slot, agent)) => (slot, agent.epoch, Arrival::Updated),
        };
        match arrival {
            Arrival::Same => self.renewed.push(slot),
            Arrival::New | Arrival::Replaced | Arrival::Updated => self.enter(given, slot, epoch),
        }
        Enrolment { slot, epoch, arrival }
    }

    fn enter(&mut self, given: Registration, slot: Slot, epoch: Epoch) {
        let capabilities = place(&mut self.capabilities, given.capabilities);
        let profile = given.profile.map(|profile| place(&mut self.profiles, profile));
        self.agents.push(Enrolled { slot, epoch, id: given.id, capabilities, profile });
    }

    fn give_epoch(&mut self) -> Epoch {
        let epoch = Epoch(self.next_epoch);
        self.next_epoch += 1;
        epoch
    }

    /// Of the event, at most: what is shared counts once.
    fn bytes(&self) -> usize {
        // Slot, epoch, places and lengths of an agent take at most 27.
        let agents = self.agents.iter().map(|agent| agent.id.as_str().len() + 32);
        let renewed = self.renewed.len() * 5;
        let lists = self.capabilities.keys().map(|list| list.bytes() + 2);
        let profiles = self.profiles.keys().map(|profile| profile.bytes() + 2);
        agents.sum::<usize>() + renewed + lists.sum::<usize>() + profiles.sum::<usize>()
    }

    fn finish(self) -> Registered {
        Registered {
            session: self.session,
            capabilities: in_place(self.capabilities),
            profiles: in_place(self.profiles),
            agents: self.agents,
            renewed: self.renewed.into_iter().collect(),
        }
    }
}

fn is_same(agent: &Agent, given: &Registration) -> bool {
    agent.capabilities == given.capabilities && agent.profile == given.profile
}

/// The number of `value` among those that are different.
fn place<T: Ord>(places: &mut BTreeMap<T, u32>, value: T) -> u32 {
    let next = u32::try_from(places.len()).expect("a registration has few agents");
    *places.entry(value).or_insert(next)
}

fn in_place<T>(places: BTreeMap<T, u32>) -> Vec<T> {
    let mut values: Vec<(T, u32)> = places.into_iter().collect();
    values.sort_unstable_by_key(|(_, place)| *place);
    values.into_iter().map(|(value, _)| value).collect()
}
