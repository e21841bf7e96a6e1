//! One table of tests for every implementation of the store, and tests of the embedded one's faults.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use crate::disk::simulated::SimulatedDisk;
use crate::embedded::open_on;
use crate::{
    Durability, Fault, Keep, Log, Memory, Opened, Options, Position, Prepare, Record, Recovery,
    Stored,
};

mod crash;
mod damage;
mod model;

mod real;

/// Segments so short that every few batches need a new one; every operation in order.
pub(super) const SMALL: Options = Options {
    segment_bytes: 4096,
    durability: Durability::Fdatasync,
    prepare: Prepare::InTurn,
    keep: Keep::All,
};
/// The same for a log that keeps only what recovery could need.
pub(super) const SMALL_TAIL: Options = Options { keep: Keep::Tail, ..SMALL };

/// A store that outlives what is opened on it.
enum Store {
    Memory(Memory),
    Embedded(SimulatedDisk, Options),
}

impl Store {
    fn open(&self) -> Box<dyn Recovery> {
        match self {
            Self::Memory(memory) => memory.open(),
            Self::Embedded(disk, options) => open_on(disk.directory(), *options).unwrap(),
        }
    }
}

/// A log, the records of its snapshot, and its tail.
pub(super) type Recovered = (Opened, Vec<(u8, Vec<u8>)>, Vec<Stored>);

/// Opens `recovery` and gives also what it showed: records of the snapshot and of the tail.
pub(super) fn recover(mut recovery: Box<dyn Recovery>) -> Result<Recovered, Fault> {
    let (mut snapshot, mut tail) = (Vec::new(), Vec::new());
    recovery.snapshot(&mut |tag, bytes| {
        snapshot.push((tag, bytes.to_vec()));
        Ok(())
    })?;
    recovery.tail(&mut |stored| {
        tail.push(stored);
        Ok(())
    })?;
    Ok((recovery.into_log()?, snapshot, tail))
}

/// Appends `texts` as one batch, each with its first letter as tag.
pub(super) fn append(log: &mut dyn Log, texts: &[&str]) -> Result<Position, Fault> {
    let records: Vec<Record<'_>> = texts
        .iter()
        .map(|text| Record { tag: text.bytes().next().unwrap_or(b'-'), bytes: text.as_bytes() })
        .collect();
    log.append(&records)
}

/// Runs `script`, one command a line, on each implementation and compares the answers.
///
/// The only place that knows the API.
#[track_caller]
fn check(script: &str, want: Expect) {
    check_keeping(Keep::All, script, want);
}

/// As [`check`], on stores that keep this much.
#[track_caller]
fn check_keeping(keep: Keep, script: &str, want: Expect) {
    let options = Options { keep, ..SMALL };
    let mut answers = Vec::new();
    for store in
        [Store::Memory(Memory::keeping(keep)), Store::Embedded(SimulatedDisk::default(), options)]
    {
        let (mut opened, _, _) = recover(store.open()).unwrap();
        let mut got = String::new();
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let answer = if line == "restart" {
                // The directory is free only when nobody holds it.
                drop(opened);
                let (again, snapshot, tail) = recover(store.open()).unwrap();
                opened = again;
                let snapshot: Vec<_> = snapshot.iter().map(|(_, bytes)| text(bytes)).collect();
                format!("snapshot {snapshot:?} tail {} next {}", show(&tail), opened.log.next())
            } else {
                run(&mut opened, line)
            };
            writeln!(got, "{line}: {answer}").unwrap();
        }
        answers.push(got);
    }
    assert_eq!(answers[0], answers[1], "memory and embedded differ");
    want.assert_eq(&answers[0]);
}

fn run(opened: &mut Opened, line: &str) -> String {
    let mut words = line.split_whitespace();
    let command = words.next().unwrap_or_default();
    let mut number = || words.next().and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
    let answer = match command {
        "append" => {
            let texts: Vec<&str> = words.collect();
            append(opened.log.as_mut(), &texts).map(|first| format!("at {first}"))
        }
        "fill" => {
            let text = "f".repeat(usize::try_from(number()).unwrap());
            append(opened.log.as_mut(), &[&text]).map(|first| format!("at {first}"))
        }
        "read" => opened.reader.read(Position(number())).map(|stored| show(&[stored])),
        "range" => {
            let (from, bytes) = (Position(number()), usize::try_from(number()).unwrap());
            opened.reader.read_from(from, bytes).map(|stored| show(&stored))
        }
        "snapshot" => {
            let upto = Position(number());
            let mut records = words.map(|word| (b's', word.as_bytes().to_vec()));
            opened.snapshots.write(upto, &mut records).map(|()| "written".to_owned())
        }
        "newest" => {
            let mut shown = Vec::new();
            let mut each = |_: u8, bytes: &[u8]| {
                shown.push(text(bytes));
                Ok(())
            };
            opened.snapshots.read(&mut each).map(|upto| format!("{shown:?} as of {upto:?}"))
        }
        other => panic!("no command {other}"),
    };
    answer.unwrap_or_else(|fault| fault.to_string())
}

fn show(stored: &[Stored]) -> String {
    let shown = stored
        .iter()
        .map(|one| format!("{}:{}:{}", one.position, one.tag as char, text(&one.bytes)));
    format!("[{}]", shown.collect::<Vec<_>>().join(" "))
}

fn text(bytes: &[u8]) -> String {
    match bytes.len() {
        0..=20 => String::from_utf8_lossy(bytes).into_owned(),
        long => format!("{long} bytes"),
    }
}

#[test]
fn records_come_back_in_order_after_a_restart() {
    check(
        "restart
         append a bb ccc
         append d
         restart
         append e
         restart",
        expect![[r#"
            restart: snapshot [] tail [] next 0
            append a bb ccc: at 0
            append d: at 3
            restart: snapshot [] tail [0:a:a 1:b:bb 2:c:ccc 3:d:d] next 4
            append e: at 4
            restart: snapshot [] tail [0:a:a 1:b:bb 2:c:ccc 3:d:d 4:e:e] next 5
        "#]],
    );
}

#[test]
fn any_record_is_read_by_its_position_while_the_log_grows() {
    check(
        "read 0
         append a bb
         append ccc
         read 0
         read 1
         read 2
         read 3
         restart
         read 1
         append d
         read 3",
        expect![[r#"
            read 0: position 0 is not stored yet, the next one is 0
            append a bb: at 0
            append ccc: at 2
            read 0: [0:a:a]
            read 1: [1:b:bb]
            read 2: [2:c:ccc]
            read 3: position 3 is not stored yet, the next one is 3
            restart: snapshot [] tail [0:a:a 1:b:bb 2:c:ccc] next 3
            read 1: [1:b:bb]
            append d: at 3
            read 3: [3:d:d]
        "#]],
    );
}

#[test]
fn segments_follow_each_other_without_a_gap() {
    check(
        "fill 3000
         fill 3000
         append a b
         fill 3000
         fill 9000
         append c
         range 0 100000
         range 2 1
         range 2 2
         range 5 3000
         range 6 100
         range 7 100
         read 5
         restart
         read 0
         read 3
         read 5
         range 1 100000",
        expect![[r#"
            fill 3000: at 0
            fill 3000: at 1
            append a b: at 2
            fill 3000: at 4
            fill 9000: at 5
            append c: at 6
            range 0 100000: [0:f:3000 bytes 1:f:3000 bytes 2:a:a 3:b:b 4:f:3000 bytes 5:f:9000 bytes 6:c:c]
            range 2 1: [2:a:a]
            range 2 2: [2:a:a 3:b:b]
            range 5 3000: [5:f:9000 bytes]
            range 6 100: [6:c:c]
            range 7 100: []
            read 5: [5:f:9000 bytes]
            restart: snapshot [] tail [0:f:3000 bytes 1:f:3000 bytes 2:a:a 3:b:b 4:f:3000 bytes 5:f:9000 bytes 6:c:c] next 7
            read 0: [0:f:3000 bytes]
            read 3: [3:b:b]
            read 5: [5:f:9000 bytes]
            range 1 100000: [1:f:3000 bytes 2:a:a 3:b:b 4:f:3000 bytes 5:f:9000 bytes 6:c:c]
        "#]],
    );
}

#[test]
fn recovery_takes_the_newest_snapshot_and_the_records_after_it() {
    check(
        "append a b c
         snapshot 2 state of two
         restart
         append d
         snapshot 4
         restart
         snapshot 3 older
         restart
         snapshot 0 oldest
         append e
         restart
         read 0",
        expect![[r#"
            append a b c: at 0
            snapshot 2 state of two: written
            restart: snapshot ["state", "of", "two"] tail [2:c:c] next 3
            append d: at 3
            snapshot 4: written
            restart: snapshot [] tail [] next 4
            snapshot 3 older: written
            restart: snapshot [] tail [] next 4
            snapshot 0 oldest: written
            append e: at 4
            restart: snapshot [] tail [4:e:e] next 5
            read 0: [0:a:a]
        "#]],
    );
}

#[test]
fn records_that_recovery_cannot_need_any_more_are_forgotten() {
    // Each of the first four fills a segment of its own.
    check_keeping(
        Keep::Tail,
        "newest
         fill 3000
         fill 3000
         fill 3000
         snapshot 2 two
         read 0
         snapshot 3 three
         newest
         range 0 1
         read 1
         range 2 10000
         restart
         fill 3000
         append a
         read 1
         range 2 10000
         snapshot 5 five
         read 2
         range 3 10000
         restart
         snapshot 4 four
         restart
         append b",
        expect![[r#"
            newest: [] as of None
            fill 3000: at 0
            fill 3000: at 1
            fill 3000: at 2
            snapshot 2 two: written
            read 0: [0:f:3000 bytes]
            snapshot 3 three: written
            newest: ["three"] as of Some(Position(3))
            range 0 1: position 0 is not kept any more, the first one that is is 2
            read 1: position 1 is not kept any more, the first one that is is 2
            range 2 10000: [2:f:3000 bytes]
            restart: snapshot ["three"] tail [] next 3
            fill 3000: at 3
            append a: at 4
            read 1: position 1 is not kept any more, the first one that is is 2
            range 2 10000: [2:f:3000 bytes 3:f:3000 bytes 4:a:a]
            snapshot 5 five: written
            read 2: position 2 is not kept any more, the first one that is is 3
            range 3 10000: [3:f:3000 bytes 4:a:a]
            restart: snapshot ["five"] tail [] next 5
            snapshot 4 four: written
            restart: snapshot ["five"] tail [] next 5
            append b: at 5
        "#]],
    );
}

#[test]
fn a_snapshot_of_records_that_are_not_there_is_refused() {
    check(
        "append a
         snapshot 2 x
         snapshot 1 y
         restart",
        expect![[r#"
            append a: at 0
            snapshot 2 x: position 2 is not stored yet, the next one is 1
            snapshot 1 y: written
            restart: snapshot ["y"] tail [] next 1
        "#]],
    );
}

#[test]
fn what_is_too_large_is_refused_and_the_log_goes_on() {
    check(
        "fill 8388609
         fill 8388608
         append a
         restart",
        expect![[r#"
            fill 8388609: a record of 8388609 bytes is larger than the 8388608 that are allowed; split it
            fill 8388608: at 0
            append a: at 1
            restart: snapshot [] tail [0:f:8388608 bytes 1:a:a] next 2
        "#]],
    );
}

#[test]
fn an_empty_batch_or_record_is_no_trouble() {
    check(
        "append
         fill 0
         append
         append a
         restart",
        expect![[r#"
            append: at 0
            fill 0: at 0
            append: at 1
            append a: at 1
            restart: snapshot [] tail [0:-: 1:a:a] next 2
        "#]],
    );
}

#[test]
fn two_batches_of_large_records_are_two_batches() {
    let memory = Store::Memory(Memory::new());
    for store in [memory, Store::Embedded(SimulatedDisk::default(), SMALL)] {
        let (mut opened, _, _) = recover(store.open()).unwrap();
        let large = vec![1; 6 * 1024 * 1024];
        let records = [Record { tag: 1, bytes: &large }; 3];
        let refused = opened.log.append(&records).unwrap_err().to_string();
        assert_eq!(
            refused,
            "a batch of 18874464 bytes is larger than the 16777216 that are allowed; split it"
        );
        assert_eq!(opened.log.append(&records[..2]).unwrap(), Position(0));
        assert_eq!(opened.reader.read(Position(1)).unwrap().bytes, large);
    }
}

#[test]
fn a_visitor_that_understands_nothing_stops_recovery() {
    for store in [Store::Memory(Memory::new()), Store::Embedded(SimulatedDisk::default(), SMALL)] {
        let (mut opened, _, _) = recover(store.open()).unwrap();
        append(opened.log.as_mut(), &["a"]).unwrap();
        drop(opened);
        let mut recovery = store.open();
        recovery.snapshot(&mut |_, _| Ok(())).unwrap();
        let fault = recovery
            .tail(&mut |stored| Err(Fault::unreadable(stored.position, "no such tag")))
            .unwrap_err();
        assert_eq!(fault.to_string(), "record 0 was not understood by its reader");
    }
}
