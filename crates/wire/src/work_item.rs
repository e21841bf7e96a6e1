//! Work items: list, check out, check in, and the rest of their life.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Problem, Timestamp,
    lease::Lease,
    review::{Part, Standing},
};

/// A work item. Lists leave `data` and `output` out (null).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkItem {
    /// `7:A` while enabled, `7.1:A` once fired.
    pub item: String,
    pub case: String,
    pub specification: String,
    pub task: String,
    pub task_name: String,
    /// The net that the task is of.
    pub net: String,
    /// `Enabled`, `Fired`, `Executing`, `Complete`, `Is parent`, `Deadlocked`, `Suspended`,
    /// `ForcedComplete` or `Failed`.
    pub status: String,
    pub enabled_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub timer_due_at: Option<Timestamp>,
    /// Items of one deferred choice share a number.
    pub group: Option<u32>,
    /// What an agent must be able to do to claim it.
    pub capability: Option<String>,
    /// Of an item that was claimed.
    pub lease: Option<Lease>,
    /// Of an item whose task asks for a review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Standing>,
    /// Input data as XML, once fired.
    pub data: Option<String>,
    /// The result as XML, once completed.
    pub output: Option<String>,
}

/// The item that now executes. Its id differs from the enabled item's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckedOut {
    pub item: String,
    /// Input data as XML.
    pub data: String,
}

/// A result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Checkin {
    /// XML element named as the task's decomposition, one child per output parameter.
    pub data: String,
    /// Of the lease under which the item is held. Left out by whoever checked it out without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// How sure the holder is, 0 to 1; 1 if absent. Counts where the item is under review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Part>,
    /// Why, for people who look into a review. Cut at 512 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// The same id again gives the same answer and counts once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<String>,
}

/// A result that may be left out: for `force` and `fail`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<String>,
}

/// One more instance of a running multiple-instance task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInstance {
    /// XML element for the instance's formal parameter.
    pub data: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<String>,
}

/// The work item that was acted on or added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemDone {
    pub item: String,
}

/// Check out many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutBatch {
    /// At most 10,000 ids.
    pub items: Vec<String>,
}

/// Check in many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckinBatch {
    /// At most 10,000.
    pub results: Vec<CheckinEntry>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckinEntry {
    pub item: String,
    pub data: String,
    /// Of the lease under which the item is held, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// How sure the holder is, 0 to 1; 1 if absent. Counts where the item is under review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Part>,
    /// Why, for people who look into a review. Cut at 512 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<String>,
}

/// Answers in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckoutResults {
    pub results: Vec<CheckoutResult>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum CheckoutResult {
    CheckedOut(CheckedOut),
    Refused { problem: Box<Problem> },
}

/// Answers in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckinResults {
    pub results: Vec<CheckinResult>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum CheckinResult {
    Done(ItemDone),
    Refused { problem: Box<Problem> },
}
