//! Knows whose time is over, without looking at everybody: derived from the state, never stored.
//!
//! Each agent and each session is on a wheel once. When its slot comes by, the state says what became of it. An
//! agent that is renewed all the while is so looked at once in the time that one renewal is good for. What is
//! counted as live lags by one slot of the wheel.

use std::collections::BTreeSet;

use super::{
    agent::{Liveness, Session},
    ascending::Ascending,
    event::{Event, Fact},
    state::State,
};
use crate::{
    deadlines::{Deadlines, Due},
    ids::{Moment, SessionId, Slot},
};

/// How exact the wheel is.
const WHEEL_SLOT_MS: u64 = 100;
/// Agents, and sessions, that one look buries. When a million die at once the rest is found at the looks that follow,
/// and everybody else is served in between.
const DIED_MAX: usize = 10_000;

/// Deadlines of one process.
#[derive(Debug)]
pub struct Watch {
    agents: Deadlines<Slot>,
    sessions: Deadlines<SessionId>,
    marks: Marks,
    /// Sessions that had an agent go stale since they were renewed.
    quiet: BTreeSet<SessionId>,
    looked_at: Moment,
}

/// What a look found.
#[derive(Debug)]
pub struct Tick {
    /// To be stored and applied. If it is not, it is found again.
    pub event: Option<Event>,
    /// Agents that have gone stale since the last look.
    pub stale: Vec<Slot>,
}

impl Watch {
    pub fn of(state: &State, now: Moment) -> Self {
        let now = now.max(state.moment);
        let mut watch = Self {
            agents: Deadlines::new(now, WHEEL_SLOT_MS),
            sessions: Deadlines::new(now, WHEEL_SLOT_MS),
            marks: Marks::default(),
            quiet: BTreeSet::new(),
            looked_at: now,
        };
        for (slot, agent) in state.agents() {
            let renewed_at = state.renewed_at(agent);
            watch.marks.put_on_wheel(slot);
            if state.liveness(agent, now) == Liveness::Live {
                watch.marks.set(slot, Mark::Live);
                watch.agents.put(slot, renewed_at.after(state.settings.stale_after_ms + 1));
            } else {
                watch.marks.set(slot, Mark::Stale);
                watch.quiet.extend(agent.session);
                watch.agents.put(slot, soon(state, now, renewed_at));
            }
        }
        for (id, session) in state.sessions() {
            watch.sessions.put(id, over_at(state, now, session));
        }
        watch
    }

    pub fn live(&self) -> u32 {
        self.marks.live
    }

    pub fn next_look(&self) -> Moment {
        self.agents.next_look()
    }

    /// Learns of an event that `state` has just taken. Gives the agents that were stale and are live again.
    pub fn follow(&mut self, state: &State, event: &Event) -> Vec<Slot> {
        match &event.fact {
            Fact::SessionOpened { session, .. } => {
                self.sessions.put(*session, event.at.after(state.settings.dead_after_ms + 1));
                Vec::new()
            }
            Fact::SessionsRenewed { sessions } => {
                let quiet = sessions.iter().filter(|session| self.quiet.remove(session));
                self.marks.revive(quiet.flat_map(|session| state.members(*session)))
            }
            Fact::Registered(registered) => {
                registered.agents.iter().for_each(|agent| self.come(state, agent.slot));
                let agents = registered.agents.iter().map(|agent| agent.slot);
                self.marks.revive(agents.chain(registered.renewed.iter().copied()))
            }
            Fact::Renewed { slots } => self.marks.revive(slots.iter().copied()),
            Fact::StatesSet { states } => {
                self.marks.revive(states.iter().flat_map(|(_, slots)| slots.iter().copied()))
            }
            Fact::SessionClosed { session, slots } => self.gone(slots, &[*session]),
            Fact::Deregistered { slots } => self.gone(slots, &[]),
            Fact::Died { slots, sessions } => self.gone(slots, sessions),
            Fact::Extended { .. } => {
                // Rare, and about everybody.
                let before = std::mem::replace(self, Self::of(state, event.at));
                before.marks.stale().filter(|slot| self.marks.get(*slot) == Mark::Live).collect()
            }
            Fact::Draining { .. } | Fact::Quarantined { .. } | Fact::Released { .. } => Vec::new(),
        }
    }

    /// Finds who has gone stale and who is dead. If nobody looked for more than half of the time that one renewal
    /// is good for, we were away: everybody gets that time on top, and the dead are looked for the next time.
    pub fn tick(&mut self, state: &State, now: Moment) -> Tick {
        let now = now.max(self.looked_at).max(state.moment);
        let (before, away_ms) = (self.looked_at, now.since(self.looked_at));
        self.looked_at = now;
        let anybody = !state.is_empty() || !state.sessions.is_empty();
        if anybody && away_ms > state.settings.stale_after_ms / 2 {
            let since = Moment { ms: before.ms.saturating_sub(state.settings.dead_after_ms) };
            let fact = Fact::Extended { since, by_ms: away_ms };
            return Tick { event: Some(Event { at: now, fact }), stale: Vec::new() };
        }
        let (stale, slots) = self.look_at_agents(state, now);
        let sessions = self.look_at_sessions(state, now);
        let found = !slots.is_empty() || !sessions.is_empty();
        let event = found.then_some(Event { at: now, fact: Fact::Died { slots, sessions } });
        Tick { event, stale }
    }

    fn look_at_agents(&mut self, state: &State, now: Moment) -> (Vec<Slot>, Ascending<Slot>) {
        let (mut stale, mut dead) = (Vec::new(), Vec::new());
        let Self { agents, marks, quiet, .. } = self;
        agents.advance(now, |slot| {
            let Some(agent) = state.agent(slot) else {
                marks.take_off_wheel(slot);
                return Due::Never;
            };
            let renewed_at = state.renewed_at(agent);
            let liveness = state.liveness(agent, now);
            if liveness == Liveness::Live {
                marks.set(slot, Mark::Live);
                return Due::At(renewed_at.after(state.settings.stale_after_ms + 1));
            }
            if marks.set(slot, Mark::Stale) == Mark::Live {
                stale.push(slot);
                quiet.extend(agent.session);
            }
            if liveness == Liveness::Dead {
                dead.push(slot);
                return Due::At(again(state, now, dead.len()));
            }
            Due::At(soon(state, now, renewed_at))
        });
        dead.truncate(DIED_MAX);
        (stale, dead.into_iter().collect())
    }

    /// A session is over when it has no agents and nobody has renewed it for as long as an agent may be silent.
    fn look_at_sessions(&mut self, state: &State, now: Moment) -> Ascending<SessionId> {
        let mut over = Vec::new();
        self.sessions.advance(now, |id| {
            let Some(session) = state.session(id) else { return Due::Never };
            let silent = now.since(session.renewed_at) > state.settings.dead_after_ms;
            if silent && session.agents == 0 {
                over.push(id);
                return Due::At(again(state, now, over.len()));
            }
            Due::At(over_at(state, now, session))
        });
        over.truncate(DIED_MAX);
        over.into_iter().collect()
    }

    /// A slot has a new agent. A former one may have left its key on the wheel, where it is looked at before
    /// this one can be stale: see [`soon`].
    fn come(&mut self, state: &State, slot: Slot) {
        if self.marks.put_on_wheel(slot) {
            let Some(agent) = state.agent(slot) else { return };
            self.agents.put(slot, agent.renewed_at.after(state.settings.stale_after_ms + 1));
        }
    }

    fn gone(&mut self, slots: &[Slot], sessions: &[SessionId]) -> Vec<Slot> {
        for slot in slots {
            self.marks.set(*slot, Mark::None);
        }
        for session in sessions {
            self.quiet.remove(session);
        }
        Vec::new()
    }
}

/// When to look again at what is no longer live: when it is dead, but no later than what is renewed or takes its
/// place right now could be stale.
fn soon(state: &State, now: Moment, renewed_at: Moment) -> Moment {
    let dead = renewed_at.after(state.settings.dead_after_ms + 1);
    dead.min(now.after(state.settings.stale_after_ms)).max(now.after(1))
}

/// When to look again at the `found`th of the dead: it is gone then if its event was stored, and if there was no
/// room for it in this look, it has its turn.
fn again(state: &State, now: Moment, found: usize) -> Moment {
    let looks_before_its_turn = ((found - 1) / DIED_MAX).max(1) as u64;
    now.after((looks_before_its_turn * WHEEL_SLOT_MS).min(state.settings.stale_after_ms))
}

/// When to look whether a session is over: one that is silent but has agents is looked at again after a while.
fn over_at(state: &State, now: Moment, session: &Session) -> Moment {
    let silent = session.renewed_at.after(state.settings.dead_after_ms + 1);
    let again = if session.agents == 0 { 1 } else { state.settings.stale_after_ms };
    silent.max(now.after(again))
}

/// What is known of each slot.
#[derive(Debug, Default)]
struct Marks {
    by_slot: Vec<(Mark, OnWheel)>,
    live: u32,
}

/// What an agent was when it was last heard of or looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mark {
    #[default]
    None,
    Live,
    Stale,
}

/// Whether the key of a slot is on the wheel: it stays there for a while after its agent has gone.
type OnWheel = bool;

impl Marks {
    /// Sets a mark and says which one was there.
    fn set(&mut self, slot: Slot, mark: Mark) -> Mark {
        let before = std::mem::replace(&mut self.at(slot).0, mark);
        self.live -= u32::from(before == Mark::Live);
        self.live += u32::from(mark == Mark::Live);
        before
    }

    /// Marks as live, and gives those that were stale.
    fn revive(&mut self, slots: impl Iterator<Item = Slot>) -> Vec<Slot> {
        slots.filter(|slot| self.set(*slot, Mark::Live) == Mark::Stale).collect()
    }

    fn get(&self, slot: Slot) -> Mark {
        self.by_slot.get(slot.0 as usize).map_or(Mark::None, |(mark, _)| *mark)
    }

    fn stale(&self) -> impl Iterator<Item = Slot> {
        let marks = self.by_slot.iter().zip(0..);
        marks.filter(|((mark, _), _)| *mark == Mark::Stale).map(|(_, slot)| Slot(slot))
    }

    /// Whether it was not there.
    fn put_on_wheel(&mut self, slot: Slot) -> bool {
        !std::mem::replace(&mut self.at(slot).1, true)
    }

    fn take_off_wheel(&mut self, slot: Slot) {
        self.at(slot).1 = false;
    }

    fn at(&mut self, slot: Slot) -> &mut (Mark, OnWheel) {
        let place = slot.0 as usize;
        if place >= self.by_slot.len() {
            self.by_slot.resize(place + 1, Default::default());
        }
        &mut self.by_slot[place]
    }
}
