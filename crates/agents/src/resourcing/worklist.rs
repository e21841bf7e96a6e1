//! What became of each item that people, or agents by name, are asked to do.
//!
//! ```text
//!   distribute ──▶ unoffered ── an administrator ──▶ offered, allocated
//!       ├────────▶ offered ───── accept ───────────▶ allocated
//!       ├────────▶ allocated ─── start ────────────▶ started ◀── resume ──┐
//!       └────────▶ started  ──── suspend ──────────────────────▶ suspended
//!
//!   allocated: deallocate (distributed again, without whoever gave it back), delegate, skip, pile
//!   started:   reallocate (stateless: with the data that it began with; stateful), complete
//! ```
//!
//! What a step means to the net is the caller's: it starts the item where an event says [`Event::Started`], skips it
//! where it says [`Event::Skipped`], and stores both in one record. If an item is gone from the net, as when
//! another one of a deferred choice was started, [`Command::Withdraw`] takes it from every queue. Of a task with several
//! instances the first goes on under a new name ([`Command::Rename`]) and the others are distributed as new items.

mod apply;
mod decide;
mod state;
mod stored;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::{
    apply::apply,
    decide::decide,
    state::{Item, Queues, Slice, Status, Worklist, check_invariants},
    stored::Part,
};
use super::{
    distribute::Reason,
    facts::Facts,
    ids::{CaseId, ItemId, ParticipantId, TaskKey},
    organisation::UserPrivilege,
    specification::{Privilege, Resourcing},
};
use crate::ids::Moment;

/// Items of one worklist. Each waits for a person or a named agent.
pub const ITEMS_MAX: usize = 1_000_000;
/// Cases that are chained at once.
pub const CHAINS_MAX: usize = 100_000;
/// Offers of all items together: an item that is offered to ten participants counts ten times.
pub const OFFERS_MAX: usize = 4_000_000;

/// What a command is decided with: what the item's task asks, what is known, the moment, the chance.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    pub resourcing: &'c Resourcing,
    pub facts: &'c dyn Facts,
    pub now: Moment,
    pub seed: u64,
}

/// What somebody asks. Whoever may speak for a participant or an administrator is checked by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// An item is new. The same again is quietly nothing.
    Distribute {
        item: ItemId,
        case: CaseId,
        task: TaskKey,
    },
    AcceptOffer {
        item: ItemId,
        by: ParticipantId,
    },
    Start {
        item: ItemId,
        by: ParticipantId,
    },
    /// Gives an allocated item back; it is distributed again, without this participant.
    Deallocate {
        item: ItemId,
        by: ParticipantId,
    },
    /// Gives an allocated item to somebody else.
    Delegate {
        item: ItemId,
        by: ParticipantId,
        to: ParticipantId,
    },
    /// Gives a started item to somebody else.
    Reallocate {
        item: ItemId,
        by: ParticipantId,
        to: ParticipantId,
        how: Reallocation,
    },
    Suspend {
        item: ItemId,
        by: ParticipantId,
    },
    Resume {
        item: ItemId,
        by: ParticipantId,
    },
    Skip {
        item: ItemId,
        by: ParticipantId,
    },
    /// Will have every item of this item's task, over all cases, as soon as the organisation knows
    /// ([`super::organisation::Command::Pile`]); this one is started at once.
    Pile {
        item: ItemId,
        by: ParticipantId,
    },
    /// Has every item of this item's case from now on that is offered to the participant.
    Chain {
        item: ItemId,
        by: ParticipantId,
    },
    Unchain {
        case: CaseId,
        by: ParticipantId,
    },
    /// An administrator offers an item that is not started.
    Offer {
        item: ItemId,
        to: BTreeSet<ParticipantId>,
    },
    /// An administrator allocates an item that is not started.
    Allocate {
        item: ItemId,
        to: ParticipantId,
    },
    /// An administrator starts an item for somebody.
    StartFor {
        item: ItemId,
        to: ParticipantId,
    },
    /// An item is to be done from the beginning: its holder is gone, or an administrator asks.
    Redistribute {
        item: ItemId,
    },
    /// The net would not start the item: an administrator must look.
    Refuse {
        item: ItemId,
    },
    /// The net has suspended the item or resumed it, whoever asked for that.
    Follow {
        item: ItemId,
        is_suspended: bool,
    },
    /// The net has started the item under another name, as the first instance of its task.
    Rename {
        item: ItemId,
        to: ItemId,
    },
    /// The net has the result.
    Complete {
        item: ItemId,
    },
    /// The net has no such item any more.
    Withdraw {
        item: ItemId,
    },
    /// The case is over; its items are withdrawn one by one.
    CloseCase {
        case: CaseId,
    },
}

/// What the item's data is for whoever gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reallocation {
    /// As it was when the item was started.
    Stateless,
    /// As the one before has left it.
    Stateful,
}

/// What happened. Stored for ever: variants are added at the end, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The item is known. How it was distributed follows.
    Received {
        item: ItemId,
        case: CaseId,
        task: TaskKey,
        /// Its place in every queue: items are older than those with greater numbers.
        number: u64,
    },
    Unoffered {
        item: ItemId,
        reason: Reason,
    },
    Offered {
        item: ItemId,
        to: BTreeSet<ParticipantId>,
        at: Moment,
    },
    Allocated {
        item: ItemId,
        to: ParticipantId,
        at: Moment,
    },
    /// The net is to start it.
    Started {
        item: ItemId,
        by: ParticipantId,
        at: Moment,
    },
    Suspended {
        item: ItemId,
    },
    Resumed {
        item: ItemId,
    },
    /// How it was distributed again follows.
    Deallocated {
        item: ItemId,
        by: ParticipantId,
    },
    Delegated {
        item: ItemId,
        to: ParticipantId,
    },
    Reallocated {
        item: ItemId,
        to: ParticipantId,
        how: Reallocation,
    },
    /// The net is to complete it without anybody's work.
    Skipped {
        item: ItemId,
        by: ParticipantId,
    },
    Chained {
        case: CaseId,
        by: ParticipantId,
    },
    Unchained {
        case: CaseId,
    },
    /// It is nobody's. How it was distributed again follows.
    Returned {
        item: ItemId,
    },
    Renamed {
        item: ItemId,
        to: ItemId,
    },
    Completed {
        item: ItemId,
        by: ParticipantId,
        at: Moment,
    },
    Withdrawn {
        item: ItemId,
    },
    CaseClosed {
        case: CaseId,
    },
}

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("item {0} is in no queue")]
    NoSuchItem(ItemId),
    #[error("item {item} is {status}")]
    WrongStatus { item: ItemId, status: &'static str },
    #[error("item {item} is not offered to {by}")]
    NotOffered { item: ItemId, by: ParticipantId },
    #[error("item {item} is {holder}'s, not {by}'s")]
    NotHolder { item: ItemId, holder: ParticipantId, by: ParticipantId },
    #[error("{by} has not the privilege {}", .privilege.name())]
    NoPrivilege { by: ParticipantId, privilege: Privilege },
    #[error("{by} has not the privilege {}", .privilege.name())]
    NoUserPrivilege { by: ParticipantId, privilege: UserPrivilege },
    #[error("{0} is not known or cannot be given work now")]
    NotAvailable(ParticipantId),
    #[error("nobody was named to offer item {0} to")]
    NobodyNamed(ItemId),
    #[error("an item is offered to {max} participants at most, not to {count}")]
    TooManyNamed { count: usize, max: usize },
    #[error("the task {task} is piled by {by}")]
    Piled { task: TaskKey, by: ParticipantId },
    #[error("the case {case} is chained by {by}")]
    Chained { case: CaseId, by: ParticipantId },
    #[error("there is an item {0} already")]
    NameTaken(ItemId),
    #[error("the worklist has {max} {what}, which is the most")]
    Full { what: &'static str, max: usize },
}

#[cfg(test)]
mod tests;
