//! What callers ask of a node and what they are told, in names. Nothing here is stored.

mod review;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use agents::{AgentId, Epoch, conflict::Share, resourcing::ParticipantId};
use engine::{
    CaseId,
    case::{CaseStatus, ItemStatus},
    view::View,
};
use model::{
    finding::Finding,
    specification::{Specification, SpecificationId},
};

use crate::{
    capabilities::Capabilities,
    ids::{CommandId, SpecificationKey},
    resourced::Resourced,
    reviews::Reviews,
    traceparent::Traceparent,
};

pub use self::review::{
    BallotSummary, ClaimedBallot, ReviewDetail, ReviewFilter, ReviewSummary, Standing, Tallied,
    VoteSummary,
};

/// One specification of an uploaded file.
#[derive(Clone, Debug, PartialEq)]
pub struct Uploaded {
    pub key: SpecificationKey,
    pub id: SpecificationId,
    /// Warnings: a specification with errors is not loaded.
    pub findings: Vec<Finding>,
}

/// A specification that cases can be launched from.
pub struct Loaded {
    pub key: SpecificationKey,
    pub id: SpecificationId,
    /// The file as it was uploaded.
    pub xml: Arc<str>,
    pub specification: Arc<Specification>,
    /// The `layout` element of the file.
    pub layout: Option<Arc<str>>,
    pub program: Arc<engine::Program>,
    pub findings: Vec<Finding>,
    pub uploaded_at_ms: i64,
    /// What records call it; never used twice.
    pub(crate) number: u32,
    pub(crate) capabilities: Capabilities,
    /// Nothing if no task is for participants.
    pub(crate) resourced: Option<Resourced>,
    pub(crate) reviews: Reviews,
}

/// Asks for a new case.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    pub command: Option<CommandId>,
    /// Key of the specification.
    pub specification: String,
    /// The case's id; the node counts if there is none.
    pub case: Option<String>,
    /// An element named as the root net or the specification's uri, one child per input parameter.
    pub data: Option<String>,
    /// Starts then instead of at once.
    pub start_at_ms: Option<i64>,
    /// The trace that the case belongs to. Whoever works on it is told.
    pub traceparent: Option<Traceparent>,
}

/// A case exists, durably.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launched {
    pub case: CaseId,
    pub specification: SpecificationKey,
    /// Its status right after the launch.
    pub status: CaseStatus,
    pub launched_at_ms: i64,
}

/// Asks something of a case. Items are named by their external ids, such as `7.1:A`; data is one XML
/// element as text. The meaning of each is that of [`engine::Command`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Checks an item out.
    Start {
        item: String,
    },
    /// Checks an item in.
    Complete {
        item: String,
        data: String,
    },
    Force {
        item: String,
        data: Option<String>,
    },
    Fail {
        item: String,
        data: Option<String>,
    },
    Skip {
        item: String,
    },
    Suspend {
        item: String,
    },
    Unsuspend {
        item: String,
    },
    Rollback {
        item: String,
    },
    Add {
        item: String,
        data: String,
    },
    CancelItem {
        item: String,
    },
    CompleteTask {
        item: String,
    },
    Restart {
        item: String,
    },
    /// Checks in an item that is held under a lease.
    CompleteHeld {
        item: String,
        data: String,
        epoch: Epoch,
    },
    /// As `CompleteHeld`, with what the holder thinks of its result: that counts where the item is under review.
    Vote {
        item: String,
        data: String,
        epoch: Epoch,
        confidence: Share,
        reasoning: String,
    },
    /// A person settles what a review did not.
    Resolve {
        item: String,
        data: String,
        by: String,
    },
    /// Gives an item back unharmed: another agent may claim it at once.
    ReturnHeld {
        item: String,
        epoch: Epoch,
    },
    /// Gives an item back that its holder could not do: it rests before it can be claimed again.
    FailHeld {
        item: String,
        epoch: Epoch,
    },
    /// Gives an item from its holder to another agent in one step.
    HandOff {
        item: String,
        from: AgentId,
        epoch: Epoch,
        to: AgentId,
    },
    /// Gives a dead letter another chance.
    Revive {
        item: String,
    },
    /// What a participant or an administrator does with an item of the worklist.
    Act {
        item: String,
        action: Action,
    },
    /// A participant has new items of the case no longer.
    Unchain {
        by: ParticipantId,
    },
    CancelCase,
    SuspendCase,
    ResumeCase,
}

/// Something done with an item that participants are asked to do. The meaning of each is that of
/// [`agents::resourcing::worklist::Command`]. Whether somebody may speak for a participant is the caller's to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Accept {
        by: ParticipantId,
    },
    Start {
        by: ParticipantId,
    },
    Deallocate {
        by: ParticipantId,
    },
    Delegate {
        by: ParticipantId,
        to: ParticipantId,
    },
    ReallocateStateless {
        by: ParticipantId,
        to: ParticipantId,
    },
    ReallocateStateful {
        by: ParticipantId,
        to: ParticipantId,
    },
    Suspend {
        by: ParticipantId,
    },
    Resume {
        by: ParticipantId,
    },
    Skip {
        by: ParticipantId,
    },
    Pile {
        by: ParticipantId,
    },
    Chain {
        by: ParticipantId,
    },
    /// The rest are an administrator's.
    Offer {
        to: BTreeSet<ParticipantId>,
    },
    Allocate {
        to: ParticipantId,
    },
    StartFor {
        to: ParticipantId,
    },
    Redistribute,
}

/// One of many commands in one call.
#[derive(Clone, Debug)]
pub struct Asked {
    pub case: CaseId,
    pub id: Option<CommandId>,
    pub command: Command,
}

/// A command is done, durably.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    Done,
    /// The item that now executes, with its input data.
    Started {
        item: String,
        data: Arc<str>,
    },
    /// The item that was added.
    Added {
        item: String,
    },
    /// The epoch of the item's new holder.
    HandedOff {
        item: String,
        epoch: Epoch,
    },
    /// The item that now executes for a participant, with its input data; an agent's with the epoch of its lease.
    Taken {
        item: String,
        data: Arc<str>,
        epoch: Option<Epoch>,
    },
}

/// An item that an agent holds now, checked out, until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its external id, such as `7.1:A`.
    pub item: String,
    pub case: CaseId,
    pub specification: SpecificationKey,
    pub task: String,
    pub task_name: String,
    /// What the task asks of an agent.
    pub capability: Option<String>,
    /// Must be shown with the result.
    pub epoch: Epoch,
    /// How long the holder may be silent from now on, milliseconds.
    pub term_ms: u64,
    /// Which attempt this is, 1 for the first.
    pub attempt: u32,
    pub enabled_at_ms: i64,
    /// Input data.
    pub data: Arc<str>,
    /// Of the request that launched the case.
    pub traceparent: Option<Traceparent>,
    /// Of an item under review: others answer it, too.
    pub ballot: Option<ClaimedBallot>,
}

/// Asks for a lease to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    pub item: String,
    pub epoch: Epoch,
    /// From now on, milliseconds.
    pub term_ms: u64,
}

/// Who holds an item, or why nobody may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseSummary {
    pub holder: Option<AgentId>,
    pub epoch: Epoch,
    /// Claims without a result so far.
    pub attempts: u32,
    /// One of [`LEASE_STANDINGS`].
    pub standing: &'static str,
    /// How long the holder may be silent, milliseconds.
    pub term_ms: Option<u64>,
}

/// Held by an agent; claimable after it was given back; not claimable for a while; not claimable until an operator
/// says so.
pub const LEASE_STANDINGS: [&str; 4] = ["held", "free", "resting", "dead-letter"];

/// One page of a list. `next` goes into the `after` of the following call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// `None` at the end. A page may be short, even empty, and have a next one: a filter that
    /// matches little is searched in bounded steps.
    pub next: Option<String>,
}

/// Which cases to list. Absent means all.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    /// A status by its name, see [`CaseStatus::name`].
    pub status: Option<String>,
    pub specification: Option<SpecificationKey>,
    /// What the id begins with.
    pub prefix: Option<String>,
}

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseSummary {
    pub case: CaseId,
    pub specification: SpecificationKey,
    pub status: CaseStatus,
    pub launched_at_ms: i64,
    pub ended_at_ms: Option<i64>,
    /// Items that are enabled, fired, executing or suspended.
    pub open_items: usize,
    pub incidents: usize,
}

/// Everything that can be seen of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDetail {
    pub summary: CaseSummary,
    pub view: View,
    /// The items of the view as lists show them, by id.
    pub items: BTreeMap<String, ItemSummary>,
    /// Output data of the root net, once completed.
    pub output: Option<Arc<str>>,
    /// Of the request that launched it.
    pub traceparent: Option<Traceparent>,
    /// The last record that this shows.
    pub position: u64,
}

/// Which work items to list. Absent means all.
#[derive(Clone, Debug, Default)]
pub struct ItemFilter {
    pub status: Option<ItemStatus>,
    pub case: Option<CaseId>,
    /// Id of the task.
    pub task: Option<String>,
    pub specification: Option<SpecificationKey>,
    /// One of [`LEASE_STANDINGS`]: items that were claimed and stand so.
    pub lease: Option<String>,
    /// Who holds it.
    pub holder: Option<AgentId>,
}

/// A work item in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemSummary {
    /// Its external id, such as `7.1:A`.
    pub item: String,
    pub case: CaseId,
    pub specification: SpecificationKey,
    pub net: String,
    pub task: String,
    pub task_name: String,
    pub status: ItemStatus,
    /// Items of one deferred choice share a number.
    pub group: Option<u32>,
    pub enabled_at_ms: i64,
    pub started_at_ms: Option<i64>,
    pub completed_at_ms: Option<i64>,
    pub timer_due_ms: Option<i64>,
    /// What an agent must be able to do to claim it.
    pub capability: Option<String>,
    /// Of an item that was claimed.
    pub lease: Option<LeaseSummary>,
    /// Of an item whose task asks for a review.
    pub review: Option<Standing>,
}

/// One work item with its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemDetail {
    pub summary: ItemSummary,
    /// Input data, once started.
    pub data: Option<Arc<str>>,
    /// The result, once completed.
    pub output: Option<Arc<str>>,
    /// Of the request that launched the case.
    pub traceparent: Option<Traceparent>,
}

/// Part of a case's history, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    pub items: Vec<HistoryEvent>,
    /// Goes into `after` of the following call; `None` at the end.
    pub next: Option<u64>,
}

/// One event in names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEvent {
    /// The record that the event came with; events of one command share it.
    pub position: u64,
    pub at_ms: i64,
    /// What happened, in kebab case: `launched`, `item-started`, ...
    pub event: &'static str,
    /// The element or item: `7`, `7.1:A`, `7/c1`.
    pub subject: String,
    /// Values that belong to the event, by name.
    pub detail: Vec<(&'static str, String)>,
}

/// A case has changed, durably. For live pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub case: CaseId,
    /// The record in the case's partition.
    pub position: u64,
    pub what: ChangeKind,
}

/// How a case has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Launched,
    Progressed,
    Ended,
}

impl ChangeKind {
    /// `launched`, `progressed`, `ended`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Launched => "launched",
            Self::Progressed => "progressed",
            Self::Ended => "ended",
        }
    }
}

/// What start-up found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    pub specifications: usize,
    /// Open and ended cases.
    pub cases: usize,
    pub open_cases: usize,
    /// Agents that were not dead.
    pub agents: usize,
    /// Records read behind the snapshots.
    pub records: u64,
    /// Bytes of torn last batches, never acknowledged, that were cut off.
    pub torn_bytes: u64,
    /// Damaged snapshots that were passed over, each with place and reason.
    pub snapshots_rejected: Vec<String>,
    pub took: std::time::Duration,
}
