//! Where partitions say how much work waits for which capability, and whoever hands work out looks.
//!
//! Counts are of what is decided, which may not be durable yet: a claim is answered by the partition, after the
//! sync that covers both. They are hints; the partition's own queues are the truth.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use agents::{AgentId, Capability, desk::Depths};
use tokio::sync::Notify;

/// Shared by the partitions and the desk.
#[derive(Debug)]
pub(crate) struct Board {
    partitions: usize,
    demands: RwLock<BTreeMap<Capability, Arc<Demand>>>,
    /// Items may wait for agents by name.
    names: AtomicBool,
    /// Somebody waits at the desk: partitions say what comes in.
    listened: AtomicBool,
    fresh: Mutex<BTreeMap<Capability, usize>>,
    pub(crate) came: Notify,
}

/// Items that wait for one capability, by partition.
#[derive(Debug)]
pub(crate) struct Demand {
    pub(crate) capability: Capability,
    waiting: Vec<AtomicU64>,
}

impl Board {
    pub(crate) fn new(partitions: usize) -> Self {
        Self {
            partitions,
            demands: RwLock::default(),
            names: AtomicBool::new(false),
            listened: AtomicBool::new(false),
            fresh: Mutex::default(),
            came: Notify::new(),
        }
    }

    /// The counts of a capability.
    pub(crate) fn demand(&self, capability: &Capability) -> Arc<Demand> {
        if let Some(demand) = self.find(capability) {
            return demand;
        }
        let new = || {
            let waiting = (0..self.partitions).map(|_| AtomicU64::new(0)).collect();
            Arc::new(Demand { capability: capability.clone(), waiting })
        };
        let mut demands = self.demands.write().unwrap_or_else(PoisonError::into_inner);
        demands.entry(capability.clone()).or_insert_with(new).clone()
    }

    /// Items may wait for one agent by name.
    pub(crate) fn expect_by_name(&self, capability: &Capability) {
        self.demand(capability);
        self.names.store(true, Ordering::SeqCst);
    }

    /// What this agent is asked by name, if that can happen.
    pub(crate) fn by_name(&self, agent: &AgentId) -> Option<Capability> {
        if !self.names.load(Ordering::SeqCst) {
            return None;
        }
        let capability = Capability::of_agent(agent);
        self.find(&capability).map(|_| capability)
    }

    /// Whether partitions are to say what comes in. Set before the counts are looked at, so that whatever is put
    /// after the look is announced.
    pub(crate) fn listen(&self, listened: bool) {
        self.listened.store(listened, Ordering::SeqCst);
    }

    pub(crate) fn is_listened(&self) -> bool {
        self.listened.load(Ordering::SeqCst)
    }

    /// So many more items wait.
    pub(crate) fn announce(&self, items: impl Iterator<Item = (Capability, usize)>) {
        let mut fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        for (capability, count) in items {
            *fresh.entry(capability).or_default() += count;
        }
        drop(fresh);
        self.came.notify_one();
    }

    /// What was announced since the last look.
    pub(crate) fn take_fresh(&self) -> BTreeMap<Capability, usize> {
        std::mem::take(&mut *self.fresh.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Items that wait, by capability; those that nobody waits for are left out.
    pub(crate) fn waiting(&self) -> Vec<(Capability, u64)> {
        let demands = self.demands.read().unwrap_or_else(PoisonError::into_inner);
        let waiting = demands.values().map(|demand| (demand.capability.clone(), demand.sum()));
        waiting.filter(|(_, waiting)| *waiting > 0).collect()
    }

    fn find(&self, capability: &Capability) -> Option<Arc<Demand>> {
        self.demands.read().unwrap_or_else(PoisonError::into_inner).get(capability).cloned()
    }
}

impl Depths for Board {
    fn has_work(&self, partition: usize, capability: &Capability) -> bool {
        let demands = self.demands.read().unwrap_or_else(PoisonError::into_inner);
        let waiting = demands.get(capability).and_then(|demand| demand.waiting.get(partition));
        waiting.is_some_and(|waiting| waiting.load(Ordering::SeqCst) > 0)
    }
}

impl Demand {
    pub(crate) fn add(&self, partition: usize) {
        self.waiting[partition].fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn sub(&self, partition: usize) {
        self.waiting[partition].fetch_sub(1, Ordering::SeqCst);
    }

    fn sum(&self) -> u64 {
        self.waiting.iter().map(|waiting| waiting.load(Ordering::Relaxed)).sum()
    }
}
