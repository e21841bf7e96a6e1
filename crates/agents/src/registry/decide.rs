//! What a command means in a state: at most one event, and the answer. Changes nothing.

mod register;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    NAMES_MAX, QUARANTINED_MAX, RENEW_MAX,
    agent::Agent,
    ascending::Ascending,
    command::{Absent, Answer, Command, Decision, Incarnation, Notice, Refusal, StateChange},
    event::{Event, Fact},
    life::AgentState,
    profile::{Host, Reason},
    state::State,
};
use crate::ids::{AgentId, Moment, SessionId, Slot};

/// Decides what `command` means in `state`. The caller stores the event, then applies it, then answers.
pub fn decide(state: &State, command: Command, now: Moment) -> Result<Decision, Refusal> {
    let at = now.max(state.moment);
    let (fact, answer) = match command {
        Command::OpenSession { host } => open(state, host)?,
        Command::CloseSession { session } => close(state, session)?,
        Command::Register { session, agents } => register::register(state, session, agents)?,
        Command::Renew { agents } => renew(state, &agents)?,
        Command::RenewSessions { sessions } => renew_sessions(state, &sessions)?,
        Command::SetStates { changes } => set_states(state, &changes, at)?,
        Command::Drain { agents } => drain(state, &agents)?,
        Command::Quarantine { agents, reason } => quarantine(state, agents, reason)?,
        Command::Release { agents } => release(state, agents)?,
        Command::Deregister { agents } => deregister(state, &agents)?,
        Command::Extend => (extend(state), Answer::Extended),
    };
    Ok(Decision { event: fact.map(|fact| Event { at, fact }), answer })
}

type Decided = Result<(Option<Fact>, Answer), Refusal>;
/// One for each agent that was asked for.
type Answers<T> = Vec<Result<T, Absent>>;

fn open(state: &State, host: Host) -> Decided {
    let max = state.settings.sessions_max;
    if state.sessions.len() >= max {
        return Err(Refusal::TooManySessions { max });
    }
    let session = SessionId(state.next_session);
    Ok((Some(Fact::SessionOpened { session, host }), Answer::SessionOpened(session)))
}

fn close(state: &State, session: SessionId) -> Decided {
    if !state.sessions.contains_key(&session) {
        // It was given once: it is closed, which is what the caller wants.
        let was_given = session.0 > 0 && session.0 < state.next_session;
        let none = (None, Answer::SessionClosed { agents: 0 });
        return if was_given { Ok(none) } else { Err(Refusal::NoSuchSession { session }) };
    }
    let slots: Ascending<Slot> = state.members(session).collect();
    let agents = slots.len();
    Ok((Some(Fact::SessionClosed { session, slots }), Answer::SessionClosed { agents }))
}

fn renew(state: &State, agents: &[Incarnation]) -> Decided {
    let (slots, answers) = each(state, agents, |agent| Notice {
        draining: agent.draining,
        quarantined: agent.quarantined,
    })?;
    Ok((some(slots).map(|slots| Fact::Renewed { slots }), Answer::Renewed(answers)))
}

fn renew_sessions(state: &State, sessions: &[SessionId]) -> Decided {
    within(sessions.len(), RENEW_MAX)?;
    let there = |id: &SessionId| state.sessions.get(id).map(|session| session.agents);
    let answers = sessions.iter().map(there).collect();
    let renewed = sessions.iter().copied().filter(|id| state.sessions.contains_key(id));
    let fact = some(renewed.collect()).map(|sessions| Fact::SessionsRenewed { sessions });
    Ok((fact, Answer::SessionsRenewed(answers)))
}

fn set_states(state: &State, changes: &[(Incarnation, AgentState)], at: Moment) -> Decided {
    within(changes.len(), RENEW_MAX)?;
    // An agent may be there twice: each change follows on the one before.
    let mut states: BTreeMap<Slot, (AgentState, Moment)> = BTreeMap::new();
    let mut set = |(whom, next): &(Incarnation, AgentState)| {
        let (slot, agent) = state.find(whom)?;
        let (from, since) = states.entry(slot).or_insert((agent.state, agent.state_since));
        let (before, held_ms) = (*from, at.since(*since));
        if before == *next {
            return Ok(StateChange::Same);
        }
        if !before.may_become(*next) {
            return Ok(StateChange::Illegal { from: before });
        }
        (*from, *since) = (*next, at);
        Ok(StateChange::Changed { from: before, held_ms })
    };
    let answers = changes.iter().map(&mut set).collect();
    let mut by_state: BTreeMap<AgentState, Vec<Slot>> = BTreeMap::new();
    for (slot, (next, _)) in states {
        by_state.entry(next).or_default().push(slot);
    }
    let by_state = by_state.into_iter().map(|(next, slots)| (next, slots.into_iter().collect()));
    let states: Vec<(AgentState, Ascending<Slot>)> = by_state.collect();
    let fact = (!states.is_empty()).then_some(Fact::StatesSet { states });
    Ok((fact, Answer::StatesSet(answers)))
}

fn drain(state: &State, agents: &[AgentId]) -> Decided {
    within(agents.len(), NAMES_MAX)?;
    let found: Vec<_> = agents.iter().map(|id| state.by_id(id)).collect();
    let new = found.iter().flatten().filter(|(_, agent)| !agent.draining);
    let fact = some(new.map(|(slot, _)| *slot).collect()).map(|slots| Fact::Draining { slots });
    let answers = found.iter().map(|found| found.map(drop).ok_or(Absent::Unknown)).collect();
    Ok((fact, Answer::Draining(answers)))
}

fn quarantine(state: &State, agents: Vec<AgentId>, reason: Reason) -> Decided {
    within(agents.len(), NAMES_MAX)?;
    let there = agents.iter().map(|id| state.by_id(id).map(|(slot, _)| slot)).collect();
    let says_something = |id: &AgentId| state.quarantine(id) != Some(&reason);
    let ids: BTreeSet<AgentId> = agents.into_iter().filter(says_something).collect();
    let more = ids.iter().filter(|id| state.quarantine(id).is_none()).count();
    if state.quarantine.len() + more > QUARANTINED_MAX {
        return Err(Refusal::QuarantineFull { max: QUARANTINED_MAX });
    }
    let ids: Vec<AgentId> = ids.into_iter().collect();
    let fact = (!ids.is_empty()).then_some(Fact::Quarantined { ids, reason });
    Ok((fact, Answer::Quarantined(there)))
}

fn release(state: &State, agents: Vec<AgentId>) -> Decided {
    within(agents.len(), NAMES_MAX)?;
    let was_in = |id: &AgentId| state.quarantine(id).is_some();
    let answers = agents.iter().map(was_in).collect();
    let ids: BTreeSet<AgentId> = agents.into_iter().filter(was_in).collect();
    let ids: Vec<AgentId> = ids.into_iter().collect();
    Ok(((!ids.is_empty()).then_some(Fact::Released { ids }), Answer::Released(answers)))
}

fn deregister(state: &State, agents: &[Incarnation]) -> Decided {
    let (slots, answers) = each(state, agents, |_| ())?;
    Ok((some(slots).map(|slots| Fact::Deregistered { slots }), Answer::Deregistered(answers)))
}

/// Who was dead by the last event stays so and is found at the next look.
fn extend(state: &State) -> Option<Fact> {
    let since = Moment { ms: state.moment.ms.saturating_sub(state.settings.dead_after_ms) };
    let anybody = !state.is_empty() || !state.sessions.is_empty();
    anybody.then_some(Fact::Extended { since, by_ms: u64::MAX })
}

/// The slots of those that are there, and an answer for each that was asked for.
fn each<T>(
    state: &State,
    agents: &[Incarnation],
    answer: impl Fn(&Agent) -> T,
) -> Result<(Ascending<Slot>, Answers<T>), Refusal> {
    within(agents.len(), RENEW_MAX)?;
    let mut slots = Vec::with_capacity(agents.len());
    let mut answers = Vec::with_capacity(agents.len());
    for whom in agents {
        answers.push(state.find(whom).map(|(slot, agent)| {
            slots.push(slot);
            answer(agent)
        }));
    }
    Ok((slots.into_iter().collect(), answers))
}

fn some<T>(ids: Ascending<T>) -> Option<Ascending<T>> {
    (!ids.is_empty()).then_some(ids)
}

fn within(given: usize, max: usize) -> Result<(), Refusal> {
    if given > max { Err(Refusal::TooMany { given, max }) } else { Ok(()) }
}
