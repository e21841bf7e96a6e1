//! Evaluates a compiled query over a document.
//!
//! Structure (paths, FLWOR, constructors, conditionals) is walked here, with a budget; arithmetic, comparison, casts
//! and most functions on atomic values are the XPath library's.

mod axis;
mod budget;
mod call;
mod construct;
mod flwor;
mod format_date;
mod format_number;
mod library;
mod maths;
mod native;
mod operators;
mod path;
mod regex;
mod sort;
mod types;

use std::borrow::Cow;

use xsd_schema::{
    types::value::{TimezoneOffset, XmlValue},
    xpath::{XPathValue, functions::effective_boolean_value, iterator::XmlItem},
};

use crate::{
    ast::{Content, Expr, Kind, Module},
    error::EvaluateError,
    limits::{EVALUATION_DEPTH_MAX, SEQUENCE_ITEMS_MAX},
    node::{Node, NodeKind},
    now::Now,
    sink::Serializer,
};
use budget::Budget;
use construct::Output;
use library::Library;

pub(crate) use library::Tables;

pub(crate) type Item<'d> = XmlItem<Node<'d>>;
pub(crate) type Value<'d> = XPathValue<Node<'d>>;
type Evaluated<T> = Result<T, EvaluateError>;

/// One evaluation under way.
pub(crate) struct Evaluator<'e, 'd> {
    module: &'e Module,
    budget: Budget,
    /// Local variables of the function or body that is running.
    frame: Vec<Value<'d>>,
    globals: Vec<Value<'d>>,
    focus: Option<Focus<'d>>,
    timezone: TimezoneOffset,
    library: Library<'e, 'd>,
    /// Trees built so far; each gets the next number.
    trees: u32,
    depth: u32,
    calls: u32,
}

/// The context item with its position among how many.
#[derive(Debug, Clone)]
struct Focus<'d> {
    item: Item<'d>,
    position: usize,
    size: usize,
}

/// Evaluates to the serialised result.
pub(crate) fn serialised<'d>(module: &Module, document: Node<'d>, now: Now) -> Evaluated<String> {
    let tables = Tables::default();
    let mut evaluator = Evaluator::new(module, document, now, &tables)?;
    let mut serializer = Serializer::default();
    evaluator.emit(&module.body, &mut Output::new(&mut serializer))?;
    Ok(serializer.finish())
}

/// Evaluates to the effective boolean value.
pub(crate) fn truth<'d>(module: &Module, document: Node<'d>, now: Now) -> Evaluated<bool> {
    let tables = Tables::default();
    let mut evaluator = Evaluator::new(module, document, now, &tables)?;
    evaluator.truth(&module.body)
}

impl<'e, 'd> Evaluator<'e, 'd> {
    fn new(
        module: &'e Module,
        document: Node<'d>,
        now: Now,
        tables: &'e Tables<'e>,
    ) -> Evaluated<Self> {
        let focus = Focus { item: XmlItem::Node(document), position: 1, size: 1 };
        let mut evaluator = Self {
            module,
            budget: Budget::default(),
            frame: vec![XPathValue::Empty; module.slots],
            globals: Vec::new(),
            focus: Some(focus),
            timezone: TimezoneOffset(now.offset()),
            library: Library::new(tables, now),
            trees: 0,
            depth: 0,
            calls: 0,
        };
        for global in &module.globals {
            let value = evaluator.eval(global)?;
            evaluator.globals.push(value);
        }
        Ok(evaluator)
    }

    fn eval(&mut self, expr: &'e Expr) -> Evaluated<Value<'d>> {
        self.enter(expr)?;
        let value = self.kind(expr).map_err(|error| error.or_at(expr.at));
        self.depth -= 1;
        value
    }

    /// Counts a step and a level.
    fn enter(&mut self, expr: &Expr) -> Evaluated<()> {
        self.budget.steps(1).map_err(|error| error.or_at(expr.at))?;
        if self.depth >= EVALUATION_DEPTH_MAX {
            let message =
                format!("expressions are evaluated deeper than {EVALUATION_DEPTH_MAX} levels");
            return Err(EvaluateError::limit(message).or_at(expr.at));
        }
        self.depth += 1;
        Ok(())
    }

    fn kind(&mut self, expr: &'e Expr) -> Evaluated<Value<'d>> {
        match &expr.kind {
            Kind::Literal(value) => Ok(XPathValue::from_atomic(value.clone())),
            Kind::Sequence(items) => self.sequence(items),
            Kind::Variable(slot) => self.variable(*slot),
            Kind::Global(index) => self.global(*index),
            Kind::ContextItem => Ok(XPathValue::from_item(self.context_item()?.clone())),
            Kind::Root => self.context_root().map(XPathValue::from_node),
            Kind::Axis(step) => self.axis_from_focus(step),
            Kind::Path(first, steps) => self.path(first, steps),
            Kind::Filter(base, predicates) => self.filter(base, predicates),
            Kind::Map(steps) => self.simple_map(steps),
            Kind::Call(function, arguments) => self.call(function, arguments),
            Kind::Flwor(flwor) => self.flwor(flwor),
            Kind::Quantified(quantified) => self.quantified(quantified),
            Kind::If(branches, otherwise) => {
                let branch = self.branch(branches, otherwise)?;
                self.eval(branch)
            }
            Kind::Switch(switch) => {
                let branch = self.switch(switch)?;
                self.eval(branch)
            }
            Kind::Typeswitch(typeswitch) => self.typeswitch(typeswitch),
            Kind::Or(operands) => self.or(operands),
            Kind::And(operands) => self.and(operands),
            Kind::General(operator, sides) => self.general(*operator, sides),
            Kind::Value(operator, sides) => self.value_comparison(*operator, sides),
            Kind::NodeComparison(operator, sides) => self.node_comparison(*operator, sides),
            Kind::Concat(operands) => self.concat(operands),
            Kind::Range(sides) => self.range(sides),
            Kind::Arithmetic(first, rest) => self.arithmetic(first, rest),
            Kind::Sign(negate, operand) => self.sign(*negate, operand),
            Kind::Union(operands) => self.union(operands),
            Kind::Sets(first, rest) => self.sets(first, rest),
            Kind::InstanceOf(operand, kind) => self.instance_of(operand, kind),
            Kind::TreatAs(operand, kind) => self.treat_as(operand, kind),
            Kind::Castable(operand, target) => self.castable(operand, *target),
            Kind::Cast(operand, target) => self.cast(operand, *target),
            Kind::Element(element) => self.element(element),
            Kind::Computed(computed) => self.computed(computed),
        }
    }

    fn sequence(&mut self, items: &'e [Expr]) -> Evaluated<Value<'d>> {
        let mut all = Vec::new();
        for item in items {
            let value = self.eval(item)?;
            self.append(&mut all, value)?;
        }
        Ok(XPathValue::from_sequence(all))
    }

    /// Adds `value` to `all`, within the limit of a sequence.
    fn append(&mut self, all: &mut Vec<Item<'d>>, value: Value<'d>) -> Evaluated<()> {
        let count = value.len();
        if all.len() + count > SEQUENCE_ITEMS_MAX {
            return Err(too_many_items());
        }
        self.budget.steps(count as u64)?;
        match value {
            XPathValue::Empty => {}
            XPathValue::Item(item) => all.push(item),
            XPathValue::Sequence(mut items) => all.append(&mut items),
        }
        Ok(())
    }

    fn variable(&mut self, slot: u32) -> Evaluated<Value<'d>> {
        let value = self.frame[slot as usize].clone();
        self.charge(&value)?;
        Ok(value)
    }

    fn global(&mut self, index: u32) -> Evaluated<Value<'d>> {
        let value = self.globals[index as usize].clone();
        self.charge(&value)?;
        Ok(value)
    }

    /// Counts what a copy of `value` takes.
    fn charge(&mut self, value: &Value<'d>) -> Evaluated<()> {
        let items = value.as_slice();
        self.budget.steps(items.len() as u64)?;
        let bytes =
            items.iter().filter_map(|item| item.as_atomic()?.as_string()).map(str::len).sum();
        self.budget.text(bytes)
    }

    fn context_item(&self) -> Evaluated<&Item<'d>> {
        match &self.focus {
            Some(focus) => Ok(&focus.item),
            None => Err(EvaluateError::new(
                "XPDY0002",
                "there is no context item in a declared function; pass the node as an argument",
            )),
        }
    }

    fn context_node(&self) -> Evaluated<Node<'d>> {
        match self.context_item()? {
            XmlItem::Node(node) => Ok(node.clone()),
            XmlItem::Atomic(_) => Err(EvaluateError::new(
                "XPTY0020",
                "a path starts at an atomic value instead of a node",
            )),
        }
    }

    /// Evaluates `work` with another focus and restores the present one.
    fn focused<T>(
        &mut self,
        focus: Option<Focus<'d>>,
        work: impl FnOnce(&mut Self) -> Evaluated<T>,
    ) -> Evaluated<T> {
        let outer = std::mem::replace(&mut self.focus, focus);
        let result = work(self);
        self.focus = outer;
        result
    }

    fn truth(&mut self, expr: &'e Expr) -> Evaluated<bool> {
        let value = self.eval(expr)?;
        boolean_value(&value).map_err(|error| error.or_at(expr.at))
    }

    /// The atomic values of `value`; nodes give their text as untyped values.
    fn atoms(&mut self, value: Value<'d>) -> Evaluated<Vec<XmlValue>> {
        let mut atoms = Vec::with_capacity(value.len());
        for item in value.into_vec() {
            atoms.push(self.item_atom(item)?);
        }
        Ok(atoms)
    }

    fn item_atom(&mut self, item: Item<'d>) -> Evaluated<XmlValue> {
        match item {
            XmlItem::Atomic(value) => Ok(value),
            XmlItem::Node(node) => {
                let text = self.node_text(&node)?.into_owned();
                Ok(match node.kind() {
                    NodeKind::Comment | NodeKind::Instruction => XmlValue::string(text),
                    NodeKind::Document
                    | NodeKind::Element
                    | NodeKind::Attribute
                    | NodeKind::Text => XmlValue::untyped(text),
                })
            }
        }
    }

    /// The string value of `node`, paid for.
    fn node_text<'n>(&mut self, node: &'n Node<'d>) -> Evaluated<Cow<'n, str>> {
        let text = node.string_value();
        self.budget.text(text.len())?;
        if matches!(text, Cow::Owned(_)) {
            self.budget.steps(node.size())?;
        }
        Ok(text)
    }

    /// The one atomic value of `value`, if it has any.
    fn atom(&mut self, value: Value<'d>) -> Evaluated<Option<XmlValue>> {
        match value {
            XPathValue::Empty => Ok(None),
            XPathValue::Item(item) => self.item_atom(item).map(Some),
            XPathValue::Sequence(mut items) if items.len() < 2 => {
                items.pop().map(|item| self.item_atom(item)).transpose()
            }
            XPathValue::Sequence(items) => Err(EvaluateError::new(
                "XPTY0004",
                format!(
                    "one value is needed, but there are {}; add `[1]` or use an aggregate",
                    items.len()
                ),
            )),
        }
    }

    /// The text of `value`, items joined by spaces, as in attributes.
    fn joined(&mut self, value: Value<'d>) -> Evaluated<String> {
        let atoms = self.atoms(value)?;
        let texts: Vec<String> = atoms.iter().map(XmlValue::to_string_value).collect();
        let text = texts.join(" ");
        self.budget.text(text.len())?;
        Ok(text)
    }

    /// The text of pieces of content without markup: an attribute's value.
    fn text_of(&mut self, pieces: &'e [Content]) -> Evaluated<String> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Content::Text(literal) => text.push_str(literal),
                Content::Enclosed(expr) | Content::Node(expr) => {
                    let value = self.eval(expr)?;
                    text.push_str(&self.joined(value)?);
                }
            }
        }
        Ok(text)
    }

    fn next_tree(&mut self) -> u32 {
        self.trees += 1;
        self.trees
    }
}

fn boolean_value(value: &Value<'_>) -> Evaluated<bool> {
    Ok(effective_boolean_value(value)?)
}

fn too_many_items() -> EvaluateError {
    EvaluateError::limit(format!("a sequence has more than {SEQUENCE_ITEMS_MAX} items"))
}
