//! What the caller knows and these rules ask for.

use serde::{Deserialize, Serialize};

use super::{
    ids::{ParticipantId, TaskKey},
    organisation::{Kind, Organisation},
};
use crate::ids::{Capability, Moment};

/// What is known while one item is decided on: of people, of agents, of its case and of its task's past.
pub trait Facts {
    fn organisation(&self) -> &Organisation;

    /// Who has every item of the task.
    fn piled_by(&self, task: &TaskKey) -> Option<&ParticipantId> {
        self.organisation().piled_by(task)
    }

    /// Whether a live agent of that name is in the registry.
    fn is_agent(&self, who: &ParticipantId) -> bool;

    /// Whether that agent can be given work now: it is there, does not drain and is not in quarantine.
    fn agent_takes_work(&self, who: &ParticipantId) -> bool;

    /// Whether that agent is there and has registered the capability.
    fn agent_can(&self, who: &ParticipantId, capability: &Capability) -> bool;

    /// Who completed items of that task in the item's case.
    fn who_completed(&self, task: &str) -> Vec<ParticipantId>;

    /// What a variable of the item's net holds.
    fn variable(&self, name: &str) -> Option<String>;

    /// What is known of somebody's work on the item's task.
    fn experience(&self, who: &ParticipantId) -> Experience;
}

/// Somebody's past with one task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experience {
    pub completed: u64,
    pub last_allocated: Option<Moment>,
    pub last_completed: Option<Moment>,
    pub mean_ms: Means,
    /// Millionths of a unit of account. Not what an item costs: what an hour does.
    pub cost_per_hour: Option<u64>,
}

/// Average times, milliseconds; none where it never happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Means {
    /// From offer to allocation.
    pub to_allocate: Option<u64>,
    /// From allocation to start.
    pub to_start: Option<u64>,
    /// From start to completion.
    pub to_complete: Option<u64>,
    /// From offer to completion.
    pub in_all: Option<u64>,
}

/// Whether anybody of that name can be given work at all.
pub(super) fn is_known(facts: &dyn Facts, who: &ParticipantId) -> bool {
    facts.organisation().participant(who).is_some() || facts.is_agent(who)
}

/// Whether somebody can be given work now. Of an agent that the organisation has too, both must say so.
pub(super) fn is_available(facts: &dyn Facts, who: &ParticipantId) -> bool {
    match facts.organisation().participant(who) {
        None => facts.agent_takes_work(who),
        Some(participant) => match participant.kind {
            Kind::Person => participant.is_available,
            Kind::Agent => participant.is_available && facts.agent_takes_work(who),
        },
    }
}

/// Whether somebody has the capability, by the organisation or by registration.
pub(super) fn is_capable(facts: &dyn Facts, who: &ParticipantId, capability: &str) -> bool {
    // What is no capability nobody has.
    let Ok(capability) = capability.parse::<Capability>() else { return false };
    let person = facts.organisation().participant(who);
    person.is_some_and(|person| person.capabilities.contains(&capability))
        || facts.agent_can(who, &capability)
}
