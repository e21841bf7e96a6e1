//! Where cases go, and what counts as a number.

use expect_test::expect;

use super::*;

#[test]
fn a_case_stays_in_its_partition_for_ever() {
    let place = |id: &&str| {
        let case = CaseId::parse(id).unwrap();
        format!("{id}: {} of 2, {} of 7\n", partition_of(&case, 2), partition_of(&case, 7))
    };
    let said: String =
        ["1", "2", "3", "10", "1000000", "order-17", "a_b"].iter().map(place).collect();
    expect![[r#"
        1: 0 of 2, 4 of 7
        2: 1 of 2, 5 of 7
        3: 0 of 2, 1 of 7
        10: 1 of 2, 6 of 7
        1000000: 0 of 2, 2 of 7
        order-17: 0 of 2, 3 of 7
        a_b: 0 of 2, 4 of 7
    "#]]
    .assert_eq(&said);
}

#[test]
fn numbered_cases_are_spread_evenly() {
    for partitions in [2, 3, 8] {
        let mut counts = vec![0_usize; partitions];
        for number in 1..=10_000 {
            counts[partition_of(&CaseId::parse(&number.to_string()).unwrap(), partitions)] += 1;
        }
        let even = 10_000 / partitions;
        let fair = counts.iter().all(|count| count.abs_diff(even) < even / 10);
        assert!(fair, "{counts:?}");
    }
}

#[test]
fn only_what_counting_could_reach_is_a_number() {
    let number = |id: &&str| format!("{id}: {:?}\n", number_of(&CaseId::parse(id).unwrap()));
    let said: String = ["1", "0", "07", "7a", "-1", "999999999999999", "9999999999999999"]
        .iter()
        .map(number)
        .collect();
    expect![[r#"
        1: Some(1)
        0: None
        07: None
        7a: None
        -1: None
        999999999999999: Some(999999999999999)
        9999999999999999: None
    "#]]
    .assert_eq(&said);
}

#[test]
fn the_case_of_an_item_is_what_stands_before_the_path() {
    let case = |item: &&str| format!("{item}: {:?}\n", case_of_item(item));
    let said: String =
        ["7:A", "7.1:A", "x-y.2.10:B:C", "7", ":A", "a b:A"].iter().map(case).collect();
    expect![[r#"
        7:A: Some(7)
        7.1:A: Some(7)
        x-y.2.10:B:C: Some(x-y)
        7: None
        :A: None
        a b:A: None
    "#]]
    .assert_eq(&said);
}
