//! Patterns of XML Schema: the library's, with a shorter way to a yes for the plainest of them.

#[cfg(test)]
mod tests;

use std::{iter::Peekable, str::Chars};

use xsd_schema::{RegexCompat, XsdVersion, types::facets::PatternFacet};

/// A pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    /// Parts that follow each other, if it is no more than that.
    parts: Option<Vec<Part>>,
    /// The library's own, so that it means the same.
    library: PatternFacet,
}

impl Pattern {
    /// `None` if the library does not take it.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        let (version, compat) = (XsdVersion::default(), RegexCompat::default());
        let library = PatternFacet::new(pattern.to_owned(), None, version, compat).ok()?;
        Some(Self { parts: parts(pattern), library })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.parts.as_ref().is_some_and(|parts| is_sequence(parts, text.as_bytes()))
            || self.library.matches(text)
    }
}

/// ASCII characters, and how many of them stand in a row.
#[derive(Debug)]
struct Part {
    members: u128,
    minimum: usize,
    maximum: usize,
}

/// Whether each part finds its characters when those before it take all that they can. If not, it may still be that they
/// take fewer.
fn is_sequence(parts: &[Part], text: &[u8]) -> bool {
    let mut rest = text;
    for part in parts {
        let is_member = |byte: &&u8| byte.is_ascii() && part.members & (1 << **byte) != 0;
        let length = rest.iter().take(part.maximum).take_while(is_member).count();
        if length < part.minimum {
            return false;
        }
        rest = &rest[length..];
    }
    rest.is_empty()
}

/// The parts of a pattern; `None` for one with groups, branches, negation, or anything else that is more than characters,
/// classes and counts.
fn parts(pattern: &str) -> Option<Vec<Part>> {
    let mut rest = pattern.chars().peekable();
    let mut parts = Vec::new();
    while let Some(character) = rest.next() {
        let members = match character {
            '[' => class(&mut rest)?,
            '.' => !(one('\n') | one('\r')),
            '\\' => escape(&mut rest)?,
            '-' => one('-'),
            character => literal(character)?,
        };
        let (minimum, maximum) = count(&mut rest)?;
        parts.push(Part { members, minimum, maximum });
    }
    Some(parts)
}

/// The set of an ASCII character.
fn one(character: char) -> u128 {
    1 << (character as u32)
}

fn range(from: char, to: char) -> u128 {
    (from..=to).map(one).sum()
}

/// A character that stands for itself everywhere.
fn literal(character: char) -> Option<u128> {
    let is_literal = character.is_ascii_alphanumeric() || " _/:@,".contains(character);
    is_literal.then(|| one(character))
}

/// After the backslash: of named sets, what is ASCII.
fn escape(rest: &mut Peekable<Chars<'_>>) -> Option<u128> {
    match rest.next()? {
        'd' => Some(range('0', '9')),
        character if character.is_ascii_punctuation() => Some(one(character)),
        _ => None,
    }
}

/// After the opening bracket, to the closing one.
fn class(rest: &mut Peekable<Chars<'_>>) -> Option<u128> {
    let mut members = 0;
    loop {
        let character = rest.next()?;
        members |= match character {
            ']' => return (members != 0).then_some(members),
            '.' | '+' => one(character),
            '\\' => escape(rest)?,
            from if rest.peek() == Some(&'-') => {
                rest.next();
                let to = rest.next().filter(char::is_ascii_alphanumeric)?;
                (from.is_ascii_alphanumeric() && from <= to).then(|| range(from, to))?
            }
            character => literal(character)?,
        };
    }
}

/// How often the part before may stand.
fn count(rest: &mut Peekable<Chars<'_>>) -> Option<(usize, usize)> {
    let counts = match rest.peek() {
        Some('?') => (0, 1),
        Some('*') => (0, usize::MAX),
        Some('+') => (1, usize::MAX),
        Some('{') => {
            rest.next();
            let text: String = rest.by_ref().take_while(|character| *character != '}').collect();
            return match text.split_once(',') {
                None => text.parse().ok().map(|count| (count, count)),
                Some((minimum, "")) => Some((minimum.parse().ok()?, usize::MAX)),
                Some((minimum, maximum)) => Some((minimum.parse().ok()?, maximum.parse().ok()?)),
            };
        }
        Some(_) | None => return Some((1, 1)),
    };
    rest.next();
    Some(counts)
}
