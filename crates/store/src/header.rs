//! The first 32 bytes of every file of the store. Pure, no I/O.
//!
//! `magic 8 · version u32 · crc u32 · number u64 · bytes u64`. This layout never changes, so that any
//! release can name the version of any file.

use crate::Fault;
use crate::disk::OpenFile;
use crate::frame::{mismatch, u32_at, u64_at};

/// Bytes of a header.
pub(crate) const LEN: usize = 32;

/// Format version that this build writes and reads.
const VERSION: u32 = 1;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Segment,
    Snapshot,
}

impl Kind {
    fn magic(self) -> [u8; 8] {
        match self {
            Self::Segment => *b"FLOTLOG\n",
            Self::Snapshot => *b"FLOTSNP\n",
        }
    }
}

/// The header of a file: of which first position, how long (0: not fixed).
pub(crate) fn encode(kind: Kind, number: u64, bytes: u64) -> [u8; LEN] {
    let mut header = [0; LEN];
    header[..8].copy_from_slice(&kind.magic());
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[16..24].copy_from_slice(&number.to_le_bytes());
    header[24..].copy_from_slice(&bytes.to_le_bytes());
    let crc = crc(&header);
    header[12..16].copy_from_slice(&crc.to_le_bytes());
    header
}

/// Reads the header of `file`, whose name says `number`. Gives the length that it states.
pub(crate) fn read(file: &OpenFile, kind: Kind, number: u64) -> Result<u64, Fault> {
    let damaged = |at, expected: String, found: String| {
        Fault::from(mismatch(expected, found).at(file.path(), at, None))
    };
    let len = file.len()?;
    if len < LEN as u64 {
        return Err(damaged(0, format!("a header of {LEN} bytes"), format!("{len} bytes")));
    }
    let mut header = [0; LEN];
    file.read_at(&mut header, 0)?;
    if header[..8] != kind.magic() {
        let name = String::from_utf8_lossy(&header[..8]).into_owned();
        return Err(damaged(0, format!("a {kind:?} header"), format!("{name:?}")));
    }
    let (stated, found) = (u32_at(&header, 12), crc(&header));
    if stated != found {
        return Err(damaged(0, format!("header crc {stated:08x}"), format!("{found:08x}")));
    }
    let version = u32_at(&header, 8);
    if version != VERSION {
        let file = file.path().to_owned();
        return Err(Fault::Version { file, found: version, known: VERSION });
    }
    let named = u64_at(&header, 16);
    if named != number {
        return Err(damaged(16, format!("position {number}, as its name says"), named.to_string()));
    }
    Ok(u64_at(&header, 24))
}

fn crc(header: &[u8; LEN]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&header[..12]);
    hasher.update(&header[16..]);
    hasher.finalize()
}
