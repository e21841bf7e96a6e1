//! Order of picks: in turn between specifications, oldest first within one, none twice and none lost.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Fit, LineId, PASSED_MAX, Queues};
use crate::ids::Capability;

fn capability(name: &str) -> Capability {
    name.parse().unwrap()
}

fn take(queues: &mut Queues<i64>, capability: &Capability) -> Option<i64> {
    let (line, item) = queues.pick(std::slice::from_ref(capability), |_| true)?;
    queues.withdraw(line);
    Some(item)
}

#[test]
fn specifications_take_turns_and_what_came_back_goes_before_what_is_younger() {
    let mut queues = Queues::default();
    let pack = capability("pack");
    let (first, second) = (queues.line(&pack, 1), queues.line(&pack, 2));
    for since_ms in [100, 101, 102] {
        queues.put(first, since_ms, since_ms);
    }
    for since_ms in [400, 500, 50] {
        queues.put(second, since_ms, since_ms);
    }
    let picks: Vec<_> = std::iter::from_fn(|| take(&mut queues, &pack)).collect();
    assert_eq!(picks, [100, 50, 101, 400, 102, 500]);
    assert!(queues.is_empty());
}

#[test]
fn a_specification_that_was_idle_does_not_get_the_turns_that_it_missed() {
    let mut queues = Queues::default();
    let pack = capability("pack");
    let (busy, idle) = (queues.line(&pack, 1), queues.line(&pack, 2));
    for item in 0..10 {
        queues.put(busy, item, item);
    }
    for _ in 0..4 {
        take(&mut queues, &pack);
    }
    for item in 20..23 {
        queues.put(idle, item, item);
    }
    let picks: Vec<_> = (0..6).filter_map(|_| take(&mut queues, &pack)).collect();
    assert_eq!(picks, [4, 20, 5, 21, 6, 22]);
}

#[test]
fn a_line_does_not_grow_by_items_that_nobody_claims() {
    let mut queues = Queues::default();
    let line = queues.line(&capability("pack"), 1);
    for item in 0..100_000 {
        queues.put(line, item, item);
        queues.withdraw(line);
        queues.tidy(|_| false);
        assert!(queues.lines[0].items.len() <= super::STALE_MIN + 1);
    }
}

#[test]
fn what_is_for_others_is_passed_over_and_keeps_nobody_from_the_rest() {
    let mut queues = Queues::default();
    let (pack, ship) = (capability("pack"), capability("ship"));
    let both = [pack.clone(), ship.clone()];
    let (first, second) = (queues.line(&pack, 1), queues.line(&ship, 1));
    for item in 0..4 {
        queues.put(first, item, item);
    }
    queues.put(second, 9, 9);
    // Even ones are for others: the odd ones come, then the other line's.
    let odd = |item: &i64| if item % 2 == 1 { Fit::Yes } else { Fit::ForOthers };
    let mut got = Vec::new();
    while let Some((line, item)) = queues.pick_for(&both, odd) {
        queues.withdraw(line);
        got.push(item);
    }
    got.sort_unstable();
    assert_eq!((got, queues.depth(&pack)), (vec![1, 3, 9], 2));
    assert_eq!(
        take(&mut queues, &pack).into_iter().chain(take(&mut queues, &pack)).sum::<i64>(),
        2
    );
}

#[test]
fn many_items_for_others_are_passed_over_in_steps() {
    let mut queues = Queues::default();
    let line = queues.line(&capability("pack"), 1);
    let last = i64::try_from(2 * PASSED_MAX).unwrap();
    for item in 0..=last {
        queues.put(line, item, item);
    }
    let mut looks = 0;
    let mut pick = |queues: &mut Queues<i64>| {
        queues.pick_for(&[capability("pack")], |item| {
            looks += 1;
            if *item == last { Fit::Yes } else { Fit::ForOthers }
        })
    };
    let found: Vec<_> = (0..3).map(|_| pick(&mut queues).map(|(_, item)| item)).collect();
    assert_eq!(found, [None, None, Some(last)]);
    assert_eq!(looks, 2 * PASSED_MAX + 1);
    assert_eq!(queues.len(), 2 * PASSED_MAX + 1, "nothing is lost");
}

proptest! {
    #[test]
    fn every_item_is_picked_once_by_whoever_can_do_it(
        steps in proptest::collection::vec((0u8..5, 0usize..3, 0u32..3, 0i64..20), 1..200),
    ) {
        let names = [capability("a"), capability("b"), capability("c")];
        let mut queues = Queues::default();
        // What can be claimed: item, with its capability, its line and since when.
        let mut waiting: BTreeMap<usize, (usize, LineId, i64)> = BTreeMap::new();
        let mut gone = Vec::new();
        for (number, (what, capability, of, since_ms)) in steps.into_iter().enumerate() {
            let line = queues.line(&names[capability], of);
            match what {
                0 | 1 => {
                    queues.put(line, since_ms, number);
                    waiting.insert(number, (capability, line, since_ms));
                }
                2 => {
                    if let Some((item, was)) = waiting.pop_first() {
                        queues.withdraw(was.1);
                        gone.push((item, was));
                    }
                }
                // One that was withdrawn can be claimed again, as a suspended one.
                3 => {
                    if let Some((item, was)) = gone.pop() {
                        queues.put(was.1, was.2, item);
                        waiting.insert(item, was);
                    }
                }
                _ => {
                    let picked = queues.pick(&names[..=capability], |item| waiting.contains_key(item));
                    prop_assert_eq!(picked.is_some(), waiting.values().any(|(of, ..)| *of <= capability));
                    if let Some((line, item)) = picked {
                        if since_ms % 4 == 0 {
                            queues.put_back(line, item);
                            continue;
                        }
                        queues.withdraw(line);
                        let was = waiting.remove(&item);
                        prop_assert!(was.is_some_and(|(of, ..)| of <= capability));
                    }
                }
            }
            queues.tidy(|item| waiting.contains_key(item));
            prop_assert_eq!(queues.len(), waiting.len());
            let of_a = waiting.values().filter(|(of, ..)| *of == 0).count();
            prop_assert_eq!(queues.depth(&names[0]), of_a);
        }
    }
}
