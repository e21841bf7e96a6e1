//! The children of an element in compact text.

use std::borrow::Cow;

use crate::{
    Head, Walk, resolve,
    walk::{after, find},
};

/// A child of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Child<'t> {
    Element {
        name: &'t str,
        /// The element with its tags.
        text: &'t str,
        /// What stands between its tags.
        content: &'t str,
    },
    /// Its references are not resolved.
    Text(&'t str),
}

impl<'t> Child<'t> {
    /// What `text` is, which must be one compact element: only its start tag is looked at.
    pub fn of_element(text: &'t str) -> Self {
        let tag_end = find(text, 0, b'>');
        let Some(tag) = text.get(1..tag_end).filter(|_| text.starts_with('<')) else {
            return Self::Text(text);
        };
        if let Some(name) = tag.strip_suffix('/') {
            return Self::Element { name, text, content: "" };
        }
        let content_end = text.len().saturating_sub(tag.len() + "</>".len());
        let content = text.get(tag_end + 1..content_end).unwrap_or_default();
        Self::Element { name: tag, text, content }
    }
}

/// The children in an element's content, one after the other, as a [`Walk`] that enters none.
#[derive(Clone, Debug)]
pub struct Children<'t>(Walk<'t>);

impl<'t> Children<'t> {
    pub fn of(content: &'t str) -> Self {
        Self(Walk::of(content))
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Child<'t>;

    fn next(&mut self) -> Option<Child<'t>> {
        Some(match self.0.head()? {
            Head::Start(name) => self.0.element(name),
            Head::Empty(name, text) => Child::Element { name, text, content: "" },
            Head::Text(text) => Child::Text(text),
        })
    }
}

/// All text in a compact content, references resolved.
pub fn string_value(content: &str) -> Cow<'_, str> {
    if !content.contains('<') {
        return resolve(content);
    }
    let mut value = String::with_capacity(content.len());
    let mut rest = content;
    while !rest.is_empty() {
        let text_end = find(rest, 0, b'<');
        value.push_str(&resolve(&rest[..text_end]));
        rest = &rest[after(rest, find(rest, text_end, b'>'))..];
    }
    Cow::Owned(value)
}
