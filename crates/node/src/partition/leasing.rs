//! Items under leases: handed out to whoever claims, renewed, taken back when nobody renews.

use std::sync::Arc;

use agents::{
    Epoch, Moment,
    lease::{self, Lapsed, Standing, TERM_MS_DEFAULT, TERM_MS_MAX, TERM_MS_MIN},
};
use engine::{Answer, CaseId, Decision, ItemKey, case::ItemStatus};

use super::{Running, Stopped, guard, unchanged, work::Place, worklists::Given};
use crate::{
    api::Claimed,
    cases::Slot,
    entry::{Body, Entry},
    inbox::{ClaimJob, RenewJob, Told},
    partition::keeping::{Of, Step},
    rejected::Rejected,
};

impl Running {
    /// Hands out what waits: fewer than asked for if there are not so many, or if the batch is full.
    pub(super) fn on_claim(&mut self, claim: &ClaimJob) -> Vec<Claimed> {
        let mut claimed = Vec::new();
        while claimed.len() < claim.items_max && !self.is_full() {
            let whom = (&claim.holder, &*claim.capabilities);
            let Some((line, place)) = self.work.pick(whom, &self.cases) else { break };
            match self.claim_item(&place, claim) {
                Ok(Some(item)) => claimed.push(item),
                // It was refused, rests now, and may be claimed later.
                Ok(None) => {}
                Err(rejected) => {
                    let case = self.cases.id(place.slot);
                    tracing::error!(%case, error = %rejected, "an item could not be handed out");
                    self.work.put_back(line, place);
                    break;
                }
            }
        }
        self.partition.context.telemetry.items_claimed.add(claimed.len() as u64);
        claimed
    }

    /// Checks the item out for the claimant; nothing if the rules refuse it.
    fn claim_item(&mut self, place: &Place, claim: &ClaimJob) -> Result<Option<Claimed>, Rejected> {
        let before = self.heated(place.slot)?;
        let Some(decision) = self.start(place, &before)? else { return Ok(None) };
        let Answer::Started { item, data } = &decision.answer else {
            unreachable!("a start is answered with the item")
        };
        let (program, epoch) = (&before.loaded.program, self.next_epoch());
        let (holder, term_ms) = (claim.holder.clone(), claim.term_ms);
        let case = decision.case.id.clone();
        let (leased, ballot, juried, attempts) = match place.ballot {
            None => {
                let claims = lease::Command::Claim { item: item.clone(), holder, term_ms, epoch };
                let attempts = before.leases().get(item).map_or(0, |lease| lease.attempts);
                (self.decide_lease(&case, &before, claims)?, None, Vec::new(), attempts)
            }
            Some(ballot) => {
                let of = (&*before, &decision.case);
                let (claimed, juried) = self.claim_ballot(of, (item, ballot), claim)?;
                let jury = before.juries().get(item);
                let lease = jury.and_then(|jury| jury.ballots.get(&ballot));
                (None, Some(claimed), juried, lease.map_or(0, |lease| lease.attempts))
            }
        };
        let runner = decision.case.runner_of(item).map(|(_, runner)| runner);
        let task = runner.map(|runner| program.task(runner, item.task));
        let asks = runner.and_then(|runner| before.loaded.capabilities.get(runner.net, item));
        let claimed = Claimed {
            item: program.item_id(&decision.case, item),
            specification: before.loaded.key.clone(),
            task: task.map(|task| task.id.clone()).unwrap_or_default(),
            task_name: task.map(|task| task.name.clone()).unwrap_or_default(),
            capability: asks.map(ToString::to_string),
            epoch,
            term_ms,
            attempt: attempts + 1,
            enabled_at_ms: decision.case.items.get(item).map_or(0, |item| item.enabled_at_ms),
            data: data.clone(),
            traceparent: before.traceparent(),
            case,
            ballot,
        };
        let of = Of::Known { slot: place.slot, before };
        let given = Given::default();
        let step = Step { of, command: None, at_ms: self.now_ms(), leased, given };
        self.record_reviewed((step, juried), decision, None)?;
        Ok(Some(claimed))
    }

    /// The item at work: started now, or before where others hold ballots of it. Nothing if the rules refuse it.
    fn start(&mut self, place: &Place, before: &Arc<Entry>) -> Result<Option<Decision>, Rejected> {
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let (program, inputs, item) = (&before.loaded.program, self.inputs(), &place.item);
        if before.juries().get(item).is_some() {
            let shown = engine::view::item(program, state, item);
            let data = shown.and_then(|shown| shown.data).unwrap_or_default();
            let answer = Answer::Started { item: item.clone(), data };
            return Ok(Some(Decision { answer, ..unchanged(state) }));
        }
        let start = engine::Command::Start { item: item.clone() };
        let decided = guard(&state.id, || engine::decide(program, state, start, inputs));
        match decided.and_then(|decided| decided.map_err(Rejected::from)) {
            Ok(decision) => Ok(Some(decision)),
            Err(rejected) => {
                let case = &state.id;
                tracing::warn!(%case, error = %rejected, "an item could not be started for a claim");
                let epoch = self.next_epoch();
                let refuse = lease::Command::Refuse { item: item.clone(), epoch };
                self.lease_only(place.slot, case, refuse)?;
                Ok(None)
            }
        }
    }

    pub(super) fn on_renewal(&mut self, renewal: &RenewJob) -> Result<Told, Rejected> {
        let RenewJob { case, epoch, term_ms } = renewal;
        let rejected = |refusal| Rejected::Lease { item: case.to_string(), refusal };
        if !(TERM_MS_MIN..=TERM_MS_MAX).contains(term_ms) {
            return Err(rejected(lease::Refusal::Term { given: *term_ms }));
        }
        let slot = self.cases.find(case);
        let slot = slot.ok_or_else(|| Rejected::NoSuchCase(case.to_string()))?;
        let now = self.moment();
        match self.work.renew(*epoch, slot, (now, *term_ms)) {
            Some(until) => Ok(Told::Renewed { left_ms: until.since(now) }),
            None => {
                let reason = "the lease has ended, or the item has another holder";
                Err(rejected(lease::Refusal::StaleEpoch { given: *epoch, reason }))
            }
        }
    }

    /// Takes back what nobody renewed, and wakes what has rested.
    pub(super) fn lapse(&mut self) -> Result<(), Stopped> {
        let now = self.moment();
        while self.work.next_look().is_some_and(|look| look <= now) {
            let lapsed = self.work.lapsed(now, self.partition.batch_max);
            for lapsed in &lapsed {
                let done = match (lapsed, lapsed.at().ballot) {
                    (Lapsed::Term { at, epoch }, Some(_)) => self.on_ballot_term(at, *epoch, now),
                    (Lapsed::Rest { at }, Some(ballot)) => self.on_ballot_rest(at, ballot),
                    (Lapsed::Term { at, epoch }, None) => self.on_term(at, *epoch, now),
                    (Lapsed::Rest { at }, None) => {
                        let case = self.cases.id(at.slot).clone();
                        let wake = lease::Command::Wake { item: at.item.clone() };
                        self.lease_only(at.slot, &case, wake)
                    }
                };
                if let Err(rejected) = done {
                    let case = self.cases.id(lapsed.at().slot);
                    tracing::error!(%case, error = %rejected, "a lease could not be ended");
                }
                if self.is_full() {
                    self.flush()?;
                }
            }
            self.warn(now)?;
            for (place, since) in self.work.phases_over(now) {
                if let Err(rejected) = self.on_phase(&place, since, now) {
                    let case = self.cases.id(place.slot);
                    tracing::error!(%case, error = %rejected, "a phase of a review could not be ended");
                    self.work.hold_phase(since, place, (now, TERM_MS_DEFAULT));
                }
                if self.is_full() {
                    self.flush()?;
                }
            }
            self.offer()?;
        }
        Ok(())
    }

    /// The holder was silent for its whole term.
    fn on_term(&mut self, place: &Place, epoch: Epoch, now: Moment) -> Result<(), Rejected> {
        let before = self.heated(place.slot)?;
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let case = state.id.clone();
        if let Some(term_ms) = suspended(&before, &place.item) {
            // Nobody may work on it, so nobody is late.
            self.work.hold(epoch, place.clone(), (now, term_ms));
            return Ok(());
        }
        let expire = lease::Command::Expire { item: place.item.clone(), epoch };
        let Some(event) = self.decide_lease(&case, &before, expire)? else { return Ok(()) };
        let (program, inputs) = (&before.loaded.program, self.inputs());
        let back = engine::Command::Rollback { item: place.item.clone() };
        let decision = match guard(&case, || engine::decide(program, state, back, inputs))? {
            Ok(decision) => decision,
            Err(refusal) => {
                tracing::warn!(%case, error = %refusal, "an item could not be taken back yet");
                self.work.hold(epoch, place.clone(), (now, TERM_MS_DEFAULT));
                return Ok(());
            }
        };
        let telemetry = &self.partition.context.telemetry;
        telemetry.leases_expired.add(1);
        let of = Of::Known { slot: place.slot, before };
        let step = Step {
            of,
            command: None,
            at_ms: inputs.now.unix_ms,
            leased: Some(event),
            given: Given::default(),
        };
        self.record(step, decision, None)
    }

    /// Something that concerns the lease alone.
    fn lease_only(
        &mut self,
        slot: Slot,
        case: &CaseId,
        command: lease::Command<ItemKey>,
    ) -> Result<(), Rejected> {
        let before = self.heated(slot)?;
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let Some(event) = self.decide_lease(case, &before, command)? else { return Ok(()) };
        let decision = unchanged(state);
        let of = Of::Known { slot, before: before.clone() };
        let step = Step {
            of,
            command: None,
            at_ms: self.now_ms(),
            leased: Some(event),
            given: Given::default(),
        };
        self.record(step, decision, None)
    }

    pub(super) fn decide_lease(
        &self,
        case: &CaseId,
        before: &Entry,
        command: lease::Command<ItemKey>,
    ) -> Result<Option<lease::Event<ItemKey>>, Rejected> {
        let item = command.item().clone();
        let decided = lease::decide(before.leases(), command, self.partition.context.retry);
        decided.map_err(|refusal| {
            let item = match &before.body {
                Body::Hot(state) => before.loaded.program.item_id(state, &item),
                Body::Cold(_) => case.to_string(),
            };
            Rejected::Lease { item, refusal }
        })
    }

    /// The epoch for a holder whom the next record names: positions only grow, and no two records share one.
    pub(super) fn next_epoch(&self) -> Epoch {
        Epoch(self.next + 1)
    }

    fn moment(&self) -> Moment {
        self.partition.context.clock.moment()
    }
}

/// The term of the holder, if the item is suspended or its case is.
pub(super) fn suspended(entry: &Entry, item: &ItemKey) -> Option<u64> {
    let is_suspended = entry.item(item).is_some_and(|item| item.status == ItemStatus::Suspended);
    match entry.leases().get(item).map(|lease| &lease.standing) {
        Some(Standing::Held { term_ms, .. }) if is_suspended => Some(*term_ms),
        Some(
            Standing::Held { .. }
            | Standing::Free
            | Standing::Resting { .. }
            | Standing::DeadLetter,
        )
        | None => None,
    }
}
