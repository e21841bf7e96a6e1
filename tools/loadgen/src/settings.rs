//! What a run is: how many agents, how they behave, how much there is to do, and what must come out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Error, chance::Chance, shot::Op};

/// A run. Everything has a value; a file or flags change some.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub url: String,
    /// Decides the plan and what agents do.
    pub seed: u64,
    pub agents: usize,
    /// Sessions that the agents are divided among; 0: one for each 10,000.
    pub sessions: usize,
    /// Requests under way at once, each on a connection of its own.
    pub connections: usize,
    /// Cases that are launched a second. Each has one item.
    pub launches_per_second: f64,
    /// Claims that are planned for each launch: some find nothing.
    pub claims_per_launch: f64,
    /// Not measured.
    pub warm_up_seconds: u64,
    pub seconds: u64,
    /// How long all items have to be done after the last launch.
    pub settle_seconds: u64,
    pub term_ms: u64,
    pub temper: Temper,
    /// In the middle all connections are cut and all agents come back at once.
    pub storm: bool,
    /// For so many seconds in the middle nothing is launched.
    pub drought_seconds: u64,
    /// Closed loop with so many workers, each of which waits for its answers: for finding out how much goes at all, not
    /// how long it takes. 0: open loop.
    pub closed: usize,
    pub limits: Vec<Limit>,
    /// What is measured, for the report: a commit.
    pub revision: String,
}

/// How agents behave, percent of the items, in the words of `tools/sim`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Temper {
    /// It cannot do the item and says so.
    pub errs: u8,
    /// It gives the item back.
    pub returns: u8,
    /// It works longer than its term without renewing, and comes with the old epoch.
    pub is_slow: u8,
    /// Its process ends; a later one of the same name comes with the old epoch.
    pub crashes: u8,
    pub think: Think,
}

/// How long an agent works on an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Think {
    Fixed { ms: u64 },
    Uniform { from_ms: u64, to_ms: u64 },
    Exponential { mean_ms: u64 },
}

/// What must come out: a percentile of an operation's latency in the measured phase.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub operation: Op,
    /// Such as 99.9.
    pub percentile: f64,
    pub at_most_ms: f64,
}

/// Agents whom one session may carry here: one registration's batch.
const SESSION_AGENTS: usize = 10_000;
/// Requests that a plan may have: its memory is bounded, and so is the ledger's.
const ARRIVALS_MAX: f64 = 20_000_000.0;
/// Longest work on an item.
const THINK_MAX: Duration = Duration::from_secs(600);

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: "http://localhost:8080".to_owned(),
            seed: 1,
            agents: 1_000,
            sessions: 0,
            connections: 64,
            launches_per_second: 100.0,
            claims_per_launch: 1.5,
            warm_up_seconds: 5,
            seconds: 30,
            settle_seconds: 60,
            term_ms: 10_000,
            temper: Temper::default(),
            storm: false,
            drought_seconds: 0,
            closed: 0,
            limits: Vec::new(),
            revision: String::new(),
        }
    }
}

impl Default for Think {
    fn default() -> Self {
        Self::Exponential { mean_ms: 200 }
    }
}

impl Think {
    pub(crate) fn time(self, chance: &mut Chance) -> Duration {
        let ms = Duration::from_millis;
        let time = match self {
            Self::Fixed { ms: fixed } => ms(fixed),
            Self::Uniform { from_ms, to_ms } => {
                ms(from_ms) + ms(to_ms.saturating_sub(from_ms)).mul_f64(chance.share())
            }
            Self::Exponential { mean_ms } => chance.gap(ms(mean_ms)),
        };
        time.min(THINK_MAX)
    }
}

impl Settings {
    /// Refuses what makes no sense, with the remedy.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |what: &str| Err(Error::Setting(what.to_owned()));
        let Temper { errs, returns, is_slow, crashes, .. } = self.temper;
        let percents = [errs, returns, is_slow, crashes].map(u32::from).iter().sum::<u32>();
        if self.agents == 0 || self.agents > 2_000_000 {
            return wrong("agents: allowed are 1 to 2,000,000");
        }
        if self.connections == 0 || self.connections > 4_000 {
            return wrong("connections: allowed are 1 to 4,000");
        }
        if percents > 100 {
            return wrong("temper: errs, returns, is_slow and crashes are more than 100 together");
        }
        if !(0.0..=1e6).contains(&self.launches_per_second)
            || !(0.0..=1_000.0).contains(&self.claims_per_launch)
        {
            return wrong(
                "launches_per_second, claims_per_launch: allowed are 0 to a million, 0 to 1,000",
            );
        }
        if self.seconds == 0 {
            return wrong("seconds: there is nothing to measure in 0");
        }
        if self.drought_seconds >= self.seconds {
            return wrong("drought_seconds: must be less than seconds");
        }
        if self.arrivals() > ARRIVALS_MAX {
            return wrong(
                "the plan has more than 20,000,000 requests; ask for less or for a shorter run",
            );
        }
        if !(1_000..=86_400_000).contains(&self.term_ms) {
            return wrong("term_ms: allowed are 1,000 to 86,400,000");
        }
        Ok(())
    }

    fn arrivals(&self) -> f64 {
        let seconds = (self.warm_up_seconds as f64) + (self.seconds as f64);
        seconds * self.launches_per_second * (1.0 + self.claims_per_launch)
    }

    pub(crate) fn sessions(&self) -> usize {
        match self.sessions {
            0 => self.agents.div_ceil(SESSION_AGENTS),
            given => given.max(self.agents.div_ceil(SESSION_AGENTS)).min(self.agents),
        }
    }
}
