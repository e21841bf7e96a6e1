//! CORE. XQuery mappings and predicates over XML documents.
//!
//! ```text
//! text ── parser ──> ast ──┬─ fast: one constructor round plain paths ──> copies out of compact text
//!                          └─ eval: everything else, over roxmltree ──> sink ──> text
//!                                    │ functions, casts, arithmetic
//!                                    └──> xsd_schema::xpath (by value, over our nodes)
//! ```
//!
//! A [`Query`] is a complete XQuery main module whose context item is the document node of a [`Document`]. Supported:
//! direct and computed constructors, FLWOR (also `group by`, `count`), conditionals, `switch`, `typeswitch`, quantified
//! expressions, paths, `!`, `||`, `=>`, casts, declared functions and variables, and the functions of XPath 3.1 on
//! atomic values and nodes. Not supported, and refused by [`Query::compile`] with the place and a remedy: maps, arrays,
//! functions as values, `try`, windows, modules, collations, and whatever reads anything but the document and [`Now`].
//!
//! Invariants:
//! - No clock, no I/O, no randomness: the same query, document and [`Now`] give the same result.
//! - [`Query`] holds only the compiled form, so it is `Send + Sync` and cheap to clone; tables of the XPath library,
//!   which are neither, are made for one evaluation when it first needs them.
//! - Compiling and evaluating end within the [`limits`], whatever the text says; nothing panics on bad input.
//!
//! Absent: anything about YAWL. What a result means, and whether it is valid, the caller decides.

pub mod limits;

mod ast;
mod document;
mod error;
mod eval;
mod fast;
mod functions;
mod name;
mod node;
mod now;
mod parser;
mod sink;
mod tree;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use crate::{
    document::Document,
    error::{CompileError, EvaluateError, ParseError},
    now::Now,
};

/// One compiled query. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Query(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    text: Box<str>,
    module: ast::Module,
    fast: Option<fast::Plan>,
}

impl Query {
    /// Compiles a complete main module.
    pub fn compile(text: &str) -> Result<Self, CompileError> {
        let module = parser::parse(text)?;
        let fast = fast::Plan::of(&module);
        Ok(Self(Arc::new(Compiled { text: text.into(), module, fast })))
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The result, serialised: nodes as XML without a declaration, one space between adjacent atomic values.
    pub fn evaluate(&self, document: &Document<'_>, now: Now) -> Result<String, EvaluateError> {
        let compiled = &*self.0;
        if let Some(plan) = &compiled.fast
            && let Some(result) = document.compact().and_then(|compact| plan.evaluate(compact))
        {
            return Ok(result);
        }
        eval::serialised(&compiled.module, document.root()?, now)
            .map_err(|error| error.placed_in(&compiled.text))
    }

    /// The effective boolean value, as `boolean(<query>)` gives it.
    pub fn evaluate_boolean(
        &self,
        document: &Document<'_>,
        now: Now,
    ) -> Result<bool, EvaluateError> {
        let compiled = &*self.0;
        if let Some(plan) = &compiled.fast
            && let Some(result) =
                document.compact().and_then(|compact| plan.evaluate_boolean(compact))
        {
            return Ok(result);
        }
        eval::truth(&compiled.module, document.root()?, now)
            .map_err(|error| error.placed_in(&compiled.text))
    }
}
