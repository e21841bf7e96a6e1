//! Which case a launch with a command id went to, so that the same launch sent again finds it although the
//! node chose the case's id.

use std::collections::{BTreeMap, VecDeque};

use engine::CaseId;

/// Launches remembered per node. A client retries within minutes, not after so many launches.
pub(crate) const LAUNCH_IDS_MAX: usize = 100_000;

/// Hashes of the latest launches' command ids. A clash of two hashes is found by the partition.
#[derive(Debug, Default)]
pub(crate) struct LaunchIds {
    cases: BTreeMap<u64, CaseId>,
    /// Oldest first. A hash that was forgotten early may still stand here.
    order: VecDeque<u64>,
}

impl LaunchIds {
    /// The case that the launch went to, or, for a new one, what `number` gives.
    pub(crate) fn case_for(&mut self, hash: u64, number: impl FnOnce() -> CaseId) -> CaseId {
        if let Some(case) = self.cases.get(&hash) {
            return case.clone();
        }
        let case = number();
        self.remember(hash, case.clone());
        case
    }

    pub(crate) fn remember(&mut self, hash: u64, case: CaseId) {
        if self.cases.insert(hash, case).is_none() {
            self.order.push_back(hash);
        }
        while self.order.len() > LAUNCH_IDS_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.cases.remove(&oldest);
            }
        }
    }

    /// Forgets a launch that was refused: sent again, it is decided afresh.
    pub(crate) fn forget(&mut self, hash: u64, case: &CaseId) {
        if self.cases.get(&hash) == Some(case) {
            self.cases.remove(&hash);
        }
    }
}
