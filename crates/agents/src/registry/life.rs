//! States of an agent, and which may follow which.
//!
//! ```text
//!   INITIALIZING ──▶ DISCOVERING ◀──▶ PROCESSING          any state ──▶ itself: quietly nothing
//!        └────────────────┴────────────────┴──▶ STOPPING ──▶ STOPPED      (any ──▶ STOPPED: it failed)
//! ```
//!
//! An agent that finds no work stays in DISCOVERING, one that declines goes back to it from PROCESSING, and nobody
//! comes back from STOPPING: who starts again registers again.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What an agent says that it is doing. Stored by its place: add at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AgentState {
    Initializing,
    Discovering,
    Processing,
    Stopping,
    Stopped,
}

/// A word that names no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no state {0:?}")]
pub struct UnknownState(pub String);

/// Every state with its name and the names of the reference that mean the same.
const NAMES: [(AgentState, &str, &[&str]); 5] = [
    (AgentState::Initializing, "INITIALIZING", &["CREATED"]),
    (AgentState::Discovering, "DISCOVERING", &[]),
    (AgentState::Processing, "PROCESSING", &["REASONING", "ACTING", "REPORTING"]),
    (AgentState::Stopping, "STOPPING", &[]),
    (AgentState::Stopped, "STOPPED", &["FAILED"]),
];

impl AgentState {
    pub const ALL: [Self; 5] =
        [Self::Initializing, Self::Discovering, Self::Processing, Self::Stopping, Self::Stopped];

    /// The name in the interfaces and in the label `state` of metrics.
    pub fn as_str(self) -> &'static str {
        NAMES[self.place()].1
    }

    /// One of the reference's nine states as one of these five; these five as themselves.
    pub fn from_reference(name: &str) -> Option<Self> {
        let means = |(state, own, others): &(Self, &str, &[&str])| {
            (*own == name || others.contains(&name)).then_some(*state)
        };
        NAMES.iter().find_map(means)
    }

    /// Whether an agent in this state may say next that it is in `next`.
    pub fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Initializing, Self::Processing) => false,
            (
                Self::Initializing | Self::Discovering | Self::Processing,
                Self::Discovering | Self::Processing | Self::Stopping | Self::Stopped,
            )
            | (Self::Initializing, Self::Initializing)
            | (Self::Stopping, Self::Stopping | Self::Stopped)
            | (Self::Stopped, Self::Stopped) => true,
            (Self::Discovering | Self::Processing, Self::Initializing)
            | (Self::Stopping, Self::Initializing | Self::Discovering | Self::Processing)
            | (
                Self::Stopped,
                Self::Initializing | Self::Discovering | Self::Processing | Self::Stopping,
            ) => false,
        }
    }

    /// Whether it takes work: an agent that claims at once need not have said that it discovers.
    pub fn takes_work(self) -> bool {
        match self {
            Self::Initializing | Self::Discovering | Self::Processing => true,
            Self::Stopping | Self::Stopped => false,
        }
    }

    pub(super) fn place(self) -> usize {
        match self {
            Self::Initializing => 0,
            Self::Discovering => 1,
            Self::Processing => 2,
            Self::Stopping => 3,
            Self::Stopped => 4,
        }
    }
}

impl FromStr for AgentState {
    type Err = UnknownState;

    fn from_str(name: &str) -> Result<Self, UnknownState> {
        Self::from_reference(name).ok_or_else(|| UnknownState(name.to_owned()))
    }
}

impl fmt::Display for AgentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
