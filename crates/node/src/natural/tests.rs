//! The order of ids in lists.

use std::cmp::Ordering;

use engine::CaseId;

use super::{Natural, compare};

#[test]
fn digits_count_as_numbers_and_the_order_is_total() {
    let sorted = [
        "-1", "01", "1", "2", "2.1:A", "2.2:A", "2.10:A", "2:A", "9", "10", "99", "a", "a02", "a2",
        "a10", "b",
    ];
    for (i, a) in sorted.iter().enumerate() {
        for (j, b) in sorted.iter().enumerate() {
            let want = i.cmp(&j);
            let got = compare(a, b);
            assert_eq!(got, want, "{a} against {b}");
            assert_eq!(got == Ordering::Equal, a == b);
        }
    }
}

#[test]
fn ids_that_are_numbers_stand_where_their_texts_do() {
    let ids = ["0", "00", "1", "01", "9", "10", "999999999999999", "1000000000000000", "a", "-1"];
    let natural = |id: &str| Natural::new(CaseId::parse(id).unwrap());
    for a in ids {
        for b in ids {
            assert_eq!(natural(a).cmp(&natural(b)), compare(a, b), "{a} against {b}");
        }
    }
}
