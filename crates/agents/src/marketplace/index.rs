//! Who has what, cheapest first. There is one index of agents that are live and one of those told to be stale.
//!
//! An offering stands in the lists of its terms, in the order of its rank and then of its first agent's id. So
//! a walk along any list meets the agents of all its offerings in the economic order: an offering is met
//! no later than its first agent is due.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use super::{
    offering::{Price, Rank},
    ordered::Ordered,
    shelf::{OfferingId, Shelf},
    terms::TermId,
};
use crate::ids::{AgentId, Slot};

#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) agents: usize,
    /// Agents of each offering, by id.
    members: Vec<Ordered<Slot>>,
    /// Every offering that has members.
    everything: Ordered<OfferingId>,
    /// Offerings of each term.
    postings: Vec<Ordered<OfferingId>>,
    /// Agents of each rank, by id, whatever their offering.
    groups: BTreeMap<Rank, Ordered<Slot>>,
    /// The ranks, ordered by latency.
    by_latency: BTreeSet<ByLatency>,
}

/// A rank in the order of latency: worst p99 first, then price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ByLatency {
    worst_p99_ms: u64,
    price: Price,
}

impl ByLatency {
    pub(super) fn of(rank: Rank) -> Self {
        Self { worst_p99_ms: rank.worst_p99_ms, price: rank.price }
    }

    pub(super) fn rank(self) -> Rank {
        Rank { price: self.price, worst_p99_ms: self.worst_p99_ms }
    }
}

/// Names of the lists, for reports on what differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    AgentsById,
    Offerings,
    Terms,
    Members,
    Everything,
    Postings,
    Ranks,
    RanksByLatency,
}

impl Index {
    pub(super) fn add(&mut self, shelf: &Shelf, slot: Slot) {
        let listed = shelf.listed(slot);
        let (agent, offering) = (&listed.agent, listed.offering);
        let by_agent = |other| shelf.agent(other).cmp(agent);
        if self.members.len() <= offering.index() {
            self.members.resize_with(offering.index() + 1, Ordered::default);
        }
        let first = self.members(offering).first();
        if first.is_none_or(|first| agent < shelf.agent(first)) {
            if first.is_some() {
                self.take_down(shelf, offering);
            }
            self.members[offering.index()].insert(slot, by_agent);
            self.put_up(shelf, offering);
        } else {
            self.members[offering.index()].insert(slot, by_agent);
        }
        let rank = shelf.rank(offering);
        let group = self.groups.entry(rank).or_default();
        if group.is_empty() {
            self.by_latency.insert(ByLatency::of(rank));
        }
        group.insert(slot, by_agent);
        self.agents += 1;
    }

    /// The agent is still on the shelf.
    pub(super) fn remove(&mut self, shelf: &Shelf, slot: Slot) {
        let listed = shelf.listed(slot);
        let (agent, offering) = (&listed.agent, listed.offering);
        let by_agent = |other| shelf.agent(other).cmp(agent);
        if self.members(offering).first() == Some(slot) {
            self.take_down(shelf, offering);
            self.members[offering.index()].remove(by_agent);
            if !self.members(offering).is_empty() {
                self.put_up(shelf, offering);
            }
        } else {
            self.members[offering.index()].remove(by_agent);
        }
        let rank = shelf.rank(offering);
        if let Some(group) = self.groups.get_mut(&rank) {
            group.remove(by_agent);
            if group.is_empty() {
                self.groups.remove(&rank);
                self.by_latency.remove(&ByLatency::of(rank));
            }
        }
        self.agents -= 1;
    }

    pub(super) fn members(&self, offering: OfferingId) -> &Ordered<Slot> {
        &self.members[offering.index()]
    }

    pub(super) fn everything(&self) -> &Ordered<OfferingId> {
        &self.everything
    }

    /// `None` if none of the agents here has the term.
    pub(super) fn posting(&self, term: TermId) -> Option<&Ordered<OfferingId>> {
        self.postings.get(term.index()).filter(|list| !list.is_empty())
    }

    pub(super) fn group(&self, rank: Rank) -> Option<&Ordered<Slot>> {
        self.groups.get(&rank)
    }

    pub(super) fn ranks(&self) -> impl Iterator<Item = (Rank, &Ordered<Slot>)> {
        self.groups.iter().map(|(rank, group)| (*rank, group))
    }

    /// The next rank in the economic order.
    pub(super) fn rank_past(&self, past: Bound<Rank>) -> Option<Rank> {
        self.groups.range((past, Bound::Unbounded)).next().map(|(rank, _)| *rank)
    }

    /// The next rank in the order of latency.
    pub(super) fn rank_past_by_latency(&self, past: Bound<ByLatency>) -> Option<ByLatency> {
        self.by_latency.range((past, Bound::Unbounded)).next().copied()
    }

    /// Where an offering stands: its rank and the id of its first agent.
    pub(super) fn key<'a>(
        &self,
        shelf: &'a Shelf,
        offering: OfferingId,
    ) -> (Rank, Option<&'a AgentId>) {
        (shelf.rank(offering), self.members(offering).first().map(|slot| shelf.agent(slot)))
    }

    fn put_up(&mut self, shelf: &Shelf, offering: OfferingId) {
        let members = &self.members;
        let order = |other| order(shelf, members, other, offering);
        self.everything.insert(offering, order);
        for term in &shelf.stocked(offering).terms {
            if self.postings.len() <= term.index() {
                self.postings.resize_with(term.index() + 1, Ordered::default);
            }
            self.postings[term.index()].insert(offering, order);
        }
    }

    fn take_down(&mut self, shelf: &Shelf, offering: OfferingId) {
        let members = &self.members;
        let order = |other| order(shelf, members, other, offering);
        self.everything.remove(order);
        for term in &shelf.stocked(offering).terms {
            self.postings[term.index()].remove(order);
        }
    }

    /// An index of the agents on the shelf that are told to be stale, or of those that are not.
    pub(super) fn of(shelf: &Shelf, is_stale: bool) -> Self {
        let mut index = Self::default();
        let here = shelf.by_id.iter().filter(|slot| shelf.listed(*slot).is_stale == is_stale);
        let mut slots: Vec<Slot> = here.collect();
        // They come by id; by rank and id each goes to the end of its lists.
        slots.sort_by_key(|slot| shelf.rank(shelf.listed(*slot).offering));
        for slot in slots {
            index.add(shelf, slot);
        }
        index
    }

    /// The lists that are not what they are in `other`.
    pub(super) fn differences(&self, other: &Self) -> Vec<List> {
        let same = [
            (List::Members, self.agents == other.agents && like(&self.members, &other.members)),
            (List::Everything, self.everything == other.everything),
            (List::Postings, like(&self.postings, &other.postings)),
            (List::Ranks, self.groups == other.groups),
            (List::RanksByLatency, self.by_latency == other.by_latency),
        ];
        same.into_iter().filter_map(|(list, same)| (!same).then_some(list)).collect()
    }
}

/// The order of the lists. Ranks first, which often say it all: ids lie far apart in memory.
fn order(shelf: &Shelf, members: &[Ordered<Slot>], one: OfferingId, other: OfferingId) -> Ordering {
    let first = |id: OfferingId| members[id.index()].first().map(|slot| shelf.agent(slot));
    shelf.rank(one).cmp(&shelf.rank(other)).then_with(|| first(one).cmp(&first(other)))
}

/// Lists by number: one that is empty is like one that is not there.
fn like<T: Copy + PartialEq>(one: &[Ordered<T>], other: &[Ordered<T>]) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let (start, rest) = long.split_at(short.len());
    start == short && rest.iter().all(Ordered::is_empty)
}
