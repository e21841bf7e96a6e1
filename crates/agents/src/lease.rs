//! Who holds a work item, and whose result counts.
//!
//! ```text
//!              claim                       complete
//!   (free) ───────────▶ held by one agent ──────────▶ (finished, gone)
//!      ▲                 │   │      ▲ │ hand off: another holder, another epoch
//!      │   returned      │   │      └─┘
//!      ├─────────────────┘   │ failed, or not renewed in time
//!      │  rest is over       ▼
//!      └────────────────── resting ──after so many attempts──▶ dead letter ──revived by an operator──▶ (free)
//! ```
//!
//! [`Leases`] are those of one case. Each holder gets an [`Epoch`] greater than every one before it, which the
//! caller takes from something that only grows and survives a restart, as a position in the log. A result is
//! taken under the epoch of the present holder and no other (fencing: Kleppmann, "How to do distributed
//! locking", 2016).
//!
//! When a lease ends is not kept here: `clock` knows it, in the time of one process. After a restart every
//! holder gets the whole term again, so that nobody loses an item because we were away.

mod clock;
mod decide;
mod retry;

use serde::{Deserialize, Serialize};

pub use self::{
    clock::{Clocks, Ending, Lapsed},
    decide::decide,
    retry::Retry,
};
use crate::ids::{AgentId, Epoch};

/// Shortest term: below it a slow network looks like a dead agent.
pub const TERM_MS_MIN: u64 = 1_000;
/// Longest term: work that takes longer is renewed meanwhile.
pub const TERM_MS_MAX: u64 = 24 * 60 * 60 * 1_000;
/// What is taken where the claim says nothing.
pub const TERM_MS_DEFAULT: u64 = 60_000;

/// The leases of one case, by item. Most cases have none or one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leases<K>(Vec<Lease<K>>);

/// What is known of one item beyond its own state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease<K> {
    pub item: K,
    /// The last one given for this item.
    pub epoch: Epoch,
    /// Times that it was claimed and came back without a result through a fault of the holder.
    pub attempts: u32,
    pub standing: Standing,
}

/// Who has the item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    Held {
        holder: AgentId,
        /// How long the holder may be silent, milliseconds.
        term_ms: u64,
    },
    /// Given back by its holder: anybody may claim it.
    Free,
    /// Nobody may claim it before the rest is over, milliseconds.
    Resting { rest_ms: u64 },
    /// It failed too often: an operator must look.
    DeadLetter,
}

/// What is asked. Whoever completes, returns, fails or hands on shows the epoch that it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<K> {
    /// `epoch` is new: greater than every one given before.
    Claim { item: K, holder: AgentId, term_ms: u64, epoch: Epoch },
    /// The holder has a result. Without an epoch: somebody outside who holds no lease.
    Finish { item: K, epoch: Option<Epoch> },
    /// The holder gives it back unharmed, as when it stops.
    Return { item: K, epoch: Epoch },
    /// The holder could not do it.
    Fail { item: K, epoch: Epoch },
    /// The lease of this epoch was not renewed in time. Quietly nothing if it is not the present one.
    Expire { item: K, epoch: Epoch },
    /// From one holder to another in one step: nobody else can claim it in between. `next` is new.
    HandOff { item: K, from: AgentId, epoch: Epoch, to: AgentId, next: Epoch },
    /// The engine did not start it for whoever claimed it. Counts as an attempt, so that it is not claimed again and
    /// again. `epoch` is new.
    Refuse { item: K, epoch: Epoch },
    /// Nobody could say what its result is, and nobody is left to ask: a dead letter at once. `epoch` is new.
    Condemn { item: K, epoch: Epoch },
    /// The rest of a failed item is over.
    Wake { item: K },
    /// An operator gives a dead letter another chance.
    Revive { item: K },
    /// The item is gone: cancelled, withdrawn, completed by an operator.
    Forget { item: K },
}

/// What happened. Stored for ever: variants are added at the end, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event<K> {
    Claimed {
        item: K,
        holder: AgentId,
        term_ms: u64,
        epoch: Epoch,
    },
    Finished {
        item: K,
    },
    Returned {
        item: K,
    },
    /// Came back from the holder of this epoch without a result; `rest_ms` is none after the last attempt.
    Failed {
        item: K,
        epoch: Epoch,
        how: Failure,
        attempts: u32,
        rest_ms: Option<u64>,
    },
    HandedOff {
        item: K,
        to: AgentId,
        epoch: Epoch,
    },
    Woken {
        item: K,
    },
    Revived {
        item: K,
    },
    Forgotten {
        item: K,
    },
}

/// How an item came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The lease was not renewed in time.
    Expired,
    /// The holder said so.
    Reported,
    /// The engine refused to start it for the holder.
    Refused,
    /// Those who reviewed it did not agree, and nobody is left to ask.
    Unresolved,
}

/// Why a command was refused: an answer for the caller; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("it is held by {holder} under epoch {epoch}", epoch = epoch.0)]
    Held { holder: AgentId, epoch: Epoch },
    /// The result comes too late, or from a holder that never was.
    #[error("epoch {given} is not, or no longer, valid: {reason}", given = given.0)]
    StaleEpoch { given: Epoch, reason: &'static str },
    #[error("it is held by {holder}, not by {claimed}")]
    WrongHolder { holder: AgentId, claimed: AgentId },
    #[error("it rests for {rest_ms} ms after attempt {attempts}")]
    Resting { rest_ms: u64, attempts: u32 },
    #[error("it is a dead letter after {attempts} attempts; an operator can requeue it")]
    DeadLetter { attempts: u32 },
    #[error("it is no dead letter")]
    NotDead,
    #[error("a term of {given} ms is not within {TERM_MS_MIN} to {TERM_MS_MAX} ms")]
    Term { given: u64 },
}

impl<K> Default for Leases<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> Leases<K> {
    /// No item was claimed.
    pub const fn new() -> Self {
        Self(Vec::new())
    }
}

impl<K: Clone + Ord> Leases<K> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is known of an item; nothing of one that was never claimed.
    pub fn get(&self, item: &K) -> Option<&Lease<K>> {
        self.place(item).ok().map(|place| &self.0[place])
    }

    /// In the order of the items.
    pub fn iter(&self) -> impl Iterator<Item = &Lease<K>> {
        self.0.iter()
    }

    /// Whether anybody may claim the item now.
    pub fn is_claimable(&self, item: &K) -> bool {
        self.get(item).is_none_or(|lease| lease.standing == Standing::Free)
    }

    /// Applies one stored event.
    pub fn apply(&mut self, event: &Event<K>) {
        match event {
            Event::Claimed { item, holder, term_ms, epoch } => {
                let standing = Standing::Held { holder: holder.clone(), term_ms: *term_ms };
                let lease = self.entry(item);
                lease.epoch = *epoch;
                lease.standing = standing;
            }
            Event::Finished { item } | Event::Forgotten { item } => {
                if let Ok(place) = self.place(item) {
                    self.0.remove(place);
                }
            }
            Event::Returned { item } | Event::Woken { item } => {
                self.entry(item).standing = Standing::Free;
            }
            Event::Failed { item, epoch, how: _, attempts, rest_ms } => {
                let lease = self.entry(item);
                lease.epoch = *epoch;
                lease.attempts = *attempts;
                lease.standing =
                    rest_ms.map_or(Standing::DeadLetter, |rest_ms| Standing::Resting { rest_ms });
            }
            Event::HandedOff { item, to, epoch } => {
                let lease = self.entry(item);
                lease.epoch = *epoch;
                if let Standing::Held { holder, .. } = &mut lease.standing {
                    *holder = to.clone();
                }
            }
            Event::Revived { item } => {
                let lease = self.entry(item);
                lease.attempts = 0;
                lease.standing = Standing::Free;
            }
        }
    }

    /// Panics where something cannot be. For tests, after each event.
    pub fn check_invariants(&self) {
        for pair in self.0.windows(2) {
            assert!(pair[0].item < pair[1].item, "an item has one lease");
        }
        for lease in &self.0 {
            assert!(lease.epoch > Epoch(0), "a lease has an epoch");
            match lease.standing {
                Standing::Held { term_ms, .. } => {
                    assert!((TERM_MS_MIN..=TERM_MS_MAX).contains(&term_ms));
                }
                Standing::Free => {}
                Standing::Resting { .. } | Standing::DeadLetter => {
                    assert!(lease.attempts > 0, "only failed attempts lead here");
                }
            }
        }
    }

    fn place(&self, item: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|lease| lease.item.cmp(item))
    }

    fn entry(&mut self, item: &K) -> &mut Lease<K> {
        let place = self.place(item).unwrap_or_else(|place| {
            let item = item.clone();
            let lease =
                Lease { item, epoch: Epoch::default(), attempts: 0, standing: Standing::Free };
            self.0.insert(place, lease);
            place
        });
        &mut self.0[place]
    }
}

impl<K> Command<K> {
    /// The item that it is about.
    pub fn item(&self) -> &K {
        match self {
            Self::Claim { item, .. }
            | Self::Finish { item, .. }
            | Self::Return { item, .. }
            | Self::Fail { item, .. }
            | Self::Expire { item, .. }
            | Self::HandOff { item, .. }
            | Self::Refuse { item, .. }
            | Self::Condemn { item, .. }
            | Self::Wake { item }
            | Self::Revive { item }
            | Self::Forget { item } => item,
        }
    }
}

impl<K> Event<K> {
    /// The item that it is about.
    pub fn item(&self) -> &K {
        match self {
            Self::Claimed { item, .. }
            | Self::Finished { item }
            | Self::Returned { item }
            | Self::Failed { item, .. }
            | Self::HandedOff { item, .. }
            | Self::Woken { item }
            | Self::Revived { item }
            | Self::Forgotten { item } => item,
        }
    }
}

#[cfg(test)]
mod tests;
