//! What is said about a specification, a net, a defect.

use engine::{ConditionIndex, NetIndex, Program, TaskIndex, program::Net};
use model::finding::{Finding, Severity};

use crate::marking::{Marking, Move};

mod show;

pub use show::{show_marking, show_open, show_steps, show_summary, show_walk};

/// Of each net of a specification, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub nets: Vec<NetVerdict>,
}

/// Ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every case can complete from wherever it is, nothing is left then, and no task is dead.
    Sound,
    /// The limit came first.
    Undecided,
    Unsound,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Undecided => "undecided",
            Self::Unsound => "unsound",
        }
    }
}

/// Whether a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    Unknown,
}

impl Answer {
    /// `yes`, `no`, `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    /// No where one says no, yes where all say yes.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
        }
    }
}

/// What is said about one net.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetVerdict {
    pub net: NetIndex,
    /// From every marking that can be reached the output condition can be marked.
    pub option_to_complete: Answer,
    /// From the start the output condition can be marked.
    pub weak_option_to_complete: Answer,
    /// When the output condition is marked, nothing else is.
    pub proper_completion: Answer,
    /// Every task can start.
    pub no_dead_tasks: Answer,
    pub defects: Vec<Defect>,
    /// Only where every state was explored.
    pub advice: Vec<Advice>,
    pub effort: Effort,
    /// Why the search is not complete.
    pub open: Option<Open>,
}

/// What judging a net took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Transitions of the reset net, before and after reduction.
    pub transitions: usize,
    pub reduced_to: usize,
    /// States of the reduced net that were explored.
    pub states: usize,
}

/// Why not all of a net was explored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// More states, or OR-joins to test, than the limit allows.
    Limit,
    /// One place can gather more tokens than are counted.
    Tokens,
    /// The flows of an OR-split can be taken in too many ways.
    Split(TaskIndex),
    /// More transitions than are taken.
    Size,
    /// The net uses an extension of the language, which is not modelled here.
    Extension(&'static str),
    /// A defect was found whose walk could not be confirmed on the net.
    Unconfirmed,
}

/// A way in which a case can go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    pub kind: Kind,
    /// How to get there. It replays: see [`crate::marking::replay`].
    pub walk: Vec<Move>,
    /// For a livelock, what can then be repeated for ever.
    pub cycle: Vec<Move>,
    /// Where the walk leads.
    pub marking: Marking,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Tokens are left, no task can take them.
    Deadlock,
    /// Tasks can go on for ever, the output condition cannot be reached any more.
    Livelock,
    /// The output condition can never be marked, from the start. Said where a deadlock or livelock was not seen.
    NoCompletion,
    /// The output condition is marked while other tokens are left: they are dropped.
    ImproperCompletion,
    /// Tokens can gather without end.
    Unbounded,
    /// The task can never start. The walk leads to where most of its inputs are marked.
    DeadTask(TaskIndex),
}

/// What could be simpler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Advice {
    /// All inputs are marked whenever the OR-join starts.
    JoinIsAnd(TaskIndex),
    /// One input is marked whenever the OR-join starts.
    JoinIsXor(TaskIndex),
    /// Nothing is ever to be cancelled there when the task completes.
    CancelsNothing { task: TaskIndex, element: Element },
}

/// A member of a cancellation set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    Condition(ConditionIndex),
    Task(TaskIndex),
}

/// Dead tasks of a net that are named: where one deadlocks early all that follow are dead.
const DEAD_TASKS_MAX: usize = 20;

impl Verdict {
    /// The worst of any net: a composite task is as good as its net.
    pub fn outcome(&self) -> Outcome {
        self.nets.iter().map(NetVerdict::outcome).max().unwrap_or(Outcome::Sound)
    }

    /// The verdict as findings; a net that is not sound weighs `severity`, advice is always a warning.
    pub fn findings(&self, program: &Program, severity: Severity) -> Vec<Finding> {
        let of_net = |it: &NetVerdict| {
            let findings = it.findings(program.net(it.net), severity).into_iter();
            findings.map(|(finding, _)| finding).collect::<Vec<_>>()
        };
        self.nets.iter().flat_map(of_net).collect()
    }
}

impl NetVerdict {
    pub fn outcome(&self) -> Outcome {
        match self.option_to_complete.and(self.proper_completion).and(self.no_dead_tasks) {
            Answer::Yes => Outcome::Sound,
            Answer::No => Outcome::Unsound,
            Answer::Unknown => Outcome::Undecided,
        }
    }

    /// What is said about the net, each defect with what shows it.
    pub fn findings(&self, net: &Net, severity: Severity) -> Vec<(Finding, Option<&Defect>)> {
        let dead = |defect: &&Defect| matches!(defect.kind, Kind::DeadTask(_));
        let others = self.defects.iter().filter(|defect| !dead(defect));
        let dead = self.defects.iter().filter(dead).take(DEAD_TASKS_MAX);
        let defects = others.chain(dead);
        let defects = defects.map(|it| (show::defect(net, it, severity), Some(it)));
        let is_undecided = self.outcome() == Outcome::Undecided;
        let undecided = is_undecided.then(|| (show::undecided(net, self), None));
        let advice = self.advice.iter().map(|it| (show::advice(net, *it), None));
        defects.chain(undecided).chain(advice).collect()
    }

    /// Weak soundness: a case can complete, properly, and no task is dead.
    pub fn is_weakly_sound(&self) -> Answer {
        self.weak_option_to_complete.and(self.proper_completion).and(self.no_dead_tasks)
    }

    /// A net of which nothing is known.
    pub(crate) fn open(net: NetIndex, open: Open) -> Self {
        Self {
            net,
            option_to_complete: Answer::Unknown,
            weak_option_to_complete: Answer::Unknown,
            proper_completion: Answer::Unknown,
            no_dead_tasks: Answer::Unknown,
            defects: Vec::new(),
            advice: Vec::new(),
            effort: Effort::default(),
            open: Some(open),
        }
    }
}

/// The element that a finding about a task names, as verification does.
pub(crate) fn element(net: &Net, task: TaskIndex) -> String {
    let named = net.task(task);
    match named.kind {
        engine::program::Kind::Composite(_) => format!("CompositeTask:{}", named.id),
        engine::program::Kind::Atomic | engine::program::Kind::Empty => {
            format!("AtomicTask:{}", named.id)
        }
    }
}
