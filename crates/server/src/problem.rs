//! Every error answer: a code of the table, a detail that names place and remedy, as a response.
//!
//! The table is [`Code`]; `docs/api.md` shows it and a test keeps the two equal.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use wire::{Problem, problem::CONTENT_TYPE};

mod rejected;

#[cfg(test)]
mod tests;

/// What clients decide on. Stable: codes are added, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    MalformedBody,
    MalformedQuery,
    MalformedPath,
    MalformedHeader,
    NotACaseId,
    NotACommandId,
    BadCredentials,
    ForeignOrigin,
    ForeignHost,
    NoSuchRoute,
    NoSuchSpecification,
    NoSuchCase,
    NoSuchItem,
    NoSuchMetric,
    MethodNotAllowed,
    RequestTimeout,
    SpecificationConflict,
    SpecificationInUse,
    CaseExists,
    CaseNotRunning,
    WrongStatus,
    NotEnabled,
    IsParent,
    NoNewInstance,
    CommandIdClash,
    BodyTooLarge,
    TooLarge,
    UnsupportedMediaType,
    SpecificationInvalid,
    SpecificationUnsound,
    NotXml,
    WrongRoot,
    DataInvalid,
    ParameterMissing,
    QueryFailed,
    InstanceCount,
    NoDefault,
    NoFlow,
    Stuck,
    Endless,
    TooManyStreams,
    Internal,
    Overloaded,
    Stopping,
    Fault,
    DecisionTimeout,
}

impl Code {
    /// Status, code and title, in one place.
    fn row(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::MalformedBody => (400, "malformed-body", "The body cannot be read"),
            Self::MalformedQuery => (400, "malformed-query", "The query string cannot be read"),
            Self::MalformedPath => (400, "malformed-path", "A part of the path cannot be read"),
            Self::MalformedHeader => (400, "malformed-header", "A header cannot be read"),
            Self::NotACaseId => (400, "not-a-case-id", "The text is no case id"),
            Self::NotACommandId => (400, "not-a-command-id", "The text is no command id"),
            Self::BadCredentials => (401, "bad-credentials", "Wrong user name or password"),
            Self::ForeignOrigin => {
                (403, "foreign-origin", "The request comes from another site's page")
            }
            Self::ForeignHost => (403, "foreign-host", "The server is not known by this name"),
            Self::NoSuchRoute => (404, "no-such-route", "Nothing is served at this path"),
            Self::NoSuchSpecification => (404, "no-such-specification", "No such specification"),
            Self::NoSuchCase => (404, "no-such-case", "No such case"),
            Self::NoSuchItem => (404, "no-such-item", "No such work item"),
            Self::NoSuchMetric => (404, "no-such-metric", "No such metric"),
            Self::MethodNotAllowed => {
                (405, "method-not-allowed", "The path does not take this method")
            }
            Self::RequestTimeout => (408, "request-timeout", "The body did not arrive in time"),
            Self::SpecificationConflict => {
                (409, "specification-conflict", "Another document has this id and version")
            }
            Self::SpecificationInUse => {
                (409, "specification-in-use", "Cases of the specification are open")
            }
            Self::CaseExists => (409, "case-exists", "A case of this name exists"),
            Self::CaseNotRunning => (409, "case-not-running", "The case does not run"),
            Self::WrongStatus => {
                (409, "wrong-status", "The work item's status does not permit this")
            }
            Self::NotEnabled => (409, "not-enabled", "The task is not, or no longer, enabled"),
            Self::IsParent => (409, "is-parent", "The work item stands for its instances"),
            Self::NoNewInstance => (409, "no-new-instance", "The task takes no further instance"),
            Self::CommandIdClash => {
                (409, "command-id-clash", "The command id cannot be told from an earlier one")
            }
            Self::BodyTooLarge => (413, "body-too-large", "The body is too large"),
            Self::TooLarge => (413, "too-large", "A part of the request is too large"),
            Self::UnsupportedMediaType => {
                (415, "unsupported-media-type", "The body's content type is not taken here")
            }
            Self::SpecificationInvalid => {
                (422, "specification-invalid", "The specification is invalid")
            }
            Self::SpecificationUnsound => (422, "specification-unsound", "A case can go wrong"),
            Self::NotXml => (422, "not-xml", "The data is not XML"),
            Self::WrongRoot => (422, "wrong-root", "The data's root element has the wrong name"),
            Self::DataInvalid => (422, "data-invalid", "The data breaks its types"),
            Self::ParameterMissing => {
                (422, "parameter-missing", "A mandatory parameter is missing")
            }
            Self::QueryFailed => {
                (422, "query-failed", "A query of the specification fails on this data")
            }
            Self::InstanceCount => {
                (422, "instance-count", "The data asks for too few or too many instances")
            }
            Self::NoDefault => (422, "no-default", "An output-only parameter has no default value"),
            Self::NoFlow => (422, "no-flow", "No flow out of a task can be taken"),
            Self::Stuck => (422, "stuck", "A net has no token that can move"),
            Self::Endless => (422, "endless", "The net loops without a work item"),
            Self::TooManyStreams => (429, "too-many-streams", "Too many event streams are open"),
            Self::Internal => (500, "internal", "The server has a defect"),
            Self::Overloaded => (503, "overloaded", "The server is overloaded"),
            Self::Stopping => (503, "stopping", "The server is stopping"),
            Self::Fault => (503, "fault", "A part of the server is out of service"),
            Self::DecisionTimeout => (504, "decision-timeout", "The answer did not come in time"),
        }
    }
}

/// A problem on its way out: what handlers return as error.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure(pub(crate) Box<Problem>);

impl Failure {
    /// A problem of that code; `detail` names the place and the remedy.
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        let (status, name, title) = code.row();
        Self(Box::new(Problem {
            kind: format!("urn:flotilla:problem:{name}"),
            title: title.into(),
            status,
            code: name.into(),
            detail: detail.into(),
            ..Problem::default()
        }))
    }

    /// Adds when a repetition makes sense.
    #[must_use]
    pub(crate) fn retry_after_ms(mut self, ms: u64) -> Self {
        self.0.retry_after_ms = Some(ms);
        self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).expect("taken from the table");
        let body = serde_json::to_vec(&*self.0).expect("a problem is plain data");
        let mut response = (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response();
        if let Some(ms) = self.0.retry_after_ms {
            let seconds = HeaderValue::from(ms.div_ceil(1_000).max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
