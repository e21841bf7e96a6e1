//! The marketplace without an index: filter all listings, sort what is left.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use smol_str::SmolStr;

use super::super::{
    Contract, Event, LatencyProfile, Listing, Offering, Query, SlotQuery, Staleness,
};
use crate::ids::{Moment, Slot};

#[derive(Default)]
pub(super) struct Slow(BTreeMap<Slot, Listing>);

impl Slow {
    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::Published(listing) => self.0.insert(listing.slot, listing.clone()),
            Event::Unpublished { slot } => self.0.remove(slot),
        };
    }

    pub(super) fn answer(
        &self,
        query: &Query,
        staleness: Staleness,
        now: Moment,
        beats: &BTreeMap<Slot, Moment>,
    ) -> Vec<Slot> {
        let is_live = |listing: &&Listing| now.since(beats[&listing.slot]) <= staleness.ms();
        let mut found: Vec<&Listing> =
            self.0.values().filter(is_live).filter(|one| fits(query, one)).collect();
        found.sort_by(|one, other| order(query, one, other));
        found.into_iter().map(|listing| listing.slot).collect()
    }
}

fn worst(offering: &Offering) -> Option<u64> {
    offering.latency.iter().map(|profile| profile.p99_ms).max()
}

fn order(query: &Query, one: &Listing, other: &Listing) -> Ordering {
    let price = |listing: &Listing| listing.offering.cost.base_price_per_cycle;
    let by_price = price(one).partial_cmp(&price(other)).unwrap();
    let p99 = |listing: &Listing| worst(&listing.offering).unwrap_or(u64::MAX);
    let by_p99 = p99(one).cmp(&p99(other));
    let by_id = one.agent.as_str().cmp(other.agent.as_str());
    match query {
        Query::MaxLatency(_) => by_p99.then(by_price).then(by_id),
        Query::TransitionSlot(_) | Query::Namespace(_) | Query::MaxCost(_) => {
            by_price.then(by_p99).then(by_id)
        }
        Query::WcpPattern(_) | Query::Id(_) | Query::AllLive => by_price.then(by_p99).then(by_id),
    }
}

fn fits(query: &Query, listing: &Listing) -> bool {
    let offering = &listing.offering;
    match query {
        Query::TransitionSlot(slot) => fits_slot(slot, offering),
        Query::Namespace(namespace) => offering.coverage.namespaces.contains(namespace),
        Query::MaxCost(max) => offering.cost.base_price_per_cycle <= *max,
        Query::MaxLatency(max) => worst(offering).is_some_and(|worst| worst <= *max),
        Query::WcpPattern(wcp) => offering.fit.iter().any(|one| one.wcp_patterns.contains(wcp)),
        Query::Id(agent) => listing.agent == *agent,
        Query::AllLive => true,
    }
}

fn fits_slot(slot: &SlotQuery, offering: &Offering) -> bool {
    let keyword = slot.capability_keyword.as_ref().is_none_or(|keyword| {
        let holds = |text: &str| text.to_lowercase().contains(&keyword.to_lowercase());
        holds(&offering.domain) || holds(&offering.description)
    });
    let has_no_wish = slot.wcp_pattern.is_none()
        && slot.input_tokens.is_empty()
        && slot.output_tokens.is_empty()
        && !slot.must_maintain_soundness;
    keyword
        && holds_all(&offering.coverage.namespaces, &slot.namespaces)
        && holds_all(&offering.coverage.sparql_patterns, &slot.sparql_patterns)
        && (has_no_wish || offering.fit.iter().any(|contract| keeps(slot, contract)))
        && offering.cost.base_price_per_cycle <= slot.max_cost_per_cycle.unwrap_or(f64::INFINITY)
        && nearest_p99(slot.graph_triples, &offering.latency)
            .is_none_or(|p99| p99 <= slot.max_p99_ms.unwrap_or(u64::MAX))
}

fn keeps(slot: &SlotQuery, contract: &Contract) -> bool {
    slot.wcp_pattern.iter().all(|wcp| contract.wcp_patterns.contains(wcp))
        && holds_all(&contract.input_tokens, &slot.input_tokens)
        && holds_all(&contract.output_tokens, &slot.output_tokens)
        && (!slot.must_maintain_soundness || contract.maintains_soundness)
}

fn nearest_p99(graph_triples: u64, profiles: &[LatencyProfile]) -> Option<u64> {
    let distance = |profile: &LatencyProfile| {
        (i128::from(profile.graph_triples) - i128::from(graph_triples)).abs()
    };
    let nearest = profiles.iter().map(distance).min()?;
    profiles.iter().filter(|one| distance(one) == nearest).map(|one| one.p99_ms).max()
}

fn holds_all(held: &[SmolStr], wanted: &[SmolStr]) -> bool {
    let held: BTreeSet<&SmolStr> = held.iter().collect();
    wanted.iter().all(|one| held.contains(one))
}
