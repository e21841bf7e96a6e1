//! The shapes of a schema's types, as far as one must know them to write a value: what follows what, how often,
//! and which texts are allowed. Read from documents that have compiled, so nothing is checked here.

mod exact;
mod facets;
mod read;
mod simple;

pub(super) use self::simple::{Base, Bound, Facets, Simple, Variety};

/// All shapes of one specification. Parts refer to each other by index, because types may be recursive.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    pub(super) types: Vec<Type>,
    pub(super) elements: Vec<Element>,
    pub(super) simples: Vec<Simple>,
    /// Types of the sequences, by sequence id.
    pub(super) sequences: Vec<usize>,
    /// The schema has keys, whose rules a value written from shapes alone may break.
    pub(super) has_keys: bool,
    /// Levels of elements that a value of a type needs at least; [`ENDLESS`] if no value ends. By type.
    pub(super) heights: Vec<u32>,
}

/// Height of a type without finite values.
pub(super) const ENDLESS: u32 = u32::MAX;

#[derive(Clone, Debug)]
pub(super) enum Type {
    Simple(usize),
    Complex(Complex),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Complex {
    /// Its attributes and content come first.
    pub(super) extends: Option<usize>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) content: Content,
    /// The shape says all that the schema asks of a value without attributes.
    pub(super) is_exact: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) enum Content {
    #[default]
    Empty,
    Text(usize),
    Elements(Particle),
    /// `xs:anyType`, or an untyped variable.
    Anything,
}

/// A required attribute; optional ones are never written.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) namespace: Option<String>,
    pub(super) name: String,
    pub(super) simple: usize,
    pub(super) fixed: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Particle {
    pub(super) minimum: u32,
    pub(super) maximum: Option<u32>,
    pub(super) term: Term,
}

#[derive(Clone, Debug)]
pub(super) enum Term {
    Element(usize),
    Sequence(Vec<Particle>),
    /// `xs:all`: in any order.
    All(Vec<Particle>),
    Choice(Vec<Particle>),
    /// `xs:any`, with the namespace of an element that may stand there.
    Any(Option<String>),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    pub(super) namespace: Option<String>,
    pub(super) name: String,
    pub(super) type_index: usize,
    pub(super) fixed: Option<String>,
    /// An abstract element is written as this one.
    pub(super) substitute: Option<usize>,
    /// As for a complex type.
    pub(super) is_exact: bool,
}

impl Shapes {
    /// Computes the heights: the least solution, from below.
    fn measure(&mut self) {
        self.heights = vec![ENDLESS; self.types.len()];
        loop {
            let mut changed = false;
            for index in 0..self.types.len() {
                let height = self.height_of_type(index);
                changed |= height < self.heights[index];
                self.heights[index] = self.heights[index].min(height);
            }
            if !changed {
                return;
            }
        }
    }

    fn height_of_type(&self, index: usize) -> u32 {
        let Type::Complex(complex) = &self.types[index] else { return 0 };
        let inherited = complex.extends.map_or(0, |base| self.heights[base]);
        let own = match &complex.content {
            Content::Empty | Content::Text(_) | Content::Anything => 0,
            Content::Elements(particle) => self.height(particle),
        };
        inherited.max(own)
    }

    /// Levels of elements that a particle needs at least.
    pub(super) fn height(&self, particle: &Particle) -> u32 {
        if particle.minimum == 0 { 0 } else { self.height_once(&particle.term) }
    }

    /// The same for what the particle repeats.
    pub(super) fn height_once(&self, term: &Term) -> u32 {
        match term {
            Term::Element(element) => {
                let element = &self.elements[*element];
                let written = element.substitute.map_or(element, |index| &self.elements[index]);
                self.heights[written.type_index].saturating_add(1)
            }
            Term::Sequence(parts) | Term::All(parts) => {
                parts.iter().map(|part| self.height(part)).max().unwrap_or(0)
            }
            Term::Choice(parts) => parts.iter().map(|part| self.height(part)).min().unwrap_or(0),
            Term::Any(_) => 1,
        }
    }
}
