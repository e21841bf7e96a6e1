//! Answers to a batch: one for each entry, in the order of the request.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Problem;

/// Answers in the order of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Results<T> {
    pub results: Vec<Outcome<T>>,
}

/// What became of one entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Outcome<T> {
    Done(T),
    Refused { problem: Box<Problem> },
}
