//! Queries and their results, as data.

mod answers;
mod recorded;
mod refusals;

pub(crate) use answers::NOW;
