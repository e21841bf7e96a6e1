//! Every series moves with the client that will count in it.

use expect_test::expect;

use super::*;
use crate::actuator::exposition;

#[test]
fn requests_to_others_are_shown() {
    let outgoing = Outgoing::default();
    outgoing.connections_max.set(10);
    let _carrying = outgoing.connections_active.hold();
    outgoing.connections_pending.add(3);
    outgoing.requests_sent.add(7);
    outgoing.request_ms.observe(40.0);
    outgoing.connection_timeouts.add(2);
    let text = exposition::text(&families(&outgoing));
    let values = text.lines().filter(|line| !line.starts_with('#') && !line.contains("_bucket{"));
    expect![[r#"
        yawl_http_client_connections_active 1
        yawl_http_client_connections_pending 3
        yawl_http_client_requests_sent 7
        yawl_http_client_request_latency_ms_sum 40
        yawl_http_client_request_latency_ms_count 1
        yawl_http_client_pool_utilization_percent 10
        yawl_http_client_connection_timeout_count 2"#]]
    .assert_eq(&values.collect::<Vec<_>>().join("\n"));
}
