//! Who may have which ballot, and what becomes of it, as scripts; what must hold for any play, as properties.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{
    Answer, Ballot, Command, Event, Juries, Jury, Rules, What, check_invariants, decide, is_open,
    refused, settled,
};
use crate::{
    conflict::{self, Phase, Review, Share},
    ids::Epoch,
    lease::{self, Retry},
};

const ITEM: u8 = 7;
const RETRY: Retry = Retry { attempts_max: 2, rest_ms: 1_000, rest_ms_max: 60_000 };

/// A jury in the making, and the epoch that was given last.
struct Play {
    review: Review,
    juries: Juries<u8>,
    epoch: u64,
}

impl Play {
    fn new(review: Review) -> Self {
        review.check().unwrap();
        Self { review, juries: Juries::new(), epoch: 0 }
    }

    fn jury(&self) -> Option<&Jury<u8>> {
        self.juries.get(&ITEM)
    }

    fn ask(&mut self, command: Command) -> Result<Vec<What>, super::Refusal> {
        self.epoch += 1;
        let rules = Rules { review: &self.review, retry: RETRY, next: Epoch(self.epoch) };
        let events = decide(self.jury(), command, rules)?;
        self.take(&events);
        Ok(events)
    }

    fn take(&mut self, events: &[What]) {
        for what in events {
            self.juries.apply(&Event { item: ITEM, what: what.clone() });
            if let Some(jury) = self.jury() {
                let is_whole =
                    !matches!(what, What::Panel { event: conflict::Event::Submitted { .. }, .. });
                if is_whole {
                    check_invariants(&self.review, jury);
                }
            }
        }
    }

    fn open(&self) -> Vec<Ballot> {
        let all = (0..=self.review.quorum).map(Ballot);
        all.filter(|ballot| is_open(self.jury(), &self.review, *ballot)).collect()
    }
}

/// Runs `script`, one command a line, and compares the answers and which ballots are open then.
#[track_caller]
fn check(review: Review, script: &str, want: Expect) {
    let mut play = Play::new(review);
    let mut got = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let answer = match play.ask(command(line)) {
            Ok(events) => events.iter().map(show).collect::<Vec<_>>().join(", "),
            Err(refusal) => format!("refused, {refusal}"),
        };
        let open: Vec<_> = play.open().iter().map(|ballot| ballot.0.to_string()).collect();
        writeln!(got, "{line}: {answer} | open {}", open.join(" ")).unwrap();
    }
    want.assert_eq(&got);
}

/// `WHO claims BALLOT`, `answer EPOCH TEXT`, `return|fail|expire EPOCH`, `EPOCH from WHO to WHO`, `wake BALLOT`,
/// `revive`, `WHO resolves TEXT`, `EPOCH is over`.
fn command(line: &str) -> Command {
    let words: Vec<&str> = line.split_whitespace().collect();
    let epoch = |text: &str| Epoch(text.parse().unwrap());
    match *words {
        [who, "claims", ballot] => claims(who, ballot.parse().unwrap()),
        ["answer", at, answer] => answers(epoch(at), answer, Share::ALL),
        ["return", at] => Command::Return { epoch: epoch(at) },
        ["fail", at] => Command::Fail { epoch: epoch(at) },
        ["expire", at] => Command::Expire { epoch: epoch(at) },
        [at, "from", from, "to", to] => Command::HandOff {
            from: from.parse().unwrap(),
            epoch: epoch(at),
            to: to.parse().unwrap(),
        },
        ["wake", ballot] => Command::Wake { ballot: Ballot(ballot.parse().unwrap()) },
        ["revive"] => Command::Revive,
        [who, "resolves", answer] => {
            Command::Resolve { by: who.into(), answer: answer.as_bytes().into() }
        }
        [at, "is", "over"] => Command::TimeUp { since: epoch(at) },
        _ => panic!("{line}"),
    }
}

fn claims(who: &str, ballot: u16) -> Command {
    Command::Claim { ballot: Ballot(ballot), holder: who.parse().unwrap(), term_ms: 60_000 }
}

fn answers(epoch: Epoch, answer: &str, confidence: Share) -> Command {
    let (answer, reasoning) = (answer.as_bytes().into(), "as it seems".to_owned());
    Command::Answer(Answer { epoch, answer, confidence, reasoning })
}

fn show(what: &What) -> String {
    let text = |answer: &[u8]| String::from_utf8(answer.to_vec()).unwrap();
    match what {
        What::Ballot(lease::Event::Claimed { item, holder, epoch, .. }) => {
            format!("{holder} has {} under {}", item.0, epoch.0)
        }
        What::Ballot(lease::Event::HandedOff { item, to, epoch }) => {
            format!("{to} has {} under {}", item.0, epoch.0)
        }
        What::Ballot(lease::Event::Failed { item, how, rest_ms, .. }) => {
            format!("{} {how:?}, rest {rest_ms:?}", item.0)
        }
        What::Ballot(lease::Event::Finished { item }) => format!("{} used", item.0),
        What::Ballot(lease::Event::Forgotten { item }) => format!("{} ended", item.0),
        What::Ballot(
            lease::Event::Returned { item }
            | lease::Event::Woken { item }
            | lease::Event::Revived { item },
        ) => format!("{} free", item.0),
        What::Panel { event: conflict::Event::Submitted { agent, .. }, .. } => {
            format!("{agent} voted")
        }
        What::Panel { event: conflict::Event::Agreed { answer }, .. } => {
            format!("agreed on {}", text(answer))
        }
        What::Panel { event: conflict::Event::Resolved { by, answer }, .. } => {
            format!("{by} says {}", text(answer))
        }
        What::Panel { event, since } => format!("{event:?} since {}", since.0),
        What::Refused { reason } => format!("not taken: {reason}"),
        What::Closed => "closed".to_owned(),
    }
}

fn with_arbiter(quorum: u16) -> Review {
    Review { arbiter: Some("judge".parse().unwrap()), ..Review::of(quorum) }
}

#[test]
fn each_agent_has_one_ballot_and_each_ballot_one_epoch() {
    check(
        Review::of(3),
        "ann claims 1
         bob claims 1
         ann claims 2
         bob claims 2
         cem claims 3
         dan claims 4
         answer 9 x
         answer 1 x
         answer 1 x
         answer 1 y
         ann claims 3
         answer 4 y
         answer 5 x",
        expect![[r#"
            ann claims 1: ann has 1 under 1 | open 2 3
            bob claims 1: refused, it is held by ann under epoch 1 | open 2 3
            ann claims 2: refused, agent ann holds a ballot of it, or has voted | open 2 3
            bob claims 2: bob has 2 under 4 | open 3
            cem claims 3: cem has 3 under 5 | open 
            dan claims 4: refused, all 3 votes are in, or their time is up | open 
            answer 9 x: refused, epoch 9 is not, or no longer, valid: no ballot of the item is held under it | open 
            answer 1 x: ann voted, 1 used | open 
            answer 1 x:  | open 
            answer 1 y: refused, agent ann has voted already, under epoch 1 | open 
            ann claims 3: refused, agent ann holds a ballot of it, or has voted | open 
            answer 4 y: bob voted, 2 used | open 
            answer 5 x: cem voted, 3 used, agreed on x | open 
        "#]],
    );
}

#[test]
fn a_ballot_that_is_lost_is_given_to_another_alone() {
    check(
        Review::of(2),
        "ann claims 1
         bob claims 2
         expire 1
         answer 1 x
         expire 1
         answer 2 x
         bob claims 1
         wake 1
         ann claims 1
         fail 9
         wake 1
         ann claims 1
         cem claims 1
         return 1
         answer 1 x
         1 is over",
        expect![[r#"
            ann claims 1: ann has 1 under 1 | open 2
            bob claims 2: bob has 2 under 2 | open 
            expire 1: 1 Expired, rest Some(1000) | open 
            answer 1 x: refused, epoch 1 is not, or no longer, valid: the lease ended, the item will be claimed again | open 
            expire 1:  | open 
            answer 2 x: bob voted, 2 used | open 
            bob claims 1: refused, agent bob holds a ballot of it, or has voted | open 
            wake 1: 1 free | open 1
            ann claims 1: ann has 1 under 9 | open 
            fail 9: 1 Reported, rest None | open 
            wake 1:  | open 
            ann claims 1: refused, it is a dead letter after 2 attempts; an operator can requeue it | open 
            cem claims 1: refused, it is a dead letter after 2 attempts; an operator can requeue it | open 
            return 1: refused, epoch 1 is not, or no longer, valid: no ballot of the item is held under it | open 
            answer 1 x: refused, epoch 1 is not, or no longer, valid: no ballot of the item is held under it | open 
            1 is over: TimedOut { phase: Voting } since 16, 1 ended, HumanNeeded since 16 | open 
        "#]],
    );
}

#[test]
fn a_ballot_that_fails_too_often_waits_for_an_operator() {
    check(
        Review::of(2),
        "ann claims 1
         fail 1
         wake 1
         ann claims 1
         fail 4
         bob claims 2
         ann claims 1
         revive
         revive
         ann claims 1",
        expect![[r#"
            ann claims 1: ann has 1 under 1 | open 2
            fail 1: 1 Reported, rest Some(1000) | open 2
            wake 1: 1 free | open 1 2
            ann claims 1: ann has 1 under 4 | open 2
            fail 4: 1 Reported, rest None | open 2
            bob claims 2: bob has 2 under 6 | open 
            ann claims 1: refused, it is a dead letter after 2 attempts; an operator can requeue it | open 
            revive: 1 free | open 1
            revive: refused, it is no dead letter | open 1
            ann claims 1: ann has 1 under 10 | open 
        "#]],
    );
}

#[test]
fn a_ballot_is_handed_to_one_who_has_none() {
    check(
        with_arbiter(3),
        "ann claims 1
         bob claims 2
         1 from ann to bob
         1 from ann to judge
         1 from bob to cem
         1 from ann to cem
         answer 1 x
         answer 6 x
         ann claims 1
         ann claims 3",
        expect![[r#"
            ann claims 1: ann has 1 under 1 | open 2 3
            bob claims 2: bob has 2 under 2 | open 3
            1 from ann to bob: refused, agent bob holds a ballot of it, or has voted | open 3
            1 from ann to judge: refused, agent judge is the arbiter and does not vote | open 3
            1 from bob to cem: refused, it is held by ann, not by bob | open 3
            1 from ann to cem: cem has 1 under 6 | open 3
            answer 1 x: refused, epoch 1 is not, or no longer, valid: no ballot of the item is held under it | open 3
            answer 6 x: cem voted, 1 used | open 3
            ann claims 1: refused, all 3 votes are in, or their time is up | open 3
            ann claims 3: ann has 3 under 10 | open 
        "#]],
    );
}

#[test]
fn the_arbiter_gets_what_the_votes_do_not_settle_and_nobody_else_does() {
    check(
        with_arbiter(2),
        "judge claims 1
         ann claims 1
         judge claims 0
         bob claims 2
         answer 2 x
         answer 4 y
         ann claims 0
         judge claims 0
         fail 8
         wake 0
         judge claims 0
         11 from judge to ann
         answer 11 y",
        expect![[r#"
            judge claims 1: refused, agent judge is the arbiter and does not vote | open 1 2
            ann claims 1: ann has 1 under 2 | open 2
            judge claims 0: refused, all 2 votes are in, or their time is up | open 2
            bob claims 2: bob has 2 under 4 | open 
            answer 2 x: ann voted, 1 used | open 
            answer 4 y: bob voted, 2 used, Escalated { to: AgentId("judge") } since 6 | open 0
            ann claims 0: refused, the arbiter is judge, not ann | open 0
            judge claims 0: judge has 0 under 8 | open 
            fail 8: 0 Reported, rest Some(1000) | open 
            wake 0: 0 free | open 0
            judge claims 0: judge has 0 under 11 | open 
            11 from judge to ann: refused, the arbiter is judge, not ann | open 
            answer 11 y: 0 used, judge says y | open 
        "#]],
    );
}

#[test]
fn an_arbiter_who_is_silent_loses_the_word_to_a_person() {
    check(
        with_arbiter(2),
        "ann claims 1
         bob claims 2
         answer 1 x
         answer 2 y
         1 is over
         judge claims 0
         4 is over
         answer 6 x
         eve resolves z",
        expect![[r#"
            ann claims 1: ann has 1 under 1 | open 2
            bob claims 2: bob has 2 under 2 | open 
            answer 1 x: ann voted, 1 used | open 
            answer 2 y: bob voted, 2 used, Escalated { to: AgentId("judge") } since 4 | open 0
            1 is over:  | open 0
            judge claims 0: judge has 0 under 6 | open 
            4 is over: TimedOut { phase: Escalated } since 7, 0 ended, HumanNeeded since 7 | open 
            answer 6 x: refused, epoch 6 is not, or no longer, valid: no ballot of the item is held under it | open 
            eve resolves z: eve says z | open 
        "#]],
    );
}

#[test]
fn when_time_is_up_late_votes_are_refused() {
    check(
        Review { votes_min: 1, ..Review::of(3) },
        "ann claims 1
         bob claims 2
         answer 1 x
         1 is over
         answer 2 x",
        expect![[r#"
            ann claims 1: ann has 1 under 1 | open 2 3
            bob claims 2: bob has 2 under 2 | open 3
            answer 1 x: ann voted, 1 used | open 3
            1 is over: TimedOut { phase: Voting } since 4, 2 ended, agreed on x | open 
            answer 2 x: refused, epoch 2 is not, or no longer, valid: no ballot of the item is held under it | open 
        "#]],
    );
}

#[test]
fn an_answer_that_cannot_be_the_result_goes_to_a_person_or_to_nobody() {
    let mut got = String::new();
    for fallback_to_human in [true, false] {
        let review = Review { fallback_to_human, ..Review::of(1) };
        let mut play = Play::new(review.clone());
        play.ask(claims("ann", 1)).unwrap();
        play.epoch += 1;
        let rules = Rules { review: &review, retry: RETRY, next: Epoch(play.epoch) };
        let events = decide(play.jury(), answers(Epoch(1), "x", Share::ALL), rules).unwrap();
        assert_eq!(settled(&events), Some(&b"x"[..]));
        let instead = refused(events, "no flow can be taken", &review);
        assert_eq!(settled(&instead), None);
        play.take(&instead);
        let shown: Vec<_> = instead.iter().map(show).collect();
        writeln!(got, "{}: {}", shown.join(", "), play.jury().unwrap().panel.phase).unwrap();
    }
    expect![[r#"
        ann voted, 1 used, not taken: no flow can be taken, HumanNeeded since 2: waiting for a person
        ann voted, 1 used, not taken: no flow can be taken, Unresolved since 2: unresolved
    "#]].assert_eq(&got);
}

#[test]
fn a_jury_ends_with_its_item_and_nobody_holds_a_ballot_then() {
    let mut play = Play::new(Review::of(2));
    play.ask(claims("ann", 1)).unwrap();
    let closing = super::close(play.jury().unwrap());
    let shown: Vec<_> = closing.iter().map(show).collect();
    assert_eq!(shown, ["1 ended", "closed"]);
    play.take(&closing);
    assert!(play.juries.is_empty());
}

/// What an agent may try: the agent, what it does, and with which answer.
type Try = (u8, u8, u8);

/// Agents claim, answer, fail and fall silent as it comes; every step is legal or refused.
fn run(review: &Review, tries: &[Try]) -> (Play, Vec<Event<u8>>) {
    let mut play = Play::new(review.clone());
    let mut all = Vec::new();
    let mut held: Vec<Epoch> = Vec::new();
    for (who, act, answer) in tries {
        let name = if *who == 6 { "judge".to_owned() } else { format!("agent-{who}") };
        let pick = held.get(usize::from(*who) % held.len().max(1)).copied().unwrap_or_default();
        let command = match act {
            0..=3 => claims(&name, play.open().first().map_or(1, |ballot| ballot.0)),
            4..=6 => answers(pick, &char::from(b'x' + answer % 3).to_string(), Share::ALL),
            7 => Command::Fail { epoch: pick },
            8 => Command::Expire { epoch: pick },
            9 => Command::Wake { ballot: Ballot(u16::from(*answer)) },
            10 => Command::Return { epoch: pick },
            _ => Command::TimeUp { since: play.jury().map_or(Epoch(0), |jury| jury.since) },
        };
        let is_claim = matches!(command, Command::Claim { .. });
        let events = play.ask(command).unwrap_or_default();
        if is_claim && !events.is_empty() {
            held.push(Epoch(play.epoch));
        }
        all.extend(events.into_iter().map(|what| Event { item: ITEM, what }));
    }
    (play, all)
}

fn reviews() -> impl Strategy<Value = Review> {
    (1..=5u16, any::<[bool; 2]>()).prop_map(|(quorum, [has_arbiter, fallback_to_human])| Review {
        arbiter: has_arbiter.then(|| "judge".parse().unwrap()),
        fallback_to_human,
        ..Review::of(quorum)
    })
}

proptest! {
    #[test]
    fn replay_equals_live_and_survives_storage(
        review in reviews(),
        tries in prop::collection::vec((0..7u8, 0..12u8, any::<u8>()), 0..60),
    ) {
        let (live, events) = run(&review, &tries);
        let stored = postcard::to_allocvec(&events).unwrap();
        let mut replayed = Juries::new();
        for event in &postcard::from_bytes::<Vec<Event<u8>>>(&stored).unwrap() {
            replayed.apply(event);
        }
        prop_assert_eq!(&replayed, &live.juries);
        let snapshot = postcard::to_allocvec(&live.juries).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<Juries<u8>>(&snapshot).unwrap(), &live.juries);
    }

    #[test]
    fn no_epoch_gives_two_votes_and_no_agent_votes_twice(
        review in reviews(),
        tries in prop::collection::vec((0..7u8, 0..12u8, any::<u8>()), 0..60),
    ) {
        let (_, events) = run(&review, &tries);
        let votes: Vec<_> = events.iter().filter_map(|event| match &event.what {
            What::Panel { event: conflict::Event::Submitted { agent, epoch, .. }, .. } => Some((agent, epoch)),
            What::Panel { .. } | What::Ballot(_) | What::Refused { .. } | What::Closed => None,
        }).collect();
        for (at, (agent, epoch)) in votes.iter().enumerate() {
            for (other, earlier) in &votes[..at] {
                prop_assert!(agent != other && epoch != earlier);
            }
        }
        prop_assert!(votes.len() <= usize::from(review.quorum));
    }

    #[test]
    fn the_order_of_answers_does_not_matter(
        review in reviews(),
        (answers_given, order) in prop::collection::vec(0..3u8, 5).prop_flat_map(|answers| {
            (Just(answers), Just((0..5usize).collect::<Vec<_>>()).prop_shuffle())
        }),
    ) {
        let quorum = usize::from(review.quorum);
        let ends: Vec<_> = [(0..5).collect::<Vec<usize>>(), order].into_iter().map(|order| {
            let mut play = Play::new(review.clone());
            for voter in 0..quorum {
                play.ask(claims(&format!("agent-{voter}"), u16::try_from(voter + 1).unwrap())).unwrap();
            }
            for voter in order.into_iter().filter(|voter| *voter < quorum) {
                let epoch = Epoch(voter as u64 + 1);
                let text = char::from(b'x' + answers_given[voter]).to_string();
                play.ask(answers(epoch, &text, Share::ALL)).unwrap();
            }
            let jury = play.jury().unwrap().clone();
            (jury.panel, jury.voted)
        }).collect();
        prop_assert_ne!(ends[0].0.phase, Phase::Voting);
        prop_assert_eq!(&ends[0], &ends[1]);
    }
}
