//! The header `traceparent` of W3C Trace Context, version 00: which trace a request belongs to.
//!
//! Only this much: which spans are kept and where they go is the business of the program's own telemetry.

use std::{fmt, str::FromStr};

use crate::chance::Chance;

/// A place in a trace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Traceparent {
    trace: u128,
    parent: u64,
    flags: u8,
}

/// The text is no `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no traceparent; write 00-<32 hexadecimal digits>-<16>-<2>, none of the first two all zeros"
)]
pub struct NotATraceparent;

impl Traceparent {
    /// The trace, as 32 hexadecimal digits.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace)
    }

    /// Another place in the same trace.
    pub(crate) fn child(self, chance: &Chance) -> Self {
        // Zero would be no id.
        Self { parent: chance.number().max(1), ..self }
    }
}

impl FromStr for Traceparent {
    type Err = NotATraceparent;

    fn from_str(text: &str) -> Result<Self, NotATraceparent> {
        let bytes = text.as_bytes();
        let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
        let field = |from: usize, to: usize| {
            let digits = bytes.get(from..to).filter(|digits| digits.iter().all(is_hex));
            digits.map(|_| &text[from..to]).ok_or(NotATraceparent)
        };
        // Later versions may add fields behind a dash; version ff is none.
        let version = field(0, 2)?;
        let is_longer = bytes.len() > LENGTH;
        let fits = match version {
            "00" => !is_longer,
            "ff" => false,
            _ => !is_longer || bytes[LENGTH] == b'-',
        };
        let dashes = [2, 35, 52].into_iter().all(|at| bytes.get(at) == Some(&b'-'));
        if !fits || !dashes {
            return Err(NotATraceparent);
        }
        let number = |digits| u128::from_str_radix(digits, 16).map_err(|_| NotATraceparent);
        let narrow = |_| NotATraceparent;
        let trace = number(field(3, 35)?)?;
        let parent = u64::try_from(number(field(36, 52)?)?).map_err(narrow)?;
        let flags = u8::try_from(number(field(53, 55)?)?).map_err(narrow)?;
        match trace == 0 || parent == 0 {
            true => Err(NotATraceparent),
            false => Ok(Self { trace, parent, flags }),
        }
    }
}

/// Bytes of version 00.
const LENGTH: usize = 55;

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.parent, self.flags)
    }
}

impl fmt::Debug for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
