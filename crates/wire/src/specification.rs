//! Specifications: upload, list, one with its nets, verification.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    soundness::{Soundness, SoundnessDetail},
};

/// Answer to an upload: one entry per specification of the document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Uploaded {
    pub specifications: Vec<UploadedSpecification>,
}

/// One accepted specification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UploadedSpecification {
    /// `<identifier, or uri where there is none>:<version>`.
    pub key: String,
    pub uri: String,
    pub version: String,
    pub identifier: Option<String>,
    pub name: Option<String>,
    /// Warnings only: errors refuse the upload.
    pub findings: Vec<Finding>,
}

/// Whether and how much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// One statement of the verifier about one element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    pub severity: Severity,
    /// `AtomicTask:A`, `Condition:c`, `YNet:N`.
    pub element: String,
    /// A stable code in kebab case.
    pub rule: String,
    pub message: String,
    pub remedy: String,
    pub position: Option<Position>,
}

/// A place in the document, or in a query's text; both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// Answer to a verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verified {
    pub verdict: Verdict,
    /// Null for what is invalid.
    pub soundness: Option<Soundness>,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Valid,
    Invalid,
}

/// All loaded specifications, by key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Specifications {
    pub items: Vec<SpecificationSummary>,
}

/// A specification in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SpecificationSummary {
    pub key: String,
    pub uri: String,
    pub version: String,
    pub identifier: Option<String>,
    pub name: Option<String>,
    pub documentation: Option<String>,
    pub uploaded_at: Timestamp,
    /// Id of the root net.
    pub root_net: Option<String>,
    /// Ids of all nets, in document order.
    pub nets: Vec<String>,
    pub cases_running: u64,
}

/// A specification with what is needed to draw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SpecificationDetail {
    #[serde(flatten)]
    pub summary: SpecificationSummary,
    pub findings: Vec<Finding>,
    /// Null where the server does not look (`FLOTILLA_SOUNDNESS=off`).
    pub soundness: Option<SoundnessDetail>,
    pub nets_detail: Vec<Net>,
    /// Net id → element id → where the author put it; null if the document has no layout.
    pub layout: Option<Layout>,
}

/// Net id → element id → bounds, in the author's pixels.
pub type Layout = BTreeMap<String, BTreeMap<String, Bounds>>;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Bounds {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// One net of a specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Net {
    pub id: String,
    pub name: Option<String>,
    pub is_root: bool,
    /// When a case of it is over; `implicit` is an extension.
    pub termination: Termination,
    pub conditions: Vec<Condition>,
    pub tasks: Vec<Task>,
    pub flows: Vec<Flow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Termination {
    /// When the output condition is marked.
    Explicit,
    /// When none of its tasks is enabled or busy.
    Implicit,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Condition {
    pub id: String,
    pub name: Option<String>,
    pub kind: ConditionKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConditionKind {
    Input,
    Output,
    Ordinary,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Task {
    pub id: String,
    pub name: Option<String>,
    pub join: Gate,
    pub split: Gate,
    pub decomposes_to: Option<String>,
    pub kind: TaskKind,
    pub multi_instance: bool,
    pub timer: bool,
    /// Ids of the elements that lose their tokens when this task ends. An implicit condition is
    /// `c{source_target}`.
    pub cancels: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    And,
    Or,
    Xor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TaskKind {
    /// Someone works on it.
    Atomic,
    /// A net of its own.
    Composite,
    /// Routing only: no work item.
    Empty,
}

/// An arc. From task to task it stands for an implicit condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Flow {
    pub from: String,
    pub to: String,
    pub predicate: Option<String>,
    pub is_default: bool,
    /// How many tokens it carries; more than one is an extension.
    pub tokens: u32,
    pub label: Option<String>,
}
