//! Names of people, of what orders them, and of the work they get.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};
use smol_str::SmolStr;

use crate::ids::{AgentId, InvalidName};

/// Longest name of a person, role, position or group.
const NAME_BYTES_MAX: usize = 128;
/// Longest name of an item or case: a case's id, a path of numbers, a task's id.
const ITEM_BYTES_MAX: usize = 1_024;

/// A checked text: not empty, no control characters, none of `forbidden`.
macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal, $max:expr, $forbidden:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $type(SmolStr);

        impl $type {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = InvalidName;

            /// Space around it does not count.
            fn from_str(text: &str) -> Result<Self, InvalidName> {
                checked($what, text.trim(), $max, $forbidden).map(Self)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                SmolStr::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

name!(
    /// Whoever may be given work: a person, or an agent of the registry under its own name.
    ParticipantId,
    "id of the participant",
    NAME_BYTES_MAX,
    LIST
);
name!(
    /// What several participants can be addressed by.
    RoleId,
    "id of the role",
    NAME_BYTES_MAX,
    LIST
);
name!(
    /// A place in the organisation that participants hold.
    PositionId,
    "id of the position",
    NAME_BYTES_MAX,
    LIST
);
name!(
    /// A part of the organisation that positions belong to.
    GroupId,
    "id of the group",
    NAME_BYTES_MAX,
    LIST
);
name!(
    /// A work item as the interfaces name it, unique over all cases.
    ItemId,
    "id of the item",
    ITEM_BYTES_MAX,
    ANYTHING
);
name!(
    /// The case that an item belongs to.
    CaseId,
    "id of the case",
    ITEM_BYTES_MAX,
    ANYTHING
);

/// A task of a specification: what is piled, and what experience is counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskKey {
    pub specification: SmolStr,
    pub task: SmolStr,
}

impl From<&AgentId> for ParticipantId {
    /// Every agent's name is a participant's: the rules for it are stricter.
    fn from(agent: &AgentId) -> Self {
        Self(SmolStr::new(agent.as_str()))
    }
}

impl fmt::Display for TaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.task, self.specification)
    }
}

/// Characters that separate names where several stand in one text.
const LIST: &[char] = &[','];
const ANYTHING: &[char] = &[];

fn checked(
    what: &'static str,
    text: &str,
    max: usize,
    forbidden: &[char],
) -> Result<SmolStr, InvalidName> {
    match text.len() {
        0 => return Err(InvalidName::Empty { what }),
        bytes if bytes > max => return Err(InvalidName::TooLong { what, bytes, max }),
        _ => {}
    }
    match text.chars().find(|c| c.is_control() || forbidden.contains(c)) {
        Some(found) => {
            let allowed = "anything but control characters and commas";
            Err(InvalidName::Character { what, found, allowed })
        }
        None => Ok(SmolStr::new(text)),
    }
}

#[cfg(test)]
mod tests;
