//! A disk in memory that loses, tears and refuses writes, for tests.
//!
//! It keeps what is durable apart from what is only written. A crash at the n-th operation makes all
//! later ones fail; [`SimulatedDisk::restart`] then decides what of the unsynced writes survived.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use super::{Directory, Disk, DiskFile, Lock};
use crate::batch::SECTOR;

/// What survives a crash of all that was written and not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tear {
    Nothing,
    Everything,
    /// So many bytes, in the order in which they were written.
    Bytes(usize),
    /// Each sector, or not, as this seed has it; and some of the first changes of names.
    Sectors(u64),
}

/// What goes wrong with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The machine stops: a write may be half done, all later operations fail.
    Crash,
    /// A write stops in the middle for want of space; a sync fails and the kernel takes its pages
    /// for clean. Later operations work.
    Refuse,
}

/// Clones share one disk.
#[derive(Clone, Default)]
pub(crate) struct SimulatedDisk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    files: Vec<Content>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    /// `names` after each change since the last sync of the directory.
    pending_names: Vec<BTreeMap<String, usize>>,
    /// Changes so far: reads do not count.
    operations: u64,
    trouble: Option<(u64, Trouble)>,
    crashed: bool,
    locked: bool,
}

#[derive(Default)]
struct Content {
    durable: Vec<u8>,
    current: Vec<u8>,
    pending: Vec<(usize, Vec<u8>)>,
}

impl SimulatedDisk {
    pub(crate) fn directory(&self) -> Directory {
        Directory::new(Arc::new(self.clone()))
    }

    /// Changes so far.
    pub(crate) fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Makes the operation that follows `after` further ones go wrong.
    pub(crate) fn arrange(&self, after: u64, trouble: Trouble) {
        let mut state = self.state();
        state.trouble = Some((state.operations + after, trouble));
    }

    /// Takes back what was arranged and has not happened.
    pub(crate) fn calm(&self) {
        self.state().trouble = None;
    }

    /// The machine comes up again.
    pub(crate) fn restart(&self, tear: Tear) {
        let mut state = self.state();
        let mut random = match tear {
            Tear::Sectors(seed) => seed,
            Tear::Nothing | Tear::Everything | Tear::Bytes(_) => 0,
        };
        for file in &mut state.files {
            file.tear(tear, &mut random);
        }
        let pending = std::mem::take(&mut state.pending_names);
        let kept = match tear {
            Tear::Nothing => 0,
            Tear::Everything => pending.len(),
            Tear::Bytes(bytes) => bytes % (pending.len() + 1),
            Tear::Sectors(_) => next_random(&mut random) % (pending.len() + 1),
        };
        if let Some(names) = kept.checked_sub(1).map(|last| pending[last].clone()) {
            state.durable_names = names;
        }
        state.names = state.durable_names.clone();
        state.crashed = false;
        state.trouble = None;
        state.locked = false;
    }

    /// The bytes of a file.
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        let state = self.state();
        state.files[state.names[name]].current.clone()
    }

    /// Replaces the bytes of a file, as bit rot or an operator would.
    pub(crate) fn set_bytes(&self, name: &str, bytes: &[u8]) {
        let mut state = self.state();
        let file = state.names[name];
        state.files[file].current = bytes.to_vec();
        state.files[file].durable = bytes.to_vec();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no holder panics while it holds the lock")
    }

    /// Counts an operation; gives what is to go wrong with it.
    fn begin(&self) -> io::Result<(MutexGuard<'_, State>, Option<Trouble>)> {
        let mut state = self.state();
        if state.crashed {
            return Err(io::Error::other("the machine is down"));
        }
        let now = state.operations;
        state.operations += 1;
        let trouble = state.trouble.filter(|&(at, _)| at == now).map(|(_, trouble)| trouble);
        state.crashed = trouble == Some(Trouble::Crash);
        Ok((state, trouble))
    }

    /// A change of names.
    fn rename_all(&self, change: impl FnOnce(&mut State)) -> io::Result<()> {
        let (mut state, trouble) = self.begin()?;
        if trouble == Some(Trouble::Refuse) {
            return Err(no_space());
        }
        change(&mut state);
        let names = state.names.clone();
        state.pending_names.push(names);
        outcome(trouble)
    }

    fn find(&self, name: &str) -> io::Result<usize> {
        let state = self.state();
        if state.crashed {
            return Err(io::Error::other("the machine is down"));
        }
        state.names.get(name).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Content {
    fn write(&mut self, bytes: &[u8], offset: usize) {
        let end = offset + bytes.len();
        if self.current.len() < end {
            self.current.resize(end, 0);
        }
        self.current[offset..end].copy_from_slice(bytes);
        self.pending.push((offset, bytes.to_vec()));
    }

    /// Only what is pending becomes durable: clean pages are not written again.
    fn sync(&mut self) {
        for (offset, bytes) in std::mem::take(&mut self.pending) {
            self.keep(offset, &bytes);
        }
    }

    fn keep(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        if self.durable.len() < end {
            self.durable.resize(end, 0);
        }
        self.durable[offset..end].copy_from_slice(bytes);
    }

    fn tear(&mut self, tear: Tear, random: &mut u64) {
        let mut left = match tear {
            Tear::Nothing => 0,
            Tear::Everything | Tear::Sectors(_) => usize::MAX,
            Tear::Bytes(bytes) => bytes,
        };
        for (offset, bytes) in std::mem::take(&mut self.pending) {
            let kept = &bytes[..bytes.len().min(left)];
            left -= kept.len();
            let mut at = 0;
            while at < kept.len() {
                let end = kept.len().min(at + SECTOR - (offset + at) % SECTOR);
                let lost =
                    matches!(tear, Tear::Sectors(_)) && next_random(random).is_multiple_of(2);
                if !lost {
                    self.keep(offset + at, &kept[at..end]);
                }
                at = end;
            }
        }
        self.current.clone_from(&self.durable);
    }
}

impl Disk for SimulatedDisk {
    fn path(&self) -> &Path {
        Path::new("disk")
    }

    fn lock(&self) -> io::Result<Option<Lock>> {
        let mut state = self.state();
        if std::mem::replace(&mut state.locked, true) {
            return Ok(None);
        }
        Ok(Some(Box::new(Guard(self.clone()))))
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.state().names.keys().cloned().collect())
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(SimulatedFile { disk: self.clone(), file: self.find(name)? }))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        self.rename_all(|state| {
            let file = state.files.len();
            state.files.push(Content::default());
            state.names.insert(name.to_owned(), file);
        })?;
        self.open(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.find(from)?;
        self.rename_all(|state| {
            let file = state.names.remove(from).expect("it was found");
            state.names.insert(to.to_owned(), file);
        })
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.find(name)?;
        self.rename_all(|state| {
            state.names.remove(name);
        })
    }

    fn sync(&self) -> io::Result<()> {
        let (mut state, trouble) = self.begin()?;
        outcome(trouble)?;
        state.durable_names = state.names.clone();
        state.pending_names.clear();
        Ok(())
    }
}

/// Gives the directory free when its owner is gone.
struct Guard(SimulatedDisk);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.state().locked = false;
    }
}

struct SimulatedFile {
    disk: SimulatedDisk,
    file: usize,
}

impl DiskFile for SimulatedFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.state().files[self.file].current.len() as u64)
    }

    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        let state = self.disk.state();
        let offset = usize::try_from(offset).expect("files are small");
        let current = &state.files[self.file].current;
        let found = current.get(offset..offset + bytes.len());
        bytes.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let (mut state, trouble) = self.disk.begin()?;
        let written = match trouble {
            Some(Trouble::Refuse) => &bytes[..bytes.len() / 2],
            Some(Trouble::Crash) | None => bytes,
        };
        let offset = usize::try_from(offset).expect("files are small");
        state.files[self.file].write(written, offset);
        outcome(trouble)
    }

    fn sync_data(&self) -> io::Result<()> {
        let (mut state, trouble) = self.disk.begin()?;
        let file = &mut state.files[self.file];
        if trouble == Some(Trouble::Refuse) {
            // What Linux does: the error is told once and the pages are clean from then on.
            file.pending.clear();
        }
        outcome(trouble)?;
        file.sync();
        Ok(())
    }

    fn sync_all(&self) -> io::Result<()> {
        self.sync_data()
    }
}

fn outcome(trouble: Option<Trouble>) -> io::Result<()> {
    match trouble {
        None => Ok(()),
        Some(Trouble::Crash) => Err(io::Error::other("the machine went down")),
        Some(Trouble::Refuse) => Err(no_space()),
    }
}

fn no_space() -> io::Error {
    io::ErrorKind::StorageFull.into()
}

/// SplitMix64.
fn next_random(state: &mut u64) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((z ^ (z >> 31)) >> 33).expect("31 bits")
}
