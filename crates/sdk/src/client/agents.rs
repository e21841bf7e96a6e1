//! Agents: register, renew, say what they do, leave.

use wire::agent::{
    Agent, AgentDone, AgentNames, Incarnation, Incarnations, Registered, RegistrationBatch,
    Registrations, Renewed, StateChange, StateChanges, StateSet,
};

use super::{Client, Each, Repeat, each};
use crate::error::Error;

/// Agents that were registered, each with its outcome, and how to stay registered.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrolment {
    pub results: Each<Registered>,
    pub lifetime: wire::agent::Lifetime,
}

impl Client {
    /// Registers agents. Repeating it is a renewal.
    pub async fn register(&self, batch: &RegistrationBatch) -> Result<Enrolment, Error> {
        let answer: Registrations = self.post("/api/v1/agents", batch, Repeat::Safe).await?;
        let results = each(answer.results, batch.agents.len())?;
        Ok(Enrolment { results, lifetime: answer.lifetime })
    }

    /// Renews agents by name and epoch. Those of a session are renewed with it.
    pub async fn renew_agents(&self, agents: Vec<Incarnation>) -> Result<Each<Renewed>, Error> {
        let (asks, count) = incarnations(agents);
        self.post_batch("/api/v1/agents/renew", &asks, count).await
    }

    /// Says what agents are doing, which renews them.
    pub async fn set_agent_states(
        &self,
        changes: Vec<StateChange>,
    ) -> Result<Each<StateSet>, Error> {
        let count = changes.len();
        self.post_batch("/api/v1/agents/states", &StateChanges { changes }, count).await
    }

    /// Lets agents finish what they hold and gives them nothing new.
    pub async fn drain_agents(&self, agents: Vec<String>) -> Result<Each<AgentDone>, Error> {
        let count = agents.len();
        self.post_batch("/api/v1/agents/drain", &AgentNames { agents }, count).await
    }

    /// Takes agents out of the registry. What they hold ends with its leases.
    pub async fn deregister(&self, agents: Vec<Incarnation>) -> Result<Each<AgentDone>, Error> {
        let (asks, count) = incarnations(agents);
        self.post_batch("/api/v1/agents/deregister", &asks, count).await
    }

    pub async fn agent(&self, name: &str) -> Result<Agent, Error> {
        self.get(&format!("/api/v1/agents/{}", wire::segment::encode(name))).await
    }
}

fn incarnations(agents: Vec<Incarnation>) -> (Incarnations, usize) {
    let count = agents.len();
    (Incarnations { agents }, count)
}
