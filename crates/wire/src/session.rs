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
