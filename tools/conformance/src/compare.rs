//! Recorded state against ours. The order of a net's variables, white space between elements and the order of
//! attributes do not count; everything else does.

use std::{collections::BTreeMap, fmt::Debug};

use engine::{
    Case, Program,
    case::ItemStatus,
    view::{Mark, view},
};
use model::xml;
use serde_json::Value;

use crate::recording::State;

/// Our case in the recording's terms.
pub(crate) fn seen(program: &Program, case: &Case) -> State {
    let view = view(program, case);
    let marking = view.marking.into_iter().map(|(place, mark)| (place, show_mark(mark))).collect();
    // Recordings list what may be acted on; a deadlocked item is only there to be seen.
    let shown = view.items.into_iter().filter(|(_, item)| item.status != ItemStatus::Deadlocked);
    let items = shown.map(|(id, item)| (id, item.status.name().to_owned())).collect();
    State { marking, items, data: view.data, done: view.done, alive: view.alive }
}

pub(crate) fn show_mark(mark: Mark) -> Value {
    match mark {
        Mark::Tokens(tokens) => tokens.into(),
        Mark::Busy(counts) => counts.to_vec().into(),
    }
}

/// `Err` names the first thing that differs. `past` has the last data of nets that are over: recordings may
/// still show them.
pub(crate) fn state(
    want: &State,
    got: &State,
    past: &BTreeMap<String, String>,
) -> Result<(), String> {
    same("marking", &want.marking, &got.marking)?;
    same("items", &want.items, &got.items)?;
    if let Some(net) = got.data.keys().find(|net| !want.data.contains_key(*net)) {
        return Err(format!("nets: {net} is not in the recording"));
    }
    for (net, text) in &want.data {
        let ours = got.data.get(net).or_else(|| past.get(net));
        let ours = ours.ok_or_else(|| format!("nets: {net} is only in the recording"))?;
        data(text, ours).map_err(|difference| format!("data of {net}: {difference}"))?;
    }
    if (want.done, want.alive) != (got.done, got.alive) {
        return Err(format!(
            "done and alive: recorded {} {}, ours {} {}",
            want.done, want.alive, got.done, got.alive
        ));
    }
    Ok(())
}

fn same<T: PartialEq + Debug>(
    what: &str,
    want: &BTreeMap<String, T>,
    got: &BTreeMap<String, T>,
) -> Result<(), String> {
    if want == got {
        return Ok(());
    }
    let differing = |these: &BTreeMap<String, T>, others: &BTreeMap<String, T>| {
        let own = these.iter().filter(|(key, value)| others.get(*key) != Some(*value));
        own.map(|(key, value)| format!("{key}={value:?}")).collect::<Vec<_>>().join(" ")
    };
    Err(format!("{what}: recorded {{{}}}, ours {{{}}}", differing(want, got), differing(got, want)))
}

/// Compares the data of a net, whose variables stand in any order.
fn data(want: &str, got: &str) -> Result<(), String> {
    documents(want, got, |root| {
        root.children.sort_by_key(|node| match node {
            xml::Node::Element(element) => element.name.clone(),
            xml::Node::Text(text) => text.clone(),
        });
    })
}

/// Compares the input of an instance, whose parameters have their order.
pub(crate) fn input(want: &str, got: &str) -> Result<(), String> {
    documents(want, got, |_| {})
}

fn documents(want: &str, got: &str, bring_in_order: fn(&mut xml::Element)) -> Result<(), String> {
    if want == got {
        return Ok(());
    }
    let normal = |text: &str| -> Result<xml::Element, String> {
        let mut root = xml::parse(text).map_err(|error| format!("{error} in {text:?}"))?;
        sort_attributes(&mut root);
        bring_in_order(&mut root);
        Ok(root)
    };
    if normal(want)? == normal(got)? { Ok(()) } else { Err(format!("recorded {want}, ours {got}")) }
}

fn sort_attributes(element: &mut xml::Element) {
    element.attributes.sort();
    for child in &mut element.children {
        if let xml::Node::Element(element) = child {
            sort_attributes(element);
        }
    }
}
