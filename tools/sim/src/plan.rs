//! What kind of world a seed makes: how many of everything, how quick, how unkind.

use agents::{backoff::Backoff, breaker, desk::Rules, lease::Retry, registry::Settings};

use crate::chance::Chance;

/// The world of one seed.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) hours: u64,
    pub(crate) partitions: usize,
    pub(crate) clients: usize,
    pub(crate) capabilities: usize,
    pub(crate) specifications: u32,
    pub(crate) settings: Settings,
    pub(crate) retry: Retry,
    pub(crate) rules: Rules,
    pub(crate) network: Network,
    /// Mean time between cases, milliseconds.
    pub(crate) launch_every_ms: u64,
    /// Mean time between faults, milliseconds. None: nothing breaks.
    pub(crate) fault_every_ms: Option<u64>,
    /// Lease terms that agents ask for.
    pub(crate) term_ms: (u64, u64),
    /// Longest that an agent works on an item.
    pub(crate) work_ms_max: u64,
}

/// What messages meet on their way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    pub(crate) delay_ms_max: u64,
    pub(crate) lost_percent: u64,
    pub(crate) twice_percent: u64,
}

impl Plan {
    pub(crate) fn of(seed: u64, hours: u64) -> Self {
        let mut chance = Chance::new(seed ^ 0x5eed);
        let partitions = 1 + chance.place(4);
        let [stale_after_ms, dead_after_ms] =
            if chance.percent(70) { [60_000, 120_000] } else { [40_000, 200_000] };
        let retry = if chance.percent(70) {
            Retry::default()
        } else {
            Retry { attempts_max: 3, rest_ms: 200, rest_ms_max: 5_000 }
        };
        let is_rough = chance.percent(60);
        Self {
            seed,
            hours,
            partitions,
            clients: 4 + chance.place(9),
            capabilities: 1 + chance.place(4),
            specifications: 3,
            settings: Settings { stale_after_ms, dead_after_ms, ..Settings::default() },
            retry,
            rules: Rules {
                backoff: Backoff::default(),
                breaker: breaker::Rule::default(),
                partitions,
            },
            network: Network {
                delay_ms_max: chance.spread(2, 2_000),
                lost_percent: if is_rough { 1 + chance.below(4) } else { 0 },
                twice_percent: if is_rough { 1 + chance.below(4) } else { 0 },
            },
            launch_every_ms: chance.spread(500, 8_000),
            fault_every_ms: Some(chance.spread(5_000, 60_000)),
            term_ms: if chance.percent(50) { (1_000, 10_000) } else { (5_000, 60_000) },
            work_ms_max: chance.spread(500, 30_000),
        }
    }

    /// A kind world without work, in which only back-off is looked at.
    pub(crate) fn drought(seed: u64) -> Self {
        let network = Network { delay_ms_max: 20, lost_percent: 0, twice_percent: 0 };
        let settings = Settings::default();
        let rules =
            Rules { backoff: Backoff::default(), breaker: breaker::Rule::default(), partitions: 2 };
        Self {
            clients: 20,
            partitions: 2,
            fault_every_ms: None,
            network,
            settings,
            rules,
            retry: Retry::default(),
            launch_every_ms: 500,
            work_ms_max: 1_000,
            ..Self::of(seed, 1)
        }
    }
}
