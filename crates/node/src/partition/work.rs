//! What of a partition can be claimed, and which leases run. Follows from the cases; nothing here is stored.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use agents::{
    AgentId, Capability, Epoch, Moment,
    jury::Ballot,
    lease::{Clocks, Ending, Lapsed, Standing, TERM_MS_MIN},
    queue::{LineId, Queues},
};
use engine::{
    ItemKey,
    case::{CaseStatus, Item},
};

use super::{
    phases::Phases,
    seats::{fit, is_claimable, seats},
};
use crate::{
    board::{Board, Demand},
    cases::{Cases, Slot},
    clock::Clock,
    context::Context,
    entry::{Entry, net_of},
};

/// If nobody looked at the leases for longer than this, nobody could renew them either: they are extended. Half the
/// shortest term, so that whoever renews in time keeps the shortest lease through a pause.
const PAUSE_MS_MAX: u64 = TERM_MS_MIN / 2;

/// A work item of a case of this partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) slot: Slot,
    pub(super) item: ItemKey,
    /// Of an item under review.
    pub(super) ballot: Option<Ballot>,
}

/// The claimable items and the running leases of a partition.
pub(super) struct Work {
    partition: usize,
    pub(super) clock: Clock,
    board: Arc<Board>,
    queues: Queues<Place>,
    /// By line: where its length is shown, and how many items came in since somebody was told.
    shown: Vec<(Arc<Demand>, usize)>,
    /// By number of the specification, net and task.
    lines: BTreeMap<u32, Vec<Vec<Option<LineId>>>>,
    pub(super) clocks: Clocks<Place>,
    pub(super) phases: Phases,
    overdue: VecDeque<Lapsed<Place>>,
    pub(super) looked: Moment,
}

impl Work {
    /// What the recovered cases hold. Every lease begins its term anew.
    pub(super) fn new(partition: usize, context: &Context, cases: &Cases) -> Self {
        let now = context.clock.moment();
        let mut work = Self {
            partition,
            clock: context.clock.clone(),
            board: context.board.clone(),
            queues: Queues::default(),
            shown: Vec::new(),
            lines: BTreeMap::new(),
            clocks: Clocks::new(now),
            phases: Phases::new(now),
            overdue: VecDeque::new(),
            looked: now,
        };
        for (slot, _, local) in cases.iter() {
            work.changed(slot, None, &local.entry);
        }
        work
    }

    /// A case was `before` and is `after` now.
    pub(super) fn changed(&mut self, slot: Slot, before: Option<&Entry>, after: &Entry) {
        self.queue(slot, before, after);
        if before.is_some_and(|before| !before.leases().is_empty()) || !after.leases().is_empty() {
            self.time(slot, before, after);
        }
        if before.is_some_and(|before| !before.juries().is_empty()) || !after.juries().is_empty() {
            self.time_ballots(slot, before, after);
        }
    }

    /// The next item that this agent, with these capabilities, may be given.
    pub(super) fn pick(
        &mut self,
        (agent, capabilities): (&AgentId, &[Capability]),
        cases: &Cases,
    ) -> Option<(LineId, Place)> {
        self.queues.pick_for(capabilities, |place| fit(cases, place, agent))
    }

    /// An item was picked in vain.
    pub(super) fn put_back(&mut self, line: LineId, place: Place) {
        self.queues.put_back(line, place);
    }

    /// Moves the end of the term of this epoch: it begins anew.
    pub(super) fn renew(
        &mut self,
        epoch: Epoch,
        slot: Slot,
        term: (Moment, u64),
    ) -> Option<Moment> {
        let place = self.clocks.place(epoch).filter(|place| place.slot == slot)?.clone();
        self.clocks.renew(epoch, &place, term)
    }

    /// The term of this epoch begins anew, as while its item is suspended.
    pub(super) fn hold(&mut self, epoch: Epoch, place: Place, term: (Moment, u64)) {
        self.clocks.hold(epoch, place, term);
    }

    /// The holders who are to be warned now, if somebody reads on their behalf.
    pub(super) fn ending(&mut self, wanted: bool, now: Moment) -> Vec<Ending<Place>> {
        self.clocks.warn(wanted, now);
        self.clocks.ending(now)
    }

    /// Up to `count` terms and rests that are over.
    pub(super) fn lapsed(&mut self, now: Moment, count: usize) -> Vec<Lapsed<Place>> {
        let pause = now.since(self.looked);
        self.looked = now;
        // A virtual clock jumps and means it.
        let counts = !(self.clocks.is_empty() && self.phases.is_empty());
        if pause > PAUSE_MS_MAX && counts && !self.clock.is_virtual() {
            tracing::warn!(pause_ms = pause, "the process stood still; all leases are extended");
            self.clocks.extend(|_, until| until.after(pause));
            self.phases.extend(pause);
        }
        self.overdue.extend(self.clocks.lapsed(now));
        let count = count.min(self.overdue.len());
        self.overdue.drain(..count).collect()
    }

    /// Phases of reviews that are over.
    pub(super) fn phases_over(&mut self, now: Moment) -> Vec<(Place, Epoch)> {
        self.phases.over(now)
    }

    /// The phase lasts so long again, as while its item is suspended.
    pub(super) fn hold_phase(&mut self, since: Epoch, place: Place, term: (Moment, u64)) {
        self.phases.hold(since, place, term);
    }

    /// When to look again; nothing while no lease and no phase of a review runs.
    pub(super) fn next_look(&self) -> Option<Moment> {
        if !self.overdue.is_empty() {
            return Some(self.looked);
        }
        self.clocks.next_look().into_iter().chain(self.phases.next_look()).min()
    }

    /// Tells the desk what came in, if somebody waits there.
    pub(super) fn announce(&mut self) {
        if !self.board.is_listened() {
            return;
        }
        let fresh = self.shown.iter_mut().filter(|(_, fresh)| *fresh > 0);
        let mut fresh = fresh
            .map(|(demand, fresh)| (demand.capability.clone(), std::mem::take(fresh)))
            .peekable();
        if fresh.peek().is_some() {
            self.board.announce(fresh);
        }
    }

    /// Clears queues of what cannot be claimed any more.
    pub(super) fn tidy(&mut self, cases: &Cases) {
        self.queues.tidy(|place| is_claimable(cases, place));
    }

    /// Walks over what can be claimed of both, which is in the order of keys and ballots.
    fn queue(&mut self, slot: Slot, before: Option<&Entry>, after: &Entry) {
        let mut old = before.into_iter().flat_map(claimable).peekable();
        let mut new = claimable(after).peekable();
        loop {
            match (old.peek(), new.peek()) {
                (None, None) => return,
                (Some((gone, _)), Some((come, _))) if gone == come => {
                    old.next();
                    new.next();
                }
                (Some((gone, _)), next) if next.is_none_or(|(come, _)| gone < come) => {
                    if let Some(entry) = before {
                        self.withdraw(entry, *gone);
                    }
                    old.next();
                }
                (_, Some((come, item))) => {
                    self.put(slot, after, (*come, item));
                    new.next();
                }
                (Some(_), None) => unreachable!("nothing is less than none"),
            }
        }
    }

    fn put(&mut self, slot: Slot, entry: &Entry, ((key, ballot), item): (Seat<'_>, &Item)) {
        let Some(line) = self.line(entry, (key, ballot)) else { return };
        self.queues.put(line, item.enabled_at_ms, Place { slot, item: key.clone(), ballot });
        let (demand, fresh) = &mut self.shown[line.index()];
        demand.add(self.partition);
        *fresh += 1;
    }

    fn withdraw(&mut self, entry: &Entry, seat: Seat<'_>) {
        let Some(line) = self.line(entry, seat) else { return };
        self.queues.withdraw(line);
        self.shown[line.index()].0.sub(self.partition);
    }

    fn line(&mut self, entry: &Entry, (key, ballot): Seat<'_>) -> Option<LineId> {
        let loaded = &entry.loaded;
        let net = net_of(entry, key)?;
        if ballot == Some(Ballot::ARBITER) {
            let arbiter = loaded.reviews.get(net, key)?.arbiter.as_ref()?;
            return Some(self.line_of(&Capability::of_agent(arbiter), loaded.number));
        }
        let lines = self.lines.entry(loaded.number).or_insert_with(|| {
            let tasks = |net: &engine::program::Net| vec![None; net.tasks.len()];
            loaded.program.nets.iter().map(tasks).collect()
        });
        let (net_index, task) = (net.0 as usize, key.task.0 as usize);
        if let Some(line) = *lines.get(net_index)?.get(task)? {
            return Some(line);
        }
        let line = self.line_of(loaded.capabilities.get(net, key)?, loaded.number);
        self.lines.get_mut(&loaded.number)?[net_index][task] = Some(line);
        Some(line)
    }

    fn line_of(&mut self, capability: &Capability, specification: u32) -> LineId {
        let line = self.queues.line(capability, specification);
        if line.index() == self.shown.len() {
            self.shown.push((self.board.demand(capability), 0));
        }
        line
    }

    /// Starts and stops the clocks of leases that are not as they were.
    fn time(&mut self, slot: Slot, before: Option<&Entry>, after: &Entry) {
        let now = self.clock.moment();
        if self.clocks.is_empty() {
            // Nobody had to look until now.
            self.looked = now;
        }
        for lease in before.into_iter().flat_map(|before| before.leases().iter()) {
            let same = after.leases().get(&lease.item).is_some_and(|now| now == lease);
            if !same {
                self.clocks.stop(lease.epoch);
            }
        }
        for lease in after.leases().iter() {
            let same = before.and_then(|before| before.leases().get(&lease.item)) == Some(lease);
            if same {
                continue;
            }
            let place = Place { slot, item: lease.item.clone(), ballot: None };
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

/// An item of a case, or a ballot of it.
type Seat<'e> = (&'e ItemKey, Option<Ballot>);

/// What of a case can be claimed, in the order of keys and ballots.
fn claimable(entry: &Entry) -> impl Iterator<Item = (Seat<'_>, &Item)> {
    let runs = entry.status() == CaseStatus::Running;
    let items = entry.items().filter(move |_| runs);
    items.flat_map(|(key, item)| seats(entry, key, item).map(move |ballot| ((key, ballot), item)))
}
