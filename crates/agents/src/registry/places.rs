//! Values by slot. A slot that is free is used again, the lowest first.
//!
//! Memory grows by one chunk at a time: nothing is ever moved, and no more than a chunk lies unused.

use std::collections::BTreeSet;

use crate::ids::Slot;

/// Values in one allocation.
const CHUNK: usize = 1024;

/// Values by slot.
#[derive(Debug)]
pub(super) struct Places<T> {
    chunks: Vec<Vec<Option<T>>>,
    /// Free slots below `end`.
    free: BTreeSet<Slot>,
    /// First slot that was never taken.
    end: u32,
}

impl<T> Places<T> {
    pub(super) fn new() -> Self {
        Self { chunks: Vec::new(), free: BTreeSet::new(), end: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.end as usize - self.free.len()
    }

    pub(super) fn get(&self, slot: Slot) -> Option<&T> {
        let (chunk, place) = split(slot);
        self.chunks.get(chunk)?.get(place)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut T> {
        let (chunk, place) = split(slot);
        self.chunks.get_mut(chunk)?.get_mut(place)?.as_mut()
    }

    /// Puts `value` into the slot; what was there is gone.
    pub(super) fn put(&mut self, slot: Slot, value: T) {
        while self.end <= slot.0 {
            self.grow();
        }
        self.free.remove(&slot);
        let (chunk, place) = split(slot);
        self.chunks[chunk][place] = Some(value);
    }

    pub(super) fn take(&mut self, slot: Slot) -> Option<T> {
        let (chunk, place) = split(slot);
        let value = self.chunks.get_mut(chunk)?.get_mut(place)?.take()?;
        self.free.insert(slot);
        Some(value)
    }

    /// Slots that can be taken next.
    pub(super) fn vacant(&self) -> impl Iterator<Item = Slot> {
        self.free.iter().copied().chain((self.end..).map(Slot))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        let all = self.chunks.iter().flatten().zip(0..);
        all.filter_map(|(value, slot)| Some((Slot(slot), value.as_ref()?)))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flatten().flatten()
    }

    /// One more free slot at the end.
    fn grow(&mut self) {
        let (chunk, _) = split(Slot(self.end));
        if chunk == self.chunks.len() {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        self.chunks[chunk].push(None);
        self.free.insert(Slot(self.end));
        self.end += 1;
    }
}

fn split(slot: Slot) -> (usize, usize) {
    (slot.0 as usize / CHUNK, slot.0 as usize % CHUNK)
}
