//! The plan of an open loop: what is asked for when, computed before the run from the seed alone.

use std::time::Duration;

use crate::{chance::Chance, settings::Settings, shot::Phase};

/// What is to happen at a moment of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The case of this number is launched.
    Launch(usize),
    /// Somebody claims: the agent of this number, or the next one that is free to.
    Claim(usize),
    /// All connections are cut and all agents come back.
    Storm,
    /// The last launch is over: what is open may be finished.
    Settle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// From the beginning of the run.
    pub(crate) at: Duration,
    pub(crate) what: What,
}

/// The whole plan, in the order of its moments.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) moments: Vec<Moment>,
    warm_up: Duration,
}

impl Plan {
    pub(crate) fn of(settings: &Settings) -> Self {
        let mut chance = Chance::new(settings.seed);
        let warm_up = Duration::from_secs(settings.warm_up_seconds);
        let measured = Duration::from_secs(settings.seconds);
        let end = warm_up + measured;
        let drought = Duration::from_secs(settings.drought_seconds);
        let dry_from = warm_up + (measured - drought) / 2;
        let is_dry = |at: Duration| at >= dry_from && at < dry_from + drought;
        let mut moments = Vec::new();
        let launches = arrivals(settings.launches_per_second, end, &mut chance).into_iter();
        for (number, at) in launches.filter(|at| !is_dry(*at)).enumerate() {
            moments.push(Moment { at, what: What::Launch(number) });
        }
        let claims = settings.launches_per_second * settings.claims_per_launch;
        for at in arrivals(claims, end, &mut chance) {
            moments.push(Moment { at, what: What::Claim(chance.place(settings.agents)) });
        }
        if settings.storm {
            moments.push(Moment { at: warm_up + measured / 2, what: What::Storm });
        }
        moments.push(Moment { at: end, what: What::Settle });
        // Stable: what was drawn first comes first at the same moment.
        moments.sort_by_key(|moment| moment.at);
        Self { moments, warm_up }
    }

    pub(crate) fn phase(&self, at: Duration) -> Phase {
        let end = self.moments.last().map_or(Duration::ZERO, |last| last.at);
        match at {
            at if at < self.warm_up => Phase::WarmUp,
            at if at < end => Phase::Measured,
            _ => Phase::Settling,
        }
    }
}

/// Moments at which something arrives that knows nothing of what came before: a Poisson process.
fn arrivals(per_second: f64, end: Duration, chance: &mut Chance) -> Vec<Duration> {
    let mut all = Vec::new();
    if per_second <= 0.0 {
        return all;
    }
    let mean = Duration::from_secs_f64(1.0 / per_second);
    let mut at = chance.gap(mean);
    while at < end {
        all.push(at);
        at += chance.gap(mean).max(Duration::from_nanos(1));
    }
    all
}

#[cfg(test)]
mod tests;
