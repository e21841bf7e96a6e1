//! Pushed work: claims at the desk on behalf of agents that asked, one for each, as long as somebody reads.

use std::{collections::BTreeSet, pin::Pin, sync::Arc, time::Duration};

use agents::{
    AgentId, Capability,
    registry::{Denied, Incarnation},
};
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::{Reader, stream::Stream};
use crate::{
    api::Claimed,
    desk::{ClaimRequest, Granted, WAIT_MS_MAX, give_back},
    handle::Handle,
    rejected::Rejected,
};

/// Agents of a session to which work is pushed: each has a claim that waits.
pub const PUSH_AGENTS_MAX: usize = 10_000;
/// Pushed items that one agent may hold at once: no agent hoards.
pub const IN_HAND_MAX: usize = 1_000;
/// The class of these claims, for the circuit breaker.
const CLASS: &str = "push";
/// When it is tried again for an agent that gets no work now and may later.
const DENIED_MS: u64 = 5_000;

/// An agent asks for work to be pushed to it.
#[derive(Clone, Debug)]
pub struct Push {
    pub agent: Incarnation,
    /// Pushed items that it holds at once, 1 to [`IN_HAND_MAX`].
    pub in_hand_max: usize,
    /// How long it may be silent on each item, milliseconds.
    pub term_ms: u64,
    /// What of its capabilities it wants to use. None: all of them.
    pub capabilities: Option<Vec<Capability>>,
}

/// What is claimed for an agent.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) whom: Incarnation,
    pub(super) in_hand_max: usize,
    pub(super) term_ms: u64,
    pub(super) capabilities: Option<Arc<[Capability]>>,
}

/// What comes next for an agent.
enum Came {
    Granted(Result<Granted, Rejected>),
    /// It has waited for long enough.
    Rested,
}

type Asking = Pin<Box<dyn Future<Output = (AgentId, Came)> + Send>>;

/// Claims for the agents of one stream.
pub(super) struct Driver {
    pub(super) handle: Handle,
    pub(super) stream: Arc<Stream>,
    pub(super) reader: Arc<Reader>,
    claims: FuturesUnordered<Asking>,
    /// Whose claims these are.
    asking: BTreeSet<AgentId>,
}

impl Driver {
    pub(super) fn new(handle: Handle, stream: Arc<Stream>, reader: Arc<Reader>) -> Self {
        let (claims, asking) = (FuturesUnordered::new(), BTreeSet::new());
        Self { handle, stream, reader, claims, asking }
    }

    /// Claims until nobody reads any more. Dropped, it gives back what it would have got.
    pub(super) async fn run(mut self) {
        while self.fill() {
            let due = self.wait_for_reader();
            tokio::select! {
                () = self.reader.changed.notified() => {}
                Some((agent, came)) = self.claims.next(), if !self.claims.is_empty() => {
                    self.asking.remove(&agent);
                    if !self.on_came(agent, came) {
                        return;
                    }
                }
                () = due => self.stall(),
            }
        }
    }

    /// Claims for those who have room; `false` at the end.
    fn fill(&mut self) -> bool {
        let Some(vacancies) = self.stream.vacancies(&self.reader) else { return false };
        for (agent, wanted, room) in vacancies {
            if self.asking.insert(agent.clone()) {
                self.claims.push(claim(self.handle.clone(), agent, (wanted, room)));
            }
        }
        true
    }

    /// Ends when the reader has left an item lying for too long.
    fn wait_for_reader(&self) -> impl Future<Output = ()> + use<> {
        let now = self.handle.clock().moment();
        let left = self.stream.next_due().map(|due| Duration::from_millis(due.since(now)));
        async move {
            match left {
                Some(left) => tokio::time::sleep(left).await,
                None => std::future::pending().await,
            }
        }
    }

    /// The reader takes nothing: others may have what it was given, and what it would be.
    fn stall(&mut self) {
        let unread = self.stream.stall(self.handle.clock().moment());
        if !unread.is_empty() {
            self.claims.clear();
            self.asking.clear();
            give_back(&self.handle.0, unread);
        }
    }

    /// `false` at the end.
    fn on_came(&mut self, agent: AgentId, came: Came) -> bool {
        let rest_ms = match came {
            Came::Rested => None,
            Came::Granted(Ok(granted)) => match granted.retry_after_ms {
                // It was not even let wait.
                Some(ms) if !granted.waited => Some(ms),
                Some(_) | None => {
                    self.receive(&agent, granted.items);
                    None
                }
            },
            Came::Granted(Err(rejected)) => match after(&rejected) {
                After::Rest(ms) => Some(ms),
                After::Never => {
                    self.stream.forget(&agent);
                    return true;
                }
                After::End => return false,
            },
        };
        match rest_ms {
            Some(ms) => {
                self.asking.insert(agent.clone());
                self.claims.push(Box::pin(async move {
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                    (agent, Came::Rested)
                }));
            }
            None => self.stream.look_again(agent),
        }
        true
    }

    fn receive(&self, agent: &AgentId, items: Vec<Claimed>) {
        let claimed: Vec<_> =
            items.iter().map(|one| (one.case.clone(), one.epoch, one.item.clone())).collect();
        let now = self.handle.clock().moment();
        let refused = self.stream.receive(&self.reader, (agent, items), now);
        if !refused.is_empty() {
            return give_back(&self.handle.0, refused);
        }
        // What was over before it was noted here was told to nobody.
        for (case, epoch, item) in claimed {
            if !self.handle.is_held(&case, epoch) {
                self.stream.lost(agent, (epoch, &item));
            }
        }
    }
}

fn claim(handle: Handle, agent: AgentId, (wanted, room): (Wanted, usize)) -> Asking {
    let request = ClaimRequest {
        agent: wanted.whom,
        class: CLASS.to_owned(),
        capabilities: wanted.capabilities.map(|capabilities| capabilities.to_vec()),
        items_max: room,
        wait_ms: WAIT_MS_MAX,
        term_ms: wanted.term_ms,
    };
    Box::pin(async move { (agent, Came::Granted(handle.claim(request).await)) })
}

/// When to claim again for an agent that was refused.
enum After {
    Rest(u64),
    /// Not in this life of the agent.
    Never,
    /// For nobody.
    End,
}

fn after(rejected: &Rejected) -> After {
    match rejected {
        Rejected::Overloaded { retry_after_ms } | Rejected::CircuitOpen { retry_after_ms } => {
            After::Rest(*retry_after_ms)
        }
        Rejected::Denied(denied) => match denied {
            Denied::NotRenewed { .. } | Denied::State { .. } | Denied::Quarantined { .. } => {
                After::Rest(DENIED_MS)
            }
            Denied::Unknown | Denied::StaleEpoch { .. } | Denied::Draining => After::Never,
        },
        Rejected::Stopping | Rejected::Fault(_) => After::End,
        Rejected::NotCapable(_)
        | Rejected::NoStream(_)
        | Rejected::OtherSession { .. }
        | Rejected::NoSuchSpecification(_)
        | Rejected::NoSuchCase(_)
        | Rejected::NoSuchItem(_)
        | Rejected::Refused(_)
        | Rejected::Lease { .. }
        | Rejected::Review { .. }
        | Rejected::Registry(_)
        | Rejected::Market(_)
        | Rejected::Worklist(_)
        | Rejected::Organisation(_)
        | Rejected::Query(_)
        | Rejected::Invalid(_)
        | Rejected::Conflict(_)
        | Rejected::CaseExists(_)
        | Rejected::InUse { .. }
        | Rejected::NotACommandId(_)
        | Rejected::CommandIdClash(_)
        | Rejected::TooLarge { .. } => After::Never,
    }
}
