//! One segment file of the log, and the sparse index of where its records are.
//!
//! Gets its name only after its first batch is durable: a file with a segment's name holds at least
//! one batch that was once whole.

use std::sync::{PoisonError, RwLock};

use crate::disk::{Directory, OpenFile};
use crate::frame::mismatch;
use crate::header::{self, Kind};
use crate::{Fault, Position, batch};

/// Offset of the first batch.
pub(crate) const FIRST_BATCH: u64 = header::LEN as u64;

/// Bytes between two entries of an index: what a point read walks over at most, and 1/1024 of it is
/// the index's memory.
const INDEX_STEP: u64 = 16 * 1024;

/// Lengths are a multiple of it, as file systems like it.
const BLOCK: u64 = 4096;

/// An open segment.
pub(crate) struct Segment {
    pub(crate) first: Position,
    pub(crate) file: OpenFile,
    /// Length of the file, zeros at its end included.
    pub(crate) bytes: u64,
    index: RwLock<Index>,
}

/// Where some of the frames are: position and offset, both ascending.
#[derive(Default)]
struct Index(Vec<(Position, u64)>);

/// The file name of the segment that begins at `first`.
pub(crate) fn name(first: Position) -> String {
    format!("log-{:020}.seg", first.0)
}

/// What `name` gives, read back; `None` for names of other files.
pub(crate) fn parse_name(name: &str) -> Option<Position> {
    let digits = name.strip_prefix("log-")?.strip_suffix(".seg")?;
    let first = Position(digits.parse().ok()?);
    (self::name(first) == name).then_some(first)
}

/// Where each segment begins, ascending.
pub(crate) fn list(directory: &Directory) -> Result<Vec<Position>, Fault> {
    let names = directory.names()?;
    let mut firsts: Vec<Position> = names.iter().filter_map(|name| parse_name(name)).collect();
    firsts.sort();
    Ok(firsts)
}

/// Length of a segment that is to hold a batch of `batch` bytes.
pub(crate) fn len_for(segment_bytes: u64, batch: usize) -> u64 {
    segment_bytes.max(FIRST_BATCH + batch as u64).next_multiple_of(BLOCK)
}

impl Segment {
    /// A segment that was just made.
    pub(crate) fn new(first: Position, file: OpenFile, bytes: u64) -> Self {
        Self { first, file, bytes, index: RwLock::default() }
    }

    /// Opens the segment that begins at `first`. Its index is empty: scan it.
    pub(crate) fn open(directory: &Directory, first: Position) -> Result<Self, Fault> {
        let file = directory.open(&name(first))?;
        let bytes = header::read(&file, Kind::Segment, first.0)?;
        let len = file.len()?;
        if len != bytes {
            let expected = format!("a file of {bytes} bytes, as its header says");
            let corruption = mismatch(expected, format!("{len} bytes"));
            return Err(corruption.at(file.path(), len.min(bytes), None).into());
        }
        Ok(Self::new(first, file, bytes))
    }

    /// Notes that the frame of `position` is at `offset`. Call it in order of positions.
    pub(crate) fn note(&self, frames: impl Iterator<Item = (Position, u64)>) {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        for (position, offset) in frames {
            if index.0.last().is_none_or(|&(_, last)| offset >= last + INDEX_STEP) {
                index.0.push((position, offset));
            }
        }
    }

    /// Notes the frames of a batch that is at `offset`.
    pub(crate) fn note_batch(&self, offset: u64, batch: &[u8]) {
        self.note(batch::frames(batch).map(|(at, frame)| (frame.position, offset + at as u64)));
    }

    /// The nearest noted frame at or before `position`, which lies in this segment.
    pub(crate) fn near(&self, position: Position) -> (Position, u64) {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        let after = index.0.partition_point(|&(noted, _)| noted <= position);
        // Before the first entry there is only the header of the first batch.
        let first = (self.first, FIRST_BATCH + batch::HEADER as u64);
        after.checked_sub(1).map_or(first, |at| index.0[at])
    }
}
