//! What agents offer, and who of them can do a task: cheapest first.
//!
//! ```text
//!   Published ──▶ shelf      agents by place; equal offerings are kept once
//!                   │
//!                   ├─▶ live    index of the agents that are live   ┐  offerings in lists by term, in the
//!                   └─▶ stale   index of those told to be stale     ┘  economic order
//!                                  ▲
//!                   Search ────────┘  walks the shortest list, tests the rest, stops at the limit
//! ```
//!
//! A million agents have few different offerings, so what a query asks is tested once per offering and not per agent.
//! Where each agent has an offering of its own the same lists hold, and a look is a bounded number of steps.
//!
//! Liveness is time, and renewals touch nothing here: the caller brings the moment of each agent's last heartbeat.
//! When an agent's time to live has passed, the caller says so once ([`Marketplace::set_stale`]), and the agent moves to
//! an index that only patient queries walk; a dead agent is unpublished and is in no index.

mod index;
mod offering;
mod ordered;
mod query;
mod search;
mod shelf;
mod stats;
mod terms;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use index::List;
pub use offering::{
    CONTENT_HASH_BYTES, CONTRACTS_MAX, Contract, Cost, Coverage, DESCRIPTION_BYTES_MAX,
    DOMAIN_BYTES_MAX, Draft, InvalidOffering, LatencyProfile, NAMESPACES_MAX, OFFERING_BYTES_MAX,
    Offering, PROFILES_MAX, Price, Pricing, Problem, QUERIES_MAX, QUERY_BYTES_MAX, Rank,
    SPEC_VERSION_BYTES_MAX, TERM_BYTES_MAX, TOKENS_MAX, Wcp,
};
pub use query::{
    GRAPH_TRIPLES, InvalidPosition, InvalidQuery, LIMIT, LIMIT_MAX, Limit, Position, Query, Search,
    SlotQuery, Staleness,
};
pub use search::{Found, Looks, Page, STEPS_MAX, Watch};
pub use stats::{Depth, IndexStats, check_invariants};

use crate::ids::{AgentId, Moment, Slot};
use index::Index;
use shelf::Shelf;

/// Places of agents; what is beyond was not given by a registry. Bounds the memory that one event can ask for.
pub const SLOTS_MAX: u32 = 1 << 24;
/// Time to live of an agent that is not heard of: the default of [`Marketplace::new`].
pub const STALE_AFTER_MS: u64 = 60_000;

/// All listings and what they are found by.
#[derive(Debug)]
pub struct Marketplace {
    stale_after_ms: u64,
    shelf: Shelf,
    live: Index,
    stale: Index,
}

/// An agent with what it offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub slot: Slot,
    pub agent: AgentId,
    pub offering: Arc<Offering>,
    pub registered_at: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Lists an agent, or lists it with another offering.
    Publish {
        listing: Listing,
        last_heartbeat: Moment,
    },
    Unpublish {
        slot: Slot,
    },
}

/// What happened. Events are stored for ever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    Published(Listing),
    Unpublished { slot: Slot },
}

/// Why a listing was not published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the agent was heard of {ms} ms ago, at most {max_ms} are allowed")]
    Stale { ms: u64, max_ms: u64 },
    #[error("the last heartbeat, {heartbeat_ms}, is before the registration, {registered_ms}")]
    HeartbeatBeforeRegistration { heartbeat_ms: u64, registered_ms: u64 },
    #[error("place {} belongs to {holder}", slot.0)]
    PlaceTaken { slot: Slot, holder: AgentId },
    #[error("{agent} is listed at place {}", slot.0)]
    ListedElsewhere { agent: AgentId, slot: Slot },
    #[error("place {} is beyond {}", slot.0, SLOTS_MAX)]
    PlaceBeyond { slot: Slot },
}

/// Decides what `command` means at `now`. The caller stores the events, then applies them.
pub fn decide(market: &Marketplace, command: Command, now: Moment) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Publish { listing, last_heartbeat } => {
            fresh(&listing, last_heartbeat, now)?;
            market.place(listing)
        }
        Command::Unpublish { slot } => Ok(match market.shelf.get(slot) {
            Some(_) => vec![Event::Unpublished { slot }],
            None => Vec::new(),
        }),
    }
}

/// Applies one stored event.
pub fn apply(market: &mut Marketplace, event: &Event) {
    match event {
        Event::Published(listing) => market.publish(listing.clone()),
        Event::Unpublished { slot } => market.unpublish(*slot),
    }
}

/// A listing is of an agent that was heard of since it registered, and lately.
fn fresh(listing: &Listing, last_heartbeat: Moment, now: Moment) -> Result<(), Refusal> {
    let (heartbeat_ms, registered_ms) = (last_heartbeat.ms, listing.registered_at.ms);
    if heartbeat_ms < registered_ms {
        return Err(Refusal::HeartbeatBeforeRegistration { heartbeat_ms, registered_ms });
    }
    match now.since(last_heartbeat) {
        ms if ms > Staleness::MS_MAX => Err(Refusal::Stale { ms, max_ms: Staleness::MS_MAX }),
        _ => Ok(()),
    }
}

impl Marketplace {
    /// An empty marketplace. `stale_after_ms` is the time to live that [`Marketplace::set_stale`] stands for.
    pub fn new(stale_after_ms: u64) -> Self {
        let (live, stale) = (Index::default(), Index::default());
        Self { stale_after_ms, shelf: Shelf::default(), live, stale }
    }

    /// Answers a query.
    pub fn search(&self, search: &Search, watch: Watch<'_>) -> Result<Page<'_>, InvalidQuery> {
        search::search(self, search, watch, STEPS_MAX)
    }

    /// The listing at a place.
    pub fn listing(&self, slot: Slot) -> Option<Listing> {
        let listed = self.shelf.get(slot)?;
        Some(Listing {
            slot,
            agent: listed.agent.clone(),
            offering: Arc::clone(self.shelf.offering(slot)),
            registered_at: listed.registered_at,
        })
    }

    /// Listed agents, live and stale.
    pub fn len(&self) -> usize {
        self.live.agents + self.stale.agents
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Listed agents that were not told to be stale.
    pub fn live_len(&self) -> usize {
        self.live.agents
    }

    /// The agent was not heard of for longer than `stale_after_ms`. Queries that ask for fresher agents no longer
    /// see it; it stays listed.
    pub fn set_stale(&mut self, slot: Slot) {
        self.mark(slot, true);
    }

    /// The agent was heard of again.
    pub fn set_live(&mut self, slot: Slot) {
        self.mark(slot, false);
    }

    fn mark(&mut self, slot: Slot, is_stale: bool) {
        if self.shelf.get(slot).is_some_and(|listed| listed.is_stale != is_stale) {
            self.index_of(slot, |index, shelf| index.remove(shelf, slot));
            self.shelf.mark(slot, is_stale);
            self.index_of(slot, |index, shelf| index.add(shelf, slot));
        }
    }

    /// Whether the places allow it. A listing that changes nothing is no event.
    fn place(&self, mut listing: Listing) -> Result<Vec<Event>, Refusal> {
        let Listing { slot, agent, .. } = &listing;
        if slot.0 >= SLOTS_MAX {
            return Err(Refusal::PlaceBeyond { slot: *slot });
        }
        match self.shelf.find(agent) {
            Some(other) if other != *slot => {
                let agent = agent.clone();
                return Err(Refusal::ListedElsewhere { agent, slot: other });
            }
            Some(_) | None => {}
        }
        match self.shelf.get(*slot) {
            Some(listed) if listed.agent != *agent => {
                let holder = listed.agent.clone();
                Err(Refusal::PlaceTaken { slot: *slot, holder })
            }
            Some(_) if **self.shelf.offering(*slot) == *listing.offering => Ok(Vec::new()),
            Some(listed) => {
                // Listed since then, though with something else.
                listing.registered_at = listed.registered_at;
                Ok(vec![Event::Published(listing)])
            }
            None => Ok(vec![Event::Published(listing)]),
        }
    }

    fn publish(&mut self, listing: Listing) {
        let Listing { slot, agent, offering, registered_at } = listing;
        let before = self.shelf.get(slot).filter(|listed| listed.agent == agent);
        let was_stale = before.is_some_and(|listed| listed.is_stale);
        self.unpublish(slot);
        // An id is listed once, whatever the log says.
        if let Some(other) = self.shelf.find(&agent) {
            self.unpublish(other);
        }
        self.shelf.put(slot, agent, offering, registered_at);
        self.shelf.mark(slot, was_stale);
        self.index_of(slot, |index, shelf| index.add(shelf, slot));
    }

    fn unpublish(&mut self, slot: Slot) {
        if self.shelf.get(slot).is_some() {
            self.index_of(slot, |index, shelf| index.remove(shelf, slot));
            self.shelf.take(slot);
        }
    }

    /// Changes the index that the agent stands in.
    fn index_of(&mut self, slot: Slot, change: impl FnOnce(&mut Index, &Shelf)) {
        let is_stale = self.shelf.listed(slot).is_stale;
        change(if is_stale { &mut self.stale } else { &mut self.live }, &self.shelf);
    }
}

impl Default for Marketplace {
    fn default() -> Self {
        Self::new(STALE_AFTER_MS)
    }
}

#[cfg(test)]
mod tests;
