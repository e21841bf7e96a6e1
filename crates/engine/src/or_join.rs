//! OR-join: may a task start, or can a further token still arrive?
//!
//! Wynn, Edmond, van der Aalst, ter Hofstede, "Achieving a General, Formal and Decidable Approach to the
//! OR-join in Workflow using Reset nets" (2005): the net becomes a reset net in which the other OR-joins
//! act like XOR-joins; the join is enabled unless a marking with one more marked input is coverable. Two
//! accidents of the reference are not copied (`reference 2.6`): the predecessor of a produced token that
//! is also reset, and a counter that leaks between places.

use std::collections::VecDeque;

use model::specification::Gate;

use crate::{
    case::Runner,
    ids::{ConditionIndex, TaskIndex},
    program::Net,
};

#[cfg(test)]
mod tests;

/// Markings that one test may hold as its basis. Beyond, the join waits: a token may still arrive. The time
/// grows with the square; a recorded net needs fewer than 100.
const MARKINGS_MAX: usize = 500;

/// Places: the net's conditions, then one per task for "busy".
type Place = usize;

/// Tokens per place.
type Marking = Vec<u32>;

struct Transition {
    preset: Vec<Place>,
    postset: Vec<Place>,
    reset: Vec<Place>,
}

/// Whether the OR-join `task`, which is not busy, may start.
pub(crate) fn is_enabled(net: &Net, runner: &Runner, task: TaskIndex) -> bool {
    let join = net.task(task);
    let is_marked = |condition: &ConditionIndex| runner.tokens(*condition) > 0;
    let (marked, unmarked): (Vec<_>, Vec<_>) = join.preset.iter().copied().partition(is_marked);
    if marked.is_empty() {
        return false;
    }
    if unmarked.is_empty() {
        return true;
    }
    let marking = marking_of(net, runner);
    let transitions = restrict(transitions(net, task), &marking, &join.preset);
    unmarked.iter().all(|condition| {
        let mut target = vec![0; marking.len()];
        marked.iter().for_each(|condition| target[place(*condition)] = 1);
        target[place(*condition)] = 1;
        is_coverable(&transitions, &marking, target) == Some(false)
    })
}

fn place(condition: ConditionIndex) -> Place {
    condition.0 as usize
}

fn busy_place(net: &Net, task: TaskIndex) -> Place {
    net.conditions.len() + task.0 as usize
}

fn marking_of(net: &Net, runner: &Runner) -> Marking {
    let mut marking = runner.marking.clone();
    marking.resize(net.conditions.len() + net.tasks.len(), 0);
    for task in runner.busy.keys() {
        marking[busy_place(net, *task)] = 1;
    }
    marking
}

/// The net as a reset net, without the start of the join that is looked at.
fn transitions(net: &Net, analysed: TaskIndex) -> Vec<Transition> {
    let mut transitions = Vec::new();
    for index in net.task_indices() {
        let task = net.task(index);
        let busy = busy_place(net, index);
        let start = |preset| Transition { preset, postset: vec![busy], reset: Vec::new() };
        let preset = task.preset.iter().map(|condition| place(*condition));
        match task.join {
            _ if index == analysed => {}
            Gate::And => transitions.push(start(preset.collect())),
            Gate::Xor | Gate::Or => transitions.extend(preset.map(|place| start(vec![place]))),
        }
        let conditions = task.removes_conditions.iter().map(|condition| place(*condition));
        let tasks = task.removes_tasks.iter().map(|task| busy_place(net, *task));
        let reset: Vec<Place> = conditions.chain(tasks).collect();
        let end = |postset| Transition { preset: vec![busy], postset, reset: reset.clone() };
        let postset = task.flows.iter().map(|flow| place(flow.to));
        match task.split {
            // An OR-split that gives every token covers all that it could give.
            Gate::And | Gate::Or => transitions.push(end(postset.collect())),
            Gate::Xor => transitions.extend(postset.map(|place| end(vec![place]))),
        }
    }
    transitions
}

/// Keeps what tokens can reach and what can still bring a token to the join.
fn restrict(
    transitions: Vec<Transition>,
    marking: &Marking,
    goal: &[ConditionIndex],
) -> Vec<Transition> {
    let mut reached: Vec<bool> = marking.iter().map(|tokens| *tokens > 0).collect();
    spread(&transitions, &mut reached, |transition| (&transition.preset, &transition.postset));
    let mut kept: Vec<Transition> = transitions
        .into_iter()
        .filter(|it| it.preset.iter().all(|place| reached[*place]))
        .collect();
    let mut leads = vec![false; marking.len()];
    goal.iter().for_each(|condition| leads[place(*condition)] = true);
    spread(&kept, &mut leads, |transition| (&transition.postset, &transition.preset));
    kept.retain(|it| it.postset.iter().any(|place| leads[*place]));
    kept
}

/// Marks all places reachable over transitions from any marked place.
fn spread(
    transitions: &[Transition],
    places: &mut [bool],
    ends: impl Fn(&Transition) -> (&Vec<Place>, &Vec<Place>),
) {
    loop {
        let mut changed = false;
        for transition in transitions {
            let (from, to) = ends(transition);
            if from.iter().any(|place| places[*place]) {
                for place in to {
                    changed |= !places[*place];
                    places[*place] = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// Backward search with a finite basis, nearest markings first (Abdulla et al.; Wynn et al. section 4).
/// `None` where [`MARKINGS_MAX`] was not enough to tell.
fn is_coverable(transitions: &[Transition], from: &Marking, target: Marking) -> Option<bool> {
    if covers(from, &target) {
        return Some(true);
    }
    let mut basis = vec![target.clone()];
    let mut pending = VecDeque::from([target]);
    while let Some(marking) = pending.pop_front() {
        // A smaller one may have replaced it meanwhile.
        if !basis.contains(&marking) {
            continue;
        }
        for before in transitions.iter().filter_map(|transition| predecessor(&marking, transition))
        {
            if covers(from, &before) {
                return Some(true);
            }
            if basis.iter().any(|known| covers(&before, known)) {
                continue;
            }
            basis.retain(|known| !covers(known, &before));
            basis.push(before.clone());
            pending.push_back(before);
            if basis.len() > MARKINGS_MAX {
                return None;
            }
        }
    }
    Some(false)
}

/// Whether `large` has at least the tokens of `small`.
fn covers(large: &Marking, small: &Marking) -> bool {
    large.iter().zip(small).all(|(large, small)| large >= small)
}

/// The least marking from which firing `transition` gives at least `marking`; `None` if none does.
fn predecessor(marking: &Marking, transition: &Transition) -> Option<Marking> {
    let mut before = marking.clone();
    for place in &transition.reset {
        // What is reset keeps only what the transition itself puts there.
        let put = transition.postset.iter().filter(|to| *to == place).count();
        if marking[*place] as usize > put {
            return None;
        }
        before[*place] = 0;
    }
    for place in transition.postset.iter().filter(|place| !transition.reset.contains(place)) {
        before[*place] = before[*place].saturating_sub(1);
    }
    for place in &transition.preset {
        before[*place] += 1;
    }
    Some(before)
}
