//! When the leases of a partition end, in the time of one process. Not stored: see the module above.

use indexmap::IndexMap;

use crate::{
    deadlines::{Deadlines, Due},
    ids::{Epoch, Moment},
};

/// Leases end up to this much late, never early.
const SLOT_MS: u64 = 250;
/// A holder is warned when this part of its term is left...
const WARN_PART: u64 = 3;
/// ... and not earlier than so long before the end: whoever renews in time is not bothered.
const WARN_MS_MAX: u64 = 20_000;

/// The running terms and rests of a partition. `W` is where the item is.
#[derive(Debug)]
pub struct Clocks<W> {
    /// By epoch, which is given once in a partition.
    running: IndexMap<Epoch, Running<W>>,
    wheel: Deadlines<Epoch>,
    /// When holders are warned; none while nobody listens. Each that was not warned in its present term is on it.
    warnings: Option<Deadlines<Epoch>>,
}

#[derive(Debug)]
struct Running<W> {
    at: W,
    until: Moment,
    /// So long before the end its holder is warned.
    warn_ms: u16,
    warned: bool,
    /// The item rests; nobody holds it.
    rests: bool,
}

/// A term that ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending<W> {
    pub at: W,
    pub epoch: Epoch,
    pub until: Moment,
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
        Self { running: IndexMap::new(), wheel: Deadlines::new(now, SLOT_MS), warnings: None }
    }

    /// A holder has the item for a term from now on.
    pub fn hold(&mut self, epoch: Epoch, at: W, (now, term_ms): (Moment, u64)) {
        let until = now.after(term_ms);
        let running = Running { at, until, warn_ms: warn_ms(term_ms), warned: false, rests: false };
        if let Some(warnings) = &mut self.warnings {
            warnings.put(epoch, running.warn_at());
        }
        self.start(epoch, running);
    }

    /// The item rests until then. `epoch` is the one that its last holder had.
    pub fn rest(&mut self, epoch: Epoch, at: W, until: Moment) {
        self.start(epoch, Running { at, until, warn_ms: 0, warned: true, rests: true });
    }

    /// Begins a term anew; its end never moves back. Gives the end, or nothing if this epoch holds nothing there.
    pub fn renew(&mut self, epoch: Epoch, at: &W, (now, term_ms): (Moment, u64)) -> Option<Moment> {
        let running = self.running.get_mut(&epoch)?;
        if running.rests || running.at != *at {
            return None;
        }
        let until = now.after(term_ms);
        if until > running.until {
            running.until = until;
            running.warn_ms = warn_ms(term_ms);
            let was_warned = std::mem::replace(&mut running.warned, false);
            if let Some(warnings) = self.warnings.as_mut().filter(|_| was_warned) {
                warnings.put(epoch, running.warn_at());
            }
        }
        Some(running.until)
    }

    /// Whether holders are to be warned. Looks at all that runs when that begins.
    pub fn warn(&mut self, wanted: bool, now: Moment) {
        if wanted == self.warnings.is_some() {
            return;
        }
        self.warnings = wanted.then(|| {
            let mut warnings = Deadlines::new(now, SLOT_MS);
            for (epoch, running) in self.running.iter_mut().filter(|(_, running)| !running.rests) {
                running.warned = false;
                warnings.put(*epoch, running.warn_at());
            }
            warnings
        });
    }

    /// The terms that end soon and were not told of yet, if holders are to be warned.
    pub fn ending(&mut self, now: Moment) -> Vec<Ending<W>> {
        let Self { running, warnings: Some(warnings), .. } = self else { return Vec::new() };
        let mut ending = Vec::new();
        warnings.advance(now, |epoch| match running.get_mut(&epoch) {
            None => Due::Never,
            Some(clock) if clock.warned => Due::Never,
            Some(clock) if clock.warn_at() > now => Due::At(clock.warn_at()),
            Some(clock) => {
                clock.warned = true;
                ending.push(Ending { at: clock.at.clone(), epoch, until: clock.until });
                Due::Now
            }
        });
        ending
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
        let Self { running, wheel, .. } = self;
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

impl<W> Running<W> {
    fn warn_at(&self) -> Moment {
        Moment { ms: self.until.ms.saturating_sub(u64::from(self.warn_ms)) }
    }
}

fn warn_ms(term_ms: u64) -> u16 {
    u16::try_from((term_ms / WARN_PART).min(WARN_MS_MAX)).expect("the longest fits")
}

#[cfg(test)]
mod tests;
