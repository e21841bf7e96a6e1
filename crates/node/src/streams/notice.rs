//! What can become of a hold, as the partition says it and as the reader of a stream is told.

use agents::{AgentId, Epoch, Moment, lease};
use engine::{
    CaseId, Event, ItemKey, Path, TaskIndex,
    event::{CaseEnd, NetEnd},
};

use crate::api::Claimed;

/// What happened to an agent's hold of an item, or is about to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HoldNotice {
    pub(crate) holder: AgentId,
    pub(crate) item: String,
    pub(crate) case: CaseId,
    pub(crate) epoch: Epoch,
    pub(crate) outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The term ends then.
    Ending(Moment),
    /// It was not renewed in time.
    Ended,
    /// It was taken away.
    Cancelled(CancelReason),
    /// The holder finished it, or gave it back: it knows.
    LetGo,
}

/// Why an item was taken away from its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelReason {
    /// By a cancellation set, with its subnet, or by an operator.
    Cancelled,
    CaseCancelled,
    /// The case came to its end without it.
    CaseEnded,
    /// It can no longer be done, as after another choice.
    Withdrawn,
    /// An operator put it back.
    RolledBack,
    /// Somebody else or a timer completed it, or its task was completed without it.
    CompletedElsewhere,
    /// Another agent has it.
    HandedOff,
}

/// What the reader of a session's stream is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamEvent {
    /// Work for this agent, which holds it now.
    Item {
        agent: AgentId,
        claimed: Claimed,
    },
    /// The item was taken away.
    Cancelled {
        agent: AgentId,
        item: String,
        case: CaseId,
        epoch: Epoch,
        reason: CancelReason,
    },
    /// The lease ends in so many milliseconds.
    LeaseEnding {
        agent: AgentId,
        item: String,
        epoch: Epoch,
        left_ms: u64,
    },
    LeaseEnded {
        agent: AgentId,
        item: String,
        epoch: Epoch,
    },
    /// The reader was too slow for so many.
    Lagged {
        missed: u64,
    },
}

impl CancelReason {
    pub fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::CaseCancelled => "case-cancelled",
            Self::CaseEnded => "case-ended",
            Self::Withdrawn => "withdrawn",
            Self::RolledBack => "rolled-back",
            Self::CompletedElsewhere => "completed-elsewhere",
            Self::HandedOff => "handed-off",
        }
    }
}

impl HoldNotice {
    /// Whether the hold is over.
    pub(crate) fn is_over(&self) -> bool {
        match self.outcome {
            Outcome::Ending(_) => false,
            Outcome::Ended | Outcome::Cancelled(_) | Outcome::LetGo => true,
        }
    }

    /// Whether the reader is told.
    pub(crate) fn is_told(&self) -> bool {
        self.outcome != Outcome::LetGo
    }

    /// What the reader is told, at this moment.
    pub(crate) fn told(self, now: Moment) -> Option<StreamEvent> {
        let Self { holder: agent, item, case, epoch, outcome } = self;
        Some(match outcome {
            Outcome::Ending(until) => {
                StreamEvent::LeaseEnding { agent, item, epoch, left_ms: until.since(now) }
            }
            Outcome::Ended => StreamEvent::LeaseEnded { agent, item, epoch },
            Outcome::Cancelled(reason) => {
                StreamEvent::Cancelled { agent, item, case, epoch, reason }
            }
            Outcome::LetGo => return None,
        })
    }
}

impl Outcome {
    /// What a lease's event means for the one who held it; `events` are those of the net that came with it.
    pub(crate) fn of(leased: &lease::Event<ItemKey>, events: &[Event]) -> Option<Self> {
        Some(match leased {
            lease::Event::Finished { .. } | lease::Event::Returned { .. } => Self::LetGo,
            lease::Event::Failed { how: lease::Failure::Expired, .. } => Self::Ended,
            lease::Event::Failed { how: lease::Failure::Reported, .. } => Self::LetGo,
            lease::Event::HandedOff { .. } => Self::Cancelled(CancelReason::HandedOff),
            lease::Event::Forgotten { item } => Self::Cancelled(reason(item, events)),
            lease::Event::Failed {
                how: lease::Failure::Refused | lease::Failure::Unresolved,
                ..
            }
            | lease::Event::Claimed { .. }
            | lease::Event::Woken { .. }
            | lease::Event::Revived { .. } => return None,
        })
    }
}

/// What took the item away: the first event that did.
fn reason(item: &ItemKey, events: &[Event]) -> CancelReason {
    let found = events.iter().find_map(|event| match event {
        Event::RolledBack { item: back } if back == item => Some(CancelReason::RolledBack),
        Event::Withdrawn { item: gone } if gone == item => Some(CancelReason::Withdrawn),
        Event::Completed { path, task, child, .. }
            if *task == item.task && path.child(*child) == item.path =>
        {
            Some(CancelReason::CompletedElsewhere)
        }
        Event::Exited { path, task, .. } if is_of(item, path, *task) => {
            Some(CancelReason::CompletedElsewhere)
        }
        Event::NetEnded { path, how } if item.path.starts_with(path) => Some(match how {
            NetEnd::Completed | NetEnd::Deadlocked | NetEnd::Emptied | NetEnd::Cancelled => {
                CancelReason::Cancelled
            }
        }),
        Event::CaseEnded { how, .. } => Some(match how {
            CaseEnd::Cancelled => CancelReason::CaseCancelled,
            CaseEnd::Completed | CaseEnd::Deadlocked | CaseEnd::Emptied => CancelReason::CaseEnded,
        }),
        Event::TaskCancelled { .. }
        | Event::RolledBack { .. }
        | Event::Withdrawn { .. }
        | Event::Completed { .. }
        | Event::Exited { .. }
        | Event::NetEnded { .. }
        | Event::Launched { .. }
        | Event::NetStarted { .. }
        | Event::Enabled { .. }
        | Event::Fired { .. }
        | Event::Started { .. }
        | Event::Added { .. }
        | Event::ItemSuspended { .. }
        | Event::ItemUnsuspended { .. }
        | Event::TimerStarted { .. }
        | Event::TimerExpired { .. }
        | Event::DataSet { .. }
        | Event::IncidentRaised { .. }
        | Event::IncidentsCleared
        | Event::CaseSuspended { .. }
        | Event::CaseResumed { .. }
        | Event::Deadlocked { .. }
        | Event::EnablementMapped { .. } => None,
    });
    found.unwrap_or(CancelReason::Cancelled)
}

/// Whether the item is an instance of this task of the net at `path`.
fn is_of(item: &ItemKey, path: &Path, task: TaskIndex) -> bool {
    let net = item.path.parent().map(|(above, _)| above);
    item.task == task && net.as_ref() == Some(path)
}
