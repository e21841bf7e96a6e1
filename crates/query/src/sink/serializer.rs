//! Writes content as XML text: no declaration, no indentation, namespaces declared where they are needed.

use crate::{
    error::EvaluateError,
    name::NameRef,
    sink::{self, Sink},
};

/// A sink whose content is the serialised text.
#[derive(Debug, Default)]
pub(crate) struct Serializer {
    out: String,
    /// Whether the start tag written last still lacks its `>`.
    tag_open: bool,
    depth: usize,
    /// Declared namespaces with the depth of their element.
    scope: Vec<(usize, String, String)>,
    /// Where in `scope` the declarations begin that the open start tag must still show.
    pending: Option<usize>,
    /// Expanded names of the attributes of the open start tag.
    attributes: Vec<(String, String)>,
}

impl Serializer {
    pub(crate) fn finish(self) -> String {
        self.out
    }

    fn close_tag(&mut self) {
        if self.tag_open {
            self.write_declarations();
            self.out.push('>');
            self.tag_open = false;
            self.attributes.clear();
        }
    }

    /// Declarations go before the attributes, ordered by prefix, so that the text does not depend on how a tree was built.
    fn write_declarations(&mut self) {
        let Some(begin) = self.pending.take() else { return };
        let declared = &mut self.scope[begin..];
        declared.sort_by(|a, b| a.1.cmp(&b.1));
        for (_, prefix, uri) in declared {
            self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.out.push_str(prefix);
            self.out.push_str("=\"");
            escape_attribute(&mut self.out, uri);
            self.out.push('"');
        }
    }

    fn bound(&self, prefix: &str) -> &str {
        let found = self.scope.iter().rev().find(|(_, known, _)| known == prefix);
        found.map_or("", |(_, _, uri)| uri)
    }

    fn declare(&mut self, prefix: &str, uri: &str) {
        if prefix == "xml" || self.bound(prefix) == uri {
            return;
        }
        let own =
            self.scope.iter().any(|(depth, known, _)| *depth == self.depth && known == prefix);
        // A prefix without a namespace cannot be declared, and none may be declared twice on one element.
        if own || (uri.is_empty() && !prefix.is_empty()) {
            return;
        }
        if self.attributes.is_empty() {
            self.pending.get_or_insert(self.scope.len());
        } else {
            self.out.push_str(" xmlns:");
            self.out.push_str(prefix);
            self.out.push_str("=\"");
            escape_attribute(&mut self.out, uri);
            self.out.push('"');
        }
        self.scope.push((self.depth, prefix.to_owned(), uri.to_owned()));
    }
}

impl Sink for Serializer {
    fn start(&mut self, name: NameRef<'_>) {
        self.close_tag();
        self.depth += 1;
        self.out.push('<');
        self.out.push_str(name.text);
        self.tag_open = true;
        if !name.uri.is_empty() || !self.scope.is_empty() {
            self.declare(name.prefix(), name.uri);
        }
    }

    fn namespace(&mut self, prefix: &str, uri: &str) {
        if self.tag_open {
            self.declare(prefix, uri);
        }
    }

    fn attribute(&mut self, name: NameRef<'_>, value: &str) -> Result<(), EvaluateError> {
        if self.depth == 0 {
            return Err(EvaluateError::new(
                "SENR0001",
                format!("the result is the attribute `{}` without an element", name.text),
            ));
        }
        if !self.tag_open {
            return Err(sink::misplaced_attribute(name));
        }
        let expanded = (name.uri.to_owned(), name.local().to_owned());
        if self.attributes.contains(&expanded) {
            return Err(sink::double_attribute(name));
        }
        if !name.uri.is_empty() {
            self.declare(name.prefix(), name.uri);
        }
        self.write_declarations();
        self.attributes.push(expanded);
        self.out.push(' ');
        self.out.push_str(name.text);
        self.out.push_str("=\"");
        escape_attribute(&mut self.out, value);
        self.out.push('"');
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.close_tag();
            escape_text(&mut self.out, text);
        }
    }

    fn comment(&mut self, text: &str) {
        self.close_tag();
        self.out.push_str("<!--");
        self.out.push_str(text);
        self.out.push_str("-->");
    }

    fn instruction(&mut self, target: &str, text: &str) {
        self.close_tag();
        self.out.push_str("<?");
        self.out.push_str(target);
        if !text.is_empty() {
            self.out.push(' ');
            self.out.push_str(text);
        }
        self.out.push_str("?>");
    }

    fn end(&mut self, name: NameRef<'_>) {
        if self.tag_open {
            self.write_declarations();
            self.out.push_str("/>");
            self.tag_open = false;
            self.attributes.clear();
        } else {
            self.out.push_str("</");
            self.out.push_str(name.text);
            self.out.push('>');
        }
        while self.scope.last().is_some_and(|(depth, ..)| *depth == self.depth) {
            self.scope.pop();
        }
        self.depth -= 1;
    }

    fn len(&self) -> usize {
        self.out.len()
    }
}

/// Appends `text` with what must be escaped in element content escaped.
fn escape_text(out: &mut String, text: &str) {
    escape(out, text, false);
}

fn escape_attribute(out: &mut String, text: &str) {
    escape(out, text, true);
}

fn escape(out: &mut String, text: &str, attribute: bool) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let replacement = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\r' => "&#xD;",
            b'"' if attribute => "&#34;",
            b'\n' if attribute => "&#xA;",
            b'\t' if attribute => "&#x9;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(replacement);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}
