//! Queries and their results, as data.

mod answers;
mod arbitrary;
mod hostile;
mod recorded;
mod refusals;

pub(crate) use answers::NOW;
