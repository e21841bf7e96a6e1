//! Why an OR-join waits: the input that a token can still reach, and the path that the token takes.

use super::{
    OrJoin,
    reset_net::{Place, ResetNet},
};
use crate::{
    case::{Case, Runner},
    ids::{ConditionIndex, Path, TaskIndex},
    program::Program,
};

/// What an OR-join's test says of a marking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No input holds a token.
    Unmarked,
    /// No further token can arrive.
    Enabled,
    /// A further token can arrive.
    Waits(Arrival),
    /// It waits, since the work of one test did not suffice to rule out that a further token arrives.
    Undecided,
}

/// How a further token can arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The input, still without a token.
    pub input: ConditionIndex,
    /// From a marked condition or a busy task to the input, both included.
    pub path: Vec<Element>,
}

/// An element of a net.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    Condition(ConditionIndex),
    Task(TaskIndex),
}

/// An OR-join of a case with a token before it that has not started, in names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrJoinView {
    /// The running net: `C`, `C.2`.
    pub net_path: String,
    /// The net's id.
    pub net: String,
    pub task: String,
    /// Inputs that hold a token, and those that hold none.
    pub marked: Vec<String>,
    pub unmarked: Vec<String>,
    pub state: OrJoinState,
}

/// [`Verdict`] in names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrJoinState {
    Enabled,
    Waits { input: String, path: Vec<String> },
    Undecided,
}

/// The OR-joins of a case that have a token before them and are not busy.
pub fn explain(program: &Program, case: &Case) -> Vec<OrJoinView> {
    let runners = case.runners.iter().filter(|_| !case.has_ended());
    let joins = runners.flat_map(|(path, runner)| {
        let joins = program.net(runner.net).or_joins.joins.iter();
        joins.map(move |join| (path, runner, join.task))
    });
    joins.filter_map(|(path, runner, task)| view(program, case, (path, runner, task))).collect()
}

fn view(
    program: &Program,
    case: &Case,
    (path, runner, task): (&Path, &Runner, TaskIndex),
) -> Option<OrJoinView> {
    let net = program.net(runner.net);
    let is_busy = |task| runner.busy.contains_key(&task);
    if is_busy(task) {
        return None;
    }
    let name = |element: &Element| match element {
        Element::Condition(condition) => net.condition(*condition).id.clone(),
        Element::Task(task) => net.task(*task).id.clone(),
    };
    let state = match super::explain_at(net, &super::tokens(runner), &is_busy, task) {
        Verdict::Unmarked => return None,
        Verdict::Enabled => OrJoinState::Enabled,
        Verdict::Undecided => OrJoinState::Undecided,
        Verdict::Waits(arrival) => OrJoinState::Waits {
            input: name(&Element::Condition(arrival.input)),
            path: arrival.path.iter().map(name).collect(),
        },
    };
    let (marked, unmarked): (Vec<&ConditionIndex>, _) =
        net.task(task).preset.iter().partition(|condition| runner.tokens(**condition) > 0);
    let names = |conditions: Vec<&ConditionIndex>| {
        conditions.into_iter().map(|it| name(&Element::Condition(*it))).collect()
    };
    Some(OrJoinView {
        net_path: path.show(&case.id),
        net: net.id.clone(),
        task: net.task(task).id.clone(),
        marked: names(marked),
        unmarked: names(unmarked),
        state,
    })
}

/// What the firings of `way` bring to `join`, which was at `marked`.
pub(super) fn arrival(
    net: &ResetNet,
    join: &OrJoin,
    marked: &[(Place, u32)],
    way: &[usize],
) -> Option<Arrival> {
    let is_marked = |place: Place| marked.iter().any(|(other, _)| *other == place);
    let produces = |place: Place, firing: usize| net.transitions[firing].postset.contains(&place);
    let last = way.iter().rposition(|firing| {
        join.preset.iter().any(|place| !is_marked(*place) && produces(*place, *firing))
    })?;
    let mut place =
        *join.preset.iter().find(|place| !is_marked(**place) && produces(**place, way[last]))?;
    let input = place;
    let mut path = vec![place];
    let mut end = way.len();
    // Back from each token to the firing that brought it, and on from the token that came last to that firing.
    while let Some(at) = way[..end].iter().rposition(|firing| produces(place, *firing)) {
        let brought = |it: &&Place| way[..at].iter().rposition(|firing| produces(**it, *firing));
        place = *net.transitions[way[at]].preset.iter().max_by_key(brought)?;
        path.push(place);
        end = at;
    }
    path.reverse();
    let element = |place: Place| match net.task_of(place) {
        Some(task) => Element::Task(task),
        None => Element::Condition(condition(place)),
    };
    let path = path.into_iter().map(element).collect();
    Some(Arrival { input: condition(input), path })
}

fn condition(place: Place) -> ConditionIndex {
    ConditionIndex(u32::try_from(place).expect("a condition's index fits"))
}
