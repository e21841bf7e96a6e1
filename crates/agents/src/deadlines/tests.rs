//! A key is due at its deadline or within one slot after it, never before and never twice.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Deadlines, Due};
use crate::ids::Moment;

proptest! {
    #[test]
    fn a_key_is_due_within_one_slot_after_its_deadline_and_once(
        slot_ms in 1u64..50,
        steps in proptest::collection::vec((0u64..200_000, 0u64..5_000), 1..60),
    ) {
        let mut now = Moment { ms: 12_345 };
        let mut wheel = Deadlines::new(now, slot_ms);
        let mut due: BTreeMap<usize, Moment> = BTreeMap::new();
        for (key, (ahead, pause)) in steps.into_iter().enumerate() {
            let deadline = now.after(ahead);
            wheel.put(key, deadline);
            due.insert(key, deadline);
            now = now.after(pause);
            let mut fired = Vec::new();
            wheel.advance(now, |key| match due[&key] {
                later if later > now => Due::At(later),
                _ => { fired.push(key); Due::Now }
            });
            for key in fired {
                prop_assert!(due.remove(&key).expect("it fires once") <= now);
            }
            for deadline in due.values() {
                prop_assert!(deadline.after(slot_ms) > now, "{deadline:?} was missed at {now:?}");
            }
        }
    }
}

#[test]
fn a_renewed_key_moves_on_without_being_touched() {
    let mut wheel = Deadlines::new(Moment { ms: 0 }, 100);
    wheel.put(7, Moment { ms: 1_000 });
    let renewed = Moment { ms: 61_000 };
    let mut looks = 0;
    for ms in (0..61_000).step_by(100) {
        wheel.advance(Moment { ms }, |_| {
            looks += 1;
            Due::At(renewed)
        });
    }
    assert_eq!(looks, 1, "it was looked at when its first deadline came");
    let mut fired = 0;
    wheel.advance(renewed, |_| {
        fired += 1;
        Due::Now
    });
    assert_eq!(fired, 1);
}

#[test]
fn a_pause_longer_than_the_wheel_misses_nothing() {
    let mut wheel = Deadlines::new(Moment { ms: 0 }, 10);
    for key in 0..100 {
        wheel.put(key, Moment { ms: key * 1_000 });
    }
    let mut fired = 0;
    wheel.advance(Moment { ms: 1_000_000_000 }, |_| {
        fired += 1;
        Due::Now
    });
    assert_eq!(fired, 100);
}
