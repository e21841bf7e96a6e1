//! Trees that constructors build. Written once from top to bottom, then read only.

use std::rc::Rc;

use crate::{
    error::EvaluateError,
    name::{Name, NameRef},
    sink::{self, Sink},
};

/// One built tree. Nodes stand in document order.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Orders trees among each other: the document is 0, built trees count up as they are begun.
    pub(crate) serial: u32,
    nodes: Vec<BuiltNode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuiltKind {
    Document,
    Element,
    Text,
    Comment,
    Instruction,
}

/// One node; indices point into the same tree.
#[derive(Debug)]
pub(crate) struct BuiltNode {
    pub(crate) kind: BuiltKind,
    pub(crate) name: Name,
    pub(crate) text: String,
    pub(crate) attributes: Vec<(Name, String)>,
    pub(crate) namespaces: Vec<(String, String)>,
    pub(crate) parent: Option<u32>,
    pub(crate) first_child: Option<u32>,
    pub(crate) previous: Option<u32>,
    pub(crate) next: Option<u32>,
}

impl Tree {
    pub(crate) fn node(&self, id: u32) -> &BuiltNode {
        &self.nodes[id as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether `id` only holds an attribute that was constructed alone.
    pub(crate) fn is_holder(&self, id: u32) -> bool {
        let node = self.node(id);
        node.kind == BuiltKind::Element && node.name.as_ref().text.is_empty()
    }
}

/// Writes a tree.
#[derive(Debug)]
pub(crate) struct TreeBuilder {
    tree: Tree,
    /// The open nodes, and the last child of each so far.
    open: Vec<(u32, Option<u32>)>,
    last_top: Option<u32>,
}

impl TreeBuilder {
    pub(crate) fn new(serial: u32) -> Self {
        Self { tree: Tree { serial, nodes: Vec::new() }, open: Vec::new(), last_top: None }
    }

    pub(crate) fn finish(self) -> Rc<Tree> {
        Rc::new(self.tree)
    }

    pub(crate) fn start_document(&mut self) {
        let id = self.add(BuiltKind::Document, NameRef::new("", ""), "");
        self.open.push((id, None));
    }

    pub(crate) fn end_document(&mut self) {
        self.open.pop();
    }

    /// A text node of its own, which may be empty.
    pub(crate) fn lone_text(&mut self, text: &str) {
        self.add(BuiltKind::Text, NameRef::new("", ""), text);
    }

    fn add(&mut self, kind: BuiltKind, name: NameRef<'_>, text: &str) -> u32 {
        let id = u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX);
        let parent = self.open.last().map(|(parent, _)| *parent);
        let last = self.open.last_mut().map_or(&mut self.last_top, |(_, last)| last);
        let previous = last.replace(id);
        if let Some(previous) = previous {
            self.tree.nodes[previous as usize].next = Some(id);
        } else if let Some(parent) = parent {
            self.tree.nodes[parent as usize].first_child = Some(id);
        }
        self.tree.nodes.push(BuiltNode {
            kind,
            name: name.to_owned(),
            text: text.to_owned(),
            attributes: Vec::new(),
            namespaces: Vec::new(),
            parent,
            first_child: None,
            previous,
            next: None,
        });
        id
    }

    fn top(&mut self) -> Option<&mut BuiltNode> {
        let (id, _) = self.open.last()?;
        Some(&mut self.tree.nodes[*id as usize])
    }
}

impl Sink for TreeBuilder {
    fn start(&mut self, name: NameRef<'_>) {
        let id = self.add(BuiltKind::Element, name, "");
        self.open.push((id, None));
        if !name.uri.is_empty() {
            self.namespace(name.prefix(), name.uri);
        }
    }

    fn namespace(&mut self, prefix: &str, uri: &str) {
        let Some(node) = self.top() else { return };
        if prefix != "xml" && !node.namespaces.iter().any(|(known, _)| known == prefix) {
            node.namespaces.push((prefix.to_owned(), uri.to_owned()));
        }
    }

    fn attribute(&mut self, name: NameRef<'_>, value: &str) -> Result<(), EvaluateError> {
        let Some(node) = self.top() else { return Err(sink::misplaced_attribute(name)) };
        if node.kind == BuiltKind::Document || node.first_child.is_some() {
            return Err(sink::misplaced_attribute(name));
        }
        if node.attributes.iter().any(|(known, _)| known.as_ref().same(name)) {
            return Err(sink::double_attribute(name));
        }
        node.attributes.push((name.to_owned(), value.to_owned()));
        if !name.uri.is_empty() {
            self.namespace(name.prefix(), name.uri);
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let last = self.open.last().map_or(self.last_top, |(_, last)| *last);
        if let Some(last) = last
            && self.tree.nodes[last as usize].kind == BuiltKind::Text
        {
            self.tree.nodes[last as usize].text.push_str(text);
            return;
        }
        self.add(BuiltKind::Text, NameRef::new("", ""), text);
    }

    fn comment(&mut self, text: &str) {
        self.add(BuiltKind::Comment, NameRef::new("", ""), text);
    }

    fn instruction(&mut self, target: &str, text: &str) {
        self.add(BuiltKind::Instruction, NameRef { text: target, local_at: 0, uri: "" }, text);
    }

    fn end(&mut self, _name: NameRef<'_>) {
        self.open.pop();
    }

    fn len(&self) -> usize {
        0
    }
}
