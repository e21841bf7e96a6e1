//! Data types: what a variable may hold, checked against the specification's XML Schema.
//!
//! [`TypesBuilder`] takes the specification's `xs:schema` and the sequences that its decompositions need
//! (a net's variables, a task's parameters); [`Types`] then validates values and makes samples of them. The
//! rules of XML Schema 1.0 are those of the library `xsd-schema`; ours are the frame round it (which names a
//! variable's type may have, YAWL's internal types, strict sequences) and the limits.
//! Never reads a file or the network: schemas that point elsewhere are refused.

mod accept;
mod builder;
mod compiled;
mod error;
mod expected;
mod internal;
mod sample;
mod schema;
mod shape;
mod violation;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::specification::TypeRef;

pub use self::{builder::TypesBuilder, error::TypeError, violation::Violation};

/// Namespace of XML Schema.
const XML_SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
/// Bytes of a specification's schema. The largest published one has 60 KB; compiling one of 4 MiB takes about
/// a second, which is the longest that an upload may keep a thread.
pub const SCHEMA_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Sequences of one specification: one per net and task and one per single parameter. Each costs about 1 KiB
/// in every thread that validates.
pub const SEQUENCES_MAX: usize = 20_000;
/// Attempts at a sample of a schema with keys, which one attempt may break.
const SAMPLE_ATTEMPTS_MAX: u32 = 16;
/// Fields in one sequence. The time to check a content model grows with its square.
pub const FIELDS_MAX: usize = 1_000;

/// One element of a sequence: a variable or a parameter.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The element's name.
    pub name: &'a str,
    pub type_ref: &'a TypeRef,
    /// The element may be absent.
    pub optional: bool,
}

/// A sequence of one [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SequenceId(u32);

impl SequenceId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// The compiled data types of one specification. Cheap to clone.
///
/// The library's compiled schema is not `Sync`, so every thread that validates compiles its own copy from the same
/// source on first use (0.1 ms for a few types, 1 ms for sixty) and keeps it while this value lives, up to 64
/// specifications. It is asked only about values that a quicker look at their text does not prove valid. A lock round one copy would save memory and
/// serialise all partitions; a validator per call would compile every content model anew.
#[derive(Clone, Debug)]
pub struct Types {
    source: Arc<compiled::Source>,
    schema: Arc<schema::Schema>,
}

impl Types {
    /// Checks a value: an element of any name whose children are the sequence's fields, in order and complete.
    ///
    /// The error holds every violation, in document order.
    pub fn validate(&self, sequence: SequenceId, xml: &str) -> Result<(), Vec<Violation>> {
        if self.source.acceptor().accepts(sequence.index(), xml) {
            return Ok(());
        }
        self.validate_by_library(sequence, xml)
    }

    /// As [`Self::validate`], for the content of an element named `root`.
    pub fn validate_content(
        &self,
        sequence: SequenceId,
        root: &str,
        content: &str,
    ) -> Result<(), Vec<Violation>> {
        if self.source.acceptor().accepts_content(sequence.index(), content) {
            return Ok(());
        }
        self.validate_by_library(sequence, &format!("<{root}>{content}</{root}>"))
    }

    fn validate_by_library(&self, sequence: SequenceId, xml: &str) -> Result<(), Vec<Violation>> {
        compiled::with(&self.source, |compiled| compiled.validate(sequence, xml))
    }

    /// Makes a value that is valid for the sequence, in an element named `root`, without attributes of ours.
    ///
    /// `choose(n)` gives a number below `n`; the same choices make the same value. Words, numbers and days are
    /// plain ones, lists have up to three entries more than they need, and what is recursive ends. A pattern that
    /// cannot be met after some hundred attempts, an abstract type, and a key that never comes out unique leave the
    /// value invalid; the specifications in use have none of these.
    pub fn sample(
        &self,
        sequence: SequenceId,
        root: &str,
        choose: &mut dyn FnMut(u32) -> u32,
    ) -> String {
        let sampler = self.source.sampler();
        let mut value = sampler.sample(sequence.index(), root, choose);
        if sampler.is_doubtful() {
            for _ in 0..SAMPLE_ATTEMPTS_MAX {
                if self.validate(sequence, &value).is_ok() {
                    break;
                }
                value = sampler.sample(sequence.index(), root, choose);
            }
        }
        value
    }

    /// The type is a complexType without children: its values are passed on only when they carry the flag
    /// attribute `__emptyComplexTypeFlag__`.
    pub fn is_empty_complex(&self, type_ref: &TypeRef) -> bool {
        match type_ref {
            TypeRef::Named { name, .. } => {
                !is_built_in(type_ref)
                    && !internal::is_internal(name)
                    && self.schema.is_empty_complex(name)
            }
            TypeRef::Untyped | TypeRef::Element(_) => false,
        }
    }
}

/// The type's local name is one of XML Schema's own types.
///
/// The namespace does not count: specifications declare XML Schema's namespace for types of their own, too.
pub fn is_built_in(type_ref: &TypeRef) -> bool {
    match type_ref {
        TypeRef::Named { name, .. } => BUILT_IN.contains(&name.as_str()),
        TypeRef::Untyped | TypeRef::Element(_) => false,
    }
}

/// The types that XML Schema 1.0 defines and an element may have, by name.
const BUILT_IN: [&str; 45] = [
    "ENTITIES",
    "ENTITY",
    "ID",
    "IDREF",
    "IDREFS",
    "NCName",
    "NMTOKEN",
    "NMTOKENS",
    "Name",
    "QName",
    "anySimpleType",
    "anyType",
    "anyURI",
    "base64Binary",
    "boolean",
    "byte",
    "date",
    "dateTime",
    "decimal",
    "double",
    "duration",
    "float",
    "gDay",
    "gMonth",
    "gMonthDay",
    "gYear",
    "gYearMonth",
    "hexBinary",
    "int",
    "integer",
    "language",
    "long",
    "negativeInteger",
    "nonNegativeInteger",
    "nonPositiveInteger",
    "normalizedString",
    "positiveInteger",
    "short",
    "string",
    "time",
    "token",
    "unsignedByte",
    "unsignedInt",
    "unsignedLong",
    "unsignedShort",
];
