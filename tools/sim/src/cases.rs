//! What `engine` would know of a case, as little as leases need: items that are enabled, checked out, or gone.

use std::{collections::BTreeMap, sync::Arc};

use agents::{
    AgentId, Capability, Epoch,
    lease::{Event, Lease, Leases, Standing},
};

use crate::message::{CommandId, Done};

/// Answers to commands that are remembered: far more than are repeated.
const RECENT_MAX: usize = 512;

/// A work item by its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) case: u64,
    pub(crate) item: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Enabled,
    Executing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) capability: Capability,
    pub(crate) status: Status,
    /// By the wall clock.
    pub(crate) enabled_at_ms: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) specification: u32,
    pub(crate) suspended: bool,
    pub(crate) items: BTreeMap<u8, Item>,
    pub(crate) leases: Leases<u8>,
}

/// The cases of a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cases {
    pub(crate) open: BTreeMap<u64, Arc<Case>>,
    /// Answers by command, with the position that tells which is oldest.
    recent: BTreeMap<CommandId, (u64, Done)>,
    by_age: BTreeMap<u64, CommandId>,
    position: u64,
}

/// What happens in the net.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Net {
    Launched(Case),
    Started(u8),
    RolledBack { item: u8, at_ms: i64 },
    Completed(u8),
    Cancelled(u8),
    Suspended,
    Resumed,
}

/// One record of the log: what a command did to net and leases.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) case: u64,
    pub(crate) net: Option<Net>,
    pub(crate) leases: Vec<Event<u8>>,
    pub(crate) command: Option<(CommandId, Done)>,
    /// Under which epoch a result came, and from whom.
    pub(crate) result: Option<(Epoch, AgentId)>,
}

impl Cases {
    pub(crate) fn get(&self, case: u64) -> Option<&Arc<Case>> {
        self.open.get(&case)
    }

    pub(crate) fn repeated(&self, command: CommandId) -> Option<Done> {
        self.recent.get(&command).map(|(_, done)| *done)
    }

    /// Applies a stored record. Gives the case before and after.
    pub(crate) fn apply(&mut self, record: &Record) -> (Option<Arc<Case>>, Option<Arc<Case>>) {
        self.position += 1;
        if let Some((command, done)) = record.command {
            self.recent.insert(command, (self.position, done));
            self.by_age.insert(self.position, command);
            if self.by_age.len() > RECENT_MAX
                && let Some((_, oldest)) = self.by_age.pop_first()
            {
                self.recent.remove(&oldest);
            }
        }
        let before = self.open.remove(&record.case);
        let after = match (&before, &record.net) {
            (_, Some(Net::Launched(case))) => Some(case.clone()),
            (Some(before), net) => {
                let mut case = (**before).clone();
                case.step(net.as_ref());
                record.leases.iter().for_each(|event| case.leases.apply(event));
                (!case.items.is_empty()).then_some(case)
            }
            (None, _) => None,
        };
        let after = after.map(Arc::new);
        if let Some(after) = &after {
            self.open.insert(record.case, after.clone());
        }
        (before, after)
    }
}

impl Case {
    /// Items that can be claimed, as `node::partition::work` counts them.
    pub(crate) fn claimable(&self) -> impl Iterator<Item = (u8, &Item)> {
        let items = self.items.iter().map(|(key, item)| (*key, item));
        items.filter(|(key, _)| self.is_claimable(*key))
    }

    pub(crate) fn is_claimable(&self, key: u8) -> bool {
        let enabled = self.items.get(&key).is_some_and(|item| item.status == Status::Enabled);
        enabled && !self.suspended && self.leases.is_claimable(&key)
    }

    pub(crate) fn step(&mut self, net: Option<&Net>) {
        match net {
            None | Some(Net::Launched(_)) => {}
            Some(Net::Started(item)) => {
                if let Some(item) = self.items.get_mut(item) {
                    item.status = Status::Executing;
                }
            }
            Some(Net::RolledBack { item, at_ms }) => {
                if let Some(item) = self.items.get_mut(item) {
                    item.status = Status::Enabled;
                    item.enabled_at_ms = *at_ms;
                }
            }
            Some(Net::Completed(item) | Net::Cancelled(item)) => drop(self.items.remove(item)),
            Some(Net::Suspended) => self.suspended = true,
            Some(Net::Resumed) => self.suspended = false,
        }
    }

    /// Whether a lease still says something about its item: see `node::partition::keeping`.
    pub(crate) fn still_stands(&self, lease: &Lease<u8>) -> bool {
        let Some(item) = self.items.get(&lease.item) else { return false };
        match lease.standing {
            Standing::Held { .. } => item.status == Status::Executing,
            Standing::Free | Standing::Resting { .. } | Standing::DeadLetter => {
                item.status == Status::Enabled
            }
        }
    }
}
