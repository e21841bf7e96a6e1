//! What of a partition can be claimed, and which leases run: `node::partition::work` with the model's items.

use std::collections::{BTreeMap, VecDeque};

use agents::{
    Capability, Epoch, Moment,
    lease::{Clocks, Lapsed, Standing, TERM_MS_MIN},
    queue::{LineId, Queues},
};

use super::Around;
use crate::{
    board::Board,
    cases::{Case, Cases, Item, Place, Status},
};

/// As in `node::partition::work`.
const PAUSE_MS_MAX: u64 = TERM_MS_MIN / 2;

#[derive(Debug)]
pub(super) struct Work {
    partition: usize,
    queues: Queues<Place>,
    /// By line: what it asks for, and how many items came in since somebody was told.
    shown: Vec<(Capability, usize)>,
    clocks: Clocks<Place>,
    overdue: VecDeque<Lapsed<Place>>,
    looked: Moment,
}

impl Work {
    /// What the recovered cases hold. Every lease begins its term anew.
    pub(super) fn resume(partition: usize, cases: &Cases, around: &mut Around<'_>) -> Self {
        let mut work = Self {
            partition,
            queues: Queues::default(),
            shown: Vec::new(),
            clocks: Clocks::new(around.now),
            overdue: VecDeque::new(),
            looked: around.now,
        };
        for (number, case) in &cases.open {
            work.changed(*number, (None, Some(case)), around);
            for lease in case.leases.iter() {
                if let Standing::Held { term_ms, .. } = lease.standing {
                    let place = Place { case: *number, item: lease.item };
                    around.ledger.holds(place, lease.epoch, term_ms);
                }
            }
        }
        work
    }

    /// A case was the first and is the second now.
    pub(super) fn changed(
        &mut self,
        number: u64,
        (before, after): (Option<&Case>, Option<&Case>),
        around: &mut Around<'_>,
    ) {
        let can = |case: Option<&Case>, key| case.is_some_and(|case| case.is_claimable(key));
        for (key, item) in before.into_iter().flat_map(Case::claimable) {
            if !can(after, key) {
                let line = self.line(before, item);
                self.queues.withdraw(line);
                around.board.sub(self.partition, &item.capability);
            }
        }
        for (key, item) in after.into_iter().flat_map(Case::claimable) {
            if !can(before, key) {
                let line = self.line(after, item);
                self.queues.put(line, item.enabled_at_ms, Place { case: number, item: key });
                around.board.add(self.partition, &item.capability);
                self.shown[line.index()].1 += 1;
            }
        }
        self.time(number, (before, after), around.now);
    }

    /// The next item that somebody with these capabilities may be given.
    pub(super) fn pick(&mut self, capabilities: &[Capability], cases: &Cases) -> Option<Place> {
        let picked = self.queues.pick(capabilities, |place| is_claimable(cases, place));
        picked.map(|(_, place)| place)
    }

    pub(super) fn renew(
        &mut self,
        epoch: Epoch,
        place: Place,
        term: (Moment, u64),
    ) -> Option<Moment> {
        self.clocks.renew(epoch, &place, term)
    }

    pub(super) fn hold(&mut self, epoch: Epoch, place: Place, term: (Moment, u64)) {
        self.clocks.hold(epoch, place, term);
    }

    /// Up to `count` terms and rests that are over.
    pub(super) fn lapsed(&mut self, now: Moment, count: usize) -> Vec<Lapsed<Place>> {
        let pause_ms = now.since(self.looked);
        self.looked = now;
        if pause_ms > PAUSE_MS_MAX && !self.clocks.is_empty() {
            self.clocks.extend(|_, until| until.after(pause_ms));
        }
        self.overdue.extend(self.clocks.lapsed(now));
        let count = count.min(self.overdue.len());
        self.overdue.drain(..count).collect()
    }

    pub(super) fn next_look(&self) -> Option<Moment> {
        if self.overdue.is_empty() { self.clocks.next_look() } else { Some(self.looked) }
    }

    /// Tells the desk what came in, if somebody waits there.
    pub(super) fn announce(&mut self, board: &mut Board) {
        if !board.listened {
            return;
        }
        for (capability, fresh) in self.shown.iter_mut().filter(|(_, fresh)| *fresh > 0) {
            board.announce(capability, std::mem::take(fresh));
        }
    }

    pub(super) fn tidy(&mut self, cases: &Cases) {
        self.queues.tidy(|place| is_claimable(cases, place));
    }

    /// Every item is in one place, and the counts say so.
    pub(super) fn check(&self, cases: &Cases, around: &mut Around<'_>) {
        let mut timed = 0;
        let lines = self.shown.iter().map(|(capability, _)| (capability, 0));
        let mut waiting: BTreeMap<&Capability, usize> = lines.collect();
        for (number, case) in &cases.open {
            for (key, item) in &case.items {
                let place = Place { case: *number, item: *key };
                if case.is_claimable(*key) {
                    *waiting.entry(&item.capability).or_default() += 1;
                }
                timed += usize::from(is_timed(place, case, item, around));
            }
        }
        let ledger = &mut *around.ledger;
        ledger.check(timed == self.clocks.len() + self.overdue.len(), || {
            format!("{timed} items are held or rest, {} clocks run", self.clocks.len())
        });
        for (capability, count) in waiting {
            let depth = self.queues.depth(capability);
            let shown = around.board.waiting(self.partition, capability);
            ledger.check(depth == count && shown == count as u64, || {
                format!("{count} items wait for {capability}, {depth} in line, {shown} shown")
            });
        }
    }

    fn line(&mut self, case: Option<&Case>, item: &Item) -> LineId {
        let specification = case.map_or(0, |case| case.specification);
        let line = self.queues.line(&item.capability, specification);
        if line.index() == self.shown.len() {
            self.shown.push((item.capability.clone(), 0));
        }
        line
    }

    /// Starts and stops the clocks of leases that are not as they were.
    fn time(&mut self, number: u64, (before, after): (Option<&Case>, Option<&Case>), now: Moment) {
        if self.clocks.is_empty() {
            // Nobody had to look until now.
            self.looked = now;
        }
        for lease in before.into_iter().flat_map(|case| case.leases.iter()) {
            if after.and_then(|case| case.leases.get(&lease.item)) != Some(lease) {
                self.clocks.stop(lease.epoch);
            }
        }
        for lease in after.into_iter().flat_map(|case| case.leases.iter()) {
            if before.and_then(|case| case.leases.get(&lease.item)) == Some(lease) {
                continue;
            }
            let place = Place { case: number, item: lease.item };
            match lease.standing {
                Standing::Held { term_ms, .. } => {
                    self.clocks.hold(lease.epoch, place, (now, term_ms));
                }
                Standing::Resting { rest_ms } => {
                    self.clocks.rest(lease.epoch, place, now.after(rest_ms));
                }
                Standing::Free | Standing::DeadLetter => {}
            }
        }
    }
}

fn is_claimable(cases: &Cases, place: &Place) -> bool {
    cases.get(place.case).is_some_and(|case| case.is_claimable(place.item))
}

/// Whether a clock runs for the item, as one must if it is held or rests.
fn is_timed(place: Place, case: &Case, item: &Item, around: &mut Around<'_>) -> bool {
    let lease = case.leases.get(&place.item);
    let (is_timed, fits) = match lease.map(|lease| &lease.standing) {
        None | Some(Standing::Free | Standing::DeadLetter) => {
            (false, item.status == Status::Enabled)
        }
        Some(Standing::Resting { rest_ms }) => {
            around.ledger.rests(place, *rest_ms, around.retry);
            (true, item.status == Status::Enabled)
        }
        Some(Standing::Held { term_ms, .. }) => {
            (true, item.status == Status::Executing && *term_ms >= TERM_MS_MIN)
        }
    };
    let attempts = lease.map_or(0, |lease| lease.attempts);
    let ledger = &mut *around.ledger;
    ledger.check(fits, || format!("{place:?} is {:?} under {lease:?}", item.status));
    ledger.check(attempts <= around.retry.attempts_max, || {
        format!("{place:?} was tried {attempts} times")
    });
    is_timed
}
