//! Claims by script against partitions that are lists of numbers.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{Depths, Desk, Effect, Request, Returned, Rules};
use crate::{
    backoff::Backoff,
    breaker,
    ids::{Capability, Moment, Slot},
    waiters::Ticket,
};

/// Two partitions, each with items by capability.
#[derive(Default)]
struct World {
    items: [BTreeMap<Capability, usize>; 2],
    /// Partitions that cannot be asked.
    broken: [bool; 2],
}

impl Depths for World {
    fn has_work(&self, partition: usize, capability: &Capability) -> bool {
        self.items[partition].get(capability).is_some_and(|items| *items > 0)
    }
}

impl World {
    /// Takes up to so many items out.
    fn take(&mut self, partition: usize, wanted: &[Capability], items_max: usize) -> Returned {
        if self.broken[partition] {
            return Returned::Failed;
        }
        let mut taken = 0;
        for capability in wanted {
            let items = self.items[partition].entry(capability.clone()).or_default();
            let more = (*items).min(items_max - taken);
            *items -= more;
            taken += more;
        }
        Returned::Items(taken)
    }
}

fn rules() -> Rules {
    let backoff = Backoff { jitter_percent: 0, ..Backoff::default() };
    Rules { backoff, breaker: breaker::Rule::default(), partitions: 2 }
}

fn capability(name: &str) -> Capability {
    name.parse().unwrap()
}

fn at(ms: u64) -> Moment {
    Moment { ms }
}

struct Run {
    desk: Desk,
    world: World,
    now: Moment,
    wants: BTreeMap<Ticket, Vec<Capability>>,
    /// Asked and not answered yet: a partition answers when the script says so.
    asked: VecDeque<(Ticket, usize, usize)>,
    got: String,
}

impl Run {
    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |place: usize| words[place].parse::<u64>().unwrap();
        let mut effects = Vec::new();
        match words[0] {
            // claim AGENT MAX WAIT_MS CAPABILITY...
            "claim" => {
                let capabilities: Vec<_> = words[4..].iter().map(|name| capability(name)).collect();
                let request = Request {
                    agent: Slot(number(1) as u32),
                    class: "test".into(),
                    capabilities: capabilities.clone(),
                    items_max: number(2) as usize,
                    until: self.now.after(number(3)),
                };
                let ticket = self.desk.claim(request, self.now, &self.world, &mut effects);
                self.wants.insert(ticket, capabilities);
            }
            // put PARTITION COUNT CAPABILITY
            "put" => {
                let (items, capability) = (number(2) as usize, capability(words[3]));
                *self.world.items[number(1) as usize].entry(capability.clone()).or_default() +=
                    items;
                self.desk.nudged((&capability, items), self.now, &self.world, &mut effects);
            }
            "break" => self.world.broken[number(1) as usize] = true,
            "mend" => self.world.broken = [false; 2],
            "reset" => self.desk.reset(),
            "abandon" => self.desk.abandon(Ticket(number(1))),
            "reply" => {
                let (ticket, partition, items_max) = self.asked.pop_front().unwrap();
                let wanted = self.wants[&ticket].clone();
                let returned = self.world.take(partition, &wanted, items_max);
                write!(self.got, " {returned:?}").unwrap();
                self.desk.returned((ticket, returned), self.now, &self.world, &mut effects);
            }
            // What is there is for others than the one that asked.
            "pass" => {
                let (ticket, ..) = self.asked.pop_front().unwrap();
                let nothing = (ticket, Returned::Items(0));
                self.desk.returned(nothing, self.now, &self.world, &mut effects);
            }
            // The one that asked may have no work any more.
            "deny" => {
                let (ticket, ..) = self.asked.pop_front().unwrap();
                let denied = (ticket, Returned::Denied);
                self.desk.returned(denied, self.now, &self.world, &mut effects);
            }
            "later" => {
                self.now = self.now.after(number(1));
                self.desk.tick(self.now, &self.world, &mut effects);
            }
            other => panic!("{other} is no word of the script"),
        }
        for effect in effects {
            write!(self.got, " {}", show(&effect)).unwrap();
            if let Effect::Ask { ticket, partition, items_max } = effect {
                self.asked.push_back((ticket, partition, items_max));
            }
        }
    }
}

fn show(effect: &Effect) -> String {
    match effect {
        Effect::Ask { ticket, partition, items_max } => {
            format!("[{} asks {partition} for {items_max}]", ticket.0)
        }
        Effect::Answer { ticket, outcome } => format!("[{} gets {outcome:?}]", ticket.0),
        Effect::GiveBack { ticket } => format!("[{} gives back]", ticket.0),
    }
}

#[track_caller]
fn check(script: &str, want: Expect) {
    let mut run = Run {
        desk: Desk::new(rules()),
        world: World::default(),
        now: at(0),
        wants: BTreeMap::new(),
        asked: VecDeque::new(),
        got: String::new(),
    };
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        write!(run.got, "{line}:").unwrap();
        run.line(line);
        run.got.push('\n');
    }
    want.assert_eq(&run.got);
}

#[test]
fn a_claim_is_answered_with_what_the_partitions_have_together() {
    check(
        "put 0 2 pack
         put 1 5 pack
         claim 7 4 0 pack
         reply
         reply",
        expect![[r#"
            put 0 2 pack:
            put 1 5 pack:
            claim 7 4 0 pack: [0 asks 0 for 4]
            reply: Items(2) [0 asks 1 for 2]
            reply: Items(2) [0 gets Items]
        "#]],
    );
}

#[test]
fn one_waiter_is_woken_for_one_item() {
    check(
        "claim 1 1 30000 pack
         claim 2 1 30000 pack
         claim 3 1 30000 ship
         put 1 1 pack
         reply
         put 0 5 pack
         reply
         later 30000",
        expect![[r#"
            claim 1 1 30000 pack:
            claim 2 1 30000 pack:
            claim 3 1 30000 ship:
            put 1 1 pack: [0 asks 1 for 1]
            reply: Items(1) [0 gets Items]
            put 0 5 pack: [1 asks 0 for 1]
            reply: Items(1) [1 gets Items]
            later 30000: [2 gets Empty { waited: true, retry_after_ms: 5000 }]
        "#]],
    );
}

#[test]
fn what_is_not_for_one_waiter_is_offered_to_those_behind_it_once() {
    check(
        "claim 1 1 30000 pack
         claim 2 1 30000 pack
         claim 3 1 30000 pack
         put 0 1 pack
         pass
         pass
         pass
         put 0 1 pack
         pass
         reply
         later 30000",
        expect![[r#"
            claim 1 1 30000 pack:
            claim 2 1 30000 pack:
            claim 3 1 30000 pack:
            put 0 1 pack: [0 asks 0 for 1]
            pass: [1 asks 0 for 1]
            pass: [2 asks 0 for 1]
            pass:
            put 0 1 pack: [0 asks 0 for 1]
            pass: [1 asks 0 for 1]
            reply: Items(1) [1 gets Items] [0 asks 0 for 1]
            later 30000: [2 gets Empty { waited: true, retry_after_ms: 5000 }]
        "#]],
    );
}

#[test]
fn a_waiter_whose_item_was_taken_by_another_waits_on() {
    check(
        "claim 1 1 30000 pack
         put 0 1 pack
         claim 2 1 30000 pack
         reply
         reply
         put 1 1 pack
         reply",
        expect![[r#"
            claim 1 1 30000 pack:
            put 0 1 pack: [0 asks 0 for 1]
            claim 2 1 30000 pack: [1 asks 0 for 1]
            reply: Items(1) [0 gets Items]
            reply: Items(0)
            put 1 1 pack: [1 asks 1 for 1]
            reply: Items(1) [1 gets Items]
        "#]],
    );
}

#[test]
fn an_item_that_comes_while_the_partition_says_nothing_is_not_missed() {
    check(
        "put 0 1 pack
         claim 1 1 30000 pack
         claim 2 1 30000 pack
         reply
         put 0 1 pack
         reply",
        expect![[r#"
            put 0 1 pack:
            claim 1 1 30000 pack: [0 asks 0 for 1]
            claim 2 1 30000 pack: [1 asks 0 for 1]
            reply: Items(1) [0 gets Items]
            put 0 1 pack:
            reply: Items(1) [1 gets Items]
        "#]],
    );
}

#[test]
fn whoever_finds_nothing_again_and_again_is_told_to_stay_away_longer() {
    check(
        "claim 1 1 0 pack
         claim 1 1 0 pack
         claim 1 1 0 pack
         claim 2 1 0 pack
         put 0 1 pack
         claim 1 1 0 pack
         reply
         claim 1 1 0 pack",
        expect![[r#"
            claim 1 1 0 pack: [0 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 1 1 0 pack: [1 gets Empty { waited: false, retry_after_ms: 10000 }]
            claim 1 1 0 pack: [2 gets Empty { waited: false, retry_after_ms: 20000 }]
            claim 2 1 0 pack: [3 gets Empty { waited: false, retry_after_ms: 5000 }]
            put 0 1 pack:
            claim 1 1 0 pack: [4 asks 0 for 1]
            reply: Items(1) [4 gets Items]
            claim 1 1 0 pack: [5 gets Empty { waited: false, retry_after_ms: 5000 }]
        "#]],
    );
}

#[test]
fn a_partition_that_fails_opens_the_breaker_until_it_is_reset() {
    check(
        "put 0 9 pack
         break 0
         claim 1 1 0 pack
         reply
         claim 2 1 0 pack
         reply
         claim 3 1 0 pack
         reply
         claim 4 1 0 pack
         reply
         claim 5 1 0 pack
         reply
         claim 6 1 0 pack
         mend
         reset
         claim 6 1 0 pack
         reply",
        expect![[r#"
            put 0 9 pack:
            break 0:
            claim 1 1 0 pack: [0 asks 0 for 1]
            reply: Failed [0 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 2 1 0 pack: [1 asks 0 for 1]
            reply: Failed [1 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 3 1 0 pack: [2 asks 0 for 1]
            reply: Failed [2 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 4 1 0 pack: [3 asks 0 for 1]
            reply: Failed [3 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 5 1 0 pack: [4 asks 0 for 1]
            reply: Failed [4 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 6 1 0 pack: [5 gets CircuitOpen { retry_after_ms: 60000 }]
            mend:
            reset:
            claim 6 1 0 pack: [6 asks 0 for 1]
            reply: Items(1) [6 gets Items]
        "#]],
    );
}

#[test]
fn what_nobody_is_there_to_take_goes_back() {
    check(
        "claim 1 1 30000 pack
         abandon 0
         put 0 1 pack
         claim 2 1 30000 pack
         abandon 1
         reply",
        expect![[r#"
            claim 1 1 30000 pack:
            abandon 0:
            put 0 1 pack:
            claim 2 1 30000 pack: [1 asks 0 for 1]
            abandon 1:
            reply: Items(1) [1 gives back]
        "#]],
    );
}

#[test]
fn an_item_that_its_waiter_may_not_have_wakes_the_next_one() {
    check(
        "claim 1 1 30000 pack
         claim 2 1 30000 pack
         claim 3 1 30000 pack
         put 0 1 pack
         deny
         abandon 1
         deny
         reply",
        expect![[r#"
            claim 1 1 30000 pack:
            claim 2 1 30000 pack:
            claim 3 1 30000 pack:
            put 0 1 pack: [0 asks 0 for 1]
            deny: [0 gets Empty { waited: true, retry_after_ms: 5000 }] [1 asks 0 for 1]
            abandon 1:
            deny: [1 gives back] [2 asks 0 for 1]
            reply: Items(1) [2 gets Items]
        "#]],
    );
}

#[test]
fn a_waiter_that_takes_another_item_than_the_one_it_was_woken_for_wakes_the_next_one() {
    check(
        "claim 1 1 30000 ship pack
         claim 2 1 30000 pack
         claim 3 1 30000 ship
         put 0 1 pack
         put 0 1 ship
         reply
         reply
         reply",
        expect![[r#"
            claim 1 1 30000 ship pack:
            claim 2 1 30000 pack:
            claim 3 1 30000 ship:
            put 0 1 pack: [0 asks 0 for 1]
            put 0 1 ship: [2 asks 0 for 1]
            reply: Items(1) [0 gets Items] [1 asks 0 for 1]
            reply: Items(0)
            reply: Items(1) [1 gets Items]
        "#]],
    );
}

#[test]
fn a_waiter_that_met_a_full_partition_asks_again_without_being_woken() {
    check(
        "put 0 1 pack
         break 0
         claim 1 1 2500 pack
         reply
         later 1000
         reply
         mend
         later 1000
         reply
         put 1 1 ship
         break 1
         claim 2 1 1500 ship
         reply
         later 1000
         reply
         later 1000",
        expect![[r#"
            put 0 1 pack:
            break 0:
            claim 1 1 2500 pack: [0 asks 0 for 1]
            reply: Failed
            later 1000: [0 asks 0 for 1]
            reply: Failed
            mend:
            later 1000: [0 asks 0 for 1]
            reply: Items(1) [0 gets Items]
            put 1 1 ship:
            break 1:
            claim 2 1 1500 ship: [1 asks 1 for 1]
            reply: Failed
            later 1000: [1 asks 1 for 1]
            reply: Failed
            later 1000: [1 gets Empty { waited: true, retry_after_ms: 5000 }]
        "#]],
    );
}

#[test]
fn whoever_stops_asking_a_full_partition_hands_that_on() {
    check(
        "break 0
         claim 1 1 500 pack
         claim 2 1 9000 pack
         claim 3 1 9000 pack
         put 0 1 pack
         reply
         later 500
         reply
         abandon 1
         later 1000
         mend
         reply",
        expect![[r#"
            break 0:
            claim 1 1 500 pack:
            claim 2 1 9000 pack:
            claim 3 1 9000 pack:
            put 0 1 pack: [0 asks 0 for 1]
            reply: Failed
            later 500: [0 gets Empty { waited: true, retry_after_ms: 5000 }] [1 asks 0 for 1]
            reply: Failed
            abandon 1:
            later 1000: [1 gives back] [2 asks 0 for 1]
            mend:
            reply: Items(1) [2 gets Items]
        "#]],
    );
}

#[test]
fn a_probe_that_finds_nothing_to_ask_leaves_the_breaker_to_the_next_one() {
    check(
        "put 0 9 pack
         break 0
         claim 1 1 0 pack
         reply
         claim 2 1 0 pack
         reply
         claim 3 1 0 pack
         reply
         claim 4 1 0 pack
         reply
         claim 5 1 0 pack
         reply
         mend
         later 60000
         claim 6 1 30000 ship
         claim 7 1 0 pack
         claim 8 1 0 pack
         reply
         claim 8 1 0 pack
         reply",
        expect![[r#"
            put 0 9 pack:
            break 0:
            claim 1 1 0 pack: [0 asks 0 for 1]
            reply: Failed [0 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 2 1 0 pack: [1 asks 0 for 1]
            reply: Failed [1 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 3 1 0 pack: [2 asks 0 for 1]
            reply: Failed [2 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 4 1 0 pack: [3 asks 0 for 1]
            reply: Failed [3 gets Empty { waited: false, retry_after_ms: 5000 }]
            claim 5 1 0 pack: [4 asks 0 for 1]
            reply: Failed [4 gets Empty { waited: false, retry_after_ms: 5000 }]
            mend:
            later 60000:
            claim 6 1 30000 ship:
            claim 7 1 0 pack: [6 asks 0 for 1]
            claim 8 1 0 pack: [7 gets CircuitOpen { retry_after_ms: 6000 }]
            reply: Items(1) [6 gets Items]
            claim 8 1 0 pack: [8 asks 0 for 1]
            reply: Items(1) [8 gets Items]
        "#]],
    );
}

#[test]
fn a_drought_spares_89_to_98_percent_of_the_requests() {
    let mut desk = Desk::new(rules());
    for _ in 0..8 {
        for agent in 0..100 {
            let request = Request {
                agent: Slot(agent),
                class: "test".into(),
                capabilities: vec![capability("pack")],
                items_max: 1,
                until: at(0),
            };
            desk.claim(request, at(0), &World::default(), &mut Vec::new());
        }
    }
    let lull = desk.lull();
    assert_eq!((lull.agents, lull.level, lull.empties), (100, 6.0, 8.0));
    assert!((89.0..98.0).contains(&lull.reduction_percent), "{lull:?}");
    desk.forget(Slot(3));
    assert_eq!(desk.lull().agents, 99);
}

proptest! {
    #[test]
    fn no_claim_waits_while_an_item_for_it_lies_there(
        script in proptest::collection::vec((0u8..10, 0usize..2, 0usize..2, 1usize..4), 1..120),
    ) {
        let names = ["pack", "ship"];
        let mut run = Run {
            desk: Desk::new(rules()),
            world: World::default(),
            now: at(0),
            wants: BTreeMap::new(),
            asked: VecDeque::new(),
            got: String::new(),
        };
        for (what, partition, name, count) in script {
            match what {
                0 | 1 => run.line(&format!("put {partition} {count} {}", names[name])),
                2 | 3 => run.line(&format!("claim {partition} {count} 30000 {}", names[name])),
                4 => run.line(&format!("claim {partition} {count} 30000 pack ship")),
                5 => run.line(&format!("later {}", count * 5_000)),
                6 => run.line(&format!("abandon {}", run.desk.next.saturating_sub(count as u64))),
                7 => run.line(["mend", "break 0", "break 1"][count - 1]),
                8 if !run.asked.is_empty() => run.line("deny"),
                _ if !run.asked.is_empty() => run.line("reply"),
                _ => {}
            }
        }
        run.line("mend");
        // Whoever met a partition without room asks again.
        for _ in 0..2 {
            while !run.asked.is_empty() {
                run.line("reply");
            }
            run.line("later 1000");
        }
        while !run.asked.is_empty() {
            run.line("reply");
        }
        for name in names {
            let capability = capability(name);
            let lies = (0..2).any(|partition| run.world.has_work(partition, &capability));
            prop_assert!(!(lies && run.desk.waiters.has(&capability)), "{}", run.got);
        }
        run.line("later 60000");
        prop_assert_eq!(run.desk.len(), (0, 0));
        prop_assert!(!run.got.contains("Overloaded"));
    }
}
