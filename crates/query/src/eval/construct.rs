//! Constructors, and the way of their content into a sink.

use xsd_schema::{
    types::value::XmlValue,
    xpath::{XPathValue, iterator::XmlItem},
};

use super::{Evaluated, Evaluator, Item, Value};
use crate::{
    ast::{Computed, ComputedName, Content, Element, Expr, Kind},
    error::EvaluateError,
    limits::RESULT_BYTES_MAX,
    name::{Name, NameRef, is_ncname},
    node::Node,
    sink::{self, Sink},
    tree::TreeBuilder,
};

/// A sink, and whether the item written last was atomic: between two such stands a space.
pub(super) struct Output<'s> {
    sink: &'s mut dyn Sink,
    after_atomic: bool,
}

impl<'s> Output<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink) -> Self {
        Self { sink, after_atomic: false }
    }
}

impl<'e, 'd> Evaluator<'e, 'd> {
    /// Writes the value of `expr` as content, without building it first where that can be avoided.
    pub(super) fn emit(&mut self, expr: &'e Expr, out: &mut Output<'_>) -> Evaluated<()> {
        self.enter(expr)?;
        let written = self.emit_kind(expr, out).map_err(|error| error.or_at(expr.at));
        self.depth -= 1;
        written
    }

    fn emit_kind(&mut self, expr: &'e Expr, out: &mut Output<'_>) -> Evaluated<()> {
        match &expr.kind {
            Kind::Element(element) => self.emit_element(element, out),
            Kind::Sequence(items) => items.iter().try_for_each(|item| self.emit(item, out)),
            Kind::If(branches, otherwise) => {
                let branch = self.branch(branches, otherwise)?;
                self.emit(branch, out)
            }
            Kind::Switch(switch) => {
                let branch = self.switch(switch)?;
                self.emit(branch, out)
            }
            Kind::Flwor(flwor) => {
                self.tuples(&flwor.clauses, &mut |this| this.emit(&flwor.result, out))
            }
            Kind::Literal(_)
            | Kind::Variable(_)
            | Kind::Global(_)
            | Kind::ContextItem
            | Kind::Root
            | Kind::Axis(_)
            | Kind::Path(..)
            | Kind::Filter(..)
            | Kind::Call(..)
            | Kind::Quantified(_)
            | Kind::Typeswitch(_)
            | Kind::Or(_)
            | Kind::And(_)
            | Kind::General(..)
            | Kind::Value(..)
            | Kind::NodeComparison(..)
            | Kind::Concat(_)
            | Kind::Range(_)
            | Kind::Arithmetic(..)
            | Kind::Sign(..)
            | Kind::Union(_)
            | Kind::Sets(..)
            | Kind::InstanceOf(..)
            | Kind::TreatAs(..)
            | Kind::Castable(..)
            | Kind::Cast(..)
            | Kind::Map(_)
            | Kind::Computed(_) => {
                let value = self.kind(expr)?;
                value.as_slice().iter().try_for_each(|item| self.emit_item(item, out))
            }
        }
    }

    fn emit_item(&mut self, item: &Item<'d>, out: &mut Output<'_>) -> Evaluated<()> {
        match item {
            XmlItem::Atomic(atom) => {
                let text = atom.to_string_value();
                self.budget.text(text.len())?;
                if out.after_atomic {
                    out.sink.text(" ");
                }
                out.sink.text(&text);
                out.after_atomic = true;
            }
            XmlItem::Node(node) => {
                out.after_atomic = false;
                let budget = &mut self.budget;
                sink::copy(node, out.sink, &mut |bytes| {
                    budget.steps(1)?;
                    budget.text(bytes)
                })?;
            }
        }
        check_length(out)
    }

    fn emit_element(&mut self, element: &'e Element, out: &mut Output<'_>) -> Evaluated<()> {
        out.after_atomic = false;
        let name = element.name.as_ref();
        self.budget.text(name.text.len() * 2 + 16)?;
        out.sink.start(name);
        for (prefix, uri) in &element.namespaces {
            out.sink.namespace(prefix, uri);
        }
        for (name, value) in &element.attributes {
            let value = self.text_of(value)?;
            self.budget.text(value.len())?;
            out.sink.attribute(name.as_ref(), &value)?;
        }
        for piece in &element.content {
            out.after_atomic = false;
            match piece {
                Content::Text(text) => {
                    self.budget.text(text.len())?;
                    out.sink.text(text);
                }
                Content::Enclosed(expr) | Content::Node(expr) => self.emit(expr, out)?,
            }
        }
        out.sink.end(name);
        out.after_atomic = false;
        check_length(out)
    }

    pub(super) fn element(&mut self, element: &'e Element) -> Evaluated<Value<'d>> {
        let mut builder = TreeBuilder::new(self.next_tree());
        self.emit_element(element, &mut Output::new(&mut builder))?;
        Ok(XPathValue::from_node(Node::Built(builder.finish(), 0)))
    }

    pub(super) fn computed(&mut self, computed: &'e Computed) -> Evaluated<Value<'d>> {
        let mut builder = TreeBuilder::new(self.next_tree());
        match computed {
            Computed::Element(name, content) => {
                let name = self.computed_name(name)?;
                builder.start(name.as_ref());
                self.emit(content, &mut Output::new(&mut builder))?;
                builder.end(name.as_ref());
            }
            Computed::Document(content) => {
                builder.start_document();
                self.emit(content, &mut Output::new(&mut builder))?;
                builder.end_document();
            }
            Computed::Attribute(name, content) => {
                let name = self.computed_name(name)?;
                if name.as_ref().text == "xmlns" || name.as_ref().prefix() == "xmlns" {
                    return Err(EvaluateError::new(
                        "XQDY0044",
                        "a namespace cannot be built as an attribute",
                    ));
                }
                let value = self.eval(content)?;
                let text = self.joined(value)?;
                builder.start(NameRef::new("", ""));
                builder.attribute(name.as_ref(), &text)?;
                return Ok(XPathValue::from_node(Node::BuiltAttribute(builder.finish(), 0, 0)));
            }
            Computed::Text(content) => {
                let value = self.eval(content)?;
                if value.is_empty() {
                    return Ok(XPathValue::Empty);
                }
                let text = self.joined(value)?;
                builder.lone_text(&text);
            }
            Computed::Comment(content) => {
                let value = self.eval(content)?;
                let text = self.joined(value)?;
                if text.contains("--") || text.ends_with('-') {
                    return Err(EvaluateError::new(
                        "XQDY0072",
                        "`--` cannot stand within a comment",
                    ));
                }
                builder.comment(&text);
            }
            Computed::Instruction(name, content) => {
                let name = self.computed_name(name)?;
                let value = self.eval(content)?;
                let text = self.joined(value)?;
                if text.contains("?>") {
                    return Err(EvaluateError::new(
                        "XQDY0026",
                        "`?>` cannot stand within an instruction",
                    ));
                }
                builder.instruction(name.as_ref().text, text.trim_start());
            }
        }
        Ok(XPathValue::from_node(Node::Built(builder.finish(), 0)))
    }

    fn computed_name(&mut self, name: &'e ComputedName) -> Evaluated<Name> {
        let expr = match name {
            ComputedName::Known(name) => return Ok(name.clone()),
            ComputedName::Expr(expr) => expr,
        };
        let value = self.eval(expr)?;
        let text = self.atom(value)?.map(|atom: XmlValue| atom.to_string_value());
        match text.as_deref().map(str::trim) {
            Some(text) if is_ncname(text) => Ok(Name::new(text, "")),
            Some(text) => Err(EvaluateError::new(
                "XQDY0074",
                format!("`{text}` cannot be the name of an element or attribute"),
            )),
            None => Err(EvaluateError::new("XPTY0004", "the computed name is empty")),
        }
    }
}

fn check_length(out: &Output<'_>) -> Evaluated<()> {
    if out.sink.len() <= RESULT_BYTES_MAX {
        return Ok(());
    }
    Err(EvaluateError::limit(format!("the result has more than {RESULT_BYTES_MAX} bytes")))
}
