//! The specification's schema as text: what it defines, and whether it may be compiled at all.
//!
//! Looks only at names and sizes. Refuses here what the library would spend unbounded time on (groups that
//! double and double again) or what it would need files for. All else is the library's to judge.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use crate::{finding::Position, xml};

use super::{BUILT_IN, SCHEMA_BYTES_MAX, TypeError, XML_SCHEMA, internal};

/// Work that compiling may cost: the sum, over all complex types, of the square of the number of elements that
/// the type stands for once groups and occurrences are written out. The library needs about 0.1 µs per unit.
pub(super) const WORK_MAX: u64 = 10_000_000;
/// Up to this `maxOccurs` the library writes a repeated particle out; above it, it counts.
const WRITTEN_OUT_MAX: u64 = 16;

/// A specification's schema, read but not compiled.
#[derive(Debug, Default)]
pub(super) struct Schema {
    /// What the library compiles; line numbers are those of the specification's text.
    pub(super) text: Option<String>,
    pub(super) target_namespace: Option<String>,
    /// Names of the global types; true for a complex type without children.
    types: BTreeMap<String, bool>,
    elements: BTreeSet<String>,
    /// Internal types that the schema refers to by the prefix of YAWL's namespace.
    pub(super) internals_by_prefix: BTreeSet<&'static str>,
    /// Internal types that the schema refers to by bare name and does not define itself.
    pub(super) internals_by_name: BTreeSet<&'static str>,
}

impl Schema {
    pub(super) fn read(text: &str) -> Result<Self, TypeError> {
        if text.len() > SCHEMA_BYTES_MAX {
            return Err(TypeError::SchemaTooLarge { bytes: text.len() });
        }
        let text = text.trim_start_matches('\u{feff}');
        let document = xml::parse_document(text).map_err(TypeError::Xml)?;
        let root = document.root_element();
        if !is(root, "schema") {
            return Err(TypeError::NotASchema { found: root.tag_name().name().to_owned() });
        }
        refuse_elsewhere(&document)?;
        refuse_complexity(&document)?;
        let mut schema = Self {
            target_namespace: root.attribute("targetNamespace").map(str::to_owned),
            ..Self::default()
        };
        for component in root.children().filter(Node::is_element) {
            let Some(name) = component.attribute("name") else { continue };
            match component.tag_name().name() {
                "complexType" => {
                    let is_empty = component.children().all(|child| !child.is_element());
                    schema.types.insert(name.to_owned(), is_empty);
                }
                "simpleType" => {
                    schema.types.insert(name.to_owned(), false);
                }
                "element" => {
                    schema.elements.insert(name.to_owned());
                }
                _ => {}
            }
        }
        schema.find_internals(&document);
        schema.refuse_unknown(&document)?;
        schema.text = Some(schema.importing(text, root));
        Ok(schema)
    }

    pub(super) fn has_type(&self, name: &str) -> bool {
        self.types.contains_key(name)
    }

    pub(super) fn has_element(&self, name: &str) -> bool {
        self.elements.contains(name)
    }

    pub(super) fn is_empty_complex(&self, name: &str) -> bool {
        self.types.get(name).copied().unwrap_or_default()
    }

    /// Notes the internal types that the schema uses.
    fn find_internals(&mut self, document: &Document<'_>) {
        for (kind, _, reference) in references(document) {
            if kind == Kind::Type {
                self.note_internal(reference);
            }
        }
    }

    fn note_internal(&mut self, reference: &str) {
        let (prefix, local) = reference.split_once(':').unwrap_or(("", reference));
        let Some(name) = internal::names().find(|name| *name == local) else { return };
        match prefix {
            "" if !self.types.contains_key(name) => {
                self.internals_by_name.insert(name);
            }
            "" => {}
            _ => {
                self.internals_by_prefix.insert(name);
            }
        }
    }

    /// Every name that the schema refers to must be defined. The library leaves a type out until a value needs
    /// it, as XML Schema allows; the author must hear of it at upload.
    fn refuse_unknown(&self, document: &Document<'_>) -> Result<(), TypeError> {
        for (kind, node, reference) in references(document) {
            if !self.defines(kind, node, reference) {
                let kind = if kind == Kind::Type { "type" } else { "element" };
                let message = format!("{kind} {reference} is not defined");
                return Err(TypeError::Invalid { message, position: Some(position(node)) });
            }
        }
        Ok(())
    }

    fn defines(&self, kind: Kind, node: Node<'_, '_>, reference: &str) -> bool {
        let (prefix, local) = match reference.split_once(':') {
            Some((prefix, local)) => (Some(prefix), local),
            None => (None, reference),
        };
        let namespace = node.lookup_namespace_uri(prefix);
        let is_internal = internal::is_internal(local);
        match namespace {
            _ if prefix.is_some() && namespace.is_none() => is_internal,
            Some(XML_SCHEMA) => {
                kind != Kind::Type || local == "NOTATION" || BUILT_IN.contains(&local)
            }
            Some(internal::NAMESPACE) if is_internal => true,
            _ if namespace != self.target_namespace.as_deref() => prefix.is_some(),
            _ if kind == Kind::Element => self.has_element(local),
            _ => is_internal || self.has_type(local),
        }
    }

    /// The text with an import of YAWL's namespace, where its types are referred to by prefix: authors write
    /// `yawl:YTimerType` and no import. Put on the line of the start tag, so that line numbers stay.
    fn importing(&self, text: &str, root: Node<'_, '_>) -> String {
        if self.internals_by_prefix.is_empty()
            || self.target_namespace.as_deref() == Some(internal::NAMESPACE)
        {
            return text.to_owned();
        }
        let start = root.range().start;
        let name_end =
            text[start..].find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/');
        let (Some(name_end), Some(tag_end)) = (name_end, tag_end(&text[start..])) else {
            return text.to_owned();
        };
        let (name_end, tag_end) = (start + name_end, start + tag_end);
        let declaration = match root.lookup_namespace_uri(Some("yawl")) {
            Some(_) => String::new(),
            None => format!(" xmlns:yawl=\"{}\"", internal::NAMESPACE),
        };
        let import =
            format!("<xs:import xmlns:xs=\"{XML_SCHEMA}\" namespace=\"{}\"/>", internal::NAMESPACE);
        let (name, attributes, rest) =
            (&text[..name_end], &text[name_end..tag_end], &text[tag_end..]);
        format!("{name}{declaration}{attributes}{import}{rest}")
    }
}

/// Byte after the `>` of the start tag that `text` begins with.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn is(node: Node<'_, '_>, local: &str) -> bool {
    node.tag_name().namespace() == Some(XML_SCHEMA) && node.tag_name().name() == local
}

/// What a reference in a schema names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Type,
    Element,
}

/// All references to types and elements, with the node that makes them.
fn references<'d>(
    document: &'d Document<'_>,
) -> impl Iterator<Item = (Kind, Node<'d, 'd>, &'d str)> {
    let nodes =
        document.descendants().filter(|node| node.tag_name().namespace() == Some(XML_SCHEMA));
    let attributes =
        nodes.flat_map(|node| node.attributes().map(move |attribute| (node, attribute)));
    let named = attributes.filter_map(|(node, attribute)| {
        let kind = match (attribute.name(), node.tag_name().name()) {
            ("type" | "base" | "itemType" | "memberTypes", _) => Kind::Type,
            ("substitutionGroup", _) | ("ref", "element") => Kind::Element,
            _ => return None,
        };
        Some((kind, node, attribute.value()))
    });
    named.flat_map(|(kind, node, value)| {
        value.split_ascii_whitespace().map(move |reference| (kind, node, reference))
    })
}

fn position(node: Node<'_, '_>) -> Position {
    let place = node.document().text_pos_at(node.range().start);
    Position { line: place.row, column: place.col }
}

/// Include, redefine and import with a location would need files or the network.
fn refuse_elsewhere(document: &Document<'_>) -> Result<(), TypeError> {
    for node in document.root_element().children().filter(Node::is_element) {
        let directive = node.tag_name().name();
        let Some(location) = node.attribute("schemaLocation") else { continue };
        if matches!(directive, "include" | "import" | "redefine" | "override") {
            return Err(TypeError::Elsewhere {
                directive: directive.to_owned(),
                location: location.to_owned(),
                position: position(node),
            });
        }
    }
    Ok(())
}

/// Adds up what compiling will cost and refuses what would take more than seconds.
fn refuse_complexity(document: &Document<'_>) -> Result<(), TypeError> {
    let mut sizes = Sizes { root: document.root_element(), named: BTreeMap::new(), depth: 0 };
    let mut work: u64 = 0;
    let is_group = |node: &Node<'_, '_>| is(*node, "group") || is(*node, "attributeGroup");
    let defines = |node: &Node<'_, '_>| {
        let is_type = is(*node, "complexType") || is(*node, "simpleType");
        is_type || (is_group(node) && node.has_attribute("name"))
    };
    for node in document.descendants().filter(defines) {
        let size = sizes.of_children(node);
        work = work.saturating_add(size.saturating_mul(size));
        if work > WORK_MAX {
            let name = node.attribute("name").unwrap_or("an unnamed type");
            return Err(TypeError::TooComplex {
                component: name.to_owned(),
                position: position(node),
            });
        }
    }
    Ok(())
}

/// Counts the elements that a component stands for. Named groups and bases are counted once.
struct Sizes<'d, 'i> {
    root: Node<'d, 'i>,
    /// By kind and name; `None` while it is being counted, so that a circle (which the library refuses) ends.
    named: BTreeMap<(&'static str, &'d str), Option<u64>>,
    depth: usize,
}

impl<'d, 'i> Sizes<'d, 'i> {
    fn of_children(&mut self, node: Node<'d, 'i>) -> u64 {
        // Chains of references may be longer than a document is deep.
        if self.depth > 4 * xml::DEPTH_MAX {
            return WORK_MAX;
        }
        self.depth += 1;
        let mut sum: u64 = 0;
        for child in node.children().filter(Node::is_element) {
            sum = sum.saturating_add(self.of(child));
        }
        self.depth -= 1;
        sum
    }

    fn of(&mut self, node: Node<'d, 'i>) -> u64 {
        let once = match node.tag_name().name() {
            "element" | "any" | "attribute" => 1,
            "attributeGroup" => match node.attribute("ref") {
                Some(reference) => self.of_named("attributeGroup", reference),
                None => self.of_children(node),
            },
            "group" => match node.attribute("ref") {
                Some(reference) => self.of_named("group", reference),
                None => self.of_children(node),
            },
            "extension" => {
                let base =
                    node.attribute("base").map_or(0, |base| self.of_named("complexType", base));
                base.saturating_add(self.of_children(node))
            }
            "union" | "list" | "restriction" => {
                let names = ["memberTypes", "itemType", "base"].map(|name| node.attribute(name));
                let members = names.into_iter().flatten().flat_map(str::split_ascii_whitespace);
                members.fold(self.of_children(node), |sum, member| {
                    sum.saturating_add(self.of_named("simpleType", member))
                })
            }
            "sequence" | "choice" | "all" | "complexContent" | "simpleType" => {
                self.of_children(node)
            }
            _ => return 0,
        };
        // A group without elements costs its own compilation.
        once.max(1).saturating_mul(copies(node))
    }

    fn of_named(&mut self, kind: &'static str, reference: &'d str) -> u64 {
        let name = reference.rsplit(':').next().unwrap_or(reference);
        match self.named.get(&(kind, name)) {
            Some(size) => return size.unwrap_or_default(),
            None => self.named.insert((kind, name), None),
        };
        let found = self
            .root
            .children()
            .find(|node| is(*node, kind) && node.attribute("name") == Some(name));
        let size = found.map_or(0, |node| self.of_children(node));
        self.named.insert((kind, name), Some(size));
        size
    }
}

/// How often the library writes a particle out.
fn copies(node: Node<'_, '_>) -> u64 {
    let number = |name| node.attribute(name).map(|text: &str| text.trim().parse::<u64>());
    let minimum = number("minOccurs").map_or(1, |count| count.unwrap_or(u64::MAX));
    let minimum = if minimum > WRITTEN_OUT_MAX { 2 } else { minimum };
    match number("maxOccurs") {
        None | Some(Ok(1)) => 1,
        Some(Ok(maximum)) if maximum <= WRITTEN_OUT_MAX => maximum.max(1),
        Some(_) => minimum.max(1) + 1,
    }
}
