//! The stored layouts: what borrows equals what owns, and neither changes unnoticed.

use std::fmt::Write as _;

use engine::{Path, TaskIndex};
use expect_test::{Expect, expect};

use super::*;

#[track_caller]
fn check(bytes: &[u8], want: Expect) {
    let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    want.assert_eq(&hex);
}

fn stored(tag: u8, bytes: Vec<u8>) -> Stored {
    Stored { position: Position(7), tag, bytes }
}

#[test]
fn a_command_is_read_as_it_was_written() {
    let (case, command) = (CaseId::parse("7").unwrap(), CommandId::parse("c-1").unwrap());
    let events = [Event::CaseSuspended { at_ms: 5 }, Event::IncidentsCleared];
    let item = ItemKey { path: Path::root().child(1), task: TaskIndex(0) };
    let leases = [lease::Event::Claimed {
        item,
        holder: "ann".parse().unwrap(),
        term_ms: 60_000,
        epoch: Epoch(8),
    }];
    let answer = StoredAnswer::Started { item: "7.1:A".to_owned(), data: "<A/>".into() };
    let record = CommandRecordRef {
        case: &case,
        previous: Some(300),
        specification: None,
        command: Some(&command),
        at_ms: 9,
        events: &events,
        leases: &leases,
        answer: Some(answer),
    };
    let bytes = encode(&record, Vec::new());
    check(
        &bytes,
        expect![
            "013701ac02000103632d311202130a12010001010003616e6ee0d40308010105372e313a41043c412f3e"
        ],
    );
    let read: CommandRecord = decode(&stored(COMMAND, bytes), COMMAND).unwrap();
    assert_eq!((read.case, read.previous, read.specification), (case, Some(300), None));
    assert_eq!((read.command, read.at_ms, read.events), (Some(command), 9, events.to_vec()));
    assert_eq!(read.leases, leases);
    assert!(matches!(read.answer, Some(StoredAnswer::Started { item, .. }) if item == "7.1:A"));
}

/// What happens to a jury, one event of each kind.
fn jury_events(item: &ItemKey) -> Vec<jury::Event<ItemKey>> {
    let ballot = agents::jury::Ballot(1);
    let (holder, answer) = ("ann".parse().unwrap(), Box::from(*b"<A/>"));
    let claimed = lease::Event::Claimed { item: ballot, holder, term_ms: 9, epoch: Epoch(8) };
    let submitted = agents::conflict::Event::Submitted {
        agent: "ann".parse().unwrap(),
        epoch: Epoch(8),
        answer,
        confidence: agents::conflict::Share::HALF,
        reasoning: "so".into(),
    };
    let whats = [
        jury::What::Ballot(claimed),
        jury::What::Panel { event: submitted, since: Epoch(10) },
        jury::What::Refused { reason: "no".into() },
        jury::What::Closed,
    ];
    whats.map(|what| jury::Event { item: item.clone(), what }).to_vec()
}

#[test]
fn a_command_of_a_review_is_read_as_it_was_written() {
    let case = CaseId::parse("7").unwrap();
    let item = ItemKey { path: Path::root().child(1), task: TaskIndex(0) };
    let reviews = jury_events(&item);
    let command = CommandRecordRef {
        case: &case,
        previous: Some(3),
        specification: None,
        command: None,
        at_ms: 9,
        events: &[],
        leases: &[],
        answer: None,
    };
    let bytes = encode(&ReviewedRecordRef { command, given: &[], reviews: &reviews }, Vec::new());
    check(
        &bytes,
        expect![
            "01370103000012000000000401010000000103616e6e0908010100010003616e6e08043c412f3e882702736f0a01010002026e6f01010003"
        ],
    );
    let read = decode_command(&stored(REVIEWED, bytes)).unwrap();
    assert_eq!((read.case, read.previous, read.reviews), (case, Some(3), reviews));
}

#[test]
fn a_jury_of_a_snapshot_is_read_as_it_was_written() {
    let case = CaseId::parse("7").unwrap();
    let item = ItemKey { path: Path::root().child(1), task: TaskIndex(0) };
    let mut juries = agents::jury::Juries::new();
    jury_events(&item)[..2].iter().for_each(|event| juries.apply(event));
    let jury = juries.get(&item).unwrap();
    let bytes = encode(&SnapshotJuryRef { case: &case, jury }, Vec::new());
    check(
        &bytes,
        expect!["0137010100080103616e6e08043c412f3e882702736f0000010108000003616e6e09010103616e6e"],
    );
    let read: SnapshotJury = postcard::from_bytes(&bytes).unwrap();
    assert_eq!((&read.case, &read.jury), (&case, jury));
}

#[test]
fn what_a_command_did_to_the_worklist_stands_behind_it_and_others_are_as_they_were() {
    let case = CaseId::parse("7").unwrap();
    let record = || CommandRecordRef {
        case: &case,
        previous: Some(300),
        specification: None,
        command: None,
        at_ms: 9,
        events: &[Event::IncidentsCleared],
        leases: &[],
        answer: None,
    };
    let item = || "7:A".parse().unwrap();
    let given = [worklist::Event::Allocated {
        item: item(),
        to: "ann".parse().unwrap(),
        at: agents::Moment { ms: 9 },
    }];
    let bytes = encode(&GivenRecordRef { command: record(), given: &given }, Vec::new());
    let plain = encode(&record(), Vec::new());
    assert_eq!(bytes[..plain.len()], plain[..]);
    check(&bytes[plain.len()..], expect!["010303373a4103616e6e09"]);
    let read = decode_command(&stored(COMMAND_GIVEN, bytes)).unwrap();
    assert_eq!((read.case, read.at_ms, read.given), (case.clone(), 9, given.to_vec()));
    let read = decode_command(&stored(COMMAND, plain)).unwrap();
    assert_eq!((read.case.clone(), read.given), (case, Vec::new()));
}

#[test]
fn a_launch_with_a_trace_is_read_as_it_was_written() {
    let case = CaseId::parse("7").unwrap();
    let record = CommandRecordRef {
        case: &case,
        previous: None,
        specification: Some(1),
        command: None,
        at_ms: 9,
        events: &[],
        leases: &[],
        answer: None,
    };
    let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let traceparent = text.parse().unwrap();
    let traced = TracedRecordRef { traceparent, command: record, given: &[] };
    let bytes = encode(&traced, Vec::new());
    check(
        &bytes,
        expect!["4bf92f3577b34da6a3ce929d0e0e473600f067aa0ba902b7010137000101001200000000"],
    );
    let read = decode_command(&stored(TRACED, bytes)).unwrap();
    assert_eq!((read.case, read.specification), (case, Some(1)));
    assert_eq!(read.traceparent, Some(traceparent));
}

#[test]
fn a_state_is_read_as_it_was_written() {
    let case = Case::new(CaseId::parse("x").unwrap());
    let bytes = encode(&StateRecordRef { previous: 4, case: &case }, Vec::new());
    check(&bytes, expect!["040178010000000000000000"]);
    let read: StateRecord = decode(&stored(STATE, bytes), STATE).unwrap();
    assert_eq!((read.previous, read.case), (4, case));
}

#[test]
fn an_entry_of_a_snapshot_is_read_as_it_was_written() {
    let id = CaseId::parse("x").unwrap();
    let summary = crate::entry::summary_of(&Case::new(id.clone()));
    let mut leases = Leases::new();
    let item = ItemKey { path: Path::root().child(1), task: TaskIndex(0) };
    leases.apply(&lease::Event::Claimed {
        item,
        holder: "ann".parse().unwrap(),
        term_ms: 60_000,
        epoch: Epoch(8),
    });
    let entry = |body| SnapshotEntryRef {
        case: &id,
        specification: 1,
        first: 2,
        last: 3,
        launch: Some(4),
        recent: &[(5, 6)],
        chain: 7,
        leases: &leases,
        body,
    };
    let bytes = encode(&entry(SnapshotBodyRef::Cold(&summary)), Vec::new());
    check(&bytes, expect!["01780102030104010506070101010008000003616e6ee0d40301010000000000"]);
    let read: SnapshotEntry = postcard::from_bytes(&bytes).unwrap();
    assert_eq!((&read.case, read.specification, read.first, read.last), (&id, 1, 2, 3));
    assert_eq!((read.launch, read.recent, read.chain), (Some(4), vec![(5, 6)], 7));
    assert_eq!(read.leases, leases);
    assert!(matches!(read.body, SnapshotBody::Cold(read) if *read == summary));
    let case = Case::new(id.clone());
    let bytes = encode(&entry(SnapshotBodyRef::Hot(&case)), Vec::new());
    let read: SnapshotEntry = postcard::from_bytes(&bytes).unwrap();
    assert!(matches!(read.body, SnapshotBody::Hot(read) if *read == case));
}

#[test]
fn a_record_of_another_kind_or_cut_short_is_refused_by_its_place() {
    let made = encode(&Made { partitions: 2 }, Vec::new());
    let refused = |stored: &Stored| {
        let fault = decode::<CommandRecord>(stored, COMMAND).err().unwrap();
        let source = std::error::Error::source(&fault).map(ToString::to_string);
        format!("{fault}: {}\n", source.unwrap_or_default())
    };
    let said = refused(&stored(MADE, made)) + &refused(&stored(COMMAND, vec![1]));
    expect![[r#"
        record 7 was not understood by its reader: its tag is 32, expected 5
        record 7 was not understood by its reader: Hit the end of buffer, expected more data
    "#]]
    .assert_eq(&said);
}
