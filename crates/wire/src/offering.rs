//! What an agent offers on the marketplace, in five dimensions: capability, ontological coverage, workflow fit, cost,
//! latency.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an agent offers. All texts together have at most 16 KiB.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Offering {
    /// 1. Capability: a name, at most 128 bytes.
    pub domain: String,
    /// A sentence or two, at most 1,024 bytes.
    #[serde(default)]
    pub description: String,
    /// 2. Ontological coverage.
    #[serde(default)]
    pub coverage: Coverage,
    /// 3. Workflow fit: kinds of transitions that the agent can stand in for.
    #[serde(default)]
    pub fit: Vec<Contract>,
    /// 4. Cost.
    #[serde(default)]
    pub cost: Cost,
    /// 5. Latency at graphs of several sizes. None: undeclared.
    #[serde(default)]
    pub latency: Vec<LatencyProfile>,
    #[serde(default = "spec_version")]
    pub spec_version: String,
    /// SHA-256 of the file that the offering was generated from, in hexadecimal; or empty.
    #[serde(default)]
    pub content_hash: String,
}

fn spec_version() -> String {
    "1.0".to_owned()
}

/// What of the knowledge graph an agent understands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    #[serde(default)]
    pub namespaces: Vec<String>,
    #[serde(default)]
    pub sparql_patterns: Vec<String>,
    #[serde(default)]
    pub construct_templates: Vec<String>,
}

/// A kind of transition that an agent can stand in for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Numbers of control-flow patterns, 1 to 43.
    #[serde(default)]
    pub wcp_patterns: Vec<u8>,
    #[serde(default)]
    pub input_tokens: Vec<String>,
    #[serde(default)]
    pub output_tokens: Vec<String>,
    #[serde(default)]
    pub maintains_soundness: bool,
}

/// What calling the agent costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    #[serde(default)]
    pub construct_queries_per_call: f64,
    /// Share of the calls that a language model answers, 0 to 1.
    #[serde(default = "one")]
    pub llm_inference_ratio: f64,
    #[serde(default = "one")]
    pub base_price_per_cycle: f64,
    #[serde(default)]
    pub pricing: Pricing,
}

fn one() -> f64 {
    1.0
}

/// Every call goes to a language model, at price 1.
impl Default for Cost {
    fn default() -> Self {
        Self {
            construct_queries_per_call: 0.0,
            llm_inference_ratio: one(),
            base_price_per_cycle: one(),
            pricing: Pricing::default(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Pricing {
    PerQuery,
    #[default]
    PerCycle,
    Flat,
}

/// How long calls take at a graph of one size: percentiles in milliseconds, none less than the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LatencyProfile {
    pub graph_triples: u64,
    pub p50_ms: u64,
    pub p95_ms: u64,
    pub p99_ms: u64,
}
