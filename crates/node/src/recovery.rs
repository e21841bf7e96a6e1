//! Rebuilds a partition from its newest snapshot and the records behind it.
//!
//! A snapshot is written while the partition runs, so its cases are of different moments, none older than the
//! snapshot's position. Each says which record it has seen last; what a case has seen is not applied again.

use std::{collections::BTreeSet, sync::Arc};

use engine::{Case, CaseId, Misfit, Program};
use indexmap::IndexMap;
use store::{Opened, Recovery, Stored};

use crate::{
    cases::Cases,
    catalogue::Catalogue,
    chain,
    entry::{Body, Entry, body_of},
    ids::CommandId,
    ledger::{Ledger, LedgerPart},
    projection::Projection,
    record::{
        self, CommandRecord, SnapshotBody, SnapshotEntry, SnapshotHead, SnapshotJury, StateRecord,
        TracedEntry,
    },
    traceparent::Traceparent,
};

/// A partition as it was found.
pub(crate) struct Found {
    pub(crate) cases: Cases,
    pub(crate) projection: Arc<Projection>,
    pub(crate) opened: Opened,
}

/// Which partition of how many, and what it may keep in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) partition: usize,
    pub(crate) partitions: usize,
    pub(crate) hot_cases_max: usize,
}

struct Replay<'a> {
    catalogue: &'a Catalogue,
    /// In the order in which they are found.
    entries: IndexMap<CaseId, Entry>,
    /// Cases without state in memory that have newer records: their summaries are out of date.
    outdated: BTreeSet<CaseId>,
    ledger: Ledger,
}

/// Recovers one partition.
pub(crate) fn recover(
    mut recovery: Box<dyn Recovery>,
    catalogue: &Catalogue,
    place: Place,
) -> Result<Found, store::Fault> {
    let mut replay = Replay {
        catalogue,
        entries: IndexMap::new(),
        outdated: BTreeSet::new(),
        ledger: Ledger::default(),
    };
    recovery.snapshot(&mut |tag, bytes| replay.on_snapshot(tag, bytes, place))?;
    recovery.tail(&mut |stored| replay.on_record(&stored))?;
    let opened = recovery.into_log()?;
    replay.load_outdated(&*opened.reader)?;
    replay.cool(place.hot_cases_max);
    let mut cases = Cases::default();
    for (case, entry) in replay.entries {
        cases.insert(case, Arc::new(entry));
    }
    let projection = Projection::new(&cases, opened.report.next.0, replay.ledger);
    let projection = Arc::new(projection);
    Ok(Found { cases, projection, opened })
}

impl Replay<'_> {
    fn on_snapshot(&mut self, tag: u8, bytes: &[u8], place: Place) -> Result<(), store::Fault> {
        match tag {
            record::SNAPSHOT_HEAD => {
                let head: SnapshotHead =
                    postcard::from_bytes(bytes).map_err(|error| unreadable(error.to_string()))?;
                let found = (head.partition as usize, head.partitions as usize);
                if found != (place.partition, place.partitions) {
                    return Err(unreadable(format!(
                        "it is of partition {} of {}, expected {} of {}",
                        found.0, found.1, place.partition, place.partitions
                    )));
                }
            }
            record::SNAPSHOT_ENTRY | record::SNAPSHOT_TRACED => {
                let (stored, traceparent) =
                    snapshot_entry(tag, bytes).map_err(|error| unreadable(error.to_string()))?;
                self.on_entry(stored, traceparent)?;
            }
            record::SNAPSHOT_JURY => {
                let SnapshotJury { case, jury } =
                    postcard::from_bytes(bytes).map_err(|error| unreadable(error.to_string()))?;
                let entry = self.entries.get_mut(&case);
                let entry = entry.ok_or_else(|| {
                    unreadable(format!("there is a jury of case {case}, and no such case"))
                })?;
                entry.add_jury(jury);
            }
            record::SNAPSHOT_LEDGER => {
                let part: LedgerPart =
                    postcard::from_bytes(bytes).map_err(|error| unreadable(error.to_string()))?;
                self.ledger.restore(part);
            }
            tag => return Err(unreadable(format!("tag {tag} is unknown to this release"))),
        }
        Ok(())
    }

    fn on_entry(
        &mut self,
        stored: SnapshotEntry,
        traceparent: Option<Traceparent>,
    ) -> Result<(), store::Fault> {
        let number = stored.specification;
        let loaded = self.catalogue.numbered(number);
        let loaded = loaded.ok_or_else(|| unreadable(unknown_specification(number)))?;
        check_body(&loaded.program, &stored.body)
            .map_err(|misfit| unreadable(format!("case {}: {misfit}", stored.case)))?;
        let (case, mut entry) = Entry::from_snapshot(stored, loaded);
        entry.trace(traceparent);
        // A case that ended while the snapshot was written is in it twice: the later one counts.
        self.entries.insert(case, entry);
        Ok(())
    }

    fn on_record(&mut self, stored: &Stored) -> Result<(), store::Fault> {
        match stored.tag {
            record::COMMAND | record::COMMAND_GIVEN | record::TRACED | record::REVIEWED => {
                let record = record::decode_command(stored)?;
                if !record.given.is_empty() {
                    self.ledger.take(stored.position.0, &record.given);
                }
                match record.specification {
                    Some(number) => self.on_launch(stored, record, number),
                    None => self.on_command(stored, &record),
                }
            }
            record::STATE => {
                let record: StateRecord = record::decode(stored, record::STATE)?;
                if let Some(entry) = self.entries.get_mut(&record.case.id)
                    && stored.position.0 > entry.last
                {
                    entry.last = stored.position.0;
                    entry.chain = 0;
                }
                Ok(())
            }
            tag => Err(record::unknown(stored.position, tag)),
        }
    }

    fn on_launch(
        &mut self,
        stored: &Stored,
        record: CommandRecord,
        number: u32,
    ) -> Result<(), store::Fault> {
        if self.entries.contains_key(&record.case) {
            return Ok(());
        }
        let loaded = self.catalogue.numbered(number);
        let loaded = loaded.ok_or_else(|| {
            store::Fault::unreadable(stored.position, unknown_specification(number))
        })?;
        let position = stored.position.0;
        let launch = record.command.as_ref().map(CommandId::hash);
        let mut case = Case::new(record.case.clone());
        record::replay(&loaded.program, &mut case, (&record.events, stored.position))?;
        let mut entry = Entry::launched(loaded, position, launch, body_of(case));
        entry.trace(record.traceparent);
        self.entries.insert(record.case, entry);
        Ok(())
    }

    fn on_command(&mut self, stored: &Stored, record: &CommandRecord) -> Result<(), store::Fault> {
        let position = stored.position.0;
        let Some(entry) = self.entries.get_mut(&record.case) else {
            let reason = format!("case {} was never launched", record.case);
            return Err(store::Fault::unreadable(stored.position, reason));
        };
        if position <= entry.last {
            return Ok(());
        }
        entry.last = position;
        entry.chain += 1;
        entry.recent = entry.recent.and(record.command.as_ref().map(CommandId::hash), position);
        entry.lease(&record.leases);
        entry.review(&record.reviews);
        match &mut entry.body {
            Body::Hot(case) => {
                record::replay(&entry.loaded.program, case, (&record.events, stored.position))?;
                if case.has_ended() {
                    *entry = entry.cooled();
                }
            }
            // Its earlier records are before the snapshot and can be read once the log is open.
            Body::Cold(_) => {
                self.outdated.insert(record.case.clone());
            }
        }
        Ok(())
    }

    fn load_outdated(&mut self, reader: &dyn store::Reader) -> Result<(), store::Fault> {
        for case in std::mem::take(&mut self.outdated) {
            if let Some(entry) = self.entries.get_mut(&case) {
                entry.body = body_of(chain::load(reader, &case, entry)?);
            }
        }
        Ok(())
    }

    /// Keeps the state of the cases that were changed last, and of no more than fit.
    fn cool(&mut self, hot_cases_max: usize) {
        let hot = self.entries.values().filter(|entry| entry.is_hot());
        let mut hot: Vec<u64> = hot.map(|entry| entry.last).collect();
        if hot.len() <= hot_cases_max {
            return;
        }
        hot.sort_unstable_by(|a, b| b.cmp(a));
        let newest_cold = hot[hot_cases_max];
        for entry in self.entries.values_mut().filter(|entry| entry.is_hot()) {
            if entry.last <= newest_cold {
                *entry = entry.cooled();
            }
        }
    }
}

fn snapshot_entry(
    tag: u8,
    bytes: &[u8],
) -> Result<(SnapshotEntry, Option<Traceparent>), postcard::Error> {
    if tag == record::SNAPSHOT_ENTRY {
        return Ok((postcard::from_bytes(bytes)?, None));
    }
    let TracedEntry { traceparent, entry } = postcard::from_bytes(bytes)?;
    Ok((entry, Some(traceparent)))
}

fn unreadable(reason: String) -> store::Fault {
    store::Fault::unreadable("of the snapshot", reason)
}

/// What a snapshot kept of a case is of the case's specification.
fn check_body(program: &Program, body: &SnapshotBody) -> Result<(), Misfit> {
    match body {
        SnapshotBody::Hot(case) => engine::check_case(program, case),
        SnapshotBody::Cold(summary) => {
            let mut items = summary.items.iter();
            items.try_for_each(|cold| engine::check_task(program, cold.net, cold.key.task))
        }
    }
}

fn unknown_specification(number: u32) -> String {
    format!("specification {number} is not in the catalogue")
}
