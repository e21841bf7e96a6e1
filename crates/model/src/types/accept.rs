//! Proves values valid in one pass over their text, for the common part of XML Schema: sequences, choices, groups, `all`,
//! and simple types with facets, in values without attributes.
//!
//! Says yes or nothing. What it does not prove (an invalid value, a rare type, an odd spelling of a number) is left to
//! the library, which alone says what is wrong. So each rule here may be stricter than XML Schema, and none laxer.

mod text;

use std::sync::Arc;

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
            Some(Ok(Token::Start(name))) => run.sequence_of(sequence) && run.tokens.take_end(name),
            Some(Ok(Token::Empty(_))) => self.accepts_content(sequence, ""),
            None | Some(Ok(Token::End(_) | Token::Text(_)) | Err(NotPlain)) => false,
        };
        is_valid && run.tokens.is_at_end()
    }

    /// The same for what stands between the element's tags.
    pub(super) fn accepts_content(&self, sequence: usize, content: &str) -> bool {
        self.run(content).is_some_and(|mut run| run.sequence_of(sequence) && run.tokens.is_at_end())
    }

    fn run<'a>(&'a self, text: &'a str) -> Option<Run<'a>> {
        let is_for_us = text.len() <= BYTES_MAX && !self.shapes.has_keys;
        is_for_us.then(|| Run {
            shapes: &self.shapes,
            checks: &self.checks,
            tokens: Tokens::new(text),
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
    tokens: Tokens<'a>,
    depth: u32,
}

impl<'a> Run<'a> {
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
                Fit::Taken | Fit::Nothing => self.tokens.take_space(),
                Fit::Missing | Fit::Open => false,
            },
            Content::Anything => self.anything(),
        }
    }

    fn text(&mut self, simple: usize) -> bool {
        let Some(check) = &self.checks[simple] else { return false };
        self.tokens.take_text().is_ok_and(|text| check.accepts(text))
    }

    /// Any elements and texts, up to an end tag that ends none of them.
    fn anything(&mut self) -> bool {
        let mut open = Vec::new();
        loop {
            let before = self.tokens.clone();
            match self.tokens.next() {
                Some(Ok(Token::Start(name))) if open.len() < DEPTH_MAX as usize => open.push(name),
                Some(Ok(Token::Start(_)) | Err(NotPlain)) => return false,
                Some(Ok(Token::End(name))) => match open.pop() {
                    Some(start) if start == name => {}
                    Some(_) => return false,
                    None => {
                        self.tokens = before;
                        return true;
                    }
                },
                Some(Ok(Token::Empty(_) | Token::Text(_))) => {}
                None => return open.is_empty(),
            }
        }
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
        if !self.tokens.take_space() {
            return Fit::Open;
        }
        let is_known = element.is_exact && element.namespace.is_none() && element.fixed.is_none();
        let is_valid = match self.tokens.take_start(&element.name) {
            None => return Fit::Missing,
            Some(_) if !is_known => false,
            Some(Token::Empty(_)) => self.is_valid_empty(element.type_index),
            Some(_) => self.typed(element.type_index) && self.tokens.take_end(&element.name),
        };
        if is_valid { Fit::Taken } else { Fit::Open }
    }

    /// Whether an element of this type may be without content.
    fn is_valid_empty(&self, index: usize) -> bool {
        let mut run = Run { tokens: Tokens::new(""), ..*self };
        run.typed(index)
    }
}
