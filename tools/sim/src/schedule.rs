//! What happens when, in virtual milliseconds. What falls on the same millisecond happens in the order of planning.

use std::collections::BTreeMap;

/// Everything that is still to happen.
#[derive(Debug)]
pub(crate) struct Schedule<T> {
    now: u64,
    planned: u64,
    queue: BTreeMap<(u64, u64), T>,
}

impl<T> Schedule<T> {
    pub(crate) fn new() -> Self {
        Self { now: 0, planned: 0, queue: BTreeMap::new() }
    }

    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    pub(crate) fn at(&mut self, ms: u64, what: T) {
        self.planned += 1;
        self.queue.insert((ms.max(self.now), self.planned), what);
    }

    pub(crate) fn after(&mut self, ms: u64, what: T) {
        self.at(self.now + ms, what);
    }

    /// The next thing, and the time moves to it.
    pub(crate) fn next(&mut self) -> Option<T> {
        let ((ms, _), what) = self.queue.pop_first()?;
        self.now = ms;
        Some(what)
    }
}
