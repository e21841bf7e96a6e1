//! Values that the reference gives names to, and its defaults.

use super::{Contract, Cost, Coverage, Draft, LatencyProfile, Pricing, Wcp};

/// Price of an agent that names none.
const PRICE: f64 = 1.0;
/// Version of an offering that names none.
const SPEC_VERSION: &str = "1.0";

impl Draft {
    /// An agent of which nothing but its capability is known: every call goes to a language model at price 1.
    pub fn minimal(domain: &str, description: &str) -> Self {
        Self {
            domain: domain.into(),
            description: description.into(),
            coverage: Coverage::default(),
            fit: Vec::new(),
            cost: Cost::pure_inference(PRICE),
            latency: Vec::new(),
            spec_version: SPEC_VERSION.into(),
            content_hash: Default::default(),
        }
    }
}

impl Cost {
    /// A language model answers every call.
    pub fn pure_inference(base_price_per_cycle: f64) -> Self {
        Self {
            construct_queries_per_call: 0.0,
            llm_inference_ratio: 1.0,
            base_price_per_cycle,
            pricing: Pricing::PerCycle,
        }
    }
}

impl LatencyProfile {
    /// A store made for graphs of a thousand million triples.
    pub fn qlever_class() -> Self {
        Self { graph_triples: 1_000_000_000, p50_ms: 5, p95_ms: 50, p99_ms: 95 }
    }

    pub fn standard_sparql() -> Self {
        Self { graph_triples: 10_000_000, p50_ms: 80, p95_ms: 500, p99_ms: 1_200 }
    }

    /// A language model that reads the graph.
    pub fn inference() -> Self {
        Self { graph_triples: 1_000_000, p50_ms: 800, p95_ms: 3_000, p99_ms: 8_000 }
    }
}

impl Contract {
    /// A contract for one pattern, with any tokens, that keeps a net sound.
    pub fn of(wcp: Wcp) -> Self {
        Self { wcp_patterns: vec![wcp], maintains_soundness: true, ..Self::default() }
    }
}
