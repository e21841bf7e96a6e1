//! Which decompositions the root net reaches.

use std::collections::BTreeSet;

use crate::{
    rules,
    specification::{Decomposition, Specification},
};

use super::{View, decomposition_name, report::Report};

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    let used = reached(view);
    // Without a root net everything would be unused: one error says enough.
    if used.is_empty() {
        return;
    }
    for decomposition in &view.specification.decompositions {
        let id = &decomposition.head().id;
        if !used.contains(id.as_str()) {
            let message = format!("the decomposition {id} is not used in this specification");
            let name = decomposition_name(decomposition);
            report.push(rules::DECOMPOSITION_UNUSED.found(name, message));
        }
    }
}

/// Ids of the decompositions that the root net reaches through tasks, itself included.
pub(super) fn reached<'a>(view: &View<'a>) -> BTreeSet<&'a str> {
    let specification: &'a Specification = view.specification;
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&str> =
        specification.root_net().map(|net| net.head.id.as_str()).into_iter().collect();
    while let Some(id) = waiting.pop() {
        let Some(decomposition) = view.decompositions.get(id).copied() else { continue };
        if !reached.insert(decomposition.head().id.as_str()) {
            continue;
        }
        match decomposition {
            Decomposition::Net(net) => {
                waiting.extend(net.tasks.iter().filter_map(|task| task.decomposes_to.as_deref()));
            }
            Decomposition::Gateway(_) => {}
        }
    }
    reached
}
