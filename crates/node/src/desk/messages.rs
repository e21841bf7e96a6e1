//! What the desk can be asked, and who waits for its log.

use std::sync::Arc;

use agents::{
    Capability,
    desk::Lull,
    marketplace::Offering,
    registry::{Answer, Command, Incarnation},
    resourcing::organisation,
};
use tokio::sync::oneshot;

use crate::{api::Claimed, rejected::Rejected};

pub(crate) enum Message {
    Registry {
        command: Command,
        reply: oneshot::Sender<Result<Answer, Rejected>>,
    },
    Publish {
        publication: Publication,
        reply: oneshot::Sender<Result<(), Rejected>>,
    },
    Unpublish {
        agent: Incarnation,
        reply: oneshot::Sender<Result<(), Rejected>>,
    },
    Organise {
        command: organisation::Command,
        reply: oneshot::Sender<Result<(), Rejected>>,
    },
    Claim {
        request: ClaimRequest,
        reply: oneshot::Sender<Result<Granted, Rejected>>,
    },
    /// Closes the breakers and forgets who found nothing.
    Reset {
        reply: oneshot::Sender<()>,
    },
    Discovery {
        reply: oneshot::Sender<Discovery>,
    },
    /// Looks whose time is over, then replies: for clocks that are moved by hand.
    Look {
        reply: oneshot::Sender<()>,
    },
    /// Writes what is decided and ends.
    Stop,
}

/// An agent offers this from now on.
pub(crate) struct Publication {
    pub(crate) agent: Incarnation,
    pub(crate) offering: Arc<Offering>,
}

/// An agent asks for work.
#[derive(Clone, Debug)]
pub struct ClaimRequest {
    pub agent: Incarnation,
    /// Kind of client, for the circuit breaker.
    pub class: String,
    /// What of its capabilities it wants to use. None: all of them.
    pub capabilities: Option<Vec<Capability>>,
    pub items_max: usize,
    /// How long to wait for work, milliseconds. 0: not at all.
    pub wait_ms: u64,
    /// How long it may be silent on each item, milliseconds.
    pub term_ms: u64,
}

/// What an agent got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    pub items: Vec<Claimed>,
    /// If it got nothing: when to ask again.
    pub retry_after_ms: Option<u64>,
    /// Whether it had waited.
    pub waited: bool,
}

/// How discovery fares.
#[derive(Clone, Debug, PartialEq)]
pub struct Discovery {
    pub lull: Lull,
    /// Claims at the desk, and those of them that wait.
    pub claims: usize,
    pub waiting: usize,
    pub breakers: Vec<Breaker>,
    /// Items that wait, by capability.
    pub demand: Vec<(Capability, u64)>,
}

/// The circuit breaker of one class of clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaker {
    pub class: String,
    /// `CLOSED`, `OPEN` or `HALF_OPEN`.
    pub state: &'static str,
    /// Failures in a row.
    pub failures: u32,
}

/// An answer that waits for the log.
pub(crate) enum Reply {
    Registry(oneshot::Sender<Result<Answer, Rejected>>, Result<Answer, Rejected>),
    Done(oneshot::Sender<Result<(), Rejected>>),
    /// Also a refusal waits: it may be for something that a crash could still undo.
    Organised(oneshot::Sender<Result<(), Rejected>>, Result<(), Rejected>),
    Looked(oneshot::Sender<()>),
}

impl Reply {
    /// A caller that has gone away needs no answer.
    pub(crate) fn send(self) {
        match self {
            Self::Registry(sender, answer) => drop(sender.send(answer)),
            Self::Done(sender) => drop(sender.send(Ok(()))),
            Self::Organised(sender, answer) => drop(sender.send(answer)),
            Self::Looked(sender) => sender.send(()).unwrap_or(()),
        }
    }
}
