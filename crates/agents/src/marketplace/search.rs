//! Answering a query: walk the shortest list that holds all that fits, in the economic order, and stop when the
//! page is full.
//!
//! Work is bounded whatever is asked: after [`STEPS_MAX`] looks the answer is what was found so far, marked as
//! partial, with the position to go on from. Each page goes further than the one before, so
//! page by page the whole list is read.

mod cover;
mod merge;

use std::{
    borrow::Cow,
    ops::{Bound, ControlFlow},
    sync::Arc,
};

use super::{
    Marketplace,
    index::{ByLatency, Index},
    offering::{Offering, Rank, folded},
    query::{InvalidQuery, Position, Query, Search, SlotQuery, as_slot},
    shelf::OfferingId,
};
use crate::ids::{AgentId, Moment, Slot};

use merge::{Agents, Arrivals};

/// Looks at agents and offerings for one page: about two milliseconds if nothing is in the caches.
pub const STEPS_MAX: usize = 16_384;

/// The time, and who was heard of when.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    pub now: Moment,
    /// The last heartbeat of the agent at a place. Must never go backwards.
    pub beat: &'a dyn Fn(Slot) -> Moment,
}

/// One agent of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'a> {
    pub slot: Slot,
    pub agent: &'a AgentId,
    pub offering: &'a Arc<Offering>,
    pub registered_at: Moment,
    pub last_heartbeat: Moment,
}

/// An answer, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page<'a> {
    pub found: Vec<Found<'a>>,
    /// Where to go on. `None`: that was all.
    pub next: Option<Position>,
    /// The page is shorter than it could be, because looking for more would have taken too long.
    pub is_partial: bool,
    pub looks: Looks,
}

/// How much work an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    pub offerings: usize,
    pub agents: usize,
    /// Agents that were looked at and not fresh enough.
    pub stale: usize,
}

/// A search that is going on.
struct Walk<'a, 's> {
    market: &'a Marketplace,
    search: &'s Search,
    watch: Watch<'s>,
    steps_max: usize,
    page: Page<'a>,
}

/// The walk goes on, or the page is full or takes too long.
type Flow = ControlFlow<()>;

/// What a query asks of an offering, with the keyword folded.
struct Wanted<'q> {
    slot: Cow<'q, SlotQuery>,
    keyword: Option<String>,
}

impl Wanted<'_> {
    fn is_met_by(&self, offering: &Offering) -> bool {
        self.slot.is_met_by(offering, self.keyword.as_deref())
    }

    fn is_too_dear(&self, rank: Rank) -> bool {
        self.slot.max_cost_per_cycle.is_some_and(|max| rank.price.number() > max)
    }
}

pub(super) fn search<'a>(
    market: &'a Marketplace,
    search: &Search,
    watch: Watch<'_>,
    steps_max: usize,
) -> Result<Page<'a>, InvalidQuery> {
    search.query.check()?;
    let mut walk = Walk { market, search, watch, steps_max, page: Page::default() };
    let flow = match (&search.query, as_slot(&search.query)) {
        (_, Some(slot)) => {
            let keyword = slot.capability_keyword.as_deref().map(|keyword| folded(&[keyword]));
            walk.offerings(&Wanted { slot, keyword })
        }
        (Query::Id(agent), None) => walk.one(agent),
        (Query::MaxLatency(max_ms), None) => walk.ranks_by_latency(*max_ms),
        (Query::MaxCost(max), None) => walk.ranks(*max),
        (Query::AllLive | Query::TransitionSlot(_), None)
        | (Query::Namespace(_) | Query::WcpPattern(_), None) => walk.ranks(f64::INFINITY),
    };
    if flow.is_continue() {
        (walk.page.next, walk.page.is_partial) = (None, false);
    }
    Ok(walk.page)
}

impl<'a> Walk<'a, '_> {
    /// The indexes that can hold an agent that is fresh enough.
    fn indexes(&self) -> impl Iterator<Item = &'a Index> + use<'a> {
        let market = self.market;
        // Who was told to be stale was not heard of for longer than that.
        let skips_stale = self.search.staleness.ms() <= market.stale_after_ms;
        [Some(&market.live), (!skips_stale).then_some(&market.stale)].into_iter().flatten()
    }

    fn one(&mut self, agent: &AgentId) -> Flow {
        if let Some(slot) = self.market.shelf.find(agent) {
            // There is none after it, even if the page is full.
            let _ = self.look(slot);
        }
        Flow::Continue(())
    }

    /// All agents whose price is at most `max`, rank by rank.
    fn ranks(&mut self, max: f64) -> Flow {
        let mut past = match &self.search.after {
            Some(after) => Bound::Included(after.rank),
            None => Bound::Unbounded,
        };
        while let Some(rank) = self.indexes().filter_map(|index| index.rank_past(past)).min() {
            if rank.price.number() > max {
                break;
            }
            self.group(rank)?;
            past = Bound::Excluded(rank);
        }
        Flow::Continue(())
    }

    /// All agents whose worst p99 is at most `max_ms`, fastest first.
    fn ranks_by_latency(&mut self, max_ms: u64) -> Flow {
        let mut past = match &self.search.after {
            Some(after) => Bound::Included(ByLatency::of(after.rank)),
            None => Bound::Unbounded,
        };
        let next = |walk: &Self, past| {
            walk.indexes().filter_map(|index| index.rank_past_by_latency(past)).min()
        };
        while let Some(place) = next(self, past) {
            let fits = |ms| ms <= max_ms;
            if !place.rank().declared_p99_ms().is_some_and(fits) {
                break;
            }
            self.group(place.rank())?;
            past = Bound::Excluded(place);
        }
        Flow::Continue(())
    }

    fn group(&mut self, rank: Rank) -> Flow {
        for slot in self.agents_of(rank) {
            self.look(slot)?;
        }
        Flow::Continue(())
    }

    /// The agents of one rank, by id; of the rank that the page before ended in, those after it.
    fn agents_of(&self, rank: Rank) -> Agents<'a> {
        let shelf = &self.market.shelf;
        let after = self.search.after.as_ref().filter(|after| after.rank == rank);
        let mut agents = Agents::new(shelf);
        for group in self.indexes().filter_map(|index| index.group(rank)) {
            let passed = |slot| after.is_some_and(|after| shelf.agent(slot) <= &after.agent);
            agents.push(group.from(passed));
        }
        agents
    }

    /// The agents whose offerings are what is wanted.
    fn offerings(&mut self, wanted: &Wanted<'_>) -> Flow {
        let after = self.search.after.as_ref().map(|after| after.rank);
        if let Some(rank) = after.filter(|rank| !wanted.is_too_dear(*rank)) {
            self.rest_of_rank(rank, wanted)?;
        }
        let shelf = &self.market.shelf;
        let mut arrivals = Arrivals::default();
        for index in self.indexes() {
            for list in cover::shortest(shelf, index, wanted) {
                let passed = |offering| after.is_some_and(|rank| shelf.rank(offering) <= rank);
                arrivals.push(shelf, index, list.from(passed));
            }
        }
        let mut agents = Agents::new(shelf);
        loop {
            // An offering arrives before its first agent is due.
            let arrival = arrivals.peek().filter(|key| agents.is_due_after(key.0, key.1));
            if let Some((rank, first)) = arrival {
                let (index, offering) = arrivals.next(shelf);
                if wanted.is_too_dear(rank) {
                    return Flow::Continue(());
                }
                if self.fits(offering, wanted) {
                    agents.rank = Some(rank);
                    agents.push(index.members(offering).iter());
                } else {
                    self.step(rank, first)?;
                }
            } else if let Some(slot) = agents.next() {
                self.look(slot)?;
            } else {
                return Flow::Continue(());
            }
        }
    }

    /// Goes on within a rank. Its offerings have agents on both sides of the position, so its agents are walked.
    fn rest_of_rank(&mut self, rank: Rank, wanted: &Wanted<'_>) -> Flow {
        let shelf = &self.market.shelf;
        let mut last: Option<(OfferingId, bool)> = None;
        for slot in self.agents_of(rank) {
            let offering = shelf.listed(slot).offering;
            let fits = match last {
                Some((known, fits)) if known == offering => fits,
                _ => self.fits(offering, wanted),
            };
            last = Some((offering, fits));
            if fits {
                self.look(slot)?;
            } else {
                self.step(rank, shelf.agent(slot))?;
            }
        }
        Flow::Continue(())
    }

    fn fits(&mut self, offering: OfferingId, wanted: &Wanted<'_>) -> bool {
        self.page.looks.offerings += 1;
        wanted.is_met_by(&self.market.shelf.stocked(offering).offering)
    }

    /// Takes an agent into the answer if it is fresh.
    fn look(&mut self, slot: Slot) -> Flow {
        let shelf = &self.market.shelf;
        let listed = shelf.listed(slot);
        // Being listed is a sign of life too.
        let last_heartbeat = (self.watch.beat)(slot).max(listed.registered_at);
        self.page.looks.agents += 1;
        if self.watch.now.since(last_heartbeat) <= self.search.staleness.ms() {
            self.page.found.push(Found {
                slot,
                agent: &listed.agent,
                offering: shelf.offering(slot),
                registered_at: listed.registered_at,
                last_heartbeat,
            });
        } else {
            self.page.looks.stale += 1;
        }
        self.step(shelf.rank(listed.offering), &listed.agent)
    }

    /// Everything up to `rank` and `agent` is done: is there time and room for more?
    fn step(&mut self, rank: Rank, agent: &AgentId) -> Flow {
        let is_full = self.page.found.len() >= self.search.limit.get();
        let is_late = self.page.looks.offerings + self.page.looks.agents >= self.steps_max;
        if !is_full && !is_late {
            return Flow::Continue(());
        }
        self.page.next = Some(Position { rank, agent: agent.clone() });
        self.page.is_partial = !is_full;
        Flow::Break(())
    }
}
