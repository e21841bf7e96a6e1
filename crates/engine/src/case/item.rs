//! A work item: what a person or an agent sees of a task that is enabled or busy.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::event::Completion;

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
    /// What few items have.
    rare: Option<Box<Rare>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Rare {
    completed_at_ms: Option<i64>,
    timer_due_ms: Option<i64>,
    output: Option<Arc<str>>,
    enablement: Option<Arc<str>>,
}

impl Item {
    pub(crate) fn new(status: ItemStatus, group: Option<u32>, enabled_at_ms: i64) -> Self {
        Self {
            status,
            before_suspension: None,
            group,
            enabled_at_ms,
            started_at_ms: None,
            rare: None,
        }
    }

    pub fn completed_at_ms(&self) -> Option<i64> {
        self.rare.as_ref()?.completed_at_ms
    }

    /// Milliseconds since 1970 at which the running timer fires.
    pub fn timer_due_ms(&self) -> Option<i64> {
        self.rare.as_ref()?.timer_due_ms
    }

    /// The result, once completed.
    pub fn output(&self) -> Option<&Arc<str>> {
        self.rare.as_ref()?.output.as_ref()
    }

    /// What an enabled item shows before it has input data (`enablementMappings`).
    pub fn enablement(&self) -> Option<&Arc<str>> {
        self.rare.as_ref()?.enablement.as_ref()
    }

    /// The item as it stands, without its result.
    #[must_use]
    pub fn without_output(&self) -> Self {
        let mut item = self.clone();
        if let Some(rare) = &mut item.rare {
            rare.output = None;
        }
        item
    }

    pub(crate) fn complete(&mut self, how: Completion, output: &Arc<str>, at_ms: i64) {
        self.status = how.into();
        let rare = self.rare.get_or_insert_default();
        rare.completed_at_ms = Some(at_ms);
        rare.output = Some(output.clone());
        rare.timer_due_ms = None;
    }

    pub(crate) fn set_timer(&mut self, due_ms: Option<i64>) {
        if due_ms.is_some() || self.rare.is_some() {
            self.rare.get_or_insert_default().timer_due_ms = due_ms;
        }
    }

    pub(crate) fn show_enablement(&mut self, data: &Arc<str>) {
        self.rare.get_or_insert_default().enablement = Some(data.clone());
    }
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
