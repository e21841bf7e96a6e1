//! The common form without the evaluator: constructors round absolute child paths, bare paths, `path = 'literal'`.

use crate::ast::Module;

/// What to do, in terms of the document alone.
#[derive(Debug)]
pub(crate) struct Plan;

impl Plan {
    pub(crate) fn of(_module: &Module) -> Option<Self> {
        None
    }

    pub(crate) fn evaluate(&self, _document: &roxmltree::Document<'_>) -> Option<String> {
        None
    }

    pub(crate) fn evaluate_boolean(&self, _document: &roxmltree::Document<'_>) -> Option<bool> {
        None
    }
}
