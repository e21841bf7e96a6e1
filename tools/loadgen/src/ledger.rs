//! What the swarm knows of its own doing, to be held against what the server says at the end.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// How many losses and doubles are named; all are counted.
const NAMED_MAX: usize = 20;

/// Launches by number, results by item.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    launches: BTreeMap<usize, Fate>,
    refused: usize,
    /// Items whose result was acknowledged, with the epochs under which it was.
    completed: BTreeMap<String, BTreeSet<u64>>,
    pub(crate) claimed: u64,
    pub(crate) results: Counts,
    /// Results under an old epoch, which the server must refuse, and those of them that it took although another holder's
    /// had been taken.
    pub(crate) late_refused: u64,
    pub(crate) lost_in_hand: u64,
    pub(crate) held_back: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Issued,
    Acknowledged,
    Failed,
    Unknown,
}

/// Issued is the sum of the others, at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub issued: u64,
    pub acknowledged: u64,
    pub failed: u64,
    pub unknown: u64,
}

/// The ledger, closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// Before anybody asked what became of the unknown ones.
    pub launches: Counts,
    pub launches_resolved: Counts,
    pub results: Counts,
    pub items_claimed: u64,
    pub items_completed: u64,
    /// Results under an old epoch that were refused, as they must be.
    pub late_refused: u64,
    /// Items whose lease was gone before the work was done.
    pub lost_in_hand: u64,
    /// Claims that were planned and not made, since everybody obeyed the advice to stay away.
    pub claims_held_back: u64,
    pub dead_letters: u64,
    /// Cases that are neither completed nor wait as dead letters.
    pub unfinished: u64,
    /// Acknowledged and not there: must be empty. Named up to twenty.
    pub lost: Vec<String>,
    pub lost_count: u64,
    /// Completed twice, or there although refused: must be empty.
    pub doubled: Vec<String>,
    pub doubled_count: u64,
}

/// A case as the server shows it at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Open,
    Completed,
    DeadLetter,
}

impl Ledger {
    pub(crate) fn launch(&mut self, number: usize) {
        self.launches.insert(number, Fate::Issued);
    }

    pub(crate) fn launched(&mut self, number: usize) {
        self.launches.insert(number, Fate::Acknowledged);
    }

    pub(crate) fn launch_refused(&mut self, number: usize) {
        self.launches.insert(number, Fate::Failed);
        self.refused += 1;
    }

    pub(crate) fn launch_unknown(&mut self, number: usize) {
        self.launches.insert(number, Fate::Unknown);
    }

    pub(crate) fn completed(&mut self, item: String, epoch: u64) {
        self.completed.entry(item).or_default().insert(epoch);
    }

    /// Cases that may still have work.
    pub(crate) fn open(&self) -> usize {
        self.launches.len().saturating_sub(self.refused + self.completed.len())
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts { issued: self.launches.len() as u64, ..Counts::default() };
        for fate in self.launches.values() {
            match fate {
                Fate::Acknowledged => counts.acknowledged += 1,
                Fate::Failed => counts.failed += 1,
                Fate::Issued | Fate::Unknown => counts.unknown += 1,
            }
        }
        counts
    }

    /// Closes the ledger against what is there: cases by the number of their launch.
    pub(crate) fn close(
        &self,
        there: &BTreeMap<usize, Standing>,
        case: impl Fn(usize) -> String,
    ) -> Closed {
        let launches = self.counts();
        let mut closed = Closed {
            launches,
            launches_resolved: Counts { unknown: 0, ..launches },
            results: self.results,
            items_claimed: self.claimed,
            items_completed: self.completed.len() as u64,
            late_refused: self.late_refused,
            lost_in_hand: self.lost_in_hand,
            claims_held_back: self.held_back,
            ..Closed::default()
        };
        for (number, fate) in &self.launches {
            let name = || case(*number);
            match (fate, there.get(number)) {
                (Fate::Acknowledged, None) => {
                    closed.lose(format!("{}: launched, not there", name()))
                }
                (Fate::Failed, Some(_)) => closed.double(format!("{}: refused, yet there", name())),
                (Fate::Issued | Fate::Unknown, Some(_)) => {
                    closed.launches_resolved.acknowledged += 1
                }
                (Fate::Issued | Fate::Unknown, None) => closed.launches_resolved.failed += 1,
                (Fate::Acknowledged, Some(_)) | (Fate::Failed, None) => {}
            }
            match there.get(number) {
                Some(Standing::Open) => closed.unfinished += 1,
                Some(Standing::DeadLetter) => closed.dead_letters += 1,
                Some(Standing::Completed) | None => {}
            }
        }
        let done = |number: &usize| there.get(number) == Some(&Standing::Completed);
        let completed_cases: BTreeSet<String> = self
            .launches
            .keys()
            .filter(|number| done(number))
            .map(|number| case(*number))
            .collect();
        for (item, epochs) in &self.completed {
            let of = item.split('.').next().unwrap_or_default();
            if !completed_cases.contains(of) {
                closed.lose(format!("{item}: completed, its case is not"));
            }
            if epochs.len() > 1 {
                closed.double(format!("{item}: completed under the epochs {epochs:?}"));
            }
        }
        closed
    }
}

impl Closed {
    fn lose(&mut self, what: String) {
        self.lost_count += 1;
        if self.lost.len() < NAMED_MAX {
            self.lost.push(what);
        }
    }

    fn double(&mut self, what: String) {
        self.doubled_count += 1;
        if self.doubled.len() < NAMED_MAX {
            self.doubled.push(what);
        }
    }

    /// What does not add up.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut check = |holds: bool, what: String| {
            if !holds {
                faults.push(what);
            }
        };
        for (what, counts) in [("launches", self.launches_resolved), ("results", self.results)] {
            let Counts { issued, acknowledged, failed, unknown } = counts;
            check(
                issued == acknowledged + failed + unknown && unknown == 0,
                format!(
                    "{what}: {issued} issued, {acknowledged} acknowledged, {failed} failed, {unknown} unknown"
                ),
            );
        }
        check(self.lost_count == 0, format!("{} losses: {:?}", self.lost_count, self.lost));
        check(
            self.doubled_count == 0,
            format!("{} doubles: {:?}", self.doubled_count, self.doubled),
        );
        check(self.unfinished == 0, format!("{} cases are unfinished", self.unfinished));
        faults
    }
}

#[cfg(test)]
mod tests;
