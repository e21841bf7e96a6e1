//! Tags and texts, one after the other.

use std::borrow::Cow;

/// What stands next in a plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'t> {
    /// `<name>`
    Start(&'t str),
    /// `<name/>`
    Empty(&'t str),
    /// `</name>`
    End(&'t str),
    /// Text up to the next tag, its references not resolved; never empty.
    Text(&'t str),
}

/// The text is not plain, or not well-formed: a parser must look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPlain;

/// Reads tokens. That each end belongs to its start is left to whoever reads them.
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

/// May stand in a name behind its first character, which is no digit, `-` or `.`. Other letters than those of ASCII are
/// left to a parser.
const NAME: u8 = 1;
/// May begin a name.
const NAME_START: u8 = 2;
/// May stand in text as it is. `>` may too, but only a parser knows that no `]]` stands before it.
const TEXT: u8 = 4;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let it = byte as u8;
        if it.is_ascii_alphabetic() || it == b'_' {
            classes[byte] |= NAME_START | NAME;
        }
        if it.is_ascii_digit() || it == b'-' || it == b'.' {
            classes[byte] |= NAME;
        }
        // A carriage return would be read as a line feed. 0xEF begins the two characters of the base plane that XML
        // excludes.
        let is_text = (it >= 0x20 && it != 0xEF) || it == b'\t' || it == b'\n';
        if is_text && it != b'<' && it != b'>' && it != b'&' {
            classes[byte] |= TEXT;
        }
        byte += 1;
    }
    classes
}

fn is(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

/// The references that a plain text may hold.
const REFERENCES: [(&str, &str); 6] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
    ("&#xD;", "\r"),
    ("&quot;", "\""),
    ("&apos;", "'"),
];

impl<'t> Tokens<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Takes the start or empty tag of `name`, which must be an XML name, if it comes next. Whoever knows what must come
    /// need not read what does.
    pub fn take_start(&mut self, name: &str) -> Option<Token<'t>> {
        let end = self.at + "<".len() + name.len();
        let tag = self.text.as_bytes().get(self.at..end)?;
        if tag[0] != b'<' || tag[1..] != *name.as_bytes() {
            return None;
        }
        let name = &self.text[self.at + 1..end];
        let (token, length) = match (self.byte(end), self.byte(end + 1)) {
            (b'>', _) => (Token::Start(name), 1),
            (b'/', b'>') => (Token::Empty(name), 2),
            _ => return None,
        };
        self.at = end + length;
        Some(token)
    }

    /// Takes the end tag of `name`; whether it was what comes next.
    pub fn take_end(&mut self, name: &str) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let end = "</".len() + name.len();
        let is_next = rest.len() > end
            && rest.starts_with(b"</")
            && rest["</".len()..end] == *name.as_bytes()
            && rest[end] == b'>';
        self.at += if is_next { end + 1 } else { 0 };
        is_next
    }

    /// Takes the text up to the next tag, none if there is one.
    pub fn take_text(&mut self) -> Result<&'t str, NotPlain> {
        if self.is_at_tag() || self.is_at_end() {
            return Ok("");
        }
        self.run()
    }

    /// Takes white space up to the next tag; whether nothing else stands there.
    pub fn take_space(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n')) {
            at += 1;
        }
        let is_all = matches!(bytes.get(at), Some(b'<') | None);
        if is_all {
            self.at = at;
        }
        is_all
    }

    pub fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    fn is_at_tag(&self) -> bool {
        self.byte(self.at) == b'<'
    }

    fn byte(&self, at: usize) -> u8 {
        // A zero is in no class: reading past the end gives up like any other surprise.
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// From behind the `<`.
    fn tag(&mut self) -> Result<Token<'t>, NotPlain> {
        let is_end = self.byte(self.at) == b'/';
        let start = self.at + usize::from(is_end);
        if !is(self.byte(start), NAME_START) {
            return Err(NotPlain);
        }
        let mut end = start + 1;
        while is(self.byte(end), NAME) {
            end += 1;
        }
        let name = &self.text[start..end];
        let (token, length) = match (is_end, self.byte(end), self.byte(end + 1)) {
            (true, b'>', _) => (Token::End(name), 1),
            (false, b'>', _) => (Token::Start(name), 1),
            (false, b'/', b'>') => (Token::Empty(name), 2),
            _ => return Err(NotPlain),
        };
        self.at = end + length;
        Ok(token)
    }

    fn run(&mut self) -> Result<&'t str, NotPlain> {
        let (bytes, start) = (self.text.as_bytes(), self.at);
        let mut at = start;
        while let Some(byte) = bytes.get(at).copied() {
            if is(byte, TEXT) {
                at += 1;
                continue;
            }
            match byte {
                b'<' => break,
                b'&' => at += reference(&self.text[at..]).ok_or(NotPlain)?.0.len(),
                0xEF if !matches!(bytes[at..], [_, 0xBF, 0xBE | 0xBF, ..]) => at += 1,
                _ => return Err(NotPlain),
            }
        }
        self.at = at;
        Ok(&self.text[start..at])
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Result<Token<'t>, NotPlain>;

    /// The next token; `None` at the end of the text.
    fn next(&mut self) -> Option<Self::Item> {
        if self.is_at_end() {
            return None;
        }
        if !self.is_at_tag() {
            return Some(self.run().map(Token::Text));
        }
        self.at += 1;
        Some(self.tag())
    }
}

/// The reference that `text` begins with, and what it stands for.
fn reference(text: &str) -> Option<(&'static str, &'static str)> {
    REFERENCES.into_iter().find(|(reference, _)| text.starts_with(reference))
}

/// A text of [`Token::Text`] with its references resolved.
pub fn resolve(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let mut resolved = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some((reference, character)) = reference(rest) {
        resolved.push_str(character);
        rest = &rest[reference.len()..];
        let next = rest.find('&').unwrap_or(rest.len());
        resolved.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(resolved)
}
