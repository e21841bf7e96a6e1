//! One page of a list, with the token that asks for the next one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Entries in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give this as `after` to go on; null at the end.
    pub next: Option<String>,
}
