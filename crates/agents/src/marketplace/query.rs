//! What can be asked of the marketplace: seven kinds of query, how fresh an agent must be, how much to answer.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::offering::{
    self, Contract, DESCRIPTION_BYTES_MAX, NAMESPACES_MAX, Offering, Price, Problem, QUERIES_MAX,
    QUERY_BYTES_MAX, Rank, TERM_BYTES_MAX, TOKENS_MAX, Wcp,
};
use crate::ids::AgentId;

/// Size of a graph that a query is about if it does not say, in triples.
pub const GRAPH_TRIPLES: u64 = 1_000_000;
/// Agents in one answer, unless the query says.
pub const LIMIT: usize = 50;
/// A page of a thousand is read in about a millisecond; more is asked for page by page.
pub const LIMIT_MAX: usize = 1_000;

/// What is asked for. All kinds answer live agents only.
///
/// The order is the economic one: cheapest first, then by worst latency, then by id; for `MaxLatency` worst
/// latency comes before the price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Query {
    /// Agents that can stand in for a transition: all predicates at once.
    TransitionSlot(SlotQuery),
    Namespace(SmolStr),
    /// Price per cycle at most this.
    MaxCost(f64),
    /// The worst p99 of all profiles is at most this; agents without a profile are left out.
    MaxLatency(u64),
    WcpPattern(Wcp),
    Id(AgentId),
    AllLive,
}

/// What a transition asks of an agent. What is left out is not asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SlotQuery {
    /// A part of domain or description, without regard to case.
    pub capability_keyword: Option<SmolStr>,
    pub namespaces: Vec<SmolStr>,
    pub sparql_patterns: Vec<SmolStr>,
    /// This and the next three must hold for *one* contract of the agent.
    pub wcp_pattern: Option<Wcp>,
    pub input_tokens: Vec<SmolStr>,
    pub output_tokens: Vec<SmolStr>,
    pub must_maintain_soundness: bool,
    pub max_cost_per_cycle: Option<f64>,
    /// Holds for the profile that is nearest to `graph_triples`. An agent without a profile passes.
    pub max_p99_ms: Option<u64>,
    pub graph_triples: u64,
}

/// How long ago an agent's last heartbeat may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Staleness(u64);

/// How many agents an answer may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Limit(usize);

/// A place in the order: what comes after it is the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub rank: Rank,
    pub agent: AgentId,
}

/// A query with how much to answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Search {
    pub query: Query,
    pub staleness: Staleness,
    pub limit: Limit,
    /// Where the page before ended.
    pub after: Option<Position>,
}

/// Why a query cannot be answered: which field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(transparent)]
pub struct InvalidQuery(#[from] pub offering::InvalidOffering);

impl Search {
    /// The first page with the usual limit and staleness.
    pub fn new(query: Query) -> Self {
        Self { query, staleness: Staleness::default(), limit: Limit::default(), after: None }
    }
}

impl Default for SlotQuery {
    fn default() -> Self {
        Self {
            capability_keyword: None,
            namespaces: Vec::new(),
            sparql_patterns: Vec::new(),
            wcp_pattern: None,
            input_tokens: Vec::new(),
            output_tokens: Vec::new(),
            must_maintain_soundness: false,
            max_cost_per_cycle: None,
            max_p99_ms: None,
            graph_triples: GRAPH_TRIPLES,
        }
    }
}

impl Staleness {
    pub const MS_MIN: u64 = 30_000;
    pub const MS_MAX: u64 = 300_000;

    /// `None` if it is shorter than half a minute or longer than five.
    pub fn of_ms(ms: u64) -> Option<Self> {
        (Self::MS_MIN..=Self::MS_MAX).contains(&ms).then_some(Self(ms))
    }

    pub fn ms(self) -> u64 {
        self.0
    }
}

impl Default for Staleness {
    fn default() -> Self {
        Self(Self::MS_MAX)
    }
}

impl Limit {
    /// As near to `limit` as is allowed.
    pub fn near(limit: usize) -> Self {
        Self(limit.clamp(1, LIMIT_MAX))
    }

    pub fn get(self) -> usize {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(LIMIT)
    }
}

impl Query {
    pub(super) fn check(&self) -> Result<(), InvalidQuery> {
        match self {
            Self::TransitionSlot(slot) => slot.check(),
            Self::Namespace(namespace) => {
                Ok(offering::line("namespace", namespace, TERM_BYTES_MAX)?)
            }
            Self::MaxCost(max) => max_cost(*max),
            Self::MaxLatency(_) | Self::WcpPattern(_) | Self::Id(_) | Self::AllLive => Ok(()),
        }
    }
}

impl SlotQuery {
    fn check(&self) -> Result<(), InvalidQuery> {
        if let Some(keyword) = &self.capability_keyword {
            offering::line("capability_keyword", keyword, DESCRIPTION_BYTES_MAX)?;
        }
        let lists = [
            ("namespaces", &self.namespaces, NAMESPACES_MAX, TERM_BYTES_MAX),
            ("sparql_patterns", &self.sparql_patterns, QUERIES_MAX, QUERY_BYTES_MAX),
            ("input_tokens", &self.input_tokens, TOKENS_MAX, TERM_BYTES_MAX),
            ("output_tokens", &self.output_tokens, TOKENS_MAX, TERM_BYTES_MAX),
        ];
        for (field, list, max, bytes_max) in lists {
            offering::count(field, list.len(), max)?;
            if let Some(long) = list.iter().find(|entry| entry.len() > bytes_max) {
                let problem = Problem::TooLong { bytes: long.len(), max: bytes_max };
                return Err(problem.of(field).into());
            }
        }
        self.max_cost_per_cycle.map_or(Ok(()), max_cost)
    }

    /// Whether an offering is what the transition asks for. The keyword comes folded, because it is folded once.
    pub(super) fn is_met_by(&self, offering: &Offering, keyword: Option<&str>) -> bool {
        keyword.is_none_or(|keyword| offering.folded().contains(keyword))
            && holds_all(&offering.coverage.namespaces, &self.namespaces)
            && holds_all(&offering.coverage.sparql_patterns, &self.sparql_patterns)
            && (!self.asks_for_a_contract() || offering.fit.iter().any(|one| self.is_kept_by(one)))
            && self.max_cost_per_cycle.is_none_or(|max| offering.cost.base_price_per_cycle <= max)
            && self.max_p99_ms.is_none_or(|max| {
                offering.p99_ms_at(self.graph_triples).is_none_or(|promised| promised <= max)
            })
    }

    fn asks_for_a_contract(&self) -> bool {
        self.wcp_pattern.is_some()
            || !self.input_tokens.is_empty()
            || !self.output_tokens.is_empty()
            || self.must_maintain_soundness
    }

    fn is_kept_by(&self, contract: &Contract) -> bool {
        self.wcp_pattern.is_none_or(|wcp| contract.wcp_patterns.contains(&wcp))
            && holds_all(&contract.input_tokens, &self.input_tokens)
            && holds_all(&contract.output_tokens, &self.output_tokens)
            && (contract.maintains_soundness || !self.must_maintain_soundness)
    }
}

/// Lists of an offering are sorted.
fn holds_all(held: &[SmolStr], wanted: &[SmolStr]) -> bool {
    wanted.iter().all(|one| held.binary_search(one).is_ok())
}

/// Infinity asks for nothing and is allowed.
fn max_cost(max: f64) -> Result<(), InvalidQuery> {
    if max >= 0.0 {
        return Ok(());
    }
    Err(Problem::Range { found: max, allowed: "a number from 0" }.of("max_cost").into())
}

/// A query as what it asks of an offering, where it asks anything.
pub(super) fn as_slot(query: &Query) -> Option<Cow<'_, SlotQuery>> {
    match query {
        Query::TransitionSlot(slot) => Some(Cow::Borrowed(slot)),
        Query::Namespace(namespace) => Some(Cow::Owned(SlotQuery {
            namespaces: vec![namespace.clone()],
            ..SlotQuery::default()
        })),
        Query::WcpPattern(wcp) => {
            Some(Cow::Owned(SlotQuery { wcp_pattern: Some(*wcp), ..SlotQuery::default() }))
        }
        Query::MaxCost(_) | Query::MaxLatency(_) | Query::Id(_) | Query::AllLive => None,
    }
}

/// Text for a link to the next page: price and latency as they are held, exactly, then the id.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rank { price, worst_p99_ms } = self.rank;
        write!(f, "{:x}.{worst_p99_ms:x}.{}", price.number().to_bits(), self.agent)
    }
}

/// The text is none that [`Position`] was written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no position that an answer of the marketplace gave")]
pub struct InvalidPosition;

impl FromStr for Position {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let hex = |text| u64::from_str_radix(text, 16).map_err(|_| InvalidPosition);
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(InvalidPosition);
        let (price, worst_p99_ms) = (f64::from_bits(hex(part()?)?), hex(part()?)?);
        let agent = part()?.parse().map_err(|_| InvalidPosition)?;
        if !price.is_finite() || price.is_sign_negative() {
            return Err(InvalidPosition);
        }
        Ok(Self { rank: Rank { price: Price::of(price), worst_p99_ms }, agent })
    }
}
