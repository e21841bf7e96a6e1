//! The vocabulary in which the tables describe elements: what may be in them, how often, since when.

use super::value::Value;
use crate::specification::SchemaVersion;

/// What an element may hold.
pub(super) struct Shape {
    pub(super) attributes: &'static [Attribute],
    /// Other attributes are kept as they are (extended attributes).
    pub(super) open: bool,
    /// In the order in which they stand.
    pub(super) children: &'static [Child],
    pub(super) text: Value,
}

pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) value: Value,
    pub(super) required: bool,
    /// Of the namespace of our extensions, not of YAWL.
    pub(super) extension: bool,
}

/// A kind of child element.
pub(super) struct Child {
    pub(super) name: &'static str,
    pub(super) body: Body,
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) since: SchemaVersion,
    pub(super) until: SchemaVersion,
    /// May stand before or after the one listed before it.
    pub(super) beside: bool,
}

/// How to check a child's content.
#[derive(Clone, Copy)]
pub(super) enum Body {
    Is(&'static Shape),
    /// By `xsi:type`; the fallback is for elements without one.
    ByType {
        types: &'static [(&'static str, &'static Shape)],
        fallback: Option<&'static Shape>,
    },
    /// Kept as text, or passed over: not looked into.
    Kept,
}

/// Exactly one.
pub(super) const fn one(name: &'static str, shape: &'static Shape) -> Child {
    child(name, Body::Is(shape), 1, 1)
}

/// At most one.
pub(super) const fn optional(name: &'static str, shape: &'static Shape) -> Child {
    child(name, Body::Is(shape), 0, 1)
}

/// Any number up to a limit.
pub(super) const fn many(name: &'static str, shape: &'static Shape, max: usize) -> Child {
    child(name, Body::Is(shape), 0, max)
}

/// Any number up to a limit, but one at least.
pub(super) const fn some(name: &'static str, shape: &'static Shape, max: usize) -> Child {
    child(name, Body::Is(shape), 1, max)
}

/// At most one, not looked into.
pub(super) const fn kept(name: &'static str) -> Child {
    child(name, Body::Kept, 0, 1)
}

pub(super) const fn child(name: &'static str, body: Body, min: usize, max: usize) -> Child {
    let (since, until) = (SchemaVersion::Beta2, SchemaVersion::V4_0);
    Child { name, body, min, max, since, until, beside: false }
}

impl Child {
    pub(super) const fn since(mut self, version: SchemaVersion) -> Self {
        self.since = version;
        self
    }

    pub(super) const fn until(mut self, version: SchemaVersion) -> Self {
        self.until = version;
        self
    }

    pub(super) const fn beside(mut self) -> Self {
        self.beside = true;
        self
    }
}

/// An element that is only a text.
pub(super) const fn leaf(text: Value) -> Shape {
    Shape { attributes: &[], open: false, children: &[], text }
}

/// An element that has only children.
pub(super) const fn nest(children: &'static [Child]) -> Shape {
    Shape { attributes: &[], open: false, children, text: Value::Nothing }
}

/// An element that has only attributes.
pub(super) const fn bare(attributes: &'static [Attribute]) -> Shape {
    Shape { attributes, open: false, children: &[], text: Value::Nothing }
}

pub(super) const fn required(name: &'static str, value: Value) -> Attribute {
    Attribute { name, value, required: true, extension: false }
}

pub(super) const fn allowed(name: &'static str, value: Value) -> Attribute {
    Attribute { name, value, required: false, extension: false }
}

/// Allowed, in the namespace of our extensions.
pub(super) const fn extension(name: &'static str, value: Value) -> Attribute {
    Attribute { name, value, required: false, extension: true }
}
