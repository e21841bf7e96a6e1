//! How long ballots are held and phases of reviews last, in the time of this process: as with leases, nothing of it is
//! stored, and after a restart each begins its whole time anew.

use agents::{
    Epoch, Moment,
    jury::Jury,
    lease::{Clocks, Lapsed, Lease, Standing},
};
use engine::ItemKey;

use super::{
    seats::review_of,
    work::{Place, Work},
};
use crate::{cases::Slot, entry::Entry};

/// The phases that have a deadline, by the epoch that was new when each began.
pub(super) struct Phases(Clocks<Place>);

impl Phases {
    pub(super) fn new(now: Moment) -> Self {
        Self(Clocks::new(now))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn hold(&mut self, since: Epoch, place: Place, term: (Moment, u64)) {
        self.0.hold(since, place, term);
    }

    pub(super) fn extend(&mut self, pause_ms: u64) {
        self.0.extend(|_, until| until.after(pause_ms));
    }

    pub(super) fn next_look(&self) -> Option<Moment> {
        self.0.next_look()
    }

    /// Takes out what is over.
    pub(super) fn over(&mut self, now: Moment) -> Vec<(Place, Epoch)> {
        let over = self.0.lapsed(now).into_iter();
        over.filter_map(|lapsed| match lapsed {
            Lapsed::Term { at, epoch } => Some((at, epoch)),
            // A phase does not rest.
            Lapsed::Rest { .. } => None,
        })
        .collect()
    }
}

impl Work {
    /// Starts and stops the clocks of ballots and phases that are not as they were.
    pub(super) fn time_ballots(&mut self, slot: Slot, before: Option<&Entry>, after: &Entry) {
        let now = self.clock.moment();
        if self.clocks.is_empty() && self.phases.is_empty() {
            // Nobody had to look until now.
            self.looked = now;
        }
        for jury in before.into_iter().flat_map(|before| before.juries().iter()) {
            let present = after.juries().get(&jury.item);
            for lease in jury.ballots.iter().filter(|lease| !is_in(present, lease)) {
                self.clocks.stop(lease.epoch);
            }
            if present.is_none_or(|present| present.since != jury.since) {
                self.phases.0.stop(jury.since);
            }
        }
        for jury in after.juries().iter() {
            let earlier = before.and_then(|before| before.juries().get(&jury.item));
            let place = |ballot| Place { slot, item: jury.item.clone(), ballot };
            for lease in jury.ballots.iter().filter(|lease| !is_in(earlier, lease)) {
                let (epoch, place) = (lease.epoch, place(Some(lease.item)));
                match lease.standing {
                    Standing::Held { term_ms, .. } => {
                        self.clocks.hold(epoch, place, (now, term_ms));
                    }
                    Standing::Resting { rest_ms } => {
                        self.clocks.rest(epoch, place, now.after(rest_ms));
                    }
                    Standing::Free | Standing::DeadLetter => {}
                }
            }
            let begins = earlier.is_none_or(|earlier| earlier.since != jury.since);
            let wait_ms =
                review_of(after, &jury.item).and_then(|review| jury.panel.wait_ms(review));
            if let Some(wait_ms) = wait_ms.filter(|_| begins) {
                self.phases.hold(jury.since, place(None), (now, wait_ms));
            }
        }
    }
}

/// Whether the ballot stands in the jury just so.
fn is_in(jury: Option<&Jury<ItemKey>>, lease: &Lease<agents::jury::Ballot>) -> bool {
    jury.and_then(|jury| jury.ballots.get(&lease.item)) == Some(lease)
}
