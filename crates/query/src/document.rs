//! What queries run over: a document, as text as long as that is enough, as a tree once a query needs one.

use std::{cell::OnceCell, fmt, sync::Arc};

use plain::Child;

use crate::{
    error::{EvaluateError, ParseError},
    node::Node,
};

/// A document; the context item of a query is its document node.
pub struct Document<'t> {
    compact: Option<Compact<'t>>,
    tree: OnceCell<Tree>,
}

/// A document in the form that `plain::compact` gives, without a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compact<'t> {
    pub(crate) root: &'t str,
    pub(crate) content: Content<'t>,
}

/// What stands in the outermost element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content<'t> {
    Text(&'t str),
    Elements(&'t [Arc<str>]),
}

self_cell::self_cell!(
    /// A text with the tree that borrows from it.
    struct Tree {
        owner: String,
        #[covariant]
        dependent: Parsed,
    }
);

type Parsed<'t> = roxmltree::Document<'t>;

impl<'t> Document<'t> {
    /// Parses a well-formed document. White space is kept; a document type declaration is refused.
    pub fn parse(xml: &str) -> Result<Self, ParseError> {
        let tree = OnceCell::from(parse(xml.to_owned())?);
        Ok(Self { compact: None, tree })
    }

    /// `<root>elements</root>`, each element in the form that `plain::compact` gives. Simple queries read them as they
    /// are; only others need them parsed.
    pub fn of_elements(root: &'t str, elements: &'t [Arc<str>]) -> Self {
        let compact = Some(Compact { root, content: Content::Elements(elements) });
        Self { compact, tree: OnceCell::new() }
    }

    /// The same for one element that is the whole document.
    pub fn of_compact(xml: &'t str) -> Self {
        let compact = match Child::of_element(xml) {
            Child::Element { name, content, .. } => {
                Compact { root: name, content: Content::Text(content) }
            }
            Child::Text(_) => Compact { root: "", content: Content::Text(xml) },
        };
        Self { compact: Some(compact), tree: OnceCell::new() }
    }

    pub(crate) fn compact(&self) -> Option<Compact<'t>> {
        self.compact
    }

    /// The document node of the tree.
    pub(crate) fn root(&self) -> Result<Node<'_>, EvaluateError> {
        let tree = match self.tree.get() {
            Some(tree) => tree,
            None => {
                let text = self.compact.map(|compact| compact.to_string()).unwrap_or_default();
                let tree = parse(text).map_err(|error| {
                    EvaluateError::new("FODC0006", format!("the data cannot be parsed: {error}"))
                })?;
                self.tree.get_or_init(|| tree)
            }
        };
        Ok(Node::Source(tree.borrow_dependent().root()))
    }
}

fn parse(text: String) -> Result<Tree, ParseError> {
    Ok(Tree::try_new(text, |text| roxmltree::Document::parse(text))?)
}

impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.compact, self.tree.get()) {
            (Some(compact), _) => write!(f, "Document({compact})"),
            (None, Some(tree)) => write!(f, "Document({})", tree.borrow_owner()),
            (None, None) => f.write_str("Document"),
        }
    }
}

impl fmt::Display for Compact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.root)?;
        match self.content {
            Content::Text(text) => f.write_str(text)?,
            Content::Elements(elements) => {
                elements.iter().try_for_each(|element| f.write_str(element))?;
            }
        }
        write!(f, "</{}>", self.root)
    }
}
