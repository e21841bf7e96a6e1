//! When the leases of a partition end, in the time of one process. Not stored: see the module above.

use indexmap::IndexMap;

use crate::{
    deadlines::{Deadlines, Due},
    ids::{Epoch, Moment},
};

/// Leases end up to this much late, never early.
const SLOT_MS: u64 = 250;

/// The running terms and rests of a partition. `W` is where the item is.
#[derive(Debug)]
pub struct Clocks<W> {
    /// By epoch, which is given once in a partition.
    running: IndexMap<Epoch, Running<W>>,
    wheel: Deadlines<Epoch>,
}

#[derive(Debug)]
struct Running<W> {
    at: W,
    until: Moment,
    /// The item rests; nobody holds it.
    rests: bool,
}

/// What is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lapsed<W> {
    /// The holder was silent for its whole term.
    Term {
        at: W,
        epoch: Epoch,
    },
    Rest {
        at: W,
    },
}

impl<W> Lapsed<W> {
    /// Where the item is.
    pub fn at(&self) -> &W {
        match self {
            Self::Term { at, .. } | Self::Rest { at } => at,
        }
    }
}

impl<W: Clone + PartialEq> Clocks<W> {
    pub fn new(now: Moment) -> Self {
        Self { running: IndexMap::new(), wheel: Deadlines::new(now, SLOT_MS) }
    }

    /// A holder has the item until then.
    pub fn hold(&mut self, epoch: Epoch, at: W, until: Moment) {
        self.start(epoch, Running { at, until, rests: false });
    }

    /// The item rests until then. `epoch` is the one that its last holder had.
    pub fn rest(&mut self, epoch: Epoch, at: W, until: Moment) {
        self.start(epoch, Running { at, until, rests: true });
    }

    /// Moves the end of a term; never back. Gives the new end, or nothing if this epoch holds nothing there.
    pub fn renew(&mut self, epoch: Epoch, at: &W, until: Moment) -> Option<Moment> {
        let running = self.running.get_mut(&epoch)?;
        if running.rests || running.at != *at {
            return None;
        }
        running.until = running.until.max(until);
        Some(running.until)
    }

    /// The lease of this epoch has ended otherwise.
    pub fn stop(&mut self, epoch: Epoch) {
        self.running.swap_remove(&epoch);
    }

    /// Where the item is that this epoch is about.
    pub fn place(&self, epoch: Epoch) -> Option<&W> {
        self.running.get(&epoch).map(|running| &running.at)
    }

    /// When the term or rest of this epoch ends.
    pub fn until(&self, epoch: Epoch) -> Option<Moment> {
        self.running.get(&epoch).map(|running| running.until)
    }

    pub fn len(&self) -> usize {
        self.running.len()
    }

    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Takes out what is over by `now`, earliest first within the width of a slot.
    pub fn lapsed(&mut self, now: Moment) -> Vec<Lapsed<W>> {
        let Self { running, wheel } = self;
        let mut over = Vec::new();
        wheel.advance(now, |epoch| match running.get(&epoch) {
            None => Due::Never,
            Some(clock) if clock.until > now => Due::At(clock.until),
            Some(clock) => {
                let at = clock.at.clone();
                let lapsed =
                    if clock.rests { Lapsed::Rest { at } } else { Lapsed::Term { at, epoch } };
                over.push(lapsed);
                running.swap_remove(&epoch);
                Due::Now
            }
        });
        over
    }

    /// All terms begin anew, as after a pause in which nobody could renew: `term` says how long each may last
    /// from now on.
    pub fn extend(&mut self, mut until: impl FnMut(&W, Moment) -> Moment) {
        for running in self.running.values_mut() {
            running.until = running.until.max(until(&running.at, running.until));
        }
    }

    /// When [`Clocks::lapsed`] should be called again; never while nothing runs.
    pub fn next_look(&self) -> Option<Moment> {
        (!self.running.is_empty()).then(|| self.wheel.next_look())
    }

    fn start(&mut self, epoch: Epoch, running: Running<W>) {
        let until = running.until;
        self.running.insert(epoch, running);
        self.wheel.put(epoch, until);
    }
}

#[cfg(test)]
mod tests;
