//! Snapshot files: the state of a partition as of a position, as a list of records.
//!
//! `header · frames numbered from 0 · stop u32 · crc u32 · count u64`. Written beside the log under a
//! passing name and renamed when durable: a file with a snapshot's name was once whole.

use std::sync::Arc;

use crate::disk::{Directory, Lock, OpenFile, Window};
use crate::frame::{self, Mismatch, Next, STOP, mismatch};
use crate::header::{self, Kind};
use crate::memory::SNAPSHOTS_KEPT;
use crate::segment;
use crate::shelf::Shelf;
use crate::{EachSnapshot, Fault, Keep, Position, Reader, Record, Snapshots, limits};

/// The name of a snapshot that is not whole yet.
const UNFINISHED: &str = "snapshot.tmp";

/// Bytes to read or write at once.
const STEP: usize = 1024 * 1024;

/// Bytes after the last frame.
const END: usize = 16;

/// The file name of the snapshot as of `upto`.
fn name(upto: Position) -> String {
    format!("snapshot-{:020}.snap", upto.0)
}

/// What `name` gives, read back; `None` for names of other files.
fn parse_name(name: &str) -> Option<Position> {
    let digits = name.strip_prefix("snapshot-")?.strip_suffix(".snap")?;
    let upto = Position(digits.parse().ok()?);
    (self::name(upto) == name).then_some(upto)
}

/// All snapshots, the newest first.
pub(crate) fn list(directory: &Directory) -> Result<Vec<Position>, Fault> {
    let names = directory.names()?;
    let mut found: Vec<Position> = names.iter().filter_map(|name| parse_name(name)).collect();
    found.sort_by(|a, b| b.cmp(a));
    Ok(found)
}

/// Checks the snapshot as of `upto` from its first byte to its last.
///
/// Before `read`, because whoever has taken records of a snapshot cannot give them back.
pub(crate) fn verify(directory: &Directory, upto: Position) -> Result<(), Fault> {
    read(directory, upto, &mut |_, _| Ok(()))
}

/// Gives the records of the snapshot as of `upto`.
pub(crate) fn read(
    directory: &Directory,
    upto: Position,
    each: EachSnapshot<'_>,
) -> Result<(), Fault> {
    let file = directory.open(&name(upto))?;
    header::read(&file, Kind::Snapshot, upto.0)?;
    pass(&file, each)
}

/// Goes once through all records of a snapshot.
fn pass(file: &OpenFile, each: EachSnapshot<'_>) -> Result<(), Fault> {
    let len = file.len()?;
    let mut window = Window::new(file, len, STEP);
    let mut at = header::LEN as u64;
    for number in (0..).map(Position) {
        let damage = |wrong: Mismatch| Fault::from(wrong.at(file.path(), at, None));
        let stop = window.get(at, 4)?;
        if stop.len() < 4 {
            return Err(damage(mismatch(format!("record {number}"), "the end of the file")));
        }
        match frame::next(stop) {
            Next::Frame(length) => {
                let bytes = window.get(at, length)?;
                if bytes.len() < length {
                    let wanted = format!("record {number} of {length} bytes");
                    return Err(damage(mismatch(wanted, "the end of the file")));
                }
                let frame = frame::decode(bytes);
                frame.check(number).map_err(damage)?;
                each(frame.tag, frame.bytes)?;
                at += length as u64;
            }
            Next::Stop => {
                let whole = len - at == END as u64 && window.get(at, END)? == end(number.0);
                let wrong = || mismatch(format!("the end after {number} records"), "other bytes");
                return if whole { Ok(()) } else { Err(damage(wrong())) };
            }
            Next::Impossible(length) => {
                return Err(damage(mismatch("the length of a record", length.to_string())));
            }
        }
    }
    unreachable!("a file has fewer than 2^64 records")
}

/// What stands after `count` records.
fn end(count: u64) -> [u8; END] {
    let mut end = [0; END];
    end[..4].copy_from_slice(&STOP.to_le_bytes());
    end[8..].copy_from_slice(&count.to_le_bytes());
    let crc = crc32fast::hash(&end);
    end[4..8].copy_from_slice(&crc.to_le_bytes());
    end
}

/// Writes the snapshots of one log.
pub(crate) struct Writer {
    pub(crate) directory: Directory,
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) keep: Keep,
    /// Snapshots that recovery found damaged: nothing may rest on them.
    pub(crate) rejected: Vec<Position>,
    /// The directory is ours as long as anything that writes in it lives.
    pub(crate) _lock: Arc<Lock>,
}

impl Snapshots for Writer {
    fn write(
        &mut self,
        upto: Position,
        records: &mut dyn Iterator<Item = (u8, Vec<u8>)>,
    ) -> Result<(), Fault> {
        let next = self.shelf.next();
        if upto > next {
            return Err(Fault::Beyond { position: upto, next });
        }
        let file = self.directory.create(UNFINISHED)?;
        write_all(&file, upto, records)?;
        file.sync_all()?;
        self.directory.publish(UNFINISHED, &name(upto))?;
        self.rejected.retain(|&damaged| damaged != upto);
        // Only now: until here the older ones are what a crash falls back to.
        let (kept, surplus) = self.sorted()?;
        for old in surplus {
            self.directory.remove(&name(old))?;
        }
        match (self.keep, kept.get(SNAPSHOTS_KEPT - 1)) {
            (Keep::Tail, Some(&oldest)) => self.forget(oldest),
            (Keep::Tail, None) | (Keep::All, _) => Ok(()),
        }
    }

    fn read(&mut self, each: EachSnapshot<'_>) -> Result<Option<Position>, Fault> {
        let (kept, _) = self.sorted()?;
        let Some(&newest) = kept.first() else { return Ok(None) };
        read(&self.directory, newest, each)?;
        Ok(Some(newest))
    }
}

impl Writer {
    /// The snapshots to keep, the newest first, and the others.
    fn sorted(&self) -> Result<(Vec<Position>, Vec<Position>), Fault> {
        let all = list(&self.directory)?.into_iter();
        let (damaged, mut good): (Vec<_>, Vec<_>) = all.partition(|it| self.rejected.contains(it));
        let mut surplus = good.split_off(good.len().min(SNAPSHOTS_KEPT));
        surplus.extend(damaged);
        Ok((good, surplus))
    }

    /// Removes the segments that hold nothing from `needed` on, the oldest first, so that a crash leaves a log
    /// without a gap. The one that is written has no successor and stays.
    fn forget(&self, needed: Position) -> Result<(), Fault> {
        let firsts = segment::list(&self.directory)?;
        let gone = firsts.partition_point(|&first| first <= needed).saturating_sub(1);
        if gone == 0 {
            return Ok(());
        }
        self.shelf.forget(firsts[gone]);
        for &first in &firsts[..gone] {
            self.directory.remove(&segment::name(first))?;
        }
        Ok(())
    }
}

fn write_all(
    file: &OpenFile,
    upto: Position,
    records: &mut dyn Iterator<Item = (u8, Vec<u8>)>,
) -> Result<(), Fault> {
    let mut buffer = header::encode(Kind::Snapshot, upto.0, 0).to_vec();
    let mut offset = 0;
    let mut count = 0;
    for (tag, bytes) in records {
        limits::check_record(&bytes)?;
        frame::encode(&mut buffer, Position(count), Record { tag, bytes: &bytes });
        count += 1;
        if buffer.len() >= STEP {
            file.write_at(&buffer, offset)?;
            offset += buffer.len() as u64;
            buffer.clear();
        }
    }
    buffer.extend_from_slice(&end(count));
    file.write_at(&buffer, offset)
}
