//! Opening a store on a directory of the local disk.

use std::path::Path;
use std::sync::Arc;

use crate::disk::{Directory, RealDisk};
use crate::recovery::Recovering;
use crate::{Fault, Recovery};

/// How a store uses its disk. Stored data does not depend on it: it may change from run to run, except that
/// what was forgotten under [`Keep::Tail`] stays so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Length of a new segment file; a larger batch gets a larger one. Counts up to
    /// [`SEGMENT_BYTES_MAX`].
    pub segment_bytes: u64,
    pub durability: Durability,
    pub prepare: Prepare,
    pub keep: Keep,
}

/// Whether an append waits for the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// One fdatasync for each append.
    #[default]
    Fdatasync,
    /// None: a crash of the machine loses records that were acknowledged. For benchmarks only.
    None,
}

/// When the next segment is zeroed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prepare {
    /// Before it is needed, by a thread, so that no append waits for it.
    #[default]
    Ahead,
    /// When it is needed, by the append: every operation in a fixed order, for simulations.
    InTurn,
}

/// What of the log is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// All of it: it is the history.
    #[default]
    All,
    /// What recovery could need if the newest snapshot were damaged: the records from the older of the two kept
    /// snapshots on, and those that share a segment with them.
    Tail,
}

/// Default of [`Options::segment_bytes`]: a segment is scanned in about 50 ms at start, and a log of
/// 100 GB is 1,600 files.
pub const SEGMENT_BYTES: u64 = 64 * 1024 * 1024;

/// Longest segment that is made ahead of need. Recovery reads the last segment whole.
pub const SEGMENT_BYTES_MAX: u64 = 1024 * 1024 * 1024;

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes: SEGMENT_BYTES,
            durability: Durability::default(),
            prepare: Prepare::default(),
            keep: Keep::default(),
        }
    }
}

/// Opens the store in `directory`, which is created if it is missing, and takes its lock.
pub fn open(directory: &Path, options: Options) -> Result<Box<dyn Recovery>, Fault> {
    let disk = RealDisk::new(directory).map_err(|source| Fault::io("create", directory, source))?;
    open_on(Directory::new(Arc::new(disk)), options)
}

/// Opens the store on any disk.
pub(crate) fn open_on(directory: Directory, options: Options) -> Result<Box<dyn Recovery>, Fault> {
    let segment_bytes = options.segment_bytes.min(SEGMENT_BYTES_MAX);
    Ok(Box::new(Recovering::open(directory, Options { segment_bytes, ..options })?))
}
