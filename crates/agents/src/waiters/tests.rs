//! One waiter per item, the one that has waited longest.

use super::{Ticket, Waiters};
use crate::ids::{Capability, Moment};

fn capability(name: &str) -> Capability {
    name.parse().unwrap()
}

fn at(ms: u64) -> Moment {
    Moment { ms }
}

#[test]
fn one_is_woken_for_one_item_and_it_is_the_one_that_has_waited_longest() {
    let (pack, ship) = (capability("pack"), capability("ship"));
    let mut waiters = Waiters::default();
    waiters.wait(Ticket(1), vec![ship.clone()], at(100));
    waiters.wait(Ticket(2), vec![pack.clone(), ship.clone()], at(100));
    waiters.wait(Ticket(3), vec![pack.clone()], at(100));
    assert_eq!(waiters.wake(&pack), Some(Ticket(2)));
    assert_eq!(waiters.wake(&ship), Some(Ticket(1)));
    assert_eq!(waiters.wake(&ship), None, "the second waits no more for anything");
    // Its item was gone: it keeps its place before the third.
    waiters.wait(Ticket(2), vec![pack.clone()], at(100));
    assert_eq!(waiters.wake(&pack), Some(Ticket(2)));
    assert_eq!(waiters.wake(&pack), Some(Ticket(3)));
    assert!(waiters.is_empty());
}

#[test]
fn a_waiter_whose_time_is_over_leaves_every_line() {
    let pack = capability("pack");
    let mut waiters = Waiters::default();
    waiters.wait(Ticket(1), vec![pack.clone(), capability("ship")], at(100));
    waiters.wait(Ticket(2), vec![pack.clone()], at(50));
    assert_eq!(waiters.next_end(), Some(at(50)));
    assert_eq!(waiters.expire(at(49)), None);
    assert_eq!(waiters.expire(at(100)), Some(Ticket(2)));
    assert_eq!(waiters.expire(at(100)), Some(Ticket(1)));
    assert!(!waiters.has(&pack) && !waiters.leave(Ticket(1)) && waiters.next_end().is_none());
}
