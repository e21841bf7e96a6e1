//! The set of bits against an ordinary one.

use std::collections::BTreeSet;

use super::*;
use crate::testing::Random;

#[test]
fn it_holds_what_an_ordinary_set_holds() {
    let mut random = Random(3);
    for _ in 0..50 {
        let (mut set, mut plain) = (TaskSet::default(), BTreeSet::new());
        for _ in 0..200 {
            let task = TaskIndex(u32::try_from(random.below(300)).unwrap());
            if random.below(2) == 0 {
                set.insert(task);
                plain.insert(task);
            } else {
                set.remove(task);
                plain.remove(&task);
            }
            assert_eq!(set.contains(task), plain.contains(&task));
            assert!(set.iter().eq(plain.iter().copied()));
            assert_eq!(set.is_empty(), plain.is_empty());
        }
        assert_eq!(set, plain.iter().copied().collect(), "equal sets are equal");
        let mut both = TaskSet::from_iter([TaskIndex(7), TaskIndex(290)]);
        both.extend(&set);
        plain.extend([TaskIndex(7), TaskIndex(290)]);
        assert!(both.iter().eq(plain.iter().copied()));
    }
}
