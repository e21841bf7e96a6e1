//! What a partition keeps of its cases: new records, states in memory, states left to the log.

use std::sync::Arc;

use engine::{CaseId, Decision};

use super::{Local, Running};
use crate::{
    api::{ChangeKind, Loaded},
    chain::{self, CHAIN_MAX},
    entry::{Body, Entry, Recent, summary_of},
    ids::CommandId,
    record::{self, CommandRecordRef, StateRecordRef, StoredAnswer},
    rejected::{Fault, Rejected},
    writer::Update,
};

/// A case that is evicted with a shorter chain needs no state record: reading so many is quick.
const EVICT_CHAIN_MAX: u32 = 16;

/// What one decision adds to a case.
pub(super) struct Step<'a> {
    pub(super) case: CaseId,
    pub(super) loaded: Arc<Loaded>,
    pub(super) before: Option<Arc<Entry>>,
    pub(super) command: Option<&'a CommandId>,
    pub(super) at_ms: i64,
}

impl Running {
    /// The case with its state in memory, read from the log if need be.
    pub(super) fn heated(&mut self, case: &CaseId) -> Result<Arc<Entry>, Rejected> {
        let local =
            self.cases.get_mut(case).ok_or_else(|| Rejected::NoSuchCase(case.to_string()))?;
        if let Body::Cold(_) = local.entry.body {
            let state =
                chain::load(&*self.partition.reader, case, local.entry.last).map_err(|source| {
                    Rejected::Fault(Fault::Read { case: case.clone(), source: Arc::new(source) })
                })?;
            let body = Body::Hot(Box::new(state));
            local.entry = Arc::new(Entry { body, ..(*local.entry).clone() });
            self.partition.context.telemetry.cases_reloaded.add(1);
            self.partition.context.telemetry.cases_hot.add(1);
            local.stamp = Some(self.heat.touch(case, local.stamp));
        }
        Ok(local.entry.clone())
    }

    /// Puts a decision into the batch and makes it the state to decide on next.
    pub(super) fn record(
        &mut self,
        step: Step<'_>,
        decision: Decision,
        answer: Option<StoredAnswer>,
    ) -> Result<Arc<Entry>, Rejected> {
        let Step { case, loaded, before, command, at_ms } = step;
        if let Some(before) = before.as_ref().filter(|_| decision.events.is_empty()) {
            return Ok(before.clone());
        }
        let record = CommandRecordRef {
            case: &case,
            previous: before.as_ref().map(|entry| entry.last),
            specification: before.is_none().then_some(loaded.number),
            command,
            at_ms,
            events: &decision.events,
            answer,
        };
        let position = self.push(record::COMMAND, &record)?;
        let change = match (&before, decision.case.has_ended()) {
            (None, _) => ChangeKind::Launched,
            (Some(_), true) => ChangeKind::Ended,
            (Some(_), false) => ChangeKind::Progressed,
        };
        let hash = command.map(CommandId::hash);
        let recent = before.as_ref().map_or_else(Recent::default, |entry| entry.recent.clone());
        let recent = match hash {
            Some(hash) => recent.with(hash, position),
            None => recent,
        };
        let entry = Entry {
            loaded,
            first: before.as_ref().map_or(position, |entry| entry.first),
            last: position,
            launch: before.as_ref().map_or(hash, |entry| entry.launch),
            recent,
            chain: before.as_ref().map_or(0, |entry| entry.chain) + 1,
            body: if decision.case.has_ended() {
                Body::Cold(Box::new(summary_of(&decision.case)))
            } else {
                Body::Hot(Box::new(decision.case))
            },
        };
        Ok(self.put(case, entry, change))
    }

    /// Makes `entry` what is known of the case.
    fn put(&mut self, case: CaseId, entry: Entry, change: ChangeKind) -> Arc<Entry> {
        let due_ms = entry.next_due_ms();
        let is_long = entry.chain >= CHAIN_MAX;
        let is_hot = matches!(entry.body, Body::Hot(_));
        let entry = Arc::new(entry);
        let before = self.cases.get(&case);
        let (due_before, stamp) = before.map_or((None, None), |local| (local.due_ms, local.stamp));
        self.timers.arm(&case, due_before, due_ms);
        let hot_before = self.heat.len();
        let stamp = if is_hot {
            Some(self.heat.touch(&case, stamp))
        } else {
            self.heat.forget(stamp);
            None
        };
        self.count_heat(hot_before);
        self.cases.insert(case.clone(), Local { entry: entry.clone(), due_ms, stamp });
        self.batch.updates.push(Update {
            case: case.clone(),
            entry: entry.clone(),
            change: Some(change),
        });
        if is_long && is_hot {
            self.save_state(&case);
        }
        entry
    }

    fn count_heat(&self, before: usize) {
        let gauge = &self.partition.context.telemetry.cases_hot;
        let now = self.heat.len();
        if now >= before {
            gauge.add((now - before) as u64);
        } else {
            gauge.sub((before - now) as u64);
        }
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
    fn save_state(&mut self, case: &CaseId) {
        let Some(entry) = self.cases.get(case).map(|local| local.entry.clone()) else { return };
        let Body::Hot(state) = &entry.body else { return };
        let record = StateRecordRef { previous: entry.last, case: state };
        // A state too large for a record is loaded from its commands, each of which did fit.
        let Ok(position) = self.push(record::STATE, &record) else { return };
        let saved = Arc::new(Entry { last: position, chain: 0, ..(*entry).clone() });
        if let Some(local) = self.cases.get_mut(case) {
            local.entry = saved.clone();
        }
        self.batch.updates.push(Update { case: case.clone(), entry: saved, change: None });
    }

    /// Leaves the state of the least recently used cases to the log while there are too many.
    pub(super) fn evict(&mut self) {
        let excess = self.heat.len().saturating_sub(self.partition.hot_cases_max);
        let durable = self.partition.projection.durable();
        for case in self.heat.coldest(excess.min(self.partition.batch_max)) {
            let Some(local) = self.cases.get_mut(&case) else { continue };
            if local.entry.last >= durable {
                // Its newest record cannot be read yet.
                continue;
            }
            if local.entry.chain > EVICT_CHAIN_MAX {
                self.save_state(&case);
                continue;
            }
            let cooled = Arc::new(local.entry.cooled());
            local.entry = cooled.clone();
            self.heat.forget(local.stamp.take());
            self.partition.context.telemetry.cases_hot.sub(1);
            self.partition.context.telemetry.cases_evicted.add(1);
            self.batch.updates.push(Update { case, entry: cooled, change: None });
        }
    }
}
