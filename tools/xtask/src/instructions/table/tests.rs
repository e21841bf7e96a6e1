//! The ratchet holds in both directions.

use expect_test::expect;

use super::*;

fn table(text: &str) -> Table {
    Table::parse(text).expect("a table")
}

#[test]
fn more_less_new_and_gone_paths_fail_and_a_drift_does_not() {
    let ratchet = table("# held\nstart 1000\ncomplete 1000\nlaunch 1000\nold 5\n");
    let counted = table("start 1030\ncomplete 1031\nlaunch 900\nfresh 7\n");
    let verdict = compare(&ratchet, &counted);
    assert!(!verdict.is_ok);
    expect![[r#"
        counted
          complete                     1031  3 % more than 1000: make it cheaper, or say why and --record
          fresh                           7  new: write it down with --record
          launch                        900  10 % less than 1000: keep what was won with --record
          start                        1030  ok, 1000 allowed
          old                          gone  remove its line
    "#]]
    .assert_eq(&format!("counted\n{}", verdict.text));
    assert!(compare(&ratchet, &ratchet).is_ok);
}

#[test]
fn a_table_reads_back_what_it_wrote() {
    let counted = table("start 1030\ncomplete 1031\n");
    assert_eq!(table(&counted.to_string()), counted);
}

#[test]
fn the_count_is_found_in_the_report_of_valgrind() {
    let report = "==7== Cachegrind, a cache and branch-prediction profiler\n==7== \n==7== I   refs:      12,345,678\n";
    assert_eq!(instructions(report), Some(12_345_678));
    assert_eq!(instructions("==7== I refs:        9,001\n"), Some(9001));
    assert_eq!(instructions("==7== no such thing"), None);
}
