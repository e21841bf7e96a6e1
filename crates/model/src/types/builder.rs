//! Collects the sequences of one specification, then compiles everything once.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use crate::{read::is_nc_name, specification::TypeRef};

use super::{
    FIELDS_MAX, Field, SEQUENCES_MAX, SequenceId, TypeError, Types, XML_SCHEMA,
    compiled::{self, Document, Source},
    internal, is_built_in,
    schema::Schema,
};

/// Collects the shapes that a specification needs, then compiles the schema once.
#[derive(Debug)]
pub struct TypesBuilder {
    schema: Schema,
    ids: BTreeMap<Vec<OwnField>, SequenceId>,
    /// One complex type per sequence, as text.
    sequences: String,
}

type OwnField = (String, TypeRef, bool);

impl TypesBuilder {
    /// Reads and compiles the specification's `xs:schema` element, if it has one: XML text in which XML Schema
    /// may be the default namespace or have any prefix.
    pub fn new(schema: Option<&str>) -> Result<Self, TypeError> {
        let schema = schema.map(Schema::read).transpose()?.unwrap_or_default();
        let builder = Self { schema, ids: BTreeMap::new(), sequences: String::new() };
        if builder.schema.text.is_some() {
            compiled::compile(&builder.documents())?;
        }
        Ok(builder)
    }

    /// The type is built in, one of YAWL's own, or defined in the schema.
    pub fn knows(&self, type_ref: &TypeRef) -> bool {
        match type_ref {
            TypeRef::Named { name, .. } => {
                is_built_in(type_ref) || internal::is_internal(name) || self.schema.has_type(name)
            }
            TypeRef::Untyped => true,
            TypeRef::Element(name) => self.schema.has_element(name),
        }
    }

    /// Adds a strict sequence. The same fields give the same id.
    pub fn sequence(&mut self, fields: &[Field<'_>]) -> Result<SequenceId, TypeError> {
        if fields.len() > FIELDS_MAX {
            return Err(TypeError::TooManyFields { fields: fields.len() });
        }
        let own = fields
            .iter()
            .map(|field| (field.name.to_owned(), field.type_ref.clone(), field.optional));
        let own: Vec<OwnField> = own.collect();
        if let Some(id) = self.ids.get(&own) {
            return Ok(*id);
        }
        if self.ids.len() >= SEQUENCES_MAX {
            return Err(TypeError::TooManySequences);
        }
        let mut names: Vec<&str> = fields.iter().map(|field| field.name).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(TypeError::NameTwice { name: twice[0].to_owned() });
        }
        let index = u32::try_from(self.ids.len()).expect("SEQUENCES_MAX fits into u32");
        let mut text = format!("<xs:complexType name=\"s{index}\"><xs:sequence>\n");
        for field in fields {
            let particle = self.particle(field)?;
            let occurs = if field.optional { " minOccurs=\"0\"" } else { "" };
            writeln!(text, "<xs:element {particle}{occurs}/>").expect("writing to a string");
        }
        text.push_str("</xs:sequence></xs:complexType>\n");
        self.sequences.push_str(&text);
        self.ids.insert(own, SequenceId(index));
        Ok(SequenceId(index))
    }

    /// Compiles everything.
    pub fn build(self) -> Result<Types, TypeError> {
        let documents = self.documents();
        let compiled = compiled::compile(&documents)?;
        let source = Arc::new(Source::new(documents));
        compiled::keep(&source, compiled);
        Ok(Types { source, schema: Arc::new(self.schema) })
    }

    /// The attributes that say which element a field is.
    fn particle(&self, field: &Field<'_>) -> Result<String, TypeError> {
        let Field { name, type_ref, .. } = *field;
        if !is_nc_name(name) {
            return Err(TypeError::NotAName { name: name.to_owned() });
        }
        match type_ref {
            TypeRef::Untyped => Ok(format!("name=\"{name}\" type=\"q:untyped\"")),
            TypeRef::Element(element) if !self.schema.has_element(element) => {
                Err(TypeError::UnknownElement { field: name.to_owned(), element: element.clone() })
            }
            TypeRef::Element(element) if element != name => Err(TypeError::ElementNameDiffers {
                field: name.to_owned(),
                element: element.clone(),
            }),
            TypeRef::Element(element) => Ok(format!("ref=\"{}{element}\"", self.prefix())),
            TypeRef::Named { name: type_name, .. } => {
                let prefix = if is_built_in(type_ref) {
                    "xs:"
                } else if internal::is_internal(type_name) {
                    "y:"
                } else if self.schema.has_type(type_name) {
                    self.prefix()
                } else {
                    let (field, type_name) = (name.to_owned(), type_name.clone());
                    return Err(TypeError::UnknownType { field, type_name });
                };
                Ok(format!("name=\"{name}\" type=\"{prefix}{type_name}\""))
            }
        }
    }

    /// Prefix of the schema's own components in the document of the sequences.
    fn prefix(&self) -> &'static str {
        if self.schema.target_namespace.is_some() { "t:" } else { "" }
    }

    /// The schema, the internal types that are used, the sequences: one document per namespace.
    fn documents(&self) -> Vec<Document> {
        let target = self.schema.target_namespace.as_deref();
        let mut documents = Vec::new();
        if let Some(text) = &self.schema.text {
            documents.push(Document { name: Document::SCHEMA, text: text.clone() });
        }
        let shares_namespace = target == Some(internal::NAMESPACE);
        let used = |name: &str| {
            let by_variable = format!("type=\"y:{name}\"");
            let by_schema = self.schema.internals_by_prefix.contains(name);
            let own = shares_namespace && self.schema.has_type(name);
            !own && (by_schema || self.sequences.contains(&by_variable))
        };
        documents.push(internal_types(
            Some(internal::NAMESPACE),
            internal::names().filter(|name| used(name)),
        ));
        let bare = self.schema.internals_by_name.iter().copied();
        let bare = bare.filter(|name| !(shares_namespace && used(name)));
        documents.push(internal_types(target, bare));
        documents.push(self.sequences_document(target));
        documents
    }

    fn sequences_document(&self, target: Option<&str>) -> Document {
        let mut text = format!(
            "<xs:schema xmlns:xs=\"{XML_SCHEMA}\" targetNamespace=\"{0}\" xmlns:q=\"{0}\" xmlns:y=\"{1}\"",
            compiled::NAMESPACE,
            internal::NAMESPACE,
        );
        let other = target.filter(|target| *target != internal::NAMESPACE);
        match target {
            Some(target) => write!(text, " xmlns:t=\"{}\">", escape(target)),
            None => write!(text, "><xs:import/>"),
        }
        .expect("writing to a string");
        writeln!(text, "<xs:import namespace=\"{}\"/>", internal::NAMESPACE)
            .expect("writing to a string");
        if let Some(other) = other {
            writeln!(text, "<xs:import namespace=\"{}\"/>", escape(other))
                .expect("writing to a string");
        }
        text.push_str(
            "<xs:complexType name=\"untyped\" mixed=\"true\"><xs:sequence>\
             <xs:any minOccurs=\"0\" maxOccurs=\"unbounded\" processContents=\"skip\"/></xs:sequence>\
             <xs:anyAttribute processContents=\"skip\"/></xs:complexType>\n",
        );
        text.push_str(&self.sequences);
        text.push_str("</xs:schema>");
        Document { name: Document::SEQUENCES, text }
    }
}

/// A schema of internal types, their children without namespace.
fn internal_types<'a>(namespace: Option<&str>, names: impl Iterator<Item = &'a str>) -> Document {
    let mut text = format!("<xs:schema xmlns:xs=\"{XML_SCHEMA}\"");
    if let Some(namespace) = namespace {
        write!(text, " targetNamespace=\"{}\"", escape(namespace)).expect("writing to a string");
    }
    text.push('>');
    for name in names {
        text.push_str(&internal::definition(name).expect("a name of the list of internal types"));
    }
    text.push_str("</xs:schema>");
    Document { name: Document::INTERNAL, text }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
