//! What a worklist's events tell of the past: who completed which task in a case, and how long work takes whom.
//!
//! A projection: it may be thrown away and built again from the events, and nothing is decided in it. Allocators
//! and constraints ask it through [`super::Facts`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    facts::{Experience, Means},
    ids::{CaseId, ItemId, ParticipantId, TaskKey},
    worklist::Event,
};
use crate::ids::Moment;

/// Pairs of a task and a participant. Of those beyond it nothing is remembered; they count as new to the task.
const PAIRS_MAX: usize = 1_000_000;

/// The past, as far as distribution asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    past: BTreeMap<TaskKey, BTreeMap<ParticipantId, Past>>,
    pairs: usize,
    /// Who completed what in the cases that are not over.
    cases: BTreeMap<CaseId, BTreeMap<SmolStr, BTreeSet<ParticipantId>>>,
    open: BTreeMap<ItemId, Open>,
}

/// A part of a history, as snapshots keep it: no part is large. Stored for ever: variants are added at the end, never
/// changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HistoryPart {
    Past(TaskKey, ParticipantId, Past),
    /// Who completed a task in a case that is not over.
    Completed(CaseId, SmolStr, ParticipantId),
    Open(ItemId, Open),
}

/// One participant's past with one task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    completed: u64,
    last_allocated: Option<Moment>,
    last_completed: Option<Moment>,
    to_allocate: Mean,
    to_start: Mean,
    to_complete: Mean,
    in_all: Mean,
}

/// An item that is not completed, with the moments of its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    case: CaseId,
    task: TaskKey,
    offered: Option<Moment>,
    allocated: Option<Moment>,
    started: Option<Moment>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Mean {
    sum_ms: u64,
    count: u64,
}

impl Mean {
    /// Adds the time between two moments; nothing if the first one is not known.
    fn add(&mut self, from: Option<Moment>, to: Moment) {
        if let Some(from) = from {
            self.sum_ms = self.sum_ms.saturating_add(to.since(from));
            self.count += 1;
        }
    }

    fn value(self) -> Option<u64> {
        self.sum_ms.checked_div(self.count)
    }

    fn merge(&mut self, other: Self) {
        self.sum_ms = self.sum_ms.saturating_add(other.sum_ms);
        self.count += other.count;
    }
}

impl Past {
    fn add(&mut self, other: &Self) {
        self.completed += other.completed;
        self.last_allocated = self.last_allocated.max(other.last_allocated);
        self.last_completed = self.last_completed.max(other.last_completed);
        self.to_allocate.merge(other.to_allocate);
        self.to_start.merge(other.to_start);
        self.to_complete.merge(other.to_complete);
        self.in_all.merge(other.in_all);
    }
}

impl History {
    /// Takes in one stored event.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::Received { item, case, task, .. } => {
                let (case, task) = (case.clone(), task.clone());
                let open = Open { case, task, offered: None, allocated: None, started: None };
                self.open.insert(item.clone(), open);
            }
            Event::Offered { item, at, .. } => self.step(item, |open| open.offered = Some(*at)),
            Event::Allocated { item, to, at } => self.note_allocated(item, to, *at),
            Event::Started { item, by, at } => self.note_started(item, by, *at),
            Event::Completed { item, by, at } => self.note_completed(item, by, *at),
            Event::Deallocated { item, .. } | Event::Returned { item } => {
                self.step(item, |open| {
                    (open.offered, open.allocated, open.started) = (None, None, None);
                });
            }
            Event::Renamed { item, to } => {
                if let Some(open) = self.open.remove(item) {
                    self.open.insert(to.clone(), open);
                }
            }
            Event::Skipped { item, .. } | Event::Withdrawn { item } => {
                self.open.remove(item);
            }
            Event::CaseClosed { case } => {
                self.cases.remove(case);
            }
            Event::Unoffered { .. }
            | Event::Suspended { .. }
            | Event::Resumed { .. }
            | Event::Delegated { .. }
            | Event::Reallocated { .. }
            | Event::Chained { .. }
            | Event::Unchained { .. } => {}
        }
    }

    /// Who completed items of the task in that case.
    pub fn who_completed(&self, case: &CaseId, task: &str) -> Vec<ParticipantId> {
        let who = self.cases.get(case).and_then(|tasks| tasks.get(task));
        who.into_iter().flatten().cloned().collect()
    }

    /// Whether anybody completed something in that case.
    pub fn knows(&self, case: &CaseId) -> bool {
        self.cases.contains_key(case)
    }

    /// What is known of somebody's work on the task, over the histories of all parts of a whole. What it costs is known
    /// elsewhere.
    pub fn experience<'h>(
        histories: impl IntoIterator<Item = &'h Self>,
        task: &TaskKey,
        who: &ParticipantId,
    ) -> Experience {
        let mut past = Past::default();
        for history in histories {
            if let Some(one) = history.past.get(task).and_then(|past| past.get(who)) {
                past.add(one);
            }
        }
        Experience {
            completed: past.completed,
            last_allocated: past.last_allocated,
            last_completed: past.last_completed,
            mean_ms: Means {
                to_allocate: past.to_allocate.value(),
                to_start: past.to_start.value(),
                to_complete: past.to_complete.value(),
                in_all: past.in_all.value(),
            },
            cost_per_hour: None,
        }
    }

    /// What there is, in no order that counts.
    pub fn parts(&self) -> impl Iterator<Item = HistoryPart> {
        let past = self.past.iter().flat_map(|(task, past)| {
            past.iter()
                .map(|(who, past)| HistoryPart::Past(task.clone(), who.clone(), past.clone()))
        });
        let completed = self.cases.iter().flat_map(|(case, tasks)| {
            tasks.iter().flat_map(move |(task, who)| {
                who.iter()
                    .map(|who| HistoryPart::Completed(case.clone(), task.clone(), who.clone()))
            })
        });
        let open = self.open.iter().map(|(id, open)| HistoryPart::Open(id.clone(), open.clone()));
        past.chain(completed).chain(open)
    }

    /// Takes in a part of what was stored.
    pub fn restore(&mut self, part: HistoryPart) {
        match part {
            HistoryPart::Past(task, who, past) => self.with_past(task, &who, |own| *own = past),
            HistoryPart::Completed(case, task, who) => {
                let in_case = self.cases.entry(case).or_default();
                in_case.entry(task).or_default().insert(who);
            }
            HistoryPart::Open(id, open) => drop(self.open.insert(id, open)),
        }
    }

    fn note_allocated(&mut self, item: &ItemId, to: &ParticipantId, at: Moment) {
        let Some(open) = self.open.get_mut(item) else { return };
        open.allocated = Some(at);
        let (task, offered) = (open.task.clone(), open.offered);
        self.with_past(task, to, |past| {
            past.last_allocated = Some(at);
            past.to_allocate.add(offered, at);
        });
    }

    fn note_started(&mut self, item: &ItemId, by: &ParticipantId, at: Moment) {
        let Some(open) = self.open.get_mut(item) else { return };
        open.started = Some(at);
        let (task, allocated) = (open.task.clone(), open.allocated);
        self.with_past(task, by, |past| {
            // Started without allocation, as by the system: that is the moment of allocation too.
            past.last_allocated = past.last_allocated.max(Some(allocated.unwrap_or(at)));
            past.to_start.add(allocated, at);
        });
    }

    fn note_completed(&mut self, item: &ItemId, by: &ParticipantId, at: Moment) {
        let Some(Open { case, task, offered, allocated, started }) = self.open.remove(item) else {
            return;
        };
        let in_case = self.cases.entry(case).or_default();
        in_case.entry(task.task.clone()).or_default().insert(by.clone());
        self.with_past(task, by, |past| {
            past.completed += 1;
            past.last_completed = Some(at);
            past.to_complete.add(started, at);
            past.in_all.add(offered.or(allocated).or(started), at);
        });
    }

    fn step(&mut self, item: &ItemId, step: impl FnOnce(&mut Open)) {
        if let Some(open) = self.open.get_mut(item) {
            step(open);
        }
    }

    fn with_past(&mut self, task: TaskKey, who: &ParticipantId, change: impl FnOnce(&mut Past)) {
        let of_task = self.past.entry(task).or_default();
        if !of_task.contains_key(who) {
            if self.pairs >= PAIRS_MAX {
                return;
            }
            self.pairs += 1;
        }
        change(of_task.entry(who.clone()).or_default());
    }
}

#[cfg(test)]
mod tests;
