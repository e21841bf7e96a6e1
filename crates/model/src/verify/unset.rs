//! Local variables that a task may read before anything has set them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    rules,
    specification::{ConditionKind, Gate, Task, TypeRef, Variable},
};

use super::{
    View,
    graph::{Element, Graph},
    query_text::names_read,
    report::Report,
};

/// Checks one net. `refuses_empty` says whether the variable's type takes no empty element.
pub(super) fn check(
    view: &View<'_>,
    graph: &Graph<'_>,
    refuses_empty: impl Fn(&Variable) -> bool,
    report: &mut Report,
) {
    let outputs: BTreeSet<&str> =
        graph.net.head.outputs.iter().map(|output| output.name.as_str()).collect();
    let readers = readers(view, graph);
    for variable in &graph.net.locals {
        let Some(reading) = readers.get(variable.name.as_str()) else { continue };
        let may_stay_unset = !is_unset(variable)
            || outputs.contains(variable.name.as_str())
            || variable.is_optional()
            || !refuses_empty(variable);
        if !may_stay_unset && !report.is_full() {
            unset(view, graph, (variable, reading), report);
        }
    }
}

/// Nothing gives the variable a value at the case's start.
pub(super) fn is_unset(variable: &Variable) -> bool {
    variable.initial_value.as_deref().is_none_or(|value| value.trim().is_empty())
}

fn unset(
    view: &View<'_>,
    graph: &Graph<'_>,
    (variable, readers): (&Variable, &BTreeSet<usize>),
    report: &mut Report,
) {
    let writes = |number: usize| match graph.elements[number] {
        Element::Condition(_) => false,
        Element::Task(task) => written_by(task).any(|name| name == variable.name),
    };
    let reached = reached_unset(graph, writes);
    let is_string = matches!(&variable.type_ref, TypeRef::Named { name, .. } if name == "string");
    let rule = if is_string { &rules::VARIABLE_UNSET_STRING } else { &rules::VARIABLE_UNSET };
    for number in readers.iter().filter(|number| reached[**number]) {
        let Element::Task(task) = graph.elements[*number] else { continue };
        let (net, name) = (&graph.net.head.id, &variable.name);
        let message = format!(
            "it reads the local variable {name} of net {net}, which may not be set by then"
        );
        report.push(rule.found(view.name_of(task), message));
    }
}

/// Which elements a token may reach while nothing has written the variable. An AND-join waits for
/// all its branches, so one that writes is enough there; anywhere else every way must write.
fn reached_unset(graph: &Graph<'_>, writes: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut reached = vec![false; graph.elements.len()];
    let mut arrived = vec![0; graph.elements.len()];
    let mut waiting: Vec<usize> = graph.conditions(ConditionKind::Input).collect();
    waiting.iter().for_each(|input| reached[*input] = true);
    while let Some(number) = waiting.pop() {
        // A writer is reached unset, and what follows it finds the variable set.
        if writes(number) {
            continue;
        }
        for next in graph.next[number].iter().copied() {
            arrived[next] += 1;
            let needed = match graph.elements[next] {
                Element::Task(task) if task.join == Gate::And => graph.previous[next].len(),
                Element::Task(_) | Element::Condition(_) => 1,
            };
            if arrived[next] >= needed && !reached[next] {
                reached[next] = true;
                waiting.push(next);
            }
        }
    }
    reached
}

/// The tasks that read each variable by an input mapping, by number.
fn readers<'a>(view: &View<'a>, graph: &Graph<'a>) -> BTreeMap<&'a str, BTreeSet<usize>> {
    let root = view.data_root(&graph.net.head.id);
    let mut readers: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (number, element) in graph.elements.iter().enumerate() {
        let Element::Task(task) = element else { continue };
        let formal = task.multi_instance.as_ref().map(|multi| multi.input.query.as_str());
        let queries = task.starting.iter().map(|mapping| mapping.query.as_str()).chain(formal);
        for name in queries.flat_map(|query| names_read(query, root)) {
            readers.entry(name).or_default().insert(number);
        }
    }
    readers
}

/// The variables of the net that the task's completion writes.
fn written_by(task: &Task) -> impl Iterator<Item = &str> {
    let output = task.multi_instance.as_ref().and_then(|multi| multi.output.as_ref());
    let output = output.map(|output| output.variable.as_str());
    task.completed.iter().map(|mapping| mapping.maps_to.as_str()).chain(output)
}
