//! When each case wants to be woken: one moment per case, in order.
//!
//! An ordered set and no wheel of slots: there is one entry per case and not per timer, moments are exact, the
//! order of firing is the same in every run, and the next moment is the first element.

use std::collections::BTreeSet;

use engine::CaseId;

/// The moments of one partition's cases.
#[derive(Debug, Default)]
pub(crate) struct Timers(BTreeSet<(i64, CaseId)>);

impl Timers {
    /// Replaces the case's moment.
    pub(crate) fn arm(&mut self, case: &CaseId, before: Option<i64>, due_ms: Option<i64>) {
        if before == due_ms {
            return;
        }
        if let Some(before) = before {
            self.0.remove(&(before, case.clone()));
        }
        if let Some(due_ms) = due_ms {
            self.0.insert((due_ms, case.clone()));
        }
    }

    /// The next moment.
    pub(crate) fn next_due_ms(&self) -> Option<i64> {
        self.0.first().map(|(due_ms, _)| *due_ms)
    }

    /// Cases whose moment has come, counted up to `max`.
    pub(crate) fn count_due(&self, now_ms: i64, max: usize) -> usize {
        self.0.iter().take(max).take_while(|(due_ms, _)| *due_ms <= now_ms).count()
    }

    /// Takes the case with the earliest moment, if that has come.
    pub(crate) fn pop_due(&mut self, now_ms: i64) -> Option<CaseId> {
        if self.next_due_ms()? > now_ms {
            return None;
        }
        self.0.pop_first().map(|(_, case)| case)
    }
}
