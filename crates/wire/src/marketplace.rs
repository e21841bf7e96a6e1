//! The marketplace: what agents offer, and who of them can do a task, cheapest first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::offering::Offering;

/// Publishes what agents offer, in place of what each offered before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Publications {
    /// At most 10,000.
    pub listings: Vec<Publication>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    pub agent: String,
    /// As the registration gave it.
    pub epoch: u64,
    pub offering: Offering,
}

/// Asks for agents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    pub query: Query,
    /// 1 to 1,000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// How long ago an agent's last renewal may be: 30,000 to 300,000; the latter if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staleness_ms: Option<u64>,
    /// The `next` of the page before, with the same query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Which agents. All kinds answer live agents, cheapest first, then by worst latency, then by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Query {
    /// Those that can stand in for a transition: all that is asked at once.
    TransitionSlot(SlotQuery),
    Namespace {
        namespace: String,
    },
    MaxCost {
        max_cost_per_cycle: f64,
    },
    /// The worst p99 of all profiles is at most this; agents without a profile are left out. Ordered by it.
    MaxLatency {
        max_p99_ms: u64,
    },
    /// A control-flow pattern by its number, 1 to 43.
    WcpPattern {
        wcp_pattern: u8,
    },
    Id {
        agent: String,
    },
    AllLive {},
}

/// What a transition asks of an agent. What is left out is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotQuery {
    /// A part of domain or description, without regard to case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability_keyword: Option<String>,
    #[serde(default)]
    pub namespaces: Vec<String>,
    #[serde(default)]
    pub sparql_patterns: Vec<String>,
    /// This and the next three must hold for one contract of the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wcp_pattern: Option<u8>,
    #[serde(default)]
    pub input_tokens: Vec<String>,
    #[serde(default)]
    pub output_tokens: Vec<String>,
    #[serde(default)]
    pub must_maintain_soundness: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cost_per_cycle: Option<f64>,
    /// Holds for the profile that is nearest to `graph_triples`. An agent without a profile passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_p99_ms: Option<u64>,
    /// 1,000,000 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph_triples: Option<u64>,
}

/// Part of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Found {
    pub items: Vec<Listing>,
    /// Give this as `after` to go on; null at the end.
    pub next: Option<String>,
    /// Looking for more would have taken too long: the page is short, and `next` goes on.
    pub partial: bool,
}

/// An agent with what it offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Listing {
    pub agent: String,
    pub offering: Offering,
    pub registered_ms_ago: u64,
    pub last_heartbeat_ms_ago: u64,
}

/// Sizes of the marketplace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Stats {
    pub listings: u64,
    pub live: u64,
    pub stale: u64,
    /// Different offerings.
    pub offerings: u64,
    /// By what is searched: `capability`, `namespace`, `wcp`, `rank` and so on.
    pub indexes: BTreeMap<String, Depth>,
}

/// How many keys an index has, and how much is under each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Depth {
    pub keys: u64,
    pub entries: u64,
    pub depth_max: u64,
    pub depth_avg: f64,
}

/// The indexes were made anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resynced {
    /// Those that had been wrong.
    pub wrong: Vec<String>,
}
