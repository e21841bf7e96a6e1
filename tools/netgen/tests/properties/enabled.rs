//! Which tasks may start, by definition: AND and XOR from the tokens, OR by looking at every marking
//! that the net can still reach (Wynn et al. 2005: the other OR-joins act like XOR-joins, and the
//! join that is asked about never starts).

use std::collections::{BTreeMap, BTreeSet};

use model::specification::Gate;

use super::graph::{Graph, Task};

/// Markings that the search looks at before it gives up.
const MARKINGS_MAX: usize = 300;

/// Tokens per place: the conditions in alphabetical order, then "busy" of each task.
pub(crate) type Marking = Vec<u32>;

/// Whether the task, which is not busy, may start; `None` if that is too much to find out.
pub(crate) fn is_enabled(graph: &Graph, marking: &Marking, name: &str) -> Option<bool> {
    let task = &graph.tasks[name];
    let preset = places(graph, &task.preset);
    let marked = preset.iter().filter(|place| marking[**place] > 0).count();
    match task.join {
        Gate::And => Some(marked == preset.len()),
        Gate::Xor => Some(marked > 0),
        Gate::Or if marked == 0 || marked == preset.len() => Some(marked > 0),
        Gate::Or => more_can_come(graph, marking, (name, &preset)).map(|more| !more),
    }
}

/// The marking in which these elements hold so many tokens.
pub(crate) fn marking<'a>(graph: &Graph, held: impl Iterator<Item = (&'a str, u32)>) -> Marking {
    let mut marking = vec![0; graph.conditions.len() + graph.tasks.len()];
    let places = graph.conditions.iter().chain(graph.tasks.keys());
    let place: BTreeMap<&str, usize> = places.zip(0..).map(|(id, at)| (id.as_str(), at)).collect();
    held.for_each(|(id, tokens)| marking[place[id]] = tokens);
    marking
}

fn places(graph: &Graph, ids: &BTreeSet<String>) -> Vec<usize> {
    let known = graph.conditions.iter().enumerate();
    known.filter(|(_, id)| ids.contains(*id)).map(|(place, _)| place).collect()
}

/// Whether a marking can be reached that keeps a token in every marked place before the join and has
/// one in an empty place.
fn more_can_come(graph: &Graph, from: &Marking, (name, preset): (&str, &[usize])) -> Option<bool> {
    let (marked, unmarked): (Vec<usize>, Vec<usize>) =
        preset.iter().partition(|place| from[**place] > 0);
    let moves: Vec<Move> = graph
        .tasks
        .iter()
        .enumerate()
        .flat_map(|(number, (id, task))| moves(graph, (number, task), id != name))
        .collect();
    let mut seen = BTreeSet::from([from.clone()]);
    let mut pending = vec![from.clone()];
    while let Some(marking) = pending.pop() {
        let holds = |place: &usize| marking[*place] > 0;
        if marked.iter().all(holds) && unmarked.iter().any(holds) {
            return Some(true);
        }
        for after in moves.iter().filter_map(|step| step.take(&marking)) {
            if seen.insert(after.clone()) {
                pending.push(after);
            }
        }
        if seen.len() > MARKINGS_MAX {
            return None;
        }
    }
    Some(false)
}

/// A start or an end of a task.
struct Move {
    takes: Vec<usize>,
    empties: Vec<usize>,
    gives: Vec<usize>,
}

impl Move {
    fn take(&self, marking: &Marking) -> Option<Marking> {
        let mut after = marking.clone();
        for place in &self.takes {
            after[*place] = after[*place].checked_sub(1)?;
        }
        self.empties.iter().for_each(|place| after[*place] = 0);
        self.gives.iter().for_each(|place| after[*place] += 1);
        Some(after)
    }
}

fn moves(graph: &Graph, (number, task): (usize, &Task), may_start: bool) -> Vec<Move> {
    let busy = graph.conditions.len() + number;
    let preset = places(graph, &task.preset);
    let starts = match task.join {
        Gate::And => vec![preset],
        Gate::Or | Gate::Xor => preset.into_iter().map(|place| vec![place]).collect(),
    };
    let mut empties = places(graph, &task.removed_conditions);
    let tasks = graph.tasks.keys().enumerate();
    let removed = tasks.filter(|(_, id)| task.removed_tasks.contains(*id));
    empties.extend(removed.map(|(at, _)| graph.conditions.len() + at));
    let start = |takes| Move { takes, empties: Vec::new(), gives: vec![busy] };
    let end = |gives| Move { takes: vec![busy], empties: empties.clone(), gives };
    let ends = outcomes(task.split, &places(graph, &task.postset));
    let starts = starts.into_iter().filter(|_| may_start).map(start);
    starts.chain(ends.into_iter().map(end)).collect()
}

fn outcomes(split: Gate, postset: &[usize]) -> Vec<Vec<usize>> {
    let subset = |set: usize| {
        let chosen = postset.iter().enumerate().filter(move |(bit, _)| set & (1 << bit) != 0);
        chosen.map(|(_, place)| *place).collect()
    };
    match split {
        Gate::And => vec![postset.to_vec()],
        Gate::Xor => postset.iter().map(|place| vec![*place]).collect(),
        Gate::Or => (1..1 << postset.len()).map(subset).collect(),
    }
}
