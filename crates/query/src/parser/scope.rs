//! What names mean at a place of the query: variables, functions, namespaces.

use crate::ast::{SequenceType, UserFunction};

/// Names known while parsing.
#[derive(Debug)]
pub(super) struct Scope {
    /// Local variables; the index is the slot.
    variables: Vec<String>,
    /// Slots that the function or body being parsed needs.
    slots: usize,
    pub(super) globals: Vec<String>,
    /// Prefixes, innermost last. The empty prefix is the default for elements.
    pub(super) namespaces: Vec<(String, String)>,
    pub(super) functions: Vec<FunctionEntry>,
    pub(super) preserve_space: bool,
}

/// A declared function, or one that was called and must still be declared.
#[derive(Debug)]
pub(super) struct FunctionEntry {
    pub(super) name: String,
    pub(super) arity: usize,
    pub(super) first_call: usize,
    pub(super) declared: Option<UserFunction>,
}

/// A function's own frame while its body is parsed; the outer one waits here.
pub(super) struct OuterFrame(Vec<String>, usize);

pub(super) const XS: &str = "http://www.w3.org/2001/XMLSchema";
pub(super) const FN: &str = "http://www.w3.org/2005/xpath-functions";
pub(super) const MATH: &str = "http://www.w3.org/2005/xpath-functions/math";
pub(super) const LOCAL: &str = "http://www.w3.org/2005/xquery-local-functions";

impl Default for Scope {
    fn default() -> Self {
        let predeclared = [
            ("xml", "http://www.w3.org/XML/1998/namespace"),
            ("xs", XS),
            ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("fn", FN),
            ("math", MATH),
            ("map", "http://www.w3.org/2005/xpath-functions/map"),
            ("array", "http://www.w3.org/2005/xpath-functions/array"),
            ("local", LOCAL),
            ("err", "http://www.w3.org/2005/xqt-errors"),
        ];
        Self {
            variables: Vec::new(),
            slots: 0,
            globals: Vec::new(),
            namespaces: predeclared.map(|(p, u)| (p.to_owned(), u.to_owned())).to_vec(),
            functions: Vec::new(),
            preserve_space: false,
        }
    }
}

impl Scope {
    /// Brings a local variable into scope.
    pub(super) fn bind(&mut self, name: &str) -> u32 {
        self.variables.push(name.to_owned());
        self.slots = self.slots.max(self.variables.len());
        u32::try_from(self.variables.len() - 1).unwrap_or(u32::MAX)
    }

    /// How many variables are in scope, for [`Self::leave`].
    pub(super) fn mark(&self) -> usize {
        self.variables.len()
    }

    /// Ends the scope of the variables bound since `mark`.
    pub(super) fn leave(&mut self, mark: usize) {
        self.variables.truncate(mark);
    }

    pub(super) fn slot(&self, name: &str) -> Option<u32> {
        let index = self.variables.iter().rposition(|known| known == name)?;
        u32::try_from(index).ok()
    }

    pub(super) fn global(&self, name: &str) -> Option<u32> {
        let index = self.globals.iter().rposition(|known| known == name)?;
        u32::try_from(index).ok()
    }

    /// The name in scope that is most like `name`, for a remedy.
    pub(super) fn similar(&self, name: &str) -> Option<&str> {
        let known = self.variables.iter().chain(&self.globals);
        known.map(String::as_str).find(|known| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn slots(&self) -> usize {
        self.slots
    }

    pub(super) fn begin_function(&mut self) -> OuterFrame {
        OuterFrame(std::mem::take(&mut self.variables), std::mem::take(&mut self.slots))
    }

    /// Returns the slots that the function needs.
    pub(super) fn end_function(&mut self, outer: OuterFrame) -> usize {
        let slots = self.slots;
        self.variables = outer.0;
        self.slots = outer.1;
        slots
    }

    pub(super) fn namespace(&self, prefix: &str) -> Option<&str> {
        let found = self.namespaces.iter().rev().find(|(known, _)| known == prefix);
        found.map(|(_, uri)| uri.as_str())
    }

    /// The index of the declared function `name`, noted for a later declaration if there is none yet.
    pub(super) fn function(&mut self, name: &str, arity: usize, at: usize) -> u32 {
        let known = |entry: &FunctionEntry| entry.name == name && entry.arity == arity;
        let index = self.functions.iter().position(known).unwrap_or_else(|| {
            let name = name.to_owned();
            self.functions.push(FunctionEntry { name, arity, first_call: at, declared: None });
            self.functions.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }
}

/// A parameter of a function: its name and type.
pub(super) type Parameter = (String, Option<SequenceType>);
