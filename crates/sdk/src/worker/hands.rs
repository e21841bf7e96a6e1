//! What the agent holds, and when which lease is renewed. No requests, no clock: moments come in.

use std::{collections::BTreeMap, time::Duration};

use tokio::{sync::watch, time::Instant};
use wire::{claim::ClaimedItem, lease::LeaseRenewal, limits::AGENTS_MAX};

use super::cancellation::{self, Cancellation, Canceller, Reason};

/// Renewals in one term: so many but one may be lost.
const RENEWALS: u32 = 3;
/// Renewals that are this part of their term early go along with one that is due.
const EARLY: u32 = 12;

/// What is held, by item and epoch: an item may be held anew while the handler of the time before still stops.
#[derive(Debug, Default)]
pub(super) struct Hands(BTreeMap<Hold, Held>);

/// One hold of an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hold {
    pub(super) item: String,
    pub(super) epoch: u64,
}

#[derive(Debug)]
struct Held {
    term: Duration,
    ends: watch::Sender<Instant>,
    /// `None` while a renewal is under way, and once the item is lost.
    renew_at: Option<Instant>,
    is_lost: bool,
    canceller: Canceller,
}

impl Hands {
    /// The agent has an item from `now` on. `None` if it has it already.
    pub(super) fn take(
        &mut self,
        item: &ClaimedItem,
        now: Instant,
    ) -> Option<(Cancellation, watch::Receiver<Instant>)> {
        let hold = Hold { item: item.item.clone(), epoch: item.epoch };
        if self.0.contains_key(&hold) {
            return None;
        }
        let term = Duration::from_millis(item.term_ms);
        let (canceller, cancellation) = cancellation::pair();
        let (ends, lease_ends) = watch::channel(now + term);
        let renew_at = Some(now + term / RENEWALS);
        self.0.insert(hold, Held { term, ends, renew_at, is_lost: false, canceller });
        Some((cancellation, lease_ends))
    }

    /// The agent has done with it.
    pub(super) fn put_down(&mut self, hold: &Hold) {
        self.0.remove(hold);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// When the next lease wants to be renewed.
    pub(super) fn next_renewal(&self) -> Option<Instant> {
        self.0.values().filter_map(|held| held.renew_at).min()
    }

    /// What to renew now, in one request: nothing before something is due, then also what soon would be.
    pub(super) fn take_due(&mut self, now: Instant) -> Vec<LeaseRenewal> {
        let is_due = self.next_renewal().is_some_and(|at| at <= now);
        if !is_due {
            return Vec::new();
        }
        let soon = |held: &Held| held.renew_at.is_some_and(|at| at <= now + held.term / EARLY);
        let due = self.0.iter_mut().filter(|(_, held)| soon(held)).take(AGENTS_MAX);
        due.map(|(hold, held)| {
            held.renew_at = None;
            LeaseRenewal {
                item: hold.item.clone(),
                epoch: hold.epoch,
                term_ms: u64::try_from(held.term.as_millis()).unwrap_or(u64::MAX),
            }
        })
        .collect()
    }

    /// The shortest term of all: requests about leases must not take long beside it.
    pub(super) fn shortest_term(&self) -> Option<Duration> {
        self.0.values().map(|held| held.term).min()
    }

    /// A renewal that was asked for at `asked` was granted for so long.
    pub(super) fn renewed(&mut self, hold: &Hold, asked: Instant, left: Duration) {
        let Some(held) = self.0.get_mut(hold).filter(|held| !held.is_lost) else { return };
        // The server may give more than was asked for, but no sooner than it was asked.
        held.ends.send_replace(asked + left.min(LEFT_MAX));
        held.renew_at = Some(asked + left.min(held.term) / RENEWALS);
    }

    /// It is not known what became of a renewal: try again then.
    pub(super) fn renew_at(&mut self, hold: &Hold, at: Instant) {
        if let Some(held) = self.0.get_mut(hold).filter(|held| !held.is_lost) {
            held.renew_at = Some(at);
        }
    }

    /// Something was missed, or time is short: renew this one, or all, now.
    pub(super) fn renew_now(&mut self, only: Option<&Hold>, now: Instant) {
        for (hold, held) in &mut self.0 {
            let is_meant = only.is_none_or(|only| only == hold);
            // One that is under way is not asked for twice.
            if is_meant && held.renew_at.is_some() {
                held.renew_at = Some(now);
            }
        }
    }

    /// The item is lost: its handler is told, its lease is not renewed any more.
    pub(super) fn lose(&mut self, hold: &Hold, reason: Reason) {
        if let Some(held) = self.0.get_mut(hold) {
            held.is_lost = true;
            held.renew_at = None;
            held.canceller.cancel(reason);
        }
    }

    /// Every handler is told to stop. Leases go on until the items are given back.
    pub(super) fn stop_all(&self) {
        for held in self.0.values() {
            held.canceller.cancel(Reason::Draining);
        }
    }
}

/// The longest term that a server gives: a longer one is nonsense and must not overflow a clock.
const LEFT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests;
