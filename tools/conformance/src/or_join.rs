//! The reference's OR-join, step by step as its description gives it (2.6), without and with the quirk that makes
//! [`crate::Defect::KeptToken`]. Kept apart from the engine's own, so that the two can be held against each other.

use std::collections::{BTreeMap, BTreeSet};

use engine::{ConditionIndex, TaskIndex, case::Runner, program::Net};
use model::specification::Gate;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Condition(ConditionIndex),
    Busy(TaskIndex),
}

/// Marked places alone.
type Marking = BTreeMap<Place, u32>;

struct Transition {
    preset: BTreeSet<Place>,
    postset: BTreeSet<Place>,
    reset: BTreeSet<Place>,
}

/// Whether a produced token is taken off a place that the same transition resets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Produced {
    Taken,
    /// The reference's quirk.
    Kept,
}

/// How to search.
#[derive(Clone, Copy)]
pub(crate) struct Search {
    pub(crate) produced: Produced,
    /// Markings looked at before giving up: the time grows with the square.
    pub(crate) markings_max: usize,
}

/// Whether the OR-join `join` may start; `None` where the search was given up.
pub(crate) fn is_enabled(
    net: &Net,
    runner: &Runner,
    join: TaskIndex,
    search: Search,
) -> Option<bool> {
    let preset = net.task(join).preset.iter().map(|condition| Place::Condition(*condition));
    let marking = marking_of(net, runner);
    let (marked, unmarked): (Vec<Place>, Vec<Place>) =
        preset.partition(|place| marking.contains_key(place));
    if marked.is_empty() || unmarked.is_empty() {
        return Some(!marked.is_empty());
    }
    let transitions = reachable(transitions(net, join), &marking);
    for place in unmarked {
        let target = marked.iter().chain([&place]).map(|place| (*place, 1)).collect();
        if is_coverable(&transitions, &marking, target, search)? {
            return Some(false);
        }
    }
    Some(true)
}

fn marking_of(net: &Net, runner: &Runner) -> Marking {
    let conditions = (0..).map(ConditionIndex).take(net.conditions.len());
    let tokens = conditions.map(|it| (Place::Condition(it), runner.tokens(it)));
    let busy = net.task_indices().filter(|task| runner.busy.contains_key(task));
    let busy = busy.map(|task| (Place::Busy(task), 1));
    tokens.chain(busy).filter(|(_, tokens)| *tokens > 0).collect()
}

/// Step 1: starts and ends of tasks; other OR-joins start like XOR-joins, `join` does not start.
fn transitions(net: &Net, join: TaskIndex) -> Vec<Transition> {
    let mut transitions = Vec::new();
    for index in net.task_indices() {
        let task = net.task(index);
        let busy = BTreeSet::from([Place::Busy(index)]);
        let preset = task.preset.iter().map(|condition| Place::Condition(*condition));
        let mut start = |preset| {
            let (postset, reset) = (busy.clone(), BTreeSet::new());
            transitions.push(Transition { preset, postset, reset });
        };
        match task.join {
            _ if index == join => {}
            Gate::And => start(preset.collect()),
            Gate::Xor | Gate::Or => preset.for_each(|place| start(BTreeSet::from([place]))),
        }
        let conditions = task.removes_conditions.iter().map(|it| Place::Condition(*it));
        let tasks = task.removes_tasks.iter().map(|it| Place::Busy(*it));
        let reset: BTreeSet<Place> = conditions.chain(tasks).collect();
        for postset in postsets(task.split, task.flows.iter().map(|flow| Place::Condition(flow.to)))
        {
            transitions.push(Transition { preset: busy.clone(), postset, reset: reset.clone() });
        }
    }
    transitions
}

/// What an exit may fill: all, one, or any that are not none.
fn postsets(split: Gate, flows: impl Iterator<Item = Place>) -> Vec<BTreeSet<Place>> {
    match split {
        Gate::And => vec![flows.collect()],
        Gate::Xor => flows.map(|place| BTreeSet::from([place])).collect(),
        Gate::Or => {
            let mut subsets = vec![BTreeSet::new()];
            for place in flows {
                let with = subsets.iter().cloned().map(|mut subset: BTreeSet<Place>| {
                    subset.insert(place);
                    subset
                });
                subsets = subsets.iter().cloned().chain(with).collect();
            }
            subsets.retain(|subset| !subset.is_empty());
            subsets
        }
    }
}

/// Step 3: what tokens can reach.
fn reachable(transitions: Vec<Transition>, marking: &Marking) -> Vec<Transition> {
    let mut places: BTreeSet<Place> = marking.keys().copied().collect();
    loop {
        let before = places.len();
        for it in &transitions {
            if !it.preset.is_disjoint(&places) {
                places.extend(&it.postset);
            }
        }
        if places.len() == before {
            break;
        }
    }
    transitions.into_iter().filter(|it| it.preset.is_subset(&places)).collect()
}

/// Step 6: backward search.
fn is_coverable(
    transitions: &[Transition],
    from: &Marking,
    target: Marking,
    search: Search,
) -> Option<bool> {
    let mut known = vec![target];
    let mut next = 0;
    while let Some(marking) = known.get(next).cloned() {
        next += 1;
        if covers(from, &marking) {
            return Some(true);
        }
        for transition in transitions {
            let Some(before) = predecessor(&marking, transition, search.produced) else { continue };
            if !known.iter().any(|known| covers(&before, known)) {
                known.push(before);
            }
        }
        if known.len() > search.markings_max {
            return None;
        }
    }
    Some(false)
}

fn covers(large: &Marking, small: &Marking) -> bool {
    small.iter().all(|(place, tokens)| large.get(place).is_some_and(|have| have >= tokens))
}

fn predecessor(marking: &Marking, fired: &Transition, produced: Produced) -> Option<Marking> {
    let tokens = |place: &Place| marking.get(place).copied().unwrap_or_default();
    let put = |place: &Place| u32::from(fired.postset.contains(place));
    if fired.reset.iter().any(|place| tokens(place) > put(place)) {
        return None;
    }
    let mut before = marking.clone();
    for place in &fired.postset {
        if !fired.reset.contains(place) || produced == Produced::Taken {
            before.insert(*place, tokens(place).saturating_sub(1));
        }
    }
    for place in &fired.preset {
        if fired.reset.contains(place) {
            before.insert(*place, 1);
        } else {
            *before.entry(*place).or_default() += 1;
        }
    }
    before.retain(|_, tokens| *tokens > 0);
    Some(before)
}
