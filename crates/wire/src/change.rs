//! What a live page is told: that a case moved. It then asks for what it shows.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One message of the event stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub case: String,
    /// Rises within a case; ask again for what was read at a lower position.
    pub position: u64,
    /// What happened, such as `launched` or `completed`.
    pub what: String,
}

/// Sent as event `lagged` to a reader that was too slow: it must read afresh what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lagged {
    pub missed: u64,
}
