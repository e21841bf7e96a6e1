//! What of an item can be claimed: the item, or, where its task asks for a review, ballots.

use agents::{
    AgentId,
    conflict::Review,
    jury::{self, Ballot, Jury},
    queue::Fit,
};
use engine::{
    ItemKey,
    case::{CaseStatus, Item, ItemStatus},
};

use super::work::Place;
use crate::{
    cases::Cases,
    entry::{Entry, net_of},
};

/// What of an item can be claimed, ballots in their order.
pub(super) struct Seats<'e> {
    /// The item itself.
    item: bool,
    reviewed: Option<(&'e Review, Option<&'e Jury<ItemKey>>)>,
    /// The ballot that is looked at next.
    next: u16,
}

impl Iterator for Seats<'_> {
    type Item = Option<Ballot>;

    fn next(&mut self) -> Option<Self::Item> {
        if std::mem::take(&mut self.item) {
            return Some(None);
        }
        let (review, jury) = self.reviewed?;
        while self.next <= review.quorum {
            let ballot = Ballot(self.next);
            self.next += 1;
            if jury::is_open(jury, review, ballot) {
                return Some(Some(ballot));
            }
        }
        None
    }
}

/// What can be claimed of an item of a case that runs.
pub(super) fn seats<'e>(entry: &'e Entry, key: &'e ItemKey, item: &Item) -> Seats<'e> {
    let none = Seats { item: false, reviewed: None, next: 0 };
    let waits = || {
        matches!(item.status, ItemStatus::Enabled | ItemStatus::Fired)
            && entry.leases().is_claimable(key)
    };
    let Some(review) = review_of(entry, key) else { return Seats { item: waits(), ..none } };
    let jury = entry.juries().get(key);
    let may_be_claimed = match jury {
        None => waits(),
        Some(_) => item.status == ItemStatus::Executing,
    };
    Seats { reviewed: may_be_claimed.then_some((review, jury)), ..none }
}

/// How the item is reviewed, if it is.
pub(super) fn review_of<'e>(entry: &'e Entry, key: &ItemKey) -> Option<&'e Review> {
    let reviews = &entry.loaded.reviews;
    // Most specifications ask for none: the net is not looked for.
    if reviews.is_empty() { None } else { reviews.get(net_of(entry, key)?, key) }
}

/// Whether the place can be claimed as things are.
pub(super) fn is_claimable(cases: &Cases, place: &Place) -> bool {
    let entry = &cases[place.slot].entry;
    entry.status() == CaseStatus::Running
        && entry.item(&place.item).is_some_and(|item| {
            seats(entry, &place.item, item).any(|ballot| ballot == place.ballot)
        })
}

/// Whether this agent may be given the place.
pub(super) fn fit(cases: &Cases, place: &Place, agent: &AgentId) -> Fit {
    if !is_claimable(cases, place) {
        return Fit::Gone;
    }
    let Some(ballot) = place.ballot else { return Fit::Yes };
    let entry = &cases[place.slot].entry;
    let Some(review) = review_of(entry, &place.item) else { return Fit::Gone };
    let jury = entry.juries().get(&place.item);
    match jury::admits(jury, review, (ballot, agent)) {
        Ok(()) => Fit::Yes,
        Err(_) => Fit::ForOthers,
    }
}
