//! What the node refused, as a problem: code, remedy, violations, findings.

use agents::{
    conflict, jury, lease, registry,
    resourcing::{organisation, worklist},
};
use engine::Refusal;
use node::{Fault, Rejected};
use tracing::error;
use wire::problem::Violation;

use super::{Code, Failure};
use crate::to_wire;

/// When to repeat what met a fault: a restart takes about that long.
const FAULT_RETRY_MS: u64 = 5_000;

impl From<Rejected> for Failure {
    fn from(rejected: Rejected) -> Self {
        let code = code(&rejected);
        let detail = rejected.to_string();
        match rejected {
            Rejected::Overloaded { retry_after_ms } | Rejected::CircuitOpen { retry_after_ms } => {
                Self::new(code, detail).retry_after_ms(retry_after_ms)
            }
            Rejected::Invalid(findings) => {
                let mut failure = Self::new(code, detail);
                failure.0.findings = findings.iter().map(to_wire::finding).collect();
                failure
            }
            Rejected::Refused(Refusal::Invalid { violations, .. }) => {
                let mut failure = Self::new(code, detail);
                failure.0.violations = violations.iter().map(violation).collect();
                failure
            }
            Rejected::Fault(fault) => {
                error!(error = &fault as &dyn std::error::Error, "a request met a fault");
                Self::new(code, outside(&fault)).retry_after_ms(FAULT_RETRY_MS)
            }
            Rejected::NoSuchSpecification(_) => {
                Self::new(code, format!("{detail}; GET /api/v1/specifications lists all keys"))
            }
            Rejected::NoSuchCase(_)
            | Rejected::NoSuchItem(_)
            | Rejected::Refused(_)
            | Rejected::Lease { .. }
            | Rejected::Review { .. }
            | Rejected::Registry(_)
            | Rejected::Denied(_)
            | Rejected::NotCapable(_)
            | Rejected::NoStream(_)
            | Rejected::OtherSession { .. }
            | Rejected::Market(_)
            | Rejected::Organisation(_)
            | Rejected::Worklist(_)
            | Rejected::Query(_)
            | Rejected::Conflict(_)
            | Rejected::CaseExists(_)
            | Rejected::InUse { .. }
            | Rejected::NotACommandId(_)
            | Rejected::CommandIdClash(_)
            | Rejected::TooLarge { .. } => Self::new(code, detail),
            Rejected::Stopping => Self::new(code, detail).retry_after_ms(FAULT_RETRY_MS),
        }
    }
}

/// What a client may know of a fault: the log has the rest.
fn outside(fault: &Fault) -> &'static str {
    match fault {
        Fault::Store { .. } | Fault::Catalogue(_) | Fault::Agents(_) | Fault::Died { .. } => {
            "this part of the server has stopped; nothing that was acknowledged is lost; it needs a restart"
        }
        Fault::Read { .. } | Fault::Record { .. } => {
            "a record could not be read; the server's log says why"
        }
        Fault::Bug { .. } | Fault::Panicked => {
            "deciding this met a defect; nothing has changed; the server's log says where"
        }
    }
}

fn violation(violation: &model::types::Violation) -> Violation {
    Violation {
        path: violation.path.clone(),
        rule: violation.rule.to_string(),
        value: violation.value.clone(),
        message: violation.message.clone(),
    }
}

fn code(rejected: &Rejected) -> Code {
    match rejected {
        Rejected::Overloaded { .. } => Code::Overloaded,
        Rejected::NoSuchSpecification(_) => Code::NoSuchSpecification,
        Rejected::NoSuchCase(_) => Code::NoSuchCase,
        Rejected::NoSuchItem(_) => Code::NoSuchItem,
        Rejected::Refused(refusal) => refusal_code(refusal),
        Rejected::Lease { refusal, .. } => lease_code(refusal),
        Rejected::Review { refusal, .. } => review_code(refusal),
        Rejected::Registry(refusal) => registry_code(refusal),
        Rejected::Denied(denied) => denied_code(denied),
        Rejected::NotCapable(_) => Code::NotCapable,
        Rejected::NoStream(_) => Code::NoStream,
        Rejected::OtherSession { .. } => Code::OtherSession,
        Rejected::Market(_) => Code::ListingRefused,
        Rejected::Organisation(refusal) => organisation_code(refusal),
        Rejected::Worklist(refusal) => worklist_code(refusal),
        Rejected::Query(_) => Code::QueryInvalid,
        Rejected::CircuitOpen { .. } => Code::CircuitOpen,
        Rejected::Invalid(_) => Code::SpecificationInvalid,
        Rejected::Conflict(_) => Code::SpecificationConflict,
        Rejected::CaseExists(_) => Code::CaseExists,
        Rejected::InUse { .. } => Code::SpecificationInUse,
        Rejected::NotACommandId(_) => Code::NotACommandId,
        Rejected::CommandIdClash(_) => Code::CommandIdClash,
        Rejected::TooLarge { .. } => Code::TooLarge,
        Rejected::Stopping => Code::Stopping,
        Rejected::Fault(_) => Code::Fault,
    }
}

fn registry_code(refusal: &registry::Refusal) -> Code {
    match refusal {
        registry::Refusal::NoAgents => Code::NoAgents,
        registry::Refusal::TooMany { .. } | registry::Refusal::TooLarge { .. } => Code::TooLarge,
        registry::Refusal::Twice { .. } => Code::AgentTwice,
        registry::Refusal::NoSuchSession { .. } => Code::NoSuchSession,
        registry::Refusal::SessionFull { .. } => Code::SessionFull,
        registry::Refusal::Full { .. }
        | registry::Refusal::TooManySessions { .. }
        | registry::Refusal::QuarantineFull { .. } => Code::RegistryFull,
    }
}

fn denied_code(denied: &registry::Denied) -> Code {
    match denied {
        registry::Denied::Unknown => Code::NoSuchAgent,
        registry::Denied::StaleEpoch { .. } => Code::StaleAgent,
        registry::Denied::NotRenewed { .. } => Code::AgentNotRenewed,
        registry::Denied::State { .. } => Code::AgentNotReady,
        registry::Denied::Draining => Code::AgentDraining,
        registry::Denied::Quarantined { .. } => Code::AgentQuarantined,
    }
}

fn organisation_code(refusal: &organisation::Refusal) -> Code {
    match refusal {
        organisation::Refusal::Unknown { .. } => Code::UnknownInOrganisation,
        organisation::Refusal::Circle { .. } => Code::OrganisationCircle,
        organisation::Refusal::InUse { .. } => Code::OrganisationInUse,
        organisation::Refusal::LoginTaken { .. } => Code::LoginTaken,
        organisation::Refusal::NoLogin
        | organisation::Refusal::TooMany { .. }
        | organisation::Refusal::TooLong { .. } => Code::EntryInvalid,
        organisation::Refusal::Full { .. } | organisation::Refusal::TooManyPiles => {
            Code::OrganisationFull
        }
        organisation::Refusal::Piled { .. } => Code::TaskPiled,
    }
}

fn worklist_code(refusal: &worklist::Refusal) -> Code {
    match refusal {
        worklist::Refusal::NoSuchItem(_) => Code::NotInWorklist,
        worklist::Refusal::WrongStatus { .. } | worklist::Refusal::NameTaken(_) => Code::WrongQueue,
        worklist::Refusal::NotOffered { .. } => Code::NotOffered,
        worklist::Refusal::NotHolder { .. } => Code::NotHolder,
        worklist::Refusal::NoPrivilege { .. } | worklist::Refusal::NoUserPrivilege { .. } => {
            Code::NoPrivilege
        }
        worklist::Refusal::NotAvailable(_) => Code::ParticipantNotAvailable,
        worklist::Refusal::NobodyNamed(_) | worklist::Refusal::TooManyNamed { .. } => {
            Code::OfferInvalid
        }
        worklist::Refusal::Piled { .. } => Code::TaskPiled,
        worklist::Refusal::Chained { .. } => Code::CaseChained,
        worklist::Refusal::Full { .. } => Code::WorklistFull,
    }
}

fn lease_code(refusal: &lease::Refusal) -> Code {
    match refusal {
        lease::Refusal::Held { .. } => Code::LeaseHeld,
        lease::Refusal::StaleEpoch { .. } => Code::StaleEpoch,
        lease::Refusal::WrongHolder { .. } => Code::WrongHolder,
        lease::Refusal::Resting { .. } => Code::ItemResting,
        lease::Refusal::DeadLetter { .. } => Code::DeadLetter,
        lease::Refusal::NotDead => Code::NotADeadLetter,
        lease::Refusal::Term { .. } => Code::TermInvalid,
    }
}

fn review_code(refusal: &jury::Refusal) -> Code {
    match refusal {
        jury::Refusal::BallotNeeded { .. } => Code::BallotNeeded,
        jury::Refusal::HasBallot { .. } | jury::Refusal::Arbiter { .. } => Code::BallotRefused,
        jury::Refusal::NoReview => Code::NoSuchReview,
        jury::Refusal::Lease(refusal) => lease_code(refusal),
        jury::Refusal::Panel(refusal) => panel_code(refusal),
    }
}

fn panel_code(refusal: &conflict::Refusal) -> Code {
    match refusal {
        conflict::Refusal::Voted { .. } => Code::AlreadyVoted,
        conflict::Refusal::Closed { .. } | conflict::Refusal::NotEscalated { .. } => {
            Code::VotingOver
        }
        conflict::Refusal::AnswerTooLong { .. } => Code::TooLarge,
        conflict::Refusal::NotArbiter { .. } => Code::NotTheArbiter,
        conflict::Refusal::NoHumanNeeded { .. } => Code::NoPersonAsked,
    }
}

fn refusal_code(refusal: &Refusal) -> Code {
    match refusal {
        Refusal::NotACaseId(_) => Code::NotACaseId,
        Refusal::NoSuchItem(_) => Code::NoSuchItem,
        Refusal::WrongStatus { .. } => Code::WrongStatus,
        Refusal::NotEnabled(_) => Code::NotEnabled,
        Refusal::IsParent(_) => Code::IsParent,
        Refusal::NoNewInstance { .. } => Code::NoNewInstance,
        Refusal::CaseNotRunning(_) => Code::CaseNotRunning,
        Refusal::NotXml(_) => Code::NotXml,
        Refusal::WrongRoot { .. } => Code::WrongRoot,
        Refusal::Invalid { .. } => Code::DataInvalid,
        Refusal::Missing(_) => Code::ParameterMissing,
        Refusal::Query { .. } => Code::QueryFailed,
        Refusal::InstanceCount { .. } => Code::InstanceCount,
        Refusal::NoDefault { .. } => Code::NoDefault,
        Refusal::NoFlow(_) => Code::NoFlow,
        Refusal::Stuck { .. } => Code::Stuck,
        Refusal::Endless(_) => Code::Endless,
    }
}
