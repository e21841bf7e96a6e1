//! Keys and ids in a path: one segment, every byte but `A-Z a-z 0-9 - . _ ~` percent-encoded.
//!
//! So the specification `http://example.com/claim` in version 1.0 is
//! `/api/v1/specifications/http%3A%2F%2Fexample.com%2Fclaim%3A1.0` and the item `7.1:A` is
//! `/api/v1/work-items/7.1%3AA`. A server also takes characters that a path may hold anyway.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

#[cfg(test)]
mod tests;

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `text` as one segment of a path.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
