//! Rules of the review, as scripts; what must hold for any votes, as properties.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::{prelude::*, strategy::Strategy as Gen};

use super::{
    ANSWER_BYTES_MAX, Command, Event, InvalidReview, Panel, Phase, QUORUM_MAX, REASONING_CHARS_MAX,
    Review, Severity, Share, Strategy, apply, check_invariants, decide,
};
use crate::ids::{AgentId, Epoch};

/// Runs `script`, one command a line, and compares the answers. The only place that knows the API.
#[track_caller]
fn check(review: &Review, script: &str, want: Expect) {
    review.check().unwrap();
    let mut panel = Panel::default();
    let mut got = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match decide(review, &panel, command(line)) {
            Ok(events) => {
                for event in &events {
                    apply(&mut panel, event);
                    check_invariants(review, &panel);
                }
                let shown: Vec<_> = events.iter().map(show).collect();
                writeln!(got, "{line}: {}", shown.join(", ")).unwrap();
            }
            Err(refusal) => writeln!(got, "{line}: refused, {refusal}").unwrap(),
        }
    }
    want.assert_eq(&got);
}

/// `AGENT votes ANSWER CONFIDENCE [epoch N]`, `AGENT arbitrates ANSWER`, `PERSON resolves ANSWER`, `PHASE is over`.
fn command(line: &str) -> Command {
    let words: Vec<&str> = line.split_whitespace().collect();
    match *words {
        [who, "votes", answer, confidence] => vote(who, 1, answer, confidence),
        [who, "votes", answer, confidence, "epoch", epoch] => {
            vote(who, epoch.parse().unwrap(), answer, confidence)
        }
        [who, "arbitrates", answer] => {
            Command::Arbitrate { by: who.parse().unwrap(), answer: answer.as_bytes().into() }
        }
        [who, "resolves", answer] => {
            Command::Resolve { by: who.into(), answer: answer.as_bytes().into() }
        }
        [phase, "is", "over"] => Command::Expire {
            phase: match phase {
                "voting" => Phase::Voting,
                "escalation" => Phase::Escalated,
                _ => Phase::HumanNeeded,
            },
        },
        _ => panic!("{line}"),
    }
}

fn vote(agent: &str, epoch: u64, answer: &str, confidence: &str) -> Command {
    Command::Submit {
        agent: agent.parse().unwrap(),
        epoch: Epoch(epoch),
        answer: answer.as_bytes().into(),
        confidence: Share::new(confidence.parse().unwrap()).unwrap(),
        reasoning: "as it seems".into(),
    }
}

fn show(event: &Event) -> String {
    let text = |answer: &[u8]| String::from_utf8(answer.to_vec()).unwrap();
    match event {
        Event::Submitted { agent, .. } => format!("Submitted by {agent}"),
        Event::Agreed { answer } => format!("Agreed on {}", text(answer)),
        Event::Resolved { by, answer } => format!("Resolved by {by}: {}", text(answer)),
        Event::Escalated { to } => format!("Escalated to {to}"),
        Event::HumanNeeded | Event::TimedOut { .. } | Event::Unresolved => format!("{event:?}"),
    }
}

fn arbiter(name: &str) -> Option<AgentId> {
    Some(name.parse().unwrap())
}

#[test]
fn votes_are_counted_when_the_last_is_in() {
    check(
        &Review::of(3),
        "a votes yes 0.9
         b votes yes 0.6
         c votes no 1
         d votes no 1",
        expect![[r#"
            a votes yes 0.9: Submitted by a
            b votes yes 0.6: Submitted by b
            c votes no 1: Submitted by c, Agreed on yes
            d votes no 1: refused, all 3 votes are in, or their time is up
        "#]],
    );
}

#[test]
fn an_agent_votes_once() {
    check(
        &Review::of(3),
        "a votes yes 0.9
         a votes yes 0.9
         a votes no 0.9
         a votes yes 0.9 epoch 2
         b votes yes 0.9
         c votes yes 0.9
         a votes yes 0.9",
        expect![[r#"
            a votes yes 0.9: Submitted by a
            a votes yes 0.9: 
            a votes no 0.9: refused, agent a has voted already, under epoch 1
            a votes yes 0.9 epoch 2: refused, agent a has voted already, under epoch 1
            b votes yes 0.9: Submitted by b
            c votes yes 0.9: Submitted by c, Agreed on yes
            a votes yes 0.9: 
        "#]],
    );
}

#[test]
fn a_supermajority_that_is_missed_asks_the_arbiter_then_a_person() {
    check(
        &Review { arbiter: arbiter("judge"), ..Review::of(5) },
        "a votes x 0.9
         b votes x 0.9
         c votes y 0.9
         d votes y 0.9
         judge arbitrates x
         e votes z 0.9
         other arbitrates x
         ann resolves x
         escalation is over
         escalation is over
         judge arbitrates x
         ann resolves y
         ann resolves y
         ann resolves z",
        expect![[r#"
            a votes x 0.9: Submitted by a
            b votes x 0.9: Submitted by b
            c votes y 0.9: Submitted by c
            d votes y 0.9: Submitted by d
            judge arbitrates x: refused, the review is in voting: no answer of the arbiter is waited for
            e votes z 0.9: Submitted by e, Escalated to judge
            other arbitrates x: refused, the arbiter is judge, not other
            ann resolves x: refused, the review is escalated: no answer of a person is waited for
            escalation is over: TimedOut { phase: Escalated }, HumanNeeded
            escalation is over: 
            judge arbitrates x: refused, the review is waiting for a person: no answer of the arbiter is waited for
            ann resolves y: Resolved by ann: y
            ann resolves y: 
            ann resolves z: refused, the review is settled: no answer of a person is waited for
        "#]],
    );
}

#[test]
fn a_tie_goes_to_the_greater_confidence_then_to_the_first_answer() {
    let plain = Review { supermajority: None, ..Review::of(4) };
    check(
        &plain,
        "a votes x 0.6
         b votes x 0.7
         c votes y 0.7
         d votes y 0.7",
        expect![[r#"
            a votes x 0.6: Submitted by a
            b votes x 0.7: Submitted by b
            c votes y 0.7: Submitted by c
            d votes y 0.7: Submitted by d, Agreed on y
        "#]],
    );
    check(
        &plain,
        "d votes y 0.7
         c votes y 0.7
         b votes x 0.7
         a votes x 0.7",
        expect![[r#"
            d votes y 0.7: Submitted by d
            c votes y 0.7: Submitted by c
            b votes x 0.7: Submitted by b
            a votes x 0.7: Submitted by a, Agreed on x
        "#]],
    );
}

#[test]
fn votes_without_confidence_do_not_count() {
    check(
        &Review::of(3),
        "a votes x 0.49
         b votes x 0.4
         c votes y 0.5",
        expect![[r#"
            a votes x 0.49: Submitted by a
            b votes x 0.4: Submitted by b
            c votes y 0.5: Submitted by c, HumanNeeded
        "#]],
    );
    // As much as is asked for is enough.
    check(
        &Review::of(2),
        "a votes x 0.5
         b votes x 0.5",
        expect![[r#"
            a votes x 0.5: Submitted by a
            b votes x 0.5: Submitted by b, Agreed on x
        "#]],
    );
}

#[test]
fn when_time_is_up_the_votes_that_are_in_are_counted() {
    check(
        &Review::of(3),
        "a votes x 0.9
         b votes x 0.9
         voting is over
         c votes x 0.9
         voting is over",
        expect![[r#"
            a votes x 0.9: Submitted by a
            b votes x 0.9: Submitted by b
            voting is over: TimedOut { phase: Voting }, Agreed on x
            c votes x 0.9: refused, all 3 votes are in, or their time is up
            voting is over: 
        "#]],
    );
    check(
        &Review { fallback_to_human: false, ..Review::of(3) },
        "a votes x 0.9
         voting is over
         ann resolves x",
        expect![[r#"
            a votes x 0.9: Submitted by a
            voting is over: TimedOut { phase: Voting }, Unresolved
            ann resolves x: refused, the review is unresolved: no answer of a person is waited for
        "#]],
    );
}

#[test]
fn escalation_and_people_are_asked_only_when_votes_differ() {
    let escalate =
        Review { strategy: Strategy::Escalate, arbiter: arbiter("judge"), ..Review::of(3) };
    check(
        &escalate,
        "a votes x 0.9
         b votes x 0.9
         c votes x 0.9",
        expect![[r#"
            a votes x 0.9: Submitted by a
            b votes x 0.9: Submitted by b
            c votes x 0.9: Submitted by c, Agreed on x
        "#]],
    );
    // A doubtful vote does not count, but it differs.
    check(
        &escalate,
        "a votes x 0.9
         b votes x 0.9
         c votes y 0.1
         judge arbitrates y
         judge arbitrates y",
        expect![[r#"
            a votes x 0.9: Submitted by a
            b votes x 0.9: Submitted by b
            c votes y 0.1: Submitted by c, Escalated to judge
            judge arbitrates y: Resolved by judge: y
            judge arbitrates y: 
        "#]],
    );
    let human = Review {
        strategy: Strategy::HumanFallback,
        fallback_to_human: false,
        arbiter: arbiter("judge"),
        ..Review::of(2)
    };
    check(
        &human,
        "a votes x 0.9
         b votes y 0.9
         human is over",
        expect![[r#"
            a votes x 0.9: Submitted by a
            b votes y 0.9: Submitted by b, HumanNeeded
            human is over: 
        "#]],
    );
}

#[test]
fn the_hybrid_strategy_goes_by_severity() {
    let mut got = String::new();
    for severity in [Severity::Low, Severity::Medium, Severity::High, Severity::Critical] {
        let review = Review {
            strategy: Strategy::Hybrid,
            severity,
            arbiter: arbiter("judge"),
            ..Review::of(3)
        };
        let mut panel = Panel::default();
        for line in ["a votes x 1", "b votes x 1", "c votes y 1"] {
            for event in decide(&review, &panel, command(line)).unwrap() {
                apply(&mut panel, &event);
            }
        }
        writeln!(got, "{severity:?}: {}", panel.phase).unwrap();
    }
    expect![[r#"
        Low: settled
        Medium: settled
        High: escalated
        Critical: waiting for a person
    "#]]
    .assert_eq(&got);
}

#[test]
fn votes_and_arbiter_have_a_deadline_and_people_have_none() {
    let review = Review { arbiter: arbiter("judge"), ..Review::of(2) };
    let mut panel = Panel::default();
    let mut waits = vec![panel.wait_ms(&review)];
    for line in ["a votes x 1", "b votes y 1", "escalation is over", "ann resolves x"] {
        for event in decide(&review, &panel, command(line)).unwrap() {
            apply(&mut panel, &event);
        }
        waits.push(panel.wait_ms(&review));
    }
    let quarter = Some(15 * 60 * 1_000);
    assert_eq!(waits, [quarter, quarter, quarter, None, None]);
}

#[test]
fn a_review_that_cannot_be_held_is_refused() {
    let error = |review: Review| review.check().unwrap_err();
    assert_eq!(error(Review::of(0)), InvalidReview::Quorum(0));
    assert_eq!(error(Review::of(QUORUM_MAX + 1)), InvalidReview::Quorum(QUORUM_MAX + 1));
    assert_eq!(
        error(Review { votes_min: 4, ..Review::of(3) }),
        InvalidReview::VotesMin { votes_min: 4, quorum: 3 }
    );
    assert_eq!(error(Review { timeout_ms: 0, ..Review::of(3) }), InvalidReview::Timeout(0));
    assert!("CONSENSUS".parse::<Strategy>().is_err());
    assert_eq!("HYBRID".parse(), Ok(Strategy::Hybrid));
    for part in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert!(Share::new(part).is_err(), "{part}");
    }
    assert_eq!(Share::new(0.5), Ok(Share::HALF));
}

#[test]
fn long_reasoning_is_cut_between_characters_and_long_answers_are_refused() {
    let review = Review::of(3);
    let submit = |answer: Vec<u8>, reasoning: String| Command::Submit {
        agent: "a".parse().unwrap(),
        epoch: Epoch(1),
        answer: answer.into(),
        confidence: Share::ALL,
        reasoning,
    };
    let events = decide(&review, &Panel::default(), submit(vec![1], "ü€".repeat(600))).unwrap();
    let [Event::Submitted { reasoning, .. }] = &*events else { panic!("{events:?}") };
    assert_eq!(**reasoning, "ü€".repeat(REASONING_CHARS_MAX / 2));
    let long = submit(vec![0; ANSWER_BYTES_MAX + 1], String::new());
    assert!(decide(&review, &Panel::default(), long).is_err());
}

/// Votes of up to seven agents on three answers.
fn votes() -> impl Gen<Value = Vec<(usize, u8, u16)>> {
    prop::collection::vec((0..7usize, b'x'..=b'z', 0..=100u16), 0..14)
}
fn reviews() -> impl Gen<Value = Review> {
    let strategies = prop_oneof![
        Just(Strategy::MajorityVote),
        Just(Strategy::Escalate),
        Just(Strategy::HumanFallback),
        Just(Strategy::Hybrid),
    ];
    let severities = prop_oneof![
        Just(Severity::Low),
        Just(Severity::Medium),
        Just(Severity::High),
        Just(Severity::Critical),
    ];
    let majority = prop_oneof![Just(None), Just(Some(Share::percent(60)))];
    (1..=7u16, strategies, severities, majority, any::<[bool; 2]>()).prop_map(
        |(quorum, strategy, severity, supermajority, [has_arbiter, fallback_to_human])| Review {
            strategy,
            severity,
            supermajority,
            arbiter: has_arbiter.then(|| "judge".parse().unwrap()),
            fallback_to_human,
            ..Review::of(quorum)
        },
    )
}

/// Every vote, then the end of the time for votes; all events.
fn run(review: &Review, votes: &[(usize, u8, u16)]) -> (Panel, Vec<Event>) {
    let (mut panel, mut all) = (Panel::default(), Vec::new());
    let submit = |(agent, answer, confidence): &(usize, u8, u16)| Command::Submit {
        agent: format!("agent-{agent}").parse().unwrap(),
        epoch: Epoch(1),
        answer: vec![*answer].into(),
        confidence: Share::percent(*confidence),
        reasoning: String::new(),
    };
    let end = Command::Expire { phase: Phase::Voting };
    for command in votes.iter().map(submit).chain([end]) {
        // A refused vote is part of the play.
        let events = decide(review, &panel, command.clone()).unwrap_or_default();
        for event in &events {
            apply(&mut panel, event);
            check_invariants(review, &panel);
        }
        let again = decide(review, &panel, command).unwrap_or_default();
        assert_eq!(again, [], "a duplicate changes nothing");
        all.extend(events);
    }
    (panel, all)
}

proptest! {
    #[test]
    fn replay_equals_live_and_survives_storage(review in reviews(), votes in votes()) {
        let (live, events) = run(&review, &votes);
        let stored = postcard::to_allocvec(&events).unwrap();
        let mut replayed = Panel::default();
        for event in &postcard::from_bytes::<Vec<Event>>(&stored).unwrap() {
            apply(&mut replayed, event);
        }
        prop_assert_eq!(&replayed, &live);
        prop_assert_ne!(live.phase, Phase::Voting);
        let snapshot = postcard::to_allocvec(&live).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Panel>(&snapshot).unwrap(), live);
    }

    #[test]
    fn the_order_of_votes_does_not_matter(
        review in reviews(),
        (mut votes, shuffled) in votes().prop_flat_map(|mut votes| {
            // One vote an agent, no more than the quorum takes: which ones are taken is a matter of order.
            votes.sort();
            votes.dedup_by_key(|vote| vote.0);
            (Just(votes.clone()), Just(votes).prop_shuffle())
        }),
    ) {
        let quorum = usize::from(review.quorum);
        votes.truncate(quorum);
        let shuffled: Vec<_> = shuffled.into_iter().filter(|vote| votes.contains(vote)).collect();
        prop_assert_eq!(run(&review, &votes).0, run(&review, &shuffled).0);
    }

    #[test]
    fn what_is_agreed_on_was_answered_by_no_fewer_than_any_other(
        review in reviews(),
        votes in votes(),
    ) {
        let (panel, _) = run(&review, &votes);
        if let Some(answer) = &panel.answer {
            let count = |of: &[u8]| {
                let counts = |vote: &&super::Vote| {
                    *vote.answer == *of && vote.confidence >= review.confidence_min
                };
                panel.votes.values().filter(counts).count()
            };
            prop_assert!(count(answer) > 0);
            for other in [b"x", b"y", b"z"] {
                prop_assert!(count(answer) >= count(other));
            }
        }
    }
}
