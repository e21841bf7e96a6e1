//! Names and numbers of agents, sessions, capabilities and leases, and the moments that they end at.
//!
//! Names are checked where they come in; inside they are taken as they are.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};
use smol_str::SmolStr;

/// Longest name of an agent: it is part of paths, log lines and index entries.
pub const AGENT_ID_BYTES_MAX: usize = 128;
/// Longest capability. The id of a decomposition is one where nothing else is said.
pub const CAPABILITY_BYTES_MAX: usize = 2_048;

/// Name of an agent, unique in the registry: letters, digits and `. _ : @ / -`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct AgentId(SmolStr);

/// What an agent can do and a task asks for: one word or phrase, compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Capability(SmolStr);

/// Place of an agent in the registry, used again after the agent is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot(pub u32);

/// A group of agents that are renewed together, as those of one process. Never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SessionId(pub u64);

/// Fencing number: of two holders the one with the greater epoch is the present one. Starts at 1.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Epoch(pub u64);

/// Milliseconds on a line that never runs backwards and goes on after a restart. Not the wall clock.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Moment {
    pub ms: u64,
}

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    #[error("the {what} is empty")]
    Empty { what: &'static str },
    #[error("the {what} has {bytes} bytes, at most {max} are allowed")]
    TooLong { what: &'static str, bytes: usize, max: usize },
    #[error("the {what} has {found:?}, allowed are {allowed}")]
    Character { what: &'static str, found: char, allowed: &'static str },
}

impl AgentId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Capability {
    /// What only the agent of this name can do: to be asked by name. No text reads as such a capability, since
    /// reading leaves no capitals.
    pub fn of_agent(agent: &AgentId) -> Self {
        Self(smol_str::format_smolstr!("AGENT:{agent}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Moment {
    /// This moment and `ms` milliseconds.
    #[must_use]
    pub fn after(self, ms: u64) -> Self {
        Self { ms: self.ms.saturating_add(ms) }
    }

    /// Milliseconds since `earlier`; none if that is later.
    pub fn since(self, earlier: Self) -> u64 {
        self.ms.saturating_sub(earlier.ms)
    }
}

impl FromStr for AgentId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let what = "id of the agent";
        within(what, text, AGENT_ID_BYTES_MAX)?;
        let allowed =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '@' | '/' | '-');
        if let Some(found) = text.chars().find(|c| !allowed(*c)) {
            let allowed = "letters, digits and . _ : @ / -";
            return Err(InvalidName::Character { what, found, allowed });
        }
        Ok(Self(SmolStr::new(text)))
    }
}

impl FromStr for Capability {
    type Err = InvalidName;

    /// Space around it does not count, nor do capitals.
    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let (what, text) = ("capability", text.trim());
        within(what, text, CAPABILITY_BYTES_MAX)?;
        if let Some(found) = text.chars().find(|c| c.is_control()) {
            return Err(InvalidName::Character { what, found, allowed: "no control characters" });
        }
        Ok(Self(if text.chars().any(char::is_uppercase) {
            SmolStr::new(text.to_lowercase())
        } else {
            SmolStr::new(text)
        }))
    }
}

fn within(what: &'static str, text: &str, max: usize) -> Result<(), InvalidName> {
    match text.len() {
        0 => Err(InvalidName::Empty { what }),
        bytes if bytes > max => Err(InvalidName::TooLong { what, bytes, max }),
        _ => Ok(()),
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AgentId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        SmolStr::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Capability {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        SmolStr::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
