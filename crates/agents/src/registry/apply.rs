//! Makes the state what an event says that it is.

use std::sync::Arc;

use super::{
    agent::{Agent, Session},
    event::{Enrolled, Event, Fact, Registered},
    life::AgentState,
    profile::{Capabilities, Profile},
    state::State,
};
use crate::ids::{AgentId, Moment, Slot};

/// Applies one stored event. It comes from [`super::decide`] or from [`super::Watch::tick`] on this very state.
pub fn apply(state: &mut State, event: &Event) {
    let at = event.at;
    state.moment = state.moment.max(at);
    match &event.fact {
        Fact::SessionOpened { session, host } => {
            let opened = Session { host: host.clone(), opened_at: at, renewed_at: at, agents: 0 };
            state.sessions.insert(*session, opened);
            state.next_session = state.next_session.max(session.0 + 1);
        }
        Fact::SessionClosed { session, slots } => {
            state.remove_all(slots);
            state.sessions.remove(session);
        }
        Fact::SessionsRenewed { sessions } => {
            for session in &**sessions {
                if let Some(session) = state.sessions.get_mut(session) {
                    session.renewed_at = session.renewed_at.max(at);
                }
            }
        }
        Fact::Registered(registered) => state.register(registered, at),
        Fact::Renewed { slots } => state.renew(slots, at),
        Fact::StatesSet { states } => {
            for (next, slots) in states {
                state.set(*next, slots, at);
            }
        }
        Fact::Draining { slots } => {
            for slot in &**slots {
                if let Some(agent) = state.agents.get_mut(*slot) {
                    state.draining += u32::from(!agent.draining);
                    agent.draining = true;
                }
            }
        }
        Fact::Quarantined { ids, reason } => {
            for id in ids {
                state.quarantine.insert(id.clone(), reason.clone());
                state.mark_quarantined(id, true);
            }
        }
        Fact::Released { ids } => {
            for id in ids {
                state.quarantine.remove(id);
                state.mark_quarantined(id, false);
            }
        }
        Fact::Deregistered { slots } => state.remove_all(slots),
        Fact::Died { slots, sessions } => {
            state.remove_all(slots);
            for session in &**sessions {
                state.sessions.remove(session);
            }
        }
        Fact::Extended { since, by_ms } => state.extend(*since, *by_ms, at),
    }
}

impl State {
    fn register(&mut self, registered: &Registered, at: Moment) {
        for enrolled in &registered.agents {
            let there = self.agents.get(enrolled.slot).map(|agent| agent.epoch);
            if there != Some(enrolled.epoch) {
                self.remove(enrolled.slot);
                self.begin(registered, enrolled, at);
                continue;
            }
            let (capabilities, profile) = self.described(registered, enrolled);
            let agent = self.agents.get_mut(enrolled.slot).expect("its epoch was just read");
            let before = std::mem::replace(&mut agent.capabilities, capabilities);
            self.capabilities.release(&before);
            if let Some(before) = std::mem::replace(&mut agent.profile, profile) {
                self.profiles.release(&before);
            }
            agent.renewed_at = agent.renewed_at.max(at);
        }
        self.renew(&registered.renewed, at);
    }

    /// A new life.
    fn begin(&mut self, registered: &Registered, enrolled: &Enrolled, at: Moment) {
        let Enrolled { slot, epoch, id, .. } = enrolled;
        let (capabilities, profile) = self.described(registered, enrolled);
        self.insert(
            *slot,
            Agent {
                id: id.clone(),
                epoch: *epoch,
                session: registered.session,
                capabilities,
                profile,
                state: AgentState::Initializing,
                state_since: at,
                renewed_at: at,
                draining: false,
                quarantined: self.quarantine.contains_key(id),
            },
        );
        self.next_epoch = self.next_epoch.max(epoch.0 + 1);
    }

    /// Enters an agent whose capabilities and profile are counted already.
    pub(super) fn insert(&mut self, slot: Slot, agent: Agent) {
        if let Some(session) = agent.session {
            self.members.insert((session, slot));
            if let Some(session) = self.sessions.get_mut(&session) {
                session.agents += 1;
            }
        }
        self.in_state[agent.state.place()] += 1;
        self.draining += u32::from(agent.draining);
        self.index.insert(&agent.id, slot);
        self.agents.put(slot, agent);
    }

    /// The capabilities and the profile of an entry, each with one more use.
    fn described(
        &mut self,
        registered: &Registered,
        enrolled: &Enrolled,
    ) -> (Capabilities, Option<Arc<Profile>>) {
        let capabilities = &registered.capabilities[enrolled.capabilities as usize];
        let profile = enrolled.profile.map(|profile| &registered.profiles[profile as usize]);
        let profile = profile.map(|profile| self.profiles.share(profile));
        (self.capabilities.share(capabilities), profile)
    }

    fn remove_all(&mut self, slots: &[Slot]) {
        for slot in slots {
            self.remove(*slot);
        }
    }

    fn remove(&mut self, slot: Slot) {
        let Some(agent) = self.agents.take(slot) else { return };
        self.index.remove(&agent.id, slot);
        self.in_state[agent.state.place()] -= 1;
        self.draining -= u32::from(agent.draining);
        self.capabilities.release(&agent.capabilities);
        if let Some(profile) = &agent.profile {
            self.profiles.release(profile);
        }
        let Some(session) = agent.session else { return };
        self.members.remove(&(session, slot));
        if let Some(session) = self.sessions.get_mut(&session) {
            session.agents -= 1;
        }
    }

    fn renew(&mut self, slots: &[Slot], at: Moment) {
        for slot in slots {
            if let Some(agent) = self.agents.get_mut(*slot) {
                agent.renewed_at = agent.renewed_at.max(at);
            }
        }
    }

    fn set(&mut self, next: AgentState, slots: &[Slot], at: Moment) {
        for slot in slots {
            let Some(agent) = self.agents.get_mut(*slot) else { continue };
            agent.renewed_at = agent.renewed_at.max(at);
            if agent.state != next {
                self.in_state[agent.state.place()] -= 1;
                self.in_state[next.place()] += 1;
                agent.state = next;
                agent.state_since = at;
            }
        }
    }

    fn mark_quarantined(&mut self, id: &AgentId, quarantined: bool) {
        let slot = self.index.find(&self.agents, id);
        if let Some(agent) = slot.and_then(|slot| self.agents.get_mut(slot)) {
            agent.quarantined = quarantined;
        }
    }

    fn extend(&mut self, since: Moment, by_ms: u64, at: Moment) {
        let later = |renewed_at: &mut Moment| {
            if *renewed_at >= since {
                *renewed_at = renewed_at.after(by_ms).min(at);
            }
        };
        self.agents.iter_mut().for_each(|agent| later(&mut agent.renewed_at));
        self.sessions.values_mut().for_each(|session| later(&mut session.renewed_at));
    }
}
