//! Writes planned output.

use std::borrow::Cow;

use super::{Element, Piece};
use crate::{limits::RESULT_BYTES_MAX, node::Node, sink::escape_text};

/// Appends `pieces`; `None` if the document or the length is one for the evaluator.
pub(super) fn pieces(
    pieces: &[Piece],
    root: roxmltree::Node<'_, '_>,
    out: &mut String,
) -> Option<()> {
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Element(element) => write_element(element, root, out)?,
            Piece::Path(path) => {
                path.each(root, &mut |node| {
                    copy(node, out)?;
                    (out.len() <= RESULT_BYTES_MAX).then_some(true)
                })?;
            }
        }
    }
    Some(())
}

fn write_element(element: &Element, root: roxmltree::Node<'_, '_>, out: &mut String) -> Option<()> {
    out.push_str(&element.start);
    out.push('>');
    let begin = out.len();
    pieces(&element.content, root, out)?;
    end(&element.name, begin, out);
    Some(())
}

/// Ends the element whose content begins at `begin`; one without content becomes an empty tag.
fn end(name: &str, begin: usize, out: &mut String) {
    if out.len() == begin {
        out.pop();
        out.push_str("/>");
    } else {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

/// Appends a node and what is below it, in a loop. `None` at the first namespace.
fn copy(top: roxmltree::Node<'_, '_>, out: &mut String) -> Option<()> {
    let mut begins = Vec::new();
    let mut node = top;
    loop {
        match node.node_type() {
            roxmltree::NodeType::Element => {
                if node.namespaces().len() > 0 {
                    return None;
                }
                start(node, out)?;
                if let Some(child) = node.first_child() {
                    begins.push(out.len());
                    node = child;
                    continue;
                }
                end(node.tag_name().name(), out.len(), out);
            }
            roxmltree::NodeType::Text => escape_text(out, node.text()?),
            // Comments and instructions are rare in data.
            roxmltree::NodeType::Root | roxmltree::NodeType::Comment | roxmltree::NodeType::PI => {
                return None;
            }
        }
        while node != top && node.next_sibling().is_none() {
            node = node.parent()?;
            end(node.tag_name().name(), begins.pop()?, out);
        }
        if node == top {
            return Some(());
        }
        node = node.next_sibling()?;
    }
}

/// The start tag, its `>` included.
fn start(node: roxmltree::Node<'_, '_>, out: &mut String) -> Option<()> {
    out.push('<');
    out.push_str(node.tag_name().name());
    for attribute in node.attributes() {
        if attribute.namespace().is_some() {
            return None;
        }
        out.push(' ');
        out.push_str(attribute.name());
        out.push_str("=\"");
        crate::sink::escape_attribute(out, attribute.value());
        out.push('"');
    }
    out.push('>');
    Some(())
}

pub(super) fn string_value<'d>(node: roxmltree::Node<'d, 'd>) -> Cow<'d, str> {
    if node.is_text() {
        return Cow::Borrowed(node.text().unwrap_or(""));
    }
    match node.first_child() {
        None => Cow::Borrowed(""),
        Some(only) if only.is_text() && only.next_sibling().is_none() => {
            Cow::Borrowed(only.text().unwrap_or(""))
        }
        Some(_) => Cow::Owned(Node::Source(node).string_value().into_owned()),
    }
}
