//! Recognises the common form in a compiled module.

use super::{Condition, Element, Last, Path, Piece, Plan};
use crate::{
    ast::{self, Axis, Content, Expr, Kind, Module, NodeTest},
    functions::{Function, Native},
    name::NameRef,
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
    match &expr.kind {
        Kind::Sequence(items) => {
            let pieces: Option<Vec<Vec<Piece>>> =
                items.iter().map(|item| pieces_of(item, depth)).collect();
            Some(pieces?.into_iter().flatten().collect())
        }
        Kind::Path(first, steps) => Some(vec![Piece::Path(path(first, steps)?)]),
        Kind::Element(constructor) => Some(vec![Piece::Element(element(constructor, depth + 1)?)]),
        _ => None,
    }
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
            Content::Enclosed(expr) => match &expr.kind {
                // One value alone needs no space either.
                Kind::Literal(value) => {
                    content.push(Piece::Text(escaped(&value.to_string_value())))
                }
                _ => content.extend(pieces_of(expr, depth)?),
            },
        }
    }
    Some(Element { name: name.text.into(), start: start.finish().into(), content })
}

fn escaped(text: &str) -> Box<str> {
    let mut serializer = Serializer::default();
    serializer.text(text);
    serializer.finish().into()
}

fn path(first: &Expr, steps: &[ast::PathStep]) -> Option<Path> {
    if !matches!(first.kind, Kind::Root) || steps.len() > DEPTH_MAX {
        return None;
    }
    let mut names = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let Kind::Axis(axis) = &step.step.kind else { return None };
        if step.deep || axis.axis != Axis::Child || !axis.predicates.is_empty() {
            return None;
        }
        let is_last = index + 1 == steps.len();
        match &axis.test {
            NodeTest::Named(name) => names.push(plain(name.as_ref())?),
            NodeTest::AnyName if is_last => return Some(Path { names, last: Last::Elements }),
            NodeTest::Text if is_last => return Some(Path { names, last: Last::Text }),
            _ => return None,
        }
    }
    Some(Path { names, last: Last::Named })
}

fn plain(name: NameRef<'_>) -> Option<Box<str>> {
    name.uri.is_empty().then(|| name.local().into())
}

fn condition(expr: &Expr, depth: usize) -> Option<Condition> {
    if depth > DEPTH_MAX {
        return None;
    }
    let all = |operands: &[Expr]| {
        operands.iter().map(|operand| boolean(operand, depth + 1)).collect::<Option<Vec<_>>>()
    };
    match &expr.kind {
        Kind::And(operands) => all(operands).map(Condition::And),
        Kind::Or(operands) => all(operands).map(Condition::Or),
        Kind::General(operator, sides) => {
            let Kind::Path(first, steps) = &sides.0.kind else { return None };
            let Kind::Literal(literal) = &sides.1.kind else { return None };
            let path = path(first, steps)?;
            if literal.type_code.is_numeric() {
                return Some(Condition::Number(path, *operator, literal.as_double()?));
            }
            Some(Condition::Text(path, *operator, literal.as_string()?.into()))
        }
        Kind::Call(Function::Native(native), arguments) => {
            let argument = arguments.first();
            match (native, argument) {
                (Native::True, None) => Some(Condition::Constant(true)),
                (Native::False, None) => Some(Condition::Constant(false)),
                (Native::Not, Some(argument)) => {
                    Some(Condition::Not(Box::new(boolean(argument, depth + 1)?)))
                }
                (Native::Boolean, Some(argument)) => boolean(argument, depth + 1),
                (Native::Exists, Some(argument)) => existence(argument),
                (Native::Empty, Some(argument)) => {
                    Some(Condition::Not(Box::new(existence(argument)?)))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// An operand of `and` and its kin: a condition, or a path that must reach something.
fn boolean(expr: &Expr, depth: usize) -> Option<Condition> {
    existence(expr).or_else(|| condition(expr, depth))
}

fn existence(expr: &Expr) -> Option<Condition> {
    let Kind::Path(first, steps) = &expr.kind else { return None };
    path(first, steps).map(Condition::Exists)
}
