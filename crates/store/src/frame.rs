//! Bytes of a frame: one record in a log or in a snapshot. Pure, no I/O.
//!
//! `length u32 · crc u32 · position u64 · tag u8 · bytes`, little-endian. The crc covers all the rest.
//! A list of frames ends with [`STOP`] where the next length would be.

use crate::{Corruption, Position, RECORD_BYTES_MAX, Record};

/// Bytes of a frame without its content.
pub(crate) const HEAD: usize = 17;
/// Stands where the next frame's length would be; no record is that long.
pub(crate) const STOP: u32 = u32::MAX;

/// A frame, not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) position: Position,
    pub(crate) tag: u8,
    pub(crate) bytes: &'a [u8],
    crc: u32,
}

/// What begins at some place in a list of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A frame of so many bytes, its head included.
    Frame(usize),
    /// The end of the list.
    Stop,
    /// A length that no record has.
    Impossible(u32),
}

/// What was expected at a place and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) expected: String,
    pub(crate) found: String,
}

/// Bytes of the frame of a record.
pub(crate) fn encoded_len(record: Record<'_>) -> usize {
    HEAD + record.bytes.len()
}

/// Appends the frame of `record` to `buffer`. The caller has checked its length.
pub(crate) fn encode(buffer: &mut Vec<u8>, position: Position, record: Record<'_>) {
    let length = u32::try_from(record.bytes.len()).expect("RECORD_BYTES_MAX is below 4 GiB");
    let crc = crc(length, position, record);
    buffer.extend_from_slice(&length.to_le_bytes());
    buffer.extend_from_slice(&crc.to_le_bytes());
    buffer.extend_from_slice(&position.0.to_le_bytes());
    buffer.push(record.tag);
    buffer.extend_from_slice(record.bytes);
}

/// What begins at `bytes`, judged by its first four.
pub(crate) fn next(bytes: &[u8]) -> Next {
    match u32_at(bytes, 0) {
        STOP => Next::Stop,
        length if length as usize <= RECORD_BYTES_MAX => Next::Frame(HEAD + length as usize),
        length => Next::Impossible(length),
    }
}

/// Reads the frame in `bytes`, which are exactly its own.
pub(crate) fn decode(bytes: &[u8]) -> Frame<'_> {
    Frame {
        position: Position(u64_at(bytes, 8)),
        tag: bytes[16],
        bytes: &bytes[HEAD..],
        crc: u32_at(bytes, 4),
    }
}

impl Frame<'_> {
    /// Checks that the frame is intact and is the one at `position`.
    pub(crate) fn check(&self, position: Position) -> Result<(), Mismatch> {
        let length = u32::try_from(self.bytes.len()).expect("it was read from 32 bits");
        let crc = crc(length, self.position, Record { tag: self.tag, bytes: self.bytes });
        if crc != self.crc {
            return Err(mismatch(format!("crc {:08x}", self.crc), format!("{crc:08x}")));
        }
        check_position(self.position, position)
    }
}

/// Checks the position that a frame bears.
pub(crate) fn check_position(found: Position, expected: Position) -> Result<(), Mismatch> {
    if found != expected {
        return Err(mismatch(format!("the frame of position {expected}"), format!("{found}")));
    }
    Ok(())
}

pub(crate) fn mismatch(expected: impl Into<String>, found: impl Into<String>) -> Mismatch {
    Mismatch { expected: expected.into(), found: found.into() }
}

impl Mismatch {
    /// Says where it is.
    pub(crate) fn at(
        self,
        file: &std::path::Path,
        offset: u64,
        position: Option<Position>,
    ) -> Corruption {
        let Self { expected, found } = self;
        Corruption { file: file.to_owned(), offset, position, expected, found }
    }
}

fn crc(length: u32, position: Position, record: Record<'_>) -> u32 {
    let mut head = [0; 13];
    head[..4].copy_from_slice(&length.to_le_bytes());
    head[4..12].copy_from_slice(&position.0.to_le_bytes());
    head[12] = record.tag;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&head);
    hasher.update(record.bytes);
    hasher.finalize()
}

/// The integer at `at` of `bytes`.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(*bytes[at..].first_chunk().expect("the caller gives whole fields"))
}

/// The integer at `at` of `bytes`.
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(*bytes[at..].first_chunk().expect("the caller gives whole fields"))
}
