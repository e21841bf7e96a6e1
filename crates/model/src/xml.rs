//! A small XML tree for data: elements, attributes, text. Namespace prefixes stay part of the names.
//!
//! Reads with limits and without document type definitions. Text that is only white space between
//! elements is dropped, as the reference's reader does. Writes compact text that reads back equal.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

use crate::finding::Position;

mod scan;

#[cfg(test)]
mod tests;

/// Elements inside elements in a document. Bounds the recursion of everyone who walks a tree.
pub const DEPTH_MAX: usize = 256;
/// Elements, attributes and texts in a document. Bounds memory: a node costs about 100 bytes.
pub const NODES_MAX: u32 = 2_000_000;
/// Attributes of an element, namespace declarations included. Parsing takes time by its square.
pub const ATTRIBUTES_MAX: usize = 256;
/// Namespace declarations in scope at an element. Documents use fewer than ten; an element that
/// declares one costs memory for all of them.
pub const NAMESPACES_MAX: usize = 64;
/// Bytes of a text that may be read without a tree: below it no other limit but the depth can be met.
const PLAIN_BYTES_MAX: usize = NODES_MAX as usize;
/// Bytes of a document.
pub const BYTES_MAX: usize = 64 * 1024 * 1024;

/// Why a text is not taken as XML. A refusal: the text came from outside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("not well-formed at {position}: {reason}")]
    NotWellFormed { position: Position, reason: String },
    #[error("a document type declaration is not accepted; remove it")]
    Dtd,
    #[error("elements are nested deeper than {DEPTH_MAX}")]
    TooDeep,
    #[error(
        "an element has more than {ATTRIBUTES_MAX} attributes, or more than {NAMESPACES_MAX} namespace declarations count for it"
    )]
    TooManyAttributes,
    #[error("{bytes} bytes are more than the {BYTES_MAX} that a document may have")]
    TooLarge { bytes: usize },
    #[error("more than {NODES_MAX} elements, attributes and texts")]
    TooManyNodes,
}

/// An element with its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// As written, prefix included.
    pub name: String,
    /// In document order; namespace declarations are not attributes here and are dropped.
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    Text(String),
}

/// Reads a whole document and gives its root element.
pub fn parse(text: &str) -> Result<Element, Error> {
    let document = parse_document(text)?;
    Ok(build(document.root_element()))
}

/// A document's root element as compact text without attributes: what [`parse`], [`Element::strip_attributes`] and writing
/// it give. Borrowed if that is the text already.
pub fn compact(text: &str) -> Result<Cow<'_, str>, Error> {
    let is_short = text.len() <= PLAIN_BYTES_MAX;
    if let Some(compact) = is_short.then(|| plain::compact(text)).flatten() {
        return Ok(compact);
    }
    let mut element = parse(text)?;
    element.strip_attributes();
    Ok(Cow::Owned(element.to_string()))
}

/// Reads a document into the library's tree, under this module's limits.
pub fn parse_document(text: &str) -> Result<roxmltree::Document<'_>, Error> {
    let text = text.trim_start_matches('\u{feff}');
    if text.len() > BYTES_MAX {
        return Err(Error::TooLarge { bytes: text.len() });
    }
    scan::check(text)?;
    let options = roxmltree::ParsingOptions { nodes_limit: NODES_MAX, ..Default::default() };
    roxmltree::Document::parse_with_options(text, options).map_err(refusal)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's enum: what is new in it is a syntax error"
)]
fn refusal(error: roxmltree::Error) -> Error {
    match error {
        roxmltree::Error::DtdDetected => Error::Dtd,
        roxmltree::Error::NodesLimitReached
        | roxmltree::Error::AttributesLimitReached
        | roxmltree::Error::NamespacesLimitReached => Error::TooManyNodes,
        error => Error::NotWellFormed {
            position: Position { line: error.pos().row, column: error.pos().col },
            reason: error.to_string(),
        },
    }
}

fn build(node: roxmltree::Node<'_, '_>) -> Element {
    let name = qualified_name(node);
    let attributes = node
        .attributes()
        .map(|attribute| (attribute_name(node, &attribute), attribute.value().to_owned()))
        .collect();
    Element { name, attributes, children: build_children(node) }
}

fn build_children(node: roxmltree::Node<'_, '_>) -> Vec<Node> {
    let has_elements = node.children().any(|child| child.is_element());
    let mut children: Vec<Node> = Vec::new();
    for child in node.children() {
        if child.is_element() {
            children.push(Node::Element(build(child)));
        } else if child.is_text() {
            let text = child.text().unwrap_or_default();
            // Boundary white space: only between elements, never an element's whole content.
            if has_elements && text.chars().all(char::is_whitespace) {
                continue;
            }
            // A comment may have split one text in two.
            match children.last_mut() {
                Some(Node::Text(before)) => before.push_str(text),
                Some(Node::Element(_)) | None => children.push(Node::Text(text.to_owned())),
            }
        }
    }
    children
}

fn qualified_name(node: roxmltree::Node<'_, '_>) -> String {
    let tag = node.tag_name();
    let prefix = tag.namespace().and_then(|uri| node.lookup_prefix(uri)).filter(|p| !p.is_empty());
    match prefix {
        Some(prefix) => format!("{prefix}:{}", tag.name()),
        None => tag.name().to_owned(),
    }
}

fn attribute_name(
    node: roxmltree::Node<'_, '_>,
    attribute: &roxmltree::Attribute<'_, '_>,
) -> String {
    match attribute.namespace().and_then(|uri| node.lookup_prefix(uri)) {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}:{}", attribute.name()),
        Some(_) | None => attribute.name().to_owned(),
    }
}

impl Element {
    /// An element without content.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), attributes: Vec::new(), children: Vec::new() }
    }

    /// An element with one text.
    pub fn with_text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut element = Self::new(name);
        let text = text.into();
        if !text.is_empty() {
            element.children.push(Node::Text(text));
        }
        element
    }

    /// The child elements, texts left out.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The child elements, taken out.
    pub fn into_elements(self) -> impl Iterator<Item = Element> {
        self.children.into_iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child element of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// All text below, in document order.
    pub fn text(&self) -> String {
        let mut text = String::new();
        collect_text(self, &mut text);
        text
    }

    /// No element below and no text but white space.
    pub fn is_empty(&self) -> bool {
        self.elements().next().is_none() && self.text().trim().is_empty()
    }

    /// Removes the attributes of this element and of all below it.
    pub fn strip_attributes(&mut self) {
        self.attributes.clear();
        for child in &mut self.children {
            if let Node::Element(element) = child {
                element.strip_attributes();
            }
        }
    }

    /// The content without the element's own tags.
    pub fn inner(&self) -> String {
        let mut text = String::new();
        self.children.iter().for_each(|child| write_node(child, &mut text));
        text
    }
}

impl fmt::Display for Element {
    /// Compact XML: no line breaks added, `<a/>` for an empty element.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        write_element(self, &mut text);
        f.write_str(&text)
    }
}

fn collect_text(element: &Element, into: &mut String) {
    for child in &element.children {
        match child {
            Node::Element(element) => collect_text(element, into),
            Node::Text(text) => into.push_str(text),
        }
    }
}

fn write_node(node: &Node, into: &mut String) {
    match node {
        Node::Element(element) => write_element(element, into),
        Node::Text(text) => escape_text(text, into),
    }
}

fn write_element(element: &Element, into: &mut String) {
    into.push('<');
    into.push_str(&element.name);
    for (name, value) in &element.attributes {
        into.push(' ');
        into.push_str(name);
        into.push_str("=\"");
        escape_attribute(value, into);
        into.push('"');
    }
    if element.children.is_empty() {
        into.push_str("/>");
        return;
    }
    into.push('>');
    element.children.iter().for_each(|child| write_node(child, into));
    into.push_str("</");
    into.push_str(&element.name);
    into.push('>');
}

/// Appends `text` with what may not stand in element content escaped.
pub fn escape_text(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' => into.push_str("&amp;"),
            // A reader turns a bare carriage return into a line feed.
            '\r' => into.push_str("&#xD;"),
            other => into.push(other),
        }
    }
}

/// Appends `text` with what may not stand in a double-quoted attribute value escaped.
pub fn escape_attribute(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '<' => into.push_str("&lt;"),
            '&' => into.push_str("&amp;"),
            '"' => into.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                // Writing to a string cannot fail.
                let _ = write!(into, "&#x{:X};", u32::from(character));
            }
            other => into.push(other),
        }
    }
}
