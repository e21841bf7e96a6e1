//! Items of those who are gone: an agent that is no longer registered, somebody whom the organisation does not know any
//! more. Looked for from time to time, so that nothing depends on being told.

use std::ops::Bound;

use agents::{
    Moment,
    resourcing::{
        ItemId, ParticipantId,
        worklist::{Command, Queues, Status, Worklist},
    },
};

use super::known::Ground;
use crate::{
    entry::Body,
    ids::partition_of,
    partition::{
        Running, Stopped,
        keeping::{Of, Step},
        unchanged,
    },
    rejected::Rejected,
};

/// How often a partition that has given something looks who is gone.
const LOOK_MS: u64 = 1_000;
/// Participants and items of theirs that one look takes: well below a millisecond.
const LOOK_MAX: usize = 1_000;

/// When to look again, and where to go on.
#[derive(Default)]
pub(in crate::partition) struct Look {
    pub(in crate::partition) at: Option<Moment>,
    from: Option<ParticipantId>,
}

impl Running {
    /// Something was given: it may have to be taken back.
    pub(super) fn expect_look(&mut self) {
        let now = self.partition.context.clock.moment();
        self.look.at.get_or_insert_with(|| now.after(LOOK_MS));
    }

    /// Distributes again what those had who are gone, if it is time to look.
    pub(in crate::partition) fn miss(&mut self) -> Result<(), Stopped> {
        let Some(at) = self.look.at else { return Ok(()) };
        let now = self.partition.context.clock.moment();
        if at > now {
            return Ok(());
        }
        let (is_empty, missed) = self.missed();
        self.look.at = (!is_empty).then(|| now.after(LOOK_MS));
        for item in missed {
            if let Err(rejected) = self.take_back(&item) {
                tracing::error!(%item, error = %rejected, "an item could not be taken back");
            }
            if self.is_full() {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Items of this partition whose participants are gone; also whether the worklist is empty.
    fn missed(&mut self) -> (bool, Vec<ItemId>) {
        let from = self.look.from.take();
        let (number, partitions) = (self.partition.number, self.partition.partitions);
        let is_own = |worklist: &Worklist, id: &ItemId| {
            let case = worklist.item(id).map(|item| engine::CaseId::parse(item.case.as_str()));
            case.is_some_and(|case| {
                case.is_ok_and(|case| partition_of(&case, partitions) == number)
            })
        };
        let (is_empty, missed, next) = self.with_ground(|ahead, ground| {
            let worklist = &ahead.worklist;
            let start = from.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
            let (mut missed, mut next) = (Vec::new(), None);
            for (count, (who, queues)) in worklist.participants(start).enumerate() {
                if count == LOOK_MAX || missed.len() >= LOOK_MAX {
                    break;
                }
                next = Some(who.clone());
                if ground.is_gone(who) {
                    let own = of_gone(worklist, ground, queues).filter(|id| is_own(worklist, id));
                    missed.extend(own.take(LOOK_MAX).cloned());
                }
            }
            let is_over = next
                .as_ref()
                .is_none_or(|next| worklist.participants(Bound::Excluded(next)).next().is_none());
            (worklist.is_empty(), missed, next.filter(|_| !is_over))
        });
        self.look.from = next;
        (is_empty, missed)
    }

    fn take_back(&mut self, item: &ItemId) -> Result<(), Rejected> {
        let case = crate::ids::case_of_item(item.as_str());
        let Some(slot) = case.and_then(|case| self.cases.find(&case)) else { return Ok(()) };
        let before = self.heated(slot)?;
        let Body::Hot(state) = &before.body else { return Ok(()) };
        let Some(key) = before.loaded.program.parse_item(state, item.as_str()) else {
            return Ok(());
        };
        let given =
            self.reserve(&before, Some(&key), Command::Redistribute { item: item.clone() })?;
        let decision = match self.roll_back(&before, &key) {
            Ok(decision) => decision.unwrap_or_else(|| unchanged(state)),
            Err(rejected) => {
                self.put_back(given);
                return Err(rejected);
            }
        };
        let of = Of::Known { slot, before: before.clone() };
        let at_ms = self.now_ms();
        self.record(Step { of, command: None, at_ms, leased: None, given }, decision, None)
    }
}

/// Items of somebody who is gone that nobody else can take: those that they have, and those that are offered to nobody
/// who is there.
fn of_gone<'w>(
    worklist: &'w Worklist,
    ground: &'w Ground<'_>,
    queues: &'w Queues,
) -> impl Iterator<Item = &'w ItemId> {
    let alone = |id: &&ItemId| match worklist.item(id).map(|item| &item.status) {
        Some(Status::Offered(to)) => to.iter().all(|who| ground.is_gone(who)),
        Some(
            Status::Unoffered(_) | Status::Allocated(_) | Status::Started(_) | Status::Suspended(_),
        )
        | None => false,
    };
    let Queues { offered, allocated, started, suspended } = queues;
    let held = [allocated, started, suspended].into_iter().flat_map(|queue| queue.values());
    held.chain(offered.values().filter(alone))
}
