//! Items that the system starts: each in a record of its own, behind the one that distributed it.

use agents::{
    Epoch,
    lease::{self, TERM_MS_DEFAULT},
    resourcing::{
        ItemId, ParticipantId, Resourcing,
        worklist::{self, Command, Context, Event, Status},
    },
};
use engine::{Answer, Case, Decision, ItemKey, case::ItemStatus};

use super::{
    Given, case_id, item_id,
    known::{Ground, Known},
    task_key,
};
use crate::{
    cases::Slot,
    entry::{Body, Entry},
    partition::{
        Running, Stopped, guard,
        keeping::{Of, Step},
        unchanged,
    },
    rejected::Rejected,
    worklists::Ahead,
};

/// An item at work, as its holder sees it.
pub(super) struct AtWork {
    pub(super) decision: Decision,
    pub(super) leased: Option<lease::Event<ItemKey>>,
    pub(super) epoch: Option<Epoch>,
}

impl Running {
    /// What the last run of the node was to start and did not come to.
    pub(in crate::partition) fn resume_given(&mut self) {
        let ledger = self.partition.projection.ledger();
        if ledger.worklist.is_empty() {
            return;
        }
        self.expect_look();
        for (id, item) in ledger.worklist.items() {
            let case = engine::CaseId::parse(item.case.as_str()).ok();
            let slot = case.and_then(|case| self.cases.find(&case));
            if let (Some(slot), Status::Started(_)) = (slot, &item.status) {
                let offers = |item: &engine::case::Item| {
                    matches!(item.status, ItemStatus::Enabled | ItemStatus::Fired)
                };
                // Others are at work already.
                if self.cases[slot].entry.items().any(|(_, item)| offers(item)) {
                    self.starts.push_back((slot, id.clone()));
                }
            }
        }
    }

    /// Starts what waits to be started.
    pub(in crate::partition) fn start_given(&mut self) -> Result<(), Stopped> {
        while let Some((slot, item)) = self.starts.pop_front() {
            if let Err(rejected) = self.start_one(slot, &item) {
                tracing::error!(%item, error = %rejected, "an item could not be started for its participant");
            }
            if self.is_full() {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn start_one(&mut self, slot: Slot, item: &ItemId) -> Result<(), Rejected> {
        let before = self.heated(slot)?;
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let status = {
            let ahead = self.partition.context.worklists.lock();
            ahead.worklist.item(item).map(|item| item.status.clone())
        };
        let Some(Status::Started(by)) = status else { return Ok(()) };
        let Some(key) = before.loaded.program.parse_item(state, item.as_str()) else {
            return Ok(());
        };
        let status = state.items.get(&key).map(|item| item.status);
        if !matches!(status, Some(ItemStatus::Enabled | ItemStatus::Fired)) {
            return Ok(());
        }
        match self.put_to_work(&before, (item, &key), &by) {
            Ok((at_work, given)) => {
                let AtWork { decision, leased, .. } = at_work;
                let of = Of::Known { slot, before };
                let at_ms = self.now_ms();
                self.record(Step { of, command: None, at_ms, leased, given }, decision, None)
            }
            // It is looked at again when its rest is over.
            Err(Rejected::Lease { refusal: lease::Refusal::Resting { .. }, .. }) => Ok(()),
            Err(rejected) => {
                tracing::warn!(%item, error = %rejected, "the net would not start an item");
                let command = Command::Refuse { item: item.clone() };
                let given = self.reserve(&before, None, command)?;
                let decision = unchanged(state);
                let of = Of::Known { slot, before: before.clone() };
                let at_ms = self.now_ms();
                self.record(Step { of, command: None, at_ms, leased: None, given }, decision, None)
            }
        }
    }

    /// Has the net start an item for whoever has it in the worklist, an agent under a lease. The worklist knows its new
    /// name then.
    pub(super) fn put_to_work(
        &self,
        before: &Entry,
        (item, key): (&ItemId, &ItemKey),
        by: &ParticipantId,
    ) -> Result<(AtWork, Given), Rejected> {
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let (program, inputs) = (&before.loaded.program, self.inputs());
        let start = engine::Command::Start { item: key.clone() };
        let decision = guard(&state.id, || engine::decide(program, state, start, inputs))??;
        let Answer::Started { item: child, .. } = &decision.answer else {
            unreachable!("a start is answered with the item")
        };
        let agent = self.with_ground(|_, ground| ground.works_as_agent(by));
        let epoch = self.next_epoch();
        let leased = match agent {
            Some(holder) => {
                let (item, term_ms) = (child.clone(), TERM_MS_DEFAULT);
                let claim = lease::Command::Claim { item, holder, term_ms, epoch };
                self.decide_lease(&state.id, before, claim)?
            }
            None => None,
        };
        let to = item_id(&program.item_id(&decision.case, child))?;
        let given = self.reserve(before, None, Command::Rename { item: item.clone(), to })?;
        let epoch = leased.as_ref().map(|_| epoch);
        Ok((AtWork { decision, leased, epoch }, given))
    }

    /// Has the worklist decide, and changes it at once: no other partition can act on what is taken. It is put back if
    /// the rest cannot be done or stored.
    pub(super) fn reserve(
        &self,
        before: &Entry,
        key: Option<&ItemKey>,
        command: Command,
    ) -> Result<Given, Rejected> {
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let (now, seed) = (self.worklist_moment(), self.inputs().seed);
        self.with_ground(|ahead, ground| {
            let events = self.ask((ahead, ground), (before, state, key), (now, seed), command)?;
            let slice = ahead.worklist.slice(&case_id(&state.id));
            for event in &events {
                worklist::apply(&mut ahead.worklist, event);
            }
            Ok(Given { events, before: Some(slice), starts: Vec::new() })
        })
    }

    fn ask(
        &self,
        (ahead, ground): (&Ahead, &Ground<'_>),
        (before, state, key): (&Entry, &Case, Option<&ItemKey>),
        (now, seed): (agents::Moment, u64),
        command: Command,
    ) -> Result<Vec<Event>, Rejected> {
        let (program, everybody) = (&*before.loaded.program, Resourcing::everybody());
        let place = key.and_then(|key| Some((state.runner_of(key)?.1, key)));
        let task = place.map(|(runner, key)| program.task(runner, key.task));
        let task = task_key(&before.loaded, task.map_or("", |task| &task.id));
        let asked = place.and_then(|(runner, key)| {
            super::asked(&before.loaded, (runner.net, key.task)).map(|asked| &**asked)
        });
        let facts = Known {
            ground,
            histories: &ahead.histories,
            own: self.partition.number,
            case: &case_id(&state.id),
            task: &task,
            place: key.map(|key| (program, state, key)),
            completed: &[],
        };
        let resourcing = asked.unwrap_or(&everybody);
        let context = Context { resourcing, facts: &facts, now, seed };
        worklist::decide(&ahead.worklist, &context, command).map_err(Rejected::Worklist)
    }
}
