//! Limits on what one append or one snapshot record may hold.

use crate::{Fault, Record};

/// Bytes of one record. An event carries at most one case's data, which the edge limits to less;
/// a record must fit several times into a batch.
pub const RECORD_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Bytes of one batch as written, framing included. Bounds the memory of a write, the time between
/// two syncs, and how far recovery must look behind a damaged batch for the next one.
pub const BATCH_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Refuses a record that is too large.
pub(crate) fn check_record(bytes: &[u8]) -> Result<(), Fault> {
    if bytes.len() > RECORD_BYTES_MAX {
        return Err(Fault::TooLarge { what: "record", bytes: bytes.len(), max: RECORD_BYTES_MAX });
    }
    Ok(())
}

/// Refuses a batch that is too large as a whole or in one of its records. Gives its bytes.
pub(crate) fn check_batch(records: &[Record<'_>]) -> Result<usize, Fault> {
    for record in records {
        check_record(record.bytes)?;
    }
    let bytes = crate::batch::encoded_len(records);
    if bytes > BATCH_BYTES_MAX {
        return Err(Fault::TooLarge { what: "batch", bytes, max: BATCH_BYTES_MAX });
    }
    Ok(bytes)
}
