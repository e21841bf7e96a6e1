//! Conditions and flows of a net; tasks have their own file.

use crate::specification::{Condition, ConditionKind, Flow, Net};

use super::{sink::Sink, task};

pub(super) fn write(net: &Net, sink: &mut Sink) {
    conditions(net, ConditionKind::Input, sink);
    net.tasks.iter().for_each(|item| task::write(item, sink));
    conditions(net, ConditionKind::Ordinary, sink);
    conditions(net, ConditionKind::Output, sink);
}

fn conditions(net: &Net, kind: ConditionKind, sink: &mut Sink) {
    for item in net.conditions.iter().filter(|condition| condition.kind == kind) {
        condition(item, sink);
    }
}

fn condition(condition: &Condition, sink: &mut Sink) {
    let element = match condition.kind {
        ConditionKind::Input => "inputCondition",
        ConditionKind::Output => "outputCondition",
        ConditionKind::Ordinary => "condition",
    };
    sink.nest(element, &[("id", &condition.id)], |sink| {
        sink.optional("name", condition.name.as_deref());
        sink.optional("documentation", condition.documentation.as_deref());
        flows(&condition.flows, sink);
    });
}

pub(super) fn flows(flows: &[Flow], sink: &mut Sink) {
    for flow in flows {
        let tokens = flow.tokens.map(|tokens| tokens.to_string());
        let attributes = tokens.as_deref().map(|tokens| ("ext:tokens", tokens));
        sink.nest("flowsInto", attributes.as_slice(), |sink| {
            sink.empty("nextElementRef", &[("id", &flow.target)]);
            if let Some(predicate) = &flow.predicate {
                let ordering = predicate.ordering.map(|ordering| ordering.to_string());
                let attributes = ordering.as_deref().map(|ordering| ("ordering", ordering));
                sink.leaf_with("predicate", attributes.as_slice(), &predicate.query);
            }
            sink.mark("isDefaultFlow", flow.is_default);
            sink.optional("documentation", flow.documentation.as_deref());
        });
    }
}
