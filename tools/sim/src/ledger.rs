//! What must hold, written down from the outside: by what leaves the node and what its disks hold.
//!
//! The ledger knows nothing of how the node works. It follows what was made durable, hears every message that
//! comes in, and says when a promise is broken. The first broken one ends the run.

use std::collections::{BTreeMap, BTreeSet};

use agents::{
    AgentId, Epoch,
    lease::{Event, Retry, TERM_MS_MIN},
    registry::Settings,
};

use crate::{
    cases::{Net, Place, Record},
    chance::Chance,
};

/// A pause of the process shorter than this is not made up for: whoever renews with so much to spare keeps its lease.
const PAUSE_MS_MAX: u64 = TERM_MS_MIN / 2;
/// One in so many starts is refused by the rules.
const REFUSED_STARTS: u64 = 400;

/// Promises, and whether they were kept.
#[derive(Debug)]
pub(crate) struct Ledger {
    now: u64,
    chance: Chance,
    settings: Settings,
    broken: Option<String>,
    checks: u64,
    counts: BTreeMap<&'static str, u64>,
    /// Running leases, as decided.
    holds: BTreeMap<(Place, Epoch), Silence>,
    /// Lives of agents, as decided.
    lives: BTreeMap<(AgentId, Epoch), Silence>,
    /// By the logs: who may bring the result of an item, and everybody who ever might.
    valid: BTreeMap<Place, (Epoch, AgentId)>,
    given: BTreeMap<(usize, Epoch), (Place, AgentId)>,
    waiting: BTreeSet<Place>,
    results: BTreeMap<Place, Epoch>,
    cancelled: BTreeSet<Place>,
    acknowledged: BTreeSet<Place>,
    revived: BTreeMap<Place, u32>,
}

/// Since when somebody has been silent.
#[derive(Clone, Copy, Debug)]
struct Silence {
    /// How long it may be.
    term_ms: u64,
    /// The last message in time: it counts.
    heard: u64,
    /// The last message at all.
    arrived: u64,
    /// The last one that the node acted on.
    taken: u64,
}

impl Ledger {
    pub(crate) fn new(seed: u64, settings: Settings) -> Self {
        Self {
            now: 0,
            chance: Chance::new(seed),
            settings,
            broken: None,
            checks: 0,
            counts: BTreeMap::new(),
            holds: BTreeMap::new(),
            lives: BTreeMap::new(),
            valid: BTreeMap::new(),
            given: BTreeMap::new(),
            waiting: BTreeSet::new(),
            results: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
            revived: BTreeMap::new(),
        }
    }

    pub(crate) fn at(&mut self, now: u64) {
        self.now = now;
    }

    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    pub(crate) fn count(&mut self, what: &'static str) {
        self.count_many(what, 1);
    }

    pub(crate) fn count_many(&mut self, what: &'static str, many: u64) {
        *self.counts.entry(what).or_default() += many;
    }

    pub(crate) fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    pub(crate) fn checks(&self) -> u64 {
        self.checks
    }

    pub(crate) fn check(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        self.checks += 1;
        if !holds {
            self.broken(otherwise());
        }
    }

    /// Something does not hold. The first one is kept.
    pub(crate) fn broken(&mut self, what: String) {
        if self.broken.is_none() {
            self.broken = Some(what);
        }
    }

    pub(crate) fn first_broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// Whether the rules refuse to start an item, as a mapping that fails would make them.
    pub(crate) fn refuses_a_start(&mut self) -> bool {
        let refuses = self.chance.below(REFUSED_STARTS) == 0;
        if refuses {
            self.count("starts refused by the rules");
        }
        refuses
    }

    // ---- leases, as decided

    /// Somebody has the item for a term from now on: a claim, a hand-off, or a start of the node.
    pub(crate) fn holds(&mut self, place: Place, epoch: Epoch, term_ms: u64) {
        self.holds.insert((place, epoch), Silence::new(term_ms, self.now));
    }

    /// A renewal has reached the node's machine.
    pub(crate) fn heard_of_lease(&mut self, place: Place, epoch: Epoch) {
        let now = self.now;
        if let Some(silence) = self.holds.get_mut(&(place, epoch)) {
            silence.heard_at(now, silence.term_ms - PAUSE_MS_MAX);
        }
    }

    /// A renewal was granted.
    pub(crate) fn renewed_lease(&mut self, place: Place, epoch: Epoch) {
        let term_ms = self.holds.get(&(place, epoch)).map_or(0, |silence| silence.term_ms);
        self.holds(place, epoch, term_ms);
        self.count("leases renewed");
    }

    /// The partition takes the item back: nobody may have renewed it.
    pub(crate) fn expired(&mut self, place: Place, epoch: Epoch) {
        self.count("leases expired");
        let Some(silence) = self.holds.remove(&(place, epoch)) else {
            return self.broken(format!("{place:?} expired under {epoch:?}, which held nothing"));
        };
        let silent_ms = self.now - silence.heard;
        let term_ms = silence.term_ms;
        self.check(silent_ms >= term_ms, || {
            format!("{place:?} was taken from {epoch:?} after {silent_ms} of {term_ms} ms")
        });
    }

    pub(crate) fn rests(&mut self, place: Place, rest_ms: u64, retry: Retry) {
        self.check(rest_ms <= retry.rest_ms_max, || format!("{place:?} rests for {rest_ms} ms"));
    }

    // ---- leases, by the log

    /// A record became durable.
    pub(crate) fn stored(&mut self, partition: usize, record: &Record) {
        let case = record.case;
        if let Some(Net::Launched(launched)) = &record.net {
            for item in launched.items.keys() {
                let fresh = self.waiting.insert(Place { case, item: *item });
                self.check(fresh, || format!("case {case} was launched twice"));
            }
        }
        if let (Some(Net::Completed(item)), Some((epoch, by))) = (&record.net, &record.result) {
            let place = Place { case, item: *item };
            let valid = self.valid.get(&place).cloned();
            self.check(valid.as_ref() == Some(&(*epoch, by.clone())), || {
                format!("{place:?} was completed by {by} under {epoch:?}, valid was {valid:?}")
            });
            let before = self.results.insert(place, *epoch);
            self.check(before.is_none(), || format!("{place:?} was completed twice"));
            self.check(self.waiting.contains(&place), || format!("{place:?} was not there"));
            self.waiting.remove(&place);
            self.count("results");
        }
        if let Some(Net::Cancelled(item)) = &record.net {
            let place = Place { case, item: *item };
            if self.waiting.remove(&place) {
                self.cancelled.insert(place);
            }
        }
        for event in &record.leases {
            self.stored_lease(partition, case, event);
        }
    }

    fn stored_lease(&mut self, partition: usize, case: u64, event: &Event<u8>) {
        let place = Place { case, item: *event.item() };
        match event {
            Event::Claimed { holder, epoch, .. } => {
                let before = self.valid.get(&place).cloned();
                self.check(before.is_none(), || {
                    format!("{place:?} was given to {holder} while {before:?} had it")
                });
                self.give(partition, place, (*epoch, holder));
                self.count("items claimed");
            }
            Event::HandedOff { to, epoch, .. } => {
                let before = self.valid.get(&place).cloned();
                self.check(before.is_some_and(|(before, _)| before < *epoch), || {
                    format!("{place:?} was handed to {to} by nobody")
                });
                self.give(partition, place, (*epoch, to));
                self.count("items handed on");
            }
            Event::Failed { rest_ms, .. } => {
                self.valid.remove(&place);
                self.count(if rest_ms.is_none() { "dead letters" } else { "items requeued" });
            }
            Event::Returned { .. } => {
                self.valid.remove(&place);
                self.count("items returned");
            }
            Event::Revived { .. } => *self.revived.entry(place).or_default() += 1,
            Event::Finished { .. } | Event::Forgotten { .. } => drop(self.valid.remove(&place)),
            Event::Woken { .. } => {}
        }
    }

    fn give(&mut self, partition: usize, place: Place, (epoch, holder): (Epoch, &AgentId)) {
        self.valid.insert(place, (epoch, holder.clone()));
        let before = self.given.insert((partition, epoch), (place, holder.clone()));
        self.check(before.is_none(), || {
            format!("{epoch:?} of partition {partition} was given to {holder} and to {before:?}")
        });
    }

    /// Somebody was told that its result is in.
    pub(crate) fn acknowledged(&mut self, place: Place) {
        self.check(self.results.contains_key(&place), || {
            format!("{place:?} was acknowledged and is not durable")
        });
        self.acknowledged.insert(place);
    }

    /// What a start found open in all partitions: nothing is lost, and no result is undone.
    pub(crate) fn recovered(&mut self, open: &BTreeSet<Place>) {
        let lost = self.waiting.symmetric_difference(open).next().copied();
        self.check(lost.is_none(), || format!("{lost:?} is not open as the log says"));
        let undone = self.acknowledged.intersection(open).next().copied();
        self.check(undone.is_none(), || format!("{undone:?} was acknowledged and is open"));
        self.holds.clear();
    }

    /// Items that have neither a result nor were cancelled.
    pub(crate) fn unfinished(&self) -> &BTreeSet<Place> {
        &self.waiting
    }

    // ---- agents

    /// An agent began a life, or the node has started and gives it its whole time.
    pub(crate) fn lives(&mut self, id: &AgentId, epoch: Epoch) {
        let silence = Silence::new(self.settings.stale_after_ms, self.now);
        self.lives.insert((id.clone(), epoch), silence);
    }

    /// A sign of life has reached the node's machine.
    pub(crate) fn heard_of_agent(&mut self, id: &AgentId, epoch: Epoch) {
        let now = self.now;
        if let Some(silence) = self.lives.get_mut(&(id.clone(), epoch)) {
            silence.heard_at(now, silence.term_ms);
        }
    }

    /// Its renewal was taken.
    pub(crate) fn renewed_agent(&mut self, id: &AgentId, epoch: Epoch) {
        let now = self.now;
        if let Some(silence) = self.lives.get_mut(&(id.clone(), epoch)) {
            silence.taken = now;
        }
    }

    /// The registry declares it dead. A pause of half a time to live is not made up for.
    pub(crate) fn died(&mut self, id: &AgentId, epoch: Epoch) {
        self.count("agents dead");
        let Some(silence) = self.lives.remove(&(id.clone(), epoch)) else { return };
        let (silent_ms, untaken_ms) = (self.now - silence.heard, self.now - silence.taken);
        let Settings { dead_after_ms, stale_after_ms, .. } = self.settings;
        let is_due = silent_ms + stale_after_ms / 2 > dead_after_ms && untaken_ms > dead_after_ms;
        self.check(is_due, || format!("{id} died after {silent_ms}, {untaken_ms} ms"));
    }

    /// A claim was turned away because its agent was not renewed.
    pub(crate) fn was_stale(&mut self, id: &AgentId, epoch: Epoch) {
        self.count("claims of stale agents");
        let Some(silence) = self.lives.get(&(id.clone(), epoch)) else { return };
        let untaken_ms = self.now - silence.taken;
        let limit_ms = self.settings.stale_after_ms;
        self.check(untaken_ms > limit_ms, || format!("{id} was stale after {untaken_ms} ms"));
    }
}

impl Silence {
    fn new(term_ms: u64, now: u64) -> Self {
        Self { term_ms, heard: now, arrived: now, taken: now }
    }

    /// A message that comes too late after the one before promises nothing; the one after it may.
    fn heard_at(&mut self, now: u64, gap_ms_max: u64) {
        if now - self.arrived <= gap_ms_max {
            self.heard = now;
        }
        self.arrived = now;
    }
}
