//! What holders are told of: that their hold is over, or is soon.

use agents::{
    Moment,
    lease::{self, Standing},
};
use engine::{CaseId, Event, ItemKey};

use super::{Running, Stopped, leasing::suspended, work::net_of};
use crate::{
    entry::Entry,
    streams::{HoldNotice, Outcome},
};

impl Running {
    /// Notes which holds are over by these events, for whoever reads.
    pub(super) fn note_holds(
        &mut self,
        (case, before): (&CaseId, &Entry),
        events: &[Event],
        leases: &[lease::Event<ItemKey>],
    ) {
        if leases.is_empty() || !self.partition.context.streams.is_listened() {
            return;
        }
        for event in leases {
            let key = event.item();
            let Some(lease) = before.leases().get(key) else { continue };
            let Standing::Held { holder, .. } = &lease.standing else { continue };
            let Some(outcome) = Outcome::of(event, events) else { continue };
            let (holder, item) = (holder.clone(), name(before, case, key));
            let (case, epoch) = (case.clone(), lease.epoch);
            self.batch.notices.push(HoldNotice { holder, item, case, epoch, outcome });
        }
    }

    /// Notes whose term ends soon, for whoever reads.
    pub(super) fn warn(&mut self, now: Moment) -> Result<(), Stopped> {
        let wanted = self.partition.context.streams.is_listened();
        for ending in self.work.ending(wanted, now) {
            let (slot, key) = (ending.at.slot, &ending.at.item);
            let (entry, case) = (&self.cases[slot].entry, self.cases.id(slot));
            let Some(lease) = entry.leases().get(key) else { continue };
            let Standing::Held { holder, .. } = &lease.standing else { continue };
            if lease.epoch != ending.epoch || suspended(entry, key).is_some() {
                continue;
            }
            let notice = HoldNotice {
                holder: holder.clone(),
                item: name(entry, case, key),
                case: case.clone(),
                epoch: ending.epoch,
                outcome: Outcome::Ending(ending.until),
            };
            self.batch.notices.push(notice);
            if self.is_full() {
                self.flush()?;
            }
        }
        Ok(())
    }
}

/// The item's external id, whether the case is in memory or not.
fn name(entry: &Entry, case: &CaseId, key: &ItemKey) -> String {
    let path = key.path.show(case);
    match net_of(entry, key) {
        Some(net) => format!("{path}:{}", entry.loaded.program.net(net).task(key.task).id),
        None => path,
    }
}
