//! Where the document grows: tags, indentation, escapes. Knows XML, not YAWL.

use crate::xml::{escape_attribute, escape_text};

/// Attributes of an element, in order.
pub(super) type Attributes<'a> = [(&'a str, &'a str)];

#[derive(Default)]
pub(super) struct Sink {
    text: String,
    depth: usize,
}

impl Sink {
    /// A line as it is.
    pub(super) fn line(&mut self, text: &str) {
        self.indent();
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A part of a document that was kept as its own text.
    pub(super) fn raw(&mut self, fragment: Option<&str>) {
        if let Some(fragment) = fragment {
            self.line(fragment);
        }
    }

    /// An element with the children that `content` writes.
    pub(super) fn nest(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        content: impl FnOnce(&mut Self),
    ) {
        self.start(name, attributes);
        self.text.push_str(">\n");
        self.depth += 1;
        content(self);
        self.depth -= 1;
        self.line(&format!("</{name}>"));
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &Attributes<'_>) {
        self.start(name, attributes);
        self.text.push_str("/>\n");
    }

    /// An element with one text.
    pub(super) fn leaf(&mut self, name: &str, text: &str) {
        self.leaf_with(name, &[], text);
    }

    /// An element with attributes and one text.
    pub(super) fn leaf_with(&mut self, name: &str, attributes: &Attributes<'_>, text: &str) {
        self.start(name, attributes);
        self.text.push('>');
        escape_text(text, &mut self.text);
        self.text.push_str(&format!("</{name}>\n"));
    }

    /// A leaf, if there is a text.
    pub(super) fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.leaf(name, text);
        }
    }

    /// An empty element, if `is_set`.
    pub(super) fn mark(&mut self, name: &str, is_set: bool) {
        if is_set {
            self.empty(name, &[]);
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn start(&mut self, name: &str, attributes: &Attributes<'_>) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape_attribute(value, &mut self.text);
            self.text.push('"');
        }
    }

    fn indent(&mut self) {
        (0..self.depth).for_each(|_| self.text.push_str("  "));
    }
}
