//! What is listed: agents by place, and the offerings that they share. All indexes follow from it.

use std::{cmp::Ordering, sync::Arc};

use super::{
    index::List,
    offering::{Offering, Rank},
    ordered::Ordered,
    terms::{self, TermId, Terms},
};
use crate::ids::{AgentId, Moment, Slot};

/// Place of an offering, used again after the last agent has left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OfferingId(u32);

/// What the marketplace holds for one agent.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) agent: AgentId,
    pub(super) offering: OfferingId,
    pub(super) registered_at: Moment,
    /// Told to be stale: it stands in the index of the stale.
    pub(super) is_stale: bool,
}

/// An offering that at least one agent has.
#[derive(Debug)]
pub(super) struct Stocked {
    pub(super) offering: Arc<Offering>,
    /// As the offering says; here because every comparison asks for it.
    rank: Rank,
    pub(super) terms: Box<[TermId]>,
    agents: u32,
}

/// What follows from agents and offerings.
type Lists = (Terms, Ordered<Slot>, Ordered<OfferingId>);

#[derive(Debug, Default)]
pub(super) struct Shelf {
    agents: Vec<Option<Listed>>,
    offerings: Vec<Option<Stocked>>,
    free: Vec<OfferingId>,
    pub(super) terms: Terms,
    /// Agents by id.
    pub(super) by_id: Ordered<Slot>,
    /// Offerings by what they are: one of equal ones is kept.
    pub(super) interned: Ordered<OfferingId>,
}

impl OfferingId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Shelf {
    pub(super) fn get(&self, slot: Slot) -> Option<&Listed> {
        self.agents.get(index(slot))?.as_ref()
    }

    pub(super) fn listed(&self, slot: Slot) -> &Listed {
        self.get(slot).expect("an index holds none but listed agents")
    }

    pub(super) fn agent(&self, slot: Slot) -> &AgentId {
        &self.listed(slot).agent
    }

    pub(super) fn stocked(&self, id: OfferingId) -> &Stocked {
        self.offerings[id.index()].as_ref().expect("an agent has it")
    }

    pub(super) fn offering(&self, slot: Slot) -> &Arc<Offering> {
        &self.stocked(self.listed(slot).offering).offering
    }

    pub(super) fn rank(&self, id: OfferingId) -> Rank {
        self.stocked(id).rank
    }

    /// Where the agent is listed.
    pub(super) fn find(&self, agent: &AgentId) -> Option<Slot> {
        let mut from = self.by_id.from(|slot| self.agent(slot) < agent);
        from.next().filter(|slot| self.agent(*slot) == agent)
    }

    /// Listed agents in the order of their places.
    pub(super) fn slots(&self) -> impl Iterator<Item = (Slot, &Listed)> {
        (0..).map(Slot).zip(&self.agents).filter_map(|(slot, agent)| Some((slot, agent.as_ref()?)))
    }

    pub(super) fn offerings(&self) -> impl Iterator<Item = (OfferingId, &Stocked)> {
        let ids = (0..).map(OfferingId).zip(&self.offerings);
        ids.filter_map(|(id, stocked)| Some((id, stocked.as_ref()?)))
    }

    /// The lists that are not what they would be if they were made anew.
    pub(super) fn differences(&self) -> Vec<List> {
        self.differing(&self.rebuilt())
    }

    /// Makes the lists anew and says which had been wrong.
    pub(super) fn resync(&mut self) -> Vec<List> {
        let anew = self.rebuilt();
        let wrong = self.differing(&anew);
        (self.terms, self.by_id, self.interned) = anew;
        wrong
    }

    fn differing(&self, (terms, by_id, interned): &Lists) -> Vec<List> {
        let same = [
            (List::AgentsById, self.by_id == *by_id),
            (List::Offerings, self.interned == *interned),
            (List::Terms, self.terms == *terms),
        ];
        same.into_iter().filter_map(|(list, same)| (!same).then_some(list)).collect()
    }

    fn rebuilt(&self) -> Lists {
        let terms = self.terms.rebuilt(self.offerings().map(|(_, stocked)| &*stocked.terms));
        let mut agents: Vec<_> = self.slots().collect();
        agents.sort_unstable_by_key(|(_, listed)| &listed.agent);
        let mut by_id = Ordered::default();
        for (slot, listed) in agents {
            by_id.insert(slot, |other| by_agent(&self.agents, other, &listed.agent));
        }
        let mut interned = Ordered::default();
        let mut offerings: Vec<_> = self.offerings().collect();
        offerings.sort_unstable_by_key(|(_, stocked)| &stocked.offering);
        for (id, stocked) in offerings {
            interned.insert(id, |other| by_offering(&self.offerings, other, &stocked.offering));
        }
        (terms, by_id, interned)
    }

    /// Puts an agent on a place that is free.
    pub(super) fn put(
        &mut self,
        slot: Slot,
        agent: AgentId,
        offering: Arc<Offering>,
        registered_at: Moment,
    ) {
        let offering = self.intern(offering);
        if self.agents.len() <= index(slot) {
            self.agents.resize(index(slot) + 1, None);
        }
        let agents = &self.agents;
        self.by_id.insert(slot, |other| by_agent(agents, other, &agent));
        self.agents[index(slot)] = Some(Listed { agent, offering, registered_at, is_stale: false });
    }

    pub(super) fn take(&mut self, slot: Slot) {
        let Some(listed) = self.agents.get_mut(index(slot)).and_then(|agent| agent.clone()) else {
            return;
        };
        let agents = &self.agents;
        self.by_id.remove(|other| by_agent(agents, other, &listed.agent));
        self.agents[index(slot)] = None;
        self.leave(listed.offering);
    }

    pub(super) fn mark(&mut self, slot: Slot, is_stale: bool) {
        if let Some(Some(listed)) = self.agents.get_mut(index(slot)) {
            listed.is_stale = is_stale;
        }
    }

    fn intern(&mut self, offering: Arc<Offering>) -> OfferingId {
        let of = |id: OfferingId| &self.offerings[id.index()];
        let known = self.interned.from(|id| of(id).as_ref().is_some_and(|s| s.offering < offering));
        let known = known.map(|id| (id, of(id))).next();
        if let Some((id, Some(stocked))) = known
            && stocked.offering == offering
        {
            self.offerings[id.index()].as_mut().expect("it was found").agents += 1;
            return id;
        }
        self.stock(offering)
    }

    fn stock(&mut self, offering: Arc<Offering>) -> OfferingId {
        let terms = self.terms.take(terms::of(&offering));
        let id = self.free.pop().unwrap_or_else(|| {
            self.offerings.push(None);
            OfferingId(u32::try_from(self.offerings.len() - 1).expect("no more than agents"))
        });
        let offerings = &self.offerings;
        self.interned.insert(id, |other| by_offering(offerings, other, &offering));
        let rank = offering.rank();
        self.offerings[id.index()] = Some(Stocked { offering, rank, terms, agents: 1 });
        id
    }

    /// One agent less has the offering.
    fn leave(&mut self, id: OfferingId) {
        let stocked = self.offerings[id.index()].as_mut().expect("an agent has it");
        stocked.agents -= 1;
        if stocked.agents > 0 {
            return;
        }
        let offering = Arc::clone(&stocked.offering);
        let offerings = &self.offerings;
        self.interned.remove(|other| by_offering(offerings, other, &offering));
        if let Some(stocked) = self.offerings[id.index()].take() {
            self.terms.release(&stocked.terms);
        }
        self.free.push(id);
    }
}

fn by_agent(agents: &[Option<Listed>], slot: Slot, agent: &AgentId) -> Ordering {
    agents[index(slot)].as_ref().map(|listed| &listed.agent).cmp(&Some(agent))
}

fn by_offering(all: &[Option<Stocked>], id: OfferingId, offering: &Arc<Offering>) -> Ordering {
    all[id.index()].as_ref().map(|stocked| &stocked.offering).cmp(&Some(offering))
}

pub(super) fn index(slot: Slot) -> usize {
    slot.0 as usize
}
