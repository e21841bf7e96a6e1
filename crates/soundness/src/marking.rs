//! What may happen in one net when data is abstracted away, written to be obviously right.
//!
//! A task starts (takes its tokens, is busy) and completes (is no longer busy, empties its cancellation set,
//! gives tokens). A busy task is never enabled. When the output condition is marked, the net is over and what
//! is left in it is dropped: nothing happens after that.

use std::collections::BTreeSet;

use engine::{
    ConditionIndex, TaskIndex, or_join,
    program::{Net, Task},
};
use model::specification::Gate;

/// Where the tokens of one net are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marking {
    /// Tokens per condition.
    pub tokens: Vec<u32>,
    pub busy: BTreeSet<TaskIndex>,
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// The task takes one token from each of these conditions.
    Start { task: TaskIndex, from: Vec<ConditionIndex> },
    /// The task gives one token to each of these conditions.
    Complete { task: TaskIndex, to: Vec<ConditionIndex> },
}

impl Move {
    pub fn task(&self) -> TaskIndex {
        match self {
            Self::Start { task, .. } | Self::Complete { task, .. } => *task,
        }
    }
}

impl Marking {
    /// One token in the input condition.
    pub fn initial(net: &Net) -> Self {
        let mut tokens = vec![0; net.conditions.len()];
        tokens[net.input.0 as usize] = 1;
        Self { tokens, busy: BTreeSet::new() }
    }

    pub fn is_marked(&self, condition: ConditionIndex) -> bool {
        self.tokens[condition.0 as usize] > 0
    }

    /// The output condition is marked.
    pub fn is_over(&self, net: &Net) -> bool {
        self.is_marked(net.output)
    }

    /// One token in the output condition and nothing else.
    pub fn is_proper(&self, net: &Net) -> bool {
        self.is_over(net) && self.busy.is_empty() && self.tokens.iter().sum::<u32>() == 1
    }

    /// Whether the task may start.
    pub fn enables(&self, net: &Net, task: TaskIndex) -> bool {
        let joined = net.task(task);
        let mut marks = joined.preset.iter().map(|condition| self.is_marked(*condition));
        !self.busy.contains(&task)
            && match joined.join {
                Gate::And => !joined.preset.is_empty() && marks.all(|marked| marked),
                Gate::Xor => marks.any(|marked| marked),
                Gate::Or => {
                    let is_busy = |task| self.busy.contains(&task);
                    or_join::is_enabled_at(net, &self.tokens, &is_busy, task)
                }
            }
    }

    /// All that may happen next, in a fixed order. Nothing, once the net is over.
    pub fn moves(&self, net: &Net) -> Vec<Move> {
        if self.is_over(net) {
            return Vec::new();
        }
        let mut moves = Vec::new();
        for task in net.task_indices().filter(|task| self.enables(net, *task)) {
            let joined = net.task(task);
            let marked = joined.preset.iter().copied().filter(|from| self.is_marked(*from));
            match joined.join {
                Gate::And | Gate::Or => moves.push(Move::Start { task, from: marked.collect() }),
                Gate::Xor => {
                    moves.extend(marked.map(|from| Move::Start { task, from: vec![from] }));
                }
            }
        }
        for task in &self.busy {
            let ways = ways(net.task(*task)).unwrap_or_default();
            moves.extend(ways.into_iter().map(|to| Move::Complete { task: *task, to }));
        }
        moves
    }

    /// Whether this may happen next.
    pub fn permits(&self, net: &Net, step: &Move) -> bool {
        self.moves(net).contains(step)
    }

    /// The marking after `step`, which must be one of [`Self::moves`].
    #[must_use]
    pub fn after(&self, net: &Net, step: &Move) -> Self {
        let mut after = self.clone();
        match step {
            Move::Start { task, from } => {
                from.iter().for_each(|condition| after.tokens[condition.0 as usize] -= 1);
                after.busy.insert(*task);
            }
            Move::Complete { task, to } => {
                let completed = net.task(*task);
                after.busy.remove(task);
                completed.removes_tasks.iter().for_each(|removed| {
                    after.busy.remove(removed);
                });
                let emptied = &completed.removes_conditions;
                emptied.iter().for_each(|condition| after.tokens[condition.0 as usize] = 0);
                to.iter().for_each(|condition| after.tokens[condition.0 as usize] += 1);
            }
        }
        after
    }
}

/// Ways to leave one OR-split that are told apart: 2^10 - 1.
const OR_FLOWS_MAX: usize = 10;

/// The conditions that may get a token when the task is left, one list per way. `None` where an OR-split has
/// so many flows that its ways cannot be listed.
pub(crate) fn ways(task: &Task) -> Option<Vec<Vec<ConditionIndex>>> {
    let all: Vec<ConditionIndex> = task.flows.iter().map(|flow| flow.to).collect();
    match task.split {
        Gate::And => Some(vec![all]),
        Gate::Xor => {
            let taken =
                task.flows.iter().filter(|flow| flow.is_default || flow.predicate.is_some());
            Some(taken.map(|flow| vec![flow.to]).collect())
        }
        Gate::Or => (all.len() <= OR_FLOWS_MAX).then(|| or_ways(task)),
    }
}

/// Any flows whose predicates hold; the default flow where none does.
fn or_ways(task: &Task) -> Vec<Vec<ConditionIndex>> {
    let free: Vec<ConditionIndex> =
        task.flows.iter().filter(|flow| flow.predicate.is_some()).map(|flow| flow.to).collect();
    let chosen = |ways: u32| -> Vec<ConditionIndex> {
        let bits = (0u32..).zip(&free);
        bits.filter(|(bit, _)| ways & (1 << bit) != 0).map(|(_, to)| *to).collect()
    };
    let mut ways: Vec<Vec<ConditionIndex>> = (1..1u32 << free.len()).map(chosen).collect();
    let unseen = task.flows.iter().find(|flow| flow.is_default && flow.predicate.is_none());
    ways.extend(unseen.map(|flow| vec![flow.to]));
    ways
}

/// Where a walk leads. `Err` gives the number of the first move that cannot happen.
pub fn replay(net: &Net, walk: &[Move]) -> Result<Marking, usize> {
    let mut marking = Marking::initial(net);
    for (number, step) in walk.iter().enumerate() {
        if !marking.permits(net, step) {
            return Err(number);
        }
        marking = marking.after(net, step);
    }
    Ok(marking)
}
