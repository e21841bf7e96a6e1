//! What can go wrong between an agent and the server: refusals, no answer, answers that make no sense.

use std::time::Duration;

use wire::Problem;

/// Why a request did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server has answered: it will not. Nothing has changed.
    #[error("{}: {}", .0.code, .0.detail)]
    Refused(Box<Problem>),
    /// No connection could be made: the request was not sent.
    #[error("no connection to the server at {address}")]
    Unreachable {
        address: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The connection broke: what became of the request is unknown.
    #[error("the connection broke before the answer was complete")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No answer in time: what became of the request is unknown.
    #[error("no answer within {} ms", .0.as_millis())]
    Late(Duration),
    /// Something answered that is not this server, or not in its right mind. What became of the request is unknown.
    #[error("the answer with status {status} makes no sense: {reason}")]
    Nonsense { status: u16, reason: String },
    #[error("{url:?} is no address of a server: {reason}")]
    Address { url: String, reason: &'static str },
    /// The settings of a worker or a client cannot be used.
    #[error("{0}")]
    Setting(String),
    #[error("the request cannot be written")]
    Request(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the system gives no random numbers")]
    Randomness(#[source] getrandom::Error),
    #[error("the process cannot wait for signals")]
    Signals(#[source] std::io::Error),
}

/// Refusals that pass by themselves, also where no `retry_after_ms` says so.
const PASSING: [&str; 4] = ["overloaded", "stopping", "decision-timeout", "request-timeout"];

impl Error {
    /// The code of the problem if the server refused: what programs decide on. Table in `docs/api.md`.
    pub fn code(&self) -> Option<&str> {
        self.problem().map(|problem| problem.code.as_str())
    }

    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            Self::Unreachable { .. }
            | Self::Broken(_)
            | Self::Late(_)
            | Self::Nonsense { .. }
            | Self::Address { .. }
            | Self::Setting(_)
            | Self::Request(_)
            | Self::Randomness(_)
            | Self::Signals(_) => None,
        }
    }

    /// How long the server asked to stay away.
    pub fn retry_after(&self) -> Option<Duration> {
        self.problem().and_then(|problem| problem.retry_after_ms).map(Duration::from_millis)
    }

    /// Whether the same request may succeed later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Refused(problem) => {
                problem.retry_after_ms.is_some() || PASSING.contains(&problem.code.as_str())
            }
            Self::Unreachable { .. } | Self::Broken(_) | Self::Late(_) => true,
            // A proxy in between says such things while the server restarts.
            Self::Nonsense { status, .. } => (500..600).contains(status),
            Self::Address { .. }
            | Self::Setting(_)
            | Self::Request(_)
            | Self::Randomness(_)
            | Self::Signals(_) => false,
        }
    }

    /// Whether the request has certainly done nothing.
    pub fn is_undone(&self) -> bool {
        match self {
            Self::Refused(problem) => problem.code != "decision-timeout",
            Self::Unreachable { .. }
            | Self::Address { .. }
            | Self::Setting(_)
            | Self::Request(_)
            | Self::Randomness(_)
            | Self::Signals(_) => true,
            Self::Broken(_) | Self::Late(_) | Self::Nonsense { .. } => false,
        }
    }
}

impl From<Box<Problem>> for Error {
    fn from(problem: Box<Problem>) -> Self {
        Self::Refused(problem)
    }
}
