//! The files of one directory: what the store needs of a disk, and no more.
//!
//! [`Disk`] and [`DiskFile`] are the seam at which tests put a disk that crashes, tears writes and
//! fails syncs. [`Directory`] and [`OpenFile`] are what the rest uses: they name operation and file
//! in each fault.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Fault;

mod real;
#[cfg(test)]
pub(crate) mod simulated;

pub(crate) use real::RealDisk;

/// Held while the directory is in use.
pub(crate) type Lock = Box<dyn std::any::Any + Send + Sync>;

/// One directory.
pub(crate) trait Disk: Send + Sync {
    fn path(&self) -> &Path;
    /// Takes the directory for this process; `None` if someone else has it.
    fn lock(&self) -> io::Result<Option<Lock>>;
    fn names(&self) -> io::Result<Vec<String>>;
    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>>;
    /// Creates a file, or empties the one that is there.
    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>>;
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Makes creations, renames and removals durable.
    fn sync(&self) -> io::Result<()>;
}

/// One file, at any offset, from any thread.
pub(crate) trait DiskFile: Send + Sync {
    fn len(&self) -> io::Result<u64>;
    /// Fills `bytes`; an end of file before that is an error.
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()>;
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Makes the bytes of a file of unchanged length durable.
    fn sync_data(&self) -> io::Result<()>;
    /// Makes the bytes and the length durable.
    fn sync_all(&self) -> io::Result<()>;
}

/// A directory whose faults name operation and file.
#[derive(Clone)]
pub(crate) struct Directory(Arc<dyn Disk>);

/// A file whose faults name operation and file.
#[derive(Clone)]
pub(crate) struct OpenFile {
    path: PathBuf,
    file: Arc<dyn DiskFile>,
}

impl Directory {
    pub(crate) fn new(disk: Arc<dyn Disk>) -> Self {
        Self(disk)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn lock(&self) -> Result<Lock, Fault> {
        let directory = self.0.path();
        let lock = self.0.lock().map_err(|source| Fault::io("lock", directory, source))?;
        lock.ok_or_else(|| Fault::Locked { directory: directory.to_owned() })
    }

    pub(crate) fn names(&self) -> Result<Vec<String>, Fault> {
        self.0.names().map_err(|source| Fault::io("list", self.0.path(), source))
    }

    pub(crate) fn open(&self, name: &str) -> Result<OpenFile, Fault> {
        let path = self.path(name);
        match self.0.open(name) {
            Ok(file) => Ok(OpenFile { path, file }),
            Err(source) => Err(Fault::io("open", &path, source)),
        }
    }

    pub(crate) fn create(&self, name: &str) -> Result<OpenFile, Fault> {
        let path = self.path(name);
        match self.0.create(name) {
            Ok(file) => Ok(OpenFile { path, file }),
            Err(source) => Err(Fault::io("create", &path, source)),
        }
    }

    /// Renames, and makes it durable.
    pub(crate) fn publish(&self, from: &str, to: &str) -> Result<(), Fault> {
        let renamed = self.0.rename(from, to);
        renamed.map_err(|source| Fault::io("rename to", &self.path(to), source))?;
        self.sync()
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), Fault> {
        self.0.remove(name).map_err(|source| Fault::io("remove", &self.path(name), source))
    }

    pub(crate) fn sync(&self) -> Result<(), Fault> {
        self.0.sync().map_err(|source| Fault::io("sync", self.0.path(), source))
    }
}

impl OpenFile {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The same file after it was renamed.
    pub(crate) fn renamed(self, path: PathBuf) -> Self {
        Self { path, ..self }
    }

    pub(crate) fn len(&self) -> Result<u64, Fault> {
        self.file.len().map_err(|source| Fault::io("measure", &self.path, source))
    }

    pub(crate) fn read_at(&self, bytes: &mut [u8], offset: u64) -> Result<(), Fault> {
        let read = self.file.read_at(bytes, offset);
        read.map_err(|source| Fault::io("read", &self.path, source))
    }

    pub(crate) fn write_at(&self, bytes: &[u8], offset: u64) -> Result<(), Fault> {
        let written = self.file.write_at(bytes, offset);
        written.map_err(|source| Fault::io("write", &self.path, source))
    }

    pub(crate) fn sync_data(&self) -> Result<(), Fault> {
        self.file.sync_data().map_err(|source| Fault::io("sync", &self.path, source))
    }

    pub(crate) fn sync_all(&self) -> Result<(), Fault> {
        self.file.sync_all().map_err(|source| Fault::io("sync", &self.path, source))
    }

    /// Writes `bytes` zeros from `offset` on.
    pub(crate) fn write_zeros(&self, offset: u64, bytes: u64) -> Result<(), Fault> {
        let end = offset + bytes;
        let mut at = offset;
        while at < end {
            let step = ZEROS.len().min(usize::try_from(end - at).unwrap_or(ZEROS.len()));
            self.write_at(&ZEROS[..step], at)?;
            at += step as u64;
        }
        Ok(())
    }
}

/// Source of zeros; large enough that the number of writes does not count.
static ZEROS: [u8; 1024 * 1024] = [0; 1024 * 1024];

/// Reads a file in steps and gives pieces of it without copying.
pub(crate) struct Window<'a> {
    file: &'a OpenFile,
    /// Nothing is read from here on.
    end: u64,
    /// Bytes to read at once.
    step: usize,
    start: u64,
    buffer: Vec<u8>,
}

impl<'a> Window<'a> {
    pub(crate) fn new(file: &'a OpenFile, end: u64, step: usize) -> Self {
        Self { file, end, step, start: 0, buffer: Vec::new() }
    }

    /// `bytes` from `offset` on, fewer at the end of the file.
    pub(crate) fn get(&mut self, offset: u64, bytes: usize) -> Result<&[u8], Fault> {
        let left = self.end.saturating_sub(offset);
        let bytes = bytes.min(usize::try_from(left).unwrap_or(bytes));
        let held = self.start + self.buffer.len() as u64;
        if offset < self.start || offset + bytes as u64 > held {
            let step = bytes.max(self.step);
            let step = step.min(usize::try_from(left).unwrap_or(step));
            self.buffer.resize(step, 0);
            // Until the read succeeds the buffer holds nothing that may be given out.
            self.start = u64::MAX - step as u64;
            self.file.read_at(&mut self.buffer, offset)?;
            self.start = offset;
        }
        let at = usize::try_from(offset - self.start).expect("it lies in the buffer");
        Ok(&self.buffer[at..at + bytes])
    }
}
