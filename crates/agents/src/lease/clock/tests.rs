//! Terms end when nobody renewed them, and not before.

use super::{Clocks, Ending, Lapsed};
use crate::ids::{Epoch, Moment};

fn at(ms: u64) -> Moment {
    Moment { ms }
}

#[test]
fn a_term_that_is_renewed_goes_on_and_one_that_is_not_ends_once() {
    let mut clocks = Clocks::new(at(0));
    clocks.hold(Epoch(1), "ann's", (at(0), 60_000));
    clocks.hold(Epoch(2), "bob's", (at(0), 60_000));
    assert_eq!(clocks.renew(Epoch(1), &"ann's", (at(0), 90_000)), Some(at(90_000)));
    assert_eq!(clocks.lapsed(at(59_999)), []);
    assert_eq!(clocks.lapsed(at(60_250)), [Lapsed::Term { at: "bob's", epoch: Epoch(2) }]);
    assert_eq!(clocks.lapsed(at(89_999)), []);
    assert_eq!(clocks.renew(Epoch(2), &"bob's", (at(0), 99_000)), None, "it has ended");
    assert_eq!(clocks.lapsed(at(90_250)), [Lapsed::Term { at: "ann's", epoch: Epoch(1) }]);
    assert_eq!(clocks.next_look(), None);
}

#[test]
fn a_renewal_never_brings_the_end_nearer_and_counts_only_for_its_own_item() {
    let mut clocks = Clocks::new(at(0));
    clocks.hold(Epoch(1), "ann's", (at(0), 60_000));
    assert_eq!(clocks.renew(Epoch(1), &"ann's", (at(0), 10_000)), Some(at(60_000)));
    assert_eq!(clocks.renew(Epoch(1), &"bob's", (at(0), 90_000)), None);
}

#[test]
fn a_rest_ends_with_the_epoch_of_its_last_holder_and_cannot_be_renewed() {
    let mut clocks = Clocks::new(at(0));
    clocks.hold(Epoch(1), "item", (at(0), 5_000));
    clocks.stop(Epoch(1));
    clocks.rest(Epoch(1), "item", at(2_000));
    assert_eq!(clocks.renew(Epoch(1), &"item", (at(0), 90_000)), None);
    assert_eq!(clocks.lapsed(at(2_250)), [Lapsed::Rest { at: "item" }]);
    assert_eq!(clocks.lapsed(at(100_000)), []);
}

#[test]
fn after_a_pause_every_term_begins_anew() {
    let mut clocks = Clocks::new(at(0));
    clocks.hold(Epoch(1), "item", (at(0), 5_000));
    clocks.extend(|_, _| at(105_000));
    assert_eq!(clocks.lapsed(at(100_000)), []);
    assert_eq!(clocks.lapsed(at(105_250)).len(), 1);
}

fn endings(clocks: &mut Clocks<&'static str>, ms: u64) -> Vec<&'static str> {
    clocks.ending(at(ms)).into_iter().map(|ending| ending.at).collect()
}

#[test]
fn a_holder_is_warned_once_in_a_term_that_it_does_not_renew() {
    let mut clocks = Clocks::new(at(0));
    clocks.warn(true, at(0));
    clocks.hold(Epoch(1), "short", (at(0), 6_000));
    clocks.hold(Epoch(2), "long", (at(0), 600_000));
    clocks.hold(Epoch(3), "renewed", (at(0), 6_000));
    clocks.rest(Epoch(4), "rests", at(6_000));
    assert_eq!(clocks.renew(Epoch(3), &"renewed", (at(3_000), 6_000)), Some(at(9_000)));
    assert_eq!(endings(&mut clocks, 3_999), [""; 0]);
    assert_eq!(endings(&mut clocks, 4_250), ["short"], "a third of the term is left");
    assert_eq!(endings(&mut clocks, 6_900), [""; 0], "once");
    assert_eq!(endings(&mut clocks, 7_250), ["renewed"]);
    assert_eq!(clocks.renew(Epoch(3), &"renewed", (at(7_300), 6_000)), Some(at(13_300)));
    assert_eq!(endings(&mut clocks, 11_750), ["renewed"], "a new term, a new warning");
    assert_eq!(endings(&mut clocks, 579_999), [""; 0]);
    let ending = clocks.ending(at(580_250));
    assert_eq!(ending, [Ending { at: "long", epoch: Epoch(2), until: at(600_000) }]);
}

#[test]
fn nobody_is_warned_while_nobody_listens_and_what_runs_by_then_is_looked_at_once() {
    let mut clocks = Clocks::new(at(0));
    clocks.hold(Epoch(1), "over", (at(0), 6_000));
    clocks.hold(Epoch(2), "held", (at(0), 9_000));
    assert_eq!(endings(&mut clocks, 5_000), [""; 0]);
    clocks.stop(Epoch(1));
    clocks.warn(true, at(5_000));
    assert_eq!(endings(&mut clocks, 5_900), [""; 0]);
    assert_eq!(endings(&mut clocks, 6_250), ["held"]);
    clocks.warn(false, at(6_300));
    clocks.hold(Epoch(3), "unheard", (at(6_300), 3_000));
    assert_eq!(endings(&mut clocks, 9_000), [""; 0]);
    assert_eq!(clocks.lapsed(at(9_250)), [Lapsed::Term { at: "held", epoch: Epoch(2) }]);
}
