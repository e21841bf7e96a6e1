//! The common form without the evaluator: constructors round absolute child paths, bare paths, simple conditions.
//!
//! A plan may give up on a document (namespaces, odd numbers, too long a result); then the evaluator, which is always
//! right, takes over. So a plan never reports an error.

mod plan;
mod write;

#[cfg(test)]
mod tests;

use crate::ast::Comparison;

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
    pub(crate) fn evaluate(&self, document: &roxmltree::Document<'_>) -> Option<String> {
        match self {
            Self::Output(pieces) => {
                let mut out = String::with_capacity(128);
                write::pieces(pieces, document.root(), &mut out)?;
                Some(out)
            }
            Self::Condition(condition) => {
                let holds = condition.holds(document.root())?;
                Some(if holds { "true" } else { "false" }.to_owned())
            }
        }
    }

    pub(crate) fn evaluate_boolean(&self, document: &roxmltree::Document<'_>) -> Option<bool> {
        match self {
            Self::Condition(condition) => condition.holds(document.root()),
            Self::Output(pieces) => match pieces.as_slice() {
                [Piece::Path(path)] => Some(path.exists(document.root())),
                [Piece::Element(_)] => Some(true),
                _ => None,
            },
        }
    }
}

impl Condition {
    fn holds(&self, root: roxmltree::Node<'_, '_>) -> Option<bool> {
        match self {
            Self::Constant(value) => Some(*value),
            Self::Exists(path) => Some(path.exists(root)),
            Self::Not(inner) => inner.holds(root).map(|holds| !holds),
            Self::And(all) => {
                for condition in all {
                    if !condition.holds(root)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            Self::Or(any) => {
                for condition in any {
                    if condition.holds(root)? {
                        return Some(true);
                    }
                }
                Some(false)
            }
            Self::Text(path, operator, literal) => {
                let mut found = false;
                path.each(root, &mut |node| {
                    found = operator.holds((*write::string_value(node)).cmp(literal));
                    Some(!found)
                })?;
                Some(found)
            }
            Self::Number(path, operator, literal) => {
                let mut found = false;
                path.each(root, &mut |node| {
                    let number = plain_number(&write::string_value(node))?;
                    found = operator.holds(number.partial_cmp(literal)?);
                    Some(!found)
                })?;
                Some(found)
            }
        }
    }
}

impl Path {
    fn exists(&self, root: roxmltree::Node<'_, '_>) -> bool {
        let mut found = false;
        // The visitor never gives up.
        let _ = self.each(root, &mut |_| {
            found = true;
            Some(false)
        });
        found
    }

    /// Visits what the path reaches, in document order, while `visit` says so. `None` if `visit` gave up.
    fn each<'d>(
        &self,
        root: roxmltree::Node<'d, 'd>,
        visit: &mut dyn FnMut(roxmltree::Node<'d, 'd>) -> Option<bool>,
    ) -> Option<bool> {
        self.below(&self.names, root, visit)
    }

    fn below<'d>(
        &self,
        names: &[Box<str>],
        parent: roxmltree::Node<'d, 'd>,
        visit: &mut dyn FnMut(roxmltree::Node<'d, 'd>) -> Option<bool>,
    ) -> Option<bool> {
        let (name, rest) = match names.split_first() {
            Some((name, rest)) => (Some(&**name), rest),
            None => (None, names),
        };
        for child in parent.children() {
            let fits = match name {
                Some(name) => {
                    child.is_element()
                        && child.tag_name().name() == name
                        && child.tag_name().namespace().is_none()
                }
                None if self.last == Last::Text => child.is_text(),
                None => child.is_element(),
            };
            if !fits {
                continue;
            }
            let is_last = name.is_none() || (rest.is_empty() && self.last == Last::Named);
            let onward = if is_last { visit(child)? } else { self.below(rest, child, visit)? };
            if !onward {
                return Some(false);
            }
        }
        Some(true)
    }
}

/// A number in plain digits. Others (`INF`, `NaN`, texts) are left to the evaluator.
fn plain_number(text: &str) -> Option<f64> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if plain { text.parse().ok() } else { None }
}
