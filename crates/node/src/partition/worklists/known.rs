//! What the rules of distribution may ask: the organisation, the registry, the item's case, the past.

use std::sync::RwLockReadGuard;

use agents::{
    AgentId, Capability, Moment,
    registry::{Incarnation, Registry, Who},
    resourcing::{
        self, Experience, Facts, History, Organisation, ParticipantId, TaskKey, organisation::Kind,
    },
};
use engine::{Case, ItemKey, Program, view};

/// What holds for all that is decided in one go.
pub(super) struct Ground<'a> {
    pub(super) organisation: &'a Organisation,
    pub(super) registry: RwLockReadGuard<'a, Registry>,
    pub(super) now: Moment,
}

/// What is known while one item is decided on.
pub(super) struct Known<'a> {
    pub(super) ground: &'a Ground<'a>,
    pub(super) histories: &'a [History],
    /// Of the partition that decides: its own cases are in it.
    pub(super) own: usize,
    pub(super) case: &'a resourcing::CaseId,
    pub(super) task: &'a TaskKey,
    /// Where the item is, if it is there.
    pub(super) place: Option<(&'a Program, &'a Case, &'a ItemKey)>,
    /// What was completed by the decision that this belongs to.
    pub(super) completed: &'a [(TaskKey, ParticipantId)],
}

impl Ground<'_> {
    /// Whether the participant is a program that works under leases: an agent of the registry, or one that the
    /// organisation knows as such.
    pub(super) fn works_as_agent(&self, who: &ParticipantId) -> Option<AgentId> {
        let is_agent = match self.organisation.participant(who).map(|known| known.kind) {
            Some(Kind::Person) => false,
            Some(Kind::Agent) | None => true,
        };
        who.as_str().parse().ok().filter(|_| is_agent)
    }

    /// Whether nobody of that name can come back to its work by itself: no person has it, and no agent of it is
    /// registered.
    pub(super) fn is_gone(&self, who: &ParticipantId) -> bool {
        match self.organisation.participant(who).map(|known| known.kind) {
            Some(Kind::Person) => false,
            Some(Kind::Agent) | None => !self.is_registered(who),
        }
    }

    fn is_registered(&self, who: &ParticipantId) -> bool {
        let id: Option<AgentId> = who.as_str().parse().ok();
        id.is_some_and(|id| self.registry.state().by_id(&id).is_some())
    }
}

impl Facts for Known<'_> {
    fn organisation(&self) -> &Organisation {
        self.ground.organisation
    }

    fn is_agent(&self, who: &ParticipantId) -> bool {
        self.ground.is_registered(who)
    }

    fn agent_takes_work(&self, who: &ParticipantId) -> bool {
        let state = self.ground.registry.state();
        let Ok(id) = who.as_str().parse::<AgentId>() else { return false };
        let Some((slot, agent)) = state.by_id(&id) else { return false };
        let whom = Incarnation { who: Who::Slot(slot), epoch: agent.epoch() };
        state.may_claim(&whom, self.ground.now).is_ok()
    }

    fn agent_can(&self, who: &ParticipantId, capability: &Capability) -> bool {
        let Ok(id) = who.as_str().parse::<AgentId>() else { return false };
        let agent = self.ground.registry.state().by_id(&id);
        agent.is_some_and(|(_, agent)| agent.capabilities().iter().any(|own| own == capability))
    }

    fn who_completed(&self, task: &str) -> Vec<ParticipantId> {
        let mut who = self.histories[self.own].who_completed(self.case, task);
        let now = self.completed.iter().filter(|(done, _)| done.task == task);
        who.extend(now.map(|(_, by)| by.clone()));
        who
    }

    fn variable(&self, name: &str) -> Option<String> {
        let (program, case, key) = self.place?;
        view::variable(program, case, key, name)
    }

    fn experience(&self, who: &ParticipantId) -> Experience {
        let cost_per_hour =
            self.organisation().participant(who).and_then(|known| known.cost_per_hour);
        Experience { cost_per_hour, ..History::experience(self.histories, self.task, who) }
    }
}
