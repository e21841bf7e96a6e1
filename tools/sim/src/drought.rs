//! What back-off saves while there is no work, and how soon everybody is back when there is.

use crate::{plan::Plan, world::World};

const WARM_UP_MS: u64 = 120_000;
const DROUGHT_MS: u64 = 30 * 60_000;
/// How long work is looked at after the drought.
const AFTER_MS: u64 = 180_000;

/// By how much a slow clock of an agent stretches the longest sleep, with the way of the messages.
const CLOCKS_MS: u64 = 1_300;

/// One drought, measured.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drought {
    /// Claims that agents sent while there was no work.
    pub claims: u64,
    /// Claims that they would have sent at the base of the back-off.
    pub claims_at_base: u64,
    /// From the end of the drought until every agent had asked for work again.
    pub recovery_ms: u64,
    cap_ms: u64,
}

impl Drought {
    /// Requests that did not come, percent.
    pub fn reduction_percent(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "counts of claims are small")]
        let share = self.claims as f64 / self.claims_at_base.max(1) as f64;
        100.0 * (1.0 - share)
    }

    /// What the contract asks for and this one did not do.
    pub fn broken(&self) -> Option<String> {
        let reduction = self.reduction_percent();
        if !(89.0..=98.0).contains(&reduction) {
            return Some(format!("claims fell by {reduction:.1} % in a drought"));
        }
        let late = self.recovery_ms > self.cap_ms + CLOCKS_MS;
        late.then(|| format!("the last agent was back at work after {} ms", self.recovery_ms))
    }
}

/// Agents that ask without waiting find work, then none for half an hour, then more than they can do at once.
pub fn measure(seed: u64) -> Drought {
    let plan = Plan::drought(seed);
    let backoff = plan.rules.backoff;
    let mut world = World::new(plan, false);
    world.only_polls();
    world.run_until(WARM_UP_MS);
    world.dry_until(WARM_UP_MS + DROUGHT_MS);
    // What is under way when the work ends is not counted.
    world.run_until(WARM_UP_MS + backoff.base_ms);
    world.claimed.clear();
    world.run_until(WARM_UP_MS + DROUGHT_MS);
    let claims = world.claimed.values().map(|(claims, _)| claims).sum();
    let agents = world.agents();
    let began = world.schedule.now();
    world.claimed.clear();
    world.dry_until(0);
    world.run_until(began + AFTER_MS);
    let last = world.claimed.values().map(|(_, first)| *first).max().unwrap_or(began);
    let is_everybody = world.claimed.len() as u64 == agents;
    let recovery_ms = if is_everybody { last - began } else { u64::MAX };
    Drought {
        claims,
        claims_at_base: agents * (DROUGHT_MS - backoff.base_ms) / backoff.base_ms,
        recovery_ms,
        cap_ms: backoff.cap_ms,
    }
}
