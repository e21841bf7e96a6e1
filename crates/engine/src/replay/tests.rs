//! Stored events and cases that are not of their program.

use std::fmt::Write as _;

use expect_test::expect;
use smallvec::smallvec;

use super::*;
use crate::testing::Bench;

/// A case of a net with two tasks, three conditions and one variable, of which the first task is enabled.
fn bench() -> Bench {
    Bench::launch(
        "net N (k=0)
         i -> A
         A xor/and -> B
         B xor/and -> o",
    )
}

fn item(numbers: &str, task: u32) -> ItemKey {
    ItemKey { path: Path::parse(numbers).unwrap(), task: TaskIndex(task) }
}

fn net_started(net: u32, conditions: u32, input: u32, variables: usize) -> Event {
    Event::NetStarted {
        path: Path::root().child(1),
        net: NetIndex(net),
        conditions,
        input: ConditionIndex(input),
        data: vec!["<k/>".into(); variables].into(),
    }
}

fn fired(task: u32, consumed: u32, first: u32) -> Event {
    Event::Fired {
        path: Path::root(),
        task: TaskIndex(task),
        consumed: smallvec![ConditionIndex(consumed)],
        first,
        inputs: smallvec!["<A/>".into()],
        items: true,
        at_ms: 0,
    }
}

#[test]
fn an_event_that_names_what_the_program_does_not_have_is_refused() {
    let path = Path::root;
    let writes = |variable| smallvec![(VariableIndex(variable), "<x/>".into())];
    let exited = |joined, emptied, produced| Event::Exited {
        path: path(),
        task: TaskIndex(0),
        joined: Some((VariableIndex(joined), "<x/>".into())),
        emptied: smallvec![ConditionIndex(emptied)],
        produced: smallvec![ConditionIndex(produced)],
        at_ms: 0,
    };
    let enabled = |task, group| Event::Enabled { item: item("", task), group, at_ms: 0 };
    let events = [
        net_started(1, 3, 0, 1),
        net_started(0, u32::MAX, 0, 1),
        net_started(0, 3, 3, 1),
        net_started(0, 3, 0, 0),
        enabled(u32::MAX, None),
        enabled(1, Some(1)),
        Event::Withdrawn { item: item(".1.1", 0) },
        fired(2, 0, 1),
        fired(0, 9, 1),
        fired(0, 0, u32::MAX),
        Event::Added { path: path(), task: TaskIndex(0), child: 2, input: "<A/>".into(), at_ms: 0 },
        Event::Started { path: path().child(4), task: TaskIndex(0), child: 1, at_ms: 0 },
        exited(1, 0, 0),
        exited(0, 3, 0),
        exited(0, 0, 3),
        Event::DataSet { path: path(), writes: writes(7) },
    ];
    let Bench { program, case, .. } = bench();
    let mut got = String::new();
    for event in events {
        let misfit = replay(&program, &mut case.clone(), &[event]).unwrap_err();
        writeln!(got, "{misfit}").unwrap();
    }
    expect![[r#"
        the specification has no net 1
        the net "N" has 3 conditions, found 4294967295
        the net "N" has no condition 3
        the net "N" has 1 variables, found 0
        the net "N" has no task 4294967295
        deferred choice 1 is out of turn, expected 0 at most
        no net runs at [1, 1]
        the net "N" has no task 2
        the net "N" has no condition 9
        child 4294967295 is out of turn, expected 1 at most
        child 2 is out of turn, expected 1 at most
        no net runs at [4]
        the net "N" has no variable 1
        the net "N" has no condition 3
        the net "N" has no condition 3
        the net "N" has no variable 7
    "#]]
    .assert_eq(&got);
}

#[test]
fn events_that_fit_are_applied() {
    let Bench { program, mut case, .. } = bench();
    let events = [fired(0, 0, 1), Event::Enabled { item: item("", 1), group: Some(0), at_ms: 0 }];
    assert_eq!(replay(&program, &mut case, &events), Ok(()));
    assert_eq!(case.items.len(), 3);
    assert_eq!(check_case(&program, &case), Ok(()));
}

#[test]
fn a_case_that_names_what_the_program_does_not_have_is_refused() {
    let Bench { program, case, .. } = bench();
    let changes: [fn(&mut Case); 7] = [
        |case| case.groups = u32::MAX,
        |case| root(case).net = NetIndex(3),
        |case| root(case).children = u32::MAX,
        |case| root(case).data = Vec::new().into(),
        |case| root(case).enabled.insert(TaskIndex(40)),
        |case| root(case).busy.insert(TaskIndex(2), Busy::default()),
        |case| drop(case.runners.remove(&Path::root())),
    ];
    let mut got = String::new();
    for change in changes {
        let mut case = case.clone();
        change(&mut case);
        writeln!(got, "{}", check_case(&program, &case).unwrap_err()).unwrap();
    }
    expect![[r#"
        deferred choice 4294967295 is out of turn, expected 2147483648 at most
        the specification has no net 3
        child 4294967295 is out of turn, expected 2147483648 at most
        the net "N" has 1 variables, found 0
        the net "N" has no task 40
        the net "N" has no task 2
        no net runs at []
    "#]]
    .assert_eq(&got);
}

fn root(case: &mut Case) -> &mut Runner {
    case.runners.get_mut(&Path::root()).unwrap()
}
