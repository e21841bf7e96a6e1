//! Walks over compact text without checking it again.

use std::borrow::Cow;

use crate::resolve;

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

/// The children in an element's content, which must have the form that [`crate::compact`] gives: on other text the answers
/// are wrong, but they end.
#[derive(Clone, Debug)]
pub struct Children<'t> {
    rest: &'t str,
}

impl<'t> Children<'t> {
    pub fn of(content: &'t str) -> Self {
        Self { rest: content }
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Child<'t>;

    fn next(&mut self) -> Option<Child<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        if !self.rest.starts_with('<') {
            let length = find(self.rest, 0, b'<');
            return Some(Child::Text(self.take(length)));
        }
        let tag_end = find(self.rest, 0, b'>');
        let tag = self.rest.get(1..tag_end).unwrap_or_default();
        if let Some(name) = tag.strip_suffix('/') {
            let text = self.take(after(self.rest, tag_end));
            return Some(Child::Element { name, text, content: "" });
        }
        let (content_end, end) = element_end(self.rest, tag_end);
        let content = self.rest.get(tag_end + 1..content_end).unwrap_or_default();
        let text = self.take(end);
        Some(Child::Element { name: tag, text, content })
    }
}

/// Where the content of the element whose start tag ends at `tag_end` ends, and where the element does.
fn element_end(text: &str, tag_end: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (1_usize, tag_end);
    loop {
        let tag = find(text, at, b'<');
        at = find(text, tag, b'>');
        if at == text.len() {
            return (tag, at);
        }
        if bytes.get(tag + 1) == Some(&b'/') {
            depth -= 1;
        } else if bytes[at - 1] != b'/' {
            depth += 1;
        }
        if depth == 0 {
            return (tag, after(text, at));
        }
    }
}

/// Place of the next such ASCII character at or behind `from`; the end if there is none.
fn find(text: &str, from: usize, byte: u8) -> usize {
    let rest = &text.as_bytes()[from..];
    rest.iter().position(|it| *it == byte).map_or(text.len(), |found| from + found)
}

fn after(text: &str, at: usize) -> usize {
    (at + 1).min(text.len())
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
