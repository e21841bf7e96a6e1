//! Recorded state against ours. The order of a net's variables, white space between elements and the order of
//! attributes do not count; everything else does.

use std::{collections::BTreeMap, fmt::Debug};

use engine::{
    case::ItemStatus,
    view::{Mark, View},
};
use model::xml;
use serde_json::Value;

use crate::State;

/// `Err` names the first thing that differs.
pub(crate) fn state(want: &State, got: &View) -> Result<(), String> {
    let marking =
        got.marking.iter().map(|(place, mark)| (place.clone(), show_mark(*mark))).collect();
    same("marking", &want.marking, &marking)?;
    // Recordings list what may be acted on; a deadlocked item is only there to be seen.
    let shown = got.items.iter().filter(|(_, item)| item.status != ItemStatus::Deadlocked);
    let items = shown.map(|(id, item)| (id.clone(), item.status.name().to_owned())).collect();
    same("items", &want.items, &items)?;
    let nets = |data: &BTreeMap<String, String>| data.keys().cloned().collect::<Vec<_>>();
    // The recorder still shows the data of subnets that are over: cancelled, or ended beside their sibling.
    let has_token =
        |net: &String| want.marking.keys().any(|place| place.starts_with(&format!("{net}/")));
    let counts = |net: &String| has_token(net) || got.data.contains_key(net);
    let recorded: Vec<String> = want.data.keys().filter(|net| counts(net)).cloned().collect();
    if recorded != nets(&got.data) {
        return Err(format!("nets: recorded {recorded:?}, ours {:?}", nets(&got.data)));
    }
    for (net, text) in want.data.iter().filter(|(net, _)| counts(net)) {
        data(text, &got.data[net]).map_err(|difference| format!("data of {net}: {difference}"))?;
    }
    if (want.done, want.alive) != (got.done, got.alive) {
        return Err(format!(
            "done and alive: recorded {} {}, ours {} {}",
            want.done, want.alive, got.done, got.alive
        ));
    }
    Ok(())
}

fn show_mark(mark: Mark) -> Value {
    match mark {
        Mark::Tokens(tokens) => tokens.into(),
        Mark::Busy(counts) => counts.to_vec().into(),
    }
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

/// Compares two data documents.
pub(crate) fn data(want: &str, got: &str) -> Result<(), String> {
    if want.is_empty() && got.is_empty() {
        return Ok(());
    }
    if normal(want)? == normal(got)? { Ok(()) } else { Err(format!("recorded {want}, ours {got}")) }
}

/// The document with its variables and all attributes sorted.
fn normal(text: &str) -> Result<xml::Element, String> {
    let mut root = xml::parse(text).map_err(|error| format!("{error} in {text:?}"))?;
    sort_attributes(&mut root);
    root.children.sort_by_key(|node| match node {
        xml::Node::Element(element) => element.name.clone(),
        xml::Node::Text(text) => text.clone(),
    });
    Ok(root)
}

fn sort_attributes(element: &mut xml::Element) {
    element.attributes.sort();
    for child in &mut element.children {
        if let xml::Node::Element(element) = child {
            sort_attributes(element);
        }
    }
}
