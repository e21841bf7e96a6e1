//! What a task's `resourcing` asks of people and agents: offer, allocate, start.
//!
//! ```text
//!   specification ── read ──▶ Resourcing ─┐
//!   people, roles, agents ── Organisation ┼─▶ distribute ─▶ unoffered │ offered to │ allocated to │ started for
//!   what is known of the past ── Facts ───┘                            └──────────────┬──────────────┘
//!                                             who accepts, starts, gives back ──▶ Worklist
//! ```
//!
//! [`Resourcing`] is what the specification says, [`Organisation`] who there is, [`distribute`] the rule that brings
//! them together, and a [`Worklist`] what became of each item, in queues for each participant. Agents of the
//! registry are participants under their own names. A task without `resourcing` is none of this: it goes to
//! whichever agent claims its [`capability_of`].
//!
//! A name that the product does not know, be it of a filter, a constraint or an allocator, is refused when the
//! text is read. To pass over a filter would give work to somebody who must not have it.

pub mod organisation;
pub mod worklist;

mod allocator;
mod capability;
mod distribute;
mod expression;
mod facts;
mod history;
mod ids;
mod read;
mod specification;

#[cfg(test)]
mod testing;

pub use self::{
    allocator::Allocator,
    capability::capability_of,
    distribute::{Distribution, OFFER_MAX, Reason, Standing, distribute},
    expression::{Expression, Invalid as InvalidExpression},
    facts::{Experience, Facts, Means},
    history::{History, HistoryPart},
    ids::{CaseId, GroupId, ItemId, ParticipantId, PositionId, RoleId, TaskKey},
    organisation::Organisation,
    read::ReadError,
    specification::{
        Allocate, Category, Constraint, DistributionSet, Filter, Grant, Initiator, Offer, People,
        Privilege, Refers, Resourcing, Secondary, Variable,
    },
    worklist::Worklist,
};
