//! Counted as a client would.

use super::*;

#[test]
fn the_pool_is_used_to_a_share_of_what_it_may_have() {
    let outgoing = Outgoing::default();
    assert_eq!(outgoing.pool_utilization_percent(), 0.0, "there is no pool");
    outgoing.connections_max.set(8);
    let carrying = [outgoing.connections_active.hold(), outgoing.connections_active.hold()];
    assert_eq!(outgoing.pool_utilization_percent(), 25.0);
    drop(carrying);
    assert_eq!(outgoing.pool_utilization_percent(), 0.0);
}
