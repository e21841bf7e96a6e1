//! Owner of the agents: who is registered, what they offer, and the claims of those who ask for work.
//!
//! ```text
//!   Handle ──▶ inbox ─▶ owner: decide ─▶ log thread: append + sync ─▶ roll ─▶ answers, lists, queries
//!                         │ claims
//!                         └──▶ partitions with work ──▶ items, checked out ──▶ answers
//! ```
//!
//! One task, one order, as a partition. The registry is decided on ahead of the disk; the [`roll`] that others
//! read follows after the sync. Claims write nothing here: a lease is durable in the partition of its case.

mod claims;
mod handle;
mod image;
mod log;
mod messages;
mod recovery;
mod renewals;
mod roll;
mod snapshots;

use std::{
    collections::VecDeque,
    sync::{Arc, Weak},
    time::Duration,
};

use agents::{
    Moment, Slot,
    desk::{Desk, Rules},
    marketplace,
    registry::{self, Decision},
    resourcing::{Organisation, organisation},
};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::{mpsc, oneshot};

pub(crate) use self::{
    claims::give_back,
    messages::{Message, Publication, Reply},
    recovery::{Found, recover},
    roll::Roll,
};
use self::{
    claims::{Ask, Claims},
    log::{Batch, Entry, LogThread, Written},
    renewals::Renewals,
    snapshots::SnapshotThread,
};
use crate::{
    config::Config,
    context::Context,
    handle::Shared,
    rejected::{Fault, Rejected},
};

pub use self::{
    claims::WAIT_MS_MAX,
    handle::{AgentDetail, AgentFilter, AgentsAside, MarketFound, MarketPage, SessionDetail},
    messages::{Breaker, ClaimRequest, Discovery, Granted},
};

/// Messages that may wait. A renewal of a whole session is one.
pub(crate) const INBOX_MAX: usize = 65_536;
/// Messages taken at once: what they decide is written together.
const BATCH_MAX: usize = 1_024;
/// How often the registry is looked at while nothing else happens.
const LOOK: Duration = Duration::from_millis(100);
/// How soon it is looked at again where one look was not enough.
const LOOK_AGAIN: Duration = Duration::from_millis(1);
/// A full inbox is worked off within this time.
pub(crate) const RETRY_MS: u64 = 1_000;

/// The desk at work.
pub(crate) struct Running {
    context: Arc<Context>,
    /// For the addresses of the partitions; not held, so that they end when the last handle is gone.
    shared: Weak<Shared>,
    inbox: mpsc::Receiver<Message>,
    roll: Arc<Roll>,
    desk: Desk,
    claims: Claims,
    asks: FuturesUnordered<Ask>,
    log: LogThread,
    written: mpsc::Receiver<Written>,
    snapshots: SnapshotThread,
    renewals: Renewals,
    /// What waits for the log to be idle.
    batch: Batch,
    /// Agents that have gone stale or came back, of which the market was not told yet. Each is here as often as it
    /// changed since, which takes longer than they are told.
    changed: VecDeque<Slot>,
    /// Ahead of the one that others read.
    organisation: Organisation,
    looked: Moment,
    is_writing: bool,
}

impl Running {
    /// Takes over what was recovered. Everybody who was not dead has its whole time again, once.
    pub(crate) fn new(
        config: &Config,
        context: Arc<Context>,
        found: Found,
        inbox: mpsc::Receiver<Message>,
    ) -> std::io::Result<Self> {
        let Found { roll, opened, behind } = found;
        let store = (opened.snapshots, opened.reader, opened.report.snapshot);
        let rule = (config.agents, config.snapshot_every_records);
        let snapshots = SnapshotThread::start(store, rule, behind, context.clone())?;
        let (log, written) = LogThread::start(opened.log, context.clone())?;
        let (backoff, breaker) = (config.backoff, config.breaker);
        let rules = Rules { backoff, breaker, partitions: config.partitions };
        let looked = context.clock.moment();
        let organisation = Organisation::clone(&roll.organisation());
        let mut running = Self {
            context,
            shared: Weak::new(),
            inbox,
            roll,
            desk: Desk::new(rules),
            claims: Claims::default(),
            asks: FuturesUnordered::new(),
            log,
            written,
            snapshots,
            renewals: Renewals::default(),
            batch: Batch::default(),
            changed: VecDeque::new(),
            organisation,
            looked,
            is_writing: false,
        };
        let recovered = running.roll.registry().state().len();
        running.context.telemetry.agents.created.add(recovered as u64);
        if recovered > 0 {
            // It is never refused.
            drop(running.decide(registry::Command::Extend));
        }
        Ok(running)
    }

    /// Works until it is told to stop, the last handle is gone, or the log fails.
    pub(crate) async fn run(mut self, shared: Weak<Shared>) {
        let _guard = Guard(self.context.clone());
        self.shared = shared;
        let mut messages = Vec::with_capacity(BATCH_MAX);
        self.write();
        while self.turn(&mut messages).await {
            self.look();
            self.write();
        }
        if !self.context.is_crashed() && self.context.fault().is_none() {
            self.finish().await;
        }
        let (log, snapshots) = (self.log, self.snapshots);
        let ended = tokio::task::spawn_blocking(move || {
            log.join();
            snapshots.join();
        });
        // Only the end of the runtime can come before.
        let _ = ended.await;
    }

    /// Waits for one thing and does it; `false` at the end. Every arm takes from a queue that keeps what was not
    /// taken, so that nothing is lost where another arm is quicker.
    async fn turn(&mut self, messages: &mut Vec<Message>) -> bool {
        let board = self.context.board.clone();
        let look = look_after(
            if self.changed.is_empty() { LOOK } else { LOOK_AGAIN },
            self.context.clock.is_virtual(),
        );
        let goes_on = tokio::select! {
            _ = self.inbox.recv_many(messages, BATCH_MAX) => self.on_messages(messages),
            Some(written) = self.written.recv() => self.on_written(written),
            Some(answered) = self.asks.next(), if !self.asks.is_empty() => {
                self.on_answered(answered);
                true
            }
            () = board.came.notified() => {
                self.on_fresh();
                true
            }
            () = look => true,
        };
        goes_on && !self.context.is_crashed()
    }

    /// `false` at the end: the last handle is gone, or somebody said so.
    fn on_messages(&mut self, messages: &mut Vec<Message>) -> bool {
        if messages.is_empty() {
            return false;
        }
        let context = self.context.clone();
        let _at_work = context.telemetry.agents.threads_at_work.hold();
        // Whoever is dead by now cannot be renewed by what comes in now.
        self.look();
        for message in messages.drain(..) {
            let Some(message) = self.gather(message) else { continue };
            // What came before is decided before.
            self.renew();
            match message {
                Message::Registry { command, reply } => {
                    let answer = self.decide(command);
                    self.batch.replies.push(Reply::Registry(reply, answer));
                }
                Message::Publish { publication, reply } => self.publish(publication, reply),
                Message::Unpublish { agent, reply } => self.unpublish(&agent, reply),
                Message::Organise { command, reply } => self.organise(command, reply),
                Message::Claim { request, reply } => self.on_claim(request, reply),
                Message::Reset { reply } => {
                    self.reset_discovery();
                    let _ = reply.send(());
                }
                Message::Discovery { reply } => drop(reply.send(self.discovery())),
                Message::Look { reply } => {
                    self.look();
                    self.batch.replies.push(Reply::Looked(reply));
                }
                Message::Stop => return false,
            }
        }
        self.renew();
        true
    }

    /// Decides and applies. The answer may be given when the event is durable.
    fn decide(&mut self, command: registry::Command) -> Result<registry::Answer, Rejected> {
        let now = self.now();
        let decided = self.roll.registry().decide(command, now);
        let Decision { event, answer } = decided.map_err(Rejected::Registry)?;
        self.context.telemetry.agents.count(&answer);
        if let Some(event) = event {
            self.take(event);
        }
        Ok(answer)
    }

    /// Makes an event the state to decide on next, and has it written.
    fn take(&mut self, event: registry::Event) {
        let telemetry = &self.context.telemetry.agents;
        let mut registry = self.roll.registry_mut();
        let ended = registry.state().ends(&event);
        let mut removed = Vec::with_capacity(ended.len());
        for (slot, agent) in ended {
            telemetry.observe_state(agent.state(), event.at.since(agent.state_since()));
            removed.push((slot, agent.id().clone()));
        }
        let back = registry.apply(&event);
        drop(registry);
        telemetry.reconnects_heartbeat_miss.add(back.len() as u64);
        telemetry.stopped.add(removed.len() as u64);
        self.changed.extend(back);
        self.batch.add(Entry::Registry { event, removed });
    }

    fn publish(&mut self, publication: Publication, reply: Acknowledged) {
        match self.roll.publication(publication, self.now()) {
            Ok(events) => {
                self.context.telemetry.agents.published.add(1);
                events.into_iter().for_each(|event| self.batch.add(Entry::Market(event)));
                self.batch.replies.push(Reply::Done(reply));
            }
            Err(rejected) => {
                self.context.telemetry.agents.publish_refused.add(1);
                drop(reply.send(Err(rejected)));
            }
        }
    }

    fn unpublish(&mut self, agent: &registry::Incarnation, reply: Acknowledged) {
        let found = self.roll.registry().state().find(agent).map(|(slot, _)| slot);
        match found {
            Ok(slot) => {
                self.context.telemetry.agents.unpublished.add(1);
                self.batch.add(Entry::Market(marketplace::Event::Unpublished { slot }));
                self.batch.replies.push(Reply::Done(reply));
            }
            Err(absent) => drop(reply.send(Err(Rejected::Denied(absent.into())))),
        }
    }

    fn organise(&mut self, command: organisation::Command, reply: Acknowledged) {
        let decided = organisation::decide(&self.organisation, command);
        let answer = decided.map_err(Rejected::Organisation).map(|events| {
            for event in events {
                organisation::apply(&mut self.organisation, &event);
                self.batch.add(Entry::Organisation(event));
            }
        });
        self.batch.replies.push(Reply::Organised(reply, answer));
    }

    /// Whose time is over, agents' and claims'. A virtual clock jumps, and nobody was away meanwhile: the time is
    /// walked through.
    fn look(&mut self) {
        let now = self.now();
        let (empty, step_ms) = {
            let registry = self.roll.registry();
            (registry.state().is_empty(), registry.state().settings().stale_after_ms / 4)
        };
        if self.context.clock.is_virtual() && !empty {
            while now.since(self.looked) > step_ms {
                self.look_at(self.looked.after(step_ms));
            }
        }
        self.look_at(now);
    }

    fn look_at(&mut self, now: Moment) {
        self.looked = now;
        let began = self.context.clock.monotonic();
        let tick = self.roll.registry_mut().tick(now);
        self.changed.extend(tick.stale);
        if let Some(event) = tick.event {
            self.take(event);
        }
        self.roll.mark(&mut self.changed, now);
        let took = self.context.clock.monotonic() - began;
        self.context.telemetry.agents.liveness_ms.observe_duration(took);
        self.expire_claims(now);
    }

    /// Hands what was decided to the log, if that is idle.
    fn write(&mut self) {
        if self.is_writing || self.batch.is_empty() {
            return;
        }
        let batch = std::mem::take(&mut self.batch);
        self.is_writing = self.log.write(batch);
    }

    /// Shows and answers: all of it is durable. `false` if the log has failed.
    fn on_written(&mut self, written: Written) -> bool {
        self.is_writing = false;
        let Some(batch) = written else { return false };
        let began = self.context.clock.monotonic();
        for slot in self.roll.follow(&batch.entries) {
            self.desk.forget(slot);
        }
        self.end_streams(&batch.entries);
        if !batch.entries.is_empty() {
            let took = self.context.clock.monotonic() - began;
            self.context.telemetry.agents.index_sync_ms.observe_duration(took);
        }
        self.snapshots.on_written(batch.records(), batch.bytes());
        batch.replies.into_iter().for_each(Reply::send);
        true
    }

    /// Sessions that are over have no streams.
    fn end_streams(&self, entries: &[Entry]) {
        for entry in entries {
            let Entry::Registry { event, .. } = entry else { continue };
            let closed = event.fact.closes();
            if !closed.is_empty() {
                self.context.streams.end(closed);
            }
        }
    }

    /// Writes what is decided.
    async fn finish(&mut self) {
        self.write();
        while self.is_writing {
            let Some(written) = self.written.recv().await else { return };
            if !self.on_written(written) {
                return;
            }
            self.write();
        }
    }

    fn now(&self) -> Moment {
        self.context.clock.moment().max(self.roll.registry().state().moment())
    }
}

/// Notices that the desk panics: a task does not say so itself.
struct Guard(Arc<Context>);

impl Drop for Guard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.fail(Fault::Died { part: "the desk".to_owned() });
        }
    }
}

type Acknowledged = oneshot::Sender<Result<(), Rejected>>;

/// With a virtual clock nobody looks until the one who moves it asks for it.
async fn look_after(pause: Duration, is_virtual: bool) {
    if is_virtual {
        std::future::pending().await
    } else {
        tokio::time::sleep(pause).await;
    }
}

/// The log of the agents has failed: they are read again at the next start.
fn failed(source: store::Fault) -> Fault {
    Fault::Agents(Arc::new(source))
}
