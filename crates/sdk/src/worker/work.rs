//! What a handler is given.

use std::time::Duration;

use tokio::{sync::watch, time::Instant};
use wire::claim::ClaimedItem;

use super::cancellation::Cancellation;
use crate::{
    client::Client,
    traceparent::Traceparent,
    xml::{self, Element},
};

/// An item that the agent holds, with all that its handler needs.
#[derive(Clone, Debug)]
pub struct Work {
    pub(super) item: ClaimedItem,
    pub(super) client: Client,
    pub(super) trace: Option<Traceparent>,
    pub(super) cancellation: Cancellation,
    pub(super) lease_ends: watch::Receiver<Instant>,
}

impl Work {
    /// The item as the server gave it: its id, case, task, attempt, data.
    pub fn item(&self) -> &ClaimedItem {
        &self.item
    }

    /// The item's data.
    pub fn input(&self) -> Result<Element, xml::Error> {
        self.item.data.parse()
    }

    /// An empty result: an element with the name that the result must have, that of the input.
    pub fn output(&self) -> Result<Element, xml::Error> {
        Ok(Element::new(self.input()?.name()))
    }

    /// Says whether the item is still the handler's own.
    pub fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }

    /// How much of the lease is left if it is not renewed: look before doing what cannot be undone.
    pub fn lease_left(&self) -> Duration {
        self.lease_ends.borrow().saturating_duration_since(Instant::now())
    }

    /// The place of this handler in the trace of whoever launched the case, if that was traced.
    pub fn traceparent(&self) -> Option<Traceparent> {
        self.trace
    }

    /// A client whose requests carry the trace on.
    pub fn client(&self) -> &Client {
        &self.client
    }
}
