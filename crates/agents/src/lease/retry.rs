//! How often an item that came back is tried again, and after which rest.

/// The rule for all items of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Claims without a result after which the item is a dead letter.
    pub attempts_max: u32,
    /// Rest after the first attempt, milliseconds. Doubled after each further one.
    pub rest_ms: u64,
    pub rest_ms_max: u64,
}

impl Default for Retry {
    /// Five attempts, as three would make a dead letter of every item that a rolling restart of agents meets twice.
    fn default() -> Self {
        Self { attempts_max: 5, rest_ms: 1_000, rest_ms_max: 60_000 }
    }
}

impl Retry {
    /// The rest after this many attempts, or none if it was the last.
    pub fn rest_ms(&self, attempts: u32) -> Option<u64> {
        if attempts >= self.attempts_max {
            return None;
        }
        let doublings = attempts.saturating_sub(1).min(63);
        Some(self.rest_ms.saturating_mul(1 << doublings).min(self.rest_ms_max))
    }
}
