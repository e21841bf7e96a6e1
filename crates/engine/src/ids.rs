//! Names of things inside a case. Dense indices stand for elements of the compiled specification.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use smol_str::SmolStr;

/// Bytes of a case id. It is part of every key and every item id.
pub const CASE_ID_BYTES_MAX: usize = 128;

/// A case's name, unique on its node: letters, digits, `_` and `-`. Short ones, above all numbers, need no memory of
/// their own and are compared without a look elsewhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CaseId(SmolStr);

/// A text that is no case id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no case id: use 1 to {CASE_ID_BYTES_MAX} letters, digits, `_` or `-`")]
pub struct NotACaseId(pub String);

impl CaseId {
    /// Takes 1 to [`CASE_ID_BYTES_MAX`] letters, digits, `_` or `-`.
    pub fn parse(text: &str) -> Result<Self, NotACaseId> {
        let well_formed = !text.is_empty()
            && text.len() <= CASE_ID_BYTES_MAX
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if well_formed {
            Ok(Self(text.into()))
        } else {
            Err(NotACaseId(text.chars().take(200).collect()))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Numbers of children below the case: `[]` is the root net, `[2]` the second child, which may be a
/// subnet or one instance of an atomic task. Written `C`, `C.2`, `C.2.1`. Up to four need no allocation.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Path(SmallVec<[u32; 4]>);

impl Clone for Path {
    fn clone(&self) -> Self {
        match *self.0 {
            [] => Self::root(),
            [number] => Self::of(number),
            // Copied in one piece, which the derived way does not see.
            ref numbers => Self(SmallVec::from_slice(numbers)),
        }
    }
}

impl Path {
    /// The root net's path.
    pub fn root() -> Self {
        Self::default()
    }

    /// The path of the root net's child of that number.
    fn of(number: u32) -> Self {
        Self(SmallVec::from_buf_and_len([number, 0, 0, 0], 1))
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of the child that this is.
    pub fn last(&self) -> Option<u32> {
        self.0.last().copied()
    }

    /// The numbers from the root's child downwards.
    pub fn numbers(&self) -> &[u32] {
        &self.0
    }

    /// This path's child of that number.
    #[must_use]
    pub fn child(&self, number: u32) -> Self {
        if self.is_root() {
            return Self::of(number);
        }
        let mut child = self.clone();
        child.0.push(number);
        child
    }

    /// The path above, with the number of the child that this is.
    pub fn parent(&self) -> Option<(Self, u32)> {
        let (last, above) = self.0.split_last()?;
        Some((Self(SmallVec::from_slice(above)), *last))
    }

    /// Whether this path is `above` or lies below it.
    pub fn starts_with(&self, above: &Self) -> bool {
        self.0.starts_with(&above.0)
    }

    /// The number of the child of `above` at which or below which this path lies.
    pub(crate) fn branch(&self, above: &Self) -> Option<u32> {
        self.0.strip_prefix(&above.0[..])?.first().copied()
    }

    /// `C.2.1` for the case `C`.
    pub fn show(&self, case: &CaseId) -> String {
        let mut text = case.as_str().to_owned();
        for number in &self.0 {
            write!(text, ".{number}").expect("a string takes all");
        }
        text
    }

    /// Reads `.2.1` as it stands behind the case id; empty for the root.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::root());
        }
        text.strip_prefix('.')?
            .split('.')
            .map(|number| number.parse().ok())
            .collect::<Option<_>>()
            .map(Self)
    }
}

/// A net of the compiled specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NetIndex(pub u32);

/// A task of one net.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskIndex(pub u32);

/// A condition of one net, implicit ones included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConditionIndex(pub u32);

/// A variable of one net: its input parameters and local variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VariableIndex(pub u32);

/// A work item: the enabled item has the path of its net, an instance the path of its child.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemKey {
    pub path: Path,
    pub task: TaskIndex,
}
