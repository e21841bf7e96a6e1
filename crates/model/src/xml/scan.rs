//! A look over raw markup before it is parsed: depth, attributes and namespace declarations.
//!
//! The library's parser needs time by the square of an element's attributes, and copies the
//! namespaces in scope into each element that declares one: a document of a megabyte could take
//! minutes or all memory. Counts may only overestimate in texts that are not well-formed anyway.

use super::{ATTRIBUTES_MAX, DEPTH_MAX, Error, NAMESPACES_MAX};

/// Refuses what the parser should not see. Takes time linear in the text.
pub(super) fn check(text: &str) -> Result<(), Error> {
    // Namespace declarations of each element that is open.
    let mut open: Vec<usize> = Vec::new();
    let (mut in_scope, mut at) = (0usize, 0usize);
    while let Some(found) = text.as_bytes()[at..].iter().position(|byte| *byte == b'<') {
        at += found + 1;
        let rest = &text.as_bytes()[at..];
        let skip_to =
            |end: &str| text.get(at..).and_then(|tail| tail.find(end)).map(|i| i + end.len());
        match rest.first() {
            Some(b'!') if rest.starts_with(b"!--") => at += skip_to("-->").unwrap_or(rest.len()),
            Some(b'!') if rest.starts_with(b"![CDATA[") => {
                at += skip_to("]]>").unwrap_or(rest.len());
            }
            Some(b'?') => at += skip_to("?>").unwrap_or(rest.len()),
            Some(b'!') | None => {}
            Some(b'/') => in_scope -= open.pop().unwrap_or(0),
            Some(_) => {
                let tag = Tag::read(rest);
                if tag.attributes > ATTRIBUTES_MAX || in_scope + tag.namespaces > NAMESPACES_MAX {
                    return Err(Error::TooManyAttributes);
                }
                if !tag.is_empty {
                    in_scope += tag.namespaces;
                    open.push(tag.namespaces);
                }
                at += tag.length;
            }
        }
        if open.len() > DEPTH_MAX {
            return Err(Error::TooDeep);
        }
    }
    Ok(())
}

/// What counts about a start tag.
#[derive(Default)]
struct Tag {
    /// Bytes up to the `>` that ends it.
    length: usize,
    attributes: usize,
    /// Those of the attributes that start with `xmlns`.
    namespaces: usize,
    /// It ends with `/>`.
    is_empty: bool,
}

impl Tag {
    /// Reads from behind the `<`, quotes respected.
    fn read(bytes: &[u8]) -> Self {
        let mut tag = Self { length: bytes.len(), ..Self::default() };
        let mut quote = None;
        let mut word = 0;
        for (index, byte) in bytes.iter().enumerate() {
            match (quote, byte) {
                (None, b'>') => {
                    tag.length = index;
                    tag.is_empty = index > 0 && bytes[index - 1] == b'/';
                    return tag;
                }
                (None, b'"' | b'\'') => {
                    quote = Some(*byte);
                    tag.attributes += 1;
                    tag.namespaces += usize::from(bytes[word..].starts_with(b"xmlns"));
                }
                (Some(open), _) if open == *byte => {
                    quote = None;
                    // Attributes may follow each other without a space where XML is not strict.
                    word = index + 1;
                }
                (None, b' ' | b'\t' | b'\n' | b'\r') => {
                    // Spaces round the equals sign do not start a name.
                    let next = bytes.get(index + 1);
                    if !matches!(next, Some(b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\n' | b'\r')) {
                        word = index + 1;
                    }
                }
                (None | Some(_), _) => {}
            }
        }
        tag
    }
}
