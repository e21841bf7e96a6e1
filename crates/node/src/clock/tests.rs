//! Moments, whatever the wall clock does.

use agents::Moment;

use super::Clock;

#[test]
fn a_clock_that_was_set_back_between_two_processes_goes_on_from_what_is_stored() {
    let clock = Clock::system();
    let wall_ms = clock.now_ms();
    let stored = clock.moment().after(3_600_000);
    let clone = clock.clone();
    clock.go_on_from(stored);
    let (first, of_the_clone) = (clock.moment(), clone.moment());
    assert!(first >= stored && of_the_clone >= stored, "{first:?} {of_the_clone:?}");
    assert!(first.since(stored) < 60_000, "and it does not jump beyond");
    assert!(clock.now_ms() - wall_ms < 60_000, "the wall clock shows what it shows");
}

#[test]
fn an_earlier_moment_moves_nothing() {
    let clock = Clock::system();
    let before = clock.moment();
    clock.go_on_from(Moment { ms: 1 });
    assert!(clock.moment() >= before);
    assert!(clock.moment().since(before) < 60_000);
}
