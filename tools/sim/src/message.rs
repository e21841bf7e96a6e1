//! What agents, operators and the node say to each other.

use agents::{
    AgentId, Capability, Epoch,
    registry::{self, Incarnation},
};

use crate::cases::Place;

/// Who asked, and which of its questions it was. The same twice is one command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    /// The operator is nobody.
    pub(crate) client: Option<usize>,
    /// Which of the client's processes.
    pub(crate) life: u64,
    pub(crate) number: u64,
}

/// An address is unique, and so names the command.
pub(crate) type CommandId = Address;

#[derive(Clone, Debug)]
pub(crate) enum Request {
    Registry(registry::Command),
    Claim(Claim),
    Renew(Vec<Renewal>),
    Command { place: Place, command: Command },
}

/// An agent asks for work.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) agent: Incarnation,
    pub(crate) capabilities: Vec<Capability>,
    pub(crate) items_max: usize,
    pub(crate) wait_ms: u64,
    pub(crate) term_ms: u64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Renewal {
    pub(crate) place: Place,
    pub(crate) epoch: Epoch,
    pub(crate) term_ms: u64,
}

#[derive(Clone, Debug)]
pub(crate) enum Command {
    Launch { specification: u32, items: Vec<Capability> },
    Complete { epoch: Epoch, by: AgentId },
    Return { epoch: Epoch },
    Fail { epoch: Epoch },
    HandOff { from: AgentId, epoch: Epoch, to: AgentId },
    Revive,
    Cancel,
    Suspend,
    Resume,
}

/// An item that was handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub(crate) place: Place,
    pub(crate) epoch: Epoch,
    pub(crate) term_ms: u64,
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Done,
    HandedOff(Epoch),
}

#[derive(Clone, Debug)]
pub(crate) enum Response {
    Registry(Result<registry::Answer, registry::Refusal>),
    Granted(Vec<Claimed>),
    /// Nothing: ask again after so long.
    Empty {
        retry_after_ms: u64,
    },
    /// The agent may not claim; one that is drained never again in this life.
    Denied {
        draining: bool,
    },
    /// Which of the renewals came in time.
    Renewed(Vec<bool>),
    Command(Result<Done, Refused>),
    /// There is no room: ask again.
    Busy,
}

/// Why a command was refused; the reasons that callers tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is no such item.
    Gone,
    /// Another epoch holds it, or none.
    Stale,
    /// Its case is suspended.
    Suspended,
    Other,
}
