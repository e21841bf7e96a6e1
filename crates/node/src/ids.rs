//! Names that the node gives out and takes in, and the hash that sends a case to its partition.

use std::{borrow::Borrow, fmt, sync::Arc};

use engine::CaseId;
use model::specification::SpecificationId;
use serde::{Deserialize, Serialize};

/// Bytes of a command id. A UUID has 36; some callers put a path of names.
pub const COMMAND_ID_BYTES_MAX: usize = 128;

/// A specification's name on this node: `<identifier or uri>:<version>`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SpecificationKey(Arc<str>);

impl SpecificationKey {
    /// The key of a specification.
    pub fn of(id: &SpecificationId) -> Self {
        Self(format!("{}:{}", id.key(), id.version).into())
    }

    /// A key as somebody wrote it. Whether it names anything is seen when it is looked up.
    pub fn named(text: &str) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Keys are ordered as their texts, so that one is found by its text.
impl Borrow<str> for SpecificationKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SpecificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SpecificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The caller's name for one command: sent again, it gives the same answer and does nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CommandId(Arc<str>);

/// A text that is no command id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no command id: use 1 to {COMMAND_ID_BYTES_MAX} visible ASCII characters, such as a UUID"
)]
pub struct NotACommandId(pub String);

impl CommandId {
    /// Takes 1 to [`COMMAND_ID_BYTES_MAX`] visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, NotACommandId> {
        let well_formed = !text.is_empty()
            && text.len() <= COMMAND_ID_BYTES_MAX
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if well_formed {
            Ok(Self(text.into()))
        } else {
            Err(NotACommandId(text.chars().take(COMMAND_ID_BYTES_MAX).collect()))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept in memory of an id. Two ids with one hash are told apart by the log's record.
    pub(crate) fn hash(&self) -> u64 {
        fnv1a(self.0.as_bytes())
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The case that an item id such as `7.1:A` or `7:A` belongs to.
pub fn case_of_item(item: &str) -> Option<CaseId> {
    let end = item.find(['.', ':'])?;
    CaseId::parse(&item[..end]).ok()
}

/// The partition of a case. Part of the storage format: it must never give another answer.
pub(crate) fn partition_of(case: &CaseId, partitions: usize) -> usize {
    let hash = fnv1a(case.as_str().as_bytes()) % u64::try_from(partitions).expect("a small count");
    usize::try_from(hash).expect("less than a usize")
}

/// FNV-1a, 64 bits: stable across releases and machines, which the standard hasher is not.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let hash =
        bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    // FNV's low bits mix badly over short decimal ids; fold the high ones in.
    hash ^ (hash >> 32)
}

/// The number of a case that was named by the node, or could be mistaken for one.
pub(crate) fn number_of(case: &CaseId) -> Option<u64> {
    /// Longer ones cannot be reached by counting, so they need not push the counter.
    const DIGITS_MAX: usize = 15;
    let text = case.as_str();
    let plain = text.len() <= DIGITS_MAX && !text.starts_with('0');
    if plain && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
