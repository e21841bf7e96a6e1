//! What is wrong with a value: the place in it, the rule of XML Schema, the offending text.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use roxmltree::{Document, Node};
use xsd_schema::validation::ValidationError;

use crate::xml;

use super::{
    compiled::Errors,
    expected::{CONTENT_RULE, Expected},
};

/// Characters of an offending text that a violation repeats.
const VALUE_CHARS_MAX: usize = 200;
/// Bytes of a value in which the expected elements are still looked up.
const EXPLAINED_BYTES_MAX: usize = 1024 * 1024;

/// One rule that a value breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where: `/Root/order/line[2]/qty`. Empty if the value is not XML.
    pub path: String,
    /// The rule of XML Schema, such as `cvc-datatype-valid`, or `xml` if the value is not XML.
    pub rule: String,
    /// The element's or attribute's text, cut to 200 characters; empty for an element with children.
    pub value: String,
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, rule, message, .. } = self;
        if path.is_empty() {
            write!(f, "{rule}: {message}")
        } else {
            write!(f, "{path}: {rule}: {message}")
        }
    }
}

impl Violation {
    /// The value is not XML that is accepted here.
    pub(super) fn unreadable(reason: &str) -> Self {
        let (path, value) = (String::new(), String::new());
        Self { path, rule: "xml".to_owned(), value, message: reason.to_owned() }
    }
}

/// Puts the library's errors about `text` into our words. `expected` tells what was expected at each breach of a
/// content model.
pub(super) fn report(
    text: &str,
    errors: &Errors,
    expected: impl FnOnce(Node<'_, '_>) -> Vec<Expected>,
) -> Vec<Violation> {
    let document = xml::parse_document(text).ok();
    let breaches = errors.kept.iter().filter(|error| error.constraint == CONTENT_RULE).count();
    let small = document.as_ref().filter(|_| breaches > 0 && text.len() <= EXPLAINED_BYTES_MAX);
    let expected = small.map(|document| expected(document.root_element())).unwrap_or_default();
    let is_same = expected.len() == breaches || (errors.dropped > 0 && expected.len() > breaches);
    let mut report = Report {
        places: Places { document: document.as_ref(), children: BTreeMap::new() },
        // The two walks may differ where an attribute chooses the type: then the library's own words must do.
        expected: is_same.then(|| expected.into_iter()),
        departed: BTreeSet::new(),
        violations: Vec::with_capacity(errors.kept.len()),
    };
    let mut rest = errors.kept.iter().peekable();
    while let Some(error) = rest.next() {
        if error.constraint == CONTENT_RULE {
            // The library reports the unexpected element itself, too, as one that nobody declares.
            report.breach(error, rest.next_if(|next| next.constraint == "cvc-elt.1"));
        } else {
            let place = report.places.of(error);
            report.add(place, error.constraint, error.message.clone());
        }
    }
    if errors.dropped > 0 {
        let message = format!("{} further violations are not listed", errors.dropped);
        report.add(<(String, String)>::default(), "more", message);
    }
    report.violations
}

struct Report<'d> {
    places: Places<'d>,
    expected: Option<std::vec::IntoIter<Expected>>,
    /// Elements with a child that is not allowed: that they are incomplete, too, follows.
    departed: BTreeSet<String>,
    violations: Vec<Violation>,
}

impl Report<'_> {
    fn add(&mut self, (path, value): (String, String), rule: &str, message: String) {
        self.violations.push(Violation { path, rule: rule.to_owned(), value, message });
    }

    /// An element that is incomplete, or the child that is not allowed in it.
    fn breach(&mut self, error: &ValidationError, child: Option<&ValidationError>) {
        let place = self.places.of(error);
        let expected = self.expected.as_mut().and_then(Iterator::next);
        let message = |what| match &expected {
            Some(expected) => format!("the element {what}: {expected}"),
            None => error.message.clone(),
        };
        match child {
            Some(child) => {
                let place = self.places.of(child);
                let parent = place.0.rsplit_once('/').map(|(parent, _)| parent.to_owned());
                self.departed.extend(parent);
                self.add(place, error.constraint, message("is not allowed here"));
            }
            None if self.departed.contains(&place.0) => {}
            None => self.add(place, error.constraint, message("is incomplete")),
        }
    }
}

/// Finds the nodes that errors are about.
struct Places<'d> {
    document: Option<&'d Document<'d>>,
    /// Children by parent and name: a value may have a million siblings and a thousand violations.
    children: BTreeMap<(usize, String), Vec<Node<'d, 'd>>>,
}

impl<'d> Places<'d> {
    /// The path in our form, and the text there. A position is written where the name occurs more than once.
    fn of(&mut self, error: &ValidationError) -> (String, String) {
        let mut path = String::new();
        let mut here = self.document.map(Document::root);
        let Some(steps) = error.instance_path() else { return Default::default() };
        for step in steps.steps() {
            let name = step.name().local_name();
            let Some(position) = step.position() else {
                let value = here.and_then(|node| node.attribute(name)).unwrap_or_default();
                return (format!("{path}/@{name}"), cut(value.to_owned()));
            };
            let siblings = here.map_or(&[][..], |parent| self.named(parent, name));
            if siblings.len() <= 1 && position == 1 {
                path.push_str(&format!("/{name}"));
            } else {
                path.push_str(&format!("/{name}[{position}]"));
            }
            here = siblings.get(position - 1).copied();
        }
        let mut value = String::new();
        if let Some(node) = here.filter(|node| !node.children().any(|child| child.is_element())) {
            node.children().for_each(|child| value.push_str(child.text().unwrap_or_default()));
        }
        (path, cut(value))
    }

    fn named(&mut self, parent: Node<'d, 'd>, name: &str) -> &[Node<'d, 'd>] {
        self.children.entry((parent.id().get_usize(), name.to_owned())).or_insert_with(|| {
            let is_named =
                |node: &Node<'_, '_>| node.is_element() && node.tag_name().name() == name;
            parent.children().filter(is_named).collect()
        })
    }
}

fn cut(value: String) -> String {
    match value.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    }
}
