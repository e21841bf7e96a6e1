//! Nodes that queries see: those of the document (over roxmltree) and those that constructors built.
//!
//! Walks are loops, never recursion: a document may be as deep as it likes.

mod navigator;

use std::{borrow::Cow, cmp::Ordering, rc::Rc};

use crate::{
    name::NameRef,
    tree::{BuiltKind, Tree},
};

/// A node of the document or of a built tree. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) enum Node<'d> {
    Source(roxmltree::Node<'d, 'd>),
    SourceAttribute(roxmltree::Node<'d, 'd>, u32),
    Built(Rc<Tree>, u32),
    BuiltAttribute(Rc<Tree>, u32, u32),
}

/// The kinds of nodes. Namespace nodes are not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Document,
    Element,
    Attribute,
    Text,
    Comment,
    Instruction,
}

impl<'d> Node<'d> {
    pub(crate) fn kind(&self) -> NodeKind {
        match self {
            Self::Source(node) => match node.node_type() {
                roxmltree::NodeType::Root => NodeKind::Document,
                roxmltree::NodeType::Element => NodeKind::Element,
                roxmltree::NodeType::PI => NodeKind::Instruction,
                roxmltree::NodeType::Comment => NodeKind::Comment,
                roxmltree::NodeType::Text => NodeKind::Text,
            },
            Self::SourceAttribute(..) | Self::BuiltAttribute(..) => NodeKind::Attribute,
            Self::Built(tree, id) => match tree.node(*id).kind {
                BuiltKind::Document => NodeKind::Document,
                BuiltKind::Element => NodeKind::Element,
                BuiltKind::Text => NodeKind::Text,
                BuiltKind::Comment => NodeKind::Comment,
                BuiltKind::Instruction => NodeKind::Instruction,
            },
        }
    }

    /// The name of an element, attribute or processing instruction; empty for other kinds.
    pub(crate) fn name(&self) -> NameRef<'_> {
        match self {
            Self::Source(node) if node.is_element() => source_name(*node),
            Self::Source(node) => NameRef::new(node.pi().map_or("", |pi| pi.target), ""),
            Self::SourceAttribute(node, index) => match node.attributes().nth(*index as usize) {
                Some(attribute) => {
                    let text = &node.document().input_text()[attribute.range_qname()];
                    NameRef::new(text, attribute.namespace().unwrap_or(""))
                }
                None => NameRef::new("", ""),
            },
            Self::Built(tree, id) => tree.node(*id).name.as_ref(),
            Self::BuiltAttribute(tree, id, index) => {
                tree.node(*id).attributes[*index as usize].0.as_ref()
            }
        }
    }

    pub(crate) fn parent(&self) -> Option<Self> {
        match self {
            Self::Source(node) => node.parent().map(Self::Source),
            Self::SourceAttribute(node, _) => Some(Self::Source(*node)),
            Self::Built(tree, id) => {
                tree.node(*id).parent.map(|parent| Self::Built(tree.clone(), parent))
            }
            // An attribute constructed alone hangs on a nameless holder, which is not a node of the data model.
            Self::BuiltAttribute(tree, id, _) => {
                (!tree.is_holder(*id)).then(|| Self::Built(tree.clone(), *id))
            }
        }
    }

    pub(crate) fn first_child(&self) -> Option<Self> {
        match self {
            Self::Source(node) => node.first_child().map(Self::Source),
            Self::Built(tree, id) => {
                tree.node(*id).first_child.map(|child| Self::Built(tree.clone(), child))
            }
            Self::SourceAttribute(..) | Self::BuiltAttribute(..) => None,
        }
    }

    pub(crate) fn next_sibling(&self) -> Option<Self> {
        match self {
            Self::Source(node) => node.next_sibling().map(Self::Source),
            Self::Built(tree, id) => {
                tree.node(*id).next.map(|next| Self::Built(tree.clone(), next))
            }
            Self::SourceAttribute(..) | Self::BuiltAttribute(..) => None,
        }
    }

    pub(crate) fn previous_sibling(&self) -> Option<Self> {
        match self {
            Self::Source(node) => node.prev_sibling().map(Self::Source),
            Self::Built(tree, id) => {
                tree.node(*id).previous.map(|previous| Self::Built(tree.clone(), previous))
            }
            Self::SourceAttribute(..) | Self::BuiltAttribute(..) => None,
        }
    }

    pub(crate) fn attribute_count(&self) -> u32 {
        let count = match self {
            Self::Source(node) => node.attributes().len(),
            Self::Built(tree, id) => tree.node(*id).attributes.len(),
            Self::SourceAttribute(..) | Self::BuiltAttribute(..) => 0,
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// The attribute at `index`, below [`Self::attribute_count`].
    pub(crate) fn attribute(&self, index: u32) -> Self {
        match self {
            Self::Source(node) | Self::SourceAttribute(node, _) => {
                Self::SourceAttribute(*node, index)
            }
            Self::Built(tree, id) | Self::BuiltAttribute(tree, id, _) => {
                Self::BuiltAttribute(tree.clone(), *id, index)
            }
        }
    }

    /// The namespaces in scope on an element, as (prefix, uri).
    pub(crate) fn namespaces(&self) -> Vec<(String, String)> {
        match self {
            Self::Source(node) => node
                .namespaces()
                .map(|ns| (ns.name().unwrap_or("").to_owned(), ns.uri().to_owned()))
                .filter(|(prefix, _)| prefix != "xml")
                .collect(),
            Self::Built(tree, id) => tree.node(*id).namespaces.clone(),
            Self::SourceAttribute(..) | Self::BuiltAttribute(..) => Vec::new(),
        }
    }

    pub(crate) fn root(&self) -> Self {
        let mut top = self.clone();
        while let Some(parent) = top.parent() {
            top = parent;
        }
        top
    }

    /// The text of the node itself: of an attribute, text, comment or instruction. Empty for others.
    pub(crate) fn own_text(&self) -> &str {
        match self {
            Self::Source(node) => match node.node_type() {
                roxmltree::NodeType::PI => node.pi().and_then(|pi| pi.value).unwrap_or(""),
                roxmltree::NodeType::Comment | roxmltree::NodeType::Text => {
                    node.text().unwrap_or("")
                }
                roxmltree::NodeType::Root | roxmltree::NodeType::Element => "",
            },
            Self::SourceAttribute(node, index) => {
                node.attributes().nth(*index as usize).map_or("", |attribute| attribute.value())
            }
            Self::Built(tree, id) => &tree.node(*id).text,
            Self::BuiltAttribute(tree, id, index) => &tree.node(*id).attributes[*index as usize].1,
        }
    }

    /// The string value: the text below an element or document, else the node's own text.
    pub(crate) fn string_value(&self) -> Cow<'_, str> {
        match self.kind() {
            NodeKind::Element | NodeKind::Document => {}
            NodeKind::Attribute | NodeKind::Text | NodeKind::Comment | NodeKind::Instruction => {
                return Cow::Borrowed(self.own_text());
            }
        }
        // One text child is the common case and needs no copy.
        if let Self::Source(node) = self
            && let Some(only) = node.first_child()
            && only.is_text()
            && only.next_sibling().is_none()
        {
            return Cow::Borrowed(only.text().unwrap_or(""));
        }
        let mut text = String::new();
        let mut walk = self.first_child();
        while let Some(node) = walk {
            if node.kind() == NodeKind::Text {
                text.push_str(node.own_text());
            }
            walk = node.next_below(self);
        }
        Cow::Owned(text)
    }

    /// The next node after this one in document order that lies below `top`. Attributes are left out.
    pub(crate) fn next_below(&self, top: &Self) -> Option<Self> {
        if let Some(child) = self.first_child() {
            return Some(child);
        }
        let mut node = self.clone();
        loop {
            if node.same(top) {
                return None;
            }
            if let Some(next) = node.next_sibling() {
                return Some(next);
            }
            node = node.parent()?;
        }
    }

    /// About how many nodes this node's subtree has, without walking it.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Source(node) if node.has_children() => {
                // A node takes some 16 bytes of the document: tags and a short text.
                let range = node.range();
                1 + (range.end - range.start) as u64 / 16
            }
            Self::Built(tree, id) => {
                // Nodes stand in document order, so the subtree ends where the next node beyond it begins.
                let end = match self.after_subtree() {
                    Some(Self::Built(_, next)) => u64::from(next),
                    Some(_) | None => tree.len() as u64,
                };
                end - u64::from(*id)
            }
            Self::Source(_) | Self::SourceAttribute(..) | Self::BuiltAttribute(..) => 1,
        }
    }

    pub(crate) fn same(&self, other: &Self) -> bool {
        self.order_key() == other.order_key()
    }

    pub(crate) fn document_order(&self, other: &Self) -> Ordering {
        self.order_key().cmp(&other.order_key())
    }

    /// Tree (the document first, built trees as they were begun), node, attribute (after its element).
    pub(crate) fn order_key(&self) -> (u32, u32, u32) {
        match self {
            Self::Source(node) => (0, node.id().get(), 0),
            Self::SourceAttribute(node, index) => (0, node.id().get(), index + 1),
            Self::Built(tree, id) => (tree.serial, *id, 0),
            Self::BuiltAttribute(tree, id, index) => (tree.serial, *id, index + 1),
        }
    }
}

/// The name of an element of the document, prefix included: roxmltree keeps the prefix only in the text.
pub(crate) fn source_name<'d>(node: roxmltree::Node<'d, 'd>) -> NameRef<'d> {
    let tag = node.tag_name();
    let uri = tag.namespace().unwrap_or("");
    if uri.is_empty() {
        return NameRef { text: tag.name(), local_at: 0, uri };
    }
    let text = &node.document().input_text()[node.range()];
    let end = text[1..].find([' ', '\t', '\r', '\n', '/', '>']).map_or(text.len(), |end| end + 1);
    NameRef::new(&text[1..end], uri)
}
