//! What holders are told of: that their hold is over, or is soon.

use agents::{
    Moment,
    jury::{self, Ballot, What},
    lease::{self, Standing},
};
use engine::{CaseId, Event, ItemKey};

use super::{Running, Stopped, leasing::suspended};
use crate::{
    entry::{Entry, net_of},
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

    /// Notes the same of ballots.
    pub(super) fn note_ballots(
        &mut self,
        (case, before): (&CaseId, &Entry),
        events: &[Event],
        reviews: &[jury::Event<ItemKey>],
    ) {
        if reviews.is_empty() || !self.partition.context.streams.is_listened() {
            return;
        }
        for jury::Event { item: key, what } in reviews {
            let What::Ballot(event) = what else { continue };
            let jury = before.juries().get(key);
            let lease = jury.and_then(|jury| jury.ballots.get(event.item()));
            let Some(lease) = lease else { continue };
            let Standing::Held { holder, .. } = &lease.standing else { continue };
            let Some(outcome) = Outcome::of(&of_item(key, event), events) else { continue };
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
            let held = match ending.at.ballot {
                None => entry.leases().get(key).and_then(|lease| match &lease.standing {
                    Standing::Held { holder, .. } => Some((lease.epoch, holder)),
                    Standing::Free | Standing::Resting { .. } | Standing::DeadLetter => None,
                }),
                Some(_) => entry.juries().get(key).and_then(|jury| {
                    jury.holder(ending.epoch).map(|(_, holder)| (ending.epoch, holder))
                }),
            };
            let Some((epoch, holder)) = held else { continue };
            if epoch != ending.epoch || suspended(entry, key).is_some() {
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

/// What happens to a ballot, as if it were its item.
fn of_item(item: &ItemKey, event: &lease::Event<Ballot>) -> lease::Event<ItemKey> {
    let item = item.clone();
    match event.clone() {
        lease::Event::Claimed { holder, term_ms, epoch, .. } => {
            lease::Event::Claimed { item, holder, term_ms, epoch }
        }
        lease::Event::Finished { .. } => lease::Event::Finished { item },
        lease::Event::Returned { .. } => lease::Event::Returned { item },
        lease::Event::Failed { epoch, how, attempts, rest_ms, .. } => {
            lease::Event::Failed { item, epoch, how, attempts, rest_ms }
        }
        lease::Event::HandedOff { to, epoch, .. } => lease::Event::HandedOff { item, to, epoch },
        lease::Event::Woken { .. } => lease::Event::Woken { item },
        lease::Event::Revived { .. } => lease::Event::Revived { item },
        lease::Event::Forgotten { .. } => lease::Event::Forgotten { item },
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
