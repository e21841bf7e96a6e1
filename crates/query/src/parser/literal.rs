//! Numbers, strings, character references.

use xsd_schema::{XmlTypeCode, types::value::XmlValue, xpath::cast::cast_to};

use super::{Parsed, Parser, shortened};
use crate::{
    ast::{Expr, Kind},
    limits::NUMBER_CHARS_MAX,
    name::is_name_start,
};

impl Parser<'_> {
    /// Whether a number starts here.
    pub(super) fn at_number(&self) -> bool {
        let rest = self.rest().strip_prefix('.').unwrap_or_else(|| self.rest());
        rest.starts_with(|c: char| c.is_ascii_digit())
    }

    pub(super) fn number(&mut self) -> Parsed<Expr> {
        let at = self.place();
        let rest = self.rest();
        let digits = |from: usize| {
            rest[from..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |end| from + end)
        };
        let mut end = digits(0);
        let mut code = XmlTypeCode::Integer;
        // `1..` does not exist, but `1 to 3` may be written without a space before a point: leave `..` alone.
        if rest[end..].starts_with('.') && !rest[end..].starts_with("..") {
            code = XmlTypeCode::Decimal;
            end = digits(end + 1);
        }
        if rest[end..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
            let exponent = digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                code = XmlTypeCode::Double;
                end = exponent;
            }
        }
        let text = &rest[..end];
        if rest[end..].starts_with(is_name_start) {
            let word = &rest[end..];
            let word = &word[..word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len())];
            return Err(self
                .error(format!("the number `{}` runs into `{}`", shortened(text), shortened(word)))
                .remedy("put a space between them"));
        }
        if text.len() > NUMBER_CHARS_MAX {
            let message =
                format!("the number has {} digits, {NUMBER_CHARS_MAX} are allowed", text.len());
            return Err(self.error(message));
        }
        // XQuery allows `1.` and `.5`; the cast wants digits on both sides.
        let padded = format!("0{text}").replace(".e", ".0e").replace(".E", ".0E");
        let padded = if padded.ends_with('.') { padded + "0" } else { padded };
        let value = cast_to(&XmlValue::string(padded), code)
            .map_err(|_| self.error(format!("`{}` is not a number", shortened(text))))?;
        self.at += end;
        Ok(Expr { at, kind: Kind::Literal(value) })
    }

    /// A string literal with its quotes, doubled quotes and references resolved.
    pub(super) fn string_literal(&mut self) -> Parsed<String> {
        self.space()?;
        let begin = self.at;
        let Some(quote @ ('"' | '\'')) = self.peek() else {
            return Err(
                self.error(format!("expected a string in quotes but found {}", self.found()))
            );
        };
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.peek() {
                None => {
                    return Err(self
                        .error_at(begin, "the string is not closed")
                        .remedy(format!("add {quote} at its end")));
                }
                Some(c) if c == quote => {
                    self.at += 1;
                    if self.peek() != Some(quote) {
                        return Ok(text);
                    }
                    self.at += 1;
                    text.push(quote);
                }
                Some('&') => text.push(self.reference()?),
                Some(c) => {
                    self.plain_char(c, &mut text);
                }
            }
        }
    }

    /// Takes `c`; line ends become `\n` as XML has it.
    pub(super) fn plain_char(&mut self, c: char, text: &mut String) {
        self.at += c.len_utf8();
        if c != '\r' {
            text.push(c);
        } else if self.peek() != Some('\n') {
            text.push('\n');
        }
    }

    /// `&lt;`, `&#10;`, `&#xA;` and their like.
    pub(super) fn reference(&mut self) -> Parsed<char> {
        let rest = self.rest();
        let bad = || {
            self.error("`&` starts a reference, but none that is known")
                .remedy("write `&amp;` for the character itself")
        };
        let end = rest.bytes().take(12).position(|byte| byte == b';').ok_or_else(bad)?;
        let c = match &rest[1..end] {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            other => {
                let digits = other.strip_prefix('#').ok_or_else(bad)?;
                let code = match digits.strip_prefix('x') {
                    Some(hex) if !hex.starts_with('+') => u32::from_str_radix(hex, 16),
                    Some(_) => return Err(bad()),
                    None if digits.starts_with('+') => return Err(bad()),
                    None => digits.parse(),
                };
                let c = code.ok().and_then(char::from_u32).ok_or_else(bad)?;
                if !is_xml_char(c) {
                    return Err(self.error(format!(
                        "the character U+{:04X} cannot stand in XML",
                        u32::from(c)
                    )));
                }
                c
            }
        };
        self.at += end + 1;
        Ok(c)
    }
}

/// Whether XML 1.0 allows the character.
pub(super) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}
