//! A net: its variables, conditions, tasks and flows.

use std::collections::BTreeSet;

use super::{
    decomposition::head,
    document::{EXTENSION_NAMESPACE, Source, text},
    task, variable,
};
use crate::{
    rules,
    specification::{Condition, ConditionKind, Flow, Net, Predicate, Resourced, Termination},
};

type Node<'n, 't> = roxmltree::Node<'n, 't>;

pub(super) fn net(source: &mut Source<'_>, node: Node<'_, '_>) -> Net {
    let mut net = Net {
        head: head(source, node),
        is_root: false,
        locals: variable::list(source, node, "localVariable"),
        conditions: Vec::new(),
        tasks: Vec::new(),
        external_data_gateway: source.child_token(node, "externalDataGateway"),
        termination: match node.attribute((EXTENSION_NAMESPACE, "termination")).map(str::trim) {
            Some("implicit") => Termination::Implicit,
            Some(_) | None => Termination::Explicit,
        },
        resourced: match node.attribute((EXTENSION_NAMESPACE, "resourcing")).map(str::trim) {
            Some("everywhere") => Resourced::Everywhere,
            Some("nowhere") => Resourced::Nowhere,
            Some(_) | None => Resourced::WhereAsked,
        },
    };
    let Some(control) = source.child(node, "processControlElements") else { return net };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for child in control.children().filter(roxmltree::Node::is_element) {
        let id = child.attribute("id").unwrap_or_default().trim();
        if !seen.insert(id) {
            let message = format!("the net has two elements with the id {id:?}");
            source.report(child, &rules::ID_DUPLICATE, message);
        }
        match child.tag_name().name() {
            "task" => net.tasks.push(task::task(source, child)),
            "inputCondition" => net.conditions.push(condition(source, child, ConditionKind::Input)),
            "outputCondition" => {
                net.conditions.push(condition(source, child, ConditionKind::Output));
            }
            _ordinary => net.conditions.push(condition(source, child, ConditionKind::Ordinary)),
        }
    }
    // The Beta schemas are read in any order; everyone else relies on input first, output last.
    net.conditions.sort_by_key(|condition| match condition.kind {
        ConditionKind::Input => 0,
        ConditionKind::Ordinary => 1,
        ConditionKind::Output => 2,
    });
    net
}

fn condition(source: &Source<'_>, node: Node<'_, '_>, kind: ConditionKind) -> Condition {
    Condition {
        id: node.attribute("id").unwrap_or_default().trim().to_owned(),
        kind,
        name: source.child_text(node, "name"),
        documentation: source.child_text(node, "documentation"),
        flows: flows(source, node),
    }
}

/// The flows that leave a condition or task.
pub(super) fn flows(source: &Source<'_>, node: Node<'_, '_>) -> Vec<Flow> {
    let flow = |child: Node<'_, '_>| Flow {
        target: source.child_attribute(child, "nextElementRef", "id"),
        predicate: source.child(child, "predicate").map(|predicate| Predicate {
            query: text(predicate),
            ordering: predicate.attribute("ordering").and_then(|text| text.trim().parse().ok()),
        }),
        is_default: source.child(child, "isDefaultFlow").is_some(),
        documentation: source.child_text(child, "documentation"),
        tokens: child
            .attribute((EXTENSION_NAMESPACE, "tokens"))
            .and_then(|text| text.trim().parse().ok()),
    };
    source.children(node, "flowsInto").map(flow).collect()
}
