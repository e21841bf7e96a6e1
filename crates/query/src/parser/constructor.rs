//! Constructors: direct (`<a>..</a>`) and computed (`element a { .. }`).

use xsd_schema::types::value::XmlValue;

use super::{Parsed, Parser};
use crate::{
    ast::{Computed, ComputedName, Content, Element, Expr, Kind},
    name::{Name, is_name_start},
};

/// Attributes of one constructor.
const ATTRIBUTES_MAX: usize = 200;

/// An attribute as written: name, place of the name, pieces of the value.
type RawAttribute<'q> = (&'q str, usize, Vec<Content>);

impl<'q> Parser<'q> {
    /// What `<` starts where a value is expected.
    pub(super) fn direct(&mut self) -> Parsed<Expr> {
        let at = self.place();
        if self.looking_at("<!--") {
            let text = self.until("<!--", "-->", "comment")?;
            if text.contains("--") || text.ends_with('-') {
                return Err(self.error_at(at as usize, "`--` cannot stand within a comment"));
            }
            let text = Expr { at, kind: Kind::Literal(XmlValue::string(text)) };
            return Ok(Expr { at, kind: Kind::Computed(Computed::Comment(Box::new(text))) });
        }
        if self.looking_at("<?") {
            let inner = self.until("<?", "?>", "processing instruction")?;
            let split = inner.find([' ', '\t', '\r', '\n']).unwrap_or(inner.len());
            let (target, text) = inner.split_at(split);
            if target.is_empty()
                || target.eq_ignore_ascii_case("xml")
                || !crate::name::is_ncname(target)
            {
                return Err(self.error_at(
                    at as usize,
                    "a processing instruction needs a name other than `xml`",
                ));
            }
            let text = XmlValue::string(text.trim_start());
            let text = Box::new(Expr { at, kind: Kind::Literal(text) });
            let name = ComputedName::Known(Name::new(target, ""));
            return Ok(Expr { at, kind: Kind::Computed(Computed::Instruction(name, text)) });
        }
        if !self.rest()[1..].starts_with(is_name_start) {
            return Err(self
                .error("`<` starts an element here, but no name follows")
                .remedy("in a comparison something must stand to its left"));
        }
        self.enter()?;
        let element = self.element();
        self.depth -= 1;
        Ok(Expr { at, kind: Kind::Element(Box::new(element?)) })
    }

    /// Takes `open`, what is within, and `close`.
    fn until(&mut self, open: &str, close: &str, what: &str) -> Parsed<&'q str> {
        let inner = &self.rest()[open.len()..];
        let Some(end) = inner.find(close) else {
            return Err(self
                .error(format!("the {what} is not closed"))
                .remedy(format!("add `{close}`")));
        };
        self.at += open.len() + end + close.len();
        Ok(&inner[..end])
    }

    fn element(&mut self) -> Parsed<Element> {
        self.at += 1;
        let begin = self.at;
        let written = self.peek_name();
        self.at += written.len();
        let outer = self.scope.namespaces.len();
        let raw = self.attributes(written)?;
        let namespaces = self.scope.namespaces[outer..].iter();
        let namespaces =
            namespaces.map(|(prefix, uri)| (prefix.as_str().into(), uri.as_str().into())).collect();
        let name = self.expanded(written, begin, false)?;
        let mut attributes: Vec<(Name, Vec<Content>)> = Vec::new();
        for (written, at, value) in raw {
            let name = self.expanded(written, at, true)?;
            if attributes.iter().any(|(known, _)| known.as_ref().same(name.as_ref())) {
                return Err(self.error_at(at, format!("the attribute `{written}` stands twice")));
            }
            attributes.push((name, value));
        }
        let content = if self.looking_at("/>") {
            self.at += 2;
            Vec::new()
        } else {
            self.at += 1;
            self.content(written, begin)?
        };
        self.scope.namespaces.truncate(outer);
        Ok(Element { name, namespaces, attributes, content })
    }

    /// The attributes of a start tag, up to its `>` or `/>`. Namespaces come into scope.
    fn attributes(&mut self, element: &str) -> Parsed<Vec<RawAttribute<'q>>> {
        let mut attributes: Vec<RawAttribute<'q>> = Vec::new();
        loop {
            let spaced = self.xml_space();
            if self.looking_at(">") || self.looking_at("/>") {
                return Ok(attributes);
            }
            let at = self.at;
            let name = self.peek_name();
            if name.is_empty() || !spaced {
                let message = format!(
                    "expected an attribute or `>` in the tag `<{element}` but found {}",
                    self.found()
                );
                return Err(self.error(message));
            }
            if attributes.len() == ATTRIBUTES_MAX {
                return Err(self.error(format!("more than {ATTRIBUTES_MAX} attributes")));
            }
            self.at += name.len();
            self.xml_space();
            if !self.looking_at("=") {
                return Err(self.error(format!(
                    "expected `=` behind the attribute `{name}` but found {}",
                    self.found()
                )));
            }
            self.at += 1;
            self.xml_space();
            let value = self.attribute_value()?;
            let declared = if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
            match declared {
                Some(prefix) => self.declare(prefix, at, &value)?,
                None => attributes.push((name, at, value)),
            }
        }
    }

    fn declare(&mut self, prefix: &str, at: usize, value: &[Content]) -> Parsed<()> {
        let uri = match value {
            [] => "",
            [Content::Text(uri)] => uri,
            _ => return Err(self.error_at(at, "the name of a namespace cannot be computed")),
        };
        if uri.is_empty() && !prefix.is_empty() {
            return Err(
                self.error_at(at, format!("the prefix `{prefix}` needs the name of a namespace"))
            );
        }
        self.scope.namespaces.push((prefix.to_owned(), uri.to_owned()));
        Ok(())
    }

    /// White space without comments, as within tags. True if there was any.
    fn xml_space(&mut self) -> bool {
        let rest = self.rest();
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.at += rest.len() - trimmed.len();
        rest.len() > trimmed.len()
    }

    fn attribute_value(&mut self) -> Parsed<Vec<Content>> {
        let begin = self.at;
        let Some(quote @ ('"' | '\'')) = self.peek() else {
            return Err(
                self.error(format!("expected a value in quotes but found {}", self.found()))
            );
        };
        self.at += 1;
        let mut pieces = Vec::new();
        let mut text = String::new();
        loop {
            match self.peek() {
                None => {
                    return Err(self
                        .error_at(begin, "the value of the attribute is not closed")
                        .remedy(format!("add {quote} at its end")));
                }
                Some(c) if c == quote => {
                    self.at += 1;
                    if self.peek() != Some(quote) {
                        break;
                    }
                    self.at += 1;
                    text.push(quote);
                }
                Some('<') => {
                    return Err(self
                        .error("`<` cannot stand in the value of an attribute")
                        .remedy("write `&lt;`"));
                }
                Some('{' | '}') => {
                    if let Some(inner) = self.brace(&mut text)? {
                        push_text(&mut pieces, &mut text);
                        pieces.push(Content::Enclosed(inner));
                    }
                }
                Some('&') => text.push(self.reference()?),
                Some(c) => {
                    self.at += c.len_utf8();
                    text.push(if matches!(c, '\t' | '\r' | '\n') { ' ' } else { c });
                }
            }
        }
        push_text(&mut pieces, &mut text);
        Ok(pieces)
    }

    /// A doubled brace is text, a single one encloses an expression.
    fn brace(&mut self, text: &mut String) -> Parsed<Option<Expr>> {
        for (doubled, single) in [("{{", '{'), ("}}", '}')] {
            if self.looking_at(doubled) {
                self.at += 2;
                text.push(single);
                return Ok(None);
            }
        }
        if self.looking_at("}") {
            return Err(self
                .error("`}` closes nothing here")
                .remedy("write `}}` for the character itself"));
        }
        self.enclosed().map(Some)
    }

    /// Content up to and with the end tag.
    fn content(&mut self, name: &str, begin: usize) -> Parsed<Vec<Content>> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        // Space written as a reference or in CDATA is no boundary space.
        let mut keep = self.scope.preserve_space;
        loop {
            let Some(c) = self.peek() else {
                return Err(self
                    .error_at(begin, format!("the element `{name}` is not closed"))
                    .remedy(format!("add `</{name}>`")));
            };
            match c {
                '<' if self.looking_at("<![CDATA[") => {
                    text.push_str(
                        &self.until("<![CDATA[", "]]>", "CDATA section")?.replace("\r\n", "\n"),
                    );
                    keep = true;
                }
                '<' => {
                    self.finish_text(&mut pieces, &mut text, keep);
                    keep = self.scope.preserve_space;
                    if self.looking_at("</") {
                        self.end_tag(name)?;
                        return Ok(pieces);
                    }
                    pieces.push(Content::Node(self.direct()?));
                }
                '{' | '}' => {
                    if let Some(inner) = self.brace(&mut text)? {
                        self.finish_text(&mut pieces, &mut text, keep);
                        keep = self.scope.preserve_space;
                        pieces.push(Content::Enclosed(inner));
                    } else {
                        keep = true;
                    }
                }
                '&' => {
                    text.push(self.reference()?);
                    keep = true;
                }
                c => self.plain_char(c, &mut text),
            }
        }
    }

    fn finish_text(&self, pieces: &mut Vec<Content>, text: &mut String, keep: bool) {
        if !keep && text.chars().all(|c| matches!(c, ' ' | '\t' | '\n' | '\r')) {
            text.clear();
        }
        push_text(pieces, text);
    }

    fn end_tag(&mut self, name: &str) -> Parsed<()> {
        let at = self.at;
        self.at += 2;
        let written = self.peek_name();
        if written != name {
            let found = if written.is_empty() { self.found() } else { format!("`</{written}>`") };
            return Err(self
                .error_at(at, format!("expected `</{name}>` but found {found}"))
                .remedy(format!("close `<{name}>` first")));
        }
        self.at += written.len();
        self.xml_space();
        if !self.looking_at(">") {
            return Err(self.error(format!("expected `>` but found {}", self.found())));
        }
        self.at += 1;
        Ok(())
    }

    /// `element a { .. }`, `text { .. }` and their like.
    pub(super) fn computed(&mut self) -> Parsed<Expr> {
        let at = self.place();
        let word = self.name("a constructor")?;
        match word {
            "ordered" | "unordered" => return self.enclosed(),
            "map" | "array" => {
                return Err(self
                    .error_at(at as usize, format!("{word}s are not supported"))
                    .remedy("build elements and use paths"));
            }
            "namespace" => {
                return Err(self
                    .error_at(at as usize, "computed namespaces are not supported")
                    .remedy("declare the namespace on the element"));
            }
            _ => {}
        }
        let computed = match word {
            "document" => Computed::Document(Box::new(self.enclosed()?)),
            "text" => Computed::Text(Box::new(self.enclosed()?)),
            "comment" => Computed::Comment(Box::new(self.enclosed()?)),
            "element" => {
                let name = self.computed_name(false)?;
                Computed::Element(name, Box::new(self.enclosed()?))
            }
            "attribute" => {
                let name = self.computed_name(true)?;
                Computed::Attribute(name, Box::new(self.enclosed()?))
            }
            _ => {
                let name = self.computed_name(true)?;
                Computed::Instruction(name, Box::new(self.enclosed()?))
            }
        };
        Ok(Expr { at, kind: Kind::Computed(computed) })
    }

    fn computed_name(&mut self, attribute: bool) -> Parsed<ComputedName> {
        self.space()?;
        if self.looking_at("{") {
            return Ok(ComputedName::Expr(Box::new(self.enclosed()?)));
        }
        let at = self.at;
        let written = self.name("a name")?;
        Ok(ComputedName::Known(self.expanded(written, at, attribute)?))
    }
}

fn push_text(pieces: &mut Vec<Content>, text: &mut String) {
    if !text.is_empty() {
        pieces.push(Content::Text(std::mem::take(text).into()));
    }
}
