//! The common form without the evaluator: constructors round absolute child paths, bare paths, simple conditions.
//!
//! A plan reads compact text and needs no tree. It may give up on a document (odd numbers, too long a result); then the
//! evaluator, which is always right, takes over. So a plan never reports an error.

mod plan;
mod write;

#[cfg(test)]
mod tests;

use std::{borrow::Cow, sync::Arc};

use plain::{Child, Head, Walk};

use crate::{
    ast::Comparison,
    document::{Compact, Content},
};

/// What to do, in terms of the document alone.
#[derive(Debug)]
pub(crate) enum Plan {
    Output(Vec<Piece>),
    Condition(Condition),
}

/// A piece of output.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Already escaped.
    Text(Box<str>),
    Path(Path),
    Element(Element),
}

/// An element whose name has no namespace.
#[derive(Debug)]
pub(crate) struct Element {
    name: Box<str>,
    /// Start tag up to the `>`, attributes included.
    start: Box<str>,
    content: Vec<Piece>,
}

/// `/a/b/c`, its last step perhaps `*` or `text()`.
#[derive(Debug)]
pub(crate) struct Path {
    names: Vec<Box<str>>,
    last: Last,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Named,
    Elements,
    Text,
}

/// What is done with an element on the way of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Towards {
    Visit,
    Enter,
    Skip,
}

#[derive(Debug)]
pub(crate) enum Condition {
    Constant(bool),
    Exists(Path),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    /// Whether any text that the path reaches compares so.
    Text(Path, Comparison, Box<str>),
    Number(Path, Comparison, f64),
}

impl Plan {
    pub(crate) fn evaluate(&self, document: Compact<'_>) -> Option<String> {
        match self {
            Self::Output(pieces) => {
                let mut out = String::with_capacity(128);
                write::pieces(pieces, document, &mut out)?;
                Some(out)
            }
            Self::Condition(condition) => {
                let holds = condition.holds(document)?;
                Some(if holds { "true" } else { "false" }.to_owned())
            }
        }
    }

    pub(crate) fn evaluate_boolean(&self, document: Compact<'_>) -> Option<bool> {
        match self {
            Self::Condition(condition) => condition.holds(document),
            Self::Output(pieces) => match pieces.as_slice() {
                [Piece::Path(path)] => path.exists(document),
                [Piece::Element(_)] => Some(true),
                _ => None,
            },
        }
    }
}

impl Condition {
    fn holds(&self, document: Compact<'_>) -> Option<bool> {
        match self {
            Self::Constant(value) => Some(*value),
            Self::Exists(path) => path.exists(document),
            Self::Not(inner) => inner.holds(document).map(|holds| !holds),
            Self::And(all) => {
                for condition in all {
                    if !condition.holds(document)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            Self::Or(any) => {
                for condition in any {
                    if condition.holds(document)? {
                        return Some(true);
                    }
                }
                Some(false)
            }
            Self::Text(path, operator, literal) => {
                let mut found = false;
                path.each(document, &mut |child| {
                    found = operator.holds((*string_value(child)).cmp(literal));
                    Some(!found)
                })?;
                Some(found)
            }
            Self::Number(path, operator, literal) => {
                let mut found = false;
                path.each(document, &mut |child| {
                    let number = plain_number(&string_value(child))?;
                    found = operator.holds(number.partial_cmp(literal)?);
                    Some(!found)
                })?;
                Some(found)
            }
        }
    }
}

impl Path {
    /// Whether it reaches anything.
    fn exists(&self, document: Compact<'_>) -> Option<bool> {
        let mut found = false;
        self.each(document, &mut |_| {
            found = true;
            Some(false)
        })?;
        Some(found)
    }

    /// Visits what the path reaches, in document order, while `visit` says so. `None` if `visit` gave up, or for the
    /// outermost element itself.
    fn each<'d>(
        &self,
        document: Compact<'d>,
        visit: &mut dyn FnMut(Child<'d>) -> Option<bool>,
    ) -> Option<bool> {
        let (root, names) = self.names.split_first()?;
        if names.is_empty() && self.last == Last::Named {
            return None;
        }
        if **root != *document.root {
            return Some(true);
        }
        match document.content {
            Content::Text(text) => self.below(names, &mut Walk::of(text), visit),
            Content::Elements(elements) => self.among(names, elements, visit),
        }
    }

    /// The same over elements that are texts of their own: of those that it does not reach, only the start tag is read.
    fn among<'d>(
        &self,
        names: &[Box<str>],
        elements: &'d [Arc<str>],
        visit: &mut dyn FnMut(Child<'d>) -> Option<bool>,
    ) -> Option<bool> {
        for element in elements {
            let child = Child::of_element(element);
            let onward = match child {
                Child::Element { name, content, .. } => match self.towards(names, name) {
                    Towards::Visit => visit(child)?,
                    Towards::Enter => self.below(&names[1..], &mut Walk::of(content), visit)?,
                    Towards::Skip => true,
                },
                Child::Text(_) => !self.takes_texts(names) || visit(child)?,
            };
            if !onward {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Goes on through the level of elements on which `walk` stands, to its end if `visit` lets it.
    fn below<'d>(
        &self,
        names: &[Box<str>],
        walk: &mut Walk<'d>,
        visit: &mut dyn FnMut(Child<'d>) -> Option<bool>,
    ) -> Option<bool> {
        while let Some(head) = walk.head() {
            let onward = match head {
                Head::Start(name) => match self.towards(names, name) {
                    Towards::Visit => visit(walk.element(name))?,
                    Towards::Enter => self.below(&names[1..], walk, visit)?,
                    Towards::Skip => {
                        walk.skip();
                        true
                    }
                },
                Head::Empty(name, text) => {
                    let child = Child::Element { name, text, content: "" };
                    self.towards(names, name) != Towards::Visit || visit(child)?
                }
                Head::Text(text) => !self.takes_texts(names) || visit(Child::Text(text))?,
            };
            if !onward {
                return Some(false);
            }
        }
        Some(true)
    }

    /// What is done with an element of this name where `names` are still to come.
    fn towards(&self, names: &[Box<str>], name: &str) -> Towards {
        match names {
            [] if self.last == Last::Elements => Towards::Visit,
            [] => Towards::Skip,
            [wanted, ..] if **wanted != *name => Towards::Skip,
            [_] if self.last == Last::Named => Towards::Visit,
            [_, ..] => Towards::Enter,
        }
    }

    fn takes_texts(&self, names: &[Box<str>]) -> bool {
        names.is_empty() && self.last == Last::Text
    }
}

fn string_value(child: Child<'_>) -> Cow<'_, str> {
    match child {
        Child::Element { content, .. } => plain::string_value(content),
        Child::Text(text) => plain::resolve(text),
    }
}

/// A number in plain digits. Others (`INF`, `NaN`, texts) are left to the evaluator.
fn plain_number(text: &str) -> Option<f64> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if plain { text.parse().ok() } else { None }
}
