//! Compares a document with the tables: unknown, missing, repeated and misplaced elements, values
//! that are none. Stops when the findings are full.

use super::{
    document::{EXTENSION_NAMESPACE, Source, XSD_NAMESPACE, XSI_NAMESPACE, namespace, text},
    shape::{Attribute, Body, Child, Shape},
    tables::{SCHEMA, SET},
};
use crate::rules;

type Node<'n, 't> = roxmltree::Node<'n, 't>;

/// Checks the whole document.
pub(super) fn document(source: &mut Source<'_>) {
    let root = source.root;
    element(source, root, &SET);
}

fn element(source: &mut Source<'_>, node: Node<'_, '_>, shape: &'static Shape) {
    attributes(source, node, shape);
    if shape.children.is_empty() {
        content(source, node, shape);
    } else {
        children(source, node, shape);
    }
}

fn attributes(source: &mut Source<'_>, node: Node<'_, '_>, shape: &'static Shape) {
    for expected in shape.attributes {
        let value = match expected.extension {
            true => node.attribute((EXTENSION_NAMESPACE, expected.name)),
            false => node.attribute(expected.name),
        };
        match value {
            Some(value) => attribute_value(source, node, expected, value),
            None if expected.required => {
                let message = format!("the attribute {} is missing", expected.name);
                source.report(node, &rules::ATTRIBUTE_MISSING, message);
            }
            None => {}
        }
    }
    // Attributes of other namespaces are other people's: xsi:schemaLocation, xml:lang, an editor's.
    for attribute in node.attributes() {
        let extension = match attribute.namespace() {
            None if shape.open => continue,
            None => false,
            Some(EXTENSION_NAMESPACE) => true,
            Some(_) => continue,
        };
        let of_kind = shape.attributes.iter().filter(|known| known.extension == extension);
        let known: Vec<&str> = of_kind.map(|known| known.name).collect();
        let name = attribute.name();
        if !known.contains(&name) {
            let remedy = match known.is_empty() {
                true => "remove it; this element has no attributes".to_owned(),
                false => format!("remove it; known here: {}", known.join(", ")),
            };
            let message = format!("the attribute {name:?} is not known here");
            source.report_with(node, &rules::ATTRIBUTE_UNKNOWN, (message, remedy));
        }
    }
}

fn attribute_value(
    source: &mut Source<'_>,
    node: Node<'_, '_>,
    expected: &'static Attribute,
    value: &str,
) {
    if let Err(reason) = expected.value.check(value, source.origin) {
        let message = format!("the attribute {}: {reason}", expected.name);
        source.report(node, &rules::VALUE_INVALID, message);
    }
}

/// Checks an element that has no children of its own.
fn content(source: &mut Source<'_>, node: Node<'_, '_>, shape: &'static Shape) {
    if let Some(inner) = node.children().find(Node::is_element) {
        let message = format!("{:?} is not known here", inner.tag_name().name());
        let remedy = "remove it; in a text, write < as &lt;";
        source.report_with(inner, &rules::ELEMENT_UNKNOWN, (message, remedy));
        return;
    }
    if let Err(reason) = shape.text.check(&text(node), source.origin) {
        source.report(node, &rules::VALUE_INVALID, reason);
    }
}

fn children(source: &mut Source<'_>, node: Node<'_, '_>, shape: &'static Shape) {
    let mut counts = vec![0usize; shape.children.len()];
    let mut last = 0usize;
    for inner in node.children() {
        if source.is_full() {
            return;
        }
        if inner.is_text() && !inner.text().unwrap_or_default().trim().is_empty() {
            source.report(inner, &rules::TEXT_MISPLACED, "there is text between its elements");
        }
        if !inner.is_element() {
            continue;
        }
        let Some(index) = index_of(source, inner, shape) else { continue };
        let known = &shape.children[index];
        counts[index] += 1;
        if counts[index] > known.max {
            too_many(source, inner, known);
            return;
        }
        last = order(source, inner, shape, (last, index));
        child(source, inner, known);
    }
    for (known, count) in shape.children.iter().zip(counts) {
        if count < known.min {
            let message = format!("the element {} is missing", known.name);
            source.report(node, &rules::ELEMENT_MISSING, message);
        }
    }
}

impl Source<'_> {
    /// Whether the document's version has this child.
    fn knows(&self, child: &Child) -> bool {
        self.version >= child.since && self.origin <= child.until
    }
}

/// Which of the known children `inner` is; reports one that is none of them.
fn index_of(source: &mut Source<'_>, inner: Node<'_, '_>, shape: &Shape) -> Option<usize> {
    let (name, uri) = (inner.tag_name().name(), namespace(inner));
    let ours = uri == Some(source.namespace);
    // The reference takes the data types in XML Schema's namespace, and without any.
    let schema = name == SCHEMA && uri.is_none_or(|uri| uri == XSD_NAMESPACE);
    let found = shape
        .children
        .iter()
        .position(|known| known.name == name && if known.name == SCHEMA { schema } else { ours });
    let Some(index) = found else {
        let known = shape.children.iter().filter(|known| source.knows(known));
        let names: Vec<&str> = known.map(|known| known.name).collect();
        let message = match uri {
            Some(_) if ours => format!("{name:?} is not known here"),
            Some(other) => format!("{name:?} of namespace {other:?} is not known here"),
            None => format!("{name:?} without a namespace is not known here"),
        };
        let remedy = format!("remove it; known here: {}", names.join(", "));
        source.report_with(inner, &rules::ELEMENT_UNKNOWN, (message, remedy));
        return None;
    };
    let known = &shape.children[index];
    if !source.knows(known) {
        let version = source.version.as_str();
        let message = format!("{name} is not known in schema version {version}");
        let remedy = format!("known from {} to {}", known.since.as_str(), known.until.as_str());
        source.report_with(inner, &rules::ELEMENT_VERSION, (message, remedy));
    }
    Some(index)
}

fn too_many(source: &mut Source<'_>, inner: Node<'_, '_>, known: &Child) {
    let (name, max) = (known.name, known.max);
    if max == 1 {
        source.report(inner, &rules::ELEMENT_REPEATED, format!("a second {name} stands here"));
    } else {
        let message = format!("there are more than {max} elements {name} here");
        source.report(inner, &rules::ELEMENT_COUNT, message);
    }
}

/// Reports an element that stands before one that must follow it. Gives the furthest index so far.
/// The Beta schemas differ in their orders, which no reader relied on: there any order is taken.
fn order(
    source: &mut Source<'_>,
    inner: Node<'_, '_>,
    shape: &Shape,
    (last, index): (usize, usize),
) -> usize {
    let first_beside = |mut at: usize| {
        while shape.children[at].beside {
            at -= 1;
        }
        at
    };
    if first_beside(index) < first_beside(last) && !source.version.is_beta() {
        let (name, after) = (shape.children[index].name, shape.children[last].name);
        let message = format!("{name} stands after {after}");
        source.report_with(
            inner,
            &rules::ELEMENT_ORDER,
            (message, format!("move it before {after}")),
        );
    }
    last.max(index)
}

fn child(source: &mut Source<'_>, inner: Node<'_, '_>, known: &'static Child) {
    match known.body {
        Body::Kept => {}
        Body::Is(shape) => element(source, inner, shape),
        Body::ByType { types, fallback } => match declared_type(inner) {
            None => match fallback {
                Some(shape) => element(source, inner, shape),
                None => by_unknown_type(source, inner, types, "xsi:type is missing".to_owned()),
            },
            Some(name) => match types.iter().find(|(known, _)| *known == name) {
                Some((_, shape)) => element(source, inner, shape),
                None => {
                    by_unknown_type(source, inner, types, format!("xsi:type {name:?} is not known"))
                }
            },
        },
    }
}

fn by_unknown_type(
    source: &mut Source<'_>,
    inner: Node<'_, '_>,
    types: &[(&str, &Shape)],
    message: String,
) {
    let names: Vec<&str> = types.iter().map(|(name, _)| *name).collect();
    let rule = &rules::TYPE_UNKNOWN;
    source.report_with(inner, rule, (message, format!("set xsi:type to {}", names.join(" or "))));
}

/// The local name in `xsi:type`.
pub(super) fn declared_type<'n>(node: Node<'n, '_>) -> Option<&'n str> {
    let name = node.attribute((XSI_NAMESPACE, "type"))?.trim();
    Some(name.rsplit(':').next().unwrap_or(name))
}
