//! What an agent says about itself: what it can do, and what it is called.
//!
//! Both are shared: a million agents of one kind hold one list of capabilities and one profile between them.

use std::{collections::BTreeMap, fmt, ops::Deref, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, de};
use smol_str::SmolStr;

use crate::ids::{Capability, InvalidName};

/// Capabilities of one agent.
pub const CAPABILITIES_MAX: usize = 64;
/// Entries of the metadata of one agent.
pub const METADATA_MAX: usize = 16;

/// What an agent can do: in order, each once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Capabilities(Arc<[Capability]>);

/// What people and other agents read about an agent. All of it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Profile {
    pub name: Text<128>,
    pub description: Text<2048>,
    pub version: Text<64>,
    /// Where the agent itself can be reached, if it can.
    pub endpoint: Text<512>,
    pub metadata: Metadata,
}

/// Anything else, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Metadata(BTreeMap<Text<64>, Text<256>>);

/// Where the agents of a session run.
pub type Host = Text<128>;
/// Why an agent is in quarantine.
pub type Reason = Text<256>;

/// Text of at most `MAX` bytes without control characters, new lines and tabs excepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Text<const MAX: usize>(SmolStr);

/// More of something than one agent may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given} {what}, at most {max} are allowed")]
pub struct TooMany {
    pub what: &'static str,
    pub given: usize,
    pub max: usize,
}

impl Capabilities {
    pub fn new(mut list: Vec<Capability>) -> Result<Self, TooMany> {
        list.sort_unstable();
        list.dedup();
        within("capabilities", list.len(), CAPABILITIES_MAX)?;
        Ok(Self(list.into()))
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|capability| capability.as_str().len() + 1).sum()
    }
}

impl Profile {
    pub(super) fn bytes(&self) -> usize {
        let Self { name, description, version, endpoint, metadata } = self;
        let texts = [name.0.len(), description.0.len(), version.0.len(), endpoint.0.len()];
        let entries = metadata.iter().map(|(key, value)| key.len() + value.len() + 4);
        texts.iter().sum::<usize>() + entries.sum::<usize>() + 8
    }
}

impl Metadata {
    pub fn new(entries: BTreeMap<Text<64>, Text<256>>) -> Result<Self, TooMany> {
        within("entries of metadata", entries.len(), METADATA_MAX)?;
        Ok(Self(entries))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

fn within(what: &'static str, given: usize, max: usize) -> Result<(), TooMany> {
    if given > max { Err(TooMany { what, given, max }) } else { Ok(()) }
}

impl<const MAX: usize> Text<MAX> {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let what = "text";
        if text.len() > MAX {
            return Err(InvalidName::TooLong { what, bytes: text.len(), max: MAX });
        }
        let refused = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
        if let Some(found) = text.chars().find(refused) {
            return Err(InvalidName::Character { what, found, allowed: "no control characters" });
        }
        Ok(Self(SmolStr::new(text)))
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        SmolStr::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Capabilities {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(from)?).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(BTreeMap::deserialize(from)?).map_err(de::Error::custom)
    }
}

impl Deref for Capabilities {
    type Target = [Capability];

    fn deref(&self) -> &[Capability] {
        &self.0
    }
}
