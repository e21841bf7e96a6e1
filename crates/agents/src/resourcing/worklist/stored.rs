//! A worklist in parts, as snapshots keep it: no part is large, whatever there is of items.

use serde::{Deserialize, Serialize};

use super::state::{Item, Worklist};
use crate::resourcing::ids::{CaseId, ItemId, ParticipantId};

/// One part. Stored for ever: variants are added at the end, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Numbers below this one were given.
    Numbers(u64),
    /// An item with those that it is offered to, who are bounded by [`crate::resourcing::OFFER_MAX`].
    Item(ItemId, Item),
    Chained(CaseId, ParticipantId),
}

impl Worklist {
    /// What there is, in no order that counts.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        let items = self.items.iter().map(|(id, item)| Part::Item(id.clone(), item.clone()));
        let chained = self.chained.iter().map(|(case, by)| Part::Chained(case.clone(), by.clone()));
        std::iter::once(Part::Numbers(self.next)).chain(items).chain(chained)
    }

    /// Takes in a part of what was stored.
    pub fn restore(&mut self, part: Part) {
        match part {
            Part::Numbers(next) => self.next = self.next.max(next),
            Part::Item(id, item) => self.insert(id, item),
            Part::Chained(case, by) => drop(self.chained.insert(case, by)),
        }
    }
}
