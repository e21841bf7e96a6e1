//! How long to wait before something is tried again.

use std::time::Duration;

use crate::chance::Chance;

/// Pauses that double, each cut by chance so that clients that failed together do not come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pauses {
    pub first: Duration,
    pub longest: Duration,
}

/// Doublings after which the arithmetic stops; the longest pause is reached long before.
const DOUBLINGS_MAX: u32 = 20;

impl Default for Pauses {
    fn default() -> Self {
        Self { first: Duration::from_millis(200), longest: Duration::from_secs(30) }
    }
}

impl Pauses {
    /// The pause after so many attempts in vain, 1 for the first: between half of it and all of it, and never shorter
    /// than what the server asked for.
    pub(crate) fn after(
        &self,
        attempts: u32,
        asked_for: Option<Duration>,
        chance: &Chance,
    ) -> Duration {
        let doublings = attempts.saturating_sub(1).min(DOUBLINGS_MAX);
        let whole = self.first.saturating_mul(1 << doublings).min(self.longest);
        let cut = whole.mul_f64(0.5 + chance.share() / 2.0);
        asked_for.unwrap_or_default().max(cut)
    }
}

#[cfg(test)]
mod tests;
