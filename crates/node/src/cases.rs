//! The cases of a partition: found by id once per command, after that named by their slot.
//!
//! Which states stay in memory is decided by a clock ("second chance"): a hand goes round over the slots and
//! takes those that were not used since it last came by. Unlike a list in the order of use it costs nothing
//! when a case is used, and one byte per case.

use std::{ops::Index, sync::Arc};

use engine::CaseId;
use indexmap::IndexMap;

use crate::entry::Entry;

/// Slots that the hand passes for each case that is wanted. Bounds a turn where nearly all cases are cold.
const STEPS_PER_CASE_MAX: usize = 64;

/// The place of a case in its partition. Cases stay, so it is good until the next start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot(u32);

impl Slot {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// One case as it is decided on.
pub(crate) struct Local {
    pub(crate) entry: Arc<Entry>,
    /// The moment that the partition's timers have for it.
    pub(crate) due_ms: Option<i64>,
    /// Since the hand last came by.
    used: bool,
}

/// All cases of a partition, in the order in which they came.
#[derive(Default)]
pub(crate) struct Cases {
    table: IndexMap<CaseId, Local>,
    /// Cases with their state in memory.
    hot: usize,
    /// The slot that is looked at next.
    hand: usize,
}

impl Cases {
    pub(crate) fn find(&self, case: &CaseId) -> Option<Slot> {
        self.table.get_index_of(case).map(slot)
    }

    /// Takes a new case in.
    pub(crate) fn insert(&mut self, case: CaseId, entry: Arc<Entry>) -> Slot {
        self.hot += usize::from(entry.is_hot());
        let (index, before) =
            self.table.insert_full(case, Local { entry, due_ms: None, used: true });
        assert!(before.is_none(), "a case is launched once");
        slot(index)
    }

    /// Replaces what is known of a case.
    pub(crate) fn replace(&mut self, slot: Slot, entry: Arc<Entry>) {
        let local = &mut self.table[slot.index()];
        self.hot += usize::from(entry.is_hot());
        self.hot -= usize::from(local.entry.is_hot());
        local.entry = entry;
    }

    /// Notes that a case is used now.
    pub(crate) fn touch(&mut self, slot: Slot) {
        self.table[slot.index()].used = true;
    }

    /// Replaces the case's moment and gives the one before.
    pub(crate) fn set_due_ms(&mut self, slot: Slot, due_ms: Option<i64>) -> Option<i64> {
        std::mem::replace(&mut self.table[slot.index()].due_ms, due_ms)
    }

    pub(crate) fn id(&self, slot: Slot) -> &CaseId {
        self.table.get_index(slot.index()).expect("slots come from here and cases stay").0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &CaseId, &Local)> {
        self.table.iter().enumerate().map(|(index, (case, local))| (slot(index), case, local))
    }

    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// Cases with their state in memory.
    pub(crate) fn hot(&self) -> usize {
        self.hot
    }

    /// Up to `count` cases with their state in memory that were not used for some time; where there are few
    /// cases, one may be named twice.
    pub(crate) fn coldest(&mut self, count: usize) -> Vec<Slot> {
        let mut coldest = Vec::new();
        let steps = count.saturating_mul(STEPS_PER_CASE_MAX).min(2 * self.table.len());
        for _ in 0..steps {
            if coldest.len() == count {
                break;
            }
            let index = self.hand;
            self.hand = (self.hand + 1) % self.table.len();
            let local = &mut self.table[index];
            let was_used = std::mem::replace(&mut local.used, false);
            if local.entry.is_hot() && !was_used {
                coldest.push(slot(index));
            }
        }
        coldest
    }
}

impl Index<Slot> for Cases {
    type Output = Local;

    fn index(&self, slot: Slot) -> &Local {
        &self.table[slot.index()]
    }
}

fn slot(index: usize) -> Slot {
    Slot(u32::try_from(index).expect("a partition has fewer cases than 2^32: memory ends before"))
}
