//! Names of elements and attributes: prefix, local part and namespace.

/// An owned qualified name with its namespace resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    text: Box<str>,
    local_at: usize,
    uri: Box<str>,
}

/// A borrowed [`Name`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameRef<'n> {
    /// As written: `prefix:local` or `local`.
    pub(crate) text: &'n str,
    pub(crate) local_at: usize,
    pub(crate) uri: &'n str,
}

impl Name {
    pub(crate) fn new(text: &str, uri: &str) -> Self {
        NameRef::new(text, uri).to_owned()
    }

    pub(crate) fn as_ref(&self) -> NameRef<'_> {
        NameRef { text: &self.text, local_at: self.local_at, uri: &self.uri }
    }
}

impl<'n> NameRef<'n> {
    pub(crate) fn new(text: &'n str, uri: &'n str) -> Self {
        Self { text, local_at: text.find(':').map_or(0, |colon| colon + 1), uri }
    }

    pub(crate) fn local(self) -> &'n str {
        &self.text[self.local_at..]
    }

    pub(crate) fn prefix(self) -> &'n str {
        &self.text[..self.local_at.saturating_sub(1)]
    }

    pub(crate) fn to_owned(self) -> Name {
        Name { text: self.text.into(), local_at: self.local_at, uri: self.uri.into() }
    }

    /// Whether both are the same expanded name; prefixes do not count.
    pub(crate) fn same(self, other: NameRef<'_>) -> bool {
        self.local() == other.local() && self.uri == other.uri
    }
}

/// Whether `c` may start a name.
pub(crate) fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic()
        || c == '_'
        || (!c.is_ascii() && (c.is_alphabetic() || matches!(c, '\u{200C}' | '\u{200D}')))
}

/// Whether `c` may follow in a name.
pub(crate) fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || c.is_ascii_digit()
        || matches!(c, '-' | '.' | '\u{B7}')
        || (!c.is_ascii() && (c.is_alphanumeric() || matches!(c, '\u{0300}'..='\u{036F}')))
}

/// Whether `text` is a name without a colon.
pub(crate) fn is_ncname(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}
