//! Texts of simple types.

mod number;
mod pattern;
mod time;

use self::{number::Range, pattern::Pattern};
use super::super::shape::{Facets, Simple, Variety};

/// What a text must be.
#[derive(Debug)]
pub(super) struct Check {
    form: Form,
    range: Range,
    total_digits: usize,
    fraction_digits: usize,
    length_minimum: u64,
    length_maximum: u64,
    enumeration: Vec<String>,
    /// Every step must match by one of its patterns.
    patterns: Vec<Vec<Pattern>>,
    /// Any text will do, with whatever white space.
    is_free: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Any,
    Boolean,
    Integer,
    Decimal,
    Float,
    Double,
    Date,
    Time,
    DateTime,
    Duration,
    /// A name of ASCII letters, digits, `-`, `_` and `.`.
    Name,
}

impl Form {
    /// `None` for types that are left to the library: those with rules across values, and rare ones.
    fn of(built_in: &str) -> Option<Self> {
        match built_in {
            "string" | "normalizedString" | "token" => Some(Self::Any),
            "boolean" => Some(Self::Boolean),
            "decimal" => Some(Self::Decimal),
            "float" => Some(Self::Float),
            "double" => Some(Self::Double),
            "date" => Some(Self::Date),
            "time" => Some(Self::Time),
            "dateTime" => Some(Self::DateTime),
            "duration" => Some(Self::Duration),
            "NMTOKEN" | "NCName" | "Name" => Some(Self::Name),
            "integer" | "int" | "long" | "short" | "byte" | "nonNegativeInteger"
            | "positiveInteger" | "nonPositiveInteger" | "negativeInteger" | "unsignedLong"
            | "unsignedInt" | "unsignedShort" | "unsignedByte" => Some(Self::Integer),
            _ => None,
        }
    }

    fn fits(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Boolean => matches!(text, "true" | "false" | "1" | "0"),
            Self::Integer => number::is_integer(text),
            Self::Decimal => number::is_decimal(text),
            Self::Float => number::is_float(text, 1),
            Self::Double => number::is_float(text, 2),
            Self::Date => time::is_date(text),
            Self::Time => time::is_time(text),
            Self::DateTime => time::is_date_time(text),
            Self::Duration => time::is_duration(text),
            Self::Name => is_name(text),
        }
    }

    /// Whether these facets are checked for it.
    fn knows(self, facets: &Facets) -> bool {
        let has_range = facets.minimum.is_some() || facets.maximum.is_some();
        let has_digits = facets.total_digits.is_some() || facets.fraction_digits.is_some();
        let has_length = facets.length_minimum.is_some() || facets.length_maximum.is_some();
        match self {
            Self::Any | Self::Name => !has_range && !has_digits,
            Self::Integer | Self::Decimal => !has_length,
            Self::Double => !has_digits && !has_length,
            Self::Boolean
            | Self::Float
            | Self::Date
            | Self::Time
            | Self::DateTime
            | Self::Duration => !has_range && !has_digits && !has_length,
        }
    }
}

impl Check {
    /// `None` if no text of the type can be proved valid.
    pub(super) fn of(simple: &Simple) -> Option<Self> {
        let Variety::Atomic { built_in, .. } = &simple.variety else { return None };
        let form = Form::of(built_in)?;
        let facets = &simple.facets;
        if !simple.is_exact || !form.knows(facets) {
            return None;
        }
        let digits = |facet: Option<u32>| facet.map_or(usize::MAX, |count| count as usize);
        let is_free = *built_in == "string" && facets == &Facets::default();
        Some(Self {
            form,
            range: Range::of(facets, form == Form::Integer)?,
            total_digits: digits(facets.total_digits),
            fraction_digits: digits(facets.fraction_digits),
            length_minimum: facets.length_minimum.unwrap_or(0),
            length_maximum: facets.length_maximum.unwrap_or(u64::MAX),
            enumeration: facets.enumeration.clone(),
            patterns: patterns(facets)?,
            is_free,
        })
    }

    /// Whether a text, its references not resolved, is surely valid.
    pub(super) fn accepts(&self, text: &str) -> bool {
        if self.is_free {
            return true;
        }
        // In every other form, white space and references are what does not fit.
        if self.form == Form::Any {
            let text = plain::resolve(text);
            return is_collapsed(&text) && self.has_facets(&text);
        }
        self.form.fits(text) && self.has_facets(text)
    }

    fn has_facets(&self, text: &str) -> bool {
        self.has_digits(text)
            && self.range.holds(text)
            && self.has_length(text)
            && (self.enumeration.is_empty() || self.enumeration.iter().any(|it| it == text))
            && self.patterns.iter().all(|step| step.iter().any(|pattern| pattern.matches(text)))
    }

    /// All digits count, also zeros that mean nothing: a number with more may still be valid.
    fn has_digits(&self, text: &str) -> bool {
        if self.total_digits == usize::MAX && self.fraction_digits == usize::MAX {
            return true;
        }
        let fraction = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let total = text.bytes().filter(u8::is_ascii_digit).count();
        total <= self.total_digits && fraction <= self.fraction_digits
    }

    fn has_length(&self, text: &str) -> bool {
        if self.length_minimum == 0 && self.length_maximum == u64::MAX {
            return true;
        }
        let length = text.chars().count() as u64;
        self.length_minimum <= length && length <= self.length_maximum
    }
}

fn patterns(facets: &Facets) -> Option<Vec<Vec<Pattern>>> {
    let step = |step: &Vec<String>| step.iter().map(|pattern| Pattern::of(pattern)).collect();
    facets.patterns.iter().map(step).collect()
}

/// White space is in its shortest form, so that it does not matter how the type treats it.
fn is_collapsed(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        let is_space = byte == b' ' && before == b' ';
        if is_space || matches!(byte, b'\t' | b'\n' | b'\r') {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
