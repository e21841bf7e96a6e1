//! The third thread of a partition: writes snapshots beside the running one.
//!
//! It walks over the projection in small steps, so nobody waits for it. A snapshot therefore holds cases of
//! different moments; recovery sorts that out.

use std::{
    ops::Bound,
    sync::{Arc, mpsc::Receiver},
};

use engine::CaseId;
use store::{Position, Snapshots};

use crate::{
    context::Context,
    entry::Entry,
    projection::{Projection, Side, Walk},
    record::{self, SnapshotHead, SnapshotJuryRef, TracedEntryRef},
};

/// Cases read under one lock. Bounds how long the writer waits for a snapshot.
const CHUNK: usize = 256;

/// Owner of a partition's snapshots.
pub(crate) struct Snapshotter {
    pub(crate) partition: usize,
    pub(crate) partitions: usize,
    pub(crate) snapshots: Box<dyn Snapshots>,
    pub(crate) projection: Arc<Projection>,
    pub(crate) context: Arc<Context>,
    /// Position of the newest snapshot.
    pub(crate) newest: Option<u64>,
}

impl Snapshotter {
    /// Writes one snapshot for each request and a last one when the writer is gone.
    pub(crate) fn run(mut self, requests: &Receiver<()>) {
        while requests.recv().is_ok() {
            self.write();
        }
        // After a fault or a crash the log alone is the truth.
        if self.context.fault().is_none() && !self.context.is_crashed() {
            self.write();
        }
    }

    fn write(&mut self) {
        let upto = self.projection.durable();
        if self.newest == Some(upto) || upto == 0 {
            return;
        }
        let head = SnapshotHead {
            partition: u32::try_from(self.partition).expect("partitions are few"),
            partitions: u32::try_from(self.partitions).expect("partitions are few"),
        };
        let head = (record::SNAPSHOT_HEAD, record::encode(&head, Vec::new()));
        let ledger = self.projection.ledger();
        let mut records =
            std::iter::once(head).chain(records(&self.projection)).chain(ledger.records());
        let began = self.context.clock.monotonic();
        match self.snapshots.write(Position(upto), &mut records) {
            Ok(()) => {
                self.newest = Some(upto);
                self.context.telemetry.snapshots.add(1);
                let took = self.context.clock.monotonic() - began;
                tracing::debug!(partition = self.partition, upto, ?took, "snapshot written");
            }
            // The older snapshot and the log still hold everything: starting takes longer, no more.
            Err(error) => {
                tracing::warn!(partition = self.partition, upto, %error, "snapshot not written");
            }
        }
    }
}

/// All cases, open ones first: a case that ends meanwhile is met again among the ended ones.
fn records(projection: &Projection) -> impl Iterator<Item = (u8, Vec<u8>)> {
    let walk = |side| Walk::new(projection, side, Bound::Unbounded, CHUNK);
    walk(Side::Open).chain(walk(Side::Ended)).flat_map(|(case, entry)| {
        let (mut tag, mut bytes) = encode(&case, &entry);
        if bytes.len() > store::RECORD_BYTES_MAX {
            (tag, bytes) = encode(&case, &entry.cooled());
        }
        let jury = |jury| {
            let record = SnapshotJuryRef { case: &case, jury };
            (record::SNAPSHOT_JURY, record::encode(&record, Vec::new()))
        };
        let juries: Vec<_> = entry.juries().iter().map(jury).collect();
        std::iter::once((tag, bytes)).chain(juries)
    })
}

fn encode(case: &CaseId, entry: &Entry) -> (u8, Vec<u8>) {
    let shown = entry.to_snapshot(case);
    match entry.traceparent() {
        None => (record::SNAPSHOT_ENTRY, record::encode(&shown, Vec::new())),
        Some(traceparent) => {
            let traced = TracedEntryRef { traceparent, entry: shown };
            (record::SNAPSHOT_TRACED, record::encode(&traced, Vec::new()))
        }
    }
}
