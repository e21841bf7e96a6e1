//! Which handler does what.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::{FutureExt as _, future::BoxFuture};
use wire::claim::ClaimedItem;

use super::{
    failure::{Failure, Output},
    work::Work,
};

pub(super) type Handler =
    Arc<dyn Fn(Work) -> BoxFuture<'static, Result<Output, Failure>> + Send + Sync>;

/// By capability, in the small letters in which servers compare them.
#[derive(Default)]
pub(super) struct Handlers(BTreeMap<String, Handler>);

impl Handlers {
    pub(super) fn add<F, T, R>(&mut self, capability: &str, handler: F)
    where
        F: Fn(Work) -> T + Send + Sync + 'static,
        T: Future<Output = Result<R, Failure>> + Send + 'static,
        R: Into<Output>,
    {
        let boxed = move |work| handler(work).map(|result| result.map(Into::into)).boxed();
        self.0.insert(capability.trim().to_lowercase(), Arc::new(boxed));
    }

    /// The handler of an item. A server that does not say what the item asks for can mean only the one that there is.
    pub(super) fn of(&self, item: &ClaimedItem) -> Option<&Handler> {
        match &item.capability {
            Some(capability) => self.0.get(&capability.to_lowercase()),
            None if self.0.len() == 1 => self.0.values().next(),
            None => None,
        }
    }
}
