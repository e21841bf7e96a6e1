//! Recognises the common form in a compiled module.

use super::{Condition, Element, Last, Path, Piece, Plan};
use crate::{
    ast::{self, Axis, Comparison, Content, Expr, Kind, Module, NodeTest},
    functions::{Function, Native},
    sink::{Serializer, Sink},
};

/// Steps of a path and levels of a constructor that a plan takes; both recurse.
const DEPTH_MAX: usize = 32;

impl Plan {
    /// The plan for `module`, if it has the common form.
    pub(crate) fn of(module: &Module) -> Option<Self> {
        if !module.globals.is_empty() {
            return None;
        }
        if let Some(pieces) = pieces_of(&module.body, 0) {
            return Some(Self::Output(pieces));
        }
        condition(&module.body, 0).map(Self::Condition)
    }
}

/// Content that consists of nodes and texts, so that no space must be put between its items.
fn pieces_of(expr: &Expr, depth: usize) -> Option<Vec<Piece>> {
    if let Kind::Sequence(items) = &expr.kind {
        let pieces: Option<Vec<Vec<Piece>>> =
            items.iter().map(|item| pieces_of(item, depth)).collect();
        return Some(pieces?.into_iter().flatten().collect());
    }
    if let Kind::Element(constructor) = &expr.kind {
        return Some(vec![Piece::Element(element(constructor, depth + 1)?)]);
    }
    Some(vec![Piece::Path(path_of(expr)?)])
}

fn element(constructor: &ast::Element, depth: usize) -> Option<Element> {
    if depth > DEPTH_MAX
        || !constructor.name.as_ref().uri.is_empty()
        || !constructor.namespaces.is_empty()
    {
        return None;
    }
    let name = constructor.name.as_ref();
    let mut start = Serializer::default();
    start.start(name);
    for (attribute, value) in &constructor.attributes {
        let text = match value.as_slice() {
            [] => "",
            [Content::Text(text)] => text,
            _ => return None,
        };
        if !attribute.as_ref().uri.is_empty() {
            return None;
        }
        start.attribute(attribute.as_ref(), text).ok()?;
    }
    let mut content = Vec::new();
    for piece in &constructor.content {
        match piece {
            Content::Text(text) => content.push(Piece::Text(escaped(text))),
            Content::Node(expr) => content.extend(pieces_of(expr, depth)?),
            // One value alone needs no space either.
            Content::Enclosed(Expr { kind: Kind::Literal(value), .. }) => {
                content.push(Piece::Text(escaped(&value.to_string_value())));
            }
            Content::Enclosed(expr) => content.extend(pieces_of(expr, depth)?),
        }
    }
    Some(Element { name: name.text.into(), start: start.finish().into(), content })
}

fn escaped(text: &str) -> Box<str> {
    let mut serializer = Serializer::default();
    serializer.text(text);
    serializer.finish().into()
}

fn path_of(expr: &Expr) -> Option<Path> {
    let Kind::Path(first, steps) = &expr.kind else { return None };
    if !matches!(first.kind, Kind::Root) || steps.len() > DEPTH_MAX {
        return None;
    }
    let (end, before) = steps.split_last()?;
    let mut names = Vec::new();
    for step in before {
        names.push(plain(child_test(step)?)?);
    }
    let test = child_test(end)?;
    let last = if *test == NodeTest::AnyName {
        Last::Elements
    } else if *test == NodeTest::Text {
        Last::Text
    } else {
        names.push(plain(test)?);
        Last::Named
    };
    Some(Path { names, last })
}

/// The test of a plain step to children.
fn child_test(step: &ast::PathStep) -> Option<&NodeTest> {
    let Kind::Axis(axis) = &step.step.kind else { return None };
    let is_plain = !step.deep && axis.axis == Axis::Child && axis.predicates.is_empty();
    is_plain.then_some(&axis.test)
}

/// A name without a namespace.
fn plain(test: &NodeTest) -> Option<Box<str>> {
    let NodeTest::Named(name) = test else { return None };
    name.as_ref().uri.is_empty().then(|| name.as_ref().local().into())
}

fn condition(expr: &Expr, depth: usize) -> Option<Condition> {
    if depth > DEPTH_MAX {
        return None;
    }
    let all = |operands: &[Expr]| {
        operands.iter().map(|operand| boolean(operand, depth + 1)).collect::<Option<Vec<_>>>()
    };
    if let Kind::And(operands) = &expr.kind {
        return all(operands).map(Condition::And);
    }
    if let Kind::Or(operands) = &expr.kind {
        return all(operands).map(Condition::Or);
    }
    if let Kind::General(operator, sides) = &expr.kind {
        return comparison(*operator, sides);
    }
    let Kind::Call(Function::Native(native), arguments) = &expr.kind else { return None };
    match (*native, arguments.first()) {
        (Native::True, None) => Some(Condition::Constant(true)),
        (Native::False, None) => Some(Condition::Constant(false)),
        (Native::Not, Some(argument)) => {
            Some(Condition::Not(Box::new(boolean(argument, depth + 1)?)))
        }
        (Native::Boolean, Some(argument)) => boolean(argument, depth + 1),
        (Native::Exists, Some(argument)) => path_of(argument).map(Condition::Exists),
        (Native::Empty, Some(argument)) => {
            Some(Condition::Not(Box::new(Condition::Exists(path_of(argument)?))))
        }
        (_, _) => None,
    }
}

fn comparison(operator: Comparison, sides: &(Expr, Expr)) -> Option<Condition> {
    let path = path_of(&sides.0)?;
    let Kind::Literal(literal) = &sides.1.kind else { return None };
    if literal.type_code.is_numeric() {
        return Some(Condition::Number(path, operator, literal.as_double()?));
    }
    Some(Condition::Text(path, operator, literal.as_string()?.into()))
}

/// An operand of `and` and its kin: a condition, or a path that must reach something.
fn boolean(expr: &Expr, depth: usize) -> Option<Condition> {
    path_of(expr).map(Condition::Exists).or_else(|| condition(expr, depth))
}
