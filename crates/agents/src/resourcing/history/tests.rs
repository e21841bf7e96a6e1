//! What is remembered of a play.

use expect_test::expect;

use super::{History, Mean};
use crate::{
    ids::Moment,
    resourcing::{
        CaseId, ItemId, ParticipantId, TaskKey,
        testing::{set, who},
        worklist::Event,
    },
};

fn item(name: &str) -> ItemId {
    name.parse().unwrap()
}

fn at(ms: u64) -> Moment {
    Moment { ms }
}

fn task(name: &str) -> TaskKey {
    TaskKey { specification: "S".into(), task: name.into() }
}

fn received(name: &str, case: &str) -> Event {
    Event::Received { item: item(name), case: case.parse().unwrap(), task: task("a"), number: 0 }
}

#[test]
fn times_are_those_between_offer_allocation_start_and_completion() {
    let mut history = History::default();
    let ann = who("ann");
    for (name, begin, pace) in [("1a", 1_000, 10), ("2a", 50_000, 30)] {
        for event in [
            received(name, "1"),
            Event::Offered { item: item(name), to: set("ann bob"), at: at(begin) },
            Event::Allocated { item: item(name), to: ann.clone(), at: at(begin + pace) },
            Event::Started { item: item(name), by: ann.clone(), at: at(begin + 3 * pace) },
            Event::Renamed { item: item(name), to: item("other") },
            Event::Completed { item: item("other"), by: ann.clone(), at: at(begin + 7 * pace) },
        ] {
            history.note(&event);
        }
    }
    expect![[r#"
        Experience {
            completed: 2,
            last_allocated: Some(
                Moment {
                    ms: 50030,
                },
            ),
            last_completed: Some(
                Moment {
                    ms: 50210,
                },
            ),
            mean_ms: Means {
                to_allocate: Some(
                    20,
                ),
                to_start: Some(
                    40,
                ),
                to_complete: Some(
                    80,
                ),
                in_all: Some(
                    140,
                ),
            },
            cost_per_hour: None,
        }
    "#]]
    .assert_debug_eq(&History::experience([&history], &task("a"), &ann));
    assert_eq!(History::experience([&history], &task("a"), &who("bob")), Default::default());
    assert_eq!(History::experience([&history], &task("b"), &ann), Default::default());
    assert!(history.open.is_empty());
}

#[test]
fn an_item_that_was_given_back_begins_anew() {
    let mut history = History::default();
    let [ann, bob] = ["ann", "bob"].map(who);
    for event in [
        received("1a", "1"),
        Event::Allocated { item: item("1a"), to: ann.clone(), at: at(10) },
        Event::Deallocated { item: item("1a"), by: ann.clone() },
        Event::Started { item: item("1a"), by: bob.clone(), at: at(70) },
        Event::Completed { item: item("1a"), by: bob.clone(), at: at(100) },
    ] {
        history.note(&event);
    }
    let by_bob = History::experience([&history], &task("a"), &bob);
    assert_eq!((by_bob.mean_ms.to_start, by_bob.mean_ms.in_all), (None, Some(30)));
    assert_eq!(by_bob.last_allocated, Some(at(70)));
    assert_eq!(History::experience([&history], &task("a"), &ann).last_allocated, Some(at(10)));
}

#[test]
fn who_completed_a_task_is_known_until_the_case_is_over() {
    let mut history = History::default();
    let case = |name: &str| name.parse::<CaseId>().unwrap();
    let completed = |name: &str, by: &ParticipantId| Event::Completed {
        item: item(name),
        by: by.clone(),
        at: at(1),
    };
    let [ann, bob] = ["ann", "bob"].map(who);
    for event in [
        received("1a", "1"),
        received("1b", "1"),
        received("2a", "2"),
        received("1c", "1"),
        completed("1a", &bob),
        completed("1b", &ann),
        completed("2a", &ann),
        Event::Withdrawn { item: item("1c") },
        completed("1c", &ann),
    ] {
        history.note(&event);
    }
    assert_eq!(history.who_completed(&case("1"), "a"), [ann.clone(), bob]);
    assert_eq!(history.who_completed(&case("1"), "b"), []);
    history.note(&Event::CaseClosed { case: case("1") });
    assert_eq!(history.who_completed(&case("1"), "a"), []);
    assert_eq!(history.who_completed(&case("2"), "a"), [ann]);
}

#[test]
fn a_mean_of_nothing_is_not_known_and_time_never_runs_backwards() {
    let mut mean = Mean::default();
    assert_eq!(mean.value(), None);
    mean.add(None, at(5));
    assert_eq!(mean.value(), None);
    mean.add(Some(at(9)), at(5));
    assert_eq!(mean.value(), Some(0));
}
