//! Paths, predicates, `!`, and sets of nodes.

use std::cmp::Ordering;

use xsd_schema::xpath::{XPathValue, iterator::XmlItem};

use super::{Evaluated, Evaluator, Focus, Item, Value, boolean_value};
use crate::{
    ast::{Expr, Kind, PathStep, SetOperator},
    error::EvaluateError,
    node::{Node, NodeKind},
};

impl<'e, 'd> Evaluator<'e, 'd> {
    /// `/`: the document node of the tree that the context node is in.
    pub(super) fn context_root(&mut self) -> Evaluated<Node<'d>> {
        let root = self.context_node()?.root();
        if root.kind() != NodeKind::Document {
            return Err(EvaluateError::new(
                "XPDY0050",
                "the path starts with `/`, but the context node was built by the query and is in no document",
            ));
        }
        Ok(root)
    }

    pub(super) fn path(&mut self, first: &'e Expr, steps: &'e [PathStep]) -> Evaluated<Value<'d>> {
        let mut current = self.eval(first)?;
        for step in steps {
            if step.deep {
                current = self.deepened(current)?;
            }
            current =
                self.path_step(current, &step.step).map_err(|error| error.or_at(step.step.at))?;
        }
        Ok(current)
    }

    fn path_step(&mut self, from: Value<'d>, step: &'e Expr) -> Evaluated<Value<'d>> {
        let size = from.len();
        let mut out = Vec::new();
        for (index, item) in from.into_vec().into_iter().enumerate() {
            let XmlItem::Node(node) = item else {
                return Err(EvaluateError::new(
                    "XPTY0019",
                    "the step before `/` gives a value that is not a node; use `!` instead of `/`",
                ));
            };
            if let Kind::Axis(axis) = &step.kind {
                self.axis_step(&node, axis, &mut out)?;
                continue;
            }
            let focus = Focus { item: XmlItem::Node(node), position: index + 1, size };
            let value = self.focused(Some(focus), |this| this.eval(step))?;
            self.append(&mut out, value)?;
        }
        self.path_result(out)
    }

    /// Nodes in document order without doubles; atomic values as they come; not both.
    fn path_result(&mut self, items: Vec<Item<'d>>) -> Evaluated<Value<'d>> {
        let nodes = items.iter().filter(|item| item.is_node()).count();
        if nodes == 0 {
            return Ok(XPathValue::from_sequence(items));
        }
        if nodes < items.len() {
            return Err(EvaluateError::new("XPTY0018", "a path gives both nodes and other values"));
        }
        let nodes = self.ordered(items)?;
        Ok(XPathValue::from_sequence(nodes.into_iter().map(XmlItem::Node).collect()))
    }

    /// The nodes among `items` in document order, each once.
    pub(super) fn ordered(&mut self, items: Vec<Item<'d>>) -> Evaluated<Vec<Node<'d>>> {
        let mut nodes: Vec<Node<'d>> = Vec::with_capacity(items.len());
        for item in items {
            match item {
                XmlItem::Node(node) => nodes.push(node),
                XmlItem::Atomic(_) => {
                    return Err(EvaluateError::new(
                        "XPTY0004",
                        "nodes are needed here, but there is another value",
                    ));
                }
            }
        }
        let in_order = nodes.windows(2).all(|pair| document_order(&pair[0], &pair[1]).is_lt());
        if !in_order {
            let levels = u64::from(nodes.len().max(2).ilog2());
            self.budget.steps(nodes.len() as u64 * levels / 4)?;
            nodes.sort_by(document_order);
            nodes.dedup_by(|a, b| a.same(b));
        }
        Ok(nodes)
    }

    /// The nodes of `from` with all that is below them, for `//`.
    fn deepened(&mut self, from: Value<'d>) -> Evaluated<Value<'d>> {
        let mut all = Vec::new();
        for item in from.into_vec() {
            let XmlItem::Node(top) = item else {
                return Err(EvaluateError::new(
                    "XPTY0019",
                    "the step before `//` gives a value that is not a node",
                ));
            };
            let mut walk = Some(top.clone());
            while let Some(node) = walk {
                walk = node.next_below(&top);
                self.append(&mut all, XPathValue::from_node(node))?;
            }
        }
        self.path_result(all)
    }

    pub(super) fn filter(
        &mut self,
        base: &'e Expr,
        predicates: &'e [Expr],
    ) -> Evaluated<Value<'d>> {
        let items = self.eval(base)?.into_vec();
        Ok(XPathValue::from_sequence(self.keep(items, predicates)?))
    }

    /// The items that pass all predicates.
    pub(super) fn keep(
        &mut self,
        mut items: Vec<Item<'d>>,
        predicates: &'e [Expr],
    ) -> Evaluated<Vec<Item<'d>>> {
        for predicate in predicates {
            if let Some(position) = literal_position(predicate) {
                let found = position.and_then(|position| items.into_iter().nth(position));
                items = found.into_iter().collect();
                continue;
            }
            let size = items.len();
            let mut kept = Vec::new();
            for (index, item) in items.into_iter().enumerate() {
                let focus = Focus { item: item.clone(), position: index + 1, size };
                let value = self.focused(Some(focus), |this| this.eval(predicate))?;
                if passes(&value, index + 1).map_err(|error| error.or_at(predicate.at))? {
                    kept.push(item);
                }
            }
            items = kept;
        }
        Ok(items)
    }

    pub(super) fn simple_map(&mut self, steps: &'e [Expr]) -> Evaluated<Value<'d>> {
        let Some((first, rest)) = steps.split_first() else { return Ok(XPathValue::Empty) };
        let mut current = self.eval(first)?;
        for step in rest {
            let size = current.len();
            let mut out = Vec::new();
            for (index, item) in current.into_vec().into_iter().enumerate() {
                let focus = Focus { item, position: index + 1, size };
                let value = self.focused(Some(focus), |this| this.eval(step))?;
                self.append(&mut out, value)?;
            }
            current = XPathValue::from_sequence(out);
        }
        Ok(current)
    }

    pub(super) fn union(&mut self, operands: &'e [Expr]) -> Evaluated<Value<'d>> {
        let mut all = Vec::new();
        for operand in operands {
            let value = self.eval(operand)?;
            self.append(&mut all, value)?;
        }
        let nodes = self.ordered(all)?;
        Ok(XPathValue::from_sequence(nodes.into_iter().map(XmlItem::Node).collect()))
    }

    pub(super) fn sets(
        &mut self,
        first: &'e Expr,
        rest: &'e [(SetOperator, Expr)],
    ) -> Evaluated<Value<'d>> {
        let value = self.eval(first)?;
        let mut nodes = self.ordered(value.into_vec())?;
        for (operator, operand) in rest {
            let value = self.eval(operand)?;
            let other = self.ordered(value.into_vec())?;
            self.budget.steps(nodes.len() as u64)?;
            let wanted = *operator == SetOperator::Intersect;
            nodes.retain(|node| {
                let found = other.binary_search_by(|known| document_order(known, node)).is_ok();
                found == wanted
            });
        }
        Ok(XPathValue::from_sequence(nodes.into_iter().map(XmlItem::Node).collect()))
    }
}

pub(super) fn document_order(a: &Node<'_>, b: &Node<'_>) -> Ordering {
    a.document_order(b)
}

/// The position, from 0, that an integer literal as a predicate selects; `Some(None)` if it can select nothing.
fn literal_position(predicate: &Expr) -> Option<Option<usize>> {
    let Kind::Literal(value) = &predicate.kind else { return None };
    let position = value.as_integer()?;
    Some(usize::try_from(position).ok().and_then(|position| position.checked_sub(1)))
}

/// Whether the item at `position` passes a predicate that gave `value`: a number is a position, all else a condition.
fn passes(value: &Value<'_>, position: usize) -> Evaluated<bool> {
    if let [XmlItem::Atomic(atom)] = value.as_slice()
        && atom.type_code.is_numeric()
    {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a sequence has far fewer items than a double has whole numbers"
        )]
        let position = position as f64;
        return Ok(atom.as_double() == Some(position));
    }
    boolean_value(value)
}
