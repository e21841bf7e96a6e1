//! Flows: where they may lead, and which predicates each kind of split takes.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    rules,
    specification::{ConditionKind, Flow, Gate, Task},
};

use super::{
    View,
    graph::{Element, Graph},
    net::element_name,
    report::Report,
};

pub(super) fn check(view: &View<'_>, graph: &Graph<'_>, report: &mut Report) {
    for element in &graph.elements {
        let name = element_name(view, *element);
        ends(graph, *element, &name, report);
        match element {
            Element::Condition(_) => from_condition(graph, *element, &name, report),
            Element::Task(task) => from_task(task, &name, report),
        }
    }
}

fn ends(graph: &Graph<'_>, element: Element<'_>, name: &str, report: &mut Report) {
    let is_output = element.is(ConditionKind::Output);
    match (element.flows().is_empty(), is_output) {
        (true, false) => report.push(rules::FLOW_NONE.found(name, "no flow leaves it")),
        (false, true) => report.push(rules::FLOW_FROM_OUTPUT.found(name, "a flow leaves it")),
        (true, true) | (false, false) => {}
    }
    let mut seen = BTreeSet::new();
    for flow in element.flows() {
        let target = &flow.target;
        let Some(number) = graph.number(target) else {
            let message = format!("a flow leads to {target:?}, which the net does not have");
            report.push(rules::FLOW_TARGET.found(name, message));
            continue;
        };
        if graph.elements[number].is(ConditionKind::Input) {
            let message = format!("a flow leads into the input condition {target}");
            report.push(rules::FLOW_INTO_INPUT.found(name, message));
        }
        if !seen.insert(target) {
            let message = format!("two flows lead to {target}: only the last one counts");
            report.push(rules::FLOW_REPEATED.found(name, message));
        }
    }
}

fn from_condition(graph: &Graph<'_>, element: Element<'_>, name: &str, report: &mut Report) {
    for flow in element.flows() {
        let target = &flow.target;
        let number = graph.number(target);
        let to_task = number.is_none_or(|at| matches!(graph.elements[at], Element::Task(_)));
        let message = if flow.predicate.is_some() {
            format!("the flow to {target} has a predicate")
        } else if flow.is_default {
            format!("the flow to {target} is marked as default")
        } else if !to_task {
            format!("the flow to {target} leads to a condition")
        } else {
            continue;
        };
        report.push(rules::FLOW_CONDITION.found(name, message));
    }
}

fn from_task(task: &Task, name: &str, report: &mut Report) {
    // As in the reference, of two flows to one target the last one counts.
    let by_target: BTreeMap<&str, &Flow> =
        task.flows.iter().map(|flow| (flow.target.as_str(), flow)).collect();
    for flow in by_target.values() {
        if flow.predicate.as_ref().is_some_and(|predicate| predicate.query.trim().is_empty()) {
            let message = format!("the predicate of the flow to {} is empty", flow.target);
            report.push(rules::MAPPING_EMPTY.found(name, message));
        }
        let (rule, fault) = match task.split {
            Gate::And => (&rules::FLOW_AND, and_fault(flow)),
            Gate::Xor => (&rules::FLOW_XOR, xor_fault(flow)),
            Gate::Or => (&rules::FLOW_OR, or_fault(flow)),
        };
        if let Some(fault) = fault {
            report.push(rule.found(name, format!("the flow to {} {fault}", flow.target)));
        }
    }
    if task.split == Gate::And {
        return;
    }
    let defaults = by_target.values().filter(|flow| flow.is_default).count();
    if defaults != 1 {
        let message = format!("the split has {defaults} default flows");
        report.push(rules::FLOW_DEFAULT.found(name, message));
    }
    if task.split == Gate::Or {
        return;
    }
    let mut seen = BTreeSet::new();
    let predicates = by_target.values().filter_map(|flow| flow.predicate.as_ref());
    for ordering in predicates.filter_map(|predicate| predicate.ordering) {
        if !seen.insert(ordering) {
            let message = format!("two flows have the ordering {ordering}");
            report.push(rules::FLOW_ORDERING.found(name, message));
        }
    }
}

fn and_fault(flow: &Flow) -> Option<&'static str> {
    match (&flow.predicate, flow.is_default) {
        (Some(_), true | false) => Some("has a predicate, and the split is AND"),
        (None, true) => Some("is marked as default, and the split is AND"),
        (None, false) => None,
    }
}

fn xor_fault(flow: &Flow) -> Option<&'static str> {
    match (&flow.predicate, flow.is_default) {
        (Some(_), true) => Some("has a predicate and is the default"),
        (None, false) => Some("has no predicate and is not the default"),
        (Some(predicate), false) if predicate.ordering.is_none() => {
            Some("has a predicate without ordering")
        }
        (Some(_), false) | (None, true) => None,
    }
}

fn or_fault(flow: &Flow) -> Option<&'static str> {
    match &flow.predicate {
        None => Some("has no predicate"),
        Some(predicate) if predicate.ordering.is_some() => Some("has an ordering"),
        Some(_) => None,
    }
}
