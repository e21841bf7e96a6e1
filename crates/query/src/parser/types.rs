//! Names of types.

use xsd_schema::{XmlTypeCode, xpath::type_info::name_to_type_code};

use super::{Parsed, Parser, scope::XS};
use crate::ast::{ItemType, Occurrence, SequenceType, SingleType};

impl Parser<'_> {
    pub(super) fn sequence_type(&mut self) -> Parsed<SequenceType> {
        self.space()?;
        let word = self.peek_name();
        if word == "empty-sequence" && self.after_word(word)? == Some('(') {
            self.at += word.len();
            self.expect("(")?;
            self.expect(")")?;
            return Ok(SequenceType::Empty);
        }
        let item = self.item_type()?;
        let occurrence = if self.eat("?")? {
            Occurrence::Optional
        } else if self.eat("*")? {
            Occurrence::Any
        } else if self.eat("+")? {
            Occurrence::Some
        } else {
            Occurrence::One
        };
        Ok(SequenceType::Of(item, occurrence))
    }

    fn item_type(&mut self) -> Parsed<ItemType> {
        let at = self.at;
        let word = self.peek_name();
        if word.is_empty() {
            return Err(self.error(format!("expected a type but found {}", self.found())));
        }
        if self.after_word(word)? != Some('(') {
            self.at += word.len();
            return Ok(ItemType::Atomic(self.type_named(word, at)?));
        }
        match word {
            "item" => {
                self.at += word.len();
                self.expect("(")?;
                self.expect(")")?;
                Ok(ItemType::Item)
            }
            "map" | "array" | "function" => Err(self
                .error(format!("the type `{word}(...)` is not supported"))
                .remedy("use elements and sequences")),
            _ => Ok(ItemType::Node(self.kind_test()?)),
        }
    }

    /// The target of a cast, with or without `?`.
    pub(super) fn single_type(&mut self) -> Parsed<SingleType> {
        self.space()?;
        let at = self.at;
        let word = self.name("a type")?;
        let code = self.type_named(word, at)?;
        if code == XmlTypeCode::AnyAtomicType {
            return Err(
                self.error_at(at, format!("`{word}` is not a type that a value can be cast to"))
            );
        }
        let optional = self.eat("?")?;
        Ok(SingleType { code, optional })
    }

    fn type_named(&self, written: &str, at: usize) -> Parsed<XmlTypeCode> {
        let Some((prefix, local)) = written.split_once(':') else {
            return Err(self
                .error_at(at, format!("there is no type `{written}`"))
                .remedy(format!("built-in types begin with `xs:`, as in `xs:{written}`")));
        };
        if self.uri_of(prefix, at)? != XS {
            let message = format!("the type `{written}` is not built in");
            return Err(self.error_at(at, message).remedy("use a type that begins with `xs:`"));
        }
        self.type_code(local, at)
    }

    /// The built-in type `xs:local`.
    pub(super) fn type_code(&self, local: &str, at: usize) -> Parsed<XmlTypeCode> {
        match name_to_type_code(local) {
            Some(XmlTypeCode::QName | XmlTypeCode::Notation) => {
                let message = format!("the type `xs:{local}` is not supported");
                Err(self
                    .error_at(at, message)
                    .remedy("compare names as strings, with `local-name()`"))
            }
            Some(code) => Ok(code),
            None => {
                let error = self.error_at(at, format!("there is no type `xs:{local}`"));
                Err(if local == "numeric" {
                    error.remedy("use `xs:double` or `xs:decimal`")
                } else {
                    error
                })
            }
        }
    }
}
