//! Worklists as a handle shows them, as of the last durable record of each partition.

use std::sync::Arc;

use agents::resourcing::{
    ItemId, ParticipantId, Reason, Resourcing, TaskKey, organisation,
    worklist::{Item, Queues, Status, Worklist},
};
use engine::CaseId;

use crate::{
    api::{Action, Answered, Command, ItemSummary, Page},
    config::PAGE_MAX,
    handle::Handle,
    ids::{CommandId, case_of_item},
    items,
    rejected::Rejected,
};

/// Items of one partition looked at for one page. A filter that matches little gives a short page and a place to go on.
const SCAN_MAX: usize = 50_000;

/// One of the queues that an item can stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// The administrator's.
    Unoffered,
    Offered,
    Allocated,
    Started,
    Suspended,
}

/// Whose items to list, and of which queue. Absent means all.
#[derive(Clone, Debug, Default)]
pub struct WorklistFilter {
    pub participant: Option<ParticipantId>,
    pub queue: Option<Queue>,
}

/// An item that participants are asked to do.
#[derive(Clone, Debug)]
pub struct GivenItem {
    pub item: ItemSummary,
    /// Items are older than those with greater numbers.
    pub number: u64,
    pub queue: Queue,
    /// Why nobody is offered it.
    pub reason: Option<Reason>,
    /// Whom it is offered to, or who has it.
    pub participants: Vec<ParticipantId>,
    /// Who gave it back.
    pub deallocated_by: Vec<ParticipantId>,
    /// What its task asks.
    pub resourcing: Arc<Resourcing>,
}

impl Queue {
    pub const ALL: [Self; 5] =
        [Self::Unoffered, Self::Offered, Self::Allocated, Self::Started, Self::Suspended];

    /// `unoffered`, `offered`, `allocated`, `started`, `suspended`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unoffered => "unoffered",
            Self::Offered => "offered",
            Self::Allocated => "allocated",
            Self::Started => "started",
            Self::Suspended => "suspended",
        }
    }

    fn of(status: &Status) -> Self {
        match status {
            Status::Unoffered(_) => Self::Unoffered,
            Status::Offered(_) => Self::Offered,
            Status::Allocated(_) => Self::Allocated,
            Status::Started(_) => Self::Started,
            Status::Suspended(_) => Self::Suspended,
        }
    }
}

impl Handle {
    /// Items of the worklist, oldest first, behind a number.
    pub fn worklist(
        &self,
        filter: &WorklistFilter,
        after: Option<u64>,
        limit: usize,
    ) -> Page<GivenItem> {
        let limit = limit.clamp(1, PAGE_MAX);
        let mut found = Vec::new();
        let mut seen_all_to = u64::MAX;
        for projection in &self.0.projections {
            let (of_it, to) =
                projection.look_at_ledger(|ledger| look(&ledger.worklist, filter, after, limit));
            seen_all_to = seen_all_to.min(to);
            found.extend(of_it);
        }
        found.retain(|(_, item)| item.number <= seen_all_to);
        found.sort_unstable_by_key(|(_, item)| item.number);
        let has_more = found.len() > limit || seen_all_to != u64::MAX;
        found.truncate(limit);
        let last = if found.len() == limit {
            found.last().map(|(_, item)| item.number)
        } else {
            Some(seen_all_to)
        };
        let next = last.filter(|_| has_more).map(|number| number.to_string());
        let items = found.iter().filter_map(|(id, item)| self.show_given(id, item));
        Page { items: items.collect(), next }
    }

    /// One item of the worklist.
    pub fn given_item(&self, item: &str) -> Option<GivenItem> {
        let id: ItemId = item.parse().ok()?;
        let found = self.0.projections.iter().find_map(|projection| {
            projection.look_at_ledger(|ledger| ledger.worklist.item(&id).cloned())
        });
        self.show_given(&id, &found?)
    }

    /// A participant has every item of this item's task from now on; this one is started. The participant must hold it
    /// and have the privilege.
    pub async fn pile(
        &self,
        item: &str,
        by: ParticipantId,
        id: Option<CommandId>,
    ) -> Result<Answered, Rejected> {
        let missing = || Rejected::NoSuchItem(item.to_owned());
        let case = case_of_item(item).ok_or_else(missing)?;
        // Looked at before: by its start the item gets another name.
        let given = self.given_item(item).ok_or_else(missing)?;
        let action = Action::Pile { by: by.clone() };
        let command = Command::Act { item: item.to_owned(), action };
        let answered = self.command(&case, id, command).await?;
        self.organise(organisation::Command::Pile { task: given.task_key(), by }).await?;
        Ok(answered)
    }

    fn show_given(&self, id: &ItemId, item: &Item) -> Option<GivenItem> {
        let case = CaseId::parse(item.case.as_str()).ok()?;
        let entry = self.entry(&case).ok()?;
        let (summary, resourcing) = items::given(&case, &entry, id.as_str())?;
        let (reason, participants) = match &item.status {
            Status::Unoffered(reason) => (Some(*reason), Vec::new()),
            Status::Offered(to) => (None, to.iter().cloned().collect()),
            Status::Allocated(who) | Status::Started(who) | Status::Suspended(who) => {
                (None, vec![who.clone()])
            }
        };
        Some(GivenItem {
            item: summary,
            number: item.number,
            queue: Queue::of(&item.status),
            reason,
            participants,
            deallocated_by: item.deallocated_by.iter().cloned().collect(),
            resourcing,
        })
    }
}

impl GivenItem {
    /// Its task, over all cases.
    pub fn task_key(&self) -> TaskKey {
        let specification = self.item.specification.as_str().into();
        TaskKey { specification, task: self.item.task.as_str().into() }
    }
}

type Found = (ItemId, Item);

/// The first items of one partition that a filter wants, one more than `limit`, and the number up to which none is
/// missing.
fn look(
    worklist: &Worklist,
    filter: &WorklistFilter,
    after: Option<u64>,
    limit: usize,
) -> (Vec<Found>, u64) {
    let wanted = |item: &Item| filter.queue.is_none_or(|queue| Queue::of(&item.status) == queue);
    if let Some(who) = &filter.participant {
        let found = of_participant(worklist, who, after, limit);
        return (found.into_iter().filter(|(_, item)| wanted(item)).collect(), u64::MAX);
    }
    let mut found = Vec::new();
    for (looked, (id, item)) in worklist.oldest(after).enumerate() {
        if looked == SCAN_MAX {
            return (found, item.number - 1);
        }
        if wanted(item) {
            found.push((id.clone(), item.clone()));
        }
        if found.len() > limit {
            break;
        }
    }
    (found, u64::MAX)
}

/// The first items of each queue of a participant.
fn of_participant(
    worklist: &Worklist,
    who: &ParticipantId,
    after: Option<u64>,
    limit: usize,
) -> Vec<Found> {
    let Some(Queues { offered, allocated, started, suspended }) = worklist.queues(who) else {
        return Vec::new();
    };
    let from = after.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
    let mut found = Vec::new();
    for queue in [offered, allocated, started, suspended] {
        let ids = queue.range((from, std::ops::Bound::Unbounded)).take(limit + 1);
        found.extend(ids.filter_map(|(_, id)| Some((id.clone(), worklist.item(id)?.clone()))));
    }
    found
}
