//! The three ways in which a query or its document can be refused. Each names the place.

use std::fmt;

use xsd_schema::xpath::XPathError;

/// A text that is not well-formed XML, or that carries a document type declaration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed XML document")]
pub struct ParseError(#[from] pub(crate) roxmltree::Error);

/// A query that cannot be compiled: invalid, unsupported or beyond a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// Line in the query's text, from 1.
    pub line: u32,
    /// Column in the line, in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to write instead, when that is known.
    pub remedy: Option<String>,
}

impl CompileError {
    pub(crate) fn at(text: &str, offset: usize, message: impl Into<String>) -> Self {
        let (line, column) = line_and_column(text, offset);
        Self { line, column, message: message.into(), remedy: None }
    }

    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)?;
        match &self.remedy {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CompileError {}

/// A query that compiled but has no result over this document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluateError {
    /// The error code of the XQuery specification, such as `FORG0001`, or [`EvaluateError::LIMIT`].
    pub code: String,
    /// What went wrong.
    pub message: String,
    /// Line and column in the query's text, from 1, when the place is known.
    pub place: Option<(u32, u32)>,
    pub(crate) offset: Option<u32>,
}

impl EvaluateError {
    /// The code of an evaluation that met one of the [limits](crate::limits).
    pub const LIMIT: &'static str = "FLOT0001";

    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), place: None, offset: None }
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self::new(Self::LIMIT, message)
    }

    /// Notes where the error arose, unless a place further inside is already known.
    pub(crate) fn or_at(mut self, offset: u32) -> Self {
        self.offset.get_or_insert(offset);
        self
    }

    /// Turns the offset into line and column of `text`.
    pub(crate) fn placed_in(mut self, text: &str) -> Self {
        self.place = self.offset.map(|offset| line_and_column(text, offset as usize));
        self
    }
}

impl fmt::Display for EvaluateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => {
                write!(f, "line {line}, column {column}: {} ({})", self.message, self.code)
            }
            None => write!(f, "{} ({})", self.message, self.code),
        }
    }
}

impl std::error::Error for EvaluateError {}

impl From<XPathError> for EvaluateError {
    fn from(error: XPathError) -> Self {
        let (code, text) = match error.raised_error() {
            Some(raised) => (
                error.error_code().unwrap_or(raised.local_name).to_owned(),
                raised.description.unwrap_or("error raised by the query").to_owned(),
            ),
            None => (error.error_code().unwrap_or("FOER0000").to_owned(), error.to_string()),
        };
        // The library puts its code in brackets before the text; ours stands after it.
        let message = text.strip_prefix(&format!("[{code}] ")).unwrap_or(&text);
        Self::new(&code, message)
    }
}

fn line_and_column(text: &str, offset: usize) -> (u32, u32) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}
