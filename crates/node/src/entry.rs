//! What the node knows of one case: a value that is replaced, never changed, so that the partition, the
//! projection and a snapshot can each hold one without waiting for another.

use std::sync::Arc;

use agents::{
    jury::{self, Juries, Jury},
    lease::{self, Leases},
};
use engine::{
    Case, CaseId, ItemKey, NetIndex,
    case::{CaseStatus, Item, ItemStatus},
};

use crate::{
    api::{CaseSummary, Loaded},
    record::{ColdItem, SnapshotBody, SnapshotBodyRef, SnapshotEntry, SnapshotEntryRef, Summary},
    traceparent::Traceparent,
};

/// Command ids remembered per case. A client retries its last few commands, not older ones.
pub(crate) const RECENT_MAX: usize = 32;

/// One case.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) loaded: Arc<Loaded>,
    /// Position of the launch.
    pub(crate) first: u64,
    /// Position of the newest record.
    pub(crate) last: u64,
    /// Hash of the launch's command id.
    pub(crate) launch: Option<u64>,
    pub(crate) recent: Recent,
    /// Records since the last one that holds the whole state.
    pub(crate) chain: u32,
    /// What few cases have.
    pub(crate) rare: Option<Box<Rare>>,
    pub(crate) body: Body,
}

/// What few cases have: kept apart, so that the others take no room for it.
#[derive(Clone, Default)]
pub(crate) struct Rare {
    /// Who holds its items.
    leases: Leases<ItemKey>,
    /// Of items under review.
    juries: Option<Box<Juries<ItemKey>>>,
    /// Of the request that launched it.
    traceparent: Option<Traceparent>,
}

const NO_JURIES: &Juries<ItemKey> = &Juries::new();

/// The state, or what is left of it while the state is in the log.
#[derive(Clone)]
pub(crate) enum Body {
    Hot(Box<Case>),
    Cold(Box<Summary>),
}

impl Entry {
    /// A case as its launch at `position` left it. `launch` is the hash of the command's id.
    pub(crate) fn launched(
        loaded: Arc<Loaded>,
        position: u64,
        launch: Option<u64>,
        body: Body,
    ) -> Self {
        let recent = Recent::default().and(launch, position);
        Self { loaded, first: position, last: position, launch, recent, chain: 1, rare: None, body }
    }

    /// The case as the record at `position` leaves it.
    pub(crate) fn after(&self, position: u64, command: Option<u64>, body: Body) -> Self {
        Self {
            loaded: self.loaded.clone(),
            first: self.first,
            last: position,
            launch: self.launch,
            recent: self.recent.and(command, position),
            chain: self.chain + 1,
            rare: self.rare.clone(),
            body,
        }
    }

    /// Applies what happened to its leases.
    pub(crate) fn lease(&mut self, events: &[lease::Event<ItemKey>]) {
        if events.is_empty() {
            return;
        }
        let rare = self.rare.get_or_insert_default();
        for event in events {
            rare.leases.apply(event);
        }
        self.tidy();
    }

    /// Applies what happened to the juries of its items.
    pub(crate) fn review(&mut self, events: &[jury::Event<ItemKey>]) {
        if events.is_empty() {
            return;
        }
        let juries = self.rare.get_or_insert_default().juries.get_or_insert_default();
        for event in events {
            juries.apply(event);
        }
        self.tidy();
    }

    /// Keeps no room for nothing.
    fn tidy(&mut self) {
        let Some(rare) = &mut self.rare else { return };
        if rare.juries().is_empty() {
            rare.juries = None;
            if rare.leases.is_empty() && rare.traceparent.is_none() {
                self.rare = None;
            }
        }
    }

    /// Notes the trace that it belongs to.
    pub(crate) fn trace(&mut self, traceparent: Option<Traceparent>) {
        if traceparent.is_some() {
            self.rare.get_or_insert_default().traceparent = traceparent;
        }
    }

    /// The trace that it belongs to.
    pub(crate) fn traceparent(&self) -> Option<Traceparent> {
        self.rare.as_ref()?.traceparent
    }

    /// Who holds its items.
    pub(crate) fn leases(&self) -> &Leases<ItemKey> {
        const NONE: &Leases<ItemKey> = &Leases::new();
        self.rare.as_deref().map_or(NONE, |rare| &rare.leases)
    }

    /// Who answers its items under review.
    pub(crate) fn juries(&self) -> &Juries<ItemKey> {
        self.rare.as_deref().map_or(NO_JURIES, Rare::juries)
    }

    /// Its work items, in the order of their keys.
    pub(crate) fn items(&self) -> impl Iterator<Item = (&ItemKey, &Item)> {
        let (hot, cold) = match &self.body {
            Body::Hot(case) => (Some(&case.items), None),
            Body::Cold(summary) => (None, Some(&summary.items)),
        };
        let cold = cold.into_iter().flatten().map(|cold| (&cold.key, &cold.item));
        hot.into_iter().flatten().chain(cold)
    }

    /// One of its work items.
    pub(crate) fn item(&self, key: &ItemKey) -> Option<&Item> {
        match &self.body {
            Body::Hot(case) => case.items.get(key),
            Body::Cold(summary) => {
                let cold = summary.items.iter().find(|cold| cold.key == *key);
                cold.map(|cold| &cold.item)
            }
        }
    }

    pub(crate) fn status(&self) -> CaseStatus {
        match &self.body {
            Body::Hot(case) => case.status,
            Body::Cold(summary) => summary.status,
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.status(), CaseStatus::Ended(_))
    }

    /// Its state is in memory.
    pub(crate) fn is_hot(&self) -> bool {
        matches!(self.body, Body::Hot(_))
    }

    /// Reads something from every part of what is in memory, so that it is in the cache.
    pub(crate) fn peek(&self) -> usize {
        match &self.body {
            Body::Hot(case) => {
                let items = case.items.values().filter(|item| item.status.is_live()).count();
                let ends = usize::from(case.output.is_some()) + case.incidents.len();
                items + ends + case.runners.len() + case.id.as_str().len()
            }
            Body::Cold(summary) => summary.items.len(),
        }
    }

    pub(crate) fn next_due_ms(&self) -> Option<i64> {
        match &self.body {
            Body::Hot(case) => case.next_due_ms(),
            Body::Cold(summary) => summary.next_due_ms,
        }
    }

    /// The same case with its state left to the log.
    pub(crate) fn cooled(&self) -> Self {
        let body = match &self.body {
            Body::Hot(case) => Body::Cold(Box::new(summary_of(case))),
            Body::Cold(summary) => Body::Cold(summary.clone()),
        };
        Self { body, ..self.clone() }
    }

    /// The case in a list.
    pub(crate) fn show(&self, case: &CaseId) -> CaseSummary {
        let specification = self.loaded.key.clone();
        let case = case.clone();
        match &self.body {
            Body::Hot(state) => CaseSummary {
                case,
                specification,
                status: state.status,
                launched_at_ms: state.launched_at_ms,
                ended_at_ms: state.ended_at_ms,
                open_items: state.items.values().filter(|item| is_open(item)).count(),
                incidents: state.incidents.len(),
            },
            Body::Cold(summary) => CaseSummary {
                case,
                specification,
                status: summary.status,
                launched_at_ms: summary.launched_at_ms,
                ended_at_ms: summary.ended_at_ms,
                open_items: summary.items.iter().filter(|cold| is_open(&cold.item)).count(),
                incidents: summary.incidents as usize,
            },
        }
    }

    /// The entry as a snapshot keeps it.
    pub(crate) fn to_snapshot<'a>(&'a self, case: &'a CaseId) -> SnapshotEntryRef<'a> {
        SnapshotEntryRef {
            case,
            specification: self.loaded.number,
            first: self.first,
            last: self.last,
            launch: self.launch,
            recent: &self.recent.0,
            chain: self.chain,
            leases: self.leases(),
            body: match &self.body {
                Body::Hot(case) => SnapshotBodyRef::Hot(case),
                Body::Cold(summary) => SnapshotBodyRef::Cold(summary),
            },
        }
    }

    /// The entry that a snapshot kept.
    pub(crate) fn from_snapshot(stored: SnapshotEntry, loaded: Arc<Loaded>) -> (CaseId, Self) {
        let body = match stored.body {
            SnapshotBody::Hot(case) => Body::Hot(case),
            SnapshotBody::Cold(summary) => Body::Cold(summary),
        };
        let leases = stored.leases;
        let has_leases = !leases.is_empty();
        let entry = Self {
            loaded,
            first: stored.first,
            last: stored.last,
            launch: stored.launch,
            recent: Recent(stored.recent),
            chain: stored.chain,
            rare: has_leases.then(|| Box::new(Rare { leases, juries: None, traceparent: None })),
            body,
        };
        (stored.case, entry)
    }

    /// Adds a jury that a snapshot kept.
    pub(crate) fn add_jury(&mut self, jury: Jury<ItemKey>) {
        self.rare.get_or_insert_default().juries.get_or_insert_default().add(jury);
    }
}

impl Rare {
    fn juries(&self) -> &Juries<ItemKey> {
        self.juries.as_deref().unwrap_or(NO_JURIES)
    }
}

/// Somebody can do something about it. The parent of instances, for one, only stands for them.
fn is_open(item: &Item) -> bool {
    item.status.is_live() || item.status == ItemStatus::Suspended
}

/// The net that an item is of.
pub(crate) fn net_of(entry: &Entry, key: &ItemKey) -> Option<NetIndex> {
    match &entry.body {
        Body::Hot(case) => case.runner_of(key).map(|(_, runner)| runner.net),
        Body::Cold(summary) => {
            let cold = summary.items.iter().find(|cold| cold.key == *key);
            cold.map(|cold| cold.net)
        }
    }
}

/// A case that has ended leaves its state to the log.
pub(crate) fn body_of(case: Case) -> Body {
    if case.has_ended() {
        Body::Cold(Box::new(summary_of(&case)))
    } else {
        Body::Hot(Box::new(case))
    }
}

/// What stays in memory of `case`.
pub(crate) fn summary_of(case: &Case) -> Summary {
    let items = case.items.iter().filter_map(|(key, item)| {
        let (_, runner) = case.runner_of(key)?;
        Some(ColdItem { key: key.clone(), net: runner.net, item: item.without_output() })
    });
    Summary {
        status: case.status,
        launched_at_ms: case.launched_at_ms,
        ended_at_ms: case.ended_at_ms,
        incidents: u32::try_from(case.incidents.len()).unwrap_or(u32::MAX),
        next_due_ms: case.next_due_ms(),
        items: items.collect(),
    }
}

/// Hashes of the last command ids of a case, each with the record that holds id and answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Recent(Vec<(u64, u64)>);

impl Recent {
    /// The record of the command with this hash.
    pub(crate) fn find(&self, hash: u64) -> Option<u64> {
        self.0.iter().rev().find(|(known, _)| *known == hash).map(|(_, position)| *position)
    }

    /// These and one more, if there is one; the oldest is forgotten.
    #[must_use]
    pub(crate) fn and(&self, command: Option<u64>, position: u64) -> Self {
        let Some(hash) = command else { return self.clone() };
        let keep = self.0.len().min(RECENT_MAX - 1);
        let mut recent = Vec::with_capacity(keep + 1);
        recent.extend_from_slice(&self.0[self.0.len() - keep..]);
        recent.push((hash, position));
        Self(recent)
    }
}
