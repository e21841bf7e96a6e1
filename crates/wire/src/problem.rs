//! Every error: `application/problem+json` after RFC 9457 with a stable code. Table in `docs/api.md`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::specification::Finding;

/// The content type of a [`Problem`].
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What went wrong, where, and what to do about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:flotilla:problem:` and the code; docs/api.md describes each.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code in words.
    pub title: String,
    /// The HTTP status, repeated for batches and logs.
    pub status: u16,
    /// Stable, in kebab case: what programs decide on.
    pub code: String,
    /// This occurrence: the place and the remedy.
    pub detail: String,
    /// What data broke, all of it at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
    /// What verification found in a specification.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// When a repetition makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// One rule that a value breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Violation {
    /// The element, as a path from the data's root: `/Order/Total`.
    pub path: String,
    /// The rule's name.
    pub rule: String,
    /// The value that broke it.
    pub value: String,
    pub message: String,
}
