//! Claims: an agent asks for work and is handed items already checked out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, review::Ballot};

/// An agent asks for work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub agent: String,
    /// As the registration gave it.
    pub epoch: u64,
    /// What of its capabilities it wants to use. Absent: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Vec<String>>,
    /// Items wanted, 1 to 1,000.
    #[serde(default = "one_item")]
    pub max: usize,
    /// How long to wait for work, at most 60,000. 0: not at all.
    #[serde(default)]
    pub wait_ms: u64,
    /// How long the agent may be silent on each item: 1,000 to 86,400,000.
    #[serde(default = "term_ms")]
    pub term_ms: u64,
    /// Kind of client: claims of one kind that fail do not keep the others away. At most 64 visible ASCII characters.
    #[serde(default = "class")]
    pub class: String,
}

fn one_item() -> usize {
    1
}

pub(crate) fn term_ms() -> u64 {
    60_000
}

fn class() -> String {
    "agent".to_owned()
}

/// What an agent got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Claimed {
    pub items: Vec<ClaimedItem>,
    /// If there is nothing: when to ask again. Also the header `Retry-After`, in seconds.
    pub retry_after_ms: Option<u64>,
}

/// An item that the agent holds now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimedItem {
    pub item: String,
    pub case: String,
    pub specification: String,
    pub task: String,
    pub task_name: String,
    /// What the task asks of an agent: one of those that the claim named, in small letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<String>,
    /// Of the lease: shown with the result.
    pub epoch: u64,
    /// How long the agent may be silent, counted from this answer.
    pub term_ms: u64,
    /// When the lease ends if it is not renewed, by the server's wall clock. What counts is `term_ms`.
    pub ends_at: Timestamp,
    /// Which attempt this is, 1 for the first.
    pub attempt: u32,
    pub enabled_at: Timestamp,
    /// Input data as XML.
    pub data: String,
    /// Of the request that launched the case, if it had one (W3C Trace Context): work on the item is part of that trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Of an item under review: other agents answer it, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ballot: Option<Ballot>,
}
