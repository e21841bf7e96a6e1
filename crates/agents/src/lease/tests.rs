//! Leases by script: one command a line, epochs given by the line's number.

use std::fmt::Write;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{Command, Event, Leases, Retry, TERM_MS_DEFAULT, decide};
use crate::ids::{AgentId, Epoch};

const RETRY: Retry = Retry { attempts_max: 3, rest_ms: 1_000, rest_ms_max: 60_000 };

/// Runs `script` and compares the answers. The only place that knows the API.
#[track_caller]
fn check(script: &str, want: Expect) {
    let mut leases = Leases::default();
    let mut got = String::new();
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    for (number, line) in lines.enumerate() {
        let answer = decide(&leases, parse(line, number as u64 + 1), RETRY);
        if let Ok(Some(event)) = &answer {
            leases.apply(event);
            leases.check_invariants();
        }
        writeln!(got, "{line}: {}", show(answer)).unwrap();
    }
    want.assert_eq(&got);
}

fn parse(line: &str, number: u64) -> Command<u8> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let item = words[1].parse().unwrap();
    let epoch = || Epoch(words.last().unwrap().parse().unwrap());
    match words[0] {
        "claim" => {
            let term_ms = words.get(4).map_or(TERM_MS_DEFAULT, |ms| ms.parse().unwrap());
            Command::Claim { item, holder: agent(words[3]), term_ms, epoch: Epoch(number) }
        }
        "finish" => Command::Finish { item, epoch: (words.len() > 2).then(epoch) },
        "return" => Command::Return { item, epoch: epoch() },
        "fail" => Command::Fail { item, epoch: epoch() },
        "expire" => Command::Expire { item, epoch: epoch() },
        "hand" => {
            let (from, to) = (agent(words[3]), agent(words[5]));
            Command::HandOff { item, from, to, epoch: epoch(), next: Epoch(number) }
        }
        "wake" => Command::Wake { item },
        "revive" => Command::Revive { item },
        "forget" => Command::Forget { item },
        other => panic!("{other} is no command"),
    }
}

fn agent(name: &str) -> AgentId {
    name.parse().unwrap()
}

fn show(answer: Result<Option<Event<u8>>, super::Refusal>) -> String {
    match answer {
        Ok(None) => "nothing".into(),
        Ok(Some(Event::Claimed { epoch, .. })) => format!("claimed, epoch {}", epoch.0),
        Ok(Some(Event::HandedOff { to, epoch, .. })) => format!("now {to}'s, epoch {}", epoch.0),
        Ok(Some(Event::Failed { attempts, rest_ms, how, .. })) => {
            format!("{how:?}, attempt {attempts}, rest {rest_ms:?}")
        }
        Ok(Some(event)) => {
            let text = format!("{event:?}");
            text.split(' ').next().unwrap_or_default().to_lowercase()
        }
        Err(refusal) => format!("refused, {refusal}"),
    }
}

#[test]
fn only_the_present_epoch_finishes() {
    check(
        "claim 1 by ann
         claim 1 by bob
         finish 1
         finish 1 with 7
         finish 1 with 1
         finish 1 with 1",
        expect![[r#"
            claim 1 by ann: claimed, epoch 1
            claim 1 by bob: refused, it is held by ann under epoch 1
            finish 1: refused, it is held by ann under epoch 1
            finish 1 with 7: refused, epoch 7 is not, or no longer, valid: the item has another holder
            finish 1 with 1: finished
            finish 1 with 1: refused, epoch 1 is not, or no longer, valid: nobody holds the item
        "#]],
    );
}

#[test]
fn an_item_that_nobody_claimed_is_finished_by_anybody() {
    check(
        "finish 1
         forget 1",
        expect![[r#"
            finish 1: nothing
            forget 1: nothing
        "#]],
    );
}

#[test]
fn a_late_result_is_refused_with_the_reason() {
    check(
        "claim 1 by ann
         expire 1 of 1
         finish 1 with 1
         wake 1
         claim 1 by bob
         finish 1 with 1
         expire 1 of 1
         finish 1 with 5",
        expect![[r#"
            claim 1 by ann: claimed, epoch 1
            expire 1 of 1: Expired, attempt 1, rest Some(1000)
            finish 1 with 1: refused, epoch 1 is not, or no longer, valid: the lease ended, the item will be claimed again
            wake 1: woken
            claim 1 by bob: claimed, epoch 5
            finish 1 with 1: refused, epoch 1 is not, or no longer, valid: the item has another holder
            expire 1 of 1: nothing
            finish 1 with 5: finished
        "#]],
    );
}

#[test]
fn an_item_that_fails_too_often_is_a_dead_letter_until_it_is_revived() {
    check(
        "claim 1 by ann
         fail 1 with 1
         claim 1 by ann
         wake 1
         claim 1 by ann
         expire 1 of 5
         wake 1
         claim 1 by ann
         fail 1 with 8
         wake 1
         claim 1 by ann
         revive 1
         revive 1
         claim 1 by bob
         fail 1 with 14",
        expect![[r#"
            claim 1 by ann: claimed, epoch 1
            fail 1 with 1: Reported, attempt 1, rest Some(1000)
            claim 1 by ann: refused, it rests for 1000 ms after attempt 1
            wake 1: woken
            claim 1 by ann: claimed, epoch 5
            expire 1 of 5: Expired, attempt 2, rest Some(2000)
            wake 1: woken
            claim 1 by ann: claimed, epoch 8
            fail 1 with 8: Reported, attempt 3, rest None
            wake 1: nothing
            claim 1 by ann: refused, it is a dead letter after 3 attempts; an operator can requeue it
            revive 1: revived
            revive 1: refused, it is no dead letter
            claim 1 by bob: claimed, epoch 14
            fail 1 with 14: Reported, attempt 1, rest Some(1000)
        "#]],
    );
}

#[test]
fn giving_an_item_back_is_no_attempt() {
    check(
        "claim 1 by ann
         return 1 with 1
         claim 1 by bob
         return 1 with 1
         fail 1 with 3",
        expect![[r#"
            claim 1 by ann: claimed, epoch 1
            return 1 with 1: returned
            claim 1 by bob: claimed, epoch 3
            return 1 with 1: refused, epoch 1 is not, or no longer, valid: the item has another holder
            fail 1 with 3: Reported, attempt 1, rest Some(1000)
        "#]],
    );
}

#[test]
fn a_hand_off_gives_the_item_to_one_agent_and_voids_the_old_epoch() {
    check(
        "claim 1 by ann
         hand 1 from bob to eve 1
         hand 1 from ann to bob 1
         hand 1 from ann to eve 1
         finish 1 with 1
         claim 1 by eve
         finish 1 with 3",
        expect![[r#"
            claim 1 by ann: claimed, epoch 1
            hand 1 from bob to eve 1: refused, it is held by ann, not by bob
            hand 1 from ann to bob 1: now bob's, epoch 3
            hand 1 from ann to eve 1: refused, epoch 1 is not, or no longer, valid: the item has another holder
            finish 1 with 1: refused, epoch 1 is not, or no longer, valid: the item has another holder
            claim 1 by eve: refused, it is held by bob under epoch 3
            finish 1 with 3: finished
        "#]],
    );
}

#[test]
fn a_term_has_limits() {
    check(
        "claim 1 by ann 999
         claim 1 by ann 86400001
         claim 1 by ann 1000",
        expect![[r#"
            claim 1 by ann 999: refused, a term of 999 ms is not within 1000 to 86400000 ms
            claim 1 by ann 86400001: refused, a term of 86400001 ms is not within 1000 to 86400000 ms
            claim 1 by ann 1000: claimed, epoch 3
        "#]],
    );
}

fn any_command() -> impl Strategy<Value = (u8, u8, u64)> {
    (0u8..9, 0u8..3, 0u64..40)
}

proptest! {
    #[test]
    fn at_most_one_epoch_is_valid_and_replay_equals_live(script in proptest::collection::vec(any_command(), 0..200)) {
        let mut leases = Leases::default();
        let mut events = Vec::new();
        for (number, (what, item, epoch)) in script.into_iter().enumerate() {
            let next = Epoch(number as u64 + 1);
            let epoch = Epoch(epoch);
            let holder = agent(["ann", "bob", "eve"][number % 3]);
            let command = match what {
                0 | 1 => Command::Claim { item, holder, term_ms: TERM_MS_DEFAULT, epoch: next },
                2 => Command::Finish { item, epoch: (!epoch.0.is_multiple_of(5)).then_some(epoch) },
                3 => Command::Return { item, epoch },
                4 => Command::Fail { item, epoch },
                5 => Command::Expire { item, epoch },
                6 => Command::HandOff { item, from: holder, epoch, to: agent("zoe"), next },
                7 => Command::Wake { item },
                _ => Command::Revive { item },
            };
            if let Ok(Some(event)) = decide(&leases, command, RETRY) {
                leases.apply(&event);
                leases.check_invariants();
                events.push(event);
            }
            for item in 0..3 {
                let valid = (0..=number as u64 + 1).filter(|epoch| {
                    let finish = Command::Finish { item, epoch: Some(Epoch(*epoch)) };
                    decide(&leases, finish, RETRY).is_ok()
                });
                prop_assert!(valid.count() <= 1, "two epochs are valid for item {item}");
            }
        }
        let mut replayed = Leases::default();
        for event in &events {
            replayed.apply(event);
        }
        prop_assert_eq!(&replayed, &leases);
        let bytes = postcard::to_stdvec(&leases).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Leases<u8>>(&bytes).unwrap(), leases);
    }
}
