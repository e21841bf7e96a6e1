//! The settings about agents as the node takes them.

use agents::{backoff::Backoff, breaker, lease::Retry, registry};

use super::Config;

impl Config {
    pub(crate) fn registry_settings(&self) -> registry::Settings {
        registry::Settings {
            stale_after_ms: self.agents_stale_after_ms,
            dead_after_ms: self.agents_dead_after_ms,
            ..registry::Settings::default()
        }
    }

    pub(crate) fn backoff(&self) -> Backoff {
        Backoff {
            base_ms: self.backoff_base_ms,
            cap_ms: if self.backoff { self.backoff_cap_ms } else { self.backoff_base_ms },
            jitter_percent: self.backoff_jitter_percent,
        }
    }

    pub(crate) fn breaker_rule(&self) -> breaker::Rule {
        breaker::Rule {
            // So many failures in a row do not happen.
            failures_max: if self.breaker { self.breaker_failures_max } else { u32::MAX },
            successes_needed: self.breaker_successes_needed,
            open_ms: self.breaker_open_ms,
        }
    }

    pub(crate) fn retry(&self) -> Retry {
        let Retry { rest_ms_max, .. } = Retry::default();
        Retry {
            attempts_max: self.attempts_max,
            rest_ms: self.retry_rest_ms,
            rest_ms_max: rest_ms_max.max(self.retry_rest_ms),
        }
    }
}
