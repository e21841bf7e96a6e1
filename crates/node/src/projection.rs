//! What a partition shows: every case as of the last durable record. Written by the partition's writer
//! after each sync, read by anybody. It knows cases by the slots of their partition; by id they are looked up
//! only when somebody asks.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Bound,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use agents::resourcing::worklist;
use engine::CaseId;

use crate::{
    cases::{Cases, Slot},
    entry::Entry,
    ledger::Ledger,
    natural::Natural,
    writer::Update,
};

/// Shows no moment.
const NEVER: i64 = i64::MAX;

/// The durable cases of one partition.
#[derive(Default)]
pub(crate) struct Projection {
    shown: RwLock<Shown>,
    /// Of its own lock, so that whoever has given nothing never meets it.
    ledger: RwLock<Arc<Ledger>>,
    /// First position that is not durable yet.
    durable: AtomicU64,
    next_due_ms: AtomicI64,
}

#[derive(Default)]
struct Shown {
    /// By slot. Slots are filled in order, since cases are launched and written in one order.
    entries: Vec<Arc<Entry>>,
    /// Apart from those that have ended, so that lists of work do not wade through the past.
    open: BTreeMap<Natural, Slot>,
    ended: BTreeMap<Natural, Slot>,
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
    pub(crate) fn new(cases: &Cases, durable: u64, ledger: Ledger) -> Self {
        let mut open_by_specification = BTreeMap::new();
        let (mut open, mut ended) = (Vec::new(), Vec::new());
        let mut entries = Vec::with_capacity(cases.len());
        for (slot, case, local) in cases.iter() {
            let entry = &local.entry;
            if entry.has_ended() {
                ended.push((Natural::new(case.clone()), slot));
            } else {
                open.push((Natural::new(case.clone()), slot));
                *open_by_specification.entry(entry.loaded.number).or_default() += 1;
            }
            entries.push(entry.clone());
        }
        // Collected and not inserted one by one: a tree built at once takes a fraction of the time.
        let (open, ended) = (open.into_iter().collect(), ended.into_iter().collect());
        let shown = Shown { entries, open, ended, open_by_specification };
        Self {
            shown: RwLock::new(shown),
            ledger: RwLock::new(Arc::new(ledger)),
            durable: AtomicU64::new(durable),
            next_due_ms: AtomicI64::new(NEVER),
        }
    }

    /// Shows what has become durable.
    pub(crate) fn update(&self, updates: impl Iterator<Item = Update>) {
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let replaced: Vec<_> = updates.map(|update| shown.put(update)).collect();
        drop(shown);
        // What it showed before is freed only now, when nobody waits for the lock. It is looked at first: to free is
        // to wait for memory that no cache holds, and the waits of a loop of reads overlap.
        std::hint::black_box(replaced.iter().flatten().map(|entry| entry.peek()).sum::<usize>());
        drop(replaced);
    }

    /// Shows what has become durable of the worklist: events by the position of their record.
    pub(crate) fn give(&self, given: &[(u64, Vec<worklist::Event>)]) {
        let mut ledger = self.ledger.write().unwrap_or_else(PoisonError::into_inner);
        // Copied only while a snapshot is made of it.
        let ledger = Arc::make_mut(&mut ledger);
        given.iter().for_each(|(position, events)| ledger.take(*position, events));
    }

    /// Looks at what participants are asked to do of this partition's items. Short, as the writer waits meanwhile.
    pub(crate) fn look_at_ledger<T>(&self, look: impl FnOnce(&Ledger) -> T) -> T {
        look(&self.ledger.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// All of it, as it is now: for a start or a snapshot.
    pub(crate) fn ledger(&self) -> Arc<Ledger> {
        self.ledger.read().unwrap_or_else(PoisonError::into_inner).clone()
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
        let shown = self.read();
        let key = Natural::new(case.clone());
        let slot = shown.open.get(&key).or_else(|| shown.ended.get(&key))?;
        Some(shown.entries[slot.index()].clone())
    }

    /// How many are open and how many have ended.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let shown = self.read();
        (shown.open.len(), shown.ended.len())
    }

    /// Open cases of the specification with this number.
    pub(crate) fn count_open(&self, number: u32) -> u64 {
        self.read().open_by_specification.get(&number).copied().unwrap_or(0)
    }

    /// The next `count` cases of one side, in natural order.
    fn chunk(&self, side: Side, from: Bound<Natural>, count: usize) -> Vec<(CaseId, Arc<Entry>)> {
        let shown = self.read();
        let map = match side {
            Side::Open => &shown.open,
            Side::Ended => &shown.ended,
        };
        let slots = map.range((from, Bound::Unbounded)).take(count);
        slots.map(|(case, slot)| (case.case.clone(), shown.entries[slot.index()].clone())).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner)
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
            let from = self.from.clone().map(Natural::new);
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

impl Shown {
    /// Shows a case as it is now; gives what was shown of it.
    fn put(&mut self, update: Update) -> Option<Arc<Entry>> {
        let Update { slot, case, entry, change: _ } = update;
        let (number, has_ended) = (entry.loaded.number, entry.has_ended());
        let before = match self.entries.get_mut(slot.index()) {
            Some(shown) => Some(std::mem::replace(shown, entry)),
            None => {
                assert_eq!(slot.index(), self.entries.len(), "cases come in the order of slots");
                self.entries.push(entry);
                None
            }
        };
        let was_open = before.as_ref().map(|before| !before.has_ended());
        match (was_open, has_ended) {
            (None, true) => {
                self.ended.insert(Natural::new(case), slot);
            }
            (None, false) => {
                self.open.insert(Natural::new(case), slot);
                *self.open_by_specification.entry(number).or_default() += 1;
            }
            (Some(true), true) => {
                let key = Natural::new(case);
                self.open.remove(&key);
                self.ended.insert(key, slot);
                if let Some(open) = self.open_by_specification.get_mut(&number) {
                    *open -= 1;
                }
            }
            // On the side where it was.
            (Some(true), false) | (Some(false), _) => {}
        }
        before
    }
}
