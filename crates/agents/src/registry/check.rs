//! What holds in every state. Tests ask after each event.

use std::{collections::BTreeMap, sync::Arc};

use super::{life::AgentState, state::State};

/// Panics, naming what does not hold.
///
/// # Panics
/// If the state contradicts itself: a bug of ours.
pub fn check_invariants(state: &State) {
    assert_eq!(state.index.len(), state.agents.len(), "each agent has one id");
    let mut epochs: Vec<u64> = state.agents().map(|(_, agent)| agent.epoch.0).collect();
    epochs.sort_unstable();
    assert!(epochs.windows(2).all(|two| two[0] < two[1]), "no epoch was given twice");
    assert!(
        epochs.last().is_none_or(|last| *last < state.next_epoch),
        "and none ahead of its time"
    );
    for (slot, agent) in state.agents() {
        let found = state.by_id(&agent.id).map(|(slot, _)| slot);
        assert_eq!(found, Some(slot), "{} is found by its id", agent.id);
        assert!(agent.renewed_at <= state.moment, "{} was renewed in the past", agent.id);
        assert!(agent.state_since <= state.moment, "{} came into its state then", agent.id);
        let quarantined = state.quarantine.contains_key(&agent.id);
        assert_eq!(agent.quarantined, quarantined, "{} knows of its quarantine", agent.id);
    }
    for each in AgentState::ALL {
        let count = state.agents().filter(|(_, agent)| agent.state == each).count();
        assert_eq!(count, state.in_state(each) as usize, "agents that are {each} are counted");
    }
    let draining = state.agents().filter(|(_, agent)| agent.draining()).count();
    assert_eq!(draining, state.draining() as usize, "agents that are draining are counted");
    check_sessions(state);
    check_shared(state);
}

fn check_sessions(state: &State) {
    for (id, session) in state.sessions() {
        assert!(id.0 < state.next_session, "a session was given its number");
        let members = state.members(id).count();
        assert_eq!(members, session.agents as usize, "the agents of a session are counted");
    }
    for (session, slot) in &state.members {
        assert!(state.sessions.contains_key(session), "a member's session is there");
        let agent = state.agent(*slot).expect("a member is there");
        assert_eq!(agent.session, Some(*session), "a member knows its session");
    }
    let in_sessions = state.agents().filter(|(_, agent)| agent.session.is_some()).count();
    assert_eq!(in_sessions, state.members.len(), "who is in a session is among its members");
}

fn check_shared(state: &State) {
    let mut lists = BTreeMap::new();
    let mut profiles = BTreeMap::new();
    for (_, agent) in state.agents() {
        *lists.entry(agent.capabilities.clone()).or_insert(0) += 1;
        if let Some(profile) = &agent.profile {
            *profiles.entry(Arc::clone(profile)).or_insert(0) += 1;
        }
    }
    let held: BTreeMap<_, u32> = state.capabilities.iter().map(|(v, n)| (v.clone(), n)).collect();
    assert_eq!(held, lists, "lists of capabilities are held while they are used");
    let held: BTreeMap<_, u32> = state.profiles.iter().map(|(v, n)| (v.clone(), n)).collect();
    assert_eq!(held, profiles, "profiles are held while they are used");
}
