//! Which agents found nothing, and how often in a row.

use crate::{
    backoff::{Backoff, LEVEL_MAX, level},
    ids::Slot,
};

/// Empty answers in a row, by agent: one byte each.
#[derive(Debug, Default)]
pub struct Idle {
    empties: Vec<u8>,
    /// Agents by back-off level.
    levels: [u64; LEVEL_MAX as usize + 1],
    /// Empty answers in a row, all agents together.
    sum: u64,
}

/// How much discovery sleeps, over all agents whose last answer was empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lull {
    pub agents: u64,
    /// Mean back-off level.
    pub level: f64,
    /// Mean number of empty answers in a row.
    pub empties: f64,
    /// Requests that do not come because agents stay away longer than the base, percent of those that would.
    pub reduction_percent: f64,
}

impl Idle {
    /// The agent got something.
    pub(super) fn found(&mut self, agent: Slot) {
        self.set(agent, 0);
    }

    /// The agent got nothing; gives how often in a row.
    pub(super) fn found_nothing(&mut self, agent: Slot) -> u32 {
        let empties = self.get(agent).saturating_add(1);
        self.set(agent, empties);
        u32::from(empties)
    }

    /// The agent is gone.
    pub(super) fn forget(&mut self, agent: Slot) {
        self.set(agent, 0);
    }

    pub(super) fn lull(&self, backoff: Backoff) -> Lull {
        let agents: u64 = self.levels.iter().sum();
        if agents == 0 {
            return Lull::default();
        }
        let (mut levels, mut requests) = (0.0, 0.0);
        for (level, agents) in (0u32..).zip(self.levels) {
            let sleep_ms = backoff.base_ms.saturating_mul(1 << level).min(backoff.cap_ms);
            levels += f64::from(level) * approximate(agents);
            requests +=
                approximate(agents) * approximate(backoff.base_ms) / approximate(sleep_ms.max(1));
        }
        let all = approximate(agents);
        let reduction_percent = 100.0 * (1.0 - requests / all);
        Lull {
            agents,
            level: levels / all,
            empties: approximate(self.sum) / all,
            reduction_percent,
        }
    }

    fn get(&self, agent: Slot) -> u8 {
        self.empties.get(agent.0 as usize).copied().unwrap_or(0)
    }

    fn set(&mut self, agent: Slot, empties: u8) {
        let before = self.get(agent);
        if before == empties {
            return;
        }
        let place = agent.0 as usize;
        if place >= self.empties.len() {
            self.empties.resize(place + 1, 0);
        }
        self.empties[place] = empties;
        self.sum = self.sum - u64::from(before) + u64::from(empties);
        if before > 0 {
            self.levels[level(before.into()) as usize] -= 1;
        }
        if empties > 0 {
            self.levels[level(empties.into()) as usize] += 1;
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "a gauge; counts of agents are far below 2^53")]
fn approximate(count: u64) -> f64 {
    count as f64
}
