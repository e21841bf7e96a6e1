//! All segments of one log, for point reads from any thread.
//!
//! The segment that is written is held by its writer and here. Older ones are opened when someone
//! reads in them, which checks them whole and builds their index; the last few stay open.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::batch::{self, HEADER};
use crate::disk::{Directory, Window};
use crate::frame::{self, Mismatch, Next, mismatch};
use crate::scan::{Found, Scan};
use crate::segment::Segment;
use crate::{Fault, Position, Reader, Stored};

/// Older segments that stay open. Bounds file handles and, at 64 KiB of index for 64 MiB, memory.
const OPEN_MAX: usize = 64;

/// Bytes to read at once for a record: what the index leaves to walk, and a usual record.
const POINT_STEP: usize = 20 * 1024;
/// Bytes to read at once for many records.
const RANGE_STEP: usize = 256 * 1024;

/// What writer and readers share.
pub(crate) struct Shelf {
    directory: Directory,
    /// First position that is not durable.
    next: AtomicU64,
    segments: Mutex<Segments>,
}

#[derive(Default)]
struct Segments {
    /// Where each segment begins, ascending.
    firsts: Vec<Position>,
    active: Option<Arc<Segment>>,
    /// Older ones, the one used last at the end.
    open: Vec<Arc<Segment>>,
}

impl Shelf {
    pub(crate) fn new(directory: Directory, firsts: Vec<Position>) -> Self {
        let segments = Segments { firsts, ..Segments::default() };
        Self { directory, next: AtomicU64::new(0), segments: Mutex::new(segments) }
    }

    /// Makes all records before `next` visible. They are durable, and indexed.
    pub(crate) fn advance(&self, next: Position) {
        // Release: whoever sees `next` sees the index that was written before.
        self.next.store(next.0, Ordering::Release);
    }

    /// Puts the segment in place that is written from now on.
    pub(crate) fn activate(&self, segment: Arc<Segment>) {
        let mut segments = self.segments();
        if segments.firsts.last().is_none_or(|&last| last < segment.first) {
            segments.firsts.push(segment.first);
        }
        if let Some(old) = segments.active.replace(segment) {
            segments.keep(old);
        }
    }

    /// Segments before the one that begins at `first` are not there any more.
    pub(crate) fn forget(&self, first: Position) {
        let mut segments = self.segments();
        segments.firsts.retain(|&begins| begins >= first);
        segments.open.retain(|segment| segment.first >= first);
    }

    fn segments(&self) -> MutexGuard<'_, Segments> {
        self.segments.lock().expect("no holder panics while it holds the lock")
    }

    /// The segment that holds `position`, which is durable, and where the next one begins.
    fn segment_of(&self, position: Position) -> Result<(Arc<Segment>, Position), Fault> {
        let (first, end) = {
            let mut segments = self.segments();
            let after = segments.firsts.partition_point(|&first| first <= position);
            let Some(at) = after.checked_sub(1) else {
                let first = segments.firsts.first().copied().unwrap_or_default();
                return Err(Fault::Forgotten { position, first });
            };
            let first = segments.firsts[at];
            let end = segments.firsts.get(after).copied().unwrap_or(Position(u64::MAX));
            if let Some(segment) = segments.take_open(first) {
                return Ok((segment, end));
            }
            (first, end)
        };
        // Without the lock: it takes as long as reading the whole file.
        let segment = Arc::new(self.open(first, end)?);
        self.segments().keep(Arc::clone(&segment));
        Ok((segment, end))
    }

    /// Opens an older segment, which ends at `end`, checks it and builds its index.
    fn open(&self, first: Position, end: Position) -> Result<Segment, Fault> {
        let segment = Segment::open(&self.directory, first)?;
        let mut scan = Scan::new(&segment, false);
        while let Found::Batch { offset, batch } = scan.step()? {
            segment.note_batch(offset, batch);
        }
        check_end(&scan, &segment, end)?;
        Ok(segment)
    }

    /// Gives `each` the records from `from` on, until it says no or the log ends.
    fn walk(
        &self,
        from: Position,
        step: usize,
        each: &mut dyn FnMut(Stored) -> bool,
    ) -> Result<(), Fault> {
        let durable = self.next();
        let mut next = from;
        while next < durable {
            let (segment, end) = self.segment_of(next)?;
            let end = end.min(durable);
            let (position, offset) = segment.near(next);
            let window = Window::new(&segment.file, segment.bytes, step);
            let mut walk = Walk { segment: &segment, window, position, offset };
            while walk.position < end {
                let wanted = walk.position >= next;
                let Some(stored) = walk.frame(wanted)? else { continue };
                if !each(stored) {
                    return Ok(());
                }
            }
            next = end;
        }
        Ok(())
    }
}

/// Checks that a segment that has a successor ended where that one begins.
pub(crate) fn check_end(scan: &Scan<'_>, segment: &Segment, end: Position) -> Result<(), Fault> {
    if scan.next() == end {
        return Ok(());
    }
    let expected = format!("batches up to position {end}, where the next segment begins");
    let mismatch = mismatch(expected, "none");
    Err(mismatch.at(segment.file.path(), scan.offset(), Some(scan.next())).into())
}

impl Segments {
    /// The segment that begins at `first`, if it is open; it becomes the one used last.
    fn take_open(&mut self, first: Position) -> Option<Arc<Segment>> {
        if let Some(active) = self.active.as_ref().filter(|active| active.first == first) {
            return Some(Arc::clone(active));
        }
        let at = self.open.iter().position(|segment| segment.first == first)?;
        let segment = self.open.remove(at);
        self.open.push(Arc::clone(&segment));
        Some(segment)
    }

    fn keep(&mut self, segment: Arc<Segment>) {
        // Two readers may have opened the same one at the same time.
        self.open.retain(|open| open.first != segment.first);
        self.open.push(segment);
        if self.open.len() > OPEN_MAX {
            self.open.remove(0);
        }
    }
}

/// A place among the frames of a segment.
struct Walk<'a> {
    segment: &'a Segment,
    window: Window<'a>,
    position: Position,
    offset: u64,
}

impl Walk<'_> {
    /// Steps over one frame, or over the border of a batch; gives the frame's record if `wanted`.
    fn frame(&mut self, wanted: bool) -> Result<Option<Stored>, Fault> {
        let position = self.position;
        let length = match frame::next(self.bytes(4)?) {
            Next::Frame(length) => length,
            Next::Stop => {
                self.border()?;
                return Ok(None);
            }
            Next::Impossible(length) => {
                return Err(self.damage(mismatch("the length of a frame", length.to_string())));
            }
        };
        if !wanted {
            // The crc of a frame that is passed over does not matter; that the walk is still on
            // the frames does.
            let found = frame::decode(self.bytes(frame::HEAD)?).position;
            frame::check_position(found, position).map_err(|wrong| self.damage(wrong))?;
            self.advance(length);
            return Ok(None);
        }
        let frame = frame::decode(self.bytes(length)?);
        let checked = frame.check(position);
        let stored = Stored { position, tag: frame.tag, bytes: frame.bytes.to_vec() };
        checked.map_err(|wrong| self.damage(wrong))?;
        self.advance(length);
        Ok(Some(stored))
    }

    fn advance(&mut self, length: usize) {
        self.offset += length as u64;
        self.position.0 += 1;
    }

    /// Steps over the end of a batch and the header of the next.
    fn border(&mut self) -> Result<(), Fault> {
        self.offset = batch::end_of(self.offset);
        let offset = self.offset;
        let header = batch::decode_header(self.bytes(HEADER)?, offset);
        if header.is_none_or(|header| header.first != self.position) {
            let expected = format!("a batch from position {}", self.position);
            return Err(self.damage(mismatch(expected, "none")));
        }
        self.offset += HEADER as u64;
        Ok(())
    }

    /// Exactly `bytes` from here; fewer are damage.
    fn bytes(&mut self, bytes: usize) -> Result<&[u8], Fault> {
        let left = self.segment.bytes.saturating_sub(self.offset);
        if left < bytes as u64 {
            return Err(self.damage(mismatch(format!("{bytes} bytes"), "the end of the file")));
        }
        self.window.get(self.offset, bytes)
    }

    fn damage(&self, mismatch: Mismatch) -> Fault {
        mismatch.at(self.segment.file.path(), self.offset, Some(self.position)).into()
    }
}

impl Reader for Shelf {
    fn next(&self) -> Position {
        Position(self.next.load(Ordering::Acquire))
    }

    fn read(&self, position: Position) -> Result<Stored, Fault> {
        let mut found = None;
        self.walk(position, POINT_STEP, &mut |stored| {
            found = Some(stored);
            false
        })?;
        found.ok_or_else(|| Fault::Beyond { position, next: self.next() })
    }

    fn read_from(&self, from: Position, bytes_max: usize) -> Result<Vec<Stored>, Fault> {
        let mut found = Vec::new();
        let mut bytes = 0_usize;
        self.walk(from, RANGE_STEP, &mut |stored| {
            bytes += stored.bytes.len();
            let fits = bytes <= bytes_max || found.is_empty();
            if fits {
                found.push(stored);
            }
            fits && bytes < bytes_max
        })?;
        Ok(found)
    }
}
