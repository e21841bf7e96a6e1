//! Steps along an axis.

use super::{Evaluated, Evaluator, Item, Value, path::document_order};
use crate::{
    ast::{Axis, AxisStep, NodeTest},
    node::{Node, NodeKind},
};
use xsd_schema::xpath::{XPathValue, iterator::XmlItem};

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn axis_from_focus(&mut self, step: &'e AxisStep) -> Evaluated<Value<'d>> {
        let node = self.context_node()?;
        let mut out = Vec::new();
        self.axis_step(&node, step, &mut out)?;
        Ok(XPathValue::from_sequence(out))
    }

    /// Adds the nodes that `step` reaches from `node`, in document order.
    pub(super) fn axis_step(
        &mut self,
        node: &Node<'d>,
        step: &'e AxisStep,
        out: &mut Vec<Item<'d>>,
    ) -> Evaluated<()> {
        let mut found = Vec::new();
        self.along(node, step.axis, &mut |reached| {
            if matches(&step.test, step.axis, &reached) {
                found.push(XmlItem::Node(reached));
            }
        })?;
        // Predicates count in the direction of the axis.
        let mut found = self.keep(found, &step.predicates)?;
        if is_reverse(step.axis) {
            found.reverse();
        }
        self.append(out, XPathValue::from_sequence(found))
    }

    /// Visits the nodes of an axis in its direction.
    fn along(
        &mut self,
        node: &Node<'d>,
        axis: Axis,
        visit: &mut dyn FnMut(Node<'d>),
    ) -> Evaluated<()> {
        match axis {
            Axis::SelfNode => visit(node.clone()),
            Axis::Parent => {
                if let Some(parent) = node.parent() {
                    visit(parent);
                }
            }
            Axis::Attribute => {
                if node.kind() == NodeKind::Element {
                    for index in 0..node.attribute_count() {
                        self.budget.steps(1)?;
                        visit(node.attribute(index));
                    }
                }
            }
            Axis::Child => self.chain(node.first_child(), Node::next_sibling, visit)?,
            Axis::FollowingSibling => self.chain(node.next_sibling(), Node::next_sibling, visit)?,
            Axis::PrecedingSibling => {
                self.chain(node.previous_sibling(), Node::previous_sibling, visit)?;
            }
            Axis::Ancestor => self.chain(node.parent(), Node::parent, visit)?,
            Axis::AncestorOrSelf => self.chain(Some(node.clone()), Node::parent, visit)?,
            Axis::Descendant => {
                self.chain(node.first_child(), |reached| reached.next_below(node), visit)?;
            }
            Axis::DescendantOrSelf => {
                visit(node.clone());
                self.chain(node.first_child(), |reached| reached.next_below(node), visit)?;
            }
            Axis::Following => {
                let onward =
                    |reached: &Node<'d>| reached.first_child().or_else(|| reached.after_subtree());
                // An attribute stands before the content of its element.
                let owner = node.parent().filter(|_| node.kind() == NodeKind::Attribute);
                let first = owner.map_or_else(|| node.after_subtree(), |owner| onward(&owner));
                self.chain(first, onward, visit)?;
            }
            Axis::Preceding => self.preceding(node, visit)?,
        }
        Ok(())
    }

    fn chain(
        &mut self,
        first: Option<Node<'d>>,
        next: impl Fn(&Node<'d>) -> Option<Node<'d>>,
        visit: &mut dyn FnMut(Node<'d>),
    ) -> Evaluated<()> {
        let mut walk = first;
        while let Some(node) = walk {
            self.budget.steps(1)?;
            walk = next(&node);
            visit(node);
        }
        Ok(())
    }

    /// All nodes before `node` that are not its ancestors, last first.
    fn preceding(&mut self, node: &Node<'d>, visit: &mut dyn FnMut(Node<'d>)) -> Evaluated<()> {
        let root = node.root();
        let mut before = Vec::new();
        let mut walk = Some(root.clone());
        while let Some(reached) = walk {
            self.budget.steps(1)?;
            if reached.document_order(node).is_ge() {
                break;
            }
            walk = reached.next_below(&root);
            before.push(reached);
        }
        let mut ancestors = Vec::new();
        self.chain(node.parent(), Node::parent, &mut |ancestor| ancestors.push(ancestor))?;
        ancestors.sort_by(document_order);
        for reached in before.into_iter().rev() {
            let is_ancestor =
                ancestors.binary_search_by(|known| document_order(known, &reached)).is_ok();
            if !is_ancestor {
                visit(reached);
            }
        }
        Ok(())
    }
}

fn is_reverse(axis: Axis) -> bool {
    matches!(axis, Axis::Ancestor | Axis::AncestorOrSelf | Axis::Preceding | Axis::PrecedingSibling)
}

/// Whether `node`, reached along `axis`, passes `test`.
pub(super) fn matches(test: &NodeTest, axis: Axis, node: &Node<'_>) -> bool {
    let kind = node.kind();
    let principal = if axis == Axis::Attribute { NodeKind::Attribute } else { NodeKind::Element };
    match test {
        NodeTest::AnyNode => true,
        NodeTest::AnyName => kind == principal,
        NodeTest::Named(name) => kind == principal && node.name().same(name.as_ref()),
        NodeTest::AnyNamespace(local) => kind == principal && node.name().local() == &**local,
        NodeTest::AnyLocal(uri) => kind == principal && node.name().uri == &**uri,
        NodeTest::Text => kind == NodeKind::Text,
        NodeTest::Comment => kind == NodeKind::Comment,
        NodeTest::Document => kind == NodeKind::Document,
        NodeTest::Instruction(target) => {
            kind == NodeKind::Instruction
                && target.as_ref().is_none_or(|target| node.name().text == &**target)
        }
        NodeTest::Element(name) => {
            kind == NodeKind::Element
                && name.as_ref().is_none_or(|name| node.name().same(name.as_ref()))
        }
        NodeTest::Attribute(name) => {
            kind == NodeKind::Attribute
                && name.as_ref().is_none_or(|name| node.name().same(name.as_ref()))
        }
    }
}
