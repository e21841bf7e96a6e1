//! Which items wait to be claimed, by capability: in turn between specifications, oldest first within one.
//!
//! A specification that launches a million cases does not starve one that launches ten: each pick is from the
//! line that was served longest ago, and a line that was empty does not get the turns that it missed.
//!
//! A line knows how many of its items can be claimed, and does not search for one that no longer can: it is
//! passed over when its turn comes. Putting and withdrawing an item so cost the same however long the line is.
//!
//! An item may be for some claimants and not for others, as the ballots of a review are: whoever may not have it passes
//! over it, and it goes behind the rest of its line, so that nobody meets the same ones each time.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::Bound,
};

use smallvec::SmallVec;

use crate::ids::Capability;

/// A line is cleared of items that cannot be claimed any more when they are the greater part, and this many.
const STALE_MIN: usize = 64;
/// Items for others that one pick passes over: a claim stays quick where most of what waits is not for it.
pub const PASSED_MAX: usize = 256;

/// What an item in line is to whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Yes,
    /// Others can have it.
    ForOthers,
    /// Nobody can claim it any more.
    Gone,
}

/// The claimable items of a partition. `I` names an item.
#[derive(Debug)]
pub struct Queues<I> {
    by_capability: BTreeMap<Capability, usize>,
    demands: Vec<Demand>,
    lines: Vec<Line<I>>,
    /// Picks so far.
    picks: u64,
    /// Lines that are to be cleared of what cannot be claimed any more.
    crowded: BTreeSet<LineId>,
}

/// Place of one specification's items that ask for one capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineId(u32);

/// What is wanted of one capability.
#[derive(Debug, Default)]
struct Demand {
    lines: Vec<LineId>,
    /// Lines with claimable items, the one that was served longest ago first.
    ready: BTreeSet<(u64, LineId)>,
    claimable: usize,
}

#[derive(Debug)]
struct Line<I> {
    demand: usize,
    specification: u32,
    /// In the order of coming, with the moment of each.
    items: VecDeque<(i64, I)>,
    /// Those that came back: older than where the line stands.
    early: BTreeSet<(i64, I)>,
    /// How many can be claimed.
    claimable: usize,
    /// The pick that was served last.
    served: u64,
}

impl<I> Default for Queues<I> {
    fn default() -> Self {
        Self {
            by_capability: BTreeMap::new(),
            demands: Vec::new(),
            lines: Vec::new(),
            picks: 0,
            crowded: BTreeSet::new(),
        }
    }
}

impl<I: Clone + Ord> Queues<I> {
    /// The line of a specification's items that ask for a capability. Lines stay: there are no more than tasks.
    pub fn line(&mut self, capability: &Capability, specification: u32) -> LineId {
        let demand = self.by_capability.get(capability).copied().unwrap_or_else(|| {
            self.by_capability.insert(capability.clone(), self.demands.len());
            self.demands.push(Demand::default());
            self.demands.len() - 1
        });
        let of = |id: &&LineId| self.lines[id.index()].specification == specification;
        if let Some(id) = self.demands[demand].lines.iter().find(of) {
            return *id;
        }
        let id = LineId(u32::try_from(self.lines.len()).expect("tasks are fewer"));
        self.demands[demand].lines.push(id);
        let (items, early) = (VecDeque::new(), BTreeSet::new());
        self.lines.push(Line { demand, specification, items, early, claimable: 0, served: 0 });
        id
    }

    /// An item can be claimed since then, milliseconds since 1970. It must not be in line already.
    pub fn put(&mut self, id: LineId, since_ms: i64, item: I) {
        let line = &mut self.lines[id.index()];
        if line.items.back().is_some_and(|(last_ms, _)| since_ms < *last_ms) {
            line.early.insert((since_ms, item));
        } else {
            line.items.push_back((since_ms, item));
        }
        let demand = &mut self.demands[line.demand];
        line.claimable += 1;
        demand.claimable += 1;
        if line.claimable == 1 {
            line.served = self.picks;
            demand.ready.insert((line.served, id));
        }
    }

    /// An item of the line can no longer be claimed. It was in line.
    pub fn withdraw(&mut self, id: LineId) {
        let line = &mut self.lines[id.index()];
        let demand = &mut self.demands[line.demand];
        line.claimable = line.claimable.checked_sub(1).expect("the item was in line");
        demand.claimable -= 1;
        if line.claimable == 0 {
            demand.ready.remove(&(line.served, id));
        }
        if line.items.len() + line.early.len() > STALE_MIN + 2 * line.claimable {
            self.crowded.insert(id);
        }
    }

    /// Picks the next item that asks for one of these capabilities. `can_be_claimed` says of an item in line
    /// whether that is still so. The item counts as waiting until it is withdrawn; one that was picked in vain is
    /// given back by [`Queues::put_back`].
    pub fn pick(
        &mut self,
        capabilities: &[Capability],
        mut can_be_claimed: impl FnMut(&I) -> bool,
    ) -> Option<(LineId, I)> {
        self.pick_for(capabilities, |item| if can_be_claimed(item) { Fit::Yes } else { Fit::Gone })
    }

    /// As [`Queues::pick`], where some items are not for everybody. May find nothing although something is there:
    /// behind more than [`PASSED_MAX`] items for others, which the next pick does not meet again.
    pub fn pick_for(
        &mut self,
        capabilities: &[Capability],
        mut fit: impl FnMut(&I) -> Fit,
    ) -> Option<(LineId, I)> {
        let demands =
            capabilities.iter().filter_map(|capability| self.by_capability.get(capability));
        let demands: SmallVec<[usize; 4]> = demands.copied().collect();
        let (mut from, mut passed) = (Bound::Unbounded, 0);
        while passed < PASSED_MAX {
            let ready =
                |demand: &usize| self.demands[*demand].ready.range((from, Bound::Unbounded)).next();
            let (served, id) = *demands.iter().filter_map(ready).min()?;
            let (line, before) = (&mut self.lines[id.index()], passed);
            let Some(item) = line.next(&mut fit, &mut passed) else {
                assert!(passed > before, "a line is ready while one of its items can be claimed");
                from = Bound::Excluded((served, id));
                continue;
            };
            self.picks += 1;
            line.served = self.picks;
            let ready = &mut self.demands[line.demand].ready;
            ready.remove(&(served, id));
            ready.insert((line.served, id));
            return Some((id, item));
        }
        None
    }

    /// Puts an item that was picked before all others of its line.
    pub fn put_back(&mut self, id: LineId, item: I) {
        self.lines[id.index()].early.insert((i64::MIN, item));
    }

    /// Clears lines of what cannot be claimed any more, where that is most of them.
    pub fn tidy(&mut self, mut can_be_claimed: impl FnMut(&I) -> bool) {
        for id in std::mem::take(&mut self.crowded) {
            let line = &mut self.lines[id.index()];
            line.items.retain(|(_, item)| can_be_claimed(item));
            line.early.retain(|(_, item)| can_be_claimed(item));
        }
    }

    /// How many items wait for a capability.
    pub fn depth(&self, capability: &Capability) -> usize {
        self.by_capability.get(capability).map_or(0, |demand| self.demands[*demand].claimable)
    }

    /// How many items wait.
    pub fn len(&self) -> usize {
        self.demands.iter().map(|demand| demand.claimable).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.demands.iter().all(|demand| demand.claimable == 0)
    }
}

impl<I: Clone + Ord> Line<I> {
    /// The next item that fits. Those before it that nobody can claim are forgotten, those for others go to the end.
    fn next(&mut self, mut fit: impl FnMut(&I) -> Fit, passed: &mut usize) -> Option<I> {
        let mut for_others = Vec::new();
        let found = loop {
            if *passed == PASSED_MAX {
                break None;
            }
            // Early ones are older than all that came after them.
            let next = self.early.pop_first().or_else(|| self.items.pop_front());
            let Some((since_ms, item)) = next else { break None };
            match fit(&item) {
                Fit::Yes => break Some(item),
                Fit::ForOthers => {
                    *passed += 1;
                    for_others.push((since_ms, item));
                }
                Fit::Gone => {}
            }
        };
        for (since_ms, item) in for_others {
            let last_ms = self.items.back().map_or(since_ms, |(last_ms, _)| *last_ms);
            self.items.push_back((since_ms.max(last_ms), item));
        }
        found
    }
}

impl LineId {
    /// Lines are numbered from zero.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests;
