//! Sessions: agents of one process or host that are renewed together.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::agent::Lifetime;

/// Asks for a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    /// Where its agents run, for people: at most 128 bytes.
    #[serde(default)]
    pub host: String,
}

/// A session that is open. Renew it, and all its agents are renewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    pub session: u64,
    pub lifetime: Lifetime,
}

/// A session as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionSummary {
    pub session: u64,
    /// Where its agents run, for people.
    pub host: String,
    pub agents: u64,
    pub opened_ms_ago: u64,
    pub renewed_ms_ago: u64,
    /// Whether somebody reads its stream.
    pub streamed: bool,
}

/// Sessions to renew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionRenewals {
    /// At most 10,000.
    pub sessions: Vec<u64>,
}

/// A session that was renewed or closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionAgents {
    pub session: u64,
    /// How many agents it has, or had. A host that knows of more registers them again.
    pub agents: u64,
}
