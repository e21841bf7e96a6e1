//! The compiled schema: one per thread and specification, made from text on first use.
//!
//! The library's schema may be sent to another thread but not shared, and its validator borrows from it; the two
//! live together in a cell, in a thread-local list. The list holds no specification alive.

use std::{
    cell::RefCell,
    rc::Rc,
    sync::{Arc, OnceLock, Weak},
};

use xsd_schema::{
    SchemaError, SchemaSet, TypeKey,
    namespace::context::NamespaceContextSnapshot,
    parse_schema_only, process_loaded_schemas,
    validation::{
        DoctypeView, DriveWithError, SchemaValidator, ValidationError, ValidationEventHandler,
        ValidationFlags, ValidationRoot, ValidationSink, ValidationWarning, drive_quick_xml_with,
    },
    xml::ParseLimits,
};

use crate::{finding::Position, xml};

use super::{
    SequenceId, TypeError, Violation, accept::Acceptor, expected, sample::Sampler, shape::Shapes,
    violation,
};

/// Namespace of the complex types that stand for sequences.
pub(super) const NAMESPACE: &str = "urn:flotilla:sequences";
/// Compiled specifications that one thread keeps, the least recently used leaving first. One takes 0.1 to 0.5 MiB
/// (measured: a single type, and the 60 types of the order fulfilment).
const COMPILED_PER_THREAD_MAX: usize = 64;
/// Bytes of names out of values that a copy may gather before it is made anew.
const NAMES_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Violations reported of one value; a further one says that there are more.
pub(super) const VIOLATIONS_MAX: usize = 1_000;

/// One schema document.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) name: &'static str,
    pub(super) text: String,
}

impl Document {
    /// The specification's own, whose line numbers mean something to its author.
    pub(super) const SCHEMA: &'static str = "schema";
    pub(super) const INTERNAL: &'static str = "internal-types";
    pub(super) const SEQUENCES: &'static str = "sequences";
}

/// What every thread compiles its copy from.
#[derive(Debug)]
pub(super) struct Source {
    documents: Vec<Document>,
    /// Made when a value is first checked or made.
    shapes: OnceLock<Arc<Shapes>>,
    acceptor: OnceLock<Acceptor>,
    sampler: OnceLock<Sampler>,
}

impl Source {
    /// `documents` have compiled before.
    pub(super) fn new(documents: Vec<Document>) -> Self {
        Self {
            documents,
            shapes: OnceLock::new(),
            acceptor: OnceLock::new(),
            sampler: OnceLock::new(),
        }
    }

    fn shapes(&self) -> Arc<Shapes> {
        let shapes = self.shapes.get_or_init(|| {
            let texts: Vec<&str> =
                self.documents.iter().map(|document| document.text.as_str()).collect();
            Arc::new(Shapes::read(&texts))
        });
        Arc::clone(shapes)
    }

    pub(super) fn sampler(&self) -> &Sampler {
        self.sampler.get_or_init(|| Sampler::new(self.shapes()))
    }

    pub(super) fn acceptor(&self) -> &Acceptor {
        self.acceptor.get_or_init(|| Acceptor::new(self.shapes()))
    }
}

self_cell::self_cell!(
    struct Cell {
        owner: SchemaSet,
        #[not_covariant]
        dependent: Validator,
    }
);

type Validator<'a> = SchemaValidator<'a>;

/// A schema with its validator.
pub(super) struct Compiled {
    cell: Cell,
    /// Types of the sequences, by sequence id.
    sequences: Vec<TypeKey>,
    /// Bytes that names took once compiled.
    names_bytes: usize,
}

/// Compiles `documents` into a copy for this thread.
pub(super) fn compile(documents: &[Document]) -> Result<Compiled, TypeError> {
    let mut set = SchemaSet::new();
    for document in documents {
        parse_schema_only(document.text.as_bytes(), document.name, &mut set)
            .map_err(|error| invalid(&error))?;
    }
    process_loaded_schemas(&mut set).map_err(|error| invalid(&error))?;
    let namespace = set.name_table.add(NAMESPACE);
    let sequences = (0..).map_while(|index| {
        let name = set.name_table.add(&format!("s{index}"));
        set.lookup_type(Some(namespace), name)
    });
    let sequences: Vec<TypeKey> = sequences.collect();
    // Typed values are of no use here: only the verdict counts.
    let cell = Cell::new(set, |set| SchemaValidator::new(set, ValidationFlags::empty()));
    let failure = cell.with_dependent(|_, validator| {
        validator.content_model_failures().first().map(|(_, reason)| (*reason).to_owned())
    });
    match failure {
        Some(message) => Err(TypeError::Invalid { message, position: None }),
        None => {
            let names_bytes = cell.borrow_owner().name_table.heap_bytes();
            Ok(Compiled { cell, sequences, names_bytes })
        }
    }
}

fn invalid(error: &SchemaError) -> TypeError {
    let location = error.location().filter(|location| location.base_uri == Document::SCHEMA);
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let position = location
        .map(|location| Position { line: number(location.line), column: number(location.column) });
    // The place is said apart, and once.
    let message = if let SchemaError::StructuralError { constraint, message, .. } = error {
        format!("{message} ({constraint})")
    } else {
        error.to_string()
    };
    TypeError::Invalid { message, position }
}

thread_local! {
    /// Most recently used last.
    static COMPILED: RefCell<Vec<(Weak<Source>, Rc<Compiled>)>> = const { RefCell::new(Vec::new()) };
}

/// Keeps this thread's copy.
pub(super) fn keep(source: &Arc<Source>, compiled: Compiled) -> Rc<Compiled> {
    let compiled = Rc::new(compiled);
    COMPILED.with_borrow_mut(|kept| {
        kept.retain(|(source, _)| source.strong_count() > 0);
        if kept.len() >= COMPILED_PER_THREAD_MAX {
            kept.remove(0);
        }
        kept.push((Arc::downgrade(source), Rc::clone(&compiled)));
    });
    compiled
}

/// Runs `use_it` with this thread's copy, making one if there is none.
pub(super) fn with<R>(source: &Arc<Source>, use_it: impl FnOnce(&Compiled) -> R) -> R {
    let found = COMPILED.with_borrow_mut(|kept| {
        let at = kept.iter().rposition(|(known, _)| known.as_ptr() == Arc::as_ptr(source))?;
        let last = kept.len() - 1;
        if at != last {
            kept[at..].rotate_left(1);
        }
        Some(Rc::clone(&kept[last].1))
    });
    let compiled = found.unwrap_or_else(|| {
        let compiled = compile(&source.documents).expect("the same documents compiled at build");
        keep(source, compiled)
    });
    let answer = use_it(&compiled);
    if compiled.is_worn() {
        COMPILED.with_borrow_mut(|kept| kept.retain(|(_, known)| !Rc::ptr_eq(known, &compiled)));
    }
    answer
}

impl Compiled {
    /// The library remembers every name that it ever met. Values with ever new names must not fill the memory.
    fn is_worn(&self) -> bool {
        self.names_grown() > NAMES_BYTES_MAX
    }

    /// Bytes of names that came with values.
    pub(super) fn names_grown(&self) -> usize {
        self.cell.borrow_owner().name_table.heap_bytes().saturating_sub(self.names_bytes)
    }

    /// Checks `text` against a sequence.
    ///
    /// # Panics
    /// If the id is of another specification and out of this one's range.
    pub(super) fn validate(&self, sequence: SequenceId, text: &str) -> Result<(), Vec<Violation>> {
        let text = text.trim_start_matches('\u{feff}');
        if text.len() > xml::BYTES_MAX {
            let error = xml::Error::TooLarge { bytes: text.len() };
            return Err(vec![Violation::unreadable(&error.to_string())]);
        }
        let root = self.sequences[sequence.index()];
        let mut errors = Errors::default();
        self.cell.with_dependent(|set, validator| {
            let mut run = validator.start_run(&mut errors);
            run.set_validation_root(ValidationRoot::Type(root));
            let limits = ParseLimits::none().with_max_depth(xml::DEPTH_MAX);
            run.set_parse_limits(limits.with_max_nodes(xml::NODES_MAX as usize));
            let driven = drive_quick_xml_with(text.as_bytes(), &mut run, set, &mut NoDoctype);
            driven.map_err(|error| unreadable(&error))?;
            run.end_validation().map_err(|error| vec![Violation::unreadable(&error.message)])
        })?;
        if errors.kept.is_empty() {
            Ok(())
        } else {
            Err(self.cell.with_dependent(|set, validator| {
                violation::report(text, &errors, |node| {
                    expected::at_breaches((set, validator), ValidationRoot::Type(root), node)
                })
            }))
        }
    }

    /// Whether a text without markup is valid for the sequence of this number.
    pub(super) fn accepts(&self, number: usize, text: &str) -> bool {
        let Some(root) = self.sequences.get(number).copied() else { return false };
        let mut errors = Errors::default();
        let ran = self.cell.with_dependent(|_, validator| {
            let mut run = validator.start_run(&mut errors);
            run.set_validation_root(ValidationRoot::Type(root));
            run.validate_element_novalue("v", "", None, None, &NamespaceContextSnapshot::default());
            run.validate_end_of_attributes_novalue();
            run.validate_text(text);
            run.validate_end_element_novalue();
            run.end_validation().is_ok()
        });
        ran && errors.kept.is_empty()
    }
}

fn unreadable(error: &DriveWithError<Doctype>) -> Vec<Violation> {
    let is_doctype = matches!(error, DriveWithError::Hook(Doctype));
    let reason = if is_doctype { xml::Error::Dtd.to_string() } else { error.to_string() };
    vec![Violation::unreadable(&reason)]
}

/// Takes the errors of one run.
#[derive(Default)]
pub(super) struct Errors {
    pub(super) kept: Vec<ValidationError>,
    pub(super) dropped: usize,
}

impl ValidationSink for &mut Errors {
    fn on_error(&mut self, error: ValidationError) {
        if self.kept.len() < VIOLATIONS_MAX {
            self.kept.push(error);
        } else {
            self.dropped += 1;
        }
    }

    fn on_warning(&mut self, _warning: ValidationWarning) {}
}

/// Refuses a document type declaration.
struct NoDoctype;
struct Doctype;

impl ValidationEventHandler for NoDoctype {
    type Error = Doctype;

    fn on_doctype(&mut self, _doctype: DoctypeView<'_>) -> Result<(), Doctype> {
        Err(Doctype)
    }
}
