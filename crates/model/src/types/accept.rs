//! Proves values valid in one pass over their text, for the common part of XML Schema: sequences, choices, groups, `all`,
//! and simple types with facets, in values without attributes.
//!
//! Says yes or nothing. What it does not prove (an invalid value, a rare type, an odd spelling of a number) is left to
//! the library, which alone says what is wrong. So each rule here may be stricter than XML Schema, and none laxer.

mod text;

use std::{iter::Peekable, sync::Arc};

use plain::{NotPlain, Token, Tokens};

use self::text::Check;
use super::shape::{Complex, Content, Element, Particle, Shapes, Term, Type};

/// Bytes of a value that is read here: the limits on nodes cannot be met below it.
const BYTES_MAX: usize = 1024 * 1024;
/// Elements and groups inside each other. Each costs stack.
const DEPTH_MAX: u32 = 128;
/// Parts of an `xs:all`, one bit each.
const ALL_MAX: usize = 64;

/// Shapes, and the checks of their simple types.
#[derive(Debug)]
pub(super) struct Acceptor {
    shapes: Arc<Shapes>,
    /// By simple type; `None` where no text can be proved valid.
    checks: Vec<Option<Check>>,
}

impl Acceptor {
    pub(super) fn new(shapes: Arc<Shapes>) -> Self {
        let checks = shapes.simples.iter().map(Check::of).collect();
        Self { shapes, checks }
    }

    /// Whether an element is surely valid for the sequence of this number, whatever its name.
    pub(super) fn accepts(&self, sequence: usize, xml: &str) -> bool {
        let Some(mut run) = self.run(xml) else { return false };
        let is_valid = match run.tokens.next() {
            Some(Ok(Token::Start(name))) => {
                run.sequence_of(sequence)
                    && matches!(run.tokens.next(), Some(Ok(Token::End(end))) if end == name)
            }
            Some(Ok(Token::Empty(_))) => self.accepts_content(sequence, ""),
            None | Some(Ok(Token::End(_) | Token::Text(_)) | Err(NotPlain)) => false,
        };
        is_valid && run.tokens.next().is_none()
    }

    /// The same for what stands between the element's tags.
    pub(super) fn accepts_content(&self, sequence: usize, content: &str) -> bool {
        self.run(content)
            .is_some_and(|mut run| run.sequence_of(sequence) && run.tokens.next().is_none())
    }

    fn run<'a>(&'a self, text: &'a str) -> Option<Run<'a>> {
        let is_for_us = text.len() <= BYTES_MAX && !self.shapes.has_keys;
        is_for_us.then(|| Run {
            shapes: &self.shapes,
            checks: &self.checks,
            tokens: Tokens::new(text).peekable(),
            depth: 0,
        })
    }
}

/// How a part of a content model met the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// It took elements.
    Taken,
    /// It is content with none.
    Nothing,
    /// It needs elements that do not come next; none was taken.
    Missing,
    /// Not to be proved.
    Open,
}

/// One pass over one value. Elements are matched greedily: a schema that compiled never leaves a choice between two parts
/// that begin alike.
struct Run<'a> {
    shapes: &'a Shapes,
    checks: &'a [Option<Check>],
    tokens: Peekable<Tokens<'a>>,
    depth: u32,
}

impl<'a> Run<'a> {
    /// Passes white space; false if other text comes next.
    fn skip_space(&mut self) -> bool {
        let Some(Ok(Token::Text(text))) = self.tokens.peek() else { return true };
        let is_space = text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
        if is_space {
            self.tokens.next();
        }
        is_space
    }

    fn sequence_of(&mut self, sequence: usize) -> bool {
        self.shapes.sequences.get(sequence).is_some_and(|index| self.typed(*index))
    }

    /// Content of an element of this type, its end tag excluded.
    fn typed(&mut self, index: usize) -> bool {
        match &self.shapes.types[index] {
            Type::Simple(simple) => self.text(*simple),
            Type::Complex(complex) => self.complex(complex),
        }
    }

    fn complex(&mut self, complex: &'a Complex) -> bool {
        if !complex.is_exact || complex.extends.is_some() || !complex.attributes.is_empty() {
            return false;
        }
        match &complex.content {
            Content::Empty => true,
            Content::Text(simple) => self.text(*simple),
            Content::Elements(particle) => match self.particle(particle) {
                Fit::Taken | Fit::Nothing => self.skip_space(),
                Fit::Missing | Fit::Open => false,
            },
            Content::Anything => self.anything(),
        }
    }

    fn text(&mut self, simple: usize) -> bool {
        let Some(check) = &self.checks[simple] else { return false };
        match self.tokens.peek() {
            Some(Ok(Token::Text(text))) => {
                let text = *text;
                self.tokens.next();
                check.accepts(text)
            }
            None | Some(Ok(Token::End(_))) => check.accepts(""),
            Some(Ok(Token::Start(_) | Token::Empty(_)) | Err(NotPlain)) => false,
        }
    }

    /// Any elements and texts, up to an end tag that ends none of them.
    fn anything(&mut self) -> bool {
        let mut open = Vec::new();
        while let Some(Ok(token)) = self.tokens.peek().copied() {
            match token {
                Token::Start(name) if open.len() < DEPTH_MAX as usize => open.push(name),
                Token::Start(_) => return false,
                Token::End(_) if open.is_empty() => return true,
                Token::End(name) => {
                    if open.pop() != Some(name) {
                        return false;
                    }
                }
                Token::Empty(_) | Token::Text(_) => {}
            }
            self.tokens.next();
        }
        open.is_empty() && self.tokens.peek().is_none()
    }

    /// A part as often as it may stand.
    fn particle(&mut self, particle: &'a Particle) -> Fit {
        if self.depth >= DEPTH_MAX {
            return Fit::Open;
        }
        self.depth += 1;
        let fit = self.repeated(particle);
        self.depth -= 1;
        fit
    }

    fn repeated(&mut self, particle: &'a Particle) -> Fit {
        let mut count = 0;
        while particle.maximum.is_none_or(|maximum| count < maximum) {
            match self.term(&particle.term) {
                Fit::Taken => count += 1,
                // As often as is wanted.
                Fit::Nothing => return if count > 0 { Fit::Taken } else { Fit::Nothing },
                Fit::Missing => break,
                Fit::Open => return Fit::Open,
            }
        }
        match (count, count >= particle.minimum) {
            (0, true) => Fit::Nothing,
            (0, false) => Fit::Missing,
            (_, true) => Fit::Taken,
            (_, false) => Fit::Open,
        }
    }

    fn term(&mut self, term: &'a Term) -> Fit {
        match term {
            Term::Element(index) => self.element(&self.shapes.elements[*index]),
            Term::Sequence(parts) => self.sequence(parts),
            Term::All(parts) => self.all(parts),
            Term::Choice(parts) => self.choice(parts),
            Term::Any(_) => Fit::Open,
        }
    }

    fn sequence(&mut self, parts: &'a [Particle]) -> Fit {
        let mut sum = Fit::Nothing;
        for part in parts {
            match self.particle(part) {
                Fit::Taken => sum = Fit::Taken,
                Fit::Nothing => {}
                Fit::Missing if sum == Fit::Nothing => return Fit::Missing,
                Fit::Missing | Fit::Open => return Fit::Open,
            }
        }
        sum
    }

    fn choice(&mut self, parts: &'a [Particle]) -> Fit {
        let mut otherwise = Fit::Missing;
        for part in parts {
            match self.particle(part) {
                fit @ (Fit::Taken | Fit::Open) => return fit,
                Fit::Nothing => otherwise = Fit::Nothing,
                Fit::Missing => {}
            }
        }
        otherwise
    }

    fn all(&mut self, parts: &'a [Particle]) -> Fit {
        if parts.len() > ALL_MAX {
            return Fit::Open;
        }
        let mut taken = 0_u64;
        loop {
            let before = taken;
            for (index, part) in parts.iter().enumerate() {
                if taken & (1 << index) != 0 {
                    continue;
                }
                match self.particle(part) {
                    Fit::Taken => taken |= 1 << index,
                    Fit::Nothing | Fit::Missing => {}
                    Fit::Open => return Fit::Open,
                }
            }
            if taken == before {
                break;
            }
        }
        let is_needed =
            |(index, part): (usize, &Particle)| taken & (1 << index) == 0 && part.minimum > 0;
        match (taken, parts.iter().enumerate().any(is_needed)) {
            (0, false) => Fit::Nothing,
            (0, true) => Fit::Missing,
            (_, false) => Fit::Taken,
            (_, true) => Fit::Open,
        }
    }

    fn element(&mut self, element: &'a Element) -> Fit {
        if !self.skip_space() {
            return Fit::Open;
        }
        let (name, is_empty) = match self.tokens.peek() {
            Some(Ok(Token::Start(name))) => (*name, false),
            Some(Ok(Token::Empty(name))) => (*name, true),
            None | Some(Ok(Token::End(_))) => return Fit::Missing,
            Some(Ok(Token::Text(_)) | Err(NotPlain)) => return Fit::Open,
        };
        if name != element.name {
            return Fit::Missing;
        }
        let is_known = element.is_exact && element.namespace.is_none() && element.fixed.is_none();
        if !is_known {
            return Fit::Open;
        }
        self.tokens.next();
        let is_valid = match is_empty {
            true => self.is_valid_empty(element.type_index),
            false => {
                self.typed(element.type_index)
                    && matches!(self.tokens.next(), Some(Ok(Token::End(end))) if end == name)
            }
        };
        if is_valid { Fit::Taken } else { Fit::Open }
    }

    /// Whether an element of this type may be without content.
    fn is_valid_empty(&self, index: usize) -> bool {
        let nothing = Tokens::new("").peekable();
        let mut run = Run { tokens: nothing, ..*self };
        run.typed(index)
    }
}
