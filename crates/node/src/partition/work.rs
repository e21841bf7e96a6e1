//! What of a partition can be claimed, and which leases run. Follows from the cases; nothing here is stored.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use agents::{
    Capability, Epoch, Moment,
    lease::{Clocks, Ending, Lapsed, Standing, TERM_MS_MIN},
    queue::{LineId, Queues},
};
use engine::{
    ItemKey, NetIndex,
    case::{CaseStatus, Item, ItemStatus},
};

use crate::{
    board::{Board, Demand},
    cases::{Cases, Slot},
    clock::Clock,
    context::Context,
    entry::{Body, Entry},
};

/// If nobody looked at the leases for longer than this, nobody could renew them either: they are extended. Half the
/// shortest term, so that whoever renews in time keeps the shortest lease through a pause.
const PAUSE_MS_MAX: u64 = TERM_MS_MIN / 2;

/// A work item of a case of this partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) slot: Slot,
    pub(super) item: ItemKey,
}

/// The claimable items and the running leases of a partition.
pub(super) struct Work {
    partition: usize,
    clock: Clock,
    board: Arc<Board>,
    queues: Queues<Place>,
    /// By line: where its length is shown, and how many items came in since somebody was told.
    shown: Vec<(Arc<Demand>, usize)>,
    /// By number of the specification, net and task.
    lines: BTreeMap<u32, Vec<Vec<Option<LineId>>>>,
    clocks: Clocks<Place>,
    overdue: VecDeque<Lapsed<Place>>,
    looked: Moment,
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
    }

    /// The next item that somebody with these capabilities may be given.
    pub(super) fn pick(
        &mut self,
        capabilities: &[Capability],
        cases: &Cases,
    ) -> Option<(LineId, Place)> {
        self.queues.pick(capabilities, |place| is_claimable(cases, place))
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
        if pause > PAUSE_MS_MAX && !self.clocks.is_empty() && !self.clock.is_virtual() {
            tracing::warn!(pause_ms = pause, "the process stood still; all leases are extended");
            self.clocks.extend(|_, until| until.after(pause));
        }
        self.overdue.extend(self.clocks.lapsed(now));
        let count = count.min(self.overdue.len());
        self.overdue.drain(..count).collect()
    }

    /// When to look again; nothing while no lease runs.
    pub(super) fn next_look(&self) -> Option<Moment> {
        if self.overdue.is_empty() { self.clocks.next_look() } else { Some(self.looked) }
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

    /// Walks over the claimable items of both, which are in the order of their keys.
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
                        self.withdraw(entry, gone);
                    }
                    old.next();
                }
                (_, Some((come, item))) => {
                    self.put(slot, after, come, item);
                    new.next();
                }
                (Some(_), None) => unreachable!("nothing is less than none"),
            }
        }
    }

    fn put(&mut self, slot: Slot, entry: &Entry, key: &ItemKey, item: &Item) {
        let Some(line) = self.line(entry, key) else { return };
        self.queues.put(line, item.enabled_at_ms, Place { slot, item: key.clone() });
        let (demand, fresh) = &mut self.shown[line.index()];
        demand.add(self.partition);
        *fresh += 1;
    }

    fn withdraw(&mut self, entry: &Entry, key: &ItemKey) {
        let Some(line) = self.line(entry, key) else { return };
        self.queues.withdraw(line);
        self.shown[line.index()].0.sub(self.partition);
    }

    fn line(&mut self, entry: &Entry, key: &ItemKey) -> Option<LineId> {
        let loaded = &entry.loaded;
        let net = net_of(entry, key)?;
        let lines = self.lines.entry(loaded.number).or_insert_with(|| {
            let tasks = |net: &engine::program::Net| vec![None; net.tasks.len()];
            loaded.program.nets.iter().map(tasks).collect()
        });
        let line = lines.get_mut(net.0 as usize)?.get_mut(key.task.0 as usize)?;
        if line.is_none() {
            let capability = loaded.capabilities.get(net, key)?;
            let new = self.queues.line(capability, loaded.number);
            if new.index() == self.shown.len() {
                self.shown.push((self.board.demand(capability), 0));
            }
            *line = Some(new);
        }
        *line
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
            let place = Place { slot, item: lease.item.clone() };
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

/// Whether the item can be claimed as things are.
fn is_claimable(cases: &Cases, place: &Place) -> bool {
    let entry = &cases[place.slot].entry;
    entry.status() == CaseStatus::Running
        && entry.item(&place.item).is_some_and(|item| waits(entry, &place.item, item))
}

/// The items of a case that can be claimed, in the order of their keys.
fn claimable(entry: &Entry) -> impl Iterator<Item = (&ItemKey, &Item)> {
    let runs = entry.status() == CaseStatus::Running;
    entry.items().filter(move |(key, item)| runs && waits(entry, key, item))
}

fn waits(entry: &Entry, key: &ItemKey, item: &Item) -> bool {
    matches!(item.status, ItemStatus::Enabled | ItemStatus::Fired)
        && entry.leases().is_claimable(key)
}

pub(super) fn net_of(entry: &Entry, key: &ItemKey) -> Option<NetIndex> {
    match &entry.body {
        Body::Hot(case) => case.runner_of(key).map(|(_, runner)| runner.net),
        Body::Cold(summary) => {
            let cold = summary.items.iter().find(|cold| cold.key == *key);
            cold.map(|cold| cold.net)
        }
    }
}
