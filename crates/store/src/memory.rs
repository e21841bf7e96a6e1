//! A store in memory: the same promises without a disk, for tests and the simulator.
//!
//! What it holds outlives the logs opened on it, as a disk outlives a process: share it by cloning,
//! and open it again to "restart". Opening fences whoever had it open before. [`Memory::arrange`]
//! makes the next append end in a crash.

use std::sync::{Arc, Mutex, MutexGuard};

use crate::{
    EachSnapshot, EachStored, Fault, Keep, Log, Opened, Position, Reader, Record, Recovery, Report,
    Snapshots, Stored, limits,
};

/// Snapshots that are kept.
pub(crate) const SNAPSHOTS_KEPT: usize = 2;

/// What becomes of an append.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It succeeds.
    #[default]
    Stored,
    /// A crash before the sync: its caller sees a fault and the records are gone.
    Lost,
    /// A crash after the sync: its caller sees a fault and the records are there.
    Kept,
}

/// A store in memory. Clones share one content.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    keep: Keep,
    /// Position of the first record that is kept.
    first: Position,
    records: Vec<(u8, Arc<[u8]>)>,
    snapshots: Vec<Snapshot>,
    /// Counts openings: a handle of an older one is fenced.
    opening: u64,
    fate: Fate,
}

#[derive(Clone, Debug)]
struct Snapshot {
    upto: Position,
    records: Arc<[(u8, Vec<u8>)]>,
}

/// Access to the content as one opening of it.
#[derive(Clone)]
struct Handle {
    memory: Memory,
    opening: u64,
}

struct Recovering {
    handle: Handle,
    report: Report,
}

struct Writer {
    handle: Handle,
    /// Set by a fault: the log takes no more.
    closed: bool,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store that keeps this much. There are no segments: what may go goes to the record.
    pub fn keeping(keep: Keep) -> Self {
        Self(Arc::new(Mutex::new(Content { keep, ..Content::default() })))
    }

    /// Opens the store; whoever has it open loses it, as a process that was killed does.
    pub fn open(&self) -> Box<dyn Recovery> {
        let mut content = self.content();
        content.opening += 1;
        content.fate = Fate::Stored;
        let handle = Handle { memory: self.clone(), opening: content.opening };
        Box::new(Recovering { handle, report: Report::default() })
    }

    /// Decides what becomes of the next append, by whoever has the store open now.
    pub fn arrange(&self, fate: Fate) {
        self.content().fate = fate;
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().expect("no holder panics while it holds the lock")
    }
}

impl Content {
    fn next(&self) -> Position {
        Position(self.first.0 + self.records.len() as u64)
    }

    /// Drops the records before `needed`.
    fn forget(&mut self, needed: Position) {
        let gone = needed.0.saturating_sub(self.first.0);
        self.records.drain(..usize::try_from(gone).expect("they are in memory"));
        self.first.0 += gone;
    }

    fn stored(&self, position: Position) -> Option<Stored> {
        let place = position.0.checked_sub(self.first.0)?;
        let (tag, bytes) = self.records.get(usize::try_from(place).ok()?)?;
        Some(Stored { position, tag: *tag, bytes: bytes.to_vec() })
    }
}

impl Handle {
    /// The content, if the store was not opened again since.
    fn content(&self) -> Result<MutexGuard<'_, Content>, Fault> {
        let content = self.memory.content();
        if content.opening != self.opening {
            return Err(Fault::Closed { reason: "the store was opened again".into() });
        }
        Ok(content)
    }
}

impl Recovery for Recovering {
    fn snapshot(&mut self, each: EachSnapshot<'_>) -> Result<Option<Position>, Fault> {
        let Some(snapshot) = self.handle.content()?.snapshots.last().cloned() else {
            return Ok(None);
        };
        self.report.snapshot = Some(snapshot.upto);
        for (tag, bytes) in snapshot.records.iter() {
            each(*tag, bytes)?;
        }
        Ok(Some(snapshot.upto))
    }

    fn tail(&mut self, each: EachStored<'_>) -> Result<(), Fault> {
        let from = self.report.snapshot.unwrap_or_default();
        for position in (from.0..).map(Position) {
            let Some(stored) = self.handle.content()?.stored(position) else { break };
            self.report.tail_records += 1;
            each(stored)?;
        }
        Ok(())
    }

    fn into_log(self: Box<Self>) -> Result<Opened, Fault> {
        let Self { handle, mut report } = *self;
        report.next = handle.content()?.next();
        Ok(Opened {
            log: Box::new(Writer { handle: handle.clone(), closed: false }),
            reader: Arc::new(handle.memory.clone()),
            snapshots: Box::new(handle),
            report,
        })
    }
}

impl Log for Writer {
    fn next(&self) -> Position {
        self.handle.memory.content().next()
    }

    fn append(&mut self, records: &[Record<'_>]) -> Result<Position, Fault> {
        if self.closed {
            return Err(Fault::Closed { reason: "an append crashed as arranged".into() });
        }
        let mut content = self.handle.content()?;
        let first = content.next();
        limits::check_batch(records)?;
        if records.is_empty() {
            return Ok(first);
        }
        let fate = std::mem::take(&mut content.fate);
        match fate {
            Fate::Stored | Fate::Kept => {
                content
                    .records
                    .extend(records.iter().map(|record| (record.tag, record.bytes.into())));
            }
            Fate::Lost => {}
        }
        match fate {
            Fate::Stored => Ok(first),
            Fate::Lost | Fate::Kept => {
                self.closed = true;
                Err(Fault::Closed { reason: "this append crashed as arranged".into() })
            }
        }
    }
}

impl Reader for Memory {
    fn next(&self) -> Position {
        self.content().next()
    }

    fn read(&self, position: Position) -> Result<Stored, Fault> {
        let content = self.content();
        let (first, next) = (content.first, content.next());
        content.stored(position).ok_or(if position < first {
            Fault::Forgotten { position, first }
        } else {
            Fault::Beyond { position, next }
        })
    }

    fn read_from(&self, from: Position, bytes_max: usize) -> Result<Vec<Stored>, Fault> {
        let content = self.content();
        if from < content.first {
            return Err(Fault::Forgotten { position: from, first: content.first });
        }
        let mut found = Vec::new();
        let mut bytes = 0;
        for stored in (from.0..).map_while(|position| content.stored(Position(position))) {
            bytes += stored.bytes.len();
            if bytes > bytes_max && !found.is_empty() {
                break;
            }
            found.push(stored);
        }
        Ok(found)
    }
}

impl Snapshots for Handle {
    fn write(
        &mut self,
        upto: Position,
        records: &mut dyn Iterator<Item = (u8, Vec<u8>)>,
    ) -> Result<(), Fault> {
        // Collected before the lock is taken: the iterator may be slow or read this store.
        let records: Arc<[_]> = records.collect();
        for (_, bytes) in records.iter() {
            limits::check_record(bytes)?;
        }
        let mut content = self.content()?;
        let next = content.next();
        if upto > next {
            return Err(Fault::Beyond { position: upto, next });
        }
        content.snapshots.retain(|snapshot| snapshot.upto != upto);
        content.snapshots.push(Snapshot { upto, records });
        content.snapshots.sort_by_key(|snapshot| snapshot.upto);
        let surplus = content.snapshots.len().saturating_sub(SNAPSHOTS_KEPT);
        content.snapshots.drain(..surplus);
        if content.keep == Keep::Tail && content.snapshots.len() == SNAPSHOTS_KEPT {
            let needed = content.snapshots[0].upto;
            content.forget(needed);
        }
        Ok(())
    }

    fn read(&mut self, each: EachSnapshot<'_>) -> Result<Option<Position>, Fault> {
        let Some(snapshot) = self.content()?.snapshots.last().cloned() else { return Ok(None) };
        for (tag, bytes) in snapshot.records.iter() {
            each(*tag, bytes)?;
        }
        Ok(Some(snapshot.upto))
    }
}
