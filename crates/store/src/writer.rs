//! The embedded log's writing end: one write and one sync for each batch.
//!
//! Order is everything here. A batch is visible to readers only after its sync. A new segment gets
//! its name only after its first batch is durable. After a fault nothing is written any more.

use std::error::Error;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::disk::{Directory, Lock, OpenFile};
use crate::header::{self, Kind};
use crate::segment::{self, FIRST_BATCH, Segment};
use crate::shelf::Shelf;
use crate::{Durability, Fault, Log, Options, Position, Prepare, Record, batch, frame, limits};

/// The name of a segment that has no records yet.
const SPARE: &str = "spare.tmp";

/// Bytes of buffer that are kept from one append to the next.
const BUFFER_KEPT: usize = 1024 * 1024;

/// Where the log goes on.
pub(crate) struct End {
    /// `None` in an empty log.
    pub(crate) active: Option<Arc<Segment>>,
    pub(crate) offset: u64,
    pub(crate) next: Position,
}

pub(crate) struct Writer {
    directory: Directory,
    options: Options,
    shelf: Arc<Shelf>,
    end: End,
    spare: Spare,
    buffer: Vec<u8>,
    /// Why no more is written.
    closed: Option<String>,
    /// The directory is ours as long as anything that writes in it lives.
    _lock: Arc<Lock>,
}

impl Writer {
    pub(crate) fn new(
        directory: Directory,
        options: Options,
        shelf: Arc<Shelf>,
        lock: Arc<Lock>,
        end: End,
    ) -> Self {
        let spare = Spare { directory: directory.clone(), options, thread: None };
        let buffer = Vec::new();
        let mut writer =
            Self { directory, options, shelf, end, spare, buffer, closed: None, _lock: lock };
        writer.prepare();
        writer
    }

    /// Writes `records`, of `bytes` as a batch, and waits until they are durable.
    fn write(&mut self, records: &[Record<'_>], bytes: usize) -> Result<(), Fault> {
        let offset = self.end.offset;
        match self.end.active.clone() {
            Some(active) if offset + bytes as u64 <= active.bytes => {
                batch::encode(&mut self.buffer, offset, self.end.next, records);
                active.file.write_at(&self.buffer, offset)?;
                self.sync(&active.file)?;
                self.visible(&active, offset, records);
            }
            Some(_) | None => self.roll(records, bytes)?,
        }
        self.prepare();
        Ok(())
    }

    /// Begins a new segment with `records`.
    fn roll(&mut self, records: &[Record<'_>], bytes: usize) -> Result<(), Fault> {
        let first = self.end.next;
        let (file, len) = self.spare.take(segment::len_for(self.options.segment_bytes, bytes))?;
        self.buffer.extend_from_slice(&header::encode(Kind::Segment, first.0, len));
        batch::encode(&mut self.buffer, FIRST_BATCH, first, records);
        file.write_at(&self.buffer, 0)?;
        self.sync(&file)?;
        let name = segment::name(first);
        self.directory.publish(SPARE, &name)?;

        let active = Arc::new(Segment::new(first, file.renamed(self.directory.path(&name)), len));
        self.end.active = Some(Arc::clone(&active));
        self.shelf.activate(Arc::clone(&active));
        self.visible(&active, FIRST_BATCH, records);
        Ok(())
    }

    /// Shows a batch at `offset`, which is durable, to the readers.
    fn visible(&mut self, active: &Segment, offset: u64, records: &[Record<'_>]) {
        let mut at = offset + batch::HEADER as u64;
        active.note((self.end.next.0..).zip(records).map(|(position, &record)| {
            let here = at;
            at += frame::encoded_len(record) as u64;
            (Position(position), here)
        }));
        self.end.offset = offset + batch::encoded_len(records) as u64;
        self.end.next.0 += records.len() as u64;
        self.shelf.advance(self.end.next);
    }

    fn sync(&self, file: &OpenFile) -> Result<(), Fault> {
        match self.options.durability {
            Durability::Fdatasync => file.sync_data(),
            Durability::None => Ok(()),
        }
    }

    /// Has the next segment made once half of this one is used: an idle log needs none.
    fn prepare(&mut self) {
        let half_used = match &self.end.active {
            Some(active) => self.end.offset > active.bytes / 2,
            None => true,
        };
        if half_used {
            self.spare.begin();
        }
    }
}

impl Log for Writer {
    fn next(&self) -> Position {
        self.end.next
    }

    fn append(&mut self, records: &[Record<'_>]) -> Result<Position, Fault> {
        if let Some(reason) = &self.closed {
            return Err(Fault::Closed { reason: reason.clone() });
        }
        let bytes = limits::check_batch(records)?;
        let first = self.end.next;
        if records.is_empty() {
            return Ok(first);
        }
        self.buffer.clear();
        self.buffer.shrink_to(BUFFER_KEPT);
        let written = self.write(records, bytes);
        written.inspect_err(|fault| self.closed = Some(with_causes(fault)))?;
        Ok(first)
    }
}

/// The text of `fault` and of what caused it.
fn with_causes(fault: &Fault) -> String {
    let mut text = fault.to_string();
    let mut cause = fault.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// A zeroed file that becomes the next segment.
struct Spare {
    directory: Directory,
    options: Options,
    thread: Option<JoinHandle<Result<(OpenFile, u64), Fault>>>,
}

impl Spare {
    /// Begins to make the file, if that is wanted and was not begun.
    fn begin(&mut self) {
        if self.options.prepare == Prepare::InTurn || self.thread.is_some() {
            return;
        }
        let directory = self.directory.clone();
        let len = segment::len_for(self.options.segment_bytes, 0);
        let builder = thread::Builder::new().name("store-spare".into());
        // Without a thread `take` makes the file itself: slower, not wrong.
        self.thread = builder.spawn(move || make(&directory, len)).ok();
    }

    /// A file of at least `len` bytes, all zero and durable, with its length.
    fn take(&mut self, len: u64) -> Result<(OpenFile, u64), Fault> {
        if let Some(thread) = self.thread.take() {
            let (file, made) = thread.join().expect("making a file does not panic")?;
            if made >= len {
                return Ok((file, made));
            }
        }
        make(&self.directory, len)
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            // Whether it succeeded does not matter any more; that it has stopped writing does.
            let _ = thread.join();
        }
    }
}

/// Makes a spare file of `len` zeros.
///
/// Written, not only reserved: an append into reserved space must also make the file system's note
/// durable that the space is used, which takes from half to six times as long again.
fn make(directory: &Directory, len: u64) -> Result<(OpenFile, u64), Fault> {
    let file = directory.create(SPARE)?;
    file.write_zeros(0, len)?;
    file.sync_all()?;
    Ok((file, len))
}
