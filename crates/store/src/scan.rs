//! Reads a segment from its start, checks every batch, and judges how it ends.
//!
//! The judgement is the one of `batch`: zeros up to where a batch could reach are the end; a broken
//! batch in the last segment is torn if it shows what was never written and no valid batch follows;
//! everything else is damage.

use crate::batch::{self, ALIGN, HEADER, Header};
use crate::disk::Window;
use crate::frame::{Mismatch, mismatch};
use crate::segment::{FIRST_BATCH, Segment};
use crate::{BATCH_BYTES_MAX, Fault, Position};

/// Bytes to read at once.
const STEP: usize = 1024 * 1024;

/// Where a scan stands in its segment.
pub(crate) struct Scan<'a> {
    segment: &'a Segment,
    /// Whether no segment follows: only then the last batch may be torn.
    last: bool,
    window: Window<'a>,
    offset: u64,
    next: Position,
}

/// What a scan met.
pub(crate) enum Found<'a> {
    /// A whole batch.
    Batch { offset: u64, batch: &'a [u8] },
    /// Nothing was written from here on.
    End,
    /// A torn batch: so many bytes are not zero, or lie among such.
    Torn { bytes: u64 },
}

impl<'a> Scan<'a> {
    pub(crate) fn new(segment: &'a Segment, last: bool) -> Self {
        let window = Window::new(&segment.file, segment.bytes, STEP);
        Self { segment, last, window, offset: FIRST_BATCH, next: segment.first }
    }

    /// Where the next batch is, or would be.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Position that the next record has, or would have.
    pub(crate) fn next(&self) -> Position {
        self.next
    }

    /// Steps over one batch.
    pub(crate) fn step(&mut self) -> Result<Found<'_>, Fault> {
        let offset = self.offset;
        let head = self.window.get(offset, HEADER)?;
        if head.len() < HEADER {
            return Ok(Found::End);
        }
        let Some(header) = batch::decode_header(head, offset) else {
            return self.judge_header();
        };
        if header.first != self.next {
            let found = header.first.to_string();
            let expected = format!("a batch from position {}", self.next);
            return Err(self.damage(0, self.next, mismatch(expected, found)));
        }
        let bytes = self.window.get(offset, header.bytes)?;
        if bytes.len() < header.bytes {
            let found = format!("one of {} bytes", header.bytes);
            return Err(self.damage(0, self.next, mismatch("a batch inside its segment", found)));
        }
        match batch::verify(bytes, header) {
            Ok(()) => {
                self.offset += header.bytes as u64;
                self.next = after(header);
                // Asked for a second time because a borrow that is given out cannot end earlier.
                let batch = self.window.get(offset, header.bytes)?;
                Ok(Found::Batch { offset, batch })
            }
            Err(wrong) => {
                let torn = batch::body_looks_torn(bytes, offset, header);
                let behind = offset + header.bytes as u64;
                let follower = self.batch_at(behind, after(header))?.then_some(behind);
                self.judge(torn, follower, self.damage(wrong.at, wrong.position, wrong.mismatch))
            }
        }
    }

    /// There is no valid header here: nothing at all, a torn batch, or damage.
    fn judge_header(&mut self) -> Result<Found<'_>, Fault> {
        let head = self.window.get(self.offset, HEADER)?;
        let torn = batch::header_looks_torn(head);
        let damage = mismatch("a batch", format!("{:02x?}", &head[..8]));
        let damage = self.damage(0, self.next, damage);
        // A segment has its name only since its first batch was durable.
        let may_end = self.offset > FIRST_BATCH;
        if torn && may_end && (!self.last || self.written()? == 0) {
            return Ok(Found::End);
        }
        let follower = self.follower()?;
        self.judge(torn, follower, damage)
    }

    /// Decides on a broken batch: torn, or what `damage` says.
    fn judge(
        &mut self,
        torn: bool,
        follower: Option<u64>,
        damage: Fault,
    ) -> Result<Found<'_>, Fault> {
        let once_whole = !self.last || self.offset == FIRST_BATCH || follower.is_some();
        if !torn || once_whole {
            return Err(damage);
        }
        Ok(Found::Torn { bytes: self.written()? })
    }

    /// Bytes up to the last one that is not zero, as far as one batch could reach.
    fn written(&mut self) -> Result<u64, Fault> {
        let reach = (self.segment.bytes - self.offset).min(BATCH_BYTES_MAX as u64);
        let mut written = 0;
        for at in (0..reach).step_by(STEP) {
            let step = usize::try_from(reach - at).map_or(STEP, |left| left.min(STEP));
            let bytes = self.window.get(self.offset + at, step)?;
            if let Some(last) = last_not_zero(bytes) {
                written = at + last as u64 + 1;
            }
        }
        Ok(written)
    }

    /// Offset of a later valid batch, if there is one as near as one batch could reach.
    fn follower(&mut self) -> Result<Option<u64>, Fault> {
        let end = self.offset.saturating_add(BATCH_BYTES_MAX as u64).min(self.segment.bytes);
        for offset in (self.offset..end).step_by(ALIGN).skip(1) {
            let head = self.window.get(offset, HEADER)?;
            let Some(header) = batch::decode_header(head, offset) else { continue };
            if header.first > self.next && self.batch_at(offset, header.first)? {
                return Ok(Some(offset));
            }
        }
        Ok(None)
    }

    /// Whether a valid batch from position `first` is at `offset`.
    fn batch_at(&mut self, offset: u64, first: Position) -> Result<bool, Fault> {
        let head = self.window.get(offset, HEADER)?;
        let Some(header) = batch::decode_header(head, offset) else { return Ok(false) };
        let batch = self.window.get(offset, header.bytes)?;
        Ok(header.first == first
            && batch.len() == header.bytes
            && batch::verify(batch, header).is_ok())
    }

    fn damage(&self, at: usize, position: Position, mismatch: Mismatch) -> Fault {
        let offset = self.offset + at as u64;
        mismatch.at(self.segment.file.path(), offset, Some(position)).into()
    }
}

/// Position behind a batch.
fn after(header: Header) -> Position {
    Position(header.first.0 + u64::from(header.count))
}

/// Place of the last byte that is not zero.
fn last_not_zero(bytes: &[u8]) -> Option<usize> {
    // By blocks: most of what is asked about is all zeros, and comparing blocks is fast.
    const BLOCK: usize = 4096;
    let blocks = bytes.chunks(BLOCK).enumerate().rev();
    for (number, block) in blocks {
        if block.iter().any(|&byte| byte != 0) {
            let at = block.iter().rposition(|&byte| byte != 0)?;
            return Some(number * BLOCK + at);
        }
    }
    None
}
