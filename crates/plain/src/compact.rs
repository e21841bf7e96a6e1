//! The form in which data is stored.

use std::borrow::Cow;

use crate::{Token, Tokens};

/// Elements inside elements; deeper ones are left to a parser and its limits.
const DEPTH_MAX: usize = 128;

/// The one element that `text` is, without white space between elements and with the shortest tags and references;
/// borrowed if it has that form already. `None` if it is not plain.
///
/// Text of white space alone counts only as an element's whole content. `&lt;`, `&gt;`, `&amp;` are what is left
/// of references.
pub fn compact(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim_matches([' ', '\t', '\n']);
    let mut writer = Writer { source: text, out: String::new(), kept: 0, is_same: true };
    let mut open: Vec<&str> = Vec::with_capacity(8);
    let mut tokens = Tokens::new(text).peekable();
    let mut before = None;
    while let Some(token) = tokens.next() {
        let mut token = token.ok()?;
        match token {
            Token::Start(name) if matches!(tokens.peek(), Some(Ok(Token::End(_)))) => {
                let Some(Ok(Token::End(end))) = tokens.next() else { return None };
                if end != name {
                    return None;
                }
                writer.instead(&["<", name, "/>"], 2 * name.len() + 5);
                token = Token::Empty(name);
            }
            Token::Start(name) => {
                if open.len() >= DEPTH_MAX {
                    return None;
                }
                open.push(name);
                writer.keep(name.len() + 2);
            }
            Token::Empty(name) => writer.keep(name.len() + 3),
            Token::End(name) => {
                if open.pop() != Some(name) {
                    return None;
                }
                writer.keep(name.len() + 3);
            }
            Token::Text(run) => {
                let is_whole = matches!(before, Some(Token::Start(_)))
                    && matches!(tokens.peek(), Some(Ok(Token::End(_))));
                writer.text(run, is_whole)?;
            }
        }
        // Behind the end of the outermost element nothing may follow.
        if open.is_empty() && tokens.peek().is_some() {
            return None;
        }
        before = Some(token);
    }
    (open.is_empty() && before.is_some_and(|it| !matches!(it, Token::Text(_))))
        .then(|| writer.finish())
}

/// Copies as late as possible: as long as all is kept, nothing is written.
struct Writer<'t> {
    source: &'t str,
    out: String,
    /// Bytes of the source that are dealt with.
    kept: usize,
    is_same: bool,
}

impl<'t> Writer<'t> {
    fn keep(&mut self, length: usize) {
        if !self.is_same {
            self.out.push_str(&self.source[self.kept..self.kept + length]);
        }
        self.kept += length;
    }

    /// Writes `parts` for the next `length` bytes.
    fn instead(&mut self, parts: &[&str], length: usize) {
        if self.is_same {
            self.out.reserve(self.source.len());
            self.out.push_str(&self.source[..self.kept]);
            self.is_same = false;
        }
        parts.iter().for_each(|part| self.out.push_str(part));
        self.kept += length;
    }

    fn text(&mut self, run: &str, is_whole: bool) -> Option<()> {
        // What a carriage return is between elements, a parser shall say.
        if run.contains('&') && run.contains("&#") {
            return None;
        }
        if !is_whole && run.chars().all(char::is_whitespace) {
            self.instead(&[], run.len());
            return Some(());
        }
        if !run.contains('&') {
            self.keep(run.len());
            return Some(());
        }
        let mut rest = run;
        while let Some(at) = rest.find("&quot;").into_iter().chain(rest.find("&apos;")).min() {
            self.keep(at);
            let character = if rest[at..].starts_with("&quot;") { "\"" } else { "'" };
            self.instead(&[character], "&quot;".len());
            rest = &rest[at + "&quot;".len()..];
        }
        self.keep(rest.len());
        Some(())
    }

    fn finish(self) -> Cow<'t, str> {
        if self.is_same { Cow::Borrowed(self.source) } else { Cow::Owned(self.out) }
    }
}
