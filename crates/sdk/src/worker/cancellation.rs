//! Word to a handler that its item is no longer its own.

use std::fmt;

use tokio::sync::watch;

/// Why a handler should stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The server took the item away, in its own words: `cancelled`, `withdrawn`, `case-cancelled` ...
    Taken(String),
    /// The lease is over: somebody else may have the item.
    LeaseOver,
    /// The worker drains and its patience is over. A result that comes now still counts.
    Draining,
}

/// Tells a handler whether to stop. Cheap to clone; clones hear the same.
#[derive(Clone, Debug)]
pub struct Cancellation(watch::Receiver<Option<Reason>>);

/// The other end.
#[derive(Debug)]
pub(super) struct Canceller(watch::Sender<Option<Reason>>);

pub(super) fn pair() -> (Canceller, Cancellation) {
    let (sender, receiver) = watch::channel(None);
    (Canceller(sender), Cancellation(receiver))
}

impl Cancellation {
    pub fn is_cancelled(&self) -> bool {
        self.0.borrow().is_some()
    }

    pub fn reason(&self) -> Option<Reason> {
        self.0.borrow().clone()
    }

    /// Waits until the item is cancelled: for ever if it never is.
    pub async fn cancelled(&self) -> Reason {
        let mut heard = self.0.clone();
        let reason = heard.wait_for(Option::is_some).await.ok().and_then(|reason| reason.clone());
        match reason {
            Some(reason) => reason,
            // Nobody is left who could cancel.
            None => std::future::pending().await,
        }
    }
}

impl Canceller {
    /// Cancels. The first reason stays, except that losing the item is more than draining.
    pub(super) fn cancel(&self, reason: Reason) {
        self.0.send_if_modified(|present| {
            let is_news = match present {
                None => true,
                Some(Reason::Draining) => reason != Reason::Draining,
                Some(Reason::Taken(_) | Reason::LeaseOver) => false,
            };
            if is_news {
                *present = Some(reason);
            }
            is_news
        });
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(reason) => f.write_str(reason),
            Self::LeaseOver => f.write_str("the lease is over"),
            Self::Draining => f.write_str("the worker drains"),
        }
    }
}
