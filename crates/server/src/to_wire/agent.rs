//! Agents, claims, leases and listings as clients read them.

use agents::{
    marketplace::{self, IndexStats, List, Offering},
    registry::{Arrival, Liveness, Settings},
};
use node::{
    AgentDetail, Claimed, LeaseSummary, MarketFound, MarketPage, SessionDetail, StreamEvent,
};
use wire::{
    Timestamp, agent, change::Lagged, claim::ClaimedItem, lease, marketplace as market,
    offering as spec, session::SessionSummary, stream,
};

use super::review;

/// Renewals in the time after which an agent is stale: one may be lost.
const RENEWALS: u64 = 2;

pub(crate) fn lifetime(settings: Settings) -> agent::Lifetime {
    agent::Lifetime {
        renew_every_ms: settings.stale_after_ms / RENEWALS,
        stale_after_ms: settings.stale_after_ms,
        dead_after_ms: settings.dead_after_ms,
    }
}

pub(crate) fn arrival(arrival: Arrival) -> agent::Arrival {
    match arrival {
        Arrival::New => agent::Arrival::New,
        Arrival::Same => agent::Arrival::Same,
        Arrival::Updated => agent::Arrival::Updated,
        Arrival::Replaced => agent::Arrival::Replaced,
    }
}

pub(crate) fn agent(detail: &AgentDetail, offering: Option<&Offering>) -> agent::Agent {
    let profile = detail.profile.as_deref().cloned().unwrap_or_default();
    let pairs = profile.metadata.iter();
    agent::Agent {
        agent: detail.id.to_string(),
        slot: detail.slot.0,
        epoch: detail.epoch.0,
        session: detail.session.map(|session| session.0),
        host: detail.host.clone(),
        capabilities: detail.capabilities.iter().map(ToString::to_string).collect(),
        name: profile.name.to_string(),
        description: profile.description.to_string(),
        version: profile.version.to_string(),
        endpoint: profile.endpoint.to_string(),
        metadata: pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        state: detail.state.to_string(),
        liveness: liveness(detail.liveness).to_owned(),
        renewed_ms_ago: detail.renewed_ms_ago,
        draining: detail.draining,
        quarantine: detail.quarantine.clone(),
        offering: offering.map(self::offering),
    }
}

fn liveness(liveness: Liveness) -> &'static str {
    match liveness {
        Liveness::Live => "live",
        Liveness::Stale => "stale",
        Liveness::Dead => "dead",
    }
}

/// An item that was handed out at `now_ms`.
pub(crate) fn claimed(item: Claimed, now_ms: i64) -> ClaimedItem {
    ClaimedItem {
        item: item.item,
        case: item.case.to_string(),
        specification: item.specification.to_string(),
        task: item.task,
        task_name: item.task_name,
        capability: item.capability,
        epoch: item.epoch.0,
        term_ms: item.term_ms,
        ends_at: ends_at(now_ms, item.term_ms),
        attempt: item.attempt,
        enabled_at: Timestamp::from_ms(item.enabled_at_ms),
        data: item.data.to_string(),
        traceparent: item.traceparent.map(|trace| trace.to_string()),
        ballot: item.ballot.as_ref().map(review::ballot),
    }
}

pub(crate) fn session(detail: SessionDetail) -> SessionSummary {
    SessionSummary {
        session: detail.session.0,
        host: detail.host,
        agents: detail.agents.into(),
        opened_ms_ago: detail.opened_ms_ago,
        renewed_ms_ago: detail.renewed_ms_ago,
        streamed: detail.is_streamed,
    }
}

/// An event of a session's stream, written at `now_ms`.
pub(crate) fn session_event(event: StreamEvent, now_ms: i64) -> stream::SessionEvent {
    use stream::SessionEvent as Wire;
    match event {
        StreamEvent::Item { agent, claimed } => Wire::Item(stream::PushedItem {
            agent: agent.to_string(),
            claimed: self::claimed(claimed, now_ms),
        }),
        StreamEvent::Cancelled { agent, item, case, epoch, reason } => {
            Wire::Cancelled(stream::Cancelled {
                agent: agent.to_string(),
                item,
                case: case.to_string(),
                epoch: epoch.0,
                reason: reason.name().to_owned(),
            })
        }
        StreamEvent::LeaseEnding { agent, item, epoch, left_ms } => {
            Wire::LeaseEnding(stream::LeaseEnding {
                agent: agent.to_string(),
                item,
                epoch: epoch.0,
                left_ms,
                ends_at: ends_at(now_ms, left_ms),
            })
        }
        StreamEvent::LeaseEnded { agent, item, epoch } => {
            let (agent, epoch) = (agent.to_string(), epoch.0);
            Wire::LeaseEnded(stream::LeaseEnded { agent, item, epoch })
        }
        StreamEvent::Lagged { missed } => Wire::Lagged(Lagged { missed }),
    }
}

/// When what lasts for so long from `now_ms` ends.
pub(crate) fn ends_at(now_ms: i64, left_ms: u64) -> Timestamp {
    Timestamp::from_ms(now_ms.saturating_add_unsigned(left_ms))
}

pub(crate) fn lease(lease: &LeaseSummary) -> lease::Lease {
    lease::Lease {
        standing: lease.standing.to_owned(),
        holder: lease.holder.as_ref().map(ToString::to_string),
        epoch: lease.epoch.0,
        attempts: lease.attempts,
    }
}

pub(crate) fn offering(offering: &Offering) -> spec::Offering {
    let coverage = &offering.coverage;
    spec::Offering {
        domain: offering.domain.to_string(),
        description: offering.description.to_string(),
        coverage: spec::Coverage {
            namespaces: texts(&coverage.namespaces),
            sparql_patterns: texts(&coverage.sparql_patterns),
            construct_templates: texts(&coverage.construct_templates),
        },
        fit: offering.fit.iter().map(contract).collect(),
        cost: cost(&offering.cost),
        latency: offering.latency.iter().map(profile).collect(),
        spec_version: offering.spec_version.to_string(),
        content_hash: offering.content_hash.to_string(),
    }
}

fn contract(contract: &marketplace::Contract) -> spec::Contract {
    spec::Contract {
        wcp_patterns: contract.wcp_patterns.iter().map(|wcp| wcp.number()).collect(),
        input_tokens: texts(&contract.input_tokens),
        output_tokens: texts(&contract.output_tokens),
        maintains_soundness: contract.maintains_soundness,
    }
}

fn cost(cost: &marketplace::Cost) -> spec::Cost {
    spec::Cost {
        construct_queries_per_call: cost.construct_queries_per_call,
        llm_inference_ratio: cost.llm_inference_ratio,
        base_price_per_cycle: cost.base_price_per_cycle,
        pricing: match cost.pricing {
            marketplace::Pricing::PerQuery => spec::Pricing::PerQuery,
            marketplace::Pricing::PerCycle => spec::Pricing::PerCycle,
            marketplace::Pricing::Flat => spec::Pricing::Flat,
        },
    }
}

fn profile(profile: &marketplace::LatencyProfile) -> spec::LatencyProfile {
    let marketplace::LatencyProfile { graph_triples, p50_ms, p95_ms, p99_ms } = *profile;
    spec::LatencyProfile { graph_triples, p50_ms, p95_ms, p99_ms }
}

fn texts(list: &[impl ToString]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

pub(crate) fn found(page: &MarketPage) -> market::Found {
    let listing = |found: &MarketFound| market::Listing {
        agent: found.agent.to_string(),
        offering: offering(&found.offering),
        registered_ms_ago: found.registered_ms_ago,
        last_heartbeat_ms_ago: found.last_heartbeat_ms_ago,
    };
    market::Found {
        items: page.found.iter().map(listing).collect(),
        next: page.next.as_ref().map(ToString::to_string),
        partial: page.is_partial,
    }
}

pub(crate) fn market_stats(stats: &IndexStats) -> market::Stats {
    let depth = |depth: &marketplace::Depth| market::Depth {
        keys: depth.keys as u64,
        entries: depth.entries as u64,
        depth_max: depth.depth_max as u64,
        depth_avg: depth.depth_avg(),
    };
    market::Stats {
        listings: stats.listings as u64,
        live: stats.live as u64,
        stale: stats.stale as u64,
        offerings: stats.offerings as u64,
        indexes: stats.indexes.iter().map(|(name, one)| ((*name).to_owned(), depth(one))).collect(),
    }
}

pub(crate) fn resynced(wrong: &[List]) -> market::Resynced {
    market::Resynced { wrong: wrong.iter().map(|list| index_name(*list).to_owned()).collect() }
}

fn index_name(list: List) -> &'static str {
    match list {
        List::AgentsById => "agents-by-id",
        List::Offerings => "offerings",
        List::Terms => "terms",
        List::Members => "members",
        List::Everything => "everything",
        List::Postings => "postings",
        List::Ranks => "ranks",
        List::RanksByLatency => "ranks-by-latency",
    }
}
