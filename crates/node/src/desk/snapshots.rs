//! The thread that writes the agents' snapshots: the one before, and the log behind it, make the next.
//!
//! It takes nothing from the desk, which goes on meanwhile and never waits for it, at the price of reading again what was
//! written and of holding all agents a second time while it does. It writes no more than the log does, see [`Behind`].

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use agents::registry::Settings;
use store::{Fault, Position, Reader, Snapshots};

use super::image::Image;
use crate::context::Context;

/// Bytes of the log behind the newest snapshot after which the next one is written, if the records are not yet so
/// many: reading so much takes some tenths of a second.
const EVERY_BYTES: u64 = 16 * 1024 * 1024;
/// Bytes of the log that are read at once.
const STEP_BYTES: usize = 1024 * 1024;

/// What is behind the newest snapshot.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Behind {
    records: u64,
    bytes: u64,
    /// Bytes of that snapshot.
    snapshot: u64,
}

/// The thread's address.
pub(super) struct SnapshotThread {
    every_records: u64,
    behind: Behind,
    /// Bytes of the newest snapshot that the thread has written.
    written: Arc<AtomicU64>,
    requests: SyncSender<()>,
    thread: JoinHandle<()>,
}

/// Owner of the snapshots.
struct Snapshotter {
    snapshots: Box<dyn Snapshots>,
    reader: Arc<dyn Reader>,
    settings: Settings,
    context: Arc<Context>,
    /// What the newest one stands for.
    newest: Position,
    written: Arc<AtomicU64>,
}

impl Behind {
    pub(super) fn new(snapshot: u64) -> Self {
        Self { snapshot, ..Self::default() }
    }

    pub(super) fn add(&mut self, records: usize, bytes: usize) {
        self.records += records as u64;
        self.bytes += bytes as u64;
    }

    /// Whether it is worth a snapshot: a start takes notably longer by it, and at least as many bytes were written as
    /// the snapshot will be.
    fn is_much(&self, every_records: u64) -> bool {
        let slows = self.records >= every_records || self.bytes >= EVERY_BYTES;
        slows && self.bytes >= self.snapshot
    }
}

impl SnapshotThread {
    pub(super) fn start(
        (snapshots, reader, newest): (Box<dyn Snapshots>, Arc<dyn Reader>, Option<Position>),
        (settings, every_records): (Settings, u64),
        behind: Behind,
        context: Arc<Context>,
    ) -> io::Result<Self> {
        let written = Arc::new(AtomicU64::new(behind.snapshot));
        let snapshotter = Snapshotter {
            snapshots,
            reader,
            settings,
            context,
            newest: newest.unwrap_or_default(),
            written: written.clone(),
        };
        // One may wait while a snapshot is being written; another would ask for nothing new.
        let (requests, waiting) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("snapshot-agents".to_owned())
            .spawn(move || snapshotter.run(&waiting))?;
        Ok(Self { every_records, behind, written, requests, thread })
    }

    /// So much has become durable. Asks for a snapshot when it is time.
    pub(super) fn on_written(&mut self, records: usize, bytes: usize) {
        self.behind.add(records, bytes);
        self.behind.snapshot = self.written.load(Ordering::Relaxed);
        if self.behind.is_much(self.every_records) && self.requests.try_send(()).is_ok() {
            self.behind = Behind::new(self.behind.snapshot);
        }
    }

    /// Has the last snapshot written, unless the node has failed or crashed. Blocks.
    pub(super) fn join(self) {
        let Self { requests, thread, .. } = self;
        drop(requests);
        // A thread that panicked has left the log behind, which is the truth.
        let _ = thread.join();
    }
}

impl Snapshotter {
    /// Writes one snapshot for each request and a last one when the desk is gone.
    fn run(mut self, requests: &Receiver<()>) {
        while requests.recv().is_ok() {
            self.write();
        }
        self.write();
    }

    fn write(&mut self) {
        let upto = self.reader.next();
        if upto == self.newest || self.context.is_crashed() || self.context.fault().is_some() {
            return;
        }
        let began = self.context.clock.monotonic();
        match self.fold(upto) {
            Ok((newest, bytes)) => {
                self.newest = newest;
                self.written.store(bytes, Ordering::Relaxed);
                self.context.telemetry.snapshots.add(1);
                let took = self.context.clock.monotonic() - began;
                tracing::debug!(%upto, bytes, ?took, "snapshot of the agents written");
            }
            // The older snapshot and the log still hold everything: starting takes longer, no more.
            Err(error) => tracing::warn!(%upto, %error, "snapshot of the agents not written"),
        }
    }

    /// Makes a snapshot as of `upto` or a little later and writes it. Gives what it stands for, and its bytes.
    fn fold(&mut self, upto: Position) -> Result<(Position, u64), Fault> {
        let (mut image, mut next) = Image::read(self.settings, |each| self.snapshots.read(each))?;
        while next < upto {
            for stored in self.reader.read_from(next, STEP_BYTES)? {
                next = Position(stored.position.0 + 1);
                image.take(&stored)?;
            }
        }
        let mut bytes = 0;
        let mut records = image.records().inspect(|(_, record)| bytes += record.len() as u64);
        self.snapshots.write(next, &mut records)?;
        drop(records);
        Ok((next, bytes))
    }
}
