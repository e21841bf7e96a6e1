//! The agent-registry service: the requests and replies that agents of existing deployments know.
//!
//! Names are in camel case, as those agents write them, and unknown fields are passed over: such agents send more
//! than they must, and cannot be changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An agent registers itself. Takes both bodies that are in use: `capabilities`, `host` and `port` (AgentInfo), or
/// `type`, `capability`, `endpoint` and `sessionId` (ADR-025). One of `capabilities` and `capability` must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<Domain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Kind of agent, such as `MCP_CLIENT`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// What an agent is good at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Domain {
    pub domain_name: String,
    #[serde(default)]
    pub description: String,
}

/// What became of an agent: `registered`, `unregistered`, or `ok` after a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    pub status: String,
    pub agent_id: String,
}

/// A registered agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentInfo {
    pub id: String,
    pub name: String,
    /// All that it can do.
    pub capabilities: Vec<String>,
    pub capability: Domain,
    pub endpoint: Option<String>,
    pub version: String,
    pub metadata: BTreeMap<String, String>,
    /// `INITIALIZING`, `DISCOVERING`, `PROCESSING`, `STOPPING` or `STOPPED`.
    pub lifecycle: String,
    /// `live`, `stale` or `dead`.
    pub liveness: String,
    pub last_heartbeat_ms_ago: u64,
}

/// An agent's card: what other agents read before they talk to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// The domain and the word `Agent`.
    pub name: String,
    pub description: String,
    pub version: String,
    pub url: Option<String>,
    pub capabilities: CardCapabilities,
    pub skills: Vec<Skill>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardCapabilities {
    pub domain: String,
}

/// Something that an agent can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    pub id: String,
    pub name: String,
    pub description: String,
}

/// Whether an agent lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentHealth {
    /// `ok` while it is live, else `stale`.
    pub status: String,
    pub agent: String,
    pub lifecycle: String,
}

/// Whether an agent takes work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    pub domain: String,
    pub available: bool,
    /// `normal`, or `none` while it is not available.
    pub capacity: String,
}
