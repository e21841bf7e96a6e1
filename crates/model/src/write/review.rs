//! What a task asks of the agents that do it.

use crate::specification::{AgentBinding, ReviewTerms};

use super::sink::Sink;

pub(super) fn binding(binding: &AgentBinding, sink: &mut Sink) {
    let AgentBinding { agent_type, capability, review } = binding;
    sink.nest("agentBinding", &[], |sink| {
        sink.optional("agentType", agent_type.as_deref());
        sink.optional("capabilityRequired", capability.as_deref());
        sink.optional("reviewQuorum", number(review.quorum).as_deref());
        sink.optional("conflictResolution", review.strategy.as_deref());
        sink.optional("conflictArbiter", review.arbiter.as_deref());
        sink.optional("timeout", review.timeout.as_deref());
        sink.optional("fallbackToHuman", boolean(review.fallback_to_human).as_deref());
    });
}

/// The attributes of a decomposition.
pub(super) fn attributes(terms: &ReviewTerms) -> Vec<(&'static str, String)> {
    let ReviewTerms { quorum, strategy, severity, confidence_min, votes_min, .. } = terms;
    let ReviewTerms { supermajority, arbiter, timeout, fallback_to_human, .. } = terms;
    let all = [
        ("ext:review", number(*quorum)),
        ("ext:review-strategy", strategy.clone()),
        ("ext:review-severity", severity.clone()),
        ("ext:review-confidence", confidence_min.clone()),
        ("ext:review-votes", number(*votes_min)),
        ("ext:review-supermajority", supermajority.clone()),
        ("ext:review-arbiter", arbiter.clone()),
        ("ext:review-timeout", timeout.clone()),
        ("ext:review-human", boolean(*fallback_to_human)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn number(number: Option<u16>) -> Option<String> {
    number.map(|number| number.to_string())
}

fn boolean(flag: Option<bool>) -> Option<String> {
    flag.map(|flag| flag.to_string())
}
