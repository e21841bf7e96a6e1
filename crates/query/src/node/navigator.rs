//! The cursor through which functions of the XPath library walk our nodes.

use std::borrow::Cow;

use xsd_schema::{
    ids::SimpleTypeKey,
    navigator::TypedValue,
    xpath::{DomNavigator, DomNodeType, NamespaceAxisScope, XmlNodeOrder},
};

use super::{Node, NodeKind};

impl Node<'_> {
    fn go(&mut self, target: Option<Self>) -> bool {
        match target {
            Some(node) => {
                *self = node;
                true
            }
            None => false,
        }
    }
}

impl DomNavigator for Node<'_> {
    fn is_same_position(&self, other: &Self) -> bool {
        self.same(other)
    }

    fn compare_position(&self, other: &Self) -> XmlNodeOrder {
        match self.document_order(other) {
            std::cmp::Ordering::Less => XmlNodeOrder::Before,
            std::cmp::Ordering::Equal => XmlNodeOrder::Same,
            std::cmp::Ordering::Greater => XmlNodeOrder::After,
        }
    }

    fn move_to(&mut self, other: &Self) -> bool {
        *self = other.clone();
        true
    }

    fn move_to_root(&mut self) {
        *self = self.root();
    }

    fn move_to_parent(&mut self) -> bool {
        self.go(self.parent())
    }

    fn move_to_first_child(&mut self) -> bool {
        self.go(self.first_child())
    }

    fn move_to_next_sibling(&mut self) -> bool {
        self.go(self.next_sibling())
    }

    fn move_to_prev_sibling(&mut self) -> bool {
        self.go(self.previous_sibling())
    }

    fn move_to_first_attribute(&mut self) -> bool {
        self.go((self.attribute_count() > 0).then(|| self.attribute(0)))
    }

    fn move_to_next_attribute(&mut self) -> bool {
        let (owner, index) = match self {
            Self::SourceAttribute(owner, index) => (Self::Source(*owner), *index),
            Self::BuiltAttribute(tree, id, index) => (Self::Built(tree.clone(), *id), *index),
            Self::Source(_) | Self::Built(..) => return false,
        };
        self.go((index + 1 < owner.attribute_count()).then(|| owner.attribute(index + 1)))
    }

    // The namespace axis and its functions are refused when a query is compiled.
    fn move_to_first_namespace(&mut self, _scope: NamespaceAxisScope) -> bool {
        false
    }

    fn move_to_next_namespace(&mut self, _scope: NamespaceAxisScope) -> bool {
        false
    }

    fn move_to_following(&mut self, kind: DomNodeType, end: Option<&Self>) -> bool {
        let mut walk = self.after_subtree();
        while let Some(node) = walk {
            if end.is_some_and(|end| node.document_order(end).is_ge()) {
                return false;
            }
            if kind == DomNodeType::All || node.node_type() == kind {
                *self = node;
                return true;
            }
            walk = node.first_child().or_else(|| node.after_subtree());
        }
        false
    }

    fn node_type(&self) -> DomNodeType {
        match self.kind() {
            NodeKind::Document => DomNodeType::Root,
            NodeKind::Element => DomNodeType::Element,
            NodeKind::Attribute => DomNodeType::Attribute,
            NodeKind::Text => DomNodeType::Text,
            NodeKind::Comment => DomNodeType::Comment,
            NodeKind::Instruction => DomNodeType::ProcessingInstruction,
        }
    }

    fn local_name(&self) -> &str {
        self.name().local()
    }

    fn name(&self) -> &str {
        self.name().text
    }

    fn namespace_uri(&self) -> &str {
        self.name().uri
    }

    fn prefix(&self) -> &str {
        self.name().prefix()
    }

    fn value(&self) -> String {
        self.string_value().into_owned()
    }

    fn value_ref(&self) -> Cow<'_, str> {
        self.string_value()
    }

    fn base_uri(&self) -> &str {
        ""
    }

    fn schema_type(&self) -> Option<SimpleTypeKey> {
        None
    }

    fn typed_value(&self) -> TypedValue {
        TypedValue::Untyped
    }
}

impl Node<'_> {
    /// The first node after this one in document order that is not below it.
    pub(crate) fn after_subtree(&self) -> Option<Self> {
        let mut node = self.clone();
        loop {
            if let Some(next) = node.next_sibling() {
                return Some(next);
            }
            node = node.parent()?;
        }
    }
}
