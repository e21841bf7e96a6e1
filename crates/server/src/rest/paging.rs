//! Which page of a list is meant.

use wire::limits::{PAGE_DEFAULT, PAGE_MAX};

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

/// Refuses a batch that is too large.
pub(super) fn batch(name: &str, size: usize, max: usize) -> Result<(), Failure> {
    if size <= max {
        return Ok(());
    }
    let detail = format!("{name} has {size} entries, allowed are {max}; send several batches");
    Err(Failure::new(Code::TooLarge, detail))
}
