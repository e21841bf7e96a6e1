//! What others read of the agents: the registry itself, and what follows from its durable events.
//!
//! The registry is decided on ahead of the disk. Lists and queries begin from what is shown here, which follows after
//! the sync, so that nobody finds an agent that a crash could take back; what is said about an agent then
//! (when it was renewed, what it does) may be newer.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::Bound,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use agents::{
    AgentId, Moment, SessionId, Slot,
    marketplace::{self, InvalidQuery, List, Listing, Marketplace, Offering, Search, Watch},
    registry::{Agent, Fact, Liveness, Registry, Session},
    resourcing::{Organisation, organisation},
};

use super::{log::Entry, messages::Publication};
use crate::rejected::Rejected;

/// Agents of which the market is told at one look: some milliseconds. Until it is told, it finds out who is stale by
/// looking at each.
const MARKS_MAX: usize = 2_048;

/// Which names are meant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    /// Those behind this one.
    pub(crate) after: Option<&'a AgentId>,
    /// Those that begin so.
    pub(crate) prefix: &'a str,
}

/// The agents of a node.
pub(crate) struct Roll {
    registry: RwLock<Registry>,
    shown: RwLock<Shown>,
    /// Of its own lock: partitions look here, and a query of the market must not keep them waiting.
    organisation: RwLock<Arc<Organisation>>,
}

#[derive(Default)]
pub(crate) struct Shown {
    ids: BTreeMap<AgentId, Slot>,
    sessions: BTreeSet<SessionId>,
    pub(crate) market: Marketplace,
}

impl Roll {
    /// As it was recovered.
    pub(crate) fn new(registry: Registry, market: Marketplace, organisation: Organisation) -> Self {
        let agents = registry.state().agents();
        let ids = agents.map(|(slot, agent)| (agent.id().clone(), slot)).collect();
        let sessions = registry.state().sessions().map(|(session, _)| session).collect();
        let shown = Shown { ids, sessions, market };
        Self {
            registry: RwLock::new(registry),
            shown: RwLock::new(shown),
            organisation: RwLock::new(Arc::new(organisation)),
        }
    }

    /// Participants, roles, positions and groups, and who has piled what, as of the last durable event.
    pub(crate) fn organisation(&self) -> Arc<Organisation> {
        self.organisation.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn registry(&self) -> RwLockReadGuard<'_, Registry> {
        self.registry.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For the desk alone.
    pub(super) fn registry_mut(&self) -> RwLockWriteGuard<'_, Registry> {
        self.registry.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn shown(&self) -> RwLockReadGuard<'_, Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn shown_mut(&self) -> RwLockWriteGuard<'_, Shown> {
        self.shown.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Agents of these names in the order of their ids, up to `count` looked at, those that `wanted` gives something
    /// for up to `limit`. Also the last id looked at, if there are more.
    pub(crate) fn list<T>(
        &self,
        names: Names<'_>,
        (limit, count): (usize, usize),
        mut wanted: impl FnMut(&Registry, Slot, &Agent) -> Option<T>,
    ) -> (Vec<T>, Option<AgentId>) {
        let first: Option<AgentId> = names.prefix.parse().ok();
        let from = match (names.after, &first) {
            (Some(after), Some(first)) if after < first => Bound::Included(first),
            (Some(after), _) => Bound::Excluded(after),
            (None, Some(first)) => Bound::Included(first),
            (None, None) => Bound::Unbounded,
        };
        let (shown, registry) = (self.shown(), self.registry());
        let mut found = Vec::new();
        let mut last = None;
        let behind = shown.ids.range::<AgentId, _>((from, Bound::Unbounded));
        let named = behind.take_while(|(id, _)| id.as_str().starts_with(names.prefix));
        for (looked, (id, slot)) in named.enumerate() {
            if found.len() == limit || looked == count {
                return (found, last);
            }
            // One that was removed since is being written away.
            let agent = registry.state().agent(*slot).filter(|agent| agent.id() == id);
            found.extend(agent.and_then(|agent| wanted(&registry, *slot, agent)));
            last = Some(id.clone());
        }
        (found, None)
    }

    /// One agent, once it is durable.
    pub(crate) fn find<T>(
        &self,
        id: &AgentId,
        look: impl FnOnce(&Registry, Slot, &Agent) -> T,
    ) -> Option<T> {
        let slot = *self.shown().ids.get(id)?;
        let registry = self.registry();
        let agent = registry.state().agent(slot).filter(|agent| agent.id() == id)?;
        Some(look(&registry, slot, agent))
    }

    /// Up to `limit` sessions behind `after` in the order of their numbers, and whether there are more.
    pub(crate) fn sessions<T>(
        &self,
        after: SessionId,
        limit: usize,
        mut look: impl FnMut(SessionId, &Session) -> T,
    ) -> (Vec<T>, Option<SessionId>) {
        let (shown, registry) = (self.shown(), self.registry());
        let mut found = Vec::new();
        let mut last = None;
        for session in shown.sessions.range((Bound::Excluded(after), Bound::Unbounded)) {
            if found.len() == limit {
                return (found, last);
            }
            // One that was closed since is being written away.
            let Some(known) = registry.state().session(*session) else { continue };
            found.push(look(*session, known));
            last = Some(*session);
        }
        (found, None)
    }

    /// One session, once it is durable.
    pub(crate) fn session<T>(
        &self,
        session: SessionId,
        look: impl FnOnce(SessionId, &Session) -> T,
    ) -> Option<T> {
        self.shown().sessions.get(&session)?;
        self.registry().state().session(session).map(|known| look(session, known))
    }

    /// What an agent offers.
    pub(crate) fn offering(&self, id: &AgentId) -> Option<Arc<Offering>> {
        let shown = self.shown();
        let listing: Listing = shown.market.listing(*shown.ids.get(id)?)?;
        (listing.agent == *id).then_some(listing.offering)
    }

    /// Answers a query of the marketplace.
    pub(crate) fn search<T>(
        &self,
        search: &Search,
        now: Moment,
        look: impl FnOnce(marketplace::Page<'_>) -> T,
    ) -> Result<T, InvalidQuery> {
        let (shown, registry) = (self.shown(), self.registry());
        let beat = |slot| {
            let state = registry.state();
            state.agent(slot).map_or_else(Moment::default, |agent| state.renewed_at(agent))
        };
        shown.market.search(search, Watch { now, beat: &beat }).map(look)
    }

    /// Makes the indexes of the marketplace anew; names those that were wrong.
    pub(crate) fn resync(&self) -> Vec<List> {
        self.shown_mut().market.resync()
    }

    /// Shows what became durable. Gives the slots of agents that are gone.
    pub(super) fn follow(&self, entries: &[Entry]) -> Vec<Slot> {
        let mut gone = Vec::new();
        self.reorganise(entries);
        let mut shown = self.shown_mut();
        for entry in entries {
            match entry {
                Entry::Registry { event, removed } => {
                    for (slot, id) in removed {
                        shown.remove(*slot, id);
                        gone.push(*slot);
                    }
                    for closed in event.fact.closes() {
                        shown.sessions.remove(closed);
                    }
                    if let Fact::SessionOpened { session, .. } = &event.fact {
                        shown.sessions.insert(*session);
                    }
                    if let Fact::Registered(registered) = &event.fact {
                        let agents = registered.agents.iter();
                        shown.ids.extend(agents.map(|agent| (agent.id.clone(), agent.slot)));
                    }
                }
                Entry::Market(event) => marketplace::apply(&mut shown.market, event),
                Entry::Organisation(_) => {}
            }
        }
        gone
    }

    /// Whoever looks at the organisation meanwhile keeps the one before; only then it is copied.
    fn reorganise(&self, entries: &[Entry]) {
        let mut events = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Organisation(event) => Some(event),
                Entry::Registry { .. } | Entry::Market(_) => None,
            })
            .peekable();
        if events.peek().is_none() {
            return;
        }
        let mut shown = self.organisation.write().unwrap_or_else(PoisonError::into_inner);
        let organisation = Arc::make_mut(&mut shown);
        events.for_each(|event| organisation::apply(organisation, event));
    }

    /// What offering this means for the market.
    pub(super) fn publication(
        &self,
        publication: Publication,
        now: Moment,
    ) -> Result<Vec<marketplace::Event>, Rejected> {
        let Publication { agent, offering } = publication;
        let (shown, registry) = (self.shown(), self.registry());
        let found = registry.state().find(&agent);
        let (slot, agent) = found.map_err(|absent| Rejected::Denied(absent.into()))?;
        let last_heartbeat = registry.state().renewed_at(agent);
        let registered_at = last_heartbeat.min(now);
        let listing = Listing { slot, agent: agent.id().clone(), offering, registered_at };
        let command = marketplace::Command::Publish { listing, last_heartbeat };
        marketplace::decide(&shown.market, command, now).map_err(Rejected::Market)
    }

    /// Tells the market of agents that have gone stale or came back, as many as one look may take.
    pub(super) fn mark(&self, changed: &mut VecDeque<Slot>, now: Moment) {
        if changed.is_empty() {
            return;
        }
        let mut shown = self.shown_mut();
        let registry = self.registry();
        let state = registry.state();
        for slot in changed.drain(..changed.len().min(MARKS_MAX)) {
            // What it is by now counts, so that their order does not.
            match state.agent(slot).map(|agent| state.liveness(agent, now)) {
                None | Some(Liveness::Live) => shown.market.set_live(slot),
                Some(Liveness::Stale | Liveness::Dead) => shown.market.set_stale(slot),
            }
        }
    }
}

impl Shown {
    fn remove(&mut self, slot: Slot, id: &AgentId) {
        if self.ids.get(id) == Some(&slot) {
            self.ids.remove(id);
        }
        marketplace::apply(&mut self.market, &marketplace::Event::Unpublished { slot });
    }
}
