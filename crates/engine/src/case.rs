//! The state of one case: its running nets, its work items, its data. Written by `apply` alone.

mod item;
mod marking;
mod runner;
mod task_set;

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

pub use self::{
    item::{Item, ItemStatus},
    marking::Marking,
    runner::{Busy, Instance, InstanceState, Runner, TimerState},
    task_set::TaskSet,
};
use crate::{
    event::CaseEnd,
    ids::{CaseId, ItemKey, Path, TaskIndex},
    small_map::SmallMap,
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
    pub runners: SmallMap<Path, Runner, 1>,
    pub items: SmallMap<ItemKey, Item, 2>,
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

impl Case {
    /// A case of which nothing has happened: what `apply` starts from.
    pub fn new(id: CaseId) -> Self {
        Self {
            id,
            status: CaseStatus::Running,
            launched_at_ms: 0,
            ended_at_ms: None,
            launch_data: None,
            runners: SmallMap::default(),
            items: SmallMap::default(),
            output: None,
            incidents: BTreeMap::new(),
            groups: 0,
        }
    }

    /// The case is over.
    pub fn has_ended(&self) -> bool {
        matches!(self.status, CaseStatus::Ended(_))
    }

    /// Whether the task waits for a person.
    pub(crate) fn has_incident(&self, path: &Path, task: TaskIndex) -> bool {
        !self.incidents.is_empty() && self.incidents.contains_key(&(path.clone(), task))
    }

    /// When the next timer fires or the case starts, milliseconds since 1970. Send
    /// [`crate::Command::FireDue`] then; sooner or twice does no harm.
    pub fn next_due_ms(&self) -> Option<i64> {
        match self.status {
            CaseStatus::Scheduled { start_at_ms } => Some(start_at_ms),
            CaseStatus::Running | CaseStatus::Suspended => {
                self.items.values().filter_map(Item::timer_due_ms).min()
            }
            CaseStatus::Ended(_) => None,
        }
    }
}
