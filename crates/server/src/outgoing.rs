//! What is counted of the requests that this server makes of others.
//!
//! Nothing here makes such requests yet: calls to external services and agents will. They count in [`Outgoing`],
//! which is exported already, at nothing, so that dashboards made for other deployments find every series.

use node::telemetry::{Counter, Gauge, Histogram, LATENCY_MS_BOUNDS};

#[cfg(test)]
mod tests;

/// The pool of connections and what went over it. All of it since start-up.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// Connections that carry a request. M41.
    pub(crate) connections_active: Gauge,
    /// How many there may be.
    pub(crate) connections_max: Gauge,
    /// Requests that wait for a connection. M42.
    pub(crate) connections_pending: Gauge,
    /// M43.
    pub(crate) requests_sent: Counter,
    /// M44.
    pub(crate) request_ms: Histogram,
    /// M46.
    pub(crate) connection_timeouts: Counter,
}

impl Default for Outgoing {
    fn default() -> Self {
        Self {
            connections_active: Gauge::default(),
            connections_max: Gauge::default(),
            connections_pending: Gauge::default(),
            requests_sent: Counter::default(),
            request_ms: Histogram::new(LATENCY_MS_BOUNDS),
            connection_timeouts: Counter::default(),
        }
    }
}

impl Outgoing {
    /// Active connections, percent of those allowed. M45.
    #[allow(clippy::cast_precision_loss, reason = "counts of connections are small")]
    pub(crate) fn pool_utilization_percent(&self) -> f64 {
        match self.connections_max.get() {
            0 => 0.0,
            max => 100.0 * self.connections_active.get() as f64 / max as f64,
        }
    }
}
