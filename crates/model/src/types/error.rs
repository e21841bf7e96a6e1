//! Why a schema or a sequence is refused: the place, the reason, the remedy.

use crate::{finding::Position, xml};

use super::{FIELDS_MAX, SCHEMA_BYTES_MAX, SEQUENCES_MAX, schema::WORK_MAX};

/// A refusal: the specification came from outside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypeError {
    #[error("the data schema cannot be read")]
    Xml(#[source] xml::Error),
    #[error("the data schema has {bytes} bytes, more than {SCHEMA_BYTES_MAX}")]
    SchemaTooLarge { bytes: usize },
    #[error("the data schema's outermost element is {found}, not the schema element of XML Schema")]
    NotASchema { found: String },
    #[error("xs:{directive} of {location} at {position}: a schema is never read from elsewhere")]
    Elsewhere { directive: String, location: String, position: Position },
    #[error(
        "{component} at {position} stands for more than {WORK_MAX} elements once groups are expanded"
    )]
    TooComplex { component: String, position: Position },
    #[error("the data schema does not compile: {message}")]
    Invalid { message: String, position: Option<Position> },
    #[error("variable {field} has type {type_name}, which nobody defines")]
    UnknownType { field: String, type_name: String },
    #[error(
        "variable {field} refers to the global element {element}, which the data schema does not define"
    )]
    UnknownElement { field: String, element: String },
    #[error("variable {field} refers to the global element {element}, whose name is another")]
    ElementNameDiffers { field: String, element: String },
    #[error("{name:?} cannot be the name of a variable: it is not an XML name without colon")]
    NotAName { name: String },
    #[error("two variables of one sequence are named {name}")]
    NameTwice { name: String },
    #[error("a sequence of {fields} variables is longer than {FIELDS_MAX}")]
    TooManyFields { fields: usize },
    #[error("more than {SEQUENCES_MAX} sequences of variables")]
    TooManySequences,
}

impl TypeError {
    /// A stable code in kebab case, for a finding of verification.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Xml(_) => "schema-xml",
            Self::SchemaTooLarge { .. } => "schema-size",
            Self::NotASchema { .. } => "schema-root",
            Self::Elsewhere { .. } => "schema-elsewhere",
            Self::TooComplex { .. } => "schema-complexity",
            Self::Invalid { .. } => "schema-invalid",
            Self::UnknownType { .. } => "variable-type",
            Self::UnknownElement { .. } | Self::ElementNameDiffers { .. } => "variable-element",
            Self::NotAName { .. } | Self::NameTwice { .. } => "variable-name",
            Self::TooManyFields { .. } | Self::TooManySequences => "variable-count",
        }
    }

    /// Line and column in the text of the schema element, where known.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Xml(xml::Error::NotWellFormed { position, .. })
            | Self::Elsewhere { position, .. }
            | Self::TooComplex { position, .. } => Some(*position),
            Self::Invalid { position, .. } => *position,
            Self::Xml(
                xml::Error::Dtd
                | xml::Error::TooDeep
                | xml::Error::TooManyAttributes
                | xml::Error::TooLarge { .. }
                | xml::Error::TooManyNodes,
            )
            | Self::SchemaTooLarge { .. }
            | Self::NotASchema { .. }
            | Self::UnknownType { .. }
            | Self::UnknownElement { .. }
            | Self::ElementNameDiffers { .. }
            | Self::NotAName { .. }
            | Self::NameTwice { .. }
            | Self::TooManyFields { .. }
            | Self::TooManySequences => None,
        }
    }

    /// What the author of the specification can do.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Xml(_) | Self::Invalid { .. } => {
                "correct the schema element of the specification"
            }
            Self::SchemaTooLarge { .. } => "keep only the types that the variables need",
            Self::NotASchema { .. } => "put an xs:schema element into the specification",
            Self::Elsewhere { .. } => "copy the definitions into the specification's own schema",
            Self::TooComplex { .. } => "use maxOccurs=\"unbounded\", or fewer nested groups",
            Self::UnknownType { .. } => {
                "define the type in the specification's schema, or use a built-in type"
            }
            Self::UnknownElement { .. } => {
                "define a global element of that name, or give the variable a type"
            }
            Self::ElementNameDiffers { .. } => "name the variable as its element is named",
            Self::NotAName { .. } => "begin with a letter; use letters, digits, '-', '_' and '.'",
            Self::NameTwice { .. } => "rename one of them",
            Self::TooManyFields { .. } => "group variables into one of a complex type",
            Self::TooManySequences => "split the specification",
        }
    }
}
