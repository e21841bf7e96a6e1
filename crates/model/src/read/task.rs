//! A task: gates, cancellation set, mappings, timer, instances.

use super::{
    check::declared_type,
    document::{Source, text},
    fragment,
    net::flows,
    review,
    tables::MULTI_INSTANCE_TASK_TYPE,
};
use crate::{
    rules,
    specification::{
        Creation, Expiry, Gate, Interval, Mapping, MultiInstance, MultiInstanceInput,
        MultiInstanceOutput, Task, Timer, Trigger,
    },
};

type Node<'n, 't> = roxmltree::Node<'n, 't>;

pub(super) fn task(source: &mut Source<'_>, node: Node<'_, '_>) -> Task {
    let timer = source.child(node, "timer").and_then(|child| timer(source, child));
    let kept = |name| source.child(node, name).map(fragment::text_of);
    let has_instances = declared_type(node) == Some(MULTI_INSTANCE_TASK_TYPE);
    Task {
        id: node.attribute("id").unwrap_or_default().trim().to_owned(),
        name: source.child_text(node, "name"),
        documentation: source.child_text(node, "documentation"),
        flows: flows(source, node),
        join: gate(source, node, "join"),
        split: gate(source, node, "split"),
        removes: source
            .children(node, "removesTokens")
            .map(|child| child.attribute("id").unwrap_or_default().trim().to_owned())
            .collect(),
        removes_from_flows: source
            .children(node, "removesTokensFromFlow")
            .map(|child| {
                let end = |name| source.child_attribute(child, name, "id");
                (end("flowSource"), end("flowDestination"))
            })
            .collect(),
        starting: mappings(source, node, "startingMappings"),
        completed: mappings(source, node, "completedMappings"),
        enablement: mappings(source, node, "enablementMappings"),
        timer,
        resourcing: kept("resourcing"),
        custom_form: source.child_token(node, "customForm"),
        configuration: kept("configuration"),
        default_configuration: kept("defaultConfiguration"),
        decomposes_to: source
            .child(node, "decomposesTo")
            .map(|child| child.attribute("id").unwrap_or_default().trim().to_owned()),
        multi_instance: has_instances.then(|| multi_instance(source, node)),
        binding: source
            .child(node, "agentBinding")
            .map(|child| Box::new(review::binding(source, child))),
    }
}

fn gate(source: &Source<'_>, node: Node<'_, '_>, name: &'static str) -> Gate {
    match source.child_attribute(node, name, "code").as_str() {
        "and" => Gate::And,
        "or" => Gate::Or,
        _xor => Gate::Xor,
    }
}

fn mappings(source: &Source<'_>, node: Node<'_, '_>, name: &'static str) -> Vec<Mapping> {
    let Some(set) = source.child(node, name) else { return Vec::new() };
    let mapping = |child| Mapping {
        query: source.child_query(child, "expression"),
        maps_to: source.child_token(child, "mapsTo").unwrap_or_default(),
    };
    source.children(set, "mapping").map(mapping).collect()
}

fn timer(source: &mut Source<'_>, node: Node<'_, '_>) -> Option<Timer> {
    let has = |name| source.child(node, name).is_some();
    let ends = [has("expiry"), has("duration"), has("durationparams")];
    let count = ends.iter().filter(|has| **has).count();
    match (has("netparam"), has("trigger"), count) {
        (true, false, 0) => {
            let name = source.child_token(node, "netparam")?;
            // The editor writes an empty element for a timer that was taken away.
            (!name.is_empty()).then_some(Timer::Variable(name))
        }
        (false, true, 1) => {
            let trigger = match source.child_token(node, "trigger")?.as_str() {
                "OnEnabled" => Trigger::OnEnabled,
                _on_executing => Trigger::OnExecuting,
            };
            let expiry = expiry(source, node)?;
            Some(Timer::Set { trigger, expiry, work_days: has("workdays") })
        }
        (true | false, true | false, _) => {
            source.report(node, &rules::TIMER_FORM, rules::TIMER_FORM.what);
            None
        }
    }
}

fn expiry(source: &Source<'_>, node: Node<'_, '_>) -> Option<Expiry> {
    if let Some(text) = source.child_token(node, "expiry") {
        return Some(Expiry::At(text.parse().ok()?));
    }
    if let Some(text) = source.child_token(node, "duration") {
        return Some(Expiry::Duration(text));
    }
    let ticks = source.child(node, "durationparams")?;
    let count = source.child_token(ticks, "ticks")?.parse().ok()?;
    let name = source.child_token(ticks, "interval")?;
    let interval = Interval::ALL.into_iter().find(|interval| interval.as_str() == name)?;
    Some(Expiry::Ticks { count, interval })
}

fn multi_instance(source: &Source<'_>, node: Node<'_, '_>) -> MultiInstance {
    let count = |name| source.child(node, name).map(text).unwrap_or_default();
    let dynamic = source.child_attribute(node, "creationMode", "code") == "dynamic";
    let input = source.child(node, "miDataInput").map(|child| MultiInstanceInput {
        query: source.child_query(child, "expression"),
        splitting: source.child_query(child, "splittingExpression"),
        formal_parameter: source.child_token(child, "formalInputParam").unwrap_or_default(),
    });
    let output = source.child(node, "miDataOutput").map(|child| MultiInstanceOutput {
        formal_query: source.child_query(child, "formalOutputExpression"),
        joining: source.child_query(child, "outputJoiningExpression"),
        variable: source.child_token(child, "resultAppliedToLocalVariable").unwrap_or_default(),
    });
    MultiInstance {
        minimum: count("minimum"),
        maximum: count("maximum"),
        threshold: count("threshold"),
        creation: if dynamic { Creation::Dynamic } else { Creation::Static },
        input: input.expect("the tables make miDataInput a required element"),
        output,
    }
}
