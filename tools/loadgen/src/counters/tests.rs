//! Counters out of an exposition, and whether two counts agree.

use super::{Counters, agree};

#[test]
fn counters_are_read_and_nothing_else() {
    let before =
        Counters::parse("# TYPE a counter\na{x=\"1\"} 5\na{x=\"2\"} 7\n# TYPE b gauge\nb 3\n");
    let after = Counters::parse(
        "# TYPE a counter\na{x=\"1\"} 9\na{x=\"2\"} 7\n# TYPE b gauge\nb 4\n# TYPE c counter\nc 1\nnonsense\n",
    );
    let added: Vec<(String, f64)> = after.since(&before).into_iter().collect();
    assert_eq!(added, [("a{x=\"1\"}".to_owned(), 4.0), ("c".to_owned(), 1.0)]);
}

#[test]
fn counts_agree_to_a_thousandth() {
    assert!(agree(0, 0.0) && agree(10_000, 10_010.0) && agree(10_000, 9_990.0));
    assert!(!agree(10_000, 10_020.0) && !agree(3, 4.0) && !agree(100, 0.0));
}
