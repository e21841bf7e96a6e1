//! What the node refused, as a problem: code, remedy, violations, findings.

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
            Rejected::Overloaded { retry_after_ms } => {
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
        Fault::Store { .. } | Fault::Catalogue(_) | Fault::Died { .. } => {
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
