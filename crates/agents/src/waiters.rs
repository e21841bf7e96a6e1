//! Who waits for work. One waiter is woken for each item, the one that has waited longest: no herd runs for one item.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use crate::ids::{Capability, Moment};

/// Number of a claim that waits. Given in the order of coming, so that a smaller one has waited longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Claims that found nothing and wait.
#[derive(Debug, Default)]
pub struct Waiters {
    waiting: BTreeMap<Ticket, Waiter>,
    by_capability: BTreeMap<Capability, BTreeSet<Ticket>>,
    by_end: BTreeSet<(Moment, Ticket)>,
}

#[derive(Debug)]
struct Waiter {
    capabilities: Vec<Capability>,
    until: Moment,
}

impl Waiters {
    /// A claim waits until then. A ticket that already waits is put in anew.
    pub fn wait(&mut self, ticket: Ticket, capabilities: Vec<Capability>, until: Moment) {
        self.leave(ticket);
        for capability in &capabilities {
            match self.by_capability.get_mut(capability) {
                Some(tickets) => drop(tickets.insert(ticket)),
                None => drop(self.by_capability.insert(capability.clone(), [ticket].into())),
            }
        }
        self.by_end.insert((until, ticket));
        self.waiting.insert(ticket, Waiter { capabilities, until });
    }

    /// Wakes whoever has waited longest for this capability. It waits no more.
    pub fn wake(&mut self, capability: &Capability) -> Option<Ticket> {
        let ticket = *self.by_capability.get(capability)?.first()?;
        self.leave(ticket);
        Some(ticket)
    }

    /// As [`Waiters::wake`], of those who wait less long than this one.
    pub fn wake_behind(&mut self, capability: &Capability, ticket: Ticket) -> Option<Ticket> {
        let behind = (Bound::Excluded(ticket), Bound::Unbounded);
        let ticket = *self.by_capability.get(capability)?.range(behind).next()?;
        self.leave(ticket);
        Some(ticket)
    }

    /// Takes out one whose time is over.
    pub fn expire(&mut self, now: Moment) -> Option<Ticket> {
        let (until, ticket) = *self.by_end.first()?;
        (until <= now).then(|| {
            self.leave(ticket);
            ticket
        })
    }

    /// A claim waits no more, as when its caller has gone. `false` if it did not wait.
    pub fn leave(&mut self, ticket: Ticket) -> bool {
        let Some(Waiter { capabilities, until }) = self.waiting.remove(&ticket) else {
            return false;
        };
        self.by_end.remove(&(until, ticket));
        for capability in &capabilities {
            let Some(tickets) = self.by_capability.get_mut(capability) else { continue };
            tickets.remove(&ticket);
            if tickets.is_empty() {
                self.by_capability.remove(capability);
            }
        }
        true
    }

    /// Whether somebody waits for this capability.
    pub fn has(&self, capability: &Capability) -> bool {
        self.by_capability.contains_key(capability)
    }

    /// When the next one's time is over.
    pub fn next_end(&self) -> Option<Moment> {
        self.by_end.first().map(|(until, _)| *until)
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests;
