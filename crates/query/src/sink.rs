//! Where constructed content goes: into a built tree, or straight into the serialised result.

mod serializer;

pub(crate) use serializer::Serializer;

use crate::{
    error::EvaluateError,
    name::NameRef,
    node::{Node, NodeKind},
};

/// Takes content in document order. Calls nest: every `start` has its `end`.
pub(crate) trait Sink {
    fn start(&mut self, name: NameRef<'_>);
    /// A namespace in scope on the element just started.
    fn namespace(&mut self, prefix: &str, uri: &str);
    fn attribute(&mut self, name: NameRef<'_>, value: &str) -> Result<(), EvaluateError>;
    fn text(&mut self, text: &str);
    fn comment(&mut self, text: &str);
    fn instruction(&mut self, target: &str, text: &str);
    fn end(&mut self, name: NameRef<'_>);
    /// Bytes written so far, for the limit of the result; 0 where it does not apply.
    fn len(&self) -> usize;
}

pub(crate) fn misplaced_attribute(name: NameRef<'_>) -> EvaluateError {
    EvaluateError::new(
        "XQTY0024",
        format!(
            "the attribute `{}` comes after other content of its element, or outside one",
            name.text
        ),
    )
}

pub(crate) fn double_attribute(name: NameRef<'_>) -> EvaluateError {
    EvaluateError::new(
        "XQDY0025",
        format!("the attribute `{}` stands twice on one element", name.text),
    )
}

/// Writes a copy of `node` and what is below it. `pay` is told the bytes of each node before it is written.
pub(crate) fn copy(
    node: &Node<'_>,
    sink: &mut dyn Sink,
    pay: &mut dyn FnMut(usize) -> Result<(), EvaluateError>,
) -> Result<(), EvaluateError> {
    let mut walk = Some(node.clone());
    while let Some(current) = walk {
        pay(16 + current.own_text().len() + current.name().text.len())?;
        match current.kind() {
            NodeKind::Document => {}
            NodeKind::Element => start_copy(&current, current.same(node), sink)?,
            NodeKind::Attribute => sink.attribute(current.name(), current.own_text())?,
            NodeKind::Text => sink.text(current.own_text()),
            NodeKind::Comment => sink.comment(current.own_text()),
            NodeKind::Instruction => sink.instruction(current.name().text, current.own_text()),
        }
        walk = next_closing(current, node, sink);
    }
    Ok(())
}

fn start_copy(element: &Node<'_>, is_top: bool, sink: &mut dyn Sink) -> Result<(), EvaluateError> {
    sink.start(element.name());
    // Below the top, an element without a namespace in its name brings only what it declares itself; asking for all
    // in-scope namespaces of every element would be quadratic, and the sink leaves out what it has already.
    if is_top || !element.name().uri.is_empty() || element.attribute_count() > 0 {
        for (prefix, uri) in element.namespaces() {
            sink.namespace(&prefix, &uri);
        }
    }
    for index in 0..element.attribute_count() {
        let attribute = element.attribute(index);
        sink.attribute(attribute.name(), attribute.own_text())?;
    }
    Ok(())
}

/// The node to write after `current`, with the elements that end in between closed.
fn next_closing<'d>(current: Node<'d>, top: &Node<'d>, sink: &mut dyn Sink) -> Option<Node<'d>> {
    if let Some(child) = current.first_child() {
        return Some(child);
    }
    let mut node = current;
    loop {
        if node.kind() == NodeKind::Element {
            sink.end(node.name());
        }
        if node.same(top) {
            return None;
        }
        if let Some(next) = node.next_sibling() {
            return Some(next);
        }
        node = node.parent()?;
    }
}
