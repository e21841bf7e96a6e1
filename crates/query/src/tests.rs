//! Queries and their results, as data.

mod answers;
mod arbitrary;
mod hostile;
mod present;
mod recorded;
mod refusals;

pub(crate) use answers::NOW;

#[test]
fn queries_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<crate::Query>();
}
