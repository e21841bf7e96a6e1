//! Finds the slot of an id. The ids themselves are with the agents: an entry costs nine bytes.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::{agent::Agent, places::Places};
use crate::ids::{AgentId, Slot};

/// Slots by the hash of the id of their agent. It is never walked: its order, which differs from run to run so
/// that nobody can choose ids that collide, is seen nowhere.
#[derive(Debug, Default)]
pub(super) struct Index {
    table: HashTable<Entry>,
    hasher: RandomState,
}

/// The hash stays here so that a table that grows need not go back to a million ids.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    slot: Slot,
}

impl Index {
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    pub(super) fn find(&self, agents: &Places<Agent>, id: &AgentId) -> Option<Slot> {
        let hash = self.hash(id);
        let is_it = |entry: &Entry| {
            entry.hash == hash && agents.get(entry.slot).is_some_and(|agent| agent.id == *id)
        };
        self.table.find(spread(hash), is_it).map(|entry| entry.slot)
    }

    /// Enters an id that is not there.
    pub(super) fn insert(&mut self, id: &AgentId, slot: Slot) {
        let hash = self.hash(id);
        self.table.insert_unique(spread(hash), Entry { hash, slot }, |entry| spread(entry.hash));
    }

    pub(super) fn remove(&mut self, id: &AgentId, slot: Slot) {
        let hash = self.hash(id);
        if let Ok(entry) = self.table.find_entry(spread(hash), |entry| entry.slot == slot) {
            entry.remove();
        }
    }

    fn hash(&self, id: &AgentId) -> u32 {
        (self.hasher.hash_one(id) >> 32) as u32
    }
}

/// The table takes a place from the low bits and a tag from the high ones.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}
