//! Reads shapes from the schema documents.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use crate::xml;

use super::{
    super::{XML_SCHEMA, compiled},
    Attribute, Complex, Content, Element, Facets, Particle, Shapes, Simple, Term, Type, Variety,
    exact, facets, simple,
};

/// Namespace and local name.
type Name<'d> = (Option<&'d str>, &'d str);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Type,
    Element,
    Group,
    Attribute,
    AttributeGroup,
}

impl Shapes {
    /// Reads documents that have compiled.
    pub(in crate::types) fn read(texts: &[&str]) -> Self {
        let documents: Vec<Document<'_>> = texts
            .iter()
            .map(|text| {
                xml::parse_document(text).expect("a document that the library has compiled")
            })
            .collect();
        let mut reader = Reader {
            globals: BTreeMap::new(),
            shapes: Self::default(),
            types: BTreeMap::new(),
            elements: BTreeMap::new(),
            is_exact: true,
        };
        for document in &documents {
            reader.collect(document);
        }
        let sequences = reader.globals.keys().filter_map(|(kind, name)| {
            let number = name.1.strip_prefix('s')?.parse::<u32>().ok()?;
            let is_sequence = *kind == Kind::Type && name.0 == Some(compiled::NAMESPACE);
            is_sequence.then_some((number, *name))
        });
        let sequences: BTreeMap<u32, Name<'_>> = sequences.collect();
        for name in sequences.into_values() {
            let sequence = reader.named_type(name);
            reader.shapes.sequences.push(sequence);
        }
        reader.shapes.measure();
        reader.shapes
    }
}

struct Reader<'d, 'i> {
    globals: BTreeMap<(Kind, Name<'d>), Node<'d, 'i>>,
    shapes: Shapes,
    types: BTreeMap<Name<'d>, usize>,
    elements: BTreeMap<Name<'d>, usize>,
    /// All that was read of the type or element at hand is in its shape.
    is_exact: bool,
}

impl<'d, 'i: 'd> Reader<'d, 'i> {
    fn collect(&mut self, document: &'d Document<'i>) {
        let root = document.root_element();
        let namespace = root.attribute("targetNamespace");
        for node in root.children().filter(Node::is_element) {
            let kind = match node.tag_name().name() {
                "simpleType" | "complexType" => Kind::Type,
                "element" => Kind::Element,
                "group" => Kind::Group,
                "attribute" => Kind::Attribute,
                "attributeGroup" => Kind::AttributeGroup,
                _ => continue,
            };
            if let Some(name) = node.attribute("name") {
                self.globals.insert((kind, (namespace, name)), node);
            }
        }
        let is_key =
            |node: Node<'_, '_>| matches!(node.tag_name().name(), "key" | "unique" | "keyref");
        self.shapes.has_keys |= document.descendants().any(is_key);
    }

    fn add_type(&mut self, shape: Type) -> usize {
        self.shapes.types.push(shape);
        self.shapes.types.len() - 1
    }

    fn add_simple(&mut self, shape: Simple) -> usize {
        self.shapes.simples.push(shape);
        self.shapes.simples.len() - 1
    }

    /// The type of this name. Its index is known before it is read, so that it may contain itself.
    fn named_type(&mut self, name: Name<'d>) -> usize {
        if let Some(index) = self.types.get(&name) {
            return *index;
        }
        let index = self.add_type(Type::Complex(Complex::default()));
        self.types.insert(name, index);
        let shape = match self.globals.get(&(Kind::Type, name)).copied() {
            Some(node) => self.read_type(node),
            None => self.built_in(name.1),
        };
        self.shapes.types[index] = shape;
        index
    }

    fn built_in(&mut self, name: &str) -> Type {
        if let Some(item) = simple::built_in_item(name) {
            let item = simple::built_in(item).expect("an item type of the table");
            let item = self.add_simple(item);
            let facets = Facets { length_minimum: Some(1), ..Facets::default() };
            let list = Simple { variety: Variety::List(item), facets, is_exact: false };
            return Type::Simple(self.add_simple(list));
        }
        match simple::built_in(name) {
            Some(simple) => Type::Simple(self.add_simple(simple)),
            None => Type::Complex(Complex { content: Content::Anything, ..Complex::default() }),
        }
    }

    fn read_type(&mut self, node: Node<'d, 'i>) -> Type {
        match node.tag_name().name() {
            "simpleType" => {
                let simple = self.read_simple(node);
                Type::Simple(self.add_simple(simple))
            }
            _ => {
                let (mut complex, is_exact) = self.exactly(node, Self::read_complex);
                complex.is_exact |= is_exact;
                Type::Complex(complex)
            }
        }
    }

    /// Reads a component and tells whether its shape says everything.
    fn exactly<T>(
        &mut self,
        node: Node<'d, 'i>,
        read: impl FnOnce(&mut Self, Node<'d, 'i>) -> T,
    ) -> (T, bool) {
        let outer = std::mem::replace(&mut self.is_exact, exact::is_understood(node));
        let shape = read(self, node);
        (shape, std::mem::replace(&mut self.is_exact, outer))
    }

    fn read_complex(&mut self, node: Node<'d, 'i>) -> Complex {
        let own_namespace = node.document().root_element().attribute("targetNamespace");
        if own_namespace == Some(compiled::NAMESPACE) && node.attribute("name") == Some("untyped") {
            return Complex { content: Content::Anything, is_exact: true, ..Complex::default() };
        }
        let derived = child(node, &["complexContent", "simpleContent"]);
        let Some(derived) = derived else { return self.read_body(node) };
        let Some(derivation) = child(derived, &["extension", "restriction"]) else {
            return Complex::default();
        };
        self.is_exact &= exact::is_understood(derived) && exact::is_understood(derivation);
        let is_extension = derivation.tag_name().name() == "extension";
        let base = derivation.attribute("base").map(|base| self.type_reference(derivation, base));
        let mut complex = self.read_body(derivation);
        match (derived.tag_name().name(), is_extension) {
            ("simpleContent", true) => match base.map(|base| (base, &self.shapes.types[base])) {
                Some((_, Type::Simple(simple))) => complex.content = Content::Text(*simple),
                Some((base, Type::Complex(_))) => complex.extends = Some(base),
                None => {}
            },
            ("simpleContent", false) => {
                let inherited = base.and_then(|base| self.text_of(base));
                let simple = self.restrict(derivation, inherited);
                complex.content = Content::Text(self.add_simple(simple));
                complex.attributes.extend(base.map(|base| self.required(base)).unwrap_or_default());
            }
            (_, true) => {
                self.is_exact = false;
                complex.extends = base.filter(|base| !self.is_anything(*base));
            }
            (_, false) => {
                let inherited = base.map(|base| self.required(base)).unwrap_or_default();
                let prohibited = |name: &str| {
                    let mut uses =
                        derivation.children().filter(|node| node.tag_name().name() == "attribute");
                    uses.any(|node| node.attribute("name") == Some(name))
                };
                let kept = inherited.into_iter().filter(|attribute| !prohibited(&attribute.name));
                complex.attributes.extend(kept);
            }
        }
        complex
    }

    fn is_anything(&self, index: usize) -> bool {
        matches!(
            &self.shapes.types[index],
            Type::Complex(Complex { content: Content::Anything, .. })
        )
    }

    /// Required attributes of a type and its bases.
    fn required(&self, index: usize) -> Vec<Attribute> {
        let Type::Complex(complex) = &self.shapes.types[index] else { return Vec::new() };
        let mut attributes = complex.extends.map(|base| self.required(base)).unwrap_or_default();
        attributes.extend(complex.attributes.iter().cloned());
        attributes
    }

    /// The simple type of a type's content.
    fn text_of(&self, index: usize) -> Option<Simple> {
        match &self.shapes.types[index] {
            Type::Simple(simple) => Some(self.shapes.simples[*simple].clone()),
            Type::Complex(complex) => match complex.content {
                Content::Text(simple) => Some(self.shapes.simples[simple].clone()),
                Content::Empty | Content::Elements(_) | Content::Anything => {
                    complex.extends.and_then(|base| self.text_of(base))
                }
            },
        }
    }

    /// Content model and attributes directly below `node`.
    fn read_body(&mut self, node: Node<'d, 'i>) -> Complex {
        let mut complex = Complex::default();
        if let Some(model) = child(node, &["sequence", "choice", "all", "group"])
            && let Some(particle) = self.particle(model)
        {
            complex.content = Content::Elements(particle);
        }
        self.attributes(node, &mut complex.attributes);
        complex
    }

    fn attributes(&mut self, node: Node<'d, 'i>, into: &mut Vec<Attribute>) {
        for child in node.children().filter(Node::is_element) {
            self.is_exact &= child.attribute("use") != Some("required");
            match (child.tag_name().name(), child.attribute("ref")) {
                ("attributeGroup", Some(reference)) => {
                    let name = resolve(child, reference);
                    if let Some(group) = self.globals.get(&(Kind::AttributeGroup, name)).copied() {
                        self.attributes(group, into);
                    }
                }
                ("attribute", reference) if child.attribute("use") == Some("required") => {
                    into.push(self.attribute(child, reference));
                }
                _ => {}
            }
        }
    }

    fn attribute(&mut self, node: Node<'d, 'i>, reference: Option<&'d str>) -> Attribute {
        let name = reference.map(|reference| resolve(node, reference));
        let global = name.and_then(|name| self.globals.get(&(Kind::Attribute, name)).copied());
        let declared = global.unwrap_or(node);
        let (namespace, name) = match name {
            Some(name) => name,
            None => (
                namespace_of(node, "attributeFormDefault"),
                node.attribute("name").unwrap_or_default(),
            ),
        };
        let simple = match (declared.attribute("type"), child(declared, &["simpleType"])) {
            (Some(reference), _) => {
                let index = self.type_reference(declared, reference);
                self.text_of(index)
            }
            (None, Some(inline)) => Some(self.read_simple(inline)),
            (None, None) => None,
        };
        let simple = simple.or_else(|| simple::built_in("string")).expect("string is built in");
        let fixed = node.attribute("fixed").or_else(|| declared.attribute("fixed"));
        Attribute {
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
            simple: self.add_simple(simple),
            fixed: fixed.map(str::to_owned),
        }
    }

    fn particle(&mut self, node: Node<'d, 'i>) -> Option<Particle> {
        self.is_exact &= exact::is_understood(node);
        let number = |name| node.attribute(name).and_then(|text: &str| text.trim().parse().ok());
        let minimum = number("minOccurs").unwrap_or(1);
        let maximum = match node.attribute("maxOccurs") {
            Some("unbounded") => None,
            Some(_) => number("maxOccurs"),
            None => Some(1),
        };
        let term = match node.tag_name().name() {
            "element" => Term::Element(self.element(node)),
            "sequence" => Term::Sequence(self.particles(node)),
            "all" => Term::All(self.particles(node)),
            "choice" => Term::Choice(self.particles(node)),
            "any" => self.wildcard(node),
            "group" => {
                let name = resolve(node, node.attribute("ref")?);
                let group = self.globals.get(&(Kind::Group, name)).copied()?;
                self.is_exact &= exact::is_understood(group);
                self.particle(child(group, &["sequence", "choice", "all"])?)?.term
            }
            _ => return None,
        };
        (maximum != Some(0)).then_some(Particle { minimum, maximum, term })
    }

    fn particles(&mut self, node: Node<'d, 'i>) -> Vec<Particle> {
        node.children().filter(Node::is_element).filter_map(|child| self.particle(child)).collect()
    }

    /// A strict wildcard takes a global element, another one anything of a namespace that it names.
    fn wildcard(&mut self, node: Node<'d, 'i>) -> Term {
        let is_strict = node.attribute("processContents").unwrap_or("strict") == "strict";
        let global =
            self.globals.keys().find(|(kind, _)| *kind == Kind::Element).map(|(_, name)| *name);
        if let (true, Some(name)) = (is_strict, global) {
            return Term::Element(self.global_element(name));
        }
        let target = node.document().root_element().attribute("targetNamespace");
        let namespace = match node.attribute("namespace").unwrap_or("##any") {
            "##any" | "##local" => None,
            "##targetNamespace" => target,
            "##other" => Some("urn:sample"),
            list => list.split_whitespace().find(|item| !item.starts_with("##")),
        };
        Term::Any(namespace.map(str::to_owned))
    }

    fn element(&mut self, node: Node<'d, 'i>) -> usize {
        if let Some(reference) = node.attribute("ref") {
            return self.global_element(resolve(node, reference));
        }
        let namespace = namespace_of(node, "elementFormDefault");
        let index = self.shapes.elements.len();
        self.shapes.elements.push(Element::default());
        self.read_element(node, namespace, index);
        index
    }

    fn global_element(&mut self, name: Name<'d>) -> usize {
        if let Some(index) = self.elements.get(&name) {
            return *index;
        }
        let index = self.shapes.elements.len();
        self.shapes.elements.push(Element::default());
        self.elements.insert(name, index);
        if let Some(node) = self.globals.get(&(Kind::Element, name)).copied() {
            self.read_element(node, name.0, index);
            if is_abstract(node) {
                self.shapes.elements[index].substitute = self.substitute(name);
            }
        }
        index
    }

    fn read_element(&mut self, node: Node<'d, 'i>, namespace: Option<&str>, index: usize) {
        let is_exact = exact::is_understood(node);
        let inline = child(node, &["simpleType", "complexType"]);
        let type_index = match (node.attribute("type"), inline, node.attribute("substitutionGroup"))
        {
            (Some(reference), ..) => self.type_reference(node, reference),
            (None, Some(inline), _) => {
                let shape = self.read_type(inline);
                self.add_type(shape)
            }
            (None, None, Some(head)) => {
                let head = self.global_element(resolve(node, head));
                self.shapes.elements[head].type_index
            }
            (None, None, None) => self.named_type((Some(XML_SCHEMA), "anyType")),
        };
        self.shapes.elements[index] = Element {
            namespace: namespace.map(str::to_owned),
            name: node.attribute("name").unwrap_or_default().to_owned(),
            type_index,
            fixed: node.attribute("fixed").map(str::to_owned),
            substitute: None,
            is_exact,
        };
    }

    /// A concrete element that may stand for the abstract one named `head`.
    fn substitute(&mut self, head: Name<'d>) -> Option<usize> {
        let stands_for = |node: &Node<'d, 'i>| {
            node.attribute("substitutionGroup").map(|reference| resolve(*node, reference))
                == Some(head)
        };
        let members = self
            .globals
            .iter()
            .filter(|((kind, _), node)| *kind == Kind::Element && stands_for(node));
        let members: Vec<(Name<'d>, bool)> =
            members.map(|((_, name), node)| (*name, is_abstract(*node))).collect();
        let concrete = members.iter().find(|(_, is_abstract)| !is_abstract);
        match concrete {
            Some((name, _)) => Some(self.global_element(*name)),
            None => members.first().and_then(|(name, _)| {
                let index = self.global_element(*name);
                self.shapes.elements[index].substitute
            }),
        }
    }

    fn type_reference(&mut self, node: Node<'d, 'i>, reference: &'d str) -> usize {
        self.named_type(resolve(node, reference))
    }

    fn read_simple(&mut self, node: Node<'d, 'i>) -> Simple {
        let Some(derivation) = child(node, &["restriction", "list", "union"]) else {
            let string = simple::built_in("string").expect("string is built in");
            return Simple { is_exact: false, ..string };
        };
        match derivation.tag_name().name() {
            "restriction" => {
                let base =
                    derivation.attribute("base").map(|base| self.type_reference(derivation, base));
                let inherited = base.and_then(|base| self.text_of(base));
                self.restrict(derivation, inherited)
            }
            "list" => {
                let item = self.members(derivation, "itemType").first().copied();
                let item = item.unwrap_or_else(|| {
                    self.add_simple(simple::built_in("token").expect("token is built in"))
                });
                Simple { variety: Variety::List(item), facets: Facets::default(), is_exact: false }
            }
            _ => {
                let members = self.members(derivation, "memberTypes");
                Simple {
                    variety: Variety::Union(members),
                    facets: Facets::default(),
                    is_exact: false,
                }
            }
        }
    }

    /// Types named in an attribute and types defined below.
    fn members(&mut self, node: Node<'d, 'i>, attribute: &str) -> Vec<usize> {
        let mut members = Vec::new();
        for reference in node.attribute(attribute).unwrap_or_default().split_whitespace() {
            let index = self.type_reference(node, reference);
            if let Some(simple) = self.text_of(index) {
                members.push(self.add_simple(simple));
            }
        }
        for inline in node.children().filter(|child| child.tag_name().name() == "simpleType") {
            let simple = self.read_simple(inline);
            members.push(self.add_simple(simple));
        }
        members
    }

    /// Adds the facets below `node` to `base`, or to the type defined below it.
    fn restrict(&mut self, node: Node<'d, 'i>, base: Option<Simple>) -> Simple {
        let inline = child(node, &["simpleType"]).map(|inline| self.read_simple(inline));
        let base = inline.or(base);
        let is_known = base.is_some();
        let base = base.or_else(|| simple::built_in("string")).expect("string is built in");
        let restricted = facets::restrict(node, base);
        Simple { is_exact: restricted.is_exact && is_known, ..restricted }
    }
}

fn child<'d, 'i>(node: Node<'d, 'i>, names: &[&str]) -> Option<Node<'d, 'i>> {
    node.children().find(|child| child.is_element() && names.contains(&child.tag_name().name()))
}

fn is_abstract(node: Node<'_, '_>) -> bool {
    matches!(node.attribute("abstract"), Some("true" | "1"))
}

/// Expands a reference such as `xs:string` by the namespaces in scope at `node`.
fn resolve<'d>(node: Node<'d, '_>, reference: &'d str) -> Name<'d> {
    match reference.trim().split_once(':') {
        Some((prefix, local)) => (node.lookup_namespace_uri(Some(prefix)), local),
        None => (node.lookup_namespace_uri(None), reference.trim()),
    }
}

/// Namespace of a local declaration: the document's, if the form is qualified.
fn namespace_of<'d>(node: Node<'d, '_>, default: &str) -> Option<&'d str> {
    let root = node.document().root_element();
    let form = node.attribute("form").or_else(|| root.attribute(default));
    root.attribute("targetNamespace").filter(|_| form == Some("qualified"))
}
