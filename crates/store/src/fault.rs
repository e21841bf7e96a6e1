//! What can go wrong with a store. All of it is a fault: the partition stops and is rebuilt.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::Position;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("could not {operation} {path}")]
    Io {
        operation: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("no space left to {operation} {path}; free some and open the store again")]
    NoSpace {
        operation: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{directory} is in use by another process; stop it or choose another directory")]
    Locked { directory: PathBuf },
    #[error("{0}")]
    Corrupt(Box<Corruption>),
    #[error(
        "{file} has format version {found}, this build reads {known}; \
         open it with the release that wrote it"
    )]
    Version { file: PathBuf, found: u32, known: u32 },
    #[error("a {what} of {bytes} bytes is larger than the {max} that are allowed; split it")]
    TooLarge { what: &'static str, bytes: usize, max: usize },
    #[error("position {position} is not stored yet, the next one is {next}")]
    Beyond { position: Position, next: Position },
    /// See [`crate::Keep::Tail`].
    #[error("position {position} is not kept any more, the first one that is is {first}")]
    Forgotten { position: Position, first: Position },
    /// An earlier append ended in a fault, or the store was opened again elsewhere.
    #[error("the log takes no more records since: {reason}; open the store again")]
    Closed { reason: String },
    /// The owner of the bytes could not make sense of them.
    #[error("record {place} was not understood by its reader")]
    Unreadable {
        place: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A place in a file that does not hold what was written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corruption {
    pub file: PathBuf,
    pub offset: u64,
    /// Position of the first record that cannot be trusted; `None` where positions do not apply.
    pub position: Option<Position>,
    pub expected: String,
    pub found: String,
}

impl fmt::Display for Corruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is damaged at byte {}", self.file.display(), self.offset)?;
        if let Some(position) = self.position {
            write!(f, ", position {position}")?;
        }
        let Self { expected, found, .. } = self;
        write!(f, ": expected {expected}, found {found}; restore the directory from a copy")
    }
}

impl From<Corruption> for Fault {
    fn from(corruption: Corruption) -> Self {
        Self::Corrupt(Box::new(corruption))
    }
}

impl Fault {
    /// For visitors of records: the bytes at `place` are intact but say nothing to their owner.
    pub fn unreadable(
        place: impl fmt::Display,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Unreadable { place: place.to_string(), source: source.into() }
    }

    /// Names the operation and the file of an I/O error.
    pub(crate) fn io(operation: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            Self::NoSpace { operation, path, source }
        } else {
            Self::Io { operation, path, source }
        }
    }
}
