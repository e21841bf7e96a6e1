//! Which cases of a partition have their state in memory, in the order of their last use.

use std::collections::BTreeMap;

use engine::CaseId;

/// A moment of use; each is given once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp(u64);

/// The hot cases of one partition.
#[derive(Debug)]
pub(crate) struct Heat {
    by_use: BTreeMap<Stamp, CaseId>,
    next: u64,
}

impl Heat {
    /// No case yet. Stamps begin at the position that the next record gets: behind all that is recalled.
    pub(crate) fn new(next: u64) -> Self {
        Self { by_use: BTreeMap::new(), next }
    }

    /// Notes a case whose last use was the record at `position`.
    pub(crate) fn recall(&mut self, case: &CaseId, position: u64) -> Stamp {
        let stamp = Stamp(position);
        self.by_use.insert(stamp, case.clone());
        stamp
    }

    /// Hot cases.
    pub(crate) fn len(&self) -> usize {
        self.by_use.len()
    }

    /// Notes that a case is used now. `before` is the stamp of its last use.
    pub(crate) fn touch(&mut self, case: &CaseId, before: Option<Stamp>) -> Stamp {
        self.forget(before);
        let stamp = Stamp(self.next);
        self.next += 1;
        self.by_use.insert(stamp, case.clone());
        stamp
    }

    /// Notes that a case is hot no more.
    pub(crate) fn forget(&mut self, stamp: Option<Stamp>) {
        if let Some(stamp) = stamp {
            self.by_use.remove(&stamp);
        }
    }

    /// The `count` cases that were not used for the longest time.
    pub(crate) fn coldest(&self, count: usize) -> Vec<CaseId> {
        self.by_use.values().take(count).cloned().collect()
    }
}
