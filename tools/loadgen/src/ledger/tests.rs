//! What the ledger notices.

use std::collections::BTreeMap;

use super::{Closed, Ledger, Standing};

fn case(number: usize) -> String {
    format!("c{number}")
}

/// Three launches that were acknowledged and completed.
fn good() -> (Ledger, BTreeMap<usize, Standing>) {
    let (mut ledger, mut there) = (Ledger::default(), BTreeMap::new());
    for number in 0..3 {
        ledger.launch(number);
        ledger.launched(number);
        ledger.results.issued += 1;
        ledger.results.acknowledged += 1;
        ledger.completed(format!("c{number}.1:Answer"), 1);
        there.insert(number, Standing::Completed);
    }
    (ledger, there)
}

fn faults(closed: &Closed) -> String {
    closed.faults().join("; ")
}

#[test]
fn a_ledger_that_adds_up_has_no_faults() {
    let (ledger, there) = good();
    assert_eq!(ledger.open(), 0);
    assert_eq!(faults(&ledger.close(&there, case)), "");
}

#[test]
fn a_case_that_was_acknowledged_and_is_gone_is_a_loss() {
    let (ledger, mut there) = good();
    there.remove(&1);
    let closed = ledger.close(&there, case);
    assert_eq!(closed.lost, ["c1: launched, not there", "c1.1:Answer: completed, its case is not"]);
    assert!(faults(&closed).starts_with("2 losses"), "{}", faults(&closed));
}

#[test]
fn a_result_that_was_acknowledged_and_is_not_in_is_a_loss() {
    let (ledger, mut there) = good();
    there.insert(2, Standing::Open);
    let closed = ledger.close(&there, case);
    assert_eq!((closed.lost_count, closed.unfinished), (1, 1));
}

#[test]
fn a_result_that_counts_under_two_epochs_is_a_double() {
    let (mut ledger, there) = good();
    ledger.completed("c0.1:Answer".to_owned(), 7);
    assert_eq!(
        ledger.close(&there, case).doubled,
        ["c0.1:Answer: completed under the epochs {1, 7}"]
    );
}

#[test]
fn what_was_unknown_is_resolved_by_what_is_there() {
    let (mut ledger, mut there) = good();
    for number in [3, 4] {
        ledger.launch(number);
        ledger.launch_unknown(number);
    }
    there.insert(3, Standing::Completed);
    let closed = ledger.close(&there, case);
    assert_eq!((closed.launches.unknown, closed.launches_resolved.unknown), (2, 0));
    let resolved = closed.launches_resolved;
    assert_eq!((resolved.acknowledged, resolved.failed), (4, 1));
    assert_eq!(faults(&closed), "");
}

#[test]
fn a_launch_that_was_refused_and_happened_is_a_double() {
    let (mut ledger, mut there) = good();
    ledger.launch(3);
    ledger.launch_refused(3);
    there.insert(3, Standing::Completed);
    assert_eq!(ledger.close(&there, case).doubled, ["c3: refused, yet there"]);
}

#[test]
fn a_result_of_which_nobody_knows_is_a_fault() {
    let (mut ledger, there) = good();
    ledger.results.issued += 1;
    ledger.results.unknown += 1;
    assert!(faults(&ledger.close(&there, case)).contains("1 unknown"));
}
