//! Items under leases: `node::partition::leasing` with the model's items.

use agents::{
    Epoch,
    lease::{self, Lapsed, Standing},
};

use super::{Around, ClaimJob, Partition};
use crate::{
    cases::{Net, Place, Record},
    message::{Claimed, Renewal},
};

/// Items whose lease has ended that are looked at in one go.
const LAPSED_MAX: usize = 64;

impl Partition {
    /// Hands out what waits.
    pub(super) fn on_claim(&mut self, claim: &ClaimJob, around: &mut Around<'_>) -> Vec<Claimed> {
        let mut claimed = Vec::new();
        while claimed.len() < claim.items_max {
            let Some(place) = self.work.pick(&claim.capabilities, &self.cases) else { break };
            claimed.extend(self.claim_item(place, claim, around));
        }
        claimed
    }

    /// Checks the item out. One in so many the rules refuse to start, as a mapping that fails would.
    fn claim_item(
        &mut self,
        place: Place,
        claim: &ClaimJob,
        around: &mut Around<'_>,
    ) -> Option<Claimed> {
        let (item, epoch, term_ms) = (place.item, self.next_epoch(), claim.term_ms);
        if around.ledger.refuses_a_start() {
            self.lease_only(place, lease::Command::Refuse { item, epoch }, around);
            return None;
        }
        let holder = claim.holder.clone();
        let command = lease::Command::Claim { item, holder, term_ms, epoch };
        let leases = &self.cases.get(place.case)?.leases;
        let decided = lease::decide(leases, command, around.retry);
        let Ok(Some(event)) = decided else {
            around.ledger.broken(format!("{place:?} was picked and cannot be claimed"));
            return None;
        };
        around.ledger.holds(place, epoch, term_ms);
        let net = Some(Net::Started(item));
        let leases = self.leases_of(place, net.as_ref(), Some(event));
        self.record(Record { case: place.case, net, leases, command: None, result: None }, around);
        Some(Claimed { place, epoch, term_ms })
    }

    pub(super) fn on_renewal(&mut self, renewal: &Renewal, around: &mut Around<'_>) -> bool {
        let Renewal { place, epoch, term_ms } = *renewal;
        let renewed = self.work.renew(epoch, place, (around.now, term_ms)).is_some();
        if renewed {
            around.ledger.renewed_lease(place, epoch);
        }
        renewed
    }

    /// Takes back what nobody renewed, and wakes what has rested.
    pub(super) fn lapse(&mut self, around: &mut Around<'_>) {
        while self.work.next_look().is_some_and(|look| look <= around.now) {
            for lapsed in self.work.lapsed(around.now, LAPSED_MAX) {
                match lapsed {
                    Lapsed::Term { at, epoch } => self.on_term(at, epoch, around),
                    Lapsed::Rest { at } => {
                        let wake = lease::Command::Wake { item: at.item };
                        self.lease_only(at, wake, around);
                    }
                }
            }
        }
    }

    /// The holder was silent for its whole term.
    fn on_term(&mut self, place: Place, epoch: Epoch, around: &mut Around<'_>) {
        let Some(case) = self.cases.get(place.case) else { return };
        if case.suspended
            && let Some(term_ms) = self.held_for(place)
        {
            // Nobody may work on it, so nobody is late.
            self.work.hold(epoch, place, (around.now, term_ms));
            return;
        }
        let expire = lease::Command::Expire { item: place.item, epoch };
        let Ok(Some(event)) = lease::decide(&case.leases, expire, around.retry) else { return };
        around.ledger.expired(place, epoch);
        let net = Some(Net::RolledBack { item: place.item, at_ms: around.wall_ms });
        let leases = self.leases_of(place, net.as_ref(), Some(event));
        self.record(Record { case: place.case, net, leases, command: None, result: None }, around);
    }

    fn held_for(&self, place: Place) -> Option<u64> {
        match self.cases.get(place.case)?.leases.get(&place.item)?.standing {
            Standing::Held { term_ms, .. } => Some(term_ms),
            Standing::Free | Standing::Resting { .. } | Standing::DeadLetter => None,
        }
    }

    /// Something that concerns the lease alone.
    fn lease_only(&mut self, place: Place, command: lease::Command<u8>, around: &mut Around<'_>) {
        let Some(case) = self.cases.get(place.case) else { return };
        let Ok(Some(event)) = lease::decide(&case.leases, command, around.retry) else { return };
        let leases = self.leases_of(place, None, Some(event));
        let record = Record { case: place.case, net: None, leases, command: None, result: None };
        self.record(record, around);
    }
}
