//! The state of one case: its running nets, its work items, its data. Written by `apply` alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{
    event::{CaseEnd, Completion, NetEnd},
    ids::{CaseId, ConditionIndex, ItemKey, NetIndex, Path, TaskIndex, VariableIndex},
};

/// One case. Serialised whole for snapshots; cheap to clone, since data is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    pub status: CaseStatus,
    pub launched_at_ms: i64,
    pub ended_at_ms: Option<i64>,
    /// What the caller gave at launch, kept until the root net starts.
    pub launch_data: Option<Arc<str>>,
    /// Running nets by path; the root net is at the empty path.
    pub runners: BTreeMap<Path, Runner>,
    pub items: BTreeMap<ItemKey, Item>,
    /// Output data of the root net, once completed.
    pub output: Option<Arc<str>>,
    pub incidents: BTreeMap<(Path, TaskIndex), Arc<str>>,
    /// Deferred choices made so far: gives each group of items its number.
    pub groups: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaseStatus {
    /// Waits for its start.
    Scheduled {
        start_at_ms: i64,
    },
    Running,
    /// Asked to suspend: work in progress may finish, nothing new is enabled.
    Suspended,
    Ended(CaseEnd),
}

impl CaseStatus {
    /// `scheduled`, `running`, `suspended`, `completed`, `deadlocked`, `emptied`, `cancelled`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scheduled { .. } => "scheduled",
            Self::Running => "running",
            Self::Suspended => "suspended",
            Self::Ended(CaseEnd::Completed) => "completed",
            Self::Ended(CaseEnd::Deadlocked) => "deadlocked",
            Self::Ended(CaseEnd::Emptied) => "emptied",
            Self::Ended(CaseEnd::Cancelled) => "cancelled",
        }
    }
}

/// One running net.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runner {
    pub net: NetIndex,
    /// Tokens per condition.
    pub marking: Vec<u32>,
    pub enabled: BTreeSet<TaskIndex>,
    pub busy: BTreeMap<TaskIndex, Busy>,
    /// Absent means dormant.
    pub timers: BTreeMap<TaskIndex, TimerState>,
    /// Children numbered so far.
    pub children: u32,
    /// One XML element per variable of the net.
    pub data: Vec<Arc<str>>,
    /// A subnet that is over and never reached its end.
    pub stuck: Option<NetEnd>,
}

/// A busy task's instances, by child number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    pub active: BTreeSet<u32>,
    pub entered: BTreeSet<u32>,
    pub executing: BTreeSet<u32>,
    pub complete: BTreeSet<u32>,
    /// Input data per child.
    pub inputs: BTreeMap<u32, Arc<str>>,
    /// Results that wait for the exit; the last finisher wins.
    pub writes: BTreeMap<VariableIndex, Arc<str>>,
    /// Results for the joining query, in the order of completion.
    pub grouped: Vec<Arc<str>>,
}

/// The state of a task's timer variable, as `timer(T) = '...'` sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimerState {
    Active,
    Closed,
    Expired,
}

/// A work item that may still be acted on or has not left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub status: ItemStatus,
    /// What a suspended item goes back to.
    pub before_suspension: Option<ItemStatus>,
    /// Items of one deferred choice share a number.
    pub group: Option<u32>,
    pub enabled_at_ms: i64,
    pub started_at_ms: Option<i64>,
    pub completed_at_ms: Option<i64>,
    /// Milliseconds since 1970 at which the running timer fires.
    pub timer_due_ms: Option<i64>,
    /// The result, once completed.
    pub output: Option<Arc<str>>,
    /// What an enabled item shows before it has input data (`enablementMappings`).
    pub enablement: Option<Arc<str>>,
}

/// The statuses of `reference 3.2` that an item in the state can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ItemStatus {
    Enabled,
    Fired,
    Executing,
    Complete,
    IsParent,
    Deadlocked,
    Suspended,
    ForcedComplete,
    Failed,
}

impl ItemStatus {
    /// The status on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Fired => "Fired",
            Self::Executing => "Executing",
            Self::Complete => "Complete",
            Self::IsParent => "Is parent",
            Self::Deadlocked => "Deadlocked",
            Self::Suspended => "Suspended",
            Self::ForcedComplete => "ForcedComplete",
            Self::Failed => "Failed",
        }
    }

    /// Enabled, fired or executing.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Enabled | Self::Fired | Self::Executing)
    }
}

impl fmt::Display for ItemStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Completion> for ItemStatus {
    fn from(how: Completion) -> Self {
        match how {
            Completion::Normal | Completion::Skipped => Self::Complete,
            Completion::Forced => Self::ForcedComplete,
            Completion::Failed => Self::Failed,
        }
    }
}

impl Case {
    /// A case of which nothing has happened: what `apply` starts from.
    pub fn new(id: CaseId) -> Self {
        Self {
            id,
            status: CaseStatus::Running,
            launched_at_ms: 0,
            ended_at_ms: None,
            launch_data: None,
            runners: BTreeMap::new(),
            items: BTreeMap::new(),
            output: None,
            incidents: BTreeMap::new(),
            groups: 0,
        }
    }

    /// The case is over.
    pub fn has_ended(&self) -> bool {
        matches!(self.status, CaseStatus::Ended(_))
    }

    /// When the next timer fires or the case starts, milliseconds since 1970. Send
    /// [`crate::Command::FireDue`] then; sooner or twice does no harm.
    pub fn next_due_ms(&self) -> Option<i64> {
        match self.status {
            CaseStatus::Scheduled { start_at_ms } => Some(start_at_ms),
            CaseStatus::Running | CaseStatus::Suspended => {
                self.items.values().filter_map(|item| item.timer_due_ms).min()
            }
            CaseStatus::Ended(_) => None,
        }
    }
}

impl Runner {
    /// Tokens in a condition.
    pub fn tokens(&self, condition: ConditionIndex) -> u32 {
        self.marking[condition.0 as usize]
    }

    /// No token anywhere: neither in a condition nor in a task.
    pub fn is_empty(&self) -> bool {
        self.busy.is_empty() && self.marking.iter().all(|tokens| *tokens == 0)
    }
}
