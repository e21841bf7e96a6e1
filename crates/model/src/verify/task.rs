//! A task: what it stands for, what it cancels, its timer.

use crate::{
    rules,
    specification::{Decomposition, Task, Timer},
};

use super::{View, graph::Graph, report::Report};

pub(super) fn check(view: &View<'_>, graph: &Graph<'_>, task: &Task, report: &mut Report) {
    let name = view.name_of(task);
    match (&task.decomposes_to, view.decomposition_of(task)) {
        (Some(_), Some(Decomposition::Net(_) | Decomposition::Gateway(_))) => {}
        (Some(id), None) => {
            let message = format!("it decomposes to {id:?}, which the specification does not have");
            report.push(rules::TASK_DECOMPOSITION.found(&name, message));
        }
        (None, _) => without_decomposition(task, &name, report),
    }
    removes(graph, task, &name, report);
    if let Some(Timer::Variable(variable)) = &task.timer
        && !graph.writable.contains(variable.as_str())
    {
        let message = format!("its timer reads {variable:?}, which the net does not have");
        report.push(rules::TIMER_VARIABLE.found(&name, message));
    }
}

fn without_decomposition(task: &Task, name: &str, report: &mut Report) {
    if !(task.starting.is_empty() && task.completed.is_empty() && task.enablement.is_empty()) {
        let message = "it has mappings but no decomposition";
        report.push(rules::TASK_EMPTY_MAPPINGS.found(name, message));
    }
    if task.multi_instance.is_some() {
        let message = "it has several instances but no decomposition";
        report.push(rules::TASK_EMPTY_INSTANCES.found(name, message));
    }
    if task.timer.is_some() {
        let message = "it has a timer but no decomposition";
        report.push(rules::TASK_EMPTY_TIMER.found(name, message));
    }
}

fn removes(graph: &Graph<'_>, task: &Task, name: &str, report: &mut Report) {
    for id in task.removes.iter().filter(|id| graph.number(id).is_none()) {
        let message = format!("it removes tokens from {id:?}, which the net does not have");
        report.push(rules::TASK_REMOVES.found(name, message));
    }
    for (from, to) in &task.removes_from_flows {
        let exists = graph.number(from).is_some_and(|number| {
            graph.elements[number].flows().iter().any(|flow| flow.target == *to)
        });
        if !exists {
            let message = format!(
                "it removes tokens from the flow {from} to {to}, which the net does not have"
            );
            report.push(rules::TASK_REMOVES.found(name, message));
        }
    }
}
