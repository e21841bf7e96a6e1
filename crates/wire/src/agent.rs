//! Agents: register, renew, say what they do, drain, quarantine, list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{offering::Offering, outcome::Outcome};

/// Registers agents: one, or up to 10,000 under one durable write.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationBatch {
    /// The session that renews them. Without one each is renewed by its own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<u64>,
    pub agents: Vec<Registration>,
}

/// What an agent says about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Its name, unique on this server: 1 to 128 letters, digits and `. _ : @ / -`.
    pub agent: String,
    /// What it can do: at most 64 words or phrases, compared without regard to case.
    pub capabilities: Vec<String>,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub version: String,
    /// Where the agent itself can be reached, if it can.
    #[serde(default)]
    pub endpoint: String,
    /// Anything else: at most 16 entries.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// Published on the marketplace in the same call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offering: Option<Offering>,
}

/// What became of each registration, and how to stay registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Registrations {
    /// In the order of the request.
    pub results: Vec<Outcome<Registered>>,
    pub lifetime: Lifetime,
}

/// An agent is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Registered {
    pub agent: String,
    pub slot: u32,
    /// Of this life: shown with everything that the agent asks for.
    pub epoch: u64,
    pub arrival: Arrival,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Arrival {
    New,
    /// It was there and says nothing new.
    Same,
    /// It was there and says something new; epoch and held items remain.
    Updated,
    /// Its name was there under another session: a new life with a new epoch.
    Replaced,
}

/// How long an agent that is not renewed stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lifetime {
    /// Renew so often: one renewal may then be lost.
    pub renew_every_ms: u64,
    /// From then on it gets no work and is not found.
    pub stale_after_ms: u64,
    /// From then on it is gone and registers again.
    pub dead_after_ms: u64,
}

/// An agent in one of its lives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Incarnation {
    pub agent: String,
    /// As the registration gave it.
    pub epoch: u64,
}

/// Agents in their present lives: to renew, to deregister, to take off the marketplace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Incarnations {
    /// At most 10,000.
    pub agents: Vec<Incarnation>,
}

/// What a renewed agent should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Renewed {
    pub agent: String,
    /// Finish what is held; nothing new is given.
    pub draining: bool,
    pub quarantined: bool,
}

/// What agents say that they are doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StateChanges {
    /// At most 10,000.
    pub changes: Vec<StateChange>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StateChange {
    pub agent: String,
    pub epoch: u64,
    /// `INITIALIZING`, `DISCOVERING`, `PROCESSING`, `STOPPING` or `STOPPED`; also `CREATED` (the first), `REASONING`,
    /// `ACTING`, `REPORTING` (processing) and `FAILED` (stopped).
    pub state: String,
}

/// The state that an agent is in now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StateSet {
    pub agent: String,
    pub state: String,
    /// Whether it was in another one before.
    pub changed: bool,
}

/// Agents by name, in whichever life: to drain, to release from quarantine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentNames {
    /// At most 10,000.
    pub agents: Vec<String>,
}

/// No more work for agents of these names until they are released, whether they are there now or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuarantineBatch {
    /// At most 10,000.
    pub agents: Vec<String>,
    /// For people: at most 256 bytes.
    pub reason: String,
}

/// The agent that was acted on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentDone {
    pub agent: String,
}

/// A name that is in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quarantined {
    pub agent: String,
    /// Whether an agent of this name is registered now.
    pub registered: bool,
}

/// A name that is not in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Released {
    pub agent: String,
    /// Whether it had been.
    pub was_quarantined: bool,
}

/// A registered agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    pub agent: String,
    pub slot: u32,
    pub epoch: u64,
    pub session: Option<u64>,
    /// Of its session.
    pub host: Option<String>,
    pub capabilities: Vec<String>,
    pub name: String,
    pub description: String,
    pub version: String,
    pub endpoint: String,
    pub metadata: BTreeMap<String, String>,
    /// `INITIALIZING`, `DISCOVERING`, `PROCESSING`, `STOPPING` or `STOPPED`.
    pub state: String,
    /// `live`, `stale` or `dead`.
    pub liveness: String,
    pub renewed_ms_ago: u64,
    pub draining: bool,
    /// Why it is in quarantine, if it is.
    pub quarantine: Option<String>,
    /// What it offers on the marketplace. Lists leave it out (null).
    pub offering: Option<Offering>,
}

/// How many agents there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    pub registered: u64,
    /// As of the last look, a tenth of a second ago.
    pub live: u64,
    /// Registered and not live.
    pub stale: u64,
    pub draining: u64,
    /// Names in quarantine, whether an agent has them now or not.
    pub quarantined: u64,
    /// By state, such as `DISCOVERING`.
    pub states: BTreeMap<String, u64>,
}
