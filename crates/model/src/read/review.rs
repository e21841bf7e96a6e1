//! `agentBinding` of a task, and the attributes `review…` of a decomposition.

use super::{
    document::{EXTENSION_NAMESPACE, Source},
    shape::{Shape, leaf, nest, optional},
    value::Value,
};
use crate::specification::{AgentBinding, ReviewTerms, STRATEGIES};

type Node<'n, 't> = roxmltree::Node<'n, 't>;

/// No schema version has it: agents of the reference read it.
pub(super) const AGENT_BINDING: Shape = nest(&[
    optional("agentType", &leaf(Value::Key)),
    optional("capabilityRequired", &leaf(Value::Key)),
    optional("reviewQuorum", &leaf(Value::Quorum)),
    optional("conflictResolution", &leaf(Value::OneOf(&STRATEGIES))),
    optional("conflictArbiter", &leaf(Value::AgentName)),
    optional("timeout", &leaf(Value::ReviewTimeout)),
    optional("fallbackToHuman", &leaf(Value::Boolean)),
]);

pub(super) fn binding(source: &Source<'_>, node: Node<'_, '_>) -> AgentBinding {
    let token = |name| source.child_token(node, name);
    AgentBinding {
        agent_type: token("agentType"),
        capability: token("capabilityRequired"),
        review: ReviewTerms {
            quorum: number(token("reviewQuorum")),
            strategy: token("conflictResolution"),
            arbiter: token("conflictArbiter"),
            timeout: token("timeout"),
            fallback_to_human: boolean(token("fallbackToHuman")),
            ..ReviewTerms::default()
        },
    }
}

/// What a decomposition says; nothing where it says nothing.
pub(super) fn terms(node: Node<'_, '_>) -> Option<ReviewTerms> {
    let token = |name| {
        let attribute = node.attribute((EXTENSION_NAMESPACE, name));
        attribute.map(|text| text.trim().to_owned())
    };
    let terms = ReviewTerms {
        quorum: number(token("review")),
        strategy: token("review-strategy"),
        severity: token("review-severity"),
        confidence_min: token("review-confidence"),
        votes_min: number(token("review-votes")),
        supermajority: token("review-supermajority"),
        arbiter: token("review-arbiter"),
        timeout: token("review-timeout"),
        fallback_to_human: boolean(token("review-human")),
    };
    (!terms.is_empty()).then_some(terms)
}

fn number(text: Option<String>) -> Option<u16> {
    text?.parse().ok()
}

fn boolean(text: Option<String>) -> Option<bool> {
    text.map(|text| matches!(text.as_str(), "true" | "1"))
}
