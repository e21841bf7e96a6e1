//! Why the node did not do what it was asked, and why it did not start.

use std::sync::Arc;

use agents::{
    AgentId, Capability, SessionId, conflict, jury, lease, marketplace, registry,
    resourcing::{organisation, worklist},
};
use engine::{CaseId, Refusal};
use model::finding::Finding;

use crate::ids::{NotACommandId, SpecificationKey};

/// An answer other than success. Only [`Rejected::Fault`] is ours; all others are the caller's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("too many commands wait; come back in {retry_after_ms} ms")]
    Overloaded { retry_after_ms: u64 },
    #[error("no specification {0} is loaded")]
    NoSuchSpecification(SpecificationKey),
    #[error("no case {0}")]
    NoSuchCase(String),
    #[error("no work item {0}")]
    NoSuchItem(String),
    #[error(transparent)]
    Refused(Refusal),
    /// Somebody else's result counts, or nobody may have the item now.
    #[error("work item {item}: {refusal}")]
    Lease { item: String, refusal: lease::Refusal },
    /// The item is under review, or is not.
    #[error("work item {item}: {refusal}")]
    Review { item: String, refusal: jury::Refusal },
    /// The registry of agents said no.
    #[error(transparent)]
    Registry(registry::Refusal),
    /// The agent gets no work.
    #[error("the agent may not claim: {0}")]
    Denied(registry::Denied),
    #[error("the agent has not registered the capability {:?}; register it first", .0.as_str())]
    NotCapable(Capability),
    /// Work is pushed to those whose session has a stream that is read.
    #[error("nobody reads the stream of session {}; open it first", number(*.0))]
    NoStream(SessionId),
    #[error("{agent} is not of this session, but of {}", of(*.session))]
    OtherSession { agent: AgentId, session: Option<SessionId> },
    #[error(transparent)]
    Market(marketplace::Refusal),
    /// What was said of a participant, role, position or group does not fit the rest.
    #[error(transparent)]
    Organisation(organisation::Refusal),
    /// A participant may not do this with the item, or not now.
    #[error(transparent)]
    Worklist(worklist::Refusal),
    #[error("{0}")]
    Query(String),
    /// Claims of this kind of client failed again and again.
    #[error("claims failed too often; come back in {retry_after_ms} ms")]
    CircuitOpen { retry_after_ms: u64 },
    /// The specification cannot be run.
    #[error("the specification has {} finding(s), first: {}", .0.len(), first(.0))]
    Invalid(Vec<Finding>),
    #[error("specification {0} is loaded with another text; raise its version to upload this one")]
    Conflict(SpecificationKey),
    #[error("case {0} exists; choose another id or leave it out")]
    CaseExists(CaseId),
    #[error("{open} case(s) of specification {key} are open; let them end or cancel them first")]
    InUse { key: SpecificationKey, open: u64 },
    #[error(transparent)]
    NotACommandId(#[from] NotACommandId),
    /// Two command ids of one case have the same hash: nothing was done.
    #[error("command id {0} cannot be told from an earlier one of this case; choose another")]
    CommandIdClash(String),
    #[error("the {what} has {size}, allowed are {max}; send less at once")]
    TooLarge { what: &'static str, size: usize, max: usize },
    #[error("the node is shutting down")]
    Stopping,
    #[error(transparent)]
    Fault(Fault),
}

fn number(session: SessionId) -> u64 {
    session.0
}

fn of(session: Option<SessionId>) -> String {
    session.map_or_else(|| "none".to_owned(), |session| session.0.to_string())
}

fn first(findings: &[Finding]) -> String {
    findings.first().map(ToString::to_string).unwrap_or_default()
}

impl Rejected {
    /// A stable name in kebab case. Documented in `docs/api.md`; clients branch on it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Overloaded { .. } => "overloaded",
            Self::NoSuchSpecification(_) => "no-such-specification",
            Self::NoSuchCase(_) => "no-such-case",
            Self::NoSuchItem(_) => "no-such-item",
            Self::Refused(refusal) => refusal_code(refusal),
            Self::Lease { refusal, .. } => lease_code(refusal),
            Self::Review { refusal, .. } => review_code(refusal),
            Self::Registry(refusal) => registry_code(refusal),
            Self::Denied(denied) => denied_code(denied),
            Self::NotCapable(_) => "not-capable",
            Self::NoStream(_) => "no-stream",
            Self::OtherSession { .. } => "other-session",
            Self::Market(_) => "listing-refused",
            Self::Organisation(refusal) => organisation_code(refusal),
            Self::Worklist(refusal) => worklist_code(refusal),
            Self::Query(_) => "query-invalid",
            Self::CircuitOpen { .. } => "circuit-open",
            Self::Invalid(_) => "specification-invalid",
            Self::Conflict(_) => "specification-conflict",
            Self::CaseExists(_) => "case-exists",
            Self::InUse { .. } => "specification-in-use",
            Self::NotACommandId(_) => "not-a-command-id",
            Self::CommandIdClash(_) => "command-id-clash",
            Self::TooLarge { .. } => "too-large",
            Self::Stopping => "stopping",
            Self::Fault(_) => "fault",
        }
    }
}

fn registry_code(refusal: &registry::Refusal) -> &'static str {
    match refusal {
        registry::Refusal::NoAgents => "no-agents",
        registry::Refusal::TooMany { .. } | registry::Refusal::TooLarge { .. } => "too-large",
        registry::Refusal::Twice { .. } => "agent-twice",
        registry::Refusal::NoSuchSession { .. } => "no-such-session",
        registry::Refusal::SessionFull { .. } => "session-full",
        registry::Refusal::Full { .. }
        | registry::Refusal::TooManySessions { .. }
        | registry::Refusal::QuarantineFull { .. } => "registry-full",
    }
}

fn denied_code(denied: &registry::Denied) -> &'static str {
    match denied {
        registry::Denied::Unknown => "no-such-agent",
        registry::Denied::StaleEpoch { .. } => "stale-agent",
        registry::Denied::NotRenewed { .. } => "agent-not-renewed",
        registry::Denied::State { .. } => "agent-not-ready",
        registry::Denied::Draining => "agent-draining",
        registry::Denied::Quarantined { .. } => "agent-quarantined",
    }
}

fn organisation_code(refusal: &organisation::Refusal) -> &'static str {
    match refusal {
        organisation::Refusal::Unknown { .. } => "unknown-in-organisation",
        organisation::Refusal::Circle { .. } => "organisation-circle",
        organisation::Refusal::InUse { .. } => "organisation-in-use",
        organisation::Refusal::LoginTaken { .. } => "login-taken",
        organisation::Refusal::NoLogin
        | organisation::Refusal::TooMany { .. }
        | organisation::Refusal::TooLong { .. } => "entry-invalid",
        organisation::Refusal::Full { .. } | organisation::Refusal::TooManyPiles => {
            "organisation-full"
        }
        organisation::Refusal::Piled { .. } => "task-piled",
    }
}

fn worklist_code(refusal: &worklist::Refusal) -> &'static str {
    match refusal {
        worklist::Refusal::NoSuchItem(_) => "not-in-worklist",
        worklist::Refusal::WrongStatus { .. } | worklist::Refusal::NameTaken(_) => "wrong-queue",
        worklist::Refusal::NotOffered { .. } => "not-offered",
        worklist::Refusal::NotHolder { .. } => "not-holder",
        worklist::Refusal::NoPrivilege { .. } | worklist::Refusal::NoUserPrivilege { .. } => {
            "no-privilege"
        }
        worklist::Refusal::NotAvailable(_) => "participant-not-available",
        worklist::Refusal::NobodyNamed(_) | worklist::Refusal::TooManyNamed { .. } => {
            "offer-invalid"
        }
        worklist::Refusal::Piled { .. } => "task-piled",
        worklist::Refusal::Chained { .. } => "case-chained",
        worklist::Refusal::Full { .. } => "worklist-full",
    }
}

fn lease_code(refusal: &lease::Refusal) -> &'static str {
    match refusal {
        lease::Refusal::Held { .. } => "lease-held",
        lease::Refusal::StaleEpoch { .. } => "stale-epoch",
        lease::Refusal::WrongHolder { .. } => "wrong-holder",
        lease::Refusal::Resting { .. } => "item-resting",
        lease::Refusal::DeadLetter { .. } => "dead-letter",
        lease::Refusal::NotDead => "not-a-dead-letter",
        lease::Refusal::Term { .. } => "term-invalid",
    }
}

fn review_code(refusal: &jury::Refusal) -> &'static str {
    match refusal {
        jury::Refusal::BallotNeeded { .. } => "ballot-needed",
        jury::Refusal::HasBallot { .. } | jury::Refusal::Arbiter { .. } => "ballot-refused",
        jury::Refusal::NoReview => "no-such-review",
        jury::Refusal::Lease(refusal) => lease_code(refusal),
        jury::Refusal::Panel(refusal) => panel_code(refusal),
    }
}

fn panel_code(refusal: &conflict::Refusal) -> &'static str {
    match refusal {
        conflict::Refusal::Voted { .. } => "already-voted",
        conflict::Refusal::Closed { .. } | conflict::Refusal::NotEscalated { .. } => "voting-over",
        conflict::Refusal::AnswerTooLong { .. } => "too-large",
        conflict::Refusal::NotArbiter { .. } => "not-the-arbiter",
        conflict::Refusal::NoHumanNeeded { .. } => "no-person-asked",
    }
}

fn refusal_code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotACaseId(_) => "not-a-case-id",
        Refusal::NoSuchItem(_) => "no-such-item",
        Refusal::WrongStatus { .. } => "wrong-status",
        Refusal::NotEnabled(_) => "not-enabled",
        Refusal::IsParent(_) => "is-parent",
        Refusal::NoNewInstance { .. } => "no-new-instance",
        Refusal::CaseNotRunning(_) => "case-not-running",
        Refusal::NotXml(_) => "not-xml",
        Refusal::WrongRoot { .. } => "wrong-root",
        Refusal::Invalid { .. } => "data-invalid",
        Refusal::Missing(_) => "parameter-missing",
        Refusal::Query { .. } => "query-failed",
        Refusal::InstanceCount { .. } => "instance-count",
        Refusal::NoDefault { .. } => "no-default",
        Refusal::NoFlow(_) => "no-flow",
        Refusal::Stuck { .. } => "net-stuck",
        Refusal::Endless(_) => "endless",
    }
}

impl From<Refusal> for Rejected {
    fn from(refusal: Refusal) -> Self {
        // The caller asked for something that is not there, whoever found out.
        if let Refusal::NoSuchItem(item) = refusal {
            Self::NoSuchItem(item)
        } else {
            Self::Refused(refusal)
        }
    }
}

impl From<Fault> for Rejected {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A bug or a broken disk. Cheap to clone: everybody who waits is told.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Fault {
    /// The partition has stopped. Nothing that was acknowledged is lost; start the node again.
    #[error("partition {partition} has stopped")]
    Store {
        partition: usize,
        #[source]
        source: Arc<store::Fault>,
    },
    /// The catalogue takes no more specifications. Start the node again.
    #[error("the catalogue of specifications has stopped")]
    Catalogue(#[source] Arc<store::Fault>),
    /// No agent can register, renew or claim. Start the node again.
    #[error("the registry of agents has stopped")]
    Agents(#[source] Arc<store::Fault>),
    /// A record or a chain of records could not be read. The partition goes on.
    #[error("the state of case {case} could not be read")]
    Read {
        case: CaseId,
        #[source]
        source: Arc<store::Fault>,
    },
    /// A record of the log could not be read. The partition goes on.
    #[error("record {position} of partition {partition} could not be read")]
    Record {
        partition: usize,
        position: u64,
        #[source]
        source: Arc<store::Fault>,
    },
    /// The rules panicked on this command. Nothing has changed and the partition goes on.
    #[error("deciding a command of case {case} failed: {message}")]
    Bug { case: CaseId, message: String },
    /// Work beside the partitions panicked. Nothing has changed.
    #[error("reading or compiling panicked")]
    Panicked,
    /// A thread or task of the node ended before its time.
    #[error("{part} died")]
    Died { part: String },
}

impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Fault {}

/// Why a node did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{setting} is {value}, allowed are {min} to {max}")]
    Setting { setting: &'static str, value: usize, min: usize, max: usize },
    #[error("could not create directory {directory}")]
    Directory {
        directory: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the {part} could not be recovered")]
    Store {
        part: String,
        #[source]
        source: store::Fault,
    },
    #[error(
        "the directory was made with {stored} partitions, {asked} were asked for; start with {stored}"
    )]
    Partitions { stored: usize, asked: usize },
    #[error(
        "specification file {number}, accepted earlier, is refused by this release: {}",
        first(findings)
    )]
    Specification { number: u32, findings: Vec<Finding> },
    #[error("could not start a thread")]
    Thread(#[source] std::io::Error),
    #[error("the thread that recovered the {part} died")]
    Died { part: String },
}
