//! Work items as they are listed: from a case's state or, where that is in the log, from what stays in memory.

use std::{cmp::Ordering, collections::BTreeMap, ops::Bound, sync::Arc};

use agents::{
    AgentId,
    conflict::{Phase, Vote},
    jury::Jury,
    lease::{self, Lease},
    resourcing::Resourcing,
};
use engine::{Case, CaseId, ItemKey, NetIndex, case::Item, view};

use crate::{
    api::{ItemDetail, ItemFilter, ItemSummary, LeaseSummary, Page, Standing, VoteSummary},
    entry::{Body, Entry},
    ids::case_of_item,
    natural::compare,
};

/// Where a page begins.
pub(crate) enum Cursor<'a> {
    Start,
    /// Behind this item of this case.
    Item(CaseId, &'a str),
    /// Behind all items of this case.
    Case(CaseId),
}

impl<'a> Cursor<'a> {
    pub(crate) fn parse(after: Option<&'a str>) -> Option<Self> {
        let Some(text) = after else { return Some(Self::Start) };
        match case_of_item(text) {
            Some(case) => Some(Self::Item(case, text)),
            None => CaseId::parse(text).ok().map(Self::Case),
        }
    }

    /// The first case to look at.
    pub(crate) fn from(&self) -> Bound<CaseId> {
        match self {
            Self::Start => Bound::Unbounded,
            Self::Item(case, _) => Bound::Included(case.clone()),
            Self::Case(case) => Bound::Excluded(case.clone()),
        }
    }

    pub(crate) fn is_behind(&self, case: &CaseId, item: &str) -> bool {
        match self {
            Self::Start => true,
            Self::Item(at, text) if at == case => compare(item, text) == Ordering::Greater,
            Self::Item(at, _) | Self::Case(at) => {
                compare(case.as_str(), at.as_str()) == Ordering::Greater
            }
        }
    }
}

/// Adds the wanted items of a case, in the order of their ids.
pub(crate) fn collect(
    case: &CaseId,
    entry: &Entry,
    filter: &ItemFilter,
    cursor: &Cursor<'_>,
    into: &mut Vec<ItemSummary>,
) {
    let start = into.len();
    let mut add = |key: &ItemKey, net: NetIndex, item: &Item| {
        let is_claimed = || entry.leases().get(key).is_some();
        let of_leases = filter.lease.is_some() || filter.holder.is_some();
        if filter.status.is_some_and(|status| status != item.status) || of_leases && !is_claimed() {
            return;
        }
        let summary = summarise(case, entry, (key, net, item));
        let standing = summary.lease.as_ref().map(|lease| lease.standing);
        let holder = summary.lease.as_ref().and_then(|lease| lease.holder.as_ref());
        let wanted = filter.task.as_ref().is_none_or(|task| *task == summary.task)
            && filter.specification.as_ref().is_none_or(|key| *key == summary.specification)
            && filter.lease.as_ref().is_none_or(|lease| standing == Some(lease.as_str()))
            && filter.holder.as_ref().is_none_or(|wanted| holder == Some(wanted));
        if wanted && cursor.is_behind(case, &summary.item) {
            into.push(summary);
        }
    };
    match &entry.body {
        Body::Hot(state) => {
            for (key, item) in &state.items {
                if let Some((_, runner)) = state.runner_of(key) {
                    add(key, runner.net, item);
                }
            }
        }
        Body::Cold(summary) => {
            for cold in &summary.items {
                add(&cold.key, cold.net, &cold.item);
            }
        }
    }
    into[start..].sort_by(|a, b| compare(&a.item, &b.item));
}

/// Cuts a page at its limit and says where to go on.
pub(crate) fn cut(mut page: Page<ItemSummary>, limit: usize) -> Page<ItemSummary> {
    if page.items.len() > limit {
        page.items.truncate(limit);
        page.next = page.items.last().map(|item| item.item.clone());
    }
    page
}

/// All items of a case, by id.
pub(crate) fn all(entry: &Entry, state: &Case) -> BTreeMap<String, ItemSummary> {
    let summaries = state.items.iter().filter_map(|(key, item)| {
        let (_, runner) = state.runner_of(key)?;
        let summary = summarise(&state.id, entry, (key, runner.net, item));
        Some((summary.item.clone(), summary))
    });
    summaries.collect()
}

/// One item of a case, with its data.
pub(crate) fn find(entry: &Entry, state: &Case, item: &str) -> Option<ItemDetail> {
    let program = &entry.loaded.program;
    let key = program.parse_item(state, item)?;
    let shown = view::item(program, state, &key)?;
    let (_, runner) = state.runner_of(&key)?;
    let summary = summarise(&state.id, entry, (&key, runner.net, state.items.get(&key)?));
    let traceparent = entry.traceparent();
    Some(ItemDetail { summary, data: shown.data, output: shown.output, traceparent })
}

/// One item of a case with what its task asks of participants.
pub(crate) fn given(
    case: &CaseId,
    entry: &Entry,
    item: &str,
) -> Option<(ItemSummary, Arc<Resourcing>)> {
    let resourced = entry.loaded.resourced.as_ref()?;
    let mut found = None;
    let mut look = |key: &ItemKey, net: NetIndex, found_item: &Item| {
        let task = entry.loaded.program.net(net).task(key.task);
        // Compared by its end first: few items of a case are of one task.
        if item.ends_with(&task.id) && item == format!("{}:{}", key.path.show(case), task.id) {
            let asked = resourced.get(net, key.task);
            found =
                asked.map(|asked| (summarise(case, entry, (key, net, found_item)), asked.clone()));
        }
    };
    match &entry.body {
        Body::Hot(state) => {
            for (key, item) in &state.items {
                if let Some((_, runner)) = state.runner_of(key) {
                    look(key, runner.net, item);
                }
            }
        }
        Body::Cold(summary) => {
            summary.items.iter().for_each(|cold| look(&cold.key, cold.net, &cold.item));
        }
    }
    found
}

fn summarise(
    case: &CaseId,
    entry: &Entry,
    (key, net, item): (&ItemKey, NetIndex, &Item),
) -> ItemSummary {
    let index = net;
    let net = entry.loaded.program.net(index);
    let task = net.task(key.task);
    ItemSummary {
        item: format!("{}:{}", key.path.show(case), task.id),
        case: case.clone(),
        specification: entry.loaded.key.clone(),
        net: net.id.clone(),
        task: task.id.clone(),
        task_name: task.name.clone(),
        status: item.status,
        group: item.group,
        enabled_at_ms: item.enabled_at_ms,
        started_at_ms: item.started_at_ms,
        completed_at_ms: item.completed_at_ms(),
        timer_due_ms: item.timer_due_ms(),
        capability: entry.loaded.capabilities.get(index, key).map(ToString::to_string),
        lease: entry.leases().get(key).map(lease_summary),
        review: entry.loaded.reviews.get(index, key).map(|review| {
            let panel = entry.juries().get(key).map(|jury| &jury.panel);
            Standing {
                phase: panel.map_or(Phase::Voting, |panel| panel.phase),
                quorum: review.quorum,
                votes: panel.map_or(0, |panel| panel.votes.len()),
            }
        }),
    }
}

pub(crate) fn lease_summary<K>(lease: &Lease<K>) -> LeaseSummary {
    let (standing, held) = match &lease.standing {
        lease::Standing::Held { holder, term_ms } => ("held", Some((holder.clone(), *term_ms))),
        lease::Standing::Free => ("free", None),
        lease::Standing::Resting { .. } => ("resting", None),
        lease::Standing::DeadLetter => ("dead-letter", None),
    };
    let (holder, term_ms) = held.unzip();
    LeaseSummary { holder, epoch: lease.epoch, attempts: lease.attempts, standing, term_ms }
}

/// The votes that a jury has so far, in the order of the agents' names.
pub(crate) fn votes(jury: &Jury<ItemKey>) -> Vec<VoteSummary> {
    let vote = |(agent, vote): (&AgentId, &Vote)| VoteSummary {
        agent: agent.clone(),
        ballot: jury.voted.iter().find(|(_, voter)| *voter == agent).map(|(ballot, _)| *ballot),
        epoch: vote.epoch,
        answer: text(&vote.answer),
        confidence: vote.confidence,
        reasoning: (&*vote.reasoning).into(),
    };
    jury.panel.votes.iter().map(vote).collect()
}

/// Answers are the text that the net took.
pub(crate) fn text(answer: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(answer).into()
}
