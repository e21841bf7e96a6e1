//! What happened in a case. Stored for ever: variants are added at the end, never changed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::ids::{ConditionIndex, ItemKey, NetIndex, Path, TaskIndex, VariableIndex};

/// One fact. Times are milliseconds since 1970-01-01T00:00Z; data is one XML element as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The case exists. Its root net starts at once, or at `start_at_ms`.
    Launched {
        at_ms: i64,
        start_at_ms: Option<i64>,
        data: Option<Arc<str>>,
    },
    /// A net runs: its input condition holds a token.
    NetStarted {
        path: Path,
        net: NetIndex,
        conditions: u32,
        input: ConditionIndex,
        data: Arc<[Arc<str>]>,
    },
    /// A task can be started: its work item is offered.
    Enabled {
        item: ItemKey,
        group: Option<u32>,
        at_ms: i64,
    },
    /// A task can no longer be started.
    Withdrawn {
        item: ItemKey,
    },
    /// A task has taken its tokens and has instances. `items` tells whether they are work items.
    Fired {
        path: Path,
        task: TaskIndex,
        consumed: Conditions,
        first: u32,
        inputs: SmallVec<[Arc<str>; 1]>,
        items: bool,
        at_ms: i64,
    },
    /// An instance is at work.
    Started {
        path: Path,
        task: TaskIndex,
        child: u32,
        at_ms: i64,
    },
    /// One more instance of a running task.
    Added {
        path: Path,
        task: TaskIndex,
        child: u32,
        input: Arc<str>,
        at_ms: i64,
    },
    /// An instance has its result. `writes` wait for the task's exit; `grouped` goes to the joining query.
    Completed {
        path: Path,
        task: TaskIndex,
        child: u32,
        how: Completion,
        output: Arc<str>,
        writes: Writes,
        grouped: Option<Arc<str>>,
        at_ms: i64,
    },
    /// A task is over: the net gets what its instances wrote and what the joining query made of them; which
    /// conditions it emptied, where it put tokens.
    Exited {
        path: Path,
        task: TaskIndex,
        joined: Option<(VariableIndex, Arc<str>)>,
        emptied: Conditions,
        produced: Conditions,
        at_ms: i64,
    },
    /// A busy task was cancelled with all below it. Tokens are not given back.
    TaskCancelled {
        path: Path,
        task: TaskIndex,
    },
    /// A net is gone with all below it.
    NetEnded {
        path: Path,
        how: NetEnd,
    },
    ItemSuspended {
        item: ItemKey,
    },
    ItemUnsuspended {
        item: ItemKey,
    },
    /// An executing item is back at fired.
    RolledBack {
        item: ItemKey,
    },
    /// A timer runs.
    TimerStarted {
        item: ItemKey,
        due_ms: i64,
    },
    /// A timer has fired. What it did follows as events of its own.
    TimerExpired {
        item: ItemKey,
        at_ms: i64,
    },
    /// A data variable was set from outside the net's flow.
    DataSet {
        path: Path,
        writes: Writes,
    },
    /// The engine could not go on with a task; the case waits for a person.
    IncidentRaised {
        path: Path,
        task: TaskIndex,
        reason: Arc<str>,
        at_ms: i64,
    },
    /// A person asked to try again.
    IncidentsCleared,
    CaseSuspended {
        at_ms: i64,
    },
    CaseResumed {
        at_ms: i64,
    },
    /// The case is over.
    CaseEnded {
        how: CaseEnd,
        output: Option<Arc<str>>,
        at_ms: i64,
    },
    /// An item stands for a task that waits for a token that cannot come.
    Deadlocked {
        item: ItemKey,
    },
    /// What an enabled item shows of the net's data before it is started.
    EnablementMapped {
        item: ItemKey,
        data: Arc<str>,
    },
}

/// A few conditions of one net.
pub type Conditions = SmallVec<[ConditionIndex; 4]>;

/// New values of a few variables of one net.
pub type Writes = SmallVec<[(VariableIndex, Arc<str>); 1]>;

/// How an instance came by its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Completion {
    Normal,
    Forced,
    Failed,
    Skipped,
}

/// How a net ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetEnd {
    Completed,
    Deadlocked,
    Emptied,
    Cancelled,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaseEnd {
    /// The output condition is marked.
    Completed,
    /// Tokens are left that no task can take.
    Deadlocked,
    /// No token is left and the output condition was not reached: all was cancelled from within.
    Emptied,
    /// Cancelled from outside.
    Cancelled,
}
