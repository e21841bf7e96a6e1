//! From what clients send to what the node takes: names and numbers are checked here, and nowhere behind.

mod offering;
pub(crate) mod organisation;
pub(crate) mod review;
mod search;
pub(crate) mod worklist;

use std::{str::FromStr, sync::Arc};

use agents::{
    AgentId, Capability, Epoch,
    marketplace::Offering,
    registry::{
        self, AgentState, Capabilities, Liveness, Metadata, Profile, Registration, Text, Who,
    },
};
use wire::agent;

pub(crate) use self::{offering::offering, search::search};
use crate::problem::{Code, Failure};

/// An agent that registers, with what it offers.
pub(crate) struct Arriving {
    pub(crate) registration: Registration,
    pub(crate) offering: Option<Arc<Offering>>,
}

pub(crate) fn arriving(from: agent::Registration) -> Result<Arriving, Failure> {
    let id = agent_id(&from.agent)?;
    let capabilities = capabilities(&from.capabilities)?;
    let capabilities =
        Capabilities::new(capabilities).map_err(|many| invalid("capabilities", &many))?;
    let profile = Profile {
        name: text("name", &from.name)?,
        description: text("description", &from.description)?,
        version: text("version", &from.version)?,
        endpoint: text("endpoint", &from.endpoint)?,
        metadata: metadata(&from)?,
    };
    // Agents that say nothing share nothing.
    let profile = (profile != Profile::default()).then(|| Arc::new(profile));
    let offering = from.offering.map(offering).transpose()?;
    Ok(Arriving { registration: Registration { id, capabilities, profile }, offering })
}

fn metadata(from: &agent::Registration) -> Result<Metadata, Failure> {
    let entry = |(key, value): (&String, &String)| {
        Ok((text("metadata", key)?, text(&format!("metadata.{key}"), value)?))
    };
    let entries = from.metadata.iter().map(entry).collect::<Result<_, Failure>>()?;
    Metadata::new(entries).map_err(|many| invalid("metadata", &many))
}

/// A text that people read.
pub(crate) fn text<const MAX: usize>(field: &str, from: &str) -> Result<Text<MAX>, Failure> {
    from.parse().map_err(|error| invalid(field, &error))
}

fn invalid(field: &str, error: &dyn std::error::Error) -> Failure {
    Failure::new(Code::RegistrationInvalid, format!("{field}: {error}"))
}

pub(crate) fn agent_id(from: &str) -> Result<AgentId, Failure> {
    from.parse()
        .map_err(|error: agents::InvalidName| Failure::new(Code::NotAnAgentId, error.to_string()))
}

/// The id of a participant, role, position or group.
pub(crate) fn name<T: FromStr<Err = agents::InvalidName>>(from: &str) -> Result<T, Failure> {
    from.parse()
        .map_err(|error: agents::InvalidName| Failure::new(Code::NotAName, error.to_string()))
}

pub(crate) fn capability(from: &str) -> Result<Capability, Failure> {
    from.parse()
        .map_err(|error: agents::InvalidName| Failure::new(Code::NotACapability, error.to_string()))
}

pub(crate) fn capabilities(from: &[String]) -> Result<Vec<Capability>, Failure> {
    from.iter().map(|one| capability(one)).collect()
}

pub(crate) fn incarnation(from: agent::Incarnation) -> Result<registry::Incarnation, Failure> {
    life_of(&from.agent, from.epoch)
}

/// The agent of that name in its life of that epoch.
pub(crate) fn life_of(agent: &str, epoch: u64) -> Result<registry::Incarnation, Failure> {
    Ok(registry::Incarnation { who: Who::Id(agent_id(agent)?), epoch: Epoch(epoch) })
}

/// One of the five states, or of the reference's nine.
pub(crate) fn agent_state(from: &str) -> Result<AgentState, Failure> {
    AgentState::from_str(from).map_err(|unknown| {
        let names = AgentState::ALL.map(AgentState::as_str).join(", ");
        Failure::new(Code::UnknownState, format!("{unknown}; use one of {names}"))
    })
}

pub(crate) fn liveness(from: &str) -> Result<Liveness, Failure> {
    match from {
        "live" => Ok(Liveness::Live),
        "stale" => Ok(Liveness::Stale),
        "dead" => Ok(Liveness::Dead),
        other => {
            let detail = format!("no agent is {other:?}; use live, stale or dead");
            Err(Failure::new(Code::MalformedQuery, detail))
        }
    }
}
