//! Which page of a list is meant.

use serde::Deserialize;
use utoipa::IntoParams;
use wire::{
    Page,
    limits::{PAGE_DEFAULT, PAGE_MAX},
};

use crate::problem::{Code, Failure};

/// Checks the number of entries that a request asks for.
pub(super) fn limit(asked: Option<usize>) -> Result<usize, Failure> {
    match asked {
        None => Ok(PAGE_DEFAULT),
        Some(limit) if (1..=PAGE_MAX).contains(&limit) => Ok(limit),
        Some(limit) => {
            let detail =
                format!("limit is {limit}, allowed are 1 to {PAGE_MAX}; ask for more pages");
            Err(Failure::new(Code::MalformedQuery, detail))
        }
    }
}

/// Which entries of the organisation to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EntryQuery {
    /// The `next` of the page before.
    pub(super) after: Option<String>,
    /// 1 to 1,000; 100 if absent.
    pub(super) limit: Option<usize>,
}

/// The first `limit` of `entries`, with the id of the last one if there are more.
pub(super) fn cut<T>(
    entries: impl Iterator<Item = T>,
    limit: usize,
    id: impl Fn(&T) -> String,
) -> Page<T> {
    let mut entries = entries.peekable();
    let items: Vec<T> = entries.by_ref().take(limit).collect();
    let next = entries.peek().and_then(|_| items.last()).map(id);
    Page { items, next }
}

/// Nothing of that id is there.
pub(super) fn not_in_organisation(what: &str, id: &str) -> Failure {
    let id: String = id.chars().take(200).collect();
    Failure::new(Code::NotInOrganisation, format!("the organisation has no {what} {id:?}"))
}

/// Refuses a batch that is too large.
pub(super) fn batch(name: &str, size: usize, max: usize) -> Result<(), Failure> {
    if size <= max {
        return Ok(());
    }
    let detail = format!("{name} has {size} entries, allowed are {max}; send several batches");
    Err(Failure::new(Code::TooLarge, detail))
}
