//! Reads the text of a main module into the [`ast`](crate::ast).
//!
//! A recursive descent over characters without a separate lexer, because what a character means in XQuery depends on
//! where it stands. Long chains (`1 + 1 + ...`, `a/b/...`, `else if ...`) are loops; only real nesting recurses, and
//! that is limited by [`NESTING_MAX`].

mod constructor;
mod flwor;
mod literal;
mod operator;
mod path;
mod primary;
mod prolog;
mod scope;
mod types;

#[cfg(test)]
mod tests;

use crate::{
    ast::{Expr, Kind, Module},
    error::CompileError,
    limits::{NESTING_MAX, QUERY_BYTES_MAX},
    name::{is_name_char, is_name_start},
};
use scope::Scope;

type Parsed<T> = Result<T, CompileError>;

/// Parses a complete main module.
pub(crate) fn parse(text: &str) -> Parsed<Module> {
    if text.len() > QUERY_BYTES_MAX {
        let message = format!("the query has {} bytes, {QUERY_BYTES_MAX} are allowed", text.len());
        return Err(CompileError::at(text, 0, message).remedy("split the mapping"));
    }
    if let Some((at, c)) = text.char_indices().find(|(_, c)| !literal::is_xml_char(*c)) {
        let message = format!("the character U+{:04X} cannot stand in a query", u32::from(c));
        return Err(CompileError::at(text, at, message).remedy("remove it"));
    }
    let mut parser = Parser { text, at: 0, depth: 0, scope: Scope::default() };
    parser.module()
}

/// What is left of the text, and what is known so far.
pub(crate) struct Parser<'q> {
    text: &'q str,
    at: usize,
    depth: u32,
    scope: Scope,
}

impl<'q> Parser<'q> {
    /// `Expr`: one or more expressions with commas between them.
    fn expr(&mut self) -> Parsed<Expr> {
        let at = self.place();
        let first = self.single()?;
        self.space()?;
        if !self.looking_at(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.eat(",")? {
            items.push(self.single()?);
            self.space()?;
        }
        Ok(Expr { at, kind: Kind::Sequence(items) })
    }

    /// `ExprSingle`, one level deeper.
    fn single(&mut self) -> Parsed<Expr> {
        self.enter()?;
        self.space()?;
        let keyword = self.peek_name();
        let then = self.after_word(keyword)?;
        let parsed = match keyword {
            "for" | "let" if then == Some('$') => self.flwor(),
            "for" if matches!(self.second_word(keyword)?, "tumbling" | "sliding") => Err(self
                .error("window clauses are not supported")
                .remedy("write a `for` with `at $position` and a `where`")),
            "some" | "every" if then == Some('$') => self.quantified(),
            "if" if then == Some('(') => self.conditional(),
            "switch" if then == Some('(') => self.switch(),
            "typeswitch" if then == Some('(') => self.typeswitch(),
            "try" if then == Some('{') => Err(self
                .error("`try` and `catch` are not supported")
                .remedy("test with `castable as` or `exists()` before")),
            "validate" if then == Some('{') => Err(self
                .error("`validate` is not supported")
                .remedy("leave it out; results are validated against the variable's type")),
            _ => self.operation(),
        };
        self.depth -= 1;
        parsed
    }

    /// `{ expr }`, `{}` giving the empty sequence.
    fn enclosed(&mut self) -> Parsed<Expr> {
        let at = self.place();
        self.expect("{")?;
        self.space()?;
        if self.eat("}")? {
            return Ok(Expr { at, kind: Kind::Sequence(Vec::new()) });
        }
        let inner = self.expr()?;
        self.expect("}")?;
        Ok(inner)
    }

    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            let message = format!("expressions nest deeper than {NESTING_MAX} levels");
            return Err(self.error(message).remedy("name parts of it with `let`"));
        }
        Ok(())
    }
}

/// Characters, words and errors.
impl<'q> Parser<'q> {
    fn rest(&self) -> &'q str {
        &self.text[self.at..]
    }

    fn place(&self) -> u32 {
        u32::try_from(self.at).unwrap_or(u32::MAX)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn looking_at(&self, symbol: &str) -> bool {
        self.rest().starts_with(symbol)
    }

    /// The name at this place, which may have a prefix in front of it; empty if there is none.
    fn peek_name(&self) -> &'q str {
        name_at(self.rest())
    }

    /// The first character after `word` and the space behind it.
    fn after_word(&mut self, word: &str) -> Parsed<Option<char>> {
        if word.is_empty() {
            return Ok(None);
        }
        let back = self.at;
        self.at += word.len();
        let spaced = self.space();
        let then = self.peek();
        self.at = back;
        spaced.map(|()| then)
    }

    /// The name that follows `word`.
    fn second_word(&mut self, word: &str) -> Parsed<&'q str> {
        let back = self.at;
        self.at += word.len();
        let spaced = self.space();
        let second = self.peek_name();
        self.at = back;
        spaced.map(|()| second)
    }

    /// Skips white space and comments.
    fn space(&mut self) -> Parsed<()> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with("(:") {
                return Ok(());
            }
            self.comment()?;
        }
    }

    /// `(: ... :)`, which may hold further comments.
    fn comment(&mut self) -> Parsed<()> {
        let begin = self.at;
        let mut open = 0_usize;
        loop {
            if self.looking_at("(:") {
                open += 1;
                self.at += 2;
            } else if self.looking_at(":)") {
                open -= 1;
                self.at += 2;
                if open == 0 {
                    return Ok(());
                }
            } else if let Some(c) = self.peek() {
                self.at += c.len_utf8();
            } else {
                return Err(self
                    .error_at(begin, "the comment `(:` is not closed")
                    .remedy("add `:)`"));
            }
        }
    }

    /// Takes `symbol` if it stands here, after space.
    fn eat(&mut self, symbol: &str) -> Parsed<bool> {
        self.space()?;
        let found = self.looking_at(symbol);
        if found {
            self.at += symbol.len();
        }
        Ok(found)
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.eat(symbol)? {
            return Ok(());
        }
        Err(self.error(format!("expected `{symbol}` but found {}", self.found())))
    }

    /// Takes the keyword `word` if it stands here as a whole word.
    fn eat_word(&mut self, word: &str) -> Parsed<bool> {
        self.space()?;
        let found = self.peek_name() == word;
        if found {
            self.at += word.len();
        }
        Ok(found)
    }

    fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word)? {
            return Ok(());
        }
        Err(self.error(format!("expected `{word}` but found {}", self.found())))
    }

    /// The name that must stand here.
    fn name(&mut self, what: &str) -> Parsed<&'q str> {
        self.space()?;
        let name = self.peek_name();
        if name.is_empty() {
            return Err(self.error(format!("expected {what} but found {}", self.found())));
        }
        self.at += name.len();
        Ok(name)
    }

    /// What stands here, for a message.
    fn found(&self) -> String {
        let word = self.peek_name();
        match self.peek() {
            None => "the end of the query".to_owned(),
            Some(_) if !word.is_empty() => format!("`{}`", shortened(word)),
            Some(c) => format!("`{c}`"),
        }
    }

    fn error(&self, message: impl Into<String>) -> CompileError {
        CompileError::at(self.text, self.at, message)
    }

    fn error_at(&self, offset: usize, message: impl Into<String>) -> CompileError {
        CompileError::at(self.text, offset, message)
    }
}

/// A name at the start of `text`: `local` or `prefix:local`, but not the `a:` of `a:*` or `a::b`.
fn name_at(text: &str) -> &str {
    let first = ncname_length(text);
    if first == 0 || !text[first..].starts_with(':') {
        return &text[..first];
    }
    match ncname_length(&text[first + 1..]) {
        0 => &text[..first],
        second => &text[..first + 1 + second],
    }
}

fn ncname_length(text: &str) -> usize {
    if !text.starts_with(is_name_start) {
        return 0;
    }
    text.find(|c: char| !is_name_char(c)).unwrap_or(text.len())
}

/// `word`, cut where it is too long for a message.
fn shortened(word: &str) -> String {
    const CHARS_MAX: usize = 60;
    if word.chars().count() <= CHARS_MAX {
        return word.to_owned();
    }
    word.chars().take(CHARS_MAX).chain("...".chars()).collect()
}
