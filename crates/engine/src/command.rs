//! What can be asked of a case, what it answers, and why it refuses.

use std::sync::Arc;

use crate::{
    case::{Case, ItemStatus},
    event::Event,
    ids::{CaseId, ItemKey, NotACaseId},
};

/// The moment and the choices, from outside.
#[derive(Clone, Copy, Debug)]
pub struct Inputs {
    pub now: query::Now,
    /// Decides where the reference decides at random. The same seed, the same choices.
    pub seed: u64,
}

/// Asks for a new case.
#[derive(Clone, Debug)]
pub struct Launch {
    pub case: CaseId,
    /// An element named as the root net or the specification's uri, one child per input parameter.
    pub data: Option<String>,
    /// Starts then instead of at once, milliseconds since 1970.
    pub start_at_ms: Option<i64>,
}

/// Asks something of a running case. Data is one XML element as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Checks an enabled or fired item out.
    Start {
        item: ItemKey,
    },
    /// Checks an executing item in.
    Complete {
        item: ItemKey,
        data: String,
    },
    /// Completes with what data there is, defaults filled in.
    Force {
        item: ItemKey,
        data: Option<String>,
    },
    /// As `Force`, and the item counts as failed.
    Fail {
        item: ItemKey,
        data: Option<String>,
    },
    /// Starts an enabled item and completes it with mapped data.
    Skip {
        item: ItemKey,
    },
    Suspend {
        item: ItemKey,
    },
    Unsuspend {
        item: ItemKey,
    },
    /// Brings an executing item back to fired.
    Rollback {
        item: ItemKey,
    },
    /// Adds an instance beside this executing one; `data` is the element for the formal parameter.
    Add {
        item: ItemKey,
        data: String,
    },
    /// Cancels the item's whole task: tokens are consumed, none is produced.
    CancelItem {
        item: ItemKey,
    },
    /// Completes the multiple-instance task of this item with the results that it has; instances without one are
    /// cancelled (WCP-27).
    CompleteTask {
        item: ItemKey,
    },
    /// Starts an executing item afresh, with its input data.
    Restart {
        item: ItemKey,
    },
    /// Fires every timer that is due, and starts the case if its time has come.
    FireDue,
    CancelCase,
    SuspendCase,
    /// Resumes a suspended case; also tries again what ended in an incident.
    ResumeCase,
}

/// What was decided: nothing is stored yet.
#[derive(Clone, Debug)]
pub struct Decision {
    pub events: Vec<Event>,
    /// The case with `events` applied.
    pub case: Case,
    pub answer: Answer,
}

/// What the caller learns beside success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Done,
    /// The item that now executes, with its input data.
    Started {
        item: ItemKey,
        data: Arc<str>,
    },
    /// The item that was added.
    Added {
        item: ItemKey,
    },
}

/// Why a command was refused. The caller's fault; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    NotACaseId(#[from] NotACaseId),
    #[error("no work item {0}")]
    NoSuchItem(String),
    #[error("work item {item} is {status}, which does not permit to {wanted}")]
    WrongStatus { item: String, status: ItemStatus, wanted: &'static str },
    #[error("task {0} is not, or no longer, enabled")]
    NotEnabled(String),
    #[error("work item {0} is the parent of its instances and cannot be completed itself")]
    IsParent(String),
    #[error("work item {item} does not allow a new instance: {reason}")]
    NoNewInstance { item: String, reason: &'static str },
    #[error("the case is {0}")]
    CaseNotRunning(&'static str),
    #[error("data is not XML: {0}")]
    NotXml(#[from] model::xml::Error),
    #[error("the data's root element is {found}, expected {expected}")]
    WrongRoot { found: String, expected: String },
    #[error("data is not valid for {subject}: {} violation(s), first {first}", violations.len())]
    Invalid { subject: String, first: String, violations: Vec<model::types::Violation> },
    #[error("mandatory parameter {0} is missing")]
    Missing(String),
    #[error("query {query:?} of {subject}: {reason}")]
    Query { subject: String, query: String, reason: String },
    #[error("task {task}: {count} instances, allowed are {minimum} to {maximum}")]
    InstanceCount { task: String, count: usize, minimum: u32, maximum: u32 },
    #[error("output-only parameter {parameter} of task {task} requires a default value")]
    NoDefault { task: String, parameter: String },
    #[error("no flow out of task {0} can be taken: no predicate is true and there is no default")]
    NoFlow(String),
    #[error(
        "net {net} has no token that can move and its end was not reached; cancel the item or the case"
    )]
    Stuck { net: String },
    #[error("the command led to more than {0} steps without a work item: the net loops")]
    Endless(usize),
}
