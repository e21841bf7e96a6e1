//! The only writer of a worklist.

use std::collections::BTreeSet;

use super::{
    Event,
    state::{Item, Status, Worklist},
};
use crate::resourcing::{distribute::Reason, ids::ItemId};

/// Applies one stored event.
pub fn apply(worklist: &mut Worklist, event: &Event) {
    match event {
        Event::Received { item, case, task, number } => {
            let (case, task, number) = (case.clone(), task.clone(), *number);
            let status = Status::Unoffered(Reason::Fresh);
            let new = Item { case, task, number, status, deallocated_by: BTreeSet::new() };
            worklist.insert(item.clone(), new);
        }
        Event::Unoffered { item, reason } => put(worklist, item, Status::Unoffered(*reason)),
        Event::Offered { item, to, .. } => put(worklist, item, Status::Offered(to.clone())),
        Event::Allocated { item, to, .. } | Event::Delegated { item, to } => {
            put(worklist, item, Status::Allocated(to.clone()));
        }
        Event::Started { item, by: to, .. } | Event::Reallocated { item, to, .. } => {
            put(worklist, item, Status::Started(to.clone()));
        }
        Event::Suspended { item } => change(worklist, item, |item| {
            if let Status::Started(by) = &item.status {
                item.status = Status::Suspended(by.clone());
            }
        }),
        Event::Resumed { item } => change(worklist, item, |item| {
            if let Status::Suspended(by) = &item.status {
                item.status = Status::Started(by.clone());
            }
        }),
        Event::Deallocated { item, by } => change(worklist, item, |item| {
            item.status = Status::Unoffered(Reason::Fresh);
            item.deallocated_by.insert(by.clone());
        }),
        Event::Returned { item } => put(worklist, item, Status::Unoffered(Reason::Fresh)),
        Event::Chained { case, by } => {
            worklist.chained.insert(case.clone(), by.clone());
        }
        Event::Unchained { case } => {
            worklist.chained.remove(case);
        }
        Event::Renamed { item, to } => {
            if let Some(same) = worklist.remove(item) {
                worklist.insert(to.clone(), same);
            }
        }
        Event::Skipped { item, .. } | Event::Completed { item, .. } | Event::Withdrawn { item } => {
            worklist.remove(item);
        }
        // Its chain has an event of its own; this one is for the history.
        Event::CaseClosed { .. } => {}
    }
}

fn put(worklist: &mut Worklist, id: &ItemId, status: Status) {
    change(worklist, id, |item| item.status = status);
}

fn change(worklist: &mut Worklist, id: &ItemId, change: impl FnOnce(&mut Item)) {
    if let Some(mut item) = worklist.remove(id) {
        change(&mut item);
        worklist.insert(id.clone(), item);
    }
}
