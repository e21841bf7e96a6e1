//! Where the author put things: bounds out of a specification's `layout` element.
//!
//! The element holds, per specification and net, either a bare `vertex` or a `container` round a
//! `vertex`, each with an element's id and its bounds. Decorators, labels and lines are left out: the
//! page draws its own.

use std::collections::BTreeMap;

use model::xml::{self, Element};
use wire::specification::{Bounds, Layout};

#[cfg(test)]
mod tests;

/// The layout of the specification `uri`; `None` where there is none that can be read. A picture is
/// never a reason to refuse a specification.
pub(crate) fn read(text: &str, uri: &str) -> Option<Layout> {
    let root = xml::parse(text).ok()?;
    let all: Vec<_> =
        root.elements().filter(|element| local(&element.name) == "specification").collect();
    let named = all.iter().find(|element| attribute(element, "id") == Some(uri));
    // Older editors name the file here; with one specification there is no doubt.
    let only = if all.len() == 1 { all.first() } else { None };
    let specification = named.or(only)?;
    let nets = specification.elements().filter(|element| local(&element.name) == "net");
    let nets = nets.filter_map(|net| Some((attribute(net, "id")?.to_owned(), places(net))));
    let layout: Layout = nets.collect();
    (!layout.is_empty()).then_some(layout)
}

fn places(net: &Element) -> BTreeMap<String, Bounds> {
    net.elements().filter_map(place).collect()
}

fn place(element: &Element) -> Option<(String, Bounds)> {
    let id = attribute(element, "id")?.to_owned();
    let vertex = match local(&element.name) {
        "vertex" => element,
        "container" => child(element, "vertex")?,
        _ => return None,
    };
    let bounds = child(child(vertex, "attributes")?, "bounds")?;
    let number = |name: &str| {
        attribute(bounds, name)?.parse::<f64>().ok().filter(|number| number.is_finite())
    };
    Some((
        id,
        Bounds { x: number("x")?, y: number("y")?, width: number("w")?, height: number("h")? },
    ))
}

fn child<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element.elements().find(|child| local(&child.name) == name)
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}
