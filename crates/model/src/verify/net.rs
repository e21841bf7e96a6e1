//! The shape of a net: one input, one output, and every element on a path between them.

use crate::{rules, specification::ConditionKind};

use super::{
    View,
    graph::{Element, Graph},
    report::Report,
};

pub(super) fn check(view: &View<'_>, graph: &Graph<'_>, report: &mut Report) {
    let name = format!("YNet:{}", graph.net.head.id);
    let kinds = [
        (ConditionKind::Input, &rules::NET_INPUT, "input"),
        (ConditionKind::Output, &rules::NET_OUTPUT, "output"),
    ];
    for (kind, rule, word) in kinds {
        let count = graph.conditions(kind).count();
        if count != 1 {
            report.push(rule.found(&name, format!("the net has {count} {word} conditions")));
        }
    }
    for (number, element) in graph.elements.iter().enumerate() {
        if graph.number(element.id()) != Some(number) {
            let message = format!("there are two elements with the id {:?}", element.id());
            report.push(rules::ID_DUPLICATE.found(element_name(view, *element), message));
        }
    }
    paths(view, graph, report);
    empty_path(graph, &name, report);
}

fn paths(view: &View<'_>, graph: &Graph<'_>, report: &mut Report) {
    let inputs = graph.conditions(ConditionKind::Input);
    let outputs = graph.conditions(ConditionKind::Output);
    let forward = graph.reached(inputs, &graph.next, |_| true);
    let backward = graph.reached(outputs, &graph.previous, |_| true);
    for (number, element) in graph.elements.iter().enumerate() {
        let name = element_name(view, *element);
        if !forward[number] {
            let message = "no path leads from the input condition to it";
            report.push(rules::NET_FORWARD.found(&name, message));
        }
        if !backward[number] {
            let message = "no path leads from it to the output condition";
            report.push(rules::NET_BACKWARD.found(&name, message));
        }
    }
}

/// A case whose root net has such a path may end in the moment of its launch.
fn empty_path(graph: &Graph<'_>, name: &str, report: &mut Report) {
    let is_silent = |number: usize| match graph.elements[number] {
        Element::Condition(_) => true,
        Element::Task(task) => task.decomposes_to.is_none(),
    };
    let inputs = graph.conditions(ConditionKind::Input);
    let reached = graph.reached(inputs, &graph.next, is_silent);
    if graph.conditions(ConditionKind::Output).any(|output| reached[output]) {
        let message = "the net may complete without any generated work: \
                       tasks without decomposition lead from its input to its output condition";
        report.push(rules::NET_EMPTY_PATH.found(name, message));
    }
}

/// The element as the reference names it.
pub(super) fn element_name(view: &View<'_>, element: Element<'_>) -> String {
    match element {
        Element::Task(task) => view.name_of(task),
        Element::Condition(condition) => {
            let kind = match condition.kind {
                ConditionKind::Input => "InputCondition",
                ConditionKind::Output => "OutputCondition",
                ConditionKind::Ordinary => "Condition",
            };
            format!("{kind}:{}", condition.id)
        }
    }
}
