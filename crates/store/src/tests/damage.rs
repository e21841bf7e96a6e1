//! Flipped bits, cut logs, missing files: found and named by place, or harmless. Never skipped.
//!
//! Defined for a log whose process has ended. A flip in anything acknowledged is a fault that names
//! the file and a byte at or before the flip. A flip in the zeros behind the log is harmless. A log
//! whose last batch ends in zeros is cut there; any other loss is a fault.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::{Recovered, SMALL, SMALL_TAIL, append, recover};
use crate::batch::{self, HEADER};
use crate::disk::simulated::SimulatedDisk;
use crate::embedded::open_on;
use crate::frame;
use crate::segment::{name, parse_name};
use crate::{Corruption, Fault, Position, Record, Report, Stored};

/// A log of three batches in one segment; where each begins, and where the last ends.
fn three_batches() -> (SimulatedDisk, [usize; 4]) {
    let disk = SimulatedDisk::default();
    let mut opened = open(&disk).unwrap().0;
    let zeros = "\0".repeat(1300);
    append(opened.log.as_mut(), &["alpha", "beta"]).unwrap();
    append(opened.log.as_mut(), &["gamma", &zeros, ""]).unwrap();
    append(opened.log.as_mut(), &["delta", "epsilon", "zeta"]).unwrap();
    let bytes = disk.bytes(&first());
    let starts: Vec<usize> =
        (0..bytes.len()).step_by(32).filter(|&at| is_batch(&bytes, at)).collect();
    let end = bytes.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    (disk, [starts[0], starts[1], starts[2], end])
}

fn is_batch(bytes: &[u8], at: usize) -> bool {
    batch::decode_header(&bytes[at..], at as u64).is_some()
}

fn first() -> String {
    name(Position(0))
}

fn open(disk: &SimulatedDisk) -> Result<Recovered, Fault> {
    recover(open_on(disk.directory(), SMALL)?)
}

/// The place of a fault that must be damage.
#[track_caller]
fn corruption(fault: Fault) -> Corruption {
    let Fault::Corrupt(corruption) = fault else { panic!("not damage: {fault:?}") };
    *corruption
}

/// Opens `disk` after `change` to its first segment; gives the fault, or how many records there are
/// and what was cut. Puts the file back.
fn after(
    disk: &SimulatedDisk,
    change: impl FnOnce(&mut Vec<u8>),
) -> Result<(usize, Report), Fault> {
    let whole = disk.bytes(&first());
    let mut changed = whole.clone();
    change(&mut changed);
    disk.set_bytes(&first(), &changed);
    let opened = open(disk).map(|(opened, _, tail)| (tail.len(), opened.report));
    disk.set_bytes(&first(), &whole);
    opened
}

#[test]
fn every_flip_in_acknowledged_records_is_found_and_named() {
    let (disk, [.., end]) = three_batches();
    for (at, bit) in (0..end).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let fault = after(&disk, |bytes| bytes[at] ^= 1 << bit).unwrap_err();
        let found = corruption(fault);
        assert_eq!(found.file, disk.directory().path(&first()));
        assert!(found.offset <= at as u64, "flip at {at}: {found}");
        let near = at < HEADER || found.offset + 1400 > at as u64;
        assert!(near, "flip at {at}: {found}");
    }
}

#[test]
fn every_flip_behind_the_log_is_harmless() {
    let (disk, [.., end]) = three_batches();
    for at in end..disk.bytes(&first()).len() {
        let (records, report) = after(&disk, |bytes| bytes[at] ^= 1 << (at % 8)).unwrap();
        assert_eq!(records, 8, "flip at {at}");
        assert_eq!(report.cut.map(|cut| cut.offset), Some(end as u64), "flip at {at}");
    }
}

#[test]
fn a_last_batch_that_was_not_written_to_its_end_is_cut() {
    let (disk, [_, _, last, end]) = three_batches();
    for at in last..end {
        let (records, report) = after(&disk, |bytes| bytes[at..].fill(0)).unwrap();
        assert_eq!(records, 5, "written up to {at}");
        let written = disk.bytes(&first())[last..at].iter().rposition(|&byte| byte != 0);
        let cut = report.cut.map(|cut| (cut.offset, cut.bytes));
        assert_eq!(cut, written.map(|up| (last as u64, up as u64 + 1)), "written up to {at}");
    }
}

#[test]
fn a_cut_tail_leaves_no_trace_behind_later_batches() {
    let (disk, [_, _, last, end]) = three_batches();
    let mut bytes = disk.bytes(&first());
    bytes[end - 1] = 0;
    disk.set_bytes(&first(), &bytes);
    let mut opened = open(&disk).unwrap().0;
    assert!(opened.report.cut.is_some());
    assert!(disk.bytes(&first())[last..].iter().all(|&byte| byte == 0));
    assert_eq!(append(opened.log.as_mut(), &["e"]).unwrap(), Position(5));
    drop(opened);
    let (opened, _, tail) = open(&disk).unwrap();
    assert_eq!((tail.len(), opened.report.cut), (6, None));
}

#[test]
fn a_file_of_another_length_is_damage_at_any_length() {
    let (disk, _) = three_batches();
    let len = disk.bytes(&first()).len();
    for shorter in 0..len {
        corruption(after(&disk, |bytes| bytes.truncate(shorter)).unwrap_err());
    }
    let longer = after(&disk, |bytes| bytes.resize(len + 1, 0)).unwrap_err().to_string();
    expect!["disk/log-00000000000000000000.seg is damaged at byte 4096: expected a file of 4096 bytes, as its header says, found 4097 bytes; restore the directory from a copy"].assert_eq(&longer);
}

/// Changes a log of three batches and compares what opening it says.
#[track_caller]
fn check(change: impl FnOnce(&mut Vec<u8>, [usize; 4]), want: Expect) {
    let (disk, places) = three_batches();
    let got = match after(&disk, |bytes| change(bytes, places)) {
        Ok((records, report)) => format!("{records} records, cut {:?}", report.cut),
        Err(fault) => fault.to_string(),
    };
    want.assert_eq(&got);
}

#[test]
fn a_wiped_batch_with_a_valid_one_behind_is_damage() {
    check(
        |bytes, [_, second, third, _]| bytes[second..third].fill(0),
        expect![
            "disk/log-00000000000000000000.seg is damaged at byte 128, position 2: expected a batch, found [00, 00, 00, 00, 00, 00, 00, 00]; restore the directory from a copy"
        ],
    );
}

#[test]
fn a_wiped_first_batch_is_damage() {
    check(
        |bytes, [one, ..]| bytes[one..].fill(0),
        expect![
            "disk/log-00000000000000000000.seg is damaged at byte 32, position 0: expected a batch, found [00, 00, 00, 00, 00, 00, 00, 00]; restore the directory from a copy"
        ],
    );
}

#[test]
fn a_wiped_sector_inside_the_log_is_damage() {
    check(
        |bytes, _| bytes[1024..1536].fill(0),
        expect![
            "disk/log-00000000000000000000.seg is damaged at byte 1499, position 4: expected crc 00000000, found 0f744682; restore the directory from a copy"
        ],
    );
}

#[test]
fn a_batch_in_the_place_of_another_is_damage() {
    check(
        |bytes, [one, second, third, _]| {
            let moved = bytes[one..second].to_vec();
            bytes[third..third + moved.len()].copy_from_slice(&moved);
        },
        expect![
            "disk/log-00000000000000000000.seg is damaged at byte 1536, position 5: expected a batch, found [7c, ba, 07, f1, ef, 60, 1e, 0c]; restore the directory from a copy"
        ],
    );
}

#[test]
fn a_record_that_holds_a_batch_is_only_a_record() {
    let (disk, [.., end]) = three_batches();
    let mut opened = open(&disk).unwrap().0;
    // A later batch of some log, so that it begins at a multiple of 32 of this file.
    let mut bytes = vec![1; 15];
    batch::encode(&mut bytes, 64, Position(100), &[Record { tag: 1, bytes: b"inner" }]);
    opened.log.append(&[Record { tag: 1, bytes: &bytes }]).unwrap();
    drop(opened);
    let inner = end + HEADER + frame::HEAD + 15;
    assert!(inner.is_multiple_of(batch::ALIGN));
    let (records, report) = after(&disk, |bytes| bytes[end..inner].fill(0)).unwrap();
    assert_eq!((records, report.cut.map(|cut| cut.offset)), (8, Some(end as u64)));
}

#[test]
fn a_newer_format_is_named_as_such() {
    check(
        |bytes, _| {
            bytes[8] = 2;
            let mut crc = crc32fast::Hasher::new();
            crc.update(&bytes[..12]);
            crc.update(&bytes[16..32]);
            bytes[12..16].copy_from_slice(&crc.finalize().to_le_bytes());
        },
        expect![
            "disk/log-00000000000000000000.seg has format version 2, this build reads 1; open it with the release that wrote it"
        ],
    );
}

/// A log of several segments and what each position holds.
fn segments() -> (SimulatedDisk, Vec<Position>) {
    let disk = SimulatedDisk::default();
    let mut opened = open(&disk).unwrap().0;
    for letter in ["a", "b", "c", "d", "e", "f"] {
        let text = letter.repeat(1500);
        append(opened.log.as_mut(), &[&text, letter]).unwrap();
    }
    drop(opened);
    let names = disk.directory().names().unwrap();
    let firsts = names.iter().filter_map(|name| parse_name(name)).collect();
    (disk, firsts)
}

#[test]
fn a_flip_in_an_older_segment_is_found_by_whoever_reads_there() {
    let (disk, firsts) = segments();
    assert_eq!(firsts, [0, 4, 8].map(Position));
    // With a snapshot, recovery reads the last segment only.
    open(&disk).unwrap().0.snapshots.write(Position(9), &mut std::iter::empty()).unwrap();
    let whole = disk.bytes(&first());
    let end = whole.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    for at in 0..end {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        disk.set_bytes(&first(), &changed);
        let opened = open(&disk).unwrap().0;
        let found = corruption(opened.reader.read(Position(0)).unwrap_err());
        assert_eq!(found.file, disk.directory().path(&first()));
        assert!(found.offset <= at as u64, "flip at {at}: {found}");
        assert!(opened.reader.read(Position(4)).is_ok());
    }
}

#[test]
fn a_segment_that_rots_while_it_is_open_is_found_by_the_read() {
    let (disk, [_, second, ..]) = three_batches();
    let opened = open(&disk).unwrap().0;
    let mut bytes = disk.bytes(&first());
    // The second byte of "gamma", behind the batch's and the frame's head.
    bytes[second + 32 + 17 + 1] ^= 1;
    disk.set_bytes(&first(), &bytes);
    let mut got = String::new();
    for position in (0..4).map(Position) {
        let answer = opened.reader.read(position);
        let answer = answer.map_or_else(|fault| fault.to_string(), |_| "intact".to_owned());
        writeln!(got, "{position}: {answer}").unwrap();
    }
    expect![[r#"
        0: intact
        1: intact
        2: disk/log-00000000000000000000.seg is damaged at byte 160, position 2: expected crc 751f7289, found cda315ec; restore the directory from a copy
        3: intact
    "#]].assert_eq(&got);
}

#[test]
fn a_read_in_a_segment_that_rots_is_right_or_a_fault() {
    let (disk, [_, second, _, end]) = three_batches();
    let opened = open(&disk).unwrap().0;
    let whole = disk.bytes(&first());
    let right = opened.reader.read_from(Position(0), usize::MAX).unwrap();
    for at in 0..end {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        disk.set_bytes(&first(), &changed);
        for stored in &right {
            match opened.reader.read(stored.position) {
                Ok(read) => assert_eq!(read, *stored, "flip at {at}"),
                Err(fault) => assert_eq!(corruption(fault).file, disk.directory().path(&first())),
            }
        }
        if (second..second + HEADER).contains(&at) {
            let found = corruption(opened.reader.read(Position(2)).unwrap_err());
            assert_eq!(found.offset, second as u64, "flip at {at}");
        }
        // In the position of gamma's frame: a walk to its neighbour stops there.
        if (second + HEADER + 8..second + HEADER + 16).contains(&at) {
            let found = corruption(opened.reader.read(Position(3)).unwrap_err());
            assert_eq!(found.position, Some(Position(2)), "flip at {at}");
        }
    }
}

#[test]
fn a_missing_segment_is_named() {
    let mut got = String::new();
    for missing in [0, 4, 8].map(Position) {
        let (disk, _) = segments();
        let mut opened = open(&disk).unwrap().0;
        opened.snapshots.write(Position(12), &mut std::iter::empty()).unwrap();
        drop(opened);
        disk.directory().remove(&name(missing)).unwrap();
        let answer = open(&disk).and_then(|(opened, _, _)| opened.reader.read(Position(5)));
        let answer = answer.map_or_else(|fault| fault.to_string(), |_| "intact".to_owned());
        writeln!(got, "without {missing}: {answer}").unwrap();
    }
    expect![[r#"
        without 0: disk/log-00000000000000000000.seg is damaged at byte 0, position 0: expected the first segment, found later segments only; restore the directory from a copy
        without 4: disk/log-00000000000000000000.seg is damaged at byte 3232, position 4: expected batches up to position 8, where the next segment begins, found none; restore the directory from a copy
        without 8: disk/log-00000000000000000004.seg is damaged at byte 3232, position 8: expected records up to position 12, of which there is a snapshot, found the end of the log; restore the directory from a copy
    "#]].assert_eq(&got);
}

#[test]
fn a_log_that_lost_all_segments_is_not_taken_for_a_new_one() {
    let (disk, firsts) = segments();
    open(&disk).unwrap().0.snapshots.write(Position(3), &mut std::iter::empty()).unwrap();
    for first in firsts {
        disk.directory().remove(&name(first)).unwrap();
    }
    expect!["disk/log-00000000000000000000.seg is damaged at byte 0, position 0: expected the first segment, found a snapshot only; restore the directory from a copy"].assert_eq(&open(&disk).err().unwrap().to_string());
}

#[test]
fn a_log_without_its_beginning_needs_a_snapshot_that_is_whole() {
    let (disk, _) = segments();
    let open = |disk: &SimulatedDisk| recover(open_on(disk.directory(), SMALL_TAIL)?);
    let mut opened = open(&disk).unwrap().0;
    let record = || std::iter::once((1, vec![1; 90]));
    opened.snapshots.write(Position(9), &mut record()).unwrap();
    opened.snapshots.write(Position(10), &mut record()).unwrap();
    drop(opened);
    // One is damaged: the older one will do, and neither it nor what it needs goes before there are two again.
    let flip = |name: &str| {
        let mut bytes = disk.bytes(name);
        bytes[100] ^= 1;
        disk.set_bytes(name, &bytes);
    };
    flip("snapshot-00000000000000000010.snap");
    let mut opened = open(&disk).unwrap().0;
    assert_eq!(opened.report.snapshot, Some(Position(9)));
    opened.snapshots.write(Position(12), &mut record()).unwrap();
    drop(opened);
    flip("snapshot-00000000000000000012.snap");
    let opened = open(&disk).unwrap().0;
    assert_eq!(opened.report.snapshot, Some(Position(9)));
    drop(opened);
    flip("snapshot-00000000000000000009.snap");
    expect!["disk/log-00000000000000000008.seg is damaged at byte 0, position 0: expected the records from position 0 on, found later ones only, from 8 on; restore the directory from a copy"].assert_eq(&open(&disk).err().unwrap().to_string());
    // Who wants all of it is told that it is not there.
    let fault = open_on(disk.directory(), SMALL).err().unwrap();
    expect!["disk/log-00000000000000000000.seg is damaged at byte 0, position 0: expected the first segment, found later segments only; restore the directory from a copy"].assert_eq(&fault.to_string());
}

/// Damages the newest of two snapshots; gives what recovery takes and what it rejects.
fn with_snapshot(change: impl FnOnce(&mut Vec<u8>)) -> (Report, Vec<Stored>) {
    let (disk, _) = segments();
    let mut opened = open(&disk).unwrap().0;
    let records = |count| (0..count).map(|number| (number, vec![number; 90]));
    opened.snapshots.write(Position(6), &mut records(3)).unwrap();
    opened.snapshots.write(Position(10), &mut records(4)).unwrap();
    drop(opened);
    let newest = "snapshot-00000000000000000010.snap";
    let mut bytes = disk.bytes(newest);
    change(&mut bytes);
    disk.set_bytes(newest, &bytes);
    let (opened, snapshot, tail) = open(&disk).unwrap();
    let expected = match opened.report.snapshot {
        Some(Position(10)) => 4,
        _ => 3,
    };
    assert_eq!(snapshot, records(expected).collect::<Vec<_>>());
    (opened.report, tail)
}

type Change = dyn FnOnce(&mut Vec<u8>);

const SNAPSHOT_BYTES: usize = 32 + 4 * (17 + 90) + 16;

#[test]
fn a_snapshot_cut_or_flipped_at_any_byte_gives_way_to_the_older_one() {
    let (report, _) = with_snapshot(|bytes| assert_eq!(bytes.len(), SNAPSHOT_BYTES));
    assert_eq!((report.snapshot, report.snapshots_rejected), (Some(Position(10)), vec![]));
    for at in 0..SNAPSHOT_BYTES {
        let changes: [Box<Change>; 3] = [
            Box::new(move |bytes| bytes.truncate(at)),
            Box::new(move |bytes| bytes[at] ^= 1 << (at % 8)),
            Box::new(move |bytes| bytes.insert(at, 1)),
        ];
        for change in changes {
            let (report, tail) = with_snapshot(change);
            assert_eq!(report.snapshot, Some(Position(6)), "at {at}");
            assert_eq!(report.snapshots_rejected.len(), 1, "at {at}");
            assert_eq!(tail.len(), 6, "at {at}");
        }
    }
}

#[test]
fn a_rejected_snapshot_is_reported_by_place() {
    let (report, _) = with_snapshot(|bytes| bytes[200] ^= 1);
    expect!["disk/snapshot-00000000000000000010.snap is damaged at byte 139: expected crc 13bd4268, found 6c74d9fb; restore the directory from a copy"].assert_eq(&report.snapshots_rejected.join("\n"));
}

#[test]
fn without_a_valid_snapshot_the_whole_log_is_replayed() {
    let (disk, _) = segments();
    open(&disk).unwrap().0.snapshots.write(Position(10), &mut std::iter::empty()).unwrap();
    disk.set_bytes("snapshot-00000000000000000010.snap", b"nothing");
    let (opened, snapshot, tail) = open(&disk).unwrap();
    assert_eq!((opened.report.snapshot, snapshot.len(), tail.len()), (None, 0, 12));
    assert_eq!(opened.report.snapshots_rejected.len(), 1);
    assert_eq!(opened.reader.next(), Position(12));
}
