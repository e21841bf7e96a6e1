//! The contract's figures.

use super::{Backoff, level};

#[test]
fn sleeps_double_from_the_base_to_the_cap() {
    let backoff = Backoff { jitter_percent: 0, ..Backoff::default() };
    let sleeps: Vec<_> = (1..=9).map(|empties| backoff.sleep_ms(empties, 0)).collect();
    assert_eq!(sleeps, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000, 60_000]);
    assert_eq!((level(0), level(1), level(2), level(100)), (0, 0, 1, 6));
}

#[test]
fn jitter_is_a_tenth_to_either_side_and_never_above_the_cap() {
    let backoff = Backoff::default();
    let sleeps = |empties| (0..10_000).map(move |seed| backoff.sleep_ms(empties, seed * 7_919));
    assert_eq!((sleeps(1).min(), sleeps(1).max()), (Some(4_500), Some(5_500)));
    assert_eq!((sleeps(8).min(), sleeps(8).max()), (Some(54_000), Some(60_000)));
}

#[test]
fn ten_idle_minutes_cost_at_least_89_percent_fewer_requests() {
    let backoff = Backoff::default();
    let (mut now, mut polls) = (0, 0);
    while now < 600_000 {
        polls += 1;
        now += backoff.sleep_ms(polls, u64::from(polls) * 31);
    }
    let without = 600_000 / backoff.base_ms;
    assert!(u64::from(polls) * 100 <= without * 11 + 100, "{polls} of {without}");
}
