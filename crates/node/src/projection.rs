//! What a partition shows: every case as of the last durable record. Written by the partition's writer
//! after each sync, read by anybody.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Bound,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use engine::CaseId;

use crate::{entry::Entry, natural::Natural};

/// Shows no moment.
const NEVER: i64 = i64::MAX;

/// The durable cases of one partition.
#[derive(Default)]
pub(crate) struct Projection {
    cases: RwLock<Cases>,
    /// First position that is not durable yet.
    durable: AtomicU64,
    next_due_ms: AtomicI64,
}

#[derive(Default)]
struct Cases {
    /// Apart from those that have ended, so that lists of work do not wade through the past.
    open: BTreeMap<Natural, Arc<Entry>>,
    ended: BTreeMap<Natural, Arc<Entry>>,
    /// How many are open, by number of their specification.
    open_by_specification: BTreeMap<u32, u64>,
}

/// The cases of one side in natural order, read in small steps so that nobody waits for the lock. A case that
/// changes sides meanwhile is met on the side where it is when the walk comes by.
pub(crate) struct Walk<'a> {
    projection: &'a Projection,
    side: Side,
    from: Bound<CaseId>,
    chunk_max: usize,
    chunk: VecDeque<(CaseId, Arc<Entry>)>,
}

/// Which of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Open,
    Ended,
}

impl Projection {
    /// A partition as it was recovered.
    pub(crate) fn new(
        entries: impl IntoIterator<Item = (CaseId, Arc<Entry>)>,
        durable: u64,
    ) -> Self {
        let entries = entries.into_iter().map(|(case, entry)| (Natural(case), entry));
        let (ended, open): (Vec<_>, Vec<_>) = entries.partition(|(_, entry)| entry.has_ended());
        let mut open_by_specification = BTreeMap::new();
        for (_, entry) in &open {
            *open_by_specification.entry(entry.loaded.number).or_default() += 1;
        }
        // Collected and not inserted one by one: a tree built at once takes a fraction of the time.
        let (open, ended) = (open.into_iter().collect(), ended.into_iter().collect());
        let cases = Cases { open, ended, open_by_specification };
        Self {
            cases: RwLock::new(cases),
            durable: AtomicU64::new(durable),
            next_due_ms: AtomicI64::new(NEVER),
        }
    }

    /// Shows what has become durable.
    pub(crate) fn update(&self, updates: impl IntoIterator<Item = (CaseId, Arc<Entry>)>) {
        let mut cases = self.cases.write().unwrap_or_else(PoisonError::into_inner);
        for (case, entry) in updates {
            cases.put(case, entry);
        }
    }

    /// First position that is not durable yet.
    pub(crate) fn durable(&self) -> u64 {
        self.durable.load(Ordering::Acquire)
    }

    pub(crate) fn set_durable(&self, position: u64) {
        self.durable.store(position, Ordering::Release);
    }

    /// When the next timer of the partition fires.
    pub(crate) fn next_due_ms(&self) -> Option<i64> {
        Some(self.next_due_ms.load(Ordering::Acquire)).filter(|due_ms| *due_ms != NEVER)
    }

    pub(crate) fn set_next_due_ms(&self, due_ms: Option<i64>) {
        self.next_due_ms.store(due_ms.unwrap_or(NEVER), Ordering::Release);
    }

    pub(crate) fn get(&self, case: &CaseId) -> Option<Arc<Entry>> {
        let cases = self.cases.read().unwrap_or_else(PoisonError::into_inner);
        let key = Natural(case.clone());
        cases.open.get(&key).or_else(|| cases.ended.get(&key)).cloned()
    }

    /// How many are open and how many have ended.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let cases = self.cases.read().unwrap_or_else(PoisonError::into_inner);
        (cases.open.len(), cases.ended.len())
    }

    /// Open cases of the specification with this number.
    pub(crate) fn count_open(&self, number: u32) -> u64 {
        let cases = self.cases.read().unwrap_or_else(PoisonError::into_inner);
        cases.open_by_specification.get(&number).copied().unwrap_or(0)
    }

    /// The next `count` cases of one side, in natural order.
    fn chunk(&self, side: Side, from: Bound<Natural>, count: usize) -> Vec<(CaseId, Arc<Entry>)> {
        let cases = self.cases.read().unwrap_or_else(PoisonError::into_inner);
        let map = match side {
            Side::Open => &cases.open,
            Side::Ended => &cases.ended,
        };
        let entries = map.range((from, Bound::Unbounded)).take(count);
        entries.map(|(case, entry)| (case.0.clone(), entry.clone())).collect()
    }
}

impl<'a> Walk<'a> {
    /// A walk that reads up to `chunk_max` cases at once.
    pub(crate) fn new(
        projection: &'a Projection,
        side: Side,
        from: Bound<CaseId>,
        chunk_max: usize,
    ) -> Self {
        Self { projection, side, from, chunk_max, chunk: VecDeque::new() }
    }

    /// The case that comes next.
    pub(crate) fn peek(&mut self) -> Option<&CaseId> {
        if self.chunk.is_empty() {
            let from = self.from.clone().map(Natural);
            self.chunk = self.projection.chunk(self.side, from, self.chunk_max).into();
        }
        self.chunk.front().map(|(case, _)| case)
    }
}

impl Iterator for Walk<'_> {
    type Item = (CaseId, Arc<Entry>);

    fn next(&mut self) -> Option<Self::Item> {
        self.peek()?;
        let (case, entry) = self.chunk.pop_front()?;
        self.from = Bound::Excluded(case.clone());
        Some((case, entry))
    }
}

impl Cases {
    fn put(&mut self, case: CaseId, entry: Arc<Entry>) {
        let key = Natural(case);
        let number = entry.loaded.number;
        if entry.has_ended() {
            let was_open = self.open.remove(&key).is_some();
            if was_open && let Some(open) = self.open_by_specification.get_mut(&number) {
                *open -= 1;
            }
            self.ended.insert(key, entry);
        } else if self.open.insert(key, entry).is_none() {
            *self.open_by_specification.entry(number).or_default() += 1;
        }
    }
}
