//! A net as a Petri net with reset arcs: what the reduction rules and the search work on.
//!
//! Wynn, Verbeek, van der Aalst, ter Hofstede, Edmond, "Business process verification - finally a reality!"
//! (2009), section 3: a place per condition and per busy task, a transition per way to start and per way to
//! complete a task, reset arcs for the cancellation set. OR-joins have no such translation: their starts
//! carry a guard that asks the engine.

use std::collections::BTreeSet;

use engine::{ConditionIndex, TaskIndex, program::Net};
use model::specification::Gate;

use crate::marking::{Marking, Move, ways};

/// The net's conditions, then one place per busy task, then one that is marked before the net has started.
pub(crate) type Place = usize;

/// Transitions of one net. Beyond, it is not decided; a net of a hundred tasks has a few hundred.
const TRANSITIONS_MAX: usize = 20_000;

/// What must hold beside the preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Guard {
    None,
    /// The task is not busy.
    Idle(TaskIndex),
    /// The task is not busy, and its OR-join lets it start: it takes a token from each marked place of the preset.
    OrJoin(TaskIndex),
}

#[derive(Clone, Debug)]
pub(crate) struct Transition {
    /// Sorted; a place may stand more than once.
    pub(crate) pre: Vec<Place>,
    pub(crate) guard: Guard,
    /// Emptied before `post` is given, sorted.
    pub(crate) resets: Vec<Place>,
    /// Whose cancellation set `resets` is.
    pub(crate) resetter: Option<TaskIndex>,
    /// Sorted; a place may stand more than once.
    pub(crate) post: Vec<Place>,
    /// The moves of the original net that this stands for. What an OR-join takes is left open.
    pub(crate) word: Vec<Move>,
    /// Tasks that can start if this can fire.
    pub(crate) covers: BTreeSet<TaskIndex>,
}

#[derive(Debug)]
pub(crate) struct ResetNet<'n> {
    pub(crate) net: &'n Net,
    pub(crate) transitions: Vec<Transition>,
    pub(crate) places: usize,
    /// Marked at first, once.
    pub(crate) launch: Place,
    pub(crate) output: Place,
    pub(crate) has_or_joins: bool,
    /// Whether some transition resets the place.
    pub(crate) is_reset: Vec<bool>,
}

/// Why a net cannot be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TooWide {
    Split(TaskIndex),
    Net,
}

impl<'n> ResetNet<'n> {
    pub(crate) fn of(net: &'n Net) -> Result<Self, TooWide> {
        let launch = net.conditions.len() + net.tasks.len();
        let mut is_reset = vec![false; launch + 1];
        for task in &net.tasks {
            resets(net, task).into_iter().for_each(|place| is_reset[place] = true);
        }
        let has_or_joins = net.tasks.iter().any(is_or_join);
        let mut reset_net = Self {
            net,
            transitions: vec![launch_transition(net, launch)],
            places: launch + 1,
            launch,
            output: place(net.output),
            has_or_joins,
            is_reset,
        };
        for task in net.task_indices() {
            let ends = ends(net, task).ok_or(TooWide::Split(task))?;
            let starts = starts(net, task);
            if reset_net.is_atomic(task) {
                let fused = starts.iter().flat_map(|start| ends.iter().map(|end| start.then(end)));
                // It is never seen to be busy.
                let fused = fused.map(|whole| Transition { guard: Guard::None, ..whole });
                reset_net.transitions.extend(fused);
            } else {
                reset_net.transitions.extend(starts.into_iter().chain(ends));
            }
            if reset_net.transitions.len() > TRANSITIONS_MAX {
                return Err(TooWide::Net);
            }
        }
        Ok(reset_net)
    }

    /// Whether starting can wait for completing without a difference: nobody can empty the task or what it takes,
    /// and no OR-join looks at it.
    fn is_atomic(&self, task: TaskIndex) -> bool {
        let mut places = self.net.task(task).preset.iter().map(|condition| place(*condition));
        !self.has_or_joins
            && !self.is_reset[busy_place(self.net, task)]
            && !places.any(|place| self.is_reset[place])
    }

    /// The state before anything has happened.
    pub(crate) fn initial(&self) -> Vec<u8> {
        let mut state = vec![0; self.places];
        state[self.launch] = 1;
        state
    }

    /// The same in the original net: places that were reduced away are empty.
    pub(crate) fn marking(&self, state: &[u8]) -> Marking {
        let (conditions, rest) = state.split_at(self.net.conditions.len());
        let busy = self.net.task_indices().zip(rest).filter(|(_, tokens)| **tokens > 0);
        Marking {
            tokens: conditions.iter().map(|tokens| u32::from(*tokens)).collect(),
            busy: busy.map(|(task, _)| task).collect(),
        }
    }
}

impl Transition {
    /// This and then `next` as one, where `next` takes exactly what this gives to one place.
    pub(crate) fn then(&self, next: &Self) -> Self {
        let mut post = self.post.clone();
        next.pre.iter().for_each(|taken| {
            let at = post.iter().position(|place| place == taken);
            post.remove(at.expect("the second transition takes what the first one gives"));
        });
        post.extend(&next.post);
        post.sort_unstable();
        let resets: BTreeSet<Place> = self.resets.iter().chain(&next.resets).copied().collect();
        Self {
            pre: self.pre.clone(),
            guard: self.guard,
            resets: resets.into_iter().collect(),
            resetter: self.resetter.or(next.resetter),
            post,
            word: self.word.iter().chain(&next.word).cloned().collect(),
            covers: self.covers.union(&next.covers).copied().collect(),
        }
    }
}

pub(crate) fn place(condition: ConditionIndex) -> Place {
    condition.0 as usize
}

pub(crate) fn busy_place(net: &Net, task: TaskIndex) -> Place {
    net.conditions.len() + task.0 as usize
}

/// With one input an OR-join is an XOR-join.
pub(crate) fn is_or_join(task: &engine::program::Task) -> bool {
    task.join == Gate::Or && task.preset.len() > 1
}

fn launch_transition(net: &Net, launch: Place) -> Transition {
    Transition {
        pre: vec![launch],
        guard: Guard::None,
        resets: Vec::new(),
        resetter: None,
        post: vec![place(net.input)],
        word: Vec::new(),
        covers: BTreeSet::new(),
    }
}

fn resets(net: &Net, task: &engine::program::Task) -> Vec<Place> {
    let conditions = task.removes_conditions.iter().map(|condition| place(*condition));
    let tasks = task.removes_tasks.iter().map(|task| busy_place(net, *task));
    let places: BTreeSet<Place> = conditions.chain(tasks).collect();
    places.into_iter().collect()
}

fn starts(net: &Net, task: TaskIndex) -> Vec<Transition> {
    let joined = net.task(task);
    let start = |guard, from: Vec<ConditionIndex>| Transition {
        pre: from.iter().map(|condition| place(*condition)).collect(),
        guard,
        resets: Vec::new(),
        resetter: None,
        post: vec![busy_place(net, task)],
        word: vec![Move::Start { task, from }],
        covers: BTreeSet::from([task]),
    };
    match joined.join {
        _ if joined.preset.is_empty() => Vec::new(),
        Gate::Or if is_or_join(joined) => vec![start(Guard::OrJoin(task), joined.preset.clone())],
        Gate::And => vec![start(Guard::Idle(task), joined.preset.clone())],
        Gate::Xor | Gate::Or => {
            joined.preset.iter().map(|from| start(Guard::Idle(task), vec![*from])).collect()
        }
    }
}

fn ends(net: &Net, task: TaskIndex) -> Option<Vec<Transition>> {
    let left = net.task(task);
    let end = |to: Vec<ConditionIndex>| {
        let mut post: Vec<Place> = to.iter().map(|condition| place(*condition)).collect();
        post.sort_unstable();
        let resets = resets(net, left);
        Transition {
            pre: vec![busy_place(net, task)],
            guard: Guard::None,
            resetter: (!resets.is_empty()).then_some(task),
            resets,
            post,
            word: vec![Move::Complete { task, to }],
            covers: BTreeSet::new(),
        }
    };
    Some(ways(left)?.into_iter().map(end).collect())
}
