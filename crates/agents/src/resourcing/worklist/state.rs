//! The items, and in which queues they stand.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::resourcing::{
    distribute::Reason,
    ids::{CaseId, ItemId, ParticipantId, TaskKey},
};

/// All items that are given to participants, with their queues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worklist {
    pub(super) items: BTreeMap<ItemId, Item>,
    pub(super) piled: BTreeMap<TaskKey, ParticipantId>,
    pub(super) chained: BTreeMap<CaseId, ParticipantId>,
    /// The number of the next item.
    pub(super) next: u64,
    /// The administrator's queue. Follows from `items`.
    unoffered: BTreeMap<u64, ItemId>,
    /// Those of participants who have any. Follow from `items`.
    queues: BTreeMap<ParticipantId, Queues>,
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

    /// Who has every item of the task.
    pub fn piled_by(&self, task: &TaskKey) -> Option<&ParticipantId> {
        self.piled.get(task)
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
        self.items.insert(id, item);
    }

    pub(super) fn remove(&mut self, id: &ItemId) -> Option<Item> {
        let item = self.items.remove(id)?;
        self.dequeue(&item);
        Some(item)
    }

    fn enqueue(&mut self, id: &ItemId, item: &Item) {
        if matches!(item.status, Status::Unoffered(_)) {
            self.unoffered.insert(item.number, id.clone());
        }
        for (who, queue) in places(&item.status) {
            let queues = self.queues.entry(who.clone()).or_default();
            queue(queues).insert(item.number, id.clone());
        }
    }

    fn dequeue(&mut self, item: &Item) {
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
}
