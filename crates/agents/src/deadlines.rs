//! Deadlines on a wheel: what could be due is found by looking at one slot of time, and moving a deadline
//! back costs nothing.
//!
//! The wheel holds each key once and not its deadline. When the slot of a key comes by, the caller says when the
//! key is really due: if that is later, as after a renewal, the key moves on to that slot. A million
//! deadlines that are renewed each minute are so touched once a minute, whatever the number of renewals.
//! (Hashed wheel with lazy removal, after Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987.)

use crate::ids::Moment;

/// Slots of the wheel. A deadline farther ahead than the wheel goes round is met once per round.
const SLOTS: usize = 1024;

/// Keys by the slot of time that they were last known to be due in.
#[derive(Debug)]
pub struct Deadlines<K> {
    slots: Vec<Vec<K>>,
    slot_ms: u64,
    /// First moment that was not looked at yet, in slots.
    next: u64,
}

/// What a key is when its slot has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It is due now: the wheel forgets it.
    Now,
    /// It is due at a later moment: the wheel keeps it.
    At(Moment),
    /// It has no deadline any more.
    Never,
}

impl<K: Copy> Deadlines<K> {
    /// A wheel that begins at `now` and is exact to `slot_ms` milliseconds.
    pub fn new(now: Moment, slot_ms: u64) -> Self {
        let slot_ms = slot_ms.max(1);
        Self { slots: (0..SLOTS).map(|_| Vec::new()).collect(), slot_ms, next: now.ms / slot_ms }
    }

    /// Puts a key on the wheel. A key is put once; a later deadline is found out by [`Deadlines::advance`].
    /// An earlier one is not: put the key a second time, and answer [`Due::Never`] for the one too many.
    pub fn put(&mut self, key: K, due: Moment) {
        // Rounded up: a key is never looked at before it is due.
        let slot = due.ms.div_ceil(self.slot_ms).max(self.next);
        self.slots[index(slot)].push(key);
    }

    /// Looks at every key whose slot has come by `now`. `due` says what it is; keys that are due are given to it
    /// in the order of their slots.
    pub fn advance(&mut self, now: Moment, mut due: impl FnMut(K) -> Due) {
        let last = now.ms / self.slot_ms;
        // One round meets every key: after a long pause the rest of the time need not be walked.
        let rounds_end = self.next.saturating_add(SLOTS as u64 - 1).min(last);
        let first = self.next;
        // Moved first, so that a key that stays never lands in a slot that is being looked at.
        self.next = self.next.max(last.saturating_add(1));
        for slot in first..=rounds_end {
            for key in std::mem::take(&mut self.slots[index(slot)]) {
                if let Due::At(later) = due(key) {
                    self.put(key, later);
                }
            }
        }
    }

    /// When [`Deadlines::advance`] should be called again.
    pub fn next_look(&self) -> Moment {
        Moment { ms: self.next.saturating_mul(self.slot_ms) }
    }
}

fn index(slot: u64) -> usize {
    usize::try_from(slot % SLOTS as u64).expect("it is less than the number of slots")
}

#[cfg(test)]
mod tests;
