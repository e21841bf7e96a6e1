//! Circuit breaker: after several failures in a row nobody tries for a while, then one does.
//!
//! (Nygard, "Release It!", 2007.) Half open lets one probe through at a time; enough good probes close it.

use crate::ids::Moment;

/// The rule for all breakers of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Failures in a row that open it.
    pub failures_max: u32,
    /// Good probes that close it.
    pub successes_needed: u32,
    pub open_ms: u64,
}

/// One breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    rule: Rule,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { until: Moment },
    HalfOpen { successes: u32, probing: bool },
}

/// What a breaker shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Closed,
    Open,
    HalfOpen,
}

impl Default for Rule {
    fn default() -> Self {
        Self { failures_max: 5, successes_needed: 2, open_ms: 60_000 }
    }
}

impl Breaker {
    pub fn new(rule: Rule) -> Self {
        Self { rule, state: State::Closed { failures: 0 } }
    }

    /// Whether to try. If not, after how many milliseconds to ask again.
    pub fn admit(&mut self, now: Moment) -> Result<(), u64> {
        match self.state {
            State::Closed { .. } => Ok(()),
            State::Open { until } if now < until => Err(until.since(now)),
            State::Open { .. } => {
                self.state = State::HalfOpen { successes: 0, probing: true };
                Ok(())
            }
            // Another probe is out: a fraction of the time is enough to know.
            State::HalfOpen { probing: true, .. } => Err(self.rule.open_ms.div_ceil(10).max(1)),
            State::HalfOpen { successes, probing: false } => {
                self.state = State::HalfOpen { successes, probing: true };
                Ok(())
            }
        }
    }

    /// The try went well.
    pub fn succeeded(&mut self) {
        self.state = match self.state {
            State::Closed { .. } => State::Closed { failures: 0 },
            // Asked before it opened.
            State::Open { until } => State::Open { until },
            State::HalfOpen { successes, .. } if successes + 1 >= self.rule.successes_needed => {
                State::Closed { failures: 0 }
            }
            State::HalfOpen { successes, .. } => {
                State::HalfOpen { successes: successes + 1, probing: false }
            }
        };
    }

    /// The try failed.
    pub fn failed(&mut self, now: Moment) {
        let open = State::Open { until: now.after(self.rule.open_ms) };
        self.state = match self.state {
            State::Closed { failures } if failures + 1 < self.rule.failures_max => {
                State::Closed { failures: failures + 1 }
            }
            State::Closed { .. } | State::HalfOpen { .. } => open,
            State::Open { until } => State::Open { until },
        };
    }

    /// The try came to nothing either way: another one may be the probe.
    pub fn let_go(&mut self) {
        self.state = match self.state {
            State::HalfOpen { successes, .. } => State::HalfOpen { successes, probing: false },
            State::Closed { failures } => State::Closed { failures },
            State::Open { until } => State::Open { until },
        };
    }

    /// An operator closes it.
    pub fn reset(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    pub fn shown(&self) -> Shown {
        match self.state {
            State::Closed { .. } => Shown::Closed,
            State::Open { .. } => Shown::Open,
            State::HalfOpen { .. } => Shown::HalfOpen,
        }
    }

    /// Failures in a row while it is closed.
    pub fn failures(&self) -> u32 {
        match self.state {
            State::Closed { failures } => failures,
            State::Open { .. } | State::HalfOpen { .. } => self.rule.failures_max,
        }
    }
}

#[cfg(test)]
mod tests;
