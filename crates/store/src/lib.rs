//! SHELL: the durable log of one partition, its snapshots, and recovery.
//!
//! Bytes with a type tag; what they mean is not known here. One directory holds one partition:
//!
//! ```text
//! lock                               held while a process has the directory open
//! log-00000000000000000000.seg       segments: header, batches, zeros up to a fixed length
//! log-00000000000000131072.seg       each named after its first position
//! spare.tmp                          the next segment, zeroed ahead of need
//! snapshot-00000000000000150000.snap state as of all records before that position
//! ```
//!
//! Invariants:
//! - When [`Log::append`] returns, all of its records are durable. A crash keeps a batch whole or
//!   drops it whole, and drops only a batch whose `append` had not returned.
//! - Positions count 0, 1, 2, ... without gaps and are never used twice. Segments stay, for history reads them,
//!   unless [`Keep::Tail`] is asked for: then those go that recovery could not need any more.
//! - Damage is a [`Fault`] that names file, offset and position. Nothing is skipped. Only a torn
//!   last batch is cut, and [`Report::cut`] says so. `batch` defines what counts as torn.
//! - After a failed write or sync the log refuses every append. A sync is never tried twice: the
//!   kernel may have dropped the pages and call the second one a success.
//!
//! Absent: clocks, threads of its own except the one that zeroes the next segment, async, retries,
//! compression, encryption.

use std::fmt;
use std::sync::Arc;

mod embedded;
mod memory;

mod batch;
mod disk;
mod fault;
mod frame;
mod header;
mod limits;
mod recovery;
mod scan;
mod segment;
mod shelf;
mod snapshot;
#[cfg(test)]
mod tests;
mod writer;

pub use embedded::{Durability, Keep, Options, Prepare, SEGMENT_BYTES, SEGMENT_BYTES_MAX, open};
pub use fault::{Corruption, Fault};
pub use limits::{BATCH_BYTES_MAX, RECORD_BYTES_MAX};
pub use memory::{Fate, Memory};

/// Number of a record in one partition's log: 0, 1, 2, ... without gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A record on its way into the log.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Type and version of `bytes`, for the owner.
    pub tag: u8,
    pub bytes: &'a [u8],
}

/// A record read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub position: Position,
    pub tag: u8,
    pub bytes: Vec<u8>,
}

/// Writes. One owner.
pub trait Log: Send {
    /// Position that the next record gets.
    fn next(&self) -> Position;

    /// One write and one sync: when it returns, all of `records` are durable, and a crash before
    /// that keeps all of them or none. Gives the position of the first.
    ///
    /// After [`Fault::TooLarge`] nothing was written and the log goes on. After any other fault the
    /// batch may or may not survive and the log refuses all appends: drop it and open again.
    fn append(&mut self, records: &[Record<'_>]) -> Result<Position, Fault>;
}

/// Reads durable records from any thread, while the log is being appended to.
pub trait Reader: Send + Sync {
    /// First position that is not durable yet.
    fn next(&self) -> Position;

    /// The record at `position`. [`Fault::Forgotten`] if it is not kept any more.
    fn read(&self, position: Position) -> Result<Stored, Fault>;

    /// Records from `from` on, in order: as many as fit into `bytes_max`, at least one when there
    /// is one; empty at the end of the log.
    fn read_from(&self, from: Position, bytes_max: usize) -> Result<Vec<Stored>, Fault>;
}

/// Writes snapshots, from any thread, while the log is being appended to. One owner.
pub trait Snapshots: Send {
    /// Keeps `records` as the state of all log records before `upto`. A crash leaves the old
    /// snapshot. The last two are kept; older ones are removed, and under [`Keep::Tail`] the records
    /// before both. A fault leaves the handle usable, and the log as it was or a part of what may go gone.
    fn write(
        &mut self,
        upto: Position,
        records: &mut dyn Iterator<Item = (u8, Vec<u8>)>,
    ) -> Result<(), Fault>;

    /// Gives the records of the newest snapshot and the position that it stands for, or `None` when
    /// there is none. After a fault what was given so far is worth nothing.
    fn read(&mut self, each: EachSnapshot<'_>) -> Result<Option<Position>, Fault>;
}

/// A visitor of the records of a snapshot.
pub type EachSnapshot<'a> = &'a mut dyn FnMut(u8, &[u8]) -> Result<(), Fault>;
/// A visitor of the records of a log.
pub type EachStored<'a> = &'a mut dyn FnMut(Stored) -> Result<(), Fault>;

/// What recovery found: the newest valid snapshot, then every record from its position on.
///
/// Call `snapshot`, `tail` and `into_log` in this order. Records seen in `tail` are certain to be
/// durable only once `into_log` has returned: tell nobody before.
pub trait Recovery: Send {
    /// Gives the records of the newest valid snapshot and the position that it stands for, or
    /// `None` when there is none: then the tail begins at position 0.
    fn snapshot(&mut self, each: EachSnapshot<'_>) -> Result<Option<Position>, Fault>;

    /// Gives every record from the snapshot's position to the end of the log.
    fn tail(&mut self, each: EachStored<'_>) -> Result<(), Fault>;

    /// Cuts a torn tail, makes the last batch certain, and opens the log for writing.
    fn into_log(self: Box<Self>) -> Result<Opened, Fault>;
}

/// A log that is open for writing.
pub struct Opened {
    pub log: Box<dyn Log>,
    pub reader: Arc<dyn Reader>,
    pub snapshots: Box<dyn Snapshots>,
    pub report: Report,
}

/// What recovery did, for the operator's log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The snapshot that was taken.
    pub snapshot: Option<Position>,
    /// Newer snapshots that were damaged, each with place and reason.
    pub snapshots_rejected: Vec<String>,
    /// Records after the snapshot.
    pub tail_records: u64,
    /// Position that the next record gets.
    pub next: Position,
    /// The torn last batch, if there was one. It had never been acknowledged.
    pub cut: Option<Cut>,
}

/// A torn last batch that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    pub file: std::path::PathBuf,
    pub offset: u64,
    pub bytes: u64,
}
