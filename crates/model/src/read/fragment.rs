//! Parts of a document that are kept as XML text: data types, layout, resourcing, configuration.
//!
//! The text is the document's own, comments and white space included. Namespaces that it uses and
//! that were declared further out are declared on it, so that it means the same anywhere.

use std::fmt::Write as _;

use super::document::namespace;
use crate::xml::escape_attribute;

type Node<'n, 't> = roxmltree::Node<'n, 't>;

/// The element with all that is in it.
pub(super) fn text_of(node: Node<'_, '_>) -> String {
    let source = &node.document().input_text()[node.range()];
    let tag = start_tag(source);
    let mut missing = String::new();
    for namespace in node.namespaces() {
        let is_declared = tag.declared.iter().any(|prefix| Some(*prefix) == namespace.name());
        let is_own_default = namespace.name().is_none() && tag.declared.contains(&"");
        if namespace.uri() == roxmltree::NS_XML_URI || is_declared || is_own_default {
            continue;
        }
        match namespace.name() {
            Some(prefix) if source.contains(&format!("{prefix}:")) => {
                declare(&format!("xmlns:{prefix}"), namespace.uri(), &mut missing);
            }
            None if uses_default(node, namespace.uri()) => {
                declare("xmlns", namespace.uri(), &mut missing);
            }
            Some(_) | None => {}
        }
    }
    // In a document without a default namespace an unprefixed name has none: keep it so elsewhere.
    if uses_none(node) && !tag.declared.contains(&"") {
        declare("xmlns", "", &mut missing);
    }
    let (start, rest) = source.split_at(tag.name_end);
    format!("{start}{missing}{rest}")
}

/// What is in the element, without its own tags: elements as [`text_of`] gives them, and texts.
pub(super) fn inner_text_of(node: Node<'_, '_>) -> String {
    let mut result = String::new();
    for child in node.children() {
        if child.is_element() {
            result.push_str(&text_of(child));
        } else if child.is_text() {
            crate::xml::escape_text(child.text().unwrap_or_default(), &mut result);
        }
    }
    result
}

fn declare(name: &str, uri: &str, into: &mut String) {
    let mut value = String::new();
    escape_attribute(uri, &mut value);
    // Writing to a string cannot fail.
    let _ = write!(into, " {name}=\"{value}\"");
}

/// Whether an element without a prefix below takes its namespace from the default `uri`.
fn uses_default(node: Node<'_, '_>, uri: &str) -> bool {
    let text = node.document().input_text();
    node.descendants().filter(roxmltree::Node::is_element).any(|element| {
        let tag = &text[element.range().start + 1..];
        element.tag_name().namespace() == Some(uri) && tag.starts_with(element.tag_name().name())
    })
}

/// Whether an unprefixed element that no default namespace of the fragment covers has none.
fn uses_none(node: Node<'_, '_>) -> bool {
    let is_outside = |element: &Node<'_, '_>| namespace(*element).is_none();
    let has_default = node
        .namespaces()
        .any(|namespace| namespace.name().is_none() && !namespace.uri().is_empty());
    !has_default && node.descendants().filter(Node::is_element).any(|element| is_outside(&element))
}

/// A start tag's text, taken apart as far as needed.
struct StartTag<'a> {
    /// Where the element's name ends.
    name_end: usize,
    /// Prefixes declared on the tag; empty for the default namespace.
    declared: Vec<&'a str>,
}

/// Reads the start tag at the beginning of well-formed `source`.
fn start_tag(source: &str) -> StartTag<'_> {
    let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    let name_end = source.find(is_end).unwrap_or(source.len());
    let mut declared = Vec::new();
    let mut rest = &source[name_end..];
    loop {
        rest = rest.trim_start();
        let Some(equals) = rest.find(['=', '>']).filter(|at| rest.as_bytes()[*at] == b'=') else {
            break;
        };
        let name = rest[..equals].trim_end();
        if name == "xmlns" {
            declared.push("");
        } else if let Some(prefix) = name.strip_prefix("xmlns:") {
            declared.push(prefix);
        }
        let value = rest[equals + 1..].trim_start();
        let Some(quote) = value.chars().next() else { break };
        let Some(end) = value[1..].find(quote) else { break };
        rest = &value[end + 2..];
    }
    StartTag { name_end, declared }
}
