//! Where partitions say how much work waits: `node::board` without threads.

use std::collections::BTreeMap;

use agents::{Capability, desk::Depths};

#[derive(Debug, Default)]
pub(crate) struct Board {
    /// Items that wait, by capability and partition.
    waiting: BTreeMap<Capability, Vec<u64>>,
    partitions: usize,
    /// Partitions that turn everything away just now.
    pub(crate) full: Vec<bool>,
    /// Somebody waits at the desk: partitions say what comes in.
    pub(crate) listened: bool,
    fresh: BTreeMap<Capability, usize>,
}

impl Board {
    pub(crate) fn new(partitions: usize) -> Self {
        Self { partitions, full: vec![false; partitions], ..Self::default() }
    }

    pub(crate) fn add(&mut self, partition: usize, capability: &Capability) {
        self.counts(capability)[partition] += 1;
    }

    pub(crate) fn sub(&mut self, partition: usize, capability: &Capability) {
        self.counts(capability)[partition] -= 1;
    }

    pub(crate) fn waiting(&self, partition: usize, capability: &Capability) -> u64 {
        self.waiting.get(capability).map_or(0, |counts| counts[partition])
    }

    /// Whether items wait where they can be asked for.
    pub(crate) fn waits(&self, capability: &Capability) -> bool {
        let counts = self.waiting.get(capability).into_iter().flatten();
        counts.zip(&self.full).any(|(count, full)| *count > 0 && !full)
    }

    pub(crate) fn announce(&mut self, capability: &Capability, items: usize) {
        *self.fresh.entry(capability.clone()).or_default() += items;
    }

    pub(crate) fn has_fresh(&self) -> bool {
        !self.fresh.is_empty()
    }

    pub(crate) fn take_fresh(&mut self) -> BTreeMap<Capability, usize> {
        std::mem::take(&mut self.fresh)
    }

    fn counts(&mut self, capability: &Capability) -> &mut Vec<u64> {
        let none = || vec![0; self.partitions];
        self.waiting.entry(capability.clone()).or_insert_with(none)
    }
}

impl Depths for Board {
    fn has_work(&self, partition: usize, capability: &Capability) -> bool {
        self.waiting(partition, capability) > 0
    }
}
