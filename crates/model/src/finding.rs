//! What verification found: the element, the rule that it breaks, and what to do about it.

use std::fmt;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The specification is refused.
    Error,
    /// The specification is accepted, and its author is told.
    Warning,
}

/// One statement of the verifier about one element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub severity: Severity,
    /// The element as the reference names it: `AtomicTask:A`, `Condition:c`, `YNet:N`, ...
    pub element: String,
    /// A stable code in kebab case, such as `flow-xor-default`. Documented in `docs/verification.md`.
    pub rule: &'static str,
    /// What is wrong, with the values that show it.
    pub message: String,
    /// What the author can do.
    pub remedy: String,
    /// Line and column, both from 1, in the document or, for a query, in the query's text.
    pub position: Option<Position>,
}

/// A place in a text, counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Finding {
    /// An error: the specification is refused.
    pub fn error(
        element: impl Into<String>,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Error, element, rule, message)
    }

    /// A warning: the specification runs.
    pub fn warning(
        element: impl Into<String>,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Warning, element, rule, message)
    }

    fn new(
        severity: Severity,
        element: impl Into<String>,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Self {
        let (element, message) = (element.into(), message.into());
        Self { severity, element, rule, message, remedy: String::new(), position: None }
    }

    /// Adds what the author can do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}] {}", self.rule, self.element)?;
        if let Some(position) = self.position {
            write!(f, " at {position}")?;
        }
        write!(f, ": {}", self.message)?;
        if !self.remedy.is_empty() {
            write!(f, " ({})", self.remedy)?;
        }
        Ok(())
    }
}

/// Whether any finding refuses the specification.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
