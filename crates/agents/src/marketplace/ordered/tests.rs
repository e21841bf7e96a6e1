//! A list keeps what a `BTreeSet` keeps, in its order, whatever is put in and taken out.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{CHUNK_MAX, Chunks, Ordered};

fn insert(list: &mut Ordered<u32>, value: u32) -> bool {
    list.insert(value, |other| other.cmp(&value))
}

fn remove(list: &mut Ordered<u32>, value: u32) -> Option<u32> {
    list.remove(|other| other.cmp(&value))
}

proptest! {
    #[test]
    fn a_list_keeps_what_a_set_keeps(
        ops in proptest::collection::vec((0u8..4, 0u32..3_000), 1..200),
    ) {
        let (mut list, mut set) = (Ordered::default(), BTreeSet::new());
        for (op, value) in ops {
            // Runs of values, so that chunks split and join.
            for value in value..value + 40 {
                match op {
                    0 | 1 => prop_assert_eq!(insert(&mut list, value), set.insert(value)),
                    2 => prop_assert_eq!(remove(&mut list, value), set.take(&value)),
                    _ => prop_assert_eq!(
                        list.from(|other| other < value).next(),
                        set.range(value..).next().copied()
                    ),
                }
            }
            prop_assert_eq!(list.len(), set.len());
            prop_assert_eq!(list.first(), set.first().copied());
            prop_assert!(list.iter().eq(set.iter().copied()));
        }
    }
}

#[test]
fn values_that_come_in_order_fill_their_chunks() {
    let mut list = Ordered::default();
    for value in 0..100_000 {
        assert!(insert(&mut list, value));
    }
    let Chunks::Many(many) = &list.0 else { panic!("it is long") };
    assert!(many.chunks.len() <= 100_000 / CHUNK_MAX + 1, "{} chunks", many.chunks.len());
}

#[test]
fn the_number_of_chunks_follows_the_number_of_values() {
    let mut list = Ordered::default();
    for value in 0..100_000 {
        insert(&mut list, value);
    }
    for value in (0..100_000).filter(|value| value % 1_000 != 0) {
        assert_eq!(remove(&mut list, value), Some(value));
    }
    assert_eq!(list.len(), 100);
    assert!(list.iter().eq((0..100_000).step_by(1_000)));
    assert!(!matches!(&list.0, Chunks::Many(many) if many.chunks.len() > 4), "{list:?}");
}
