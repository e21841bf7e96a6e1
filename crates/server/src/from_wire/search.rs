//! What somebody asks of the marketplace.

use agents::marketplace::{GRAPH_TRIPLES, Limit, Query, Search, SlotQuery, Staleness};
use wire::{limits::SEARCH_LIMIT_MAX, marketplace as market};

use super::offering::{texts, wcp};
use crate::problem::{Code, Failure};

pub(crate) fn search(from: market::Search) -> Result<Search, Failure> {
    let market::Search { query, limit, staleness_ms, after } = from;
    let mut search = Search::new(self::query(query)?);
    if let Some(limit) = limit {
        if !(1..=SEARCH_LIMIT_MAX).contains(&limit) {
            let problem = format!("limit: is {limit}, allowed are 1 to {SEARCH_LIMIT_MAX}");
            return Err(invalid(&problem));
        }
        search.limit = Limit::near(limit);
    }
    if let Some(ms) = staleness_ms {
        let (min, max) = (Staleness::MS_MIN, Staleness::MS_MAX);
        let problem = || invalid(&format!("staleness_ms: is {ms}, allowed are {min} to {max}"));
        search.staleness = Staleness::of_ms(ms).ok_or_else(problem)?;
    }
    let after = after.map(|text| text.parse()).transpose();
    search.after = after.map_err(|error| invalid(&format!("after: {error}")))?;
    Ok(search)
}

fn query(from: market::Query) -> Result<Query, Failure> {
    let pattern = |number| wcp(number).map_err(|error| invalid(&format!("wcp_pattern: {error}")));
    Ok(match from {
        market::Query::TransitionSlot(slot) => Query::TransitionSlot(SlotQuery {
            capability_keyword: slot.capability_keyword.map(Into::into),
            namespaces: texts(slot.namespaces),
            sparql_patterns: texts(slot.sparql_patterns),
            wcp_pattern: slot.wcp_pattern.map(pattern).transpose()?,
            input_tokens: texts(slot.input_tokens),
            output_tokens: texts(slot.output_tokens),
            must_maintain_soundness: slot.must_maintain_soundness,
            max_cost_per_cycle: slot.max_cost_per_cycle,
            max_p99_ms: slot.max_p99_ms,
            graph_triples: slot.graph_triples.unwrap_or(GRAPH_TRIPLES),
        }),
        market::Query::Namespace { namespace } => Query::Namespace(namespace.into()),
        market::Query::MaxCost { max_cost_per_cycle } => Query::MaxCost(max_cost_per_cycle),
        market::Query::MaxLatency { max_p99_ms } => Query::MaxLatency(max_p99_ms),
        market::Query::WcpPattern { wcp_pattern } => Query::WcpPattern(pattern(wcp_pattern)?),
        market::Query::Id { agent } => Query::Id(super::agent_id(&agent)?),
        market::Query::AllLive {} => Query::AllLive,
    })
}

fn invalid(problem: &str) -> Failure {
    Failure::new(Code::QueryInvalid, problem)
}
