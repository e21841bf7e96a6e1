//! What is wrong with a value: the place in it, the rule of XML Schema, the offending text.

use std::fmt;

use roxmltree::Node;
use xsd_schema::validation::{InstancePath, ValidationError};

use crate::xml;

use super::{compiled::Errors, expected::CONTENT_RULE};

/// Characters of an offending text that a violation repeats.
const VALUE_CHARS_MAX: usize = 200;
/// Names of expected elements that a message lists.
const NAMES_MAX: usize = 8;

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

/// Puts the library's errors about `text` into our words. `expected` gives the names that were expected at each
/// breach of a content model.
pub(super) fn report(
    text: &str,
    errors: &Errors,
    expected: impl FnOnce(Node<'_, '_>) -> Vec<Vec<String>>,
) -> Vec<Violation> {
    let document = xml::parse_document(text).ok();
    let root = document.as_ref().map(roxmltree::Document::root);
    let breaches = errors.kept.iter().filter(|error| error.constraint == CONTENT_RULE).count();
    let expected = match document.as_ref().filter(|_| breaches > 0) {
        Some(document) => expected(document.root_element()),
        None => Vec::new(),
    };
    // The two walks may differ where an attribute chooses the type: then the library's own words must do.
    let mut expected = (expected.len() == breaches).then(|| expected.into_iter());
    let mut violations = Vec::with_capacity(errors.kept.len());
    let mut rest = errors.kept.iter().peekable();
    while let Some(error) = rest.next() {
        let (mut path, mut value) =
            error.instance_path().map(|path| place(root, path)).unwrap_or_default();
        let mut message = error.message.clone();
        if error.constraint == CONTENT_RULE {
            // The library reports the unexpected element itself, too, as one that nobody declares.
            let child = rest
                .next_if(|next| next.constraint == "cvc-elt.1")
                .and_then(ValidationError::instance_path);
            let names = expected.as_mut().and_then(Iterator::next);
            if let Some(names) = names {
                let what = if child.is_some() { "is not allowed here" } else { "is incomplete" };
                (path, value) = child.map(|child| place(root, child)).unwrap_or((path, value));
                message = format!("the element {what}: {}", wanted(&names));
            }
        }
        violations.push(Violation { path, rule: error.constraint.to_owned(), value, message });
    }
    if errors.dropped > 0 {
        let message = format!("{} further violations are not listed", errors.dropped);
        let (path, value) = (String::new(), String::new());
        violations.push(Violation { path, rule: "more".to_owned(), value, message });
    }
    violations
}

/// `expected is a`, or up to eight of several.
fn wanted(names: &[String]) -> String {
    match names {
        [] => "nothing more is expected".to_owned(),
        [name] => format!("expected is {name}"),
        names if names.len() <= NAMES_MAX => format!("expected is one of {}", names.join(", ")),
        names => {
            let (first, rest) = names.split_at(NAMES_MAX);
            format!("expected is one of {} and {} more", first.join(", "), rest.len())
        }
    }
}

/// The path in our form, and the text there. A position is written where the name occurs more than once.
fn place(root: Option<Node<'_, '_>>, steps: &InstancePath) -> (String, String) {
    let mut path = String::new();
    let mut value = String::new();
    let mut here = root;
    for step in steps.steps() {
        let name = step.name().local_name();
        let Some(position) = step.position() else {
            let value = here.and_then(|node| node.attribute(name)).unwrap_or_default();
            return (format!("{path}/@{name}"), cut(value.to_owned()));
        };
        let named = |node: &Node<'_, '_>| node.is_element() && node.tag_name().name() == name;
        let alone = here.is_none_or(|node| node.children().filter(named).nth(1).is_none());
        if alone && position == 1 {
            path.push_str(&format!("/{name}"));
        } else {
            path.push_str(&format!("/{name}[{position}]"));
        }
        here = here.and_then(|node| node.children().filter(named).nth(position - 1));
    }
    if let Some(node) = here.filter(|node| !node.children().any(|child| child.is_element())) {
        for child in node.children() {
            value.push_str(child.text().unwrap_or_default());
        }
    }
    (path, cut(value))
}

fn cut(value: String) -> String {
    match value.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    }
}
