//! Says whether a specification can be run: errors refuse it, warnings are returned to its author.
//!
//! One file per noun. What needs compiled queries is checked by the crate that compiles them; what
//! needs registered services is checked by whoever knows those. Works on any [`Specification`], read
//! or made: nothing here relies on the reader's checks. Time is linear in the specification's size
//! but for the check of unset variables, which walks a net once per variable that a task reads.

mod flow;
mod graph;
mod instances;
mod loops;
mod mapping;
mod net;
mod query_text;
mod report;
mod review;
mod task;
mod tokens;
mod unset;
mod usage;
mod variable;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{
    finding::Finding,
    rules,
    specification::{Decomposition, Specification, Task},
};

use self::{graph::Graph, report::Report};

/// Checks a specification: schema and use of decompositions first, then net by net in document order.
///
/// Gives at most [`VERIFICATION_FINDINGS_MAX`](crate::limits::VERIFICATION_FINDINGS_MAX) errors and as
/// many warnings.
pub fn verify(specification: &Specification) -> Vec<Finding> {
    let view = View::new(specification);
    let mut report = Report::default();
    root_net(&view, &mut report);
    usage::check(&view, &mut report);
    variable::check(&view, &mut report);
    for graph in &view.nets {
        let start = report.len();
        net::check(&view, graph, &mut report);
        flow::check(&view, graph, &mut report);
        tokens::check(&view, graph, &mut report);
        for task in &graph.net.tasks {
            if report.is_full() {
                break;
            }
            task::check(&view, graph, task, &mut report);
            mapping::check(&view, graph, task, &mut report);
            instances::check(&view, task, &mut report);
            review::check(&view, task, &mut report);
        }
        report.name_net(start, &graph.net.head.id);
    }
    loops::check(&view, &mut report);
    report.finish()
}

/// A specification with its cross references resolved.
struct View<'a> {
    specification: &'a Specification,
    /// By id; of two with one id the first, as [`Specification::decomposition`] has it.
    decompositions: BTreeMap<&'a str, &'a Decomposition>,
    nets: Vec<Graph<'a>>,
}

impl<'a> View<'a> {
    fn new(specification: &'a Specification) -> Self {
        let mut decompositions = BTreeMap::new();
        for decomposition in &specification.decompositions {
            decompositions.entry(decomposition.head().id.as_str()).or_insert(decomposition);
        }
        let nets = specification.nets().map(Graph::new).collect();
        Self { specification, decompositions, nets }
    }

    /// What the task stands for, if it names a decomposition that exists.
    fn decomposition_of(&self, task: &Task) -> Option<&'a Decomposition> {
        self.decompositions.get(task.decomposes_to.as_deref()?).copied()
    }

    /// The task as the reference names it.
    fn name_of(&self, task: &Task) -> String {
        match self.decomposition_of(task) {
            Some(Decomposition::Net(_)) => format!("CompositeTask:{}", task.id),
            Some(Decomposition::Gateway(_)) | None => format!("AtomicTask:{}", task.id),
        }
    }

    /// The name of a net's data root in queries.
    fn data_root(&self, net_id: &'a str) -> &'a str {
        if self.specification.schema_version.uses_simple_root_data() { "data" } else { net_id }
    }
}

/// The decomposition as the reference names it.
fn decomposition_name(decomposition: &Decomposition) -> String {
    match decomposition {
        Decomposition::Net(net) => format!("YNet:{}", net.head.id),
        Decomposition::Gateway(gateway) => format!("YAWLServiceGateway:{}", gateway.head.id),
    }
}

fn root_net(view: &View<'_>, report: &mut Report) {
    let element = format!("Specification:{}", view.specification.uri);
    let roots = view.specification.nets().filter(|net| net.is_root).count();
    if roots != 1 {
        let message = match roots {
            0 => "no net is marked as root".to_owned(),
            more => format!("{more} nets are marked as root"),
        };
        report.push(rules::ROOT_NET.found(&element, message));
    }
    for (at, decomposition) in view.specification.decompositions.iter().enumerate() {
        let id = &decomposition.head().id;
        let first = view.decompositions.get(id.as_str()).copied();
        if !first.is_some_and(|first| std::ptr::eq(first, decomposition)) {
            let message = format!("decomposition {at} has the id {id:?} of an earlier one");
            report.push(rules::ID_DUPLICATE.found(decomposition_name(decomposition), message));
        }
    }
}
