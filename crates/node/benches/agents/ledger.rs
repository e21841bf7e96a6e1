//! What all agents together know of who held what: that no item was held twice, and none was lost.

use std::collections::{BTreeMap, BTreeSet};

use agents::Epoch;
use node::Claimed;

/// The book of all claims of a run.
#[derive(Default)]
pub(crate) struct Ledger {
    items: BTreeMap<String, Line>,
    pub(crate) claims: usize,
    pub(crate) claims_by_specification: BTreeMap<String, usize>,
    pub(crate) completed: usize,
    pub(crate) refused_late: usize,
}

/// One item.
#[derive(Default)]
struct Line {
    /// The epoch that it is held under, if its holder thinks that it holds it.
    held: Option<Epoch>,
    /// Epochs whose holders fell silent.
    silent: BTreeSet<Epoch>,
    last: Epoch,
    done: bool,
}

impl Ledger {
    /// An agent got an item. Nobody else may have it, unless that one has fallen silent.
    pub(crate) fn claimed(&mut self, claimed: &Claimed) -> anyhow::Result<()> {
        let Claimed { item, epoch, .. } = claimed;
        let line = self.items.entry(item.clone()).or_default();
        anyhow::ensure!(!line.done, "{item} was completed and is handed out again");
        anyhow::ensure!(line.held.is_none(), "{item} is held under {:?} and {epoch:?}", line.held);
        anyhow::ensure!(line.last < *epoch, "{item}: {epoch:?} follows on {:?}", line.last);
        (line.held, line.last) = (Some(*epoch), *epoch);
        self.claims += 1;
        *self.claims_by_specification.entry(claimed.specification.to_string()).or_default() += 1;
        Ok(())
    }

    /// The holder has died or is too slow: its lease will end.
    pub(crate) fn fell_silent(&mut self, claimed: &Claimed) {
        let line = self.items.entry(claimed.item.clone()).or_default();
        line.held = None;
        line.silent.insert(claimed.epoch);
    }

    /// A result was taken.
    pub(crate) fn completed(&mut self, claimed: &Claimed) -> anyhow::Result<()> {
        let Claimed { item, epoch, .. } = claimed;
        let line = self.items.entry(item.clone()).or_default();
        anyhow::ensure!(!line.done, "{item} was completed twice");
        anyhow::ensure!(
            line.last == *epoch,
            "{item}: a result under {epoch:?} after {:?}",
            line.last
        );
        (line.held, line.done) = (None, true);
        self.completed += 1;
        Ok(())
    }

    /// A result was refused: only of whoever had fallen silent.
    pub(crate) fn refused(&mut self, claimed: &Claimed) -> anyhow::Result<()> {
        let Claimed { item, epoch, .. } = claimed;
        let was_silent = self.items.get(item).is_some_and(|line| line.silent.contains(epoch));
        anyhow::ensure!(was_silent, "{item}: the result of a present holder was refused");
        self.refused_late += 1;
        Ok(())
    }

    /// Nothing is left.
    pub(crate) fn check_done(&self, items: usize) -> anyhow::Result<()> {
        let open = self.items.values().filter(|line| !line.done).count();
        anyhow::ensure!(open == 0, "{open} items were not completed");
        anyhow::ensure!(self.completed == items, "{} of {items} were completed", self.completed);
        Ok(())
    }
}
