//! Flows that carry several tokens (an extension): where their meaning is settled.

use crate::{
    rules,
    specification::{Flow, Gate},
};

use super::{
    View,
    graph::{Element, Graph},
    net::element_name,
    report::Report,
};

pub(super) fn check(view: &View<'_>, graph: &Graph<'_>, report: &mut Report) {
    // The analysis of an OR-join knows flows of one token.
    let or_join = graph.net.tasks.iter().find(|task| task.join == Gate::Or);
    for element in &graph.elements {
        for flow in element.flows().iter().filter(|flow| flow.tokens.is_some_and(|it| it > 1)) {
            let target = &flow.target;
            let message = match or_join {
                Some(task) => {
                    format!(
                        "the flow to {target} carries several tokens beside the OR-join {}",
                        task.id
                    )
                }
                None if is_one_of_many(graph, *element, flow) => {
                    format!(
                        "the flow to {target} carries several tokens into an XOR-join that others lead to"
                    )
                }
                None => continue,
            };
            report.push(rules::FLOW_TOKENS.found(element_name(view, *element), message));
        }
    }
}

/// Whether the flow leads from a condition to an XOR-join that may take from another one.
fn is_one_of_many(graph: &Graph<'_>, element: Element<'_>, flow: &Flow) -> bool {
    let Some(number) = graph.number(&flow.target) else { return false };
    match (element, graph.elements[number]) {
        (Element::Condition(_), Element::Task(task)) => {
            task.join == Gate::Xor && graph.previous[number].len() > 1
        }
        (Element::Condition(_) | Element::Task(_), Element::Condition(_) | Element::Task(_)) => {
            false
        }
    }
}
