//! How long an agent that found no work should stay away.
//!
//! The contract's rule: base times two to the number of empty answers before, at most six doublings, capped,
//! give or take a tenth so that agents that came together do not come back together.

/// The rule for all agents of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    pub base_ms: u64,
    pub cap_ms: u64,
    /// Jitter to either side, percent of the sleep.
    pub jitter_percent: u64,
}

/// Doublings after which the sleep grows no more.
pub const LEVEL_MAX: u32 = 6;

impl Default for Backoff {
    fn default() -> Self {
        Self { base_ms: 5_000, cap_ms: 60_000, jitter_percent: 10 }
    }
}

impl Backoff {
    /// The sleep after `empties` empty answers in a row, the present one included. `seed` is the chance.
    pub fn sleep_ms(&self, empties: u32, seed: u64) -> u64 {
        let sleep = self.base_ms.saturating_mul(1 << level(empties)).min(self.cap_ms);
        let spread = sleep.saturating_mul(self.jitter_percent) / 100;
        let offset = seed % (2 * spread + 1);
        // The cap holds with the jitter: it is a promise to whoever brings work back.
        (sleep - spread + offset).min(self.cap_ms)
    }
}

/// The back-off level after so many empty answers in a row: 0 after the first.
pub fn level(empties: u32) -> u32 {
    empties.saturating_sub(1).min(LEVEL_MAX)
}

#[cfg(test)]
mod tests;
