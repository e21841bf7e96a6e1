//! Texts that match a pattern of XML Schema, as far as a walk over its syntax finds them.
//!
//! Reads the regular expressions of XML Schema 1.0 (appendix F) and takes a branch at each choice. Categories and
//! blocks beyond ASCII are known roughly; the caller checks each text.

use super::{Choose, pick};

/// Characters of a text, whatever its pattern asks for.
const LENGTH_MAX: usize = 2_000;
/// Ends of ranges that are looked at beyond ASCII.
const ENDS_MAX: usize = 64;
/// Groups in groups; the library that checks the texts takes no more.
const DEPTH_MAX: usize = 64;

/// A regular expression.
#[derive(Debug)]
pub(super) enum Pattern {
    /// One of these.
    Character(Vec<char>),
    Sequence(Vec<Pattern>),
    Choice(Vec<Pattern>),
    Repeat {
        once: Box<Pattern>,
        minimum: u32,
        maximum: Option<u32>,
    },
}

/// A set of characters.
#[derive(Debug, Default)]
struct Class {
    ranges: Vec<(char, char)>,
    /// Sets of which every member counts; true for the complement.
    named: Vec<(Named, bool)>,
    negated: bool,
    minus: Option<Box<Class>>,
}

#[derive(Clone, Copy, Debug)]
enum Named {
    Any,
    Digit,
    Space,
    Word,
    NameStart,
    Name,
    Upper,
    Lower,
    Letter,
    Punctuation,
}

impl Named {
    fn has(self, c: char) -> bool {
        match self {
            Self::Any => c != '\n' && c != '\r',
            Self::Digit => c.is_numeric(),
            Self::Space => matches!(c, ' ' | '\t' | '\n' | '\r'),
            Self::Word => c.is_alphanumeric(),
            Self::NameStart => c.is_alphabetic() || matches!(c, '_' | ':'),
            Self::Name => c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.'),
            Self::Upper => c.is_uppercase(),
            Self::Lower => c.is_lowercase(),
            Self::Letter => c.is_alphabetic(),
            Self::Punctuation => c.is_ascii_punctuation(),
        }
    }
}

impl Class {
    fn one(character: char) -> Self {
        Self { ranges: vec![(character, character)], ..Self::default() }
    }

    fn named(named: Named, complement: bool) -> Self {
        Self { named: vec![(named, complement)], ..Self::default() }
    }

    fn has(&self, c: char) -> bool {
        let listed = self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c))
            || self.named.iter().any(|(named, complement)| named.has(c) != *complement);
        listed != self.negated && self.minus.as_ref().is_none_or(|minus| !minus.has(c))
    }

    /// Members to write: letters and digits, else other ASCII and the ends of ranges.
    fn members(&self) -> Vec<char> {
        let ascii = (' '..='~').filter(|c| self.has(*c));
        let (plain, other): (Vec<char>, Vec<char>) = ascii.partition(char::is_ascii_alphanumeric);
        if !plain.is_empty() {
            return plain;
        }
        let ends = self.ranges.iter().flat_map(|(from, to)| [*from, *to]);
        let ends = ends.take(ENDS_MAX).chain(['é', 'Ω', 'я', '中', '\n', '\t', '٣']);
        other.into_iter().chain(ends.filter(|c| self.has(*c))).collect()
    }
}

impl Pattern {
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text.chars().collect(), at: 0, depth: 0 };
        let pattern = reader.choice()?;
        (reader.at == reader.rest.len()).then_some(pattern)
    }

    /// Adds a matching text to `into`; an open repetition runs up to `spread` times beyond its least. False if the
    /// text became too long.
    pub(super) fn write(&self, spread: u32, into: &mut String, choose: Choose<'_>) -> bool {
        match self {
            Self::Character(members) if members.is_empty() => false,
            Self::Character(members) => {
                into.push(members[pick(choose, members.len())]);
                into.len() <= LENGTH_MAX
            }
            Self::Sequence(parts) => parts.iter().all(|part| part.write(spread, into, choose)),
            Self::Choice(branches) => {
                branches[pick(choose, branches.len())].write(spread, into, choose)
            }
            Self::Repeat { once, minimum, maximum } => {
                let most = maximum.unwrap_or(u32::MAX).min(minimum.saturating_add(spread));
                let extra = choose(most.saturating_sub(*minimum).saturating_add(1));
                for _ in 0..minimum.saturating_add(extra) {
                    let before = into.len();
                    if !once.write(spread, into, choose) {
                        return false;
                    }
                    // What writes nothing once may do so two thousand million times.
                    if into.len() == before {
                        break;
                    }
                }
                true
            }
        }
    }
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn choice(&mut self) -> Option<Pattern> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let mut branches = vec![self.sequence()?];
        while self.take('|') {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        Some(Pattern::Choice(branches))
    }

    fn sequence(&mut self) -> Option<Pattern> {
        let mut parts = Vec::new();
        while let Some(next) = self.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            let atom = self.atom()?;
            parts.push(self.repeated(atom)?);
        }
        Some(Pattern::Sequence(parts))
    }

    fn atom(&mut self) -> Option<Pattern> {
        let class = match self.next()? {
            '(' => {
                let group = self.choice()?;
                return self.take(')').then_some(group);
            }
            '[' => self.class()?,
            '.' => Class::named(Named::Any, false),
            '\\' => self.escape()?,
            character => Class::one(character),
        };
        Some(Pattern::Character(class.members()))
    }

    fn repeated(&mut self, atom: Pattern) -> Option<Pattern> {
        let (minimum, maximum) = match self.peek() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => {
                let length = self.rest[self.at..].iter().position(|c| *c == '}')?;
                let text: String = self.rest[self.at + 1..self.at + length].iter().collect();
                self.at += length;
                match text.split_once(',') {
                    None => (text.parse().ok()?, Some(text.parse().ok()?)),
                    Some((least, "")) => (least.parse().ok()?, None),
                    Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
                }
            }
            Some(_) | None => return Some(atom),
        };
        self.at += 1;
        Some(Pattern::Repeat { once: Box::new(atom), minimum, maximum })
    }

    /// After the backslash.
    fn escape(&mut self) -> Option<Class> {
        let letter = self.next()?;
        let complement = letter.is_ascii_uppercase();
        let named = match letter.to_ascii_lowercase() {
            'd' => Named::Digit,
            's' => Named::Space,
            'w' => Named::Word,
            'i' => Named::NameStart,
            'c' => Named::Name,
            'p' => self.category()?,
            'n' => return Some(Class::one('\n')),
            'r' => return Some(Class::one('\r')),
            't' => return Some(Class::one('\t')),
            _ => return Some(Class::one(letter)),
        };
        Some(Class::named(named, complement))
    }

    /// `{Lu}`, `{IsBasicLatin}`, ... roughly.
    fn category(&mut self) -> Option<Named> {
        let length = self.rest[self.at..].iter().position(|c| *c == '}')?;
        let name: String = self.rest[self.at + 1..self.at + length].iter().collect();
        self.at += length + 1;
        Some(match name.as_str() {
            "Lu" => Named::Upper,
            "Ll" => Named::Lower,
            "Nd" | "N" => Named::Digit,
            "Z" | "Zs" => Named::Space,
            name if name.starts_with('P') || name.starts_with('S') => Named::Punctuation,
            name if name.starts_with('L') => Named::Letter,
            _ => Named::Any,
        })
    }

    /// After the opening bracket, to the closing one.
    fn class(&mut self) -> Option<Class> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let mut class = Class { negated: self.take('^'), ..Class::default() };
        loop {
            let member = match self.next()? {
                ']' => break,
                '-' if self.take('[') => {
                    class.minus = Some(Box::new(self.class()?));
                    continue;
                }
                '\\' => self.escape()?,
                character => Class::one(character),
            };
            class.named.extend(member.named);
            let Some((from, _)) = member.ranges.first().copied() else { continue };
            let after = self.rest.get(self.at + 1).copied();
            let is_range = self.peek() == Some('-') && !matches!(after, Some(']' | '[') | None);
            let to = if is_range { self.range_end()? } else { from };
            class.ranges.push((from, to));
        }
        self.depth -= 1;
        Some(class)
    }

    /// After the first character of a range, at the hyphen.
    fn range_end(&mut self) -> Option<char> {
        self.at += 1;
        match self.next()? {
            '\\' => self.escape()?.ranges.first().map(|(from, _)| *from),
            character => Some(character),
        }
    }
}
