//! Closed, open, half open.

use super::{Breaker, Rule, Shown};
use crate::ids::Moment;

fn at(ms: u64) -> Moment {
    Moment { ms }
}

fn open() -> Breaker {
    let mut breaker = Breaker::new(Rule::default());
    for _ in 0..5 {
        assert_eq!(breaker.admit(at(0)), Ok(()));
        breaker.failed(at(0));
    }
    assert_eq!(breaker.shown(), Shown::Open);
    breaker
}

#[test]
fn failures_in_a_row_open_it_and_a_success_between_them_does_not_count_for_nothing() {
    let mut breaker = Breaker::new(Rule::default());
    for failed in [true, true, true, true, false, true, true, true, true] {
        if failed {
            breaker.failed(at(0));
        } else {
            breaker.succeeded();
        }
    }
    assert_eq!((breaker.shown(), breaker.failures()), (Shown::Closed, 4));
}

#[test]
fn an_open_one_says_when_to_come_back_and_then_lets_one_probe_through() {
    let mut breaker = open();
    assert_eq!(breaker.admit(at(10_000)), Err(50_000));
    assert_eq!(breaker.admit(at(60_000)), Ok(()));
    assert_eq!(breaker.admit(at(60_000)), Err(6_000), "one probe is out");
    breaker.succeeded();
    assert_eq!(breaker.shown(), Shown::HalfOpen);
    assert_eq!(breaker.admit(at(60_001)), Ok(()));
    breaker.succeeded();
    assert_eq!(breaker.shown(), Shown::Closed);
}

#[test]
fn a_bad_probe_opens_it_again_and_an_operator_closes_it() {
    let mut breaker = open();
    assert_eq!(breaker.admit(at(60_000)), Ok(()));
    breaker.failed(at(60_500));
    assert_eq!(breaker.admit(at(61_000)), Err(59_500));
    breaker.reset();
    assert_eq!((breaker.admit(at(61_000)), breaker.failures()), (Ok(()), 0));
}

#[test]
fn a_probe_that_came_to_nothing_leaves_room_for_another() {
    let mut breaker = open();
    assert_eq!(breaker.admit(at(60_000)), Ok(()));
    assert_eq!(breaker.admit(at(60_000)), Err(6_000));
    breaker.let_go();
    assert_eq!(breaker.shown(), Shown::HalfOpen, "it says nothing of how things are");
    assert_eq!(breaker.admit(at(60_000)), Ok(()));
    breaker.failed(at(60_000));
    breaker.let_go();
    assert_eq!(breaker.shown(), Shown::Open);
}
