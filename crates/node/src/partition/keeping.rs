//! What a partition keeps of its cases: new records, states in memory, states left to the log.

use std::sync::Arc;

use agents::{
    jury::{self, What},
    lease::{self, Lease, Standing},
    resourcing::worklist,
};
use engine::{Case, CaseId, Decision, ItemKey, case::ItemStatus};

use super::{Running, reviews::close, worklists::Given};
use crate::{
    api::{ChangeKind, Loaded},
    cases::Slot,
    chain::{self, CHAIN_MAX},
    entry::{Body, Entry, body_of},
    ids::CommandId,
    record::{
        self, CommandRecordRef, GivenRecordRef, ReviewedRecordRef, StateRecordRef, StoredAnswer,
        TracedRecordRef,
    },
    rejected::{Fault, Rejected},
    traceparent::Traceparent,
    writer::Update,
};

/// A case that is evicted with a shorter chain needs no state record: reading so many is quick.
const EVICT_CHAIN_MAX: u32 = 16;

/// What one decision adds to a case.
pub(super) struct Step<'a> {
    pub(super) of: Of,
    pub(super) command: Option<&'a CommandId>,
    pub(super) at_ms: i64,
    /// What happens to the lease that the command is about.
    pub(super) leased: Option<lease::Event<ItemKey>>,
    /// What has been decided about the worklist.
    pub(super) given: Given,
}

/// The case that a decision is about.
pub(super) enum Of {
    New { case: CaseId, loaded: Arc<Loaded>, traceparent: Option<Traceparent> },
    Known { slot: Slot, before: Arc<Entry> },
}

impl Running {
    /// The case with its state in memory, read from the log if need be.
    pub(super) fn heated(&mut self, slot: Slot) -> Result<Arc<Entry>, Rejected> {
        let entry = &self.cases[slot].entry;
        if entry.is_hot() {
            return Ok(entry.clone());
        }
        let case = self.cases.id(slot);
        let state = chain::load(&*self.partition.reader, case, entry).map_err(|source| {
            Rejected::Fault(Fault::Read { case: case.clone(), source: Arc::new(source) })
        })?;
        let body = Body::Hot(Box::new(state));
        let heated = Arc::new(Entry { body, ..(**entry).clone() });
        self.partition.context.telemetry.cases_reloaded.add(1);
        self.replace(slot, heated.clone());
        self.cases.touch(slot);
        Ok(heated)
    }

    /// Puts a decision into the batch and makes it the state to decide on next.
    pub(super) fn record(
        &mut self,
        step: Step<'_>,
        decision: Decision,
        answer: Option<StoredAnswer>,
    ) -> Result<(), Rejected> {
        self.record_reviewed((step, Vec::new()), decision, answer)
    }

    /// As [`Running::record`], with what happens to the juries of the case.
    pub(super) fn record_reviewed(
        &mut self,
        (step, juried): (Step<'_>, Vec<jury::Event<ItemKey>>),
        decision: Decision,
        answer: Option<StoredAnswer>,
    ) -> Result<(), Rejected> {
        let Step { of, command, at_ms, leased, given } = step;
        let leases = leases_of(&of, leased, &decision.case);
        let reviews = reviews_of(&of, juried, (&decision.case, &leases));
        let given = self.follow(&of, &decision, given);
        let is_nothing = decision.events.is_empty()
            && leases.is_empty()
            && reviews.is_empty()
            && given.events.is_empty();
        let (case, previous, specification) = match &of {
            Of::New { case, loaded, .. } => (case, None, Some(loaded.number)),
            Of::Known { slot, .. } if is_nothing => {
                self.starts.extend(given.starts.into_iter().map(|item| (*slot, item)));
                return Ok(());
            }
            Of::Known { slot, before } => (self.cases.id(*slot), Some(before.last), None),
        };
        // Shares its text with the table's: the table cannot be looked at while the batch is written to.
        let case = case.clone();
        self.count_holds(&of, &leases);
        self.count_ballots(&of, &reviews);
        let record = CommandRecordRef {
            case: &case,
            previous,
            specification,
            command,
            at_ms,
            events: &decision.events,
            leases: &leases,
            answer,
        };
        let position = match self.push_command(&of, record, (&given.events, &reviews)) {
            Ok(position) => position,
            Err(rejected) => {
                self.put_back(given);
                return Err(rejected);
            }
        };
        if let Of::Known { before, .. } = &of {
            self.note_holds((&case, before), &decision.events, &leases);
            self.note_ballots((&case, before), &decision.events, &reviews);
        }
        let hash = command.map(CommandId::hash);
        let has_ended = decision.case.has_ended();
        let body = body_of(decision.case);
        let slot = match of {
            Of::New { loaded, traceparent, .. } => {
                let mut entry = Entry::launched(loaded, position, hash, body);
                entry.trace(traceparent);
                self.launched(case, Arc::new(entry))
            }
            Of::Known { slot, before } => {
                let mut entry = before.after(position, hash, body);
                entry.lease(&leases);
                entry.review(&reviews);
                let entry = Arc::new(entry);
                self.work.changed(slot, Some(&before), &entry);
                let change = if has_ended { ChangeKind::Ended } else { ChangeKind::Progressed };
                self.replace(slot, entry.clone());
                self.keep(Update { slot, case, entry, change: Some(change) });
                slot
            }
        };
        self.keep_given(slot, position, given);
        Ok(())
    }

    /// Adds the record of a command: the plain one of most, or one with what few have.
    fn push_command(
        &mut self,
        of: &Of,
        command: CommandRecordRef<'_>,
        (given, reviews): (&[worklist::Event], &[jury::Event<ItemKey>]),
    ) -> Result<u64, Rejected> {
        let traceparent = match of {
            Of::New { traceparent, .. } => *traceparent,
            Of::Known { .. } => None,
        };
        match traceparent {
            Some(traceparent) => {
                self.push(record::TRACED, &TracedRecordRef { traceparent, command, given })
            }
            None if !reviews.is_empty() => {
                self.push(record::REVIEWED, &ReviewedRecordRef { command, given, reviews })
            }
            None if given.is_empty() => self.push(record::COMMAND, &command),
            None => self.push(record::COMMAND_GIVEN, &GivenRecordRef { command, given }),
        }
    }

    /// Counts which holds begin and how others end.
    fn count_holds(&self, of: &Of, events: &[lease::Event<ItemKey>]) {
        let Of::Known { before, .. } = of else { return };
        for event in events {
            let lease = before.leases().get(event.item());
            let was_held =
                lease.is_some_and(|lease| matches!(lease.standing, Standing::Held { .. }));
            self.partition.context.telemetry.agents.count_hold(event, was_held);
        }
    }

    /// Counts the same of ballots.
    fn count_ballots(&self, of: &Of, events: &[jury::Event<ItemKey>]) {
        let Of::Known { before, .. } = of else { return };
        for jury::Event { item, what } in events {
            let What::Ballot(event) = what else { continue };
            let jury = before.juries().get(item);
            let lease = jury.and_then(|jury| jury.ballots.get(event.item()));
            let was_held =
                lease.is_some_and(|lease| matches!(lease.standing, Standing::Held { .. }));
            self.partition.context.telemetry.agents.count_hold(event, was_held);
        }
    }

    fn launched(&mut self, case: CaseId, entry: Arc<Entry>) -> Slot {
        self.partition.context.telemetry.cases_hot.add(u64::from(entry.is_hot()));
        let slot = self.cases.insert(case.clone(), entry.clone());
        self.work.changed(slot, None, &entry);
        self.keep(Update { slot, case, entry, change: Some(ChangeKind::Launched) });
        slot
    }

    /// Has the case shown once it is durable, and woken when it wants to be.
    fn keep(&mut self, update: Update) {
        let (slot, entry) = (update.slot, update.entry.clone());
        self.cases.touch(slot);
        self.arm(slot, entry.next_due_ms());
        self.batch.updates.push(update);
        if entry.chain >= CHAIN_MAX && entry.is_hot() {
            self.save_state(slot);
        }
    }

    /// Makes `entry` what is decided on.
    fn replace(&mut self, slot: Slot, entry: Arc<Entry>) {
        let before = self.cases.hot();
        self.cases.replace(slot, entry);
        let gauge = &self.partition.context.telemetry.cases_hot;
        gauge.add(self.cases.hot().saturating_sub(before) as u64);
        gauge.sub(before.saturating_sub(self.cases.hot()) as u64);
    }

    /// Adds a record to the batch and gives its position.
    fn push(&mut self, tag: u8, record: &impl serde::Serialize) -> Result<u64, Rejected> {
        let start = self.batch.bytes.len();
        let mut bytes = record::encode(record, std::mem::take(&mut self.batch.bytes));
        let size = bytes.len() - start;
        let max = store::RECORD_BYTES_MAX;
        if size > max {
            bytes.truncate(start);
            self.batch.bytes = bytes;
            return Err(Rejected::TooLarge {
                what: "command with what follows from it",
                size,
                max,
            });
        }
        self.batch.ends.push((tag, bytes.len()));
        self.batch.bytes = bytes;
        let position = self.next;
        self.next += 1;
        Ok(position)
    }

    /// Writes a hot case's whole state, so that it can be loaded without reading further back.
    fn save_state(&mut self, slot: Slot) {
        let entry = self.cases[slot].entry.clone();
        let Body::Hot(state) = &entry.body else { return };
        let record = StateRecordRef { previous: entry.last, case: state };
        // A state too large for a record is loaded from its commands, each of which did fit.
        let Ok(position) = self.push(record::STATE, &record) else { return };
        let saved = Arc::new(Entry { last: position, chain: 0, ..(*entry).clone() });
        self.moved(slot, saved);
    }

    /// Leaves the state of cases that were not used for some time to the log while there are too many.
    pub(super) fn evict(&mut self) {
        let excess = self.cases.hot().saturating_sub(self.partition.hot_cases_max);
        let durable = self.partition.projection.durable();
        for slot in self.cases.coldest(excess.min(self.partition.batch_max)) {
            let entry = &self.cases[slot].entry;
            if !entry.is_hot() || entry.last >= durable {
                // It was named twice, or its newest record cannot be read yet.
                continue;
            }
            if entry.chain > EVICT_CHAIN_MAX {
                self.save_state(slot);
                continue;
            }
            let cooled = Arc::new(entry.cooled());
            self.partition.context.telemetry.cases_evicted.add(1);
            self.moved(slot, cooled);
        }
    }

    /// Keeps the same case with its state in another place.
    fn moved(&mut self, slot: Slot, entry: Arc<Entry>) {
        self.replace(slot, entry.clone());
        let case = self.cases.id(slot).clone();
        self.batch.updates.push(Update { slot, case, entry, change: None });
    }
}

/// What happens to the leases of a case: to the one that the command is about, and to those whose item is not what
/// it was when it was leased.
fn leases_of(
    of: &Of,
    leased: Option<lease::Event<ItemKey>>,
    after: &Case,
) -> Vec<lease::Event<ItemKey>> {
    let before = match of {
        Of::Known { before, .. } => before.leases(),
        Of::New { .. } => return Vec::new(),
    };
    if before.is_empty() {
        return leased.into_iter().collect();
    }
    let mut leases = before.clone();
    let mut events = Vec::from_iter(leased);
    events.iter().for_each(|event| leases.apply(event));
    for lease in leases.iter().filter(|lease| !still_stands(lease, after)) {
        events.push(lease::Event::Forgotten { item: lease.item.clone() });
    }
    events
}

/// What happens to the juries of a case: to the one that the command is about, and to those whose item is not at work
/// any more.
fn reviews_of(
    of: &Of,
    mut events: Vec<jury::Event<ItemKey>>,
    (after, leased): (&Case, &[lease::Event<ItemKey>]),
) -> Vec<jury::Event<ItemKey>> {
    let before = match of {
        Of::Known { before, .. } => before,
        Of::New { .. } => return events,
    };
    if before.juries().is_empty() && events.is_empty() {
        return events;
    }
    let mut leases = before.leases().clone();
    leased.iter().for_each(|event| leases.apply(event));
    let is_dead = |item: &ItemKey| {
        leases.get(item).is_some_and(|lease| lease.standing == Standing::DeadLetter)
    };
    let closed = close(before, &events, (after, is_dead));
    events.extend(closed);
    events
}

/// An item that is held is at work; one that waits for a holder is not. Whoever acts on it otherwise, as an operator
/// or a timer does, ends the lease.
fn still_stands(lease: &Lease<ItemKey>, case: &Case) -> bool {
    let Some(item) = case.items.get(&lease.item) else { return false };
    let status = item.before_suspension.unwrap_or(item.status);
    match lease.standing {
        Standing::Held { .. } => status == ItemStatus::Executing,
        Standing::Free | Standing::Resting { .. } | Standing::DeadLetter => {
            matches!(status, ItemStatus::Enabled | ItemStatus::Fired)
        }
    }
}
