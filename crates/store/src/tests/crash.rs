//! The machine stops at every operation, and the disk keeps this or that of the unsynced writes.
//!
//! What was acknowledged survives, a batch survives whole or not at all, and nothing else appears.

use expect_test::expect;

use super::{Recovered, SMALL, SMALL_TAIL, recover};
use crate::disk::simulated::{SimulatedDisk, Tear, Trouble};
use crate::embedded::open_on;
use crate::{Fault, Keep, Memory, Opened, Options, Position, Record, Stored};

/// What a client knows of a log.
struct Ledger {
    options: Options,
    acknowledged: Vec<Vec<u8>>,
    /// The batch whose append did not return.
    in_flight: Vec<Vec<u8>>,
}

impl Ledger {
    fn new(options: Options) -> Self {
        Self { options, acknowledged: Vec::new(), in_flight: Vec::new() }
    }

    fn open(&self, disk: &SimulatedDisk) -> Result<Recovered, Fault> {
        recover(open_on(disk.directory(), self.options)?)
    }

    /// All records that must be there.
    fn read(&self, opened: &Opened) -> Result<Vec<Stored>, Fault> {
        let first = match self.options.keep {
            Keep::All => Position(0),
            Keep::Tail => opened.report.snapshot.unwrap_or_default(),
        };
        opened.reader.read_from(first, usize::MAX)
    }
}

/// Batches of so many records of so many bytes; a snapshot where there are none.
const WORK: [(usize, usize); 14] = [
    (1, 10),
    (3, 400),
    (0, 0),
    (2, 900),
    (1, 2000),
    (1, 6000),
    (5, 1),
    (0, 0),
    (1, 0),
    (4, 700),
    (0, 0),
    (2, 1024),
    (1, 300),
    (1, 5),
];

const TEARS: [Tear; 14] = [
    Tear::Nothing,
    Tear::Everything,
    Tear::Bytes(1),
    Tear::Bytes(31),
    Tear::Bytes(33),
    Tear::Bytes(200),
    Tear::Bytes(512),
    Tear::Bytes(700),
    Tear::Bytes(1500),
    Tear::Sectors(1),
    Tear::Sectors(2),
    Tear::Sectors(3),
    Tear::Sectors(4),
    Tear::Sectors(5),
];

/// Opens the disk and does the work, up to a fault.
fn work(disk: &SimulatedDisk, ledger: &mut Ledger) -> Result<(), Fault> {
    let (mut opened, _, _) = ledger.open(disk)?;
    for (round, (count, bytes)) in WORK.into_iter().enumerate() {
        if count == 0 {
            snapshot(&mut opened, ledger)?;
            continue;
        }
        // Each third is all zeros, which looks like what was never written.
        let fill = if round % 3 == 0 { 0 } else { u8::try_from(round + 1).unwrap() };
        ledger.in_flight = vec![vec![fill; bytes]; count];
        let batch: Vec<Record<'_>> =
            ledger.in_flight.iter().map(|bytes| Record { tag: 7, bytes }).collect();
        opened.log.append(&batch)?;
        ledger.acknowledged.append(&mut ledger.in_flight);
    }
    Ok(())
}

/// A snapshot holds all records before its position.
fn snapshot(opened: &mut Opened, ledger: &Ledger) -> Result<(), Fault> {
    let upto = Position(ledger.acknowledged.len() as u64);
    opened.snapshots.write(upto, &mut ledger.acknowledged.iter().map(|bytes| (7, bytes.clone())))
}

/// Opens the disk and checks that it holds what the ledger says. Gives all records.
fn check(disk: &SimulatedDisk, ledger: &Ledger) -> Result<Vec<Stored>, Fault> {
    let (opened, snapshot, tail) = ledger.open(disk)?;
    let mut found: Vec<Vec<u8>> = snapshot.into_iter().map(|(_, bytes)| bytes).collect();
    assert_eq!(opened.report.snapshot.unwrap_or_default(), Position(found.len() as u64));
    found.extend(tail.into_iter().map(|stored| stored.bytes));

    let both = [ledger.acknowledged.clone(), ledger.in_flight.clone()].concat();
    assert!(found == ledger.acknowledged || found == both, "{} records", found.len());
    let stored = ledger.read(&opened)?;
    let read: Vec<Vec<u8>> = stored.iter().map(|stored| stored.bytes.clone()).collect();
    assert_eq!(read, found[found.len() - read.len()..], "read by position");
    let last = stored.last().map(|stored| stored.position.0 + 1);
    assert_eq!(last.unwrap_or(found.len() as u64), found.len() as u64);
    assert_eq!(opened.report.snapshots_rejected, [""; 0]);
    Ok(stored)
}

/// Checks, appends, and checks again after another restart.
#[track_caller]
fn check_and_go_on(disk: &SimulatedDisk, ledger: &Ledger, case: &str) {
    let fault = |fault: Fault| -> String { format!("{case}: {fault}") };
    let shown = check(disk, ledger).map_err(fault).unwrap();
    disk.restart(Tear::Nothing);
    let (mut opened, _, _) = ledger.open(disk).unwrap();
    let before = ledger.read(&opened).unwrap();
    assert_eq!(before, shown, "{case}: what recovery has shown once is there for ever");
    opened.log.append(&[Record { tag: 9, bytes: &[9; 900] }]).map_err(fault).unwrap();
    drop(opened);
    disk.restart(Tear::Nothing);
    let (opened, _, _) = ledger.open(disk).unwrap();
    let after = ledger.read(&opened).unwrap();
    assert_eq!(after[..before.len()], before, "{case}");
    assert_eq!(after.len(), before.len() + 1, "{case}");
}

/// Operations that the work takes when nothing goes wrong.
fn operations(options: Options) -> u64 {
    let disk = SimulatedDisk::default();
    work(&disk, &mut Ledger::new(options)).unwrap();
    disk.operations()
}

#[test]
fn a_crash_at_any_operation_loses_nothing_acknowledged() {
    for options in [SMALL, SMALL_TAIL] {
        let operations = operations(options);
        assert!(operations > 60, "the work is too short to mean anything: {operations}");
        for at in 0..operations {
            for tear in TEARS {
                let (disk, mut ledger) = (SimulatedDisk::default(), Ledger::new(options));
                disk.arrange(at, Trouble::Crash);
                work(&disk, &mut ledger).unwrap_err();
                disk.restart(tear);
                let case = format!("crash at {at}, {tear:?}, {:?} kept", options.keep);
                check_and_go_on(&disk, &ledger, &case);
            }
        }
    }
}

#[test]
fn segments_before_both_snapshots_go_and_no_others() {
    let names = |options| {
        let (disk, mut ledger) = (SimulatedDisk::default(), Ledger::new(options));
        work(&disk, &mut ledger).unwrap();
        disk.directory().names().unwrap()
    };
    let (all, tail) = (names(SMALL), names(SMALL_TAIL));
    let gone: Vec<_> = all.iter().filter(|name| !tail.contains(name)).collect();
    expect![[r#"
        [
            "log-00000000000000000000.seg",
            "log-00000000000000000006.seg",
        ]
    "#]]
    .assert_debug_eq(&gone);
    expect![[r#"
        [
            "log-00000000000000000007.seg",
            "log-00000000000000000014.seg",
            "log-00000000000000000018.seg",
            "snapshot-00000000000000000013.snap",
            "snapshot-00000000000000000018.snap",
        ]
    "#]]
    .assert_debug_eq(&tail);
}

#[test]
fn a_crash_during_recovery_loses_nothing_either() {
    for options in [SMALL, SMALL_TAIL] {
        for at in 0..operations(options) {
            for tear in [Tear::Everything, Tear::Bytes(700), Tear::Sectors(6), Tear::Sectors(7)] {
                (0..).find(|again| survives(options, [at, *again], tear));
            }
        }
    }
}

/// Crashes at an operation of the work and at one of the recovery; whether the recovery was over before.
fn survives(options: Options, [at, again]: [u64; 2], tear: Tear) -> bool {
    let (disk, mut ledger) = (SimulatedDisk::default(), Ledger::new(options));
    disk.arrange(at, Trouble::Crash);
    work(&disk, &mut ledger).unwrap_err();
    disk.restart(tear);
    disk.arrange(again, Trouble::Crash);
    let survived = check(&disk, &ledger).is_ok();
    disk.restart(tear);
    check_and_go_on(&disk, &ledger, &format!("crash at {at} and {again}, {tear:?}"));
    survived
}

#[test]
fn after_a_refused_write_or_sync_the_log_takes_nothing_more() {
    for at in 0..operations(SMALL) {
        let (disk, mut ledger) = (SimulatedDisk::default(), Ledger::new(SMALL));
        disk.arrange(at, Trouble::Refuse);
        let (mut opened, _, _) = match open_on(disk.directory(), SMALL).and_then(recover) {
            Ok(opened) => opened,
            Err(_) => continue,
        };
        for (count, bytes) in WORK.into_iter().filter(|&(count, _)| count > 0) {
            ledger.in_flight = vec![vec![3; bytes]; count];
            let batch: Vec<Record<'_>> =
                ledger.in_flight.iter().map(|bytes| Record { tag: 7, bytes }).collect();
            if opened.log.append(&batch).is_err() {
                let again = opened.log.append(&batch);
                assert!(matches!(again, Err(Fault::Closed { .. })), "refused at {at}: {again:?}");
                break;
            }
            ledger.acknowledged.append(&mut ledger.in_flight);
        }
        drop(opened);
        disk.calm();
        // The same machine goes on: the kernel's cache still shows the batch that was never synced.
        check_and_go_on(&disk, &ledger, &format!("refused at {at}"));
    }
}

#[test]
fn what_recovery_shows_after_a_failed_sync_is_durable() {
    let disk = SimulatedDisk::default();
    let (mut opened, _, _) = recover(open_on(disk.directory(), SMALL).unwrap()).unwrap();
    opened.log.append(&[Record { tag: 1, bytes: b"first" }]).unwrap();
    // The write passes, its sync fails, and the kernel forgets that the pages were dirty.
    disk.arrange(1, Trouble::Refuse);
    opened.log.append(&[Record { tag: 1, bytes: b"second" }]).unwrap_err();
    drop(opened);
    let (_, _, tail) = recover(open_on(disk.directory(), SMALL).unwrap()).unwrap();
    assert_eq!(tail.len(), 2, "the cache shows both");
    disk.restart(Tear::Nothing);
    let (_, _, after) = recover(open_on(disk.directory(), SMALL).unwrap()).unwrap();
    assert_eq!(after, tail);
}

#[test]
fn a_snapshot_for_want_of_space_leaves_log_and_older_snapshot() {
    let disk = SimulatedDisk::default();
    let mut ledger = Ledger::new(SMALL);
    work(&disk, &mut ledger).unwrap();
    let (mut opened, _, _) = recover(open_on(disk.directory(), SMALL).unwrap()).unwrap();
    let older = opened.report.snapshot;
    disk.arrange(1, Trouble::Refuse);
    let refused = snapshot(&mut opened, &ledger).unwrap_err();
    assert!(matches!(refused, Fault::NoSpace { .. }), "{refused}");
    opened.log.append(&[Record { tag: 1, bytes: b"goes on" }]).unwrap();
    ledger.acknowledged.push(b"goes on".to_vec());
    drop(opened);
    let (mut opened, _, _) = recover(open_on(disk.directory(), SMALL).unwrap()).unwrap();
    assert_eq!(opened.report.snapshot, older);
    snapshot(&mut opened, &ledger).unwrap();
    drop(opened);
    check(&disk, &ledger).unwrap();
}

#[test]
fn memory_keeps_or_loses_the_batch_of_an_arranged_crash() {
    use crate::Fate;
    let memory = Memory::new();
    for (fate, want) in [(Fate::Stored, 1), (Fate::Lost, 1), (Fate::Kept, 2)] {
        let (mut opened, _, _) = recover(memory.open()).unwrap();
        memory.arrange(fate);
        let appended = opened.log.append(&[Record { tag: 1, bytes: b"x" }]);
        assert_eq!(appended.is_ok(), fate == Fate::Stored);
        let (later, _, tail) = recover(memory.open()).unwrap();
        assert_eq!(tail.len(), want, "{fate:?}");
        drop(later);
        let fenced = opened.log.append(&[Record { tag: 1, bytes: b"y" }]);
        assert!(matches!(fenced, Err(Fault::Closed { .. })), "{fenced:?}");
    }
}
