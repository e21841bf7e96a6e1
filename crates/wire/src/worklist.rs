//! Worklists: what participants are asked to do, and what they and administrators do with it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, lease::Lease};

/// An item that participants are asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GivenItem {
    /// `7:A` until it is started, `7.1:A` then.
    pub item: String,
    pub case: String,
    pub specification: String,
    pub task: String,
    pub task_name: String,
    /// Its place in every queue: items are older than those with greater numbers.
    pub number: u64,
    pub queue: QueueName,
    /// Why it is offered to nobody: `fresh`, `by-administrator`, `nobody-named`, `nobody-left`, `not-started`, `full`.
    pub reason: Option<String>,
    /// Whom it is offered to, or who has it.
    pub participants: Vec<String>,
    /// The net's status of it, as `GET /work-items/{id}` gives it.
    pub status: String,
    pub enabled_at: Timestamp,
    pub started_at: Option<Timestamp>,
    /// Of an item that an agent has started.
    pub lease: Option<Lease>,
}

/// One item with what its task says beside whom it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GivenItemDetail {
    #[serde(flatten)]
    pub item: GivenItem,
    /// Who gave it back.
    pub deallocated_by: Vec<String>,
    /// What the task needs beside whoever does it. Nothing is reserved.
    pub secondary: Secondary,
    /// What can be done with it by those who have the privilege.
    pub privileges: Vec<TaskPrivilege>,
}

/// People and things that a task needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Secondary {
    pub participants: Vec<String>,
    pub roles: Vec<String>,
    pub resources: Vec<String>,
    pub categories: Vec<Category>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Category {
    pub name: String,
    pub subcategory: Option<String>,
}

/// A privilege that the task gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskPrivilege {
    /// Such as `canSuspend`.
    pub name: String,
    /// Whether everybody has it. Those who are named then are the exceptions.
    pub all: bool,
    pub participants: Vec<String>,
    pub roles: Vec<String>,
}

/// A queue of the worklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QueueName {
    /// An administrator must say who gets it.
    Unoffered,
    Offered,
    Allocated,
    Started,
    Suspended,
}

/// What a participant does with an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Takes an offered item. Where the system starts what is allocated, it is started.
    Accept {},
    /// Starts an allocated item.
    Start {},
    /// Gives an allocated item back: it is distributed again, without this participant.
    Deallocate {},
    /// Gives an allocated item to somebody else.
    Delegate { to: String },
    /// Gives a started item to somebody else, with its data as it was when it was started.
    ReallocateStateless { to: String },
    /// The same with its data as it is.
    ReallocateStateful { to: String },
    /// Puts a started item aside.
    Suspend {},
    /// Takes it up again.
    Resume {},
    /// Has an allocated item completed without anybody's work.
    Skip {},
    /// Has every item of the item's task from now on, over all cases; this one is started.
    Pile {},
    /// Has every item of the item's case from now on that is offered to the participant; this one is started.
    Chain {},
}

/// What an administrator does with an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum AdministratorAction {
    /// Offers an item that is not started: to 1,000 participants at most.
    Offer { to: Vec<String> },
    /// Allocates an item that is not started.
    Allocate { to: String },
    /// Starts an item for somebody.
    Start { to: String },
    /// Takes an item from whoever has it and distributes it anew.
    Redistribute {},
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Acted {
    /// The item's id, which changes when it is started.
    pub item: String,
    /// Of a started item: input data as XML.
    pub data: Option<String>,
    /// Of an item that an agent has started: to be shown with the result, and renewed.
    pub epoch: Option<u64>,
}

/// A task that a participant has piled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unpile {
    pub specification: String,
    pub task: String,
}

/// A case that a participant has chained.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unchain {
    pub case: String,
}
