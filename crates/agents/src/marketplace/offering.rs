//! What an agent offers, in five dimensions: capability, ontological coverage, workflow fit, cost, latency.
//!
//! A [`Draft`] is what somebody claims; an [`Offering`] is a draft that was checked and brought into one form, so
//! that equal offerings are equal values: lists are sorted and hold nothing twice.

mod check;
mod presets;

use std::{cmp::Ordering, fmt, ops::Deref};

use serde::{Deserialize, Serialize, Serializer};
use smol_str::SmolStr;

pub use check::{
    CONTENT_HASH_BYTES, CONTRACTS_MAX, DESCRIPTION_BYTES_MAX, DOMAIN_BYTES_MAX, InvalidOffering,
    NAMESPACES_MAX, OFFERING_BYTES_MAX, PROFILES_MAX, Problem, QUERIES_MAX, QUERY_BYTES_MAX,
    SPEC_VERSION_BYTES_MAX, TERM_BYTES_MAX, TOKENS_MAX,
};
pub(super) use check::{count, line};

/// What an agent says that it offers, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Draft {
    /// 1. Capability: a name and a sentence or two.
    pub domain: SmolStr,
    pub description: SmolStr,
    /// 2. Ontological coverage.
    pub coverage: Coverage,
    /// 3. Workflow fit: kinds of transitions that the agent can stand in for.
    pub fit: Vec<Contract>,
    /// 4. Cost.
    pub cost: Cost,
    /// 5. Latency, at graphs of several sizes. None is allowed: it is then undeclared.
    pub latency: Vec<LatencyProfile>,
    pub spec_version: SmolStr,
    /// SHA-256 of the file that the offering was generated from, in hexadecimal; or empty.
    pub content_hash: SmolStr,
}

/// What of the knowledge graph an agent understands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coverage {
    pub namespaces: Vec<SmolStr>,
    pub sparql_patterns: Vec<SmolStr>,
    pub construct_templates: Vec<SmolStr>,
}

/// A kind of transition that an agent can stand in for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Contract {
    pub wcp_patterns: Vec<Wcp>,
    pub input_tokens: Vec<SmolStr>,
    pub output_tokens: Vec<SmolStr>,
    pub maintains_soundness: bool,
}

/// What calling the agent costs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Cost {
    pub construct_queries_per_call: f64,
    /// Share of the calls that a language model answers, 0 to 1.
    pub llm_inference_ratio: f64,
    pub base_price_per_cycle: f64,
    pub pricing: Pricing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Pricing {
    PerQuery,
    PerCycle,
    Flat,
}

/// How long calls take at a graph of one size: percentiles in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LatencyProfile {
    pub graph_triples: u64,
    pub p50_ms: u64,
    pub p95_ms: u64,
    pub p99_ms: u64,
}

/// A control-flow pattern by its number, 1 to 43.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Wcp(u8);

/// A draft that was checked.
#[derive(Clone, Debug)]
pub struct Offering {
    draft: Draft,
    rank: Rank,
    /// Domain and description as keywords are looked for in them.
    folded: SmolStr,
}

/// A price that can be ordered: finite and not negative.
///
/// Holds the bits of the number, which for such numbers are ordered as the numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Price(u64);

/// The economic order of offerings: cheapest first, then by the worst latency. Agents of one rank stand by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rank {
    pub price: Price,
    /// The largest p99 of all profiles; the largest number there is if latency is undeclared.
    pub worst_p99_ms: u64,
}

impl Offering {
    /// Checks a draft and brings it into its one form.
    pub fn new(draft: Draft) -> Result<Self, InvalidOffering> {
        let draft = check::checked(draft)?;
        let worst_p99_ms = draft.latency.iter().map(|profile| profile.p99_ms).max();
        let rank = Rank {
            price: Price::of(draft.cost.base_price_per_cycle),
            worst_p99_ms: worst_p99_ms.unwrap_or(u64::MAX),
        };
        let folded = folded(&[&draft.domain, "\0", &draft.description]).into();
        Ok(Self { draft, rank, folded })
    }

    pub fn rank(&self) -> Rank {
        self.rank
    }

    /// Domain and description in lower case, with a character between that no keyword can hold.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    pub(super) fn best_p99_ms(&self) -> Option<u64> {
        self.draft.latency.iter().map(|profile| profile.p99_ms).min()
    }

    /// What the agent promises at a graph of that size: the p99 of the profile whose graph is nearest in size. Of
    /// two that are equally near the slower one counts, for a promise is no better than its worse half.
    pub fn p99_ms_at(&self, graph_triples: u64) -> Option<u64> {
        let distance = |profile: &LatencyProfile| profile.graph_triples.abs_diff(graph_triples);
        let nearest = |profile: &&LatencyProfile| (distance(profile), u64::MAX - profile.p99_ms);
        self.draft.latency.iter().min_by_key(nearest).map(|profile| profile.p99_ms)
    }
}

/// Texts in a row in lower case, character by character, so that a part of a text folds to a part of the whole.
/// (`str::to_lowercase` folds the last letter of a Greek word differently.)
pub(super) fn folded(texts: &[&str]) -> String {
    texts.iter().flat_map(|text| text.chars()).flat_map(char::to_lowercase).collect()
}

impl Wcp {
    /// How many patterns there are.
    pub const MAX: u8 = 43;

    pub fn new(number: u8) -> Option<Self> {
        (1..=Self::MAX).contains(&number).then_some(Self(number))
    }

    pub fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Wcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WCP-{}", self.0)
    }
}

impl TryFrom<u8> for Wcp {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::new(number).ok_or("a control-flow pattern has a number from 1 to 43")
    }
}

impl From<Wcp> for u8 {
    fn from(wcp: Wcp) -> u8 {
        wcp.0
    }
}

impl Price {
    /// The caller has checked that the number is finite and not negative.
    pub(super) fn of(number: f64) -> Self {
        // Zero has two forms.
        Self((number + 0.0).to_bits())
    }

    pub fn number(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl Rank {
    /// None if latency is undeclared.
    pub fn declared_p99_ms(self) -> Option<u64> {
        (self.worst_p99_ms != u64::MAX).then_some(self.worst_p99_ms)
    }
}

impl Deref for Offering {
    type Target = Draft;

    fn deref(&self) -> &Draft {
        &self.draft
    }
}

/// The rest of an offering follows from its draft.
impl PartialEq for Offering {
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft
    }
}

impl Eq for Offering {}

impl PartialOrd for Offering {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Offering {
    fn cmp(&self, other: &Self) -> Ordering {
        self.draft.cmp(&other.draft)
    }
}

impl Cost {
    fn key(&self) -> [u64; 4] {
        let Self { construct_queries_per_call, llm_inference_ratio, base_price_per_cycle, pricing } =
            *self;
        [
            construct_queries_per_call.to_bits(),
            llm_inference_ratio.to_bits(),
            base_price_per_cycle.to_bits(),
            pricing as u64,
        ]
    }
}

/// By the bits of the numbers, so that the order is total; a checked cost holds no number with two forms.
impl PartialEq for Cost {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Cost {}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cost {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Serialize for Offering {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.draft.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Offering {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(Draft::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
