//! A reader that is slow misses what it was told of, and keeps nothing from others.

use agents::{
    Epoch, SessionId,
    registry::{Incarnation, Who},
};
use engine::CaseId;

use super::*;
use crate::{
    ids::SpecificationKey,
    streams::notice::{CancelReason, Outcome},
};

fn id(name: &str) -> AgentId {
    name.parse().unwrap()
}

fn notice(number: u64, outcome: Outcome) -> HoldNotice {
    let case = CaseId::parse("7").unwrap();
    HoldNotice {
        holder: id("ann"),
        item: format!("7.{number}:A"),
        case,
        epoch: Epoch(number),
        outcome,
    }
}

fn claimed(number: u64, term_ms: u64) -> Claimed {
    Claimed {
        item: format!("7.{number}:A"),
        case: CaseId::parse("7").unwrap(),
        specification: SpecificationKey::named("s:1.0"),
        task: "A".into(),
        task_name: "A".into(),
        capability: None,
        epoch: Epoch(number),
        term_ms,
        attempt: 1,
        enabled_at_ms: 0,
        data: "<A/>".into(),
        traceparent: None,
        ballot: None,
    }
}

fn wanted(in_hand_max: usize) -> Wanted {
    let whom = Incarnation { who: Who::Id(id("ann")), epoch: Epoch(1) };
    Wanted { whom, in_hand_max, term_ms: 60_000, capabilities: None }
}

fn at(ms: u64) -> Moment {
    Moment { ms }
}

/// A stream that is read, with work for ann.
fn streamed(in_hand_max: usize) -> (Stream, Arc<Reader>) {
    let stream = Stream::default();
    let (reader, _) = stream.begin();
    assert_eq!(stream.want(vec![(id("ann"), wanted(in_hand_max))]), Some(vec![0]));
    (stream, reader)
}

fn room(stream: &Stream, reader: &Arc<Reader>) -> Vec<usize> {
    stream.vacancies(reader).unwrap().into_iter().map(|(.., room)| room).collect()
}

fn next(stream: &Stream, reader: &Arc<Reader>) -> Option<StreamEvent> {
    stream.next(reader, at(0)).unwrap()
}

#[test]
fn a_slow_reader_is_told_how_many_it_missed() {
    let (stream, reader) = streamed(1);
    let cancelled = Outcome::Cancelled(CancelReason::Withdrawn);
    for number in 0..NOTICES_MAX as u64 + 3 {
        stream.take(notice(number, cancelled));
    }
    let told = std::iter::from_fn(|| next(&stream, &reader)).collect::<Vec<_>>();
    assert_eq!(told.len(), NOTICES_MAX + 1);
    assert_eq!(told.last(), Some(&StreamEvent::Lagged { missed: 3 }));
}

#[test]
fn a_hand_that_is_full_asks_for_nothing_until_something_leaves_it() {
    let (stream, reader) = streamed(2);
    assert_eq!(room(&stream, &reader), [2]);
    let items = vec![claimed(1, 60_000), claimed(2, 60_000)];
    assert_eq!(stream.receive(&reader, (&id("ann"), items), at(0)), []);
    stream.look_again(id("ann"));
    assert_eq!(room(&stream, &reader), [0; 0]);
    while next(&stream, &reader).is_some() {}
    stream.take(notice(9, Outcome::LetGo));
    assert_eq!(room(&stream, &reader), [0; 0], "that one was not pushed");
    stream.take(notice(1, Outcome::LetGo));
    assert_eq!(room(&stream, &reader), [1]);
    assert_eq!(next(&stream, &reader), None, "it knows what it did");
}

#[test]
fn items_that_the_reader_does_not_take_go_back_and_no_more_are_asked_for_until_it_reads() {
    let (stream, reader) = streamed(10);
    room(&stream, &reader);
    let items = vec![claimed(1, 60_000), claimed(2, 1_500)];
    assert_eq!(stream.receive(&reader, (&id("ann"), items), at(0)), []);
    assert_eq!(stream.next_due(), Some(at(500)), "a third of the shorter term");
    assert_eq!(stream.stall(at(499)), []);
    assert_eq!(stream.stall(at(500)).len(), 2);
    assert_eq!(room(&stream, &reader), [0; 0]);
    let late = vec![claimed(3, 60_000)];
    assert_eq!(stream.receive(&reader, (&id("ann"), late.clone()), at(500)), late);
    stream.take(notice(1, Outcome::LetGo));
    stream.take(notice(2, Outcome::LetGo));
    assert_eq!(next(&stream, &reader), None);
    assert_eq!(room(&stream, &reader), [10]);
}

#[test]
fn what_does_not_fit_before_a_reader_goes_back() {
    let (stream, reader) = streamed(1_000);
    room(&stream, &reader);
    let many: Vec<_> = (0..READY_MAX as u64 + 1).map(|number| claimed(number, 60_000)).collect();
    assert_eq!(stream.receive(&reader, (&id("ann"), many.clone()), at(0)).len(), READY_MAX + 1);
    assert_eq!(stream.receive(&reader, (&id("ann"), many[1..].to_vec()), at(0)), []);
    stream.look_again(id("ann"));
    assert_eq!(room(&stream, &reader), [0; 0], "the reader is behind");
    while next(&stream, &reader).is_some() {}
    assert_eq!(room(&stream, &reader), [READY_MAX]);
}

#[test]
fn a_stream_is_kept_while_somebody_reads_or_holds_what_was_pushed() {
    let (stream, reader) = streamed(1);
    stream.receive(&reader, (&id("ann"), vec![claimed(1, 60_000)]), at(0));
    assert!(matches!(next(&stream, &reader), Some(StreamEvent::Item { .. })));
    let (unread, is_idle) = stream.leave(&reader);
    assert_eq!((unread, is_idle), (Vec::new(), false));
    assert!(!stream.take(notice(2, Outcome::Ended)));
    assert!(stream.take(notice(1, Outcome::Ended)), "nothing is left");

    let streams = super::super::Streams::default();
    let (stream, reader, _) = streams.open(SessionId(1));
    assert!(streams.is_listened());
    streams.leave(SessionId(1), (&stream, &reader));
    assert!(!streams.is_listened());
}
