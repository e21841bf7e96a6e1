//! Whether a case can go wrong: what is told of each net, and the walks that show it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::specification::Finding;

/// What is known of a specification's soundness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SoundnessDetail {
    /// The worst of any net.
    pub outcome: Soundness,
    /// In document order.
    pub nets: Vec<NetSoundness>,
}

/// Whether every case can complete, with nothing left behind, and every task can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Soundness {
    Sound,
    /// A finding of a rule `sound-*` has the walk that shows it.
    Unsound,
    /// Not all states were seen, and nothing was found in those that were.
    Undecided,
}

/// Each net is judged alone; a composite task counts as one that ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NetSoundness {
    pub net: String,
    pub outcome: Soundness,
    /// From wherever a case is it can still complete.
    pub option_to_complete: Answer,
    /// When a case completes no token is left.
    pub proper_completion: Answer,
    /// Every task can start in some case.
    pub no_dead_tasks: Answer,
    /// A case can complete, and the other two hold.
    pub weakly_sound: Answer,
    /// States looked at and OR-joins tested.
    pub states: u64,
    /// Why the search ended before all states were seen.
    pub open: Option<String>,
    pub findings: Vec<SoundnessFinding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    Yes,
    No,
    Unknown,
}

/// A way in which a case can go wrong, or advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SoundnessFinding {
    #[serde(flatten)]
    pub finding: Finding,
    /// How to get there, from the launch on. Empty where nothing has to happen, for advice, and for a walk of more than 500 steps.
    pub walk: Vec<Step>,
    /// What can then be repeated for ever.
    pub cycle: Vec<Step>,
}

/// One step of a walk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// Which task, and what was chosen where there was a choice.
    pub text: String,
    /// Tokens of each marked condition, after the step.
    pub tokens: BTreeMap<String, u32>,
    /// Busy tasks, after the step.
    pub busy: Vec<String>,
}
