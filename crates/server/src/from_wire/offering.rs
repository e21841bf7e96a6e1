//! What an agent says that it offers, as a checked offering.

use std::sync::Arc;

use agents::marketplace::{self, Draft, Wcp};
use wire::offering as spec;

use crate::problem::{Code, Failure};

pub(crate) fn offering(from: spec::Offering) -> Result<Arc<marketplace::Offering>, Failure> {
    let spec::Offering {
        domain,
        description,
        coverage,
        fit,
        cost,
        latency,
        spec_version,
        content_hash,
    } = from;
    let fit = fit.into_iter().enumerate().map(|(at, one)| contract(at, one));
    let draft = Draft {
        domain: domain.into(),
        description: description.into(),
        coverage: marketplace::Coverage {
            namespaces: texts(coverage.namespaces),
            sparql_patterns: texts(coverage.sparql_patterns),
            construct_templates: texts(coverage.construct_templates),
        },
        fit: fit.collect::<Result<_, _>>()?,
        cost: self::cost(cost),
        latency: latency.into_iter().map(profile).collect(),
        spec_version: spec_version.into(),
        content_hash: content_hash.into(),
    };
    let checked = marketplace::Offering::new(draft);
    checked.map(Arc::new).map_err(|error| invalid(&error.to_string()))
}

pub(super) fn texts<T: From<String>>(from: Vec<String>) -> Vec<T> {
    from.into_iter().map(T::from).collect()
}

/// A control-flow pattern by its number.
pub(super) fn wcp(number: u8) -> Result<Wcp, String> {
    Wcp::new(number).ok_or_else(|| format!("there is no pattern {number}, use 1 to {}", Wcp::MAX))
}

fn contract(at: usize, from: spec::Contract) -> Result<marketplace::Contract, Failure> {
    let wcp_patterns = from.wcp_patterns.into_iter().map(wcp).collect::<Result<_, _>>();
    Ok(marketplace::Contract {
        wcp_patterns: wcp_patterns
            .map_err(|problem| invalid(&format!("fit[{at}].wcp_patterns: {problem}")))?,
        input_tokens: texts(from.input_tokens),
        output_tokens: texts(from.output_tokens),
        maintains_soundness: from.maintains_soundness,
    })
}

fn cost(from: spec::Cost) -> marketplace::Cost {
    marketplace::Cost {
        construct_queries_per_call: from.construct_queries_per_call,
        llm_inference_ratio: from.llm_inference_ratio,
        base_price_per_cycle: from.base_price_per_cycle,
        pricing: match from.pricing {
            spec::Pricing::PerQuery => marketplace::Pricing::PerQuery,
            spec::Pricing::PerCycle => marketplace::Pricing::PerCycle,
            spec::Pricing::Flat => marketplace::Pricing::Flat,
        },
    }
}

fn profile(from: spec::LatencyProfile) -> marketplace::LatencyProfile {
    let spec::LatencyProfile { graph_triples, p50_ms, p95_ms, p99_ms } = from;
    marketplace::LatencyProfile { graph_triples, p50_ms, p95_ms, p99_ms }
}

fn invalid(problem: &str) -> Failure {
    Failure::new(Code::OfferingInvalid, format!("offering: {problem}"))
}
