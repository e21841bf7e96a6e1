//! A marking that outgrows its small form counts on.

use super::*;

const FIRST: ConditionIndex = ConditionIndex(0);

#[test]
fn the_two_hundred_and_fifty_sixth_token_is_kept() {
    let mut marking = Marking::new(3);
    for _ in 0..300 {
        marking.add(FIRST);
    }
    marking.take(ConditionIndex(1));
    marking.add(ConditionIndex(2));
    assert_eq!(marking.iter().collect::<Vec<_>>(), [300, 0, 1]);
    for _ in 0..300 {
        marking.take(FIRST);
    }
    let mut small = Marking::new(3);
    small.add(ConditionIndex(2));
    assert_eq!(marking, small, "how the tokens are held does not count");
}

#[test]
fn small_and_large_nets_are_stored_alike() {
    for conditions in [0, 1, INLINE, INLINE + 1, 300] {
        let mut marking = Marking::new(conditions);
        assert!(marking.is_empty() && marking.len() == conditions);
        marking.set(FIRST, 1000);
        let last = ConditionIndex(u32::try_from(conditions).unwrap().saturating_sub(1));
        marking.add(last);
        assert_eq!(marking.is_empty(), conditions == 0, "{conditions}");
        let stored = postcard::to_stdvec(&marking).unwrap();
        let plain: Vec<u32> = postcard::from_bytes(&stored).unwrap();
        assert_eq!(plain, marking.iter().collect::<Vec<_>>(), "{conditions}");
        assert_eq!(postcard::from_bytes::<Marking>(&stored).unwrap(), marking);
        marking.clear();
        assert!(marking.is_empty() && marking.len() == conditions);
    }
}
