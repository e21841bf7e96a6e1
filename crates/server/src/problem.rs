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

/// Makes the codes with their rows, so that none can be without one.
macro_rules! codes {
    ($($code:ident = $status:literal $name:literal $title:literal,)*) => {
        /// What clients decide on. Stable: codes are added, never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Code {
            $($code,)*
        }

        impl Code {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$code,)*];

            /// Status, code and title.
            fn row(self) -> (u16, &'static str, &'static str) {
                match self {
                    $(Self::$code => ($status, $name, $title),)*
                }
            }
        }
    };
}

codes! {
    MalformedBody = 400 "malformed-body" "The body cannot be read",
    MalformedQuery = 400 "malformed-query" "The query string cannot be read",
    MalformedPath = 400 "malformed-path" "A part of the path cannot be read",
    MalformedHeader = 400 "malformed-header" "A header cannot be read",
    NotACaseId = 400 "not-a-case-id" "The text is no case id",
    NotACommandId = 400 "not-a-command-id" "The text is no command id",
    NotAnAgentId = 400 "not-an-agent-id" "The text is no agent's name",
    NotAName = 400 "not-a-name" "The text is no name",
    NotACapability = 400 "not-a-capability" "The text is no capability",
    NotATraceparent = 400 "not-a-traceparent" "The text is no traceparent",
    BadCredentials = 401 "bad-credentials" "Wrong user name or password",
    ForeignOrigin = 403 "foreign-origin" "The request comes from another site's page",
    ForeignHost = 403 "foreign-host" "The server is not known by this name",
    HandOffForged = 403 "hand-off-forged" "The token was not made here",
    HandOffWrongAgent = 403 "hand-off-wrong-agent" "The token is for another agent",
    NotOffered = 403 "not-offered" "The work item is not offered to the participant",
    NoPrivilege = 403 "no-privilege" "The participant may not do this",
    NoSuchRoute = 404 "no-such-route" "Nothing is served at this path",
    NoSuchSpecification = 404 "no-such-specification" "No such specification",
    NoSuchCase = 404 "no-such-case" "No such case",
    NoSuchItem = 404 "no-such-item" "No such work item",
    NoSuchAgent = 404 "no-such-agent" "No such agent is registered",
    NotInWorklist = 404 "not-in-worklist" "No participant is asked to do the work item",
    NotInOrganisation = 404 "not-in-organisation" "No such participant, role, position or group",
    NoSuchSession = 404 "no-such-session" "No such session",
    NoSuchReview = 404 "no-such-review" "The work item is under no review",
    NoSuchMetric = 404 "no-such-metric" "No such metric",
    MethodNotAllowed = 405 "method-not-allowed" "The path does not take this method",
    RequestTimeout = 408 "request-timeout" "The body did not arrive in time",
    SpecificationConflict = 409 "specification-conflict" "Another document has this id and version",
    SpecificationInUse = 409 "specification-in-use" "Cases of the specification are open",
    CaseExists = 409 "case-exists" "A case of this name exists",
    CaseNotRunning = 409 "case-not-running" "The case does not run",
    WrongStatus = 409 "wrong-status" "The work item's status does not permit this",
    NotEnabled = 409 "not-enabled" "The task is not, or no longer, enabled",
    IsParent = 409 "is-parent" "The work item stands for its instances",
    NoNewInstance = 409 "no-new-instance" "The task takes no further instance",
    CommandIdClash = 409 "command-id-clash" "The command id cannot be told from an earlier one",
    LeaseHeld = 409 "lease-held" "An agent holds the work item",
    StaleEpoch = 409 "stale-epoch" "The lease has ended",
    WrongHolder = 409 "wrong-holder" "Another agent holds the work item",
    ItemResting = 409 "item-resting" "The work item rests after a failed attempt",
    DeadLetter = 409 "dead-letter" "The work item failed too often",
    NotADeadLetter = 409 "not-a-dead-letter" "The work item is no dead letter",
    BallotNeeded = 409 "ballot-needed" "The work item is under review: a ballot is needed",
    BallotRefused = 409 "ballot-refused" "The agent may not have this ballot",
    AlreadyVoted = 409 "already-voted" "The agent has voted with another answer",
    VotingOver = 409 "voting-over" "No vote is taken any more",
    NotTheArbiter = 409 "not-the-arbiter" "Another agent is the arbiter",
    NoPersonAsked = 409 "no-person-asked" "The review does not wait for a person",
    StaleAgent = 409 "stale-agent" "Another process has the agent's name",
    AgentNotRenewed = 409 "agent-not-renewed" "The agent was silent for too long",
    AgentNotReady = 409 "agent-not-ready" "The agent's state takes no work",
    AgentDraining = 409 "agent-draining" "The agent is draining",
    AgentQuarantined = 409 "agent-quarantined" "The agent is in quarantine",
    IllegalState = 409 "illegal-state" "The state does not follow on the agent's present one",
    NoStream = 409 "no-stream" "Nobody reads the session's stream",
    OtherSession = 409 "other-session" "The agent is of another session",
    SessionFull = 409 "session-full" "The session has too many agents",
    ListingRefused = 409 "listing-refused" "The offering cannot be listed",
    OrganisationInUse = 409 "organisation-in-use" "Something else names it",
    LoginTaken = 409 "login-taken" "The login is another participant's",
    WrongQueue = 409 "wrong-queue" "The work item stands in another queue",
    NotHolder = 409 "not-holder" "Another participant has the work item",
    ParticipantNotAvailable = 409 "participant-not-available" "The participant cannot be given work now",
    CaseChained = 409 "case-chained" "Another participant has every item of the case",
    TaskPiled = 409 "task-piled" "Another participant has every item of the task",
    HandOffExpired = 409 "hand-off-expired" "The token has expired",
    HandOffUsed = 409 "hand-off-used" "The token was used, or its lease has ended",
    BodyTooLarge = 413 "body-too-large" "The body is too large",
    TooLarge = 413 "too-large" "A part of the request is too large",
    UnsupportedMediaType = 415 "unsupported-media-type" "The body's content type is not taken here",
    SpecificationInvalid = 422 "specification-invalid" "The specification is invalid",
    SpecificationUnsound = 422 "specification-unsound" "A case can go wrong",
    NotXml = 422 "not-xml" "The data is not XML",
    WrongRoot = 422 "wrong-root" "The data's root element has the wrong name",
    DataInvalid = 422 "data-invalid" "The data breaks its types",
    ParameterMissing = 422 "parameter-missing" "A mandatory parameter is missing",
    QueryFailed = 422 "query-failed" "A query of the specification fails on this data",
    InstanceCount = 422 "instance-count" "The data asks for too few or too many instances",
    NoDefault = 422 "no-default" "An output-only parameter has no default value",
    NoFlow = 422 "no-flow" "No flow out of a task can be taken",
    Stuck = 422 "stuck" "A net has no token that can move",
    Endless = 422 "endless" "The net loops without a work item",
    TermInvalid = 422 "term-invalid" "The term of the lease is out of bounds",
    NoAgents = 422 "no-agents" "The request names no agent",
    AgentTwice = 422 "agent-twice" "An agent is named twice",
    NotCapable = 422 "not-capable" "The agent has not registered the capability",
    RegistrationInvalid = 422 "registration-invalid" "What the agent says about itself cannot be taken",
    OfferingInvalid = 422 "offering-invalid" "The offering breaks a rule",
    UnknownInOrganisation = 422 "unknown-in-organisation" "What is named is not in the organisation",
    OrganisationCircle = 422 "organisation-circle" "It would stand above itself",
    EntryInvalid = 422 "entry-invalid" "What is said of the entry cannot be taken",
    OfferInvalid = 422 "offer-invalid" "The work item is offered to nobody or to too many",
    UnknownState = 422 "unknown-state" "No state of agents has this name",
    ClaimInvalid = 422 "claim-invalid" "A limit of the claim is out of bounds",
    ReviewInvalid = 422 "review-invalid" "What is said of a result cannot be taken",
    QueryInvalid = 422 "query-invalid" "The query of the marketplace is invalid",
    TooManyStreams = 429 "too-many-streams" "Too many event streams are open",
    Internal = 500 "internal" "The server has a defect",
    Overloaded = 503 "overloaded" "The server is overloaded",
    CircuitOpen = 503 "circuit-open" "Claims are not tried for a while",
    WorklistFull = 503 "worklist-full" "The worklist has no room",
    OrganisationFull = 503 "organisation-full" "The organisation has no room",
    RegistryFull = 503 "registry-full" "The registry has no room",
    Stopping = 503 "stopping" "The server is stopping",
    Fault = 503 "fault" "A part of the server is out of service",
    DecisionTimeout = 504 "decision-timeout" "The answer did not come in time",
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

/// How to show who one is, which every answer 401 says.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"Flotilla\"");

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).expect("taken from the table");
        let body = serde_json::to_vec(&*self.0).expect("a problem is plain data");
        let mut response = (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, CHALLENGE);
        }
        if let Some(ms) = self.0.retry_after_ms {
            let seconds = HeaderValue::from(ms.div_ceil(1_000).max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
