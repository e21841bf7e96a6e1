//! The organisation: participants, and the roles, positions and groups that they can be found by.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whoever may be given work by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Participant {
    pub participant: String,
    #[serde(flatten)]
    pub is: ParticipantEntry,
}

/// What is known of a participant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParticipantEntry {
    #[serde(default)]
    pub kind: ParticipantKind,
    #[serde(default)]
    pub name: String,
    /// What variables of a net name the participant by: unique. The id where it is left out.
    #[serde(default)]
    pub login: String,
    /// At most 200 ids of roles.
    #[serde(default)]
    pub roles: Vec<String>,
    /// At most 200 ids of positions.
    #[serde(default)]
    pub positions: Vec<String>,
    /// At most 200. Those of an agent's registration need not be repeated.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Of `canChooseItemToStart`, `canStartConcurrent`, `canReorder`, `canViewTeamItems`, `canViewOrgGroupItems`,
    /// `canChainExecution` and `canManageCases`.
    #[serde(default)]
    pub privileges: Vec<String>,
    /// Whether work can be given now.
    #[serde(default = "yes")]
    pub available: bool,
    /// What an hour costs, in millionths of a unit of account: for the allocators that ask what work costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_per_hour: Option<u64>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParticipantKind {
    #[default]
    Person,
    /// An agent under the name that it registers with. It is given work only while it is registered.
    Agent,
}

/// What several participants can be addressed by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Role {
    pub role: String,
    #[serde(flatten)]
    pub is: RoleEntry,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleEntry {
    #[serde(default)]
    pub name: String,
    /// The role that its members have too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
}

/// A place in the organisation that participants hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Position {
    pub position: String,
    #[serde(flatten)]
    pub is: PositionEntry,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionEntry {
    #[serde(default)]
    pub name: String,
    /// The group that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A part of the organisation that positions belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    pub group: String,
    #[serde(flatten)]
    pub is: GroupEntry,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupEntry {
    #[serde(default)]
    pub name: String,
    /// The group that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
}
