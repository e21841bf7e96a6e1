//! Everything that a handle shows without changing it: cases, work items, histories, as of the last durable
//! record of each partition.

mod reviews;

use std::{cmp::Ordering, ops::Bound, sync::Arc};

use engine::{
    Case, CaseId,
    case::CaseStatus,
    or_join::{self, OrJoinView},
    view,
};

use crate::{
    api::{
        CaseDetail, CaseFilter, CaseSummary, HistoryPage, ItemDetail, ItemFilter, ItemSummary, Page,
    },
    chain,
    config::PAGE_MAX,
    entry::{Body, Entry},
    handle::{Handle, blocking},
    history,
    ids::{case_of_item, partition_of},
    items,
    natural::compare,
    projection::{Side, Walk},
    rejected::{Fault, Rejected},
};

/// Cases looked at for one page. A filter that matches little gives a short page and a place to go on.
const SCAN_MAX: usize = 50_000;
/// Cases read under one lock.
const CHUNK: usize = 128;

impl Handle {
    /// Cases in natural order of their ids, behind `after`.
    pub fn cases(
        &self,
        filter: &CaseFilter,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Page<CaseSummary> {
        let limit = limit.clamp(1, PAGE_MAX);
        let from = after.map_or(Bound::Unbounded, |after| Bound::Excluded(after.clone()));
        let mut page = Page { items: Vec::new(), next: None };
        let mut last: Option<CaseId> = None;
        for (scanned, (case, entry)) in self.merged(sides(filter), &from).enumerate() {
            if page.items.len() == limit || scanned == SCAN_MAX {
                page.next = last.map(|case| case.to_string());
                return page;
            }
            // A case that ends while the page is made may be met on both sides.
            if last.as_ref() != Some(&case) && matches(filter, &case, &entry) {
                page.items.push(entry.show(&case));
            }
            last = Some(case);
        }
        page
    }

    /// One case with its marking, items and data.
    pub async fn case(&self, case: &CaseId) -> Result<CaseDetail, Rejected> {
        let entry = self.entry(case)?;
        self.with_state(case, entry, |entry, state| CaseDetail {
            summary: entry.show(&state.id),
            view: view::view(&entry.loaded.program, state),
            items: items::all(entry, state),
            output: state.output.clone(),
            traceparent: entry.traceparent(),
            position: entry.last,
        })
        .await
    }

    /// The OR-joins of a case that have a token before them, and what keeps each from starting.
    pub async fn or_joins(&self, case: &CaseId) -> Result<Vec<OrJoinView>, Rejected> {
        let entry = self.entry(case)?;
        // A test may take long enough to hold up other requests of this thread.
        let copy = |entry: &Entry, state: &Case| (entry.loaded.program.clone(), state.clone());
        let (program, state) = self.with_state(case, entry, copy).await?;
        blocking(move || or_join::explain(&program, &state)).await
    }

    /// The case in a list, without reading its state.
    pub fn case_summary(&self, case: &CaseId) -> Result<CaseSummary, Rejected> {
        Ok(self.entry(case)?.show(case))
    }

    /// What has happened in a case, oldest first, behind the record `after`. A page ends with a whole
    /// record, so it may hold a few more than `limit`.
    pub async fn history(
        &self,
        case: &CaseId,
        after: Option<u64>,
        limit: usize,
    ) -> Result<HistoryPage, Rejected> {
        let entry = self.entry(case)?;
        let reader = self.0.readers[partition_of(case, self.0.readers.len())].clone();
        let (case, limit) = (case.clone(), limit.clamp(1, PAGE_MAX));
        blocking(move || {
            history::page(&*reader, &entry, &case, history::Span { after, limit }).map_err(
                |source| {
                    Rejected::Fault(Fault::Read { case: case.clone(), source: Arc::new(source) })
                },
            )
        })
        .await?
    }

    /// Work items of open cases, by case and then by id, behind `after`: an item's id, or what the page
    /// before gave as `next`. A text that is neither gives an empty page.
    pub fn items(
        &self,
        filter: &ItemFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Page<ItemSummary> {
        let limit = limit.clamp(1, PAGE_MAX);
        let mut page = Page { items: Vec::new(), next: None };
        let Some(cursor) = items::Cursor::parse(after) else { return page };
        if let Some(case) = &filter.case {
            if let Ok(entry) = self.entry(case) {
                items::collect(case, &entry, filter, &cursor, &mut page.items);
            }
            return items::cut(page, limit);
        }
        let mut last: Option<CaseId> = None;
        for (scanned, (case, entry)) in self.merged(&[Side::Open], &cursor.from()).enumerate() {
            if page.items.len() > limit {
                break;
            }
            if scanned == SCAN_MAX {
                page.next = last.map(|case| case.to_string());
                return page;
            }
            if filter.specification.as_ref().is_none_or(|key| *key == entry.loaded.key) {
                items::collect(&case, &entry, filter, &cursor, &mut page.items);
            }
            last = Some(case);
        }
        items::cut(page, limit)
    }

    /// One work item with its data.
    pub async fn item(&self, item: &str) -> Result<ItemDetail, Rejected> {
        let missing = || Rejected::NoSuchItem(item.to_owned());
        let case = case_of_item(item).ok_or_else(missing)?;
        let entry = self.entry(&case).map_err(|_| missing())?;
        if entry.has_ended() {
            return Err(missing());
        }
        let text = item.to_owned();
        let found =
            self.with_state(&case, entry, move |entry, state| items::find(entry, state, &text));
        found.await?.ok_or_else(missing)
    }

    pub(crate) fn entry(&self, case: &CaseId) -> Result<Arc<Entry>, Rejected> {
        let partition = partition_of(case, self.0.projections.len());
        let entry = self.0.projections[partition].get(case);
        entry.ok_or_else(|| Rejected::NoSuchCase(case.to_string()))
    }

    /// Looks at a case's state, read from the log if it is not in memory.
    async fn with_state<T: Send + 'static>(
        &self,
        case: &CaseId,
        entry: Arc<Entry>,
        look: impl FnOnce(&Entry, &Case) -> T + Send + 'static,
    ) -> Result<T, Rejected> {
        if let Body::Hot(state) = &entry.body {
            return Ok(look(&entry, state));
        }
        let reader = self.0.readers[partition_of(case, self.0.readers.len())].clone();
        let case = case.clone();
        blocking(move || match chain::load(&*reader, &case, &entry) {
            Ok(state) => Ok(look(&entry, &state)),
            Err(source) => Err(Rejected::Fault(Fault::Read { case, source: Arc::new(source) })),
        })
        .await?
    }

    /// The cases of all partitions in one order.
    fn merged(
        &self,
        sides: &[Side],
        from: &Bound<CaseId>,
    ) -> impl Iterator<Item = (CaseId, Arc<Entry>)> {
        let walk = |projection, side: &Side| Walk::new(projection, *side, from.clone(), CHUNK);
        let mut walks: Vec<Walk<'_>> = Vec::new();
        for projection in &self.0.projections {
            walks.extend(sides.iter().map(|side| walk(&**projection, side)));
        }
        std::iter::from_fn(move || {
            let mut first: Option<(usize, CaseId)> = None;
            for (index, walk) in walks.iter_mut().enumerate() {
                let Some(case) = walk.peek() else { continue };
                let is_first = first.as_ref().is_none_or(|(_, least)| is_before(case, least));
                if is_first {
                    first = Some((index, case.clone()));
                }
            }
            walks[first?.0].next()
        })
    }
}

fn is_before(a: &CaseId, b: &CaseId) -> bool {
    compare(a.as_str(), b.as_str()) == Ordering::Less
}

/// Where cases of the wanted status are.
fn sides(filter: &CaseFilter) -> &'static [Side] {
    match filter.status.as_deref() {
        None => &[Side::Open, Side::Ended],
        Some("scheduled" | "running" | "suspended") => &[Side::Open],
        Some(_) => &[Side::Ended],
    }
}

fn matches(filter: &CaseFilter, case: &CaseId, entry: &Entry) -> bool {
    let status: CaseStatus = entry.status();
    filter.status.as_ref().is_none_or(|name| name == status.name())
        && filter.specification.as_ref().is_none_or(|key| *key == entry.loaded.key)
        && filter.prefix.as_ref().is_none_or(|prefix| case.as_str().starts_with(prefix.as_str()))
}
