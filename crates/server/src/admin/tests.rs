//! What is shown of several circuit breakers.

use node::Breaker;

use super::*;

fn with(states: &[&'static str]) -> Discovery {
    let breaker = |state: &&'static str| Breaker { class: "sdk".to_owned(), state, failures: 1 };
    Discovery {
        lull: Default::default(),
        claims: 0,
        waiting: 0,
        breakers: states.iter().map(breaker).collect(),
        demand: Vec::new(),
    }
}

#[test]
fn the_worst_circuit_counts() {
    assert_eq!(circuit(&with(&[])), "CLOSED");
    assert_eq!(circuit(&with(&["CLOSED", "HALF_OPEN"])), "HALF_OPEN");
    assert_eq!(circuit(&with(&["HALF_OPEN", "OPEN", "CLOSED"])), "OPEN");
}
