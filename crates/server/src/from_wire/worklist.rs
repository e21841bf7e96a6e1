//! What clients do with items of worklists.

use agents::resourcing::ParticipantId;
use node::{Action, Queue};
use wire::worklist;

use super::name;
use crate::problem::{Code, Failure};

pub(crate) fn queue(from: &str) -> Result<Queue, Failure> {
    let named = Queue::ALL.into_iter().find(|queue| queue.name() == from);
    named.ok_or_else(|| {
        let names = Queue::ALL.map(Queue::name).join(", ");
        let from: String = from.chars().take(100).collect();
        Failure::new(Code::MalformedQuery, format!("no queue is {from:?}; use one of {names}"))
    })
}

pub(crate) fn action(from: worklist::Action, by: &ParticipantId) -> Result<Action, Failure> {
    let by = by.clone();
    Ok(match from {
        worklist::Action::Accept {} => Action::Accept { by },
        worklist::Action::Start {} => Action::Start { by },
        worklist::Action::Deallocate {} => Action::Deallocate { by },
        worklist::Action::Delegate { to } => Action::Delegate { by, to: name(&to)? },
        worklist::Action::ReallocateStateless { to } => {
            Action::ReallocateStateless { by, to: name(&to)? }
        }
        worklist::Action::ReallocateStateful { to } => {
            Action::ReallocateStateful { by, to: name(&to)? }
        }
        worklist::Action::Suspend {} => Action::Suspend { by },
        worklist::Action::Resume {} => Action::Resume { by },
        worklist::Action::Skip {} => Action::Skip { by },
        worklist::Action::Pile {} => Action::Pile { by },
        worklist::Action::Chain {} => Action::Chain { by },
    })
}

pub(crate) fn administrator_action(from: worklist::AdministratorAction) -> Result<Action, Failure> {
    Ok(match from {
        worklist::AdministratorAction::Offer { to } => {
            let to = to.iter().map(|one| name(one)).collect::<Result<_, _>>()?;
            Action::Offer { to }
        }
        worklist::AdministratorAction::Allocate { to } => Action::Allocate { to: name(&to)? },
        worklist::AdministratorAction::Start { to } => Action::StartFor { to: name(&to)? },
        worklist::AdministratorAction::Redistribute {} => Action::Redistribute,
    })
}
