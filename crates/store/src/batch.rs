//! Bytes of a batch: what one `append` writes and one sync makes durable. Pure, no I/O.
//!
//! A batch starts at a multiple of 32 in its file and is a multiple of 32 long; integers are
//! little-endian:
//!
//! ```text
//! header  magic u32 · crc u32 · bytes u32 · count u32 · first position u64 · zero pieces u32 · mark
//! frames  length u32 · crc u32 · position u64 · tag u8 · bytes      (count times)
//! end     stop u32 · zeros up to the multiple · mark u32
//! ```
//!
//! The header's crc also covers the batch's own offset, so that a record which holds a copy of a log
//! is not taken for one. Every byte is covered by a crc or has a fixed value: any flip is found.
//!
//! **Torn or damaged?** Segments are zeroed and synced before use, and a disk writes each sector
//! whole or not at all. So a batch that a crash tore still shows zeros where it was not written: its
//! last byte (never zero in a whole batch) or more sector pieces of nothing but zeros than its header
//! counts. A broken batch without such a sign, or with a valid batch after it, was once whole: that
//! is damage. The one flip that looks like a tear is that of the only set bit of a whole sector
//! piece in the last batch.

use crate::frame::{self, Frame, Mismatch, Next, STOP, mismatch, u32_at, u64_at};
use crate::{Position, Record};

#[cfg(test)]
mod tests;

/// Bytes of a header.
pub(crate) const HEADER: usize = 32;
/// Start and length of a batch are multiples of it: so no header lies across two sectors.
pub(crate) const ALIGN: usize = 32;
/// What a disk writes whole or not at all. Disks with larger sectors keep this too.
pub(crate) const SECTOR: usize = 512;

/// Bytes of the end without its padding.
const END: usize = 8;

// No byte of these is zero or has a single bit set: one flip cannot make it look unwritten.
const MAGIC: u32 = 0xF107_BA7C;
const MARK: u32 = 0xE7D5_9AB3;

/// What a valid header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) first: Position,
    pub(crate) count: u32,
    /// Of the whole batch.
    pub(crate) bytes: usize,
    zero_pieces: u32,
}

/// Where in a batch something is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// From the start of the batch.
    pub(crate) at: usize,
    pub(crate) position: Position,
    pub(crate) mismatch: Mismatch,
}

/// Bytes of a batch of `records`.
pub(crate) fn encoded_len(records: &[Record<'_>]) -> usize {
    let frames: usize = records.iter().map(|&record| frame::encoded_len(record)).sum();
    (HEADER + frames + END).next_multiple_of(ALIGN)
}

/// Appends a batch of `records` to `buffer`, for writing at `offset`.
///
/// The caller has checked the limits, so lengths and counts fit their fields.
pub(crate) fn encode(buffer: &mut Vec<u8>, offset: u64, first: Position, records: &[Record<'_>]) {
    let start = buffer.len();
    let bytes = encoded_len(records);
    buffer.reserve(bytes);
    buffer.extend_from_slice(&MAGIC.to_le_bytes());
    buffer.resize(start + HEADER, 0);
    for (position, &record) in (first.0..).zip(records) {
        frame::encode(buffer, Position(position), record);
    }
    buffer.extend_from_slice(&STOP.to_le_bytes());
    buffer.resize(start + bytes - 4, 0);
    buffer.extend_from_slice(&MARK.to_le_bytes());

    let header = Header {
        first,
        count: u32::try_from(records.len()).expect("BATCH_BYTES_MAX is below 4 GiB"),
        bytes,
        zero_pieces: zero_pieces(&buffer[start..], offset),
    };
    buffer[start..start + HEADER].copy_from_slice(&encode_header(header, offset));
}

fn encode_header(header: Header, offset: u64) -> [u8; HEADER] {
    let mut bytes = [0; HEADER];
    let length = u32::try_from(header.bytes).expect("BATCH_BYTES_MAX is below 4 GiB");
    bytes[0..4].copy_from_slice(&MAGIC.to_le_bytes());
    bytes[8..12].copy_from_slice(&length.to_le_bytes());
    bytes[12..16].copy_from_slice(&header.count.to_le_bytes());
    bytes[16..24].copy_from_slice(&header.first.0.to_le_bytes());
    bytes[24..28].copy_from_slice(&header.zero_pieces.to_le_bytes());
    bytes[28..32].copy_from_slice(&MARK.to_le_bytes());
    let crc = header_crc(&bytes, offset);
    bytes[4..8].copy_from_slice(&crc.to_le_bytes());
    bytes
}

/// Reads the header of a batch at `offset`; `None` if it is not a valid one.
pub(crate) fn decode_header(bytes: &[u8], offset: u64) -> Option<Header> {
    let bytes = bytes.first_chunk::<HEADER>()?;
    if u32_at(bytes, 0) != MAGIC || u32_at(bytes, 28) != MARK {
        return None;
    }
    let header = Header {
        first: Position(u64_at(bytes, 16)),
        count: u32_at(bytes, 12),
        bytes: u32_at(bytes, 8) as usize,
        zero_pieces: u32_at(bytes, 24),
    };
    let sane = header.bytes.is_multiple_of(ALIGN) && header.bytes >= HEADER + ALIGN;
    (sane && u32_at(bytes, 4) == header_crc(bytes, offset)).then_some(header)
}

/// Whether a broken header was never written, or not to its end.
pub(crate) fn header_looks_torn(bytes: &[u8]) -> bool {
    // The first byte matters where nothing was written but a stray bit hit the last one.
    bytes[HEADER - 1] == 0 || bytes[0] == 0
}

/// Whether a broken batch with a valid header was not written to its end.
pub(crate) fn body_looks_torn(batch: &[u8], offset: u64, header: Header) -> bool {
    batch.last() == Some(&0) || zero_pieces(batch, offset) > header.zero_pieces
}

/// Checks every byte of `batch` after its header.
pub(crate) fn verify(batch: &[u8], header: Header) -> Result<(), Wrong> {
    let mut at = HEADER;
    for position in (header.first.0..).map(Position).take(header.count as usize) {
        at += verify_frame(&batch[at..], position).map_err(|mismatch| Wrong {
            at,
            position,
            mismatch,
        })?;
    }
    let position = Position(header.first.0 + u64::from(header.count));
    verify_end(&batch[at..]).map_err(|mismatch| Wrong { at, position, mismatch })
}

/// Checks the frame at the start of `rest`, which goes to the end of the batch. Gives its length.
fn verify_frame(rest: &[u8], position: Position) -> Result<usize, Mismatch> {
    match frame::next(rest) {
        Next::Frame(length) if length + END <= rest.len() => {
            frame::decode(&rest[..length]).check(position)?;
            Ok(length)
        }
        Next::Frame(length) => {
            Err(mismatch("a frame inside its batch", format!("one of {length} bytes")))
        }
        Next::Stop => Err(mismatch("a frame", "the end of the batch")),
        Next::Impossible(length) => Err(mismatch("the length of a frame", length.to_string())),
    }
}

fn verify_end(end: &[u8]) -> Result<(), Mismatch> {
    let (padding, mark) = end.split_at(end.len() - 4);
    let whole = end.len() < END + ALIGN
        && u32_at(padding, 0) == STOP
        && padding[4..].iter().all(|&byte| byte == 0)
        && u32_at(mark, 0) == MARK;
    if whole { Ok(()) } else { Err(mismatch("the end of the batch", "other bytes")) }
}

/// The frames of a batch that `verify` has passed, each with its place in the batch.
pub(crate) fn frames(batch: &[u8]) -> impl Iterator<Item = (usize, Frame<'_>)> {
    let mut at = HEADER;
    std::iter::from_fn(move || match frame::next(&batch[at..]) {
        Next::Frame(length) => {
            let start = at;
            at += length;
            Some((start, frame::decode(&batch[start..at])))
        }
        Next::Stop | Next::Impossible(_) => None,
    })
}

/// Where the batch ends whose [`STOP`] is at `stop` of the file.
pub(crate) fn end_of(stop: u64) -> u64 {
    (stop + END as u64).next_multiple_of(ALIGN as u64)
}

fn header_crc(header: &[u8; HEADER], offset: u64) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&offset.to_le_bytes());
    hasher.update(&header[8..]);
    hasher.finalize()
}

/// Pieces of nothing but zeros, where sector borders of the file cut the batch.
fn zero_pieces(batch: &[u8], offset: u64) -> u32 {
    let into_sector = usize::try_from(offset % SECTOR as u64).expect("below 512");
    let (head, rest) = batch.split_at(batch.len().min(SECTOR - into_sector));
    let pieces = std::iter::once(head).chain(rest.chunks(SECTOR));
    let zero = pieces.filter(|piece| piece.iter().all(|&byte| byte == 0)).count();
    u32::try_from(zero).expect("limits are far below 4 Gi pieces")
}
