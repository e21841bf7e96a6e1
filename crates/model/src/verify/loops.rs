//! Cycles in which no work item is ever made: the engine would run round them without an end.
//!
//! The graph spans all nets: a condition and a task without decomposition lead to what follows
//! them, a composite task leads to the input condition of its net. What a cycle of that graph
//! goes through (a strongly connected component of it) takes part in the loop.

use std::collections::BTreeMap;

use crate::{
    rules,
    specification::{ConditionKind, Decomposition, Task},
};

use super::{
    View,
    graph::{Element, Graph},
    report::Report,
    usage,
};

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    let (edges, starts) = silent_edges(view);
    let used = usage::reached(view);
    for node in on_cycles(&edges) {
        let at = starts.partition_point(|start| *start <= node) - 1;
        let graph = &view.nets[at];
        let Element::Task(task) = graph.elements[node - starts[at]] else { continue };
        let net = graph.net.head.id.as_str();
        let is_used = used.contains(net);
        let rule = if is_used { &rules::NET_LOOP } else { &rules::NET_LOOP_UNUSED };
        let message = format!(
            "in net {net} it takes part in an infinite loop or recursion in which no work items may be created"
        );
        report.push(rule.found(view.name_of(task), message));
    }
}

/// The edges between elements of all nets, and the number of each net's first element.
fn silent_edges(view: &View<'_>) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut starts = Vec::with_capacity(view.nets.len());
    let mut total = 0;
    for graph in &view.nets {
        starts.push(total);
        total += graph.elements.len();
    }
    // Where a composite task leads: the input conditions of its net.
    let inputs: BTreeMap<&str, Vec<usize>> = view
        .nets
        .iter()
        .zip(&starts)
        .map(|(graph, start)| {
            let inputs = graph.conditions(ConditionKind::Input).map(|input| start + input);
            (graph.net.head.id.as_str(), inputs.collect())
        })
        .collect();
    let mut edges = Vec::with_capacity(total);
    for (graph, start) in view.nets.iter().zip(&starts) {
        for number in 0..graph.elements.len() {
            edges.push(match graph.elements[number] {
                Element::Task(task) if task.decomposes_to.is_some() => {
                    into_net(view, task, &inputs)
                }
                Element::Task(_) | Element::Condition(_) => next(graph, number, *start),
            });
        }
    }
    (edges, starts)
}

fn next(graph: &Graph<'_>, number: usize, start: usize) -> Vec<usize> {
    graph.next[number].iter().map(|next| start + next).collect()
}

/// A task with a gateway, or with nothing where something was named, makes work: it leads nowhere.
fn into_net(view: &View<'_>, task: &Task, inputs: &BTreeMap<&str, Vec<usize>>) -> Vec<usize> {
    match view.decomposition_of(task) {
        Some(Decomposition::Net(net)) => {
            inputs.get(net.head.id.as_str()).cloned().unwrap_or_default()
        }
        Some(Decomposition::Gateway(_)) | None => Vec::new(),
    }
}

/// The nodes on cycles, in ascending order: Tarjan's components, with a stack of our own because a
/// net may be thousands of elements deep.
fn on_cycles(edges: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let mut index = vec![UNSEEN; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut is_open = vec![false; edges.len()];
    let mut open = Vec::new();
    let mut found = Vec::new();
    let mut count = 0;
    for root in 0..edges.len() {
        if index[root] != UNSEEN {
            continue;
        }
        // A node under way with the number of its next edge.
        let mut path = vec![(root, 0)];
        while let Some((node, edge)) = path.pop() {
            if edge == 0 {
                (index[node], low[node]) = (count, count);
                count += 1;
                open.push(node);
                is_open[node] = true;
            } else {
                // Back from the child behind the edge before this one.
                let child = edges[node][edge - 1];
                if is_open[child] {
                    low[node] = low[node].min(low[child]);
                }
            }
            if let Some(child) = edges[node].get(edge).copied() {
                path.push((node, edge + 1));
                if index[child] == UNSEEN {
                    path.push((child, 0));
                }
                continue;
            }
            if low[node] == index[node] {
                let at = open.iter().rposition(|other| *other == node);
                let component = open.split_off(at.expect("an open node is on the stack"));
                component.iter().for_each(|member| is_open[*member] = false);
                if component.len() > 1 || edges[node].contains(&node) {
                    found.extend(component);
                }
            }
        }
    }
    found.sort_unstable();
    found
}
