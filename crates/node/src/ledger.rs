//! What of a partition is given to participants, as of its last durable record: its part of the worklist, and what is
//! remembered of who did what and how long it took.
//!
//! Written by the partition's writer, read by anybody. Most partitions have none: an empty ledger costs nothing.

use std::sync::Arc;

use agents::resourcing::{
    History, HistoryPart, Worklist,
    worklist::{self, Event, Part},
};
use serde::{Deserialize, Serialize};

use crate::record;

/// A partition's items that participants have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) worklist: Worklist,
    pub(crate) history: History,
    /// The first record that it may not have seen.
    next: u64,
}

/// A part of it, as a snapshot keeps it. Stored for ever: variants are added at the end, never changed.
#[derive(Serialize, Deserialize)]
pub(crate) enum LedgerPart {
    Next(u64),
    Worklist(Part),
    History(HistoryPart),
}

impl Ledger {
    /// Takes in what the record at `position` did, if it has not seen it.
    pub(crate) fn take(&mut self, position: u64, events: &[Event]) {
        if position < self.next {
            return;
        }
        for event in events {
            worklist::apply(&mut self.worklist, event);
            self.history.note(event);
        }
        self.next = position + 1;
    }

    /// All of it, for a snapshot; nothing if nobody was ever given anything.
    pub(crate) fn records(self: &Arc<Self>) -> impl Iterator<Item = (u8, Vec<u8>)> {
        let next = (self.next > 0).then_some(LedgerPart::Next(self.next));
        let worklist = self.worklist.parts().map(LedgerPart::Worklist);
        let history = self.history.parts().map(LedgerPart::History);
        let parts = worklist.chain(history).filter(|_| self.next > 0);
        next.into_iter()
            .chain(parts)
            .map(|part| (record::SNAPSHOT_LEDGER, record::encode(&part, Vec::new())))
    }

    /// Takes in a part that a snapshot kept.
    pub(crate) fn restore(&mut self, part: LedgerPart) {
        match part {
            LedgerPart::Next(next) => self.next = next,
            LedgerPart::Worklist(part) => self.worklist.restore(part),
            LedgerPart::History(part) => self.history.restore(part),
        }
    }
}
