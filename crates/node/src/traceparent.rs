//! The trace that a case belongs to: what the header `traceparent` of the request that launched it said.
//!
//! W3C Trace Context, version 00: `00-<32 hex digits>-<16 hex digits>-<2 hex digits>` in lower case, neither id all
//! zeros. Of a newer version what is known of this one is taken, as the standard asks.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A place in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traceparent {
    trace: [u8; 16],
    parent: [u8; 8],
    flags: u8,
}

/// A text that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is no traceparent: write 00-<trace id>-<parent id>-<flags> as W3C Trace Context has it, 32, 16 and 2 hex digits in lower case"
)]
pub struct NotATraceparent;

/// Length of version 00. Newer ones may be longer.
const BYTES: usize = 55;
/// The flags that version 00 knows.
const SAMPLED: u8 = 1;

impl FromStr for Traceparent {
    type Err = NotATraceparent;

    fn from_str(text: &str) -> Result<Self, NotATraceparent> {
        let bytes = text.as_bytes();
        let [version] = hex(bytes.get(..2))?;
        let fits = match version {
            0 => bytes.len() == BYTES,
            0xff => false,
            _ => bytes.get(BYTES).is_none_or(|next| *next == b'-'),
        };
        let dashes = [2, 35, 52].iter().all(|at| bytes.get(*at) == Some(&b'-'));
        let (trace, parent) = (hex(bytes.get(3..35))?, hex(bytes.get(36..52))?);
        let [flags] = hex(bytes.get(53..BYTES))?;
        if !fits || !dashes || trace == [0; 16] || parent == [0; 8] {
            return Err(NotATraceparent);
        }
        let flags = if version == 0 { flags } else { flags & SAMPLED };
        Ok(Self { trace, parent, flags })
    }
}

/// Reads `COUNT` bytes as two digits each.
fn hex<const COUNT: usize>(digits: Option<&[u8]>) -> Result<[u8; COUNT], NotATraceparent> {
    let digits = digits.ok_or(NotATraceparent)?;
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        _ => Err(NotATraceparent),
    };
    let mut bytes = [0; COUNT];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let &[high, low] = pair else { return Err(NotATraceparent) };
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Ok(bytes)
}

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("00-")?;
        self.trace.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("-")?;
        self.parent.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, "-{:02x}", self.flags)
    }
}

#[cfg(test)]
mod tests;
