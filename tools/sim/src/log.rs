//! A log as the model knows it: what was synced stays, what is being written when the power goes may or may not.
//!
//! The store writes a batch as one unit with a checksum and cuts a torn one at the next start, so a batch is there
//! as a whole or not at all. `store` proves that with disks that tear; here it is taken as given.

use crate::chance::Chance;

#[derive(Debug)]
pub(crate) struct Log<R> {
    durable: Vec<R>,
    /// Handed to the disk, not synced yet.
    writing: Vec<R>,
}

/// What became of the batch that was being written when the process died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LastBatch {
    /// Nothing was being written.
    None,
    /// It is whole, though nobody was told.
    Kept,
    /// It was torn, and was cut.
    Torn,
}

impl<R> Log<R> {
    pub(crate) fn new() -> Self {
        Self { durable: Vec::new(), writing: Vec::new() }
    }

    /// Hands a batch to the disk; one at a time.
    pub(crate) fn write(&mut self, batch: Vec<R>) {
        assert!(self.writing.is_empty(), "one batch is written at a time");
        self.writing = batch;
    }

    /// The batch is synced. Gives its place.
    pub(crate) fn synced(&mut self) -> std::ops::Range<usize> {
        let first = self.durable.len();
        self.durable.append(&mut self.writing);
        first..self.durable.len()
    }

    pub(crate) fn crash(&mut self, chance: &mut Chance) -> LastBatch {
        if self.writing.is_empty() {
            return LastBatch::None;
        }
        if chance.percent(50) {
            self.synced();
            return LastBatch::Kept;
        }
        self.writing.clear();
        LastBatch::Torn
    }

    pub(crate) fn records(&self) -> &[R] {
        &self.durable
    }

    /// Position of the next record that is written after a start.
    pub(crate) fn next(&self) -> u64 {
        self.durable.len() as u64
    }
}
