//! Terms end when nobody renewed them, and not before.

use super::{Clocks, Lapsed};
use crate::ids::{Epoch, Moment};

fn at(ms: u64) -> Moment {
    Moment { ms }
}

#[test]
fn a_term_that_is_renewed_goes_on_and_one_that_is_not_ends_once() {
    let mut clocks = Clocks::new(at(0));
    clocks.hold(Epoch(1), "ann's", at(60_000));
    clocks.hold(Epoch(2), "bob's", at(60_000));
    assert_eq!(clocks.renew(Epoch(1), &"ann's", at(90_000)), Some(at(90_000)));
    assert_eq!(clocks.lapsed(at(59_999)), []);
    assert_eq!(clocks.lapsed(at(60_250)), [Lapsed::Term { at: "bob's", epoch: Epoch(2) }]);
    assert_eq!(clocks.lapsed(at(89_999)), []);
    assert_eq!(clocks.renew(Epoch(2), &"bob's", at(99_000)), None, "it has ended");
    assert_eq!(clocks.lapsed(at(90_250)), [Lapsed::Term { at: "ann's", epoch: Epoch(1) }]);
    assert_eq!(clocks.next_look(), None);
}

#[test]
fn a_renewal_never_brings_the_end_nearer_and_counts_only_for_its_own_item() {
    let mut clocks = Clocks::new(at(0));
    clocks.hold(Epoch(1), "ann's", at(60_000));
    assert_eq!(clocks.renew(Epoch(1), &"ann's", at(10_000)), Some(at(60_000)));
    assert_eq!(clocks.renew(Epoch(1), &"bob's", at(90_000)), None);
}

#[test]
fn a_rest_ends_with_the_epoch_of_its_last_holder_and_cannot_be_renewed() {
    let mut clocks = Clocks::new(at(0));
    clocks.hold(Epoch(1), "item", at(5_000));
    clocks.stop(Epoch(1));
    clocks.rest(Epoch(1), "item", at(2_000));
    assert_eq!(clocks.renew(Epoch(1), &"item", at(90_000)), None);
    assert_eq!(clocks.lapsed(at(2_250)), [Lapsed::Rest { at: "item" }]);
    assert_eq!(clocks.lapsed(at(100_000)), []);
}

#[test]
fn after_a_pause_every_term_begins_anew() {
    let mut clocks = Clocks::new(at(0));
    clocks.hold(Epoch(1), "item", at(5_000));
    clocks.extend(|_, _| at(105_000));
    assert_eq!(clocks.lapsed(at(100_000)), []);
    assert_eq!(clocks.lapsed(at(105_250)).len(), 1);
}
