//! What a handler gives: a result, or why there is none.

use crate::xml::{self, Element};

/// Why a handler has no result. Every error becomes a failure with its text by `?`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Somebody else should do it: others may claim it at once, and no attempt is counted.
    GiveBack(String),
    /// It could not be done: the item rests, and is a dead letter after too many attempts.
    Fail(String),
}

impl Failure {
    pub fn give_back(reason: impl Into<String>) -> Self {
        Self::GiveBack(reason.into())
    }

    pub fn fail(reason: impl Into<String>) -> Self {
        Self::Fail(reason.into())
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        Self::Fail(text)
    }
}

/// A result: an element, or XML that the handler wrote itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Element(Element),
    Xml(String),
}

impl Output {
    /// A result that is XML already. The server refuses what is none.
    pub fn xml(text: impl Into<String>) -> Self {
        Self(Kind::Xml(text.into()))
    }

    pub(super) fn into_xml(self) -> Result<String, xml::Error> {
        match self.0 {
            Kind::Element(element) => element.to_xml(),
            Kind::Xml(text) => Ok(text),
        }
    }
}

impl From<Element> for Output {
    fn from(element: Element) -> Self {
        Self(Kind::Element(element))
    }
}
