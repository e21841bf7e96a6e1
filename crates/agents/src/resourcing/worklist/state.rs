//! The items, and in which queues they stand.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use serde::{Deserialize, Serialize};

use crate::resourcing::{
    distribute::Reason,
    ids::{CaseId, ItemId, ParticipantId, TaskKey},
};

/// All items that are given to participants, with their queues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worklist {
    pub(super) items: BTreeMap<ItemId, Item>,
    pub(super) chained: BTreeMap<CaseId, ParticipantId>,
    /// The number of the next item: greater than those of all before.
    pub(super) next: u64,
    /// All items, oldest first. Follows from `items`, as do the rest.
    order: BTreeMap<u64, ItemId>,
    /// The administrator's queue.
    unoffered: BTreeMap<u64, ItemId>,
    /// Those of participants who have any.
    queues: BTreeMap<ParticipantId, Queues>,
    of_cases: BTreeMap<CaseId, BTreeSet<ItemId>>,
    offers: usize,
}

/// What a worklist holds of one case: to be put back where a step could not be stored.
#[derive(Clone, Debug)]
pub struct Slice {
    case: CaseId,
    items: Vec<(ItemId, Item)>,
    chained: Option<ParticipantId>,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub case: CaseId,
    pub task: TaskKey,
    /// Items are older than those with greater numbers.
    pub number: u64,
    pub status: Status,
    /// Who gave it back.
    pub deallocated_by: BTreeSet<ParticipantId>,
}

/// Where an item stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    Unoffered(Reason),
    Offered(BTreeSet<ParticipantId>),
    Allocated(ParticipantId),
    Started(ParticipantId),
    Suspended(ParticipantId),
}

/// One participant's items, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queues {
    pub offered: BTreeMap<u64, ItemId>,
    pub allocated: BTreeMap<u64, ItemId>,
    pub started: BTreeMap<u64, ItemId>,
    pub suspended: BTreeMap<u64, ItemId>,
}

impl Status {
    /// As the interfaces write it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unoffered(_) => "Unoffered",
            Self::Offered(_) => "Offered",
            Self::Allocated(_) => "Allocated",
            Self::Started(_) => "Started",
            Self::Suspended(_) => "Suspended",
        }
    }
}

impl Queues {
    fn is_empty(&self) -> bool {
        let Self { offered, allocated, started, suspended } = self;
        [offered, allocated, started, suspended].iter().all(|queue| queue.is_empty())
    }
}

impl Worklist {
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.items.get(id)
    }

    pub fn items(&self) -> impl Iterator<Item = (&ItemId, &Item)> {
        self.items.iter()
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What is offered to nobody, oldest first.
    pub fn unoffered(&self) -> impl Iterator<Item = &ItemId> {
        self.unoffered.values()
    }

    /// One participant's queues; none where all are empty.
    pub fn queues(&self, who: &ParticipantId) -> Option<&Queues> {
        self.queues.get(who)
    }

    /// All participants with a queue, from one on.
    pub fn participants(
        &self,
        from: Bound<&ParticipantId>,
    ) -> impl Iterator<Item = (&ParticipantId, &Queues)> {
        self.queues.range((from, Bound::Unbounded))
    }

    /// All items behind a number, oldest first.
    pub fn oldest(&self, after: Option<u64>) -> impl Iterator<Item = (&ItemId, &Item)> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let ids = self.order.range((from, Bound::Unbounded)).map(|(_, id)| id);
        ids.filter_map(|id| Some((id, self.items.get(id)?)))
    }

    /// Items of a case.
    pub fn of_case(&self, case: &CaseId) -> impl Iterator<Item = (&ItemId, &Item)> {
        let ids = self.of_cases.get(case).into_iter().flatten();
        ids.filter_map(|id| Some((id, self.items.get(id)?)))
    }

    /// Offers of all items together.
    pub fn offers(&self) -> usize {
        self.offers
    }

    /// What there is of a case, as it is now.
    pub fn slice(&self, case: &CaseId) -> Slice {
        let items = self.of_case(case).map(|(id, item)| (id.clone(), item.clone()));
        let chained = self.chained.get(case).cloned();
        Slice { case: case.clone(), items: items.collect(), chained }
    }

    /// Makes a case what it was.
    pub fn put_back(&mut self, slice: Slice) {
        let Slice { case, items, chained } = slice;
        let gone: Vec<_> = self.of_case(&case).map(|(id, _)| id.clone()).collect();
        gone.iter().for_each(|id| drop(self.remove(id)));
        items.into_iter().for_each(|(id, item)| self.insert(id, item));
        match chained {
            Some(by) => drop(self.chained.insert(case, by)),
            None => drop(self.chained.remove(&case)),
        }
    }

    /// Takes in another worklist, which has none of these cases.
    pub fn merge(&mut self, other: &Self) {
        for (id, item) in &other.items {
            self.insert(id.clone(), item.clone());
        }
        let chained = other.chained.iter().map(|(case, by)| (case.clone(), by.clone()));
        self.chained.extend(chained);
        self.next = self.next.max(other.next);
    }

    /// Who has every item of the case.
    pub fn chained_by(&self, case: &CaseId) -> Option<&ParticipantId> {
        self.chained.get(case)
    }

    /// How many allocated items somebody has.
    pub fn allocated(&self, who: &ParticipantId) -> usize {
        self.queues.get(who).map_or(0, |queues| queues.allocated.len())
    }

    pub(super) fn insert(&mut self, id: ItemId, item: Item) {
        self.enqueue(&id, &item);
        self.next = self.next.max(item.number + 1);
        self.items.insert(id, item);
    }

    pub(super) fn remove(&mut self, id: &ItemId) -> Option<Item> {
        let item = self.items.remove(id)?;
        self.dequeue(id, &item);
        Some(item)
    }

    fn enqueue(&mut self, id: &ItemId, item: &Item) {
        self.order.insert(item.number, id.clone());
        self.of_cases.entry(item.case.clone()).or_default().insert(id.clone());
        self.offers += offers(&item.status);
        if matches!(item.status, Status::Unoffered(_)) {
            self.unoffered.insert(item.number, id.clone());
        }
        for (who, queue) in places(&item.status) {
            let queues = self.queues.entry(who.clone()).or_default();
            queue(queues).insert(item.number, id.clone());
        }
    }

    fn dequeue(&mut self, id: &ItemId, item: &Item) {
        self.order.remove(&item.number);
        if let Some(of_case) = self.of_cases.get_mut(&item.case) {
            of_case.remove(id);
            if of_case.is_empty() {
                self.of_cases.remove(&item.case);
            }
        }
        self.offers -= offers(&item.status);
        self.unoffered.remove(&item.number);
        for (who, queue) in places(&item.status) {
            let Some(queues) = self.queues.get_mut(who) else { continue };
            queue(queues).remove(&item.number);
            if queues.is_empty() {
                self.queues.remove(who);
            }
        }
    }
}

type Queue = fn(&mut Queues) -> &mut BTreeMap<u64, ItemId>;

fn offers(status: &Status) -> usize {
    match status {
        Status::Offered(to) => to.len(),
        Status::Unoffered(_) | Status::Allocated(_) | Status::Started(_) | Status::Suspended(_) => {
            0
        }
    }
}

/// The queues of participants that an item with this status stands in.
fn places(status: &Status) -> Vec<(&ParticipantId, Queue)> {
    let offered: Queue = |queues| &mut queues.offered;
    let allocated: Queue = |queues| &mut queues.allocated;
    let started: Queue = |queues| &mut queues.started;
    let suspended: Queue = |queues| &mut queues.suspended;
    match status {
        Status::Unoffered(_) => Vec::new(),
        Status::Offered(to) => to.iter().map(|who| (who, offered)).collect(),
        Status::Allocated(who) => vec![(who, allocated)],
        Status::Started(who) => vec![(who, started)],
        Status::Suspended(who) => vec![(who, suspended)],
    }
}

/// Asserts what holds after every event.
pub fn check_invariants(worklist: &Worklist) {
    let mut built = Worklist::default();
    for (id, item) in &worklist.items {
        assert!(item.number < worklist.next, "{id} has a number that was not given");
        if let Status::Offered(to) = &item.status {
            assert!(!to.is_empty(), "{id} is offered to nobody");
        }
        built.enqueue(id, item);
    }
    assert_eq!(built.unoffered, worklist.unoffered, "the administrator's queue follows");
    assert_eq!(built.queues, worklist.queues, "queues follow from items");
    assert_eq!(built.order, worklist.order, "an item has a number of its own");
    assert_eq!(built.of_cases, worklist.of_cases, "items by case follow");
    assert_eq!(built.offers, worklist.offers, "open offers are counted");
}
