//! M41 to M46 of the reference: the requests that this server makes of others.

use super::{super::exposition::Family, number};
use crate::outgoing::Outgoing;

#[cfg(test)]
mod tests;

pub(super) fn families(outgoing: &Outgoing) -> [Family; 6] {
    [
        Family::gauge(
            "yawl_http_client_connections_active",
            "Connections to others that carry a request.",
            number(outgoing.connections_active.get()),
        ),
        Family::gauge(
            "yawl_http_client_connections_pending",
            "Requests to others that wait for a connection.",
            number(outgoing.connections_pending.get()),
        ),
        Family::counter(
            "yawl_http_client_requests_sent",
            "Requests sent to others.",
            number(outgoing.requests_sent.get()),
        ),
        Family::histogram(
            "yawl_http_client_request_latency_ms",
            "From a request to others to its answer.",
            outgoing.request_ms.read(),
        ),
        Family::gauge(
            "yawl_http_client_pool_utilization_percent",
            "Connections that carry a request, percent of those allowed.",
            outgoing.pool_utilization_percent(),
        ),
        Family::counter(
            "yawl_http_client_connection_timeout_count",
            "Connections to others that could not be made in time.",
            number(outgoing.connection_timeouts.get()),
        ),
    ]
}
