//! The worklist of all partitions, ahead of the disk: what they decide on.
//!
//! A participant's queue has items of any partition, and whether one may be started can depend on another. So this is
//! one state behind a lock that partitions hold for the microseconds of a decision; a case that nobody is given
//! anything of never takes it. What of it is durable stands in the record of the command that caused it, and in each
//! partition's [`Ledger`], which a start makes it of.

use std::sync::{Mutex, MutexGuard, PoisonError};

use agents::resourcing::{History, Worklist};

use crate::ledger::Ledger;

/// Shared by all partitions.
pub(crate) struct Worklists(Mutex<Ahead>);

/// What is decided on.
pub(crate) struct Ahead {
    pub(crate) worklist: Worklist,
    /// By partition: each forgets the cases of its own.
    pub(crate) histories: Vec<History>,
}

impl Worklists {
    pub(crate) fn new(partitions: usize) -> Self {
        let histories = vec![History::default(); partitions];
        Self(Mutex::new(Ahead { worklist: Worklist::default(), histories }))
    }

    /// Takes in what a partition was found to have. All of them, before the first one begins to work: numbers of items
    /// are given once.
    pub(crate) fn recovered(&self, partition: usize, ledger: &Ledger) {
        let mut ahead = self.lock();
        ahead.worklist.merge(&ledger.worklist);
        ahead.histories[partition] = ledger.history.clone();
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Ahead> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
