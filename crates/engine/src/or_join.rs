//! OR-join: may a task start, or can a further token still arrive?
//!
//! Wynn, Edmond, van der Aalst, ter Hofstede, "Achieving a General, Formal and Decidable Approach to the
//! OR-join in Workflow using Reset nets" (2005): the net becomes a reset net in which the other OR-joins
//! act like XOR-joins; the join is enabled unless a marking with one more marked input is coverable. Two
//! accidents of the reference are not copied (`reference 2.6`): the predecessor of a produced token that
//! is also reset, and a counter that leaks between places.

mod bits;
mod concurrency;
mod explain;
mod memory;
mod reset_net;
mod search;
mod trial;
mod work;

use model::specification::Gate;
use smallvec::SmallVec;

use crate::{
    case::{Runner, TaskSet},
    ids::{ConditionIndex, TaskIndex},
    program::{Net, Task},
};

pub use explain::{Arrival, Element, OrJoinState, OrJoinView, Verdict, explain};
pub use trial::findings;

use concurrency::Concurrency;
use memory::Memory;
use reset_net::{Part, Place, ResetNet};
use search::{Coverable, Search};
use work::Work;

pub use work::WORK_MAX;

#[cfg(test)]
mod tests;

/// The OR-joins of one net, made ready once.
#[derive(Debug, Default)]
pub(crate) struct OrJoins {
    /// Empty where the net has no OR-join.
    net: ResetNet,
    joins: Vec<OrJoin>,
    /// Their tasks.
    pub(crate) tasks: TaskSet,
}

#[derive(Debug)]
struct OrJoin {
    task: TaskIndex,
    preset: Vec<Place>,
    /// From where a token can still reach the join.
    part: Part,
    memory: Memory,
}

/// Whether the OR-join `task`, which is not busy, may start.
pub(crate) fn is_enabled(net: &Net, runner: &Runner, task: TaskIndex) -> bool {
    is_enabled_at(net, &tokens(runner), &|task| runner.busy.contains_key(&task), task)
}

/// The tokens of each condition in a row; no allocation for a net of ordinary size.
fn tokens(runner: &Runner) -> SmallVec<[u32; 32]> {
    runner.marking.iter().collect()
}

/// Whether the OR-join `task`, which is not busy, may start where conditions hold `tokens` and some
/// tasks are busy. Where the work of one test does not suffice to tell, it waits.
pub fn is_enabled_at(
    net: &Net,
    tokens: &[u32],
    is_busy: &dyn Fn(TaskIndex) -> bool,
    task: TaskIndex,
) -> bool {
    let Some(join) = net.or_joins.join(task) else { return false };
    join.at_a_glance(tokens).unwrap_or_else(|| {
        let marking = marking(&net.or_joins.net, &join.part, tokens, is_busy);
        join.memory.recall(&marking).unwrap_or_else(|| {
            let found = test(&net.or_joins.net, join, &marking, &mut Work::new());
            let answer = matches!(found, Coverable::No);
            join.memory.keep(marking, answer);
            answer
        })
    })
}

/// As [`is_enabled_at`], with the reason.
pub fn explain_at(
    net: &Net,
    tokens: &[u32],
    is_busy: &dyn Fn(TaskIndex) -> bool,
    task: TaskIndex,
) -> Verdict {
    let Some(join) = net.or_joins.join(task) else { return Verdict::Unmarked };
    match join.at_a_glance(tokens) {
        Some(false) => return Verdict::Unmarked,
        Some(true) => return Verdict::Enabled,
        None => {}
    }
    let net = &net.or_joins.net;
    let marking = marking(net, &join.part, tokens, is_busy);
    match test(net, join, &marking, &mut Work::new()) {
        Coverable::No => Verdict::Enabled,
        Coverable::Undecided => Verdict::Undecided,
        Coverable::By(way) => {
            explain::arrival(net, join, &marking, &way).map_or(Verdict::Undecided, Verdict::Waits)
        }
    }
}

/// One test of an OR-join, whose inputs alone do not tell. For benchmarks: [`is_enabled_at`] remembers its answers.
#[derive(Clone, Debug)]
pub struct Test<'n> {
    net: &'n ResetNet,
    join: &'n OrJoin,
    marking: Vec<(Place, u32)>,
}

impl<'n> Test<'n> {
    /// `None` where a look at the inputs is enough.
    pub fn new(
        net: &'n Net,
        tokens: &[u32],
        is_busy: &dyn Fn(TaskIndex) -> bool,
        task: TaskIndex,
    ) -> Option<Self> {
        let join = net.or_joins.join(task)?;
        let net = &net.or_joins.net;
        let is_open = join.at_a_glance(tokens).is_none();
        is_open.then(|| Self { net, join, marking: marking(net, &join.part, tokens, is_busy) })
    }

    /// Places with their tokens: all that the answer depends on.
    pub fn marking(&self) -> &[(usize, u32)] {
        &self.marking
    }

    /// Runs the test from scratch and gives the units of work that it took: more than [`WORK_MAX`] if they did not
    /// suffice to tell.
    pub fn run(&self) -> usize {
        let mut work = Work::new();
        test(self.net, self.join, &self.marking, &mut work);
        work.spent
    }
}

impl OrJoin {
    /// The answer where none or all of the inputs hold tokens.
    fn at_a_glance(&self, tokens: &[u32]) -> Option<bool> {
        let marked = self.preset.iter().filter(|place| tokens[**place] > 0).count();
        (marked == 0 || marked == self.preset.len()).then_some(marked > 0)
    }
}

impl OrJoins {
    pub(crate) fn new(conditions: usize, tasks: &[Task]) -> Self {
        let joins = (0..).map(TaskIndex).zip(tasks);
        let joins: Vec<_> = joins.filter(|(_, task)| task.join == Gate::Or).collect();
        if joins.is_empty() {
            return Self::default();
        }
        let net = ResetNet::new(conditions, tasks);
        let join = |(task, it): (TaskIndex, &Task)| {
            let preset: Vec<Place> =
                it.preset.iter().map(|ConditionIndex(condition)| *condition as Place).collect();
            let part = net.part_leading_to(&preset, task);
            OrJoin { task, preset, part, memory: Memory::default() }
        };
        let tasks = joins.iter().map(|(task, _)| *task).collect();
        let joins = joins.into_iter().map(join).collect();
        Self { net, joins, tasks }
    }

    fn join(&self, task: TaskIndex) -> Option<&OrJoin> {
        self.joins.iter().find(|join| join.task == task)
    }
}

/// The tokens within `part`: all that the answer depends on.
fn marking(
    net: &ResetNet,
    part: &Part,
    tokens: &[u32],
    is_busy: &dyn Fn(TaskIndex) -> bool,
) -> Vec<(Place, u32)> {
    let tokens = |place: Place| match net.task_of(place) {
        Some(task) => u32::from(is_busy(task)),
        None => tokens[place],
    };
    let marked = part.places.iter().map(|place| (place, tokens(place)));
    marked.filter(|(_, tokens)| *tokens > 0).collect()
}

/// Whether a token can still reach an input of `join` that has none, while those that have one keep it.
fn test(net: &ResetNet, join: &OrJoin, marked: &[(Place, u32)], work: &mut Work) -> Coverable {
    let mut marking = vec![0; net.places()];
    marked.iter().for_each(|(place, tokens)| marking[*place] = *tokens);
    let reach = net.reach(&join.part, &marking);
    let (held, lacking): (Vec<Place>, Vec<Place>) =
        join.preset.iter().partition(|place| marking[**place] > 0);
    let targets = lacking.into_iter().filter(|place| reach.places.contains(*place));
    let targets: Vec<Vec<Place>> = targets.map(|place| with(&held, place)).collect();
    if targets.is_empty() {
        return Coverable::No;
    }
    let concurrency = Concurrency::new(net, &reach, &marking, work);
    if work.is_spent() {
        return Coverable::Undecided;
    }
    Search::new(net, &marking, &concurrency).run(targets, work)
}

/// Sorted.
fn with(places: &[Place], further: Place) -> Vec<Place> {
    let mut all = places.to_vec();
    all.push(further);
    all.sort_unstable();
    all
}
