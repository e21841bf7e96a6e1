//! The definitions, word for word, over every state of the net as it is: no reduction, no reset net.

use std::collections::{BTreeMap, BTreeSet};

use engine::{TaskIndex, program::Net};
use model::specification::Gate;

use crate::{
    marking::{Marking, Move},
    verdict::{Advice, Element},
};

/// What holds of a net.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) deadlock: bool,
    pub(super) livelock: bool,
    pub(super) improper: bool,
    pub(super) can_end: bool,
    pub(super) dead: BTreeSet<TaskIndex>,
    pub(super) advice: BTreeSet<Advice>,
}

/// All of it, or nothing for a net of more than `states_max` states.
pub(super) fn truth(net: &Net, states_max: usize) -> Option<Truth> {
    let graph = explore(net, states_max)?;
    let is_over = |state: &&Marking| state.is_over(net);
    let ended: BTreeSet<&Marking> = graph.keys().filter(is_over).collect();
    let stuck: BTreeSet<&Marking> = graph
        .iter()
        .filter(|(state, next)| !state.is_over(net) && next.is_empty())
        .map(|(state, _)| state)
        .collect();
    let ends = leading_to(&graph, ended.clone());
    let stops = leading_to(&graph, stuck.clone());
    let started = graph.values().flatten().filter_map(|(step, _)| match step {
        Move::Start { task, .. } => Some(*task),
        Move::Complete { .. } => None,
    });
    let started: BTreeSet<TaskIndex> = started.collect();
    Some(Truth {
        deadlock: !stuck.is_empty(),
        livelock: graph.keys().any(|state| !ends.contains(state) && !stops.contains(state)),
        improper: ended.iter().any(|state| !state.is_proper(net)),
        can_end: !ended.is_empty(),
        dead: net.task_indices().filter(|task| !started.contains(task)).collect(),
        advice: advice(net, &graph),
    })
}

type States = BTreeMap<Marking, Vec<(Move, Marking)>>;

fn explore(net: &Net, states_max: usize) -> Option<States> {
    let mut states = States::new();
    let mut pending = vec![Marking::initial(net)];
    while let Some(state) = pending.pop() {
        if states.contains_key(&state) {
            continue;
        }
        if states.len() == states_max {
            return None;
        }
        let moves = state.moves(net).into_iter();
        let next: Vec<_> = moves.map(|step| (step.clone(), state.after(net, &step))).collect();
        pending.extend(next.iter().map(|(_, after)| after.clone()));
        states.insert(state, next);
    }
    Some(states)
}

fn leading_to<'s>(states: &'s States, goals: BTreeSet<&'s Marking>) -> BTreeSet<&'s Marking> {
    let mut leads = goals;
    loop {
        let before = leads.len();
        for (state, next) in states {
            if next.iter().any(|(_, after)| leads.contains(after)) {
                leads.insert(state);
            }
        }
        if leads.len() == before {
            return leads;
        }
    }
}

fn advice(net: &Net, states: &States) -> BTreeSet<Advice> {
    let mut inputs: BTreeMap<TaskIndex, BTreeSet<usize>> = BTreeMap::new();
    let mut emptied: BTreeSet<(TaskIndex, Element)> = BTreeSet::new();
    let moves = states.iter().flat_map(|(state, next)| next.iter().map(move |it| (state, &it.0)));
    for (state, step) in moves {
        match step {
            Move::Start { task, from } => {
                inputs.entry(*task).or_default().insert(from.len());
            }
            Move::Complete { task, .. } => emptied.extend(emptied_by(net, state, *task)),
        }
    }
    let mut advice = BTreeSet::new();
    for task in net.task_indices() {
        let joined = net.task(task);
        if joined.join == Gate::Or {
            let seen = inputs.get(&task).cloned().unwrap_or_default();
            if joined.preset.len() == 1 || seen.iter().eq([&1]) {
                advice.insert(Advice::JoinIsXor(task));
            } else if seen.iter().eq([&joined.preset.len()]) {
                advice.insert(Advice::JoinIsAnd(task));
            }
        }
        let conditions = joined.removes_conditions.iter().map(|it| Element::Condition(*it));
        let tasks = joined.removes_tasks.iter().map(|it| Element::Task(*it));
        for element in conditions.chain(tasks) {
            if !emptied.contains(&(task, element)) {
                advice.insert(Advice::CancelsNothing { task, element });
            }
        }
    }
    advice
}

fn emptied_by(net: &Net, state: &Marking, task: TaskIndex) -> Vec<(TaskIndex, Element)> {
    let removing = net.task(task);
    let conditions = removing.removes_conditions.iter().filter(|it| state.is_marked(**it));
    let others = removing.removes_tasks.iter().filter(|it| **it != task);
    let tasks = others.filter(|removed| state.busy.contains(removed));
    let conditions = conditions.map(|it| (task, Element::Condition(*it)));
    conditions.chain(tasks.map(|it| (task, Element::Task(*it)))).collect()
}
