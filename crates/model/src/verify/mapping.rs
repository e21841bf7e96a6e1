//! Mappings: between the variables of a net and the parameters of what a task stands for.

use std::collections::BTreeSet;

use crate::{
    rules,
    specification::{Head, Mapping, SchemaVersion, Task},
};

use super::{View, decomposition_name, graph::Graph, report::Report};

/// A mapping of either kind: from a query to a parameter or variable.
type Pair<'a> = (&'a str, &'a str);

pub(super) fn check(view: &View<'_>, graph: &Graph<'_>, task: &Task, report: &mut Report) {
    let Some(decomposition) = view.decomposition_of(task) else { return };
    let name = view.name_of(task);
    let starting = starting(task);
    let completed = completed(task);
    let enablement: Vec<Pair<'_>> = task.enablement.iter().map(pair).collect();
    for (pairs, word) in
        [(&starting, "starting"), (&completed, "completed"), (&enablement, "enablement")]
    {
        set(pairs, word, &name, report);
    }
    let head = decomposition.head();
    parameters(&starting, head, (&name, &decomposition_name(decomposition)), report);
    variables(&completed, graph, &name, report);
    if view.specification.schema_version < SchemaVersion::Beta4 {
        output_expressions(&completed, head, &name, report);
    }
}

fn pair(mapping: &Mapping) -> Pair<'_> {
    (&mapping.query, &mapping.maps_to)
}

/// The input mappings, that of the formal parameter of several instances among them.
fn starting(task: &Task) -> Vec<Pair<'_>> {
    let formal = task.multi_instance.as_ref();
    let formal = formal.map(|multi| (&*multi.input.query, &*multi.input.formal_parameter));
    task.starting.iter().map(pair).chain(formal).collect()
}

/// The output mappings, that of the joined result of several instances among them.
fn completed(task: &Task) -> Vec<Pair<'_>> {
    let output = task.multi_instance.as_ref().and_then(|multi| multi.output.as_ref());
    let output = output.map(|output| (&*output.formal_query, &*output.variable));
    task.completed.iter().map(pair).chain(output).collect()
}

/// What holds in any set: queries there, no query and no target twice.
fn set(pairs: &[Pair<'_>], word: &str, name: &str, report: &mut Report) {
    let (mut queries, mut targets) = (BTreeSet::new(), BTreeSet::new());
    for (query, target) in pairs {
        if query.trim().is_empty() {
            let message = format!("the {word} mapping to {target} has no query");
            report.push(rules::MAPPING_EMPTY.found(name, message));
        } else if !queries.insert(*query) {
            let message = format!("the {word} mapping to {target} repeats the query of another");
            report.push(rules::MAPPING_QUERY_REPEATED.found(name, message));
        }
        if !targets.insert(*target) {
            let message = format!("two {word} mappings write {target}");
            report.push(rules::MAPPING_TARGET_REPEATED.found(name, message));
        }
    }
}

fn parameters(
    starting: &[Pair<'_>],
    head: &Head,
    (name, decomposition): (&str, &str),
    report: &mut Report,
) {
    let mapped: BTreeSet<&str> = starting.iter().map(|(_, target)| *target).collect();
    let known: BTreeSet<&str> = head.inputs.iter().map(|input| input.name.as_str()).collect();
    for parameter in known.difference(&mapped) {
        let message =
            format!("nothing is mapped to the input parameter {parameter} of {decomposition}");
        report.push(rules::MAPPING_MISSING.found(name, message));
    }
    for parameter in mapped.difference(&known) {
        let message = format!("{decomposition} has no input parameter {parameter:?}");
        report.push(rules::MAPPING_PARAMETER.found(name, message));
    }
}

fn variables(completed: &[Pair<'_>], graph: &Graph<'_>, name: &str, report: &mut Report) {
    let targets: BTreeSet<&str> = completed.iter().map(|(_, target)| *target).collect();
    for variable in targets.into_iter().filter(|target| !graph.writable.contains(target)) {
        let message = format!("the net has no local variable or input parameter {variable:?}");
        report.push(rules::MAPPING_VARIABLE.found(name, message));
    }
}

fn output_expressions(completed: &[Pair<'_>], head: &Head, name: &str, report: &mut Report) {
    let mapped: BTreeSet<&str> = completed.iter().map(|(query, _)| *query).collect();
    let declared: BTreeSet<&str> = head.output_expressions.iter().map(String::as_str).collect();
    for query in mapped.symmetric_difference(&declared) {
        let side = if mapped.contains(query) { "completion mapping" } else { "output expression" };
        let message = format!("the {side} {query:?} has no counterpart");
        report.push(rules::MAPPING_OUTPUT_EXPRESSION.found(name, message));
    }
}
