//! A way through compact text that enters only what is asked for.

use memchr::memmem;

use crate::Child;

/// What begins next on a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head<'t> {
    /// A start tag's name. The walk stands in the element now: it goes on there, or [`Walk::element`] or [`Walk::skip`]
    /// pass it.
    Start(&'t str),
    /// An element without content: name and text.
    Empty(&'t str, &'t str),
    /// Its references are not resolved.
    Text(&'t str),
}

/// A place in an element's content, which must have the form that [`crate::compact`] gives: on other text the answers are
/// wrong, but they end.
#[derive(Clone, Debug)]
pub struct Walk<'t> {
    text: &'t str,
    /// Where what was given last begins.
    start: usize,
    at: usize,
}

impl<'t> Walk<'t> {
    pub fn of(content: &'t str) -> Self {
        Self { text: content, start: 0, at: 0 }
    }

    /// What begins here; `None` at the end of the level, whose end tag is passed, and behind the whole content.
    pub fn head(&mut self) -> Option<Head<'t>> {
        self.start = self.at;
        if self.at == self.text.len() {
            return None;
        }
        if self.text.as_bytes()[self.at] != b'<' {
            self.at = find(self.text, self.at, b'<');
            return Some(Head::Text(&self.text[self.start..self.at]));
        }
        let tag_end = find(self.text, self.at, b'>');
        self.at = after(self.text, tag_end);
        let tag = &self.text[self.start + 1..tag_end];
        if tag.starts_with('/') {
            return None;
        }
        Some(match tag.strip_suffix('/') {
            Some(name) => Head::Empty(name, &self.text[self.start..self.at]),
            None => Head::Start(tag),
        })
    }

    /// Passes the element of this name whose start tag was given last.
    pub fn element(&mut self, name: &'t str) -> Child<'t> {
        let (start, content_start) = (self.start, self.at);
        let content_end = self.skip();
        let content = &self.text[content_start..content_end];
        Child::Element { name, text: &self.text[start..self.at], content }
    }

    /// Passes the element whose start tag was given last; where its content ends.
    ///
    /// One with text alone ends at the next tag. In any other, `name>` is looked for, which stands in no text, instead of
    /// every tag.
    pub fn skip(&mut self) -> usize {
        let bytes = self.text.as_bytes();
        let next = find(self.text, self.at, b'<');
        if bytes.get(next + 1) == Some(&b'/') {
            self.at = after(self.text, find(self.text, next, b'>'));
            return next;
        }
        let tag = &bytes[self.start + 1..self.at];
        let mut depth = 1_usize;
        for found in memmem::find_iter(&bytes[next..], tag) {
            let (before, end) = (&bytes[..next + found], next + found + tag.len());
            if before.ends_with(b"</") {
                depth -= 1;
            } else if before.ends_with(b"<") {
                depth += 1;
            }
            if depth == 0 {
                self.at = end;
                return before.len() - "</".len();
            }
        }
        self.at = bytes.len();
        self.at
    }
}

/// Place of the next such ASCII character at or behind `from`; the end if there is none. Tags and most texts are short: a
/// wider look would begin later than this one ends.
pub(crate) fn find(text: &str, from: usize, byte: u8) -> usize {
    let rest = &text.as_bytes()[from..];
    rest.iter().position(|it| *it == byte).map_or(text.len(), |found| from + found)
}

pub(crate) fn after(text: &str, at: usize) -> usize {
    (at + 1).min(text.len())
}
