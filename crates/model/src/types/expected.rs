//! What a content model would have taken where a value departs from it.
//!
//! The library's drivers report *that* an element is unexpected or missing. Only for a value already found invalid,
//! this walks it once more and asks, at each such place, what was expected.

use std::fmt;

use roxmltree::Node;
use xsd_schema::{
    SchemaSet,
    namespace::context::NamespaceContextSnapshot,
    validation::{
        ExpectedElement, SchemaValidator, ValidationError, ValidationRoot, ValidationRuntime,
        ValidationSink, ValidationWarning,
    },
};

/// Code of the rule that content breaks by an unexpected or a missing element.
pub(super) const CONTENT_RULE: &str = "cvc-complex-type.2.4";

/// Names of expected elements that are kept.
const NAMES_MAX: usize = 8;

/// The elements that might have come at one place.
#[derive(Debug)]
pub(super) struct Expected {
    names: Vec<String>,
    more: usize,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.names.as_slice(), self.more) {
            ([], _) => write!(f, "nothing more is expected"),
            ([name], 0) => write!(f, "{name} is expected"),
            (names, 0) => write!(f, "one of {} is expected", names.join(", ")),
            (names, more) => write!(f, "one of {} and {more} more is expected", names.join(", ")),
        }
    }
}

/// What was expected at each breach of [`CONTENT_RULE`], in document order.
pub(super) fn at_breaches(
    (set, validator): (&SchemaSet, &SchemaValidator<'_>),
    root_type: ValidationRoot,
    root: Node<'_, '_>,
) -> Vec<Expected> {
    let mut run = validator.start_run(Breaches::default());
    run.set_validation_root(root_type);
    let mut walk =
        Walk { set, run, expected: Vec::new(), scope: NamespaceContextSnapshot::default() };
    walk.element(root);
    walk.expected
}

/// Counts breaches.
#[derive(Default)]
struct Breaches(usize);

impl ValidationSink for Breaches {
    fn on_error(&mut self, error: ValidationError) {
        self.0 += usize::from(error.constraint == CONTENT_RULE);
    }

    fn on_warning(&mut self, _warning: ValidationWarning) {}
}

struct Walk<'a> {
    set: &'a SchemaSet,
    run: ValidationRuntime<'a, Breaches>,
    expected: Vec<Expected>,
    scope: NamespaceContextSnapshot,
}

impl Walk<'_> {
    /// Recurses at most as deep as the value's reader allowed.
    fn element(&mut self, node: Node<'_, '_>) {
        let name = node.tag_name();
        self.noting(|walk| {
            let namespace = name.namespace().unwrap_or_default();
            walk.run.validate_element_novalue(name.name(), namespace, None, None, &walk.scope);
        });
        self.run.validate_end_of_attributes_novalue();
        for child in node.children() {
            match child.text() {
                _ if child.is_element() => self.element(child),
                Some(text) if child.is_text() && text.trim().is_empty() => {
                    self.run.validate_whitespace(text)
                }
                Some(text) if child.is_text() => self.run.validate_text(text),
                Some(_) | None => {}
            }
        }
        self.noting(|walk| {
            walk.run.validate_end_element_novalue();
        });
    }

    /// Remembers what was expected before an event that turns out to be a breach.
    fn noting(&mut self, event: impl FnOnce(&mut Self)) {
        let names = self.run.get_expected_elements();
        let before = self.run.sink.0;
        event(self);
        for _ in before..self.run.sink.0 {
            let resolve =
                |element: &ExpectedElement| self.set.name_table.resolve(element.local_name);
            let kept = names.iter().take(NAMES_MAX).map(resolve);
            let more = names.len().saturating_sub(NAMES_MAX);
            self.expected.push(Expected { names: kept.collect(), more });
        }
    }
}
