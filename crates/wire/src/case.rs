//! Cases: launch, list, one with its marking and data, history.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Problem, Timestamp, work_item::WorkItem};

/// Asks for a new case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Launch {
    /// The specification's key.
    pub specification: String,
    /// A name for the case: 1 to 128 letters, digits, `_` or `-`. Numbered if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// XML element named as the root net or the specification, one child per input parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Start then instead of now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_at: Option<Timestamp>,
    /// The same id again gives the same answer and no second case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<String>,
    /// The trace that the case belongs to, as W3C Trace Context writes it. Instead of the header of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
}

/// Asks for many cases in one durable write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchBatch {
    /// At most 10,000.
    pub launches: Vec<Launch>,
}

/// A case that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Launched {
    pub case: String,
    pub specification: String,
    pub status: String,
    pub launched_at: Timestamp,
}

/// Answers in the order of the launches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LaunchResults {
    pub results: Vec<LaunchResult>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum LaunchResult {
    Launched(Launched),
    Refused { problem: Box<Problem> },
}

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseSummary {
    #[serde(flatten)]
    pub head: CaseHead,
    /// Tasks that the engine could not go on with.
    pub incidents: u64,
}

/// What a list and the case itself both show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseHead {
    pub case: String,
    pub specification: String,
    /// `scheduled`, `running`, `suspended`, `completed`, `deadlocked`, `emptied` or `cancelled`.
    pub status: String,
    pub launched_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Work items that wait for someone or are worked on.
    pub open_items: u64,
}

/// A case with all that can be seen of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseDetail {
    #[serde(flatten)]
    pub head: CaseHead,
    /// `case/element` of each marked element, such as `7/c1` or `7.2/A`, → what it holds.
    pub marking: BTreeMap<String, Mark>,
    /// Of a case that ended in a deadlock: the tokens that no task could take.
    pub leftover: BTreeMap<String, Mark>,
    pub items: Vec<WorkItem>,
    /// Running net, such as `7` or `7.2`, → XML of its variables.
    pub data: BTreeMap<String, String>,
    /// Output data of the root net, once completed.
    pub output: Option<String>,
    pub incidents: Vec<Incident>,
    /// Of the request that launched it, if it had one.
    pub traceparent: Option<String>,
}

/// A task that the engine could not go on with; resuming the case tries again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Incident {
    /// `7:A`: the task A of the net that runs as 7.
    pub item: String,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Mark {
    /// A condition.
    Condition { tokens: u32 },
    /// A busy task's instances.
    Task { active: u32, entered: u32, executing: u32, complete: u32 },
}

/// The OR-joins of a case that have a token before them and have not started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrJoins {
    pub items: Vec<OrJoin>,
}

/// An OR-join that has a token before it and has not started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrJoin {
    /// The running net, such as `7` or `7.2`.
    pub running: String,
    /// The net's id.
    pub net: String,
    pub task: String,
    /// Conditions before the task that hold a token.
    pub marked: Vec<String>,
    /// Conditions before the task that hold none.
    pub unmarked: Vec<String>,
    #[serde(flatten)]
    pub answer: OrJoinAnswer,
}

/// Whether the join may start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum OrJoinAnswer {
    /// No further token can arrive: it may start.
    Enabled,
    /// It waits, because a token can still arrive.
    Waits {
        /// The condition before the task that the token can reach.
        input: String,
        /// Ids of conditions and tasks in turn, from where the token is now to `input`.
        path: Vec<String>,
    },
    /// It waits, because the net is too large to rule out within one test that a token arrives.
    Undecided,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    /// Rises within a case.
    pub position: u64,
    pub at: Timestamp,
    /// What happened, such as `enabled` or `case-ended`.
    pub event: String,
    /// In words and names.
    pub detail: String,
}

/// The case that was acted on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseDone {
    pub case: String,
}
