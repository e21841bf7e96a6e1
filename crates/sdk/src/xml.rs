//! Data of work items: elements, read from the item and written as the result.
//!
//! Small trees of elements, attributes and text, as YAWL's data has. Namespaces, comments and processing
//! instructions are not kept: whoever needs them reads the item's text with a library.

use std::{fmt, str::FromStr};

use roxmltree::{Document, Node, NodeType, ParsingOptions};

/// Elements within elements. Deeper data is refused, so that no walk over a tree runs out of stack.
pub const DEPTH_MAX: usize = 256;
/// Elements, texts and attributes of one document.
pub const NODES_MAX: u32 = 1_000_000;

/// An element with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    content: Vec<Content>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Element(Element),
    Text(String),
}

/// Why data could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the data is not XML: {0}")]
    NotXml(String),
    #[error("the data is nested deeper than {DEPTH_MAX} elements")]
    TooDeep,
    #[error("{0:?} is no name of an element or attribute")]
    Name(String),
    #[error("{element}: the character {character:?} cannot stand in XML")]
    Character { element: String, character: char },
    #[error("{path}: there is no such element in the data")]
    Missing { path: String },
    #[error("{path}: {text:?} is no {kind}")]
    Value { path: String, text: String, kind: &'static str },
}

impl Element {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), attributes: Vec::new(), content: Vec::new() }
    }

    /// Adds a child with a text: `element.with("Total", 12.5)`.
    #[must_use]
    pub fn with(self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.with_child(Self::new(name).with_text(value))
    }

    #[must_use]
    pub fn with_child(mut self, child: Self) -> Self {
        self.content.push(Content::Element(child));
        self
    }

    #[must_use]
    pub fn with_text(mut self, text: impl fmt::Display) -> Self {
        self.content.push(Content::Text(text.to_string()));
        self
    }

    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.attributes.push((name.into(), value.to_string()));
        self
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        let of_name = |(other, _): &&(String, String)| other == name;
        self.attributes.iter().find(of_name).map(|(_, value)| value.as_str())
    }

    pub fn children(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|content| match content {
            Content::Element(child) => Some(child),
            Content::Text(_) => None,
        })
    }

    /// The children of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children().filter(move |child| child.name == name)
    }

    /// The first element at a path of names below this one, such as `Order/Total`.
    pub fn get(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |at, name| at.children().find(|child| child.name == name))
    }

    /// The text of the first element at a path, as [`Element::own_text`] gives it.
    pub fn text(&self, path: &str) -> Option<String> {
        self.get(path).map(Self::own_text)
    }

    /// The value of the first element at a path; an error names the path and what is wrong.
    pub fn value<T: FromStr>(&self, path: &str) -> Result<T, Error> {
        let text = self.text(path).ok_or_else(|| Error::Missing { path: path.to_owned() })?;
        text.trim().parse().map_err(|_| Error::Value {
            path: path.to_owned(),
            text: text.clone(),
            kind: std::any::type_name::<T>(),
        })
    }

    /// The text in this element, without that of its children.
    pub fn own_text(&self) -> String {
        let texts = self.content.iter().filter_map(|content| match content {
            Content::Text(text) => Some(text.as_str()),
            Content::Element(_) => None,
        });
        texts.collect()
    }

    /// Writes the element with everything escaped that has to be.
    pub fn to_xml(&self) -> Result<String, Error> {
        let mut out = String::new();
        self.write(&mut out, DEPTH_MAX)?;
        Ok(out)
    }

    fn write(&self, out: &mut String, levels: usize) -> Result<(), Error> {
        let levels = levels.checked_sub(1).ok_or(Error::TooDeep)?;
        named(&self.name)?;
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            named(name)?;
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            self.escape(value, out)?;
            out.push('"');
        }
        if self.content.is_empty() {
            out.push_str("/>");
            return Ok(());
        }
        out.push('>');
        for content in &self.content {
            match content {
                Content::Element(child) => child.write(out, levels)?,
                Content::Text(text) => self.escape(text, out)?,
            }
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
        Ok(())
    }

    fn escape(&self, text: &str, out: &mut String) -> Result<(), Error> {
        for character in text.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                // A reader would make a line feed of it; and in attributes blanks of these two.
                '\r' => out.push_str("&#13;"),
                '\n' => out.push_str("&#10;"),
                '\t' => out.push_str("&#9;"),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    return Err(Error::Character { element: self.name.clone(), character });
                }
                _ => out.push(character),
            }
        }
        Ok(())
    }
}

impl FromStr for Element {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let options = ParsingOptions { nodes_limit: NODES_MAX, ..ParsingOptions::default() };
        let document = Document::parse_with_options(text, options)
            .map_err(|error| Error::NotXml(error.to_string()))?;
        copy(document.root_element(), DEPTH_MAX)
    }
}

fn copy(node: Node<'_, '_>, levels: usize) -> Result<Element, Error> {
    let levels = levels.checked_sub(1).ok_or(Error::TooDeep)?;
    let mut element = Element::new(node.tag_name().name());
    for attribute in node.attributes() {
        element.attributes.push((attribute.name().to_owned(), attribute.value().to_owned()));
    }
    for child in node.children() {
        match child.node_type() {
            NodeType::Element => element.content.push(Content::Element(copy(child, levels)?)),
            NodeType::Text => {
                let text = child.text().unwrap_or_default();
                element.content.push(Content::Text(text.to_owned()));
            }
            NodeType::Root | NodeType::PI | NodeType::Comment => {}
        }
    }
    Ok(element)
}

/// Whether XML takes it as a name. Colons are left to whoever writes namespaces.
fn named(name: &str) -> Result<(), Error> {
    let starts = |c: char| c.is_alphabetic() || c == '_';
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    match name.starts_with(starts) && name.chars().all(goes_on) {
        true => Ok(()),
        false => Err(Error::Name(name.to_owned())),
    }
}

#[cfg(test)]
mod tests;
