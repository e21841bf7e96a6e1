//! What a handle shows of reviews.

use std::sync::Arc;

use agents::{
    conflict::{self, Panel, Phase, Review},
    jury::{self, Jury},
};
use engine::{Case, CaseId, ItemKey};

use super::{Handle, SCAN_MAX};
use crate::{
    api::{BallotSummary, Page, ReviewDetail, ReviewFilter, ReviewSummary, Standing, Tallied},
    config::PAGE_MAX,
    entry::{Entry, net_of},
    ids::case_of_item,
    items,
    natural::compare,
    projection::Side,
    rejected::Rejected,
};

impl Handle {
    /// Reviews that have begun, by case and then by item, behind `after`: an item's id, or what the page before gave as
    /// `next`. A text that is neither gives an empty page.
    pub fn reviews(
        &self,
        filter: &ReviewFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Page<ReviewSummary> {
        let limit = limit.clamp(1, PAGE_MAX);
        let mut page = Page { items: Vec::new(), next: None };
        let Some(cursor) = items::Cursor::parse(after) else { return page };
        let mut last: Option<CaseId> = None;
        for (scanned, (case, entry)) in self.merged(&[Side::Open], &cursor.from()).enumerate() {
            if page.items.len() > limit {
                break;
            }
            if scanned == SCAN_MAX {
                page.next = last.map(|case| case.to_string());
                return page;
            }
            let juries = entry.juries().iter().filter_map(|jury| summary(&case, &entry, jury));
            let wanted = juries.filter(|one| {
                filter.phase.is_none_or(|phase| phase == one.standing.phase)
                    && cursor.is_behind(&case, &one.item)
            });
            let start = page.items.len();
            page.items.extend(wanted);
            page.items[start..].sort_by(|a, b| compare(&a.item, &b.item));
            last = Some(case);
        }
        if page.items.len() > limit {
            page.items.truncate(limit);
            page.next = page.items.last().map(|review| review.item.clone());
        }
        page
    }

    /// The review of one item, also of one that nobody has claimed yet.
    pub async fn review(&self, item: &str) -> Result<ReviewDetail, Rejected> {
        let missing = || Rejected::NoSuchItem(item.to_owned());
        let case = case_of_item(item).ok_or_else(missing)?;
        let entry = self.entry(&case).map_err(|_| missing())?;
        if entry.has_ended() {
            return Err(missing());
        }
        let text = item.to_owned();
        let found = self.with_state(&case, entry, move |entry, state| find(entry, state, &text));
        found.await?
    }
}

fn find(entry: &Entry, state: &Case, item: &str) -> Result<ReviewDetail, Rejected> {
    let missing = || Rejected::NoSuchItem(item.to_owned());
    let key = entry.loaded.program.parse_item(state, item).ok_or_else(missing)?;
    entry.item(&key).ok_or_else(missing)?;
    let net = net_of(entry, &key).ok_or_else(missing)?;
    let review = entry.loaded.reviews.get(net, &key).ok_or_else(|| Rejected::Review {
        item: item.to_owned(),
        refusal: jury::Refusal::NoReview,
    })?;
    let jury = entry.juries().get(&key);
    let none = Panel::default();
    let panel = jury.map_or(&none, |jury| &jury.panel);
    let tally = conflict::count(review, panel.votes.values());
    let ballots = jury.into_iter().flat_map(|jury| jury.ballots.iter());
    Ok(ReviewDetail {
        summary: summarise(&state.id, entry, (&key, review, panel)).ok_or_else(missing)?,
        review: review.clone(),
        votes: jury.map(items::votes).unwrap_or_default(),
        ballots: ballots
            .map(|lease| BallotSummary { ballot: lease.item, lease: items::lease_summary(lease) })
            .collect(),
        tally: tally
            .into_iter()
            .map(|(answer, support)| Tallied {
                answer: items::text(answer),
                votes: support.votes,
                confidence: support.confidence,
            })
            .collect(),
    })
}

fn summary(case: &CaseId, entry: &Arc<Entry>, jury: &Jury<ItemKey>) -> Option<ReviewSummary> {
    let review = entry.loaded.reviews.get(net_of(entry, &jury.item)?, &jury.item)?;
    summarise(case, entry, (&jury.item, review, &jury.panel))
}

fn summarise(
    case: &CaseId,
    entry: &Entry,
    (key, review, panel): (&ItemKey, &Review, &Panel),
) -> Option<ReviewSummary> {
    let task = entry.loaded.program.net(net_of(entry, key)?).task(key.task);
    let phase: Phase = panel.phase;
    Some(ReviewSummary {
        item: format!("{}:{}", key.path.show(case), task.id),
        case: case.clone(),
        specification: entry.loaded.key.clone(),
        task: task.id.clone(),
        task_name: task.name.clone(),
        standing: Standing { phase, quorum: review.quorum, votes: panel.votes.len() },
    })
}
