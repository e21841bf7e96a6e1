//! Writes values that are valid for a type, for simulated agents: varied, but the same for the same choices.
//!
//! Optional parts come and go, lists get up to three more entries than they must have. A value that grows past its
//! budget, or deeper than people nest, is finished with as little as the schema asks for.

mod pattern;
mod pool;
mod simple;

use std::{collections::BTreeMap, sync::Arc};

use super::shape::{Attribute, Complex, Content, Particle, Shapes, Term, Type};

/// Levels of elements after which nothing optional is written.
const DEPTH_MAX: u32 = 8;
/// Levels of elements after which nothing is written: no value of the type ends.
const DEPTH_LIMIT: u32 = 64;
/// Elements after which nothing optional is written.
const ELEMENTS_MAX: u32 = 300;
/// Elements after which nothing more is written: the schema asks for more than a sample is good for.
const ELEMENTS_LIMIT: u32 = 20_000;
/// Entries of a list beyond those that it must have.
const EXTRA_MAX: u32 = 3;

/// Gives a number below its argument, which is not zero.
type Choose<'a> = &'a mut dyn FnMut(u32) -> u32;

/// Shapes, and texts for the simple types whose facets cannot be met by construction.
#[derive(Debug)]
pub(super) struct Sampler {
    shapes: Arc<Shapes>,
    pools: BTreeMap<usize, Vec<String>>,
}

impl Sampler {
    pub(super) fn new(shapes: Arc<Shapes>) -> Self {
        let pools = pool::fill(&shapes);
        Self { shapes, pools }
    }

    /// The schema has rules that a sample may break, such as keys: check it and try again.
    pub(super) fn is_doubtful(&self) -> bool {
        self.shapes.has_keys
    }

    /// A value of a sequence in an element named `root`.
    pub(super) fn sample(&self, sequence: usize, root: &str, choose: Choose<'_>) -> String {
        // Whoever chooses may not keep the promise; a length may depend on it.
        let choose = &mut |below: u32| choose(below).min(below - 1);
        let mut writer = Writer {
            sampler: self,
            text: String::new(),
            choose,
            elements: 0,
            ids: 0,
            namespaces: vec![None],
        };
        writer.start(None, root);
        writer.typed(self.shapes.sequences[sequence], 0);
        writer.end(root);
        writer.text
    }
}

struct Writer<'a> {
    sampler: &'a Sampler,
    text: String,
    choose: Choose<'a>,
    elements: u32,
    /// Identifiers (`xs:ID`) written so far: each must be another.
    ids: u32,
    /// Default namespace of each open element.
    namespaces: Vec<Option<String>>,
}

impl Writer<'_> {
    /// Opens a start tag and leaves it open for attributes.
    fn start(&mut self, namespace: Option<&str>, name: &str) {
        self.elements += 1;
        self.text.push('<');
        self.text.push_str(name);
        if self.namespaces.last().map(Option::as_deref) != Some(namespace) {
            self.attribute("xmlns", namespace.unwrap_or_default());
        }
        self.namespaces.push(namespace.map(str::to_owned));
    }

    fn end(&mut self, name: &str) {
        self.namespaces.pop();
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        self.escaped(value);
        self.text.push('"');
    }

    fn escaped(&mut self, value: &str) {
        for character in value.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\r' => self.text.push_str("&#13;"),
                character => self.text.push(character),
            }
        }
    }

    /// Attributes, the end of the start tag, and content.
    fn typed(&mut self, index: usize, depth: u32) {
        let sampler = self.sampler;
        match &sampler.shapes.types[index] {
            Type::Simple(simple) => {
                self.text.push('>');
                self.simple(*simple);
            }
            Type::Complex(complex) => {
                self.attributes(complex);
                self.text.push('>');
                self.content(complex, depth);
            }
        }
    }

    fn attributes(&mut self, complex: &Complex) {
        let sampler = self.sampler;
        if let Some(base) = complex.extends
            && let Type::Complex(base) = &sampler.shapes.types[base]
        {
            self.attributes(base);
        }
        for attribute in &complex.attributes {
            let Attribute { namespace, name, simple, fixed } = attribute;
            let value = match fixed {
                Some(value) => value.clone(),
                None => self.simple_value(*simple),
            };
            match namespace {
                Some(namespace) => {
                    self.attribute("xmlns:a", namespace);
                    self.attribute(&format!("a:{name}"), &value);
                }
                None => self.attribute(name, &value),
            }
        }
    }

    fn content(&mut self, complex: &Complex, depth: u32) {
        let sampler = self.sampler;
        if let Some(base) = complex.extends {
            match &sampler.shapes.types[base] {
                Type::Complex(base) => self.content(base, depth),
                Type::Simple(simple) => self.simple(*simple),
            }
        }
        match &complex.content {
            Content::Empty => {}
            Content::Text(simple) => self.simple(*simple),
            Content::Elements(particle) => self.particle(particle, depth),
            Content::Anything => {
                let words = simple::words(self.choose);
                self.text.push_str(&words);
            }
        }
    }

    fn simple(&mut self, index: usize) {
        let value = self.simple_value(index);
        self.escaped(&value);
    }

    fn simple_value(&mut self, index: usize) -> String {
        let Sampler { shapes, pools } = self.sampler;
        let texts = simple::Texts { simples: &shapes.simples, pools };
        simple::value(&texts, index, &mut self.ids, self.choose)
    }

    fn particle(&mut self, particle: &Particle, depth: u32) {
        let is_lean = depth >= DEPTH_MAX || self.elements >= ELEMENTS_MAX;
        let once = self.sampler.shapes.height_once(&particle.term);
        let extra = match particle.maximum {
            _ if is_lean || once > DEPTH_LIMIT => 0,
            Some(maximum) => maximum.saturating_sub(particle.minimum).min(EXTRA_MAX),
            None => EXTRA_MAX,
        };
        let count = particle.minimum.saturating_add((self.choose)(extra + 1));
        for _ in 0..count {
            if self.elements > ELEMENTS_LIMIT || depth > DEPTH_LIMIT {
                return;
            }
            let before = self.text.len();
            self.term(&particle.term, depth, is_lean);
            // A group without elements may be asked for four thousand million times.
            if self.text.len() == before {
                return;
            }
        }
    }

    fn term(&mut self, term: &Term, depth: u32, is_lean: bool) {
        let shapes = &self.sampler.shapes;
        match term {
            Term::Element(index) => self.element(*index, depth),
            Term::Sequence(parts) | Term::All(parts) => {
                for part in parts {
                    self.particle(part, depth);
                }
            }
            Term::Choice(parts) if is_lean => {
                if let Some(least) = parts.iter().min_by_key(|part| shapes.height(part)) {
                    self.particle(least, depth);
                }
            }
            Term::Choice(parts) if parts.is_empty() => {}
            Term::Choice(parts) => {
                let part = &parts[pick(self.choose, parts.len())];
                self.particle(part, depth);
            }
            Term::Any(namespace) => {
                self.start(namespace.as_deref(), "any");
                self.text.push('>');
                self.end("any");
            }
        }
    }

    fn element(&mut self, index: usize, depth: u32) {
        let sampler = self.sampler;
        let declared = &sampler.shapes.elements[index];
        let element = declared.substitute.map_or(declared, |index| &sampler.shapes.elements[index]);
        self.start(element.namespace.as_deref(), &element.name);
        match &element.fixed {
            Some(value) => {
                self.text.push('>');
                self.escaped(value);
            }
            None => self.typed(element.type_index, depth + 1),
        }
        self.end(&element.name);
    }
}

/// An index below `length`, which is not zero.
fn pick(choose: Choose<'_>, length: usize) -> usize {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    choose(length) as usize
}
