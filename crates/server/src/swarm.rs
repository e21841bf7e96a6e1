//! Agents in this process: they take every work item of a node and answer it with made-up data that is
//! valid for its types. What `flotilla run` and `flotilla demo` let loose.
//!
//! A case is looked at after each thing done to it, and what it offers goes into one queue; agents take
//! items from the queue, check them out, think, and check them in. Nothing here is part of the server.

mod choices;
mod tally;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use engine::{CaseId, Program, case::ItemStatus, view::ItemView};
use node::{Answered, Command, Handle, ItemFilter, Rejected};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use choices::Choices;
use tally::Kind;
pub(crate) use tally::Tally;

/// Results that an agent makes up before it completes the item by force. A result that is valid for the task may
/// still write what its net does not take.
const ANSWERS_MAX: usize = 20;
/// Items listed in one page.
const PAGE: usize = 1000;

/// How agents behave.
#[derive(Clone, Debug)]
pub(crate) struct Behaviour {
    pub(crate) agents: usize,
    /// Decides what is answered.
    pub(crate) seed: u64,
    /// Longest time that an agent thinks about an item; each takes a part of it.
    pub(crate) think_max: Duration,
    /// Share, 0 to 1, of the items with a deadline that nobody touches until it has passed.
    pub(crate) neglect: f64,
    /// Ids of tasks whose items nobody of the swarm touches: others are to work on them.
    pub(crate) left: BTreeSet<String>,
}

/// Agents at work. Dropping it ends them.
pub(crate) struct Swarm {
    shared: Arc<Shared>,
    /// Their parent: agents end with it.
    _agents: JoinSet<()>,
}

struct Shared {
    handle: Handle,
    behaviour: Behaviour,
    desk: Mutex<Desk>,
    /// Somebody put work on the desk.
    work: Notify,
    /// Whether nobody works and nothing waits.
    idle: watch::Sender<bool>,
}

/// What all agents share.
#[derive(Default)]
struct Desk {
    queue: VecDeque<Offer>,
    /// Items in `queue`, so that each is offered once.
    offered: BTreeSet<String>,
    /// Agents with an item in hand.
    working: usize,
    tally: Tally,
    answers: u64,
}

/// An item that an agent can take.
struct Offer {
    case: CaseId,
    item: String,
    net: String,
    task: String,
    program: Arc<Program>,
}

impl Behaviour {
    /// Whether this item is left lying: the same one each time that it is looked at.
    fn neglects(&self, item: &str, timer_due_ms: Option<i64>) -> bool {
        let Some(due_ms) = timer_due_ms else { return false };
        let mixed = item.bytes().fold(self.seed ^ due_ms.unsigned_abs(), |mixed, byte| {
            mixed.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        Choices::new(mixed).share() < self.neglect
    }
}

impl Swarm {
    /// Sets agents to work on whatever [`Swarm::look_at`] finds.
    pub(crate) fn start(handle: Handle, behaviour: Behaviour) -> Self {
        let agents = behaviour.agents;
        let (idle, _) = watch::channel(true);
        let shared = Arc::new(Shared {
            handle,
            behaviour,
            desk: Mutex::default(),
            work: Notify::new(),
            idle,
        });
        let mut set = JoinSet::new();
        for _ in 0..agents {
            set.spawn(live(shared.clone()));
        }
        Self { shared, _agents: set }
    }

    /// Offers what a case has to do: nothing, once it has ended.
    pub(crate) async fn look_at(&self, case: &CaseId) -> Result<(), Rejected> {
        self.shared.look_at(case).await
    }

    /// Waits until nobody works and nothing waits.
    pub(crate) async fn idle(&self) {
        let mut idle = self.shared.idle.subscribe();
        // The sender lives as long as `self`.
        let _ = idle.wait_for(|idle| *idle).await;
    }

    pub(crate) fn tally(&self) -> Tally {
        self.shared.desk().tally.clone()
    }
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        // A panic elsewhere leaves counts behind, no half-made state.
        self.desk.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn look_at(&self, case: &CaseId) -> Result<(), Rejected> {
        let detail = self.handle.case(case).await?;
        let Some(loaded) = self.handle.specification(&detail.summary.specification) else {
            return Ok(());
        };
        let mut desk = self.desk();
        for (id, item) in detail.view.items {
            let is_open = matches!(item.status, ItemStatus::Enabled | ItemStatus::Fired);
            if is_open
                && !is_left_to_its_timer(&loaded.program, &item)
                && !self.behaviour.left.contains(&item.task)
                && !self.behaviour.neglects(&id, item.timer_due_ms)
                && desk.offered.insert(id.clone())
            {
                let (net, task, program) = (item.net, item.task, loaded.program.clone());
                desk.queue.push_back(Offer { case: case.clone(), item: id, net, task, program });
                self.work.notify_one();
            }
        }
        let idle = desk.is_idle();
        drop(desk);
        self.idle.send_replace(idle);
        Ok(())
    }

    /// The next item. Waits for one.
    async fn take(&self) -> (Offer, Choices) {
        loop {
            let work = self.work.notified();
            if let Some(taken) = self.desk().take(self.behaviour.seed) {
                return taken;
            }
            work.await;
        }
    }

    fn put_down(&self) {
        let mut desk = self.desk();
        desk.working -= 1;
        let (idle, more) = (desk.is_idle(), !desk.queue.is_empty());
        drop(desk);
        if more {
            self.work.notify_one();
        }
        self.idle.send_replace(idle);
    }

    /// Sends a command, again if the node asks for patience, and counts how long it took.
    async fn send(
        &self,
        kind: Kind,
        case: &CaseId,
        command: Command,
    ) -> Result<Answered, Rejected> {
        let began = self.handle.clock().monotonic();
        loop {
            match self.handle.command(case, None, command.clone()).await {
                Err(Rejected::Overloaded { retry_after_ms }) => {
                    tokio::time::sleep(Duration::from_millis(retry_after_ms)).await;
                }
                answer => {
                    let took = self.handle.clock().monotonic() - began;
                    self.desk().tally.count(kind, took, &answer);
                    return answer;
                }
            }
        }
    }

    /// Checks an item out, answers it, and looks at what the case offers then.
    async fn work_on(&self, offer: &Offer, mut choices: Choices) -> Result<(), Rejected> {
        let Ok(Answered::Started { item, .. }) = self
            .send(Kind::Checkout, &offer.case, Command::Start { item: offer.item.clone() })
            .await
        else {
            // Somebody else was faster or the item was withdrawn; whoever changed the case looks at it.
            return Ok(());
        };
        if item != offer.item {
            // The other instances of a task can be worked beside this one.
            self.look_at(&offer.case).await?;
        }
        let think_max = self.behaviour.think_max;
        if !think_max.is_zero() {
            tokio::time::sleep(think_max.mul_f64(choices.share())).await;
        }
        self.answer(offer, &item, &mut choices).await?;
        self.look_at(&offer.case).await
    }

    async fn answer(
        &self,
        offer: &Offer,
        item: &str,
        choices: &mut Choices,
    ) -> Result<(), Rejected> {
        let net = offer.program.nets.iter().find(|net| net.id == offer.net);
        let task = net.and_then(|net| net.task_index(&offer.task).map(|index| net.task(index)));
        let Some(task) = task else { return Ok(()) };
        for _ in 0..ANSWERS_MAX {
            let data = offer.program.sample_output(task, &mut |below| choices.below(below));
            match self
                .send(Kind::Checkin, &offer.case, Command::Complete { item: item.to_owned(), data })
                .await
            {
                Err(Rejected::Refused(
                    engine::Refusal::Invalid { .. } | engine::Refusal::Query { .. },
                )) => {}
                // Done, or taken away by a timer or a cancellation: nothing is left to do.
                Ok(_) | Err(_) => return Ok(()),
            }
        }
        let forced = self
            .send(Kind::Force, &offer.case, Command::Force { item: item.to_owned(), data: None })
            .await;
        if let Err(rejected) = forced {
            tracing::warn!(item, %rejected, "no answer was taken");
            self.desk().tally.unanswered += 1;
        }
        Ok(())
    }
}

/// Puts back on offer what agents of an earlier process had in hand when it ended.
pub(crate) async fn take_back(node: &Handle) -> Result<(), Rejected> {
    let filter = ItemFilter { status: Some(ItemStatus::Executing), ..ItemFilter::default() };
    let mut after: Option<String> = None;
    loop {
        let page = node.items(&filter, after.as_deref(), PAGE);
        // What is under review is held by agents from outside.
        for item in page.items.into_iter().filter(|item| item.review.is_none()) {
            let rollback = Command::Rollback { item: item.item };
            let answer = node.command(&item.case, None, rollback).await;
            // Any other refusal: a timer may have been faster.
            if let Err(stopped @ (Rejected::Stopping | Rejected::Fault(_))) = answer {
                return Err(stopped);
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// An item with a running timer and nothing to answer only marks time: completing it would be a lie.
fn is_left_to_its_timer(program: &Program, item: &ItemView) -> bool {
    let net = program.nets.iter().find(|net| net.id == item.net);
    let task = net.and_then(|net| net.task_index(&item.task).map(|index| net.task(index)));
    item.timer_due_ms.is_some() && task.is_some_and(|task| task.data.outputs.is_empty())
}

impl Desk {
    fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.working == 0
    }

    fn take(&mut self, seed: u64) -> Option<(Offer, Choices)> {
        let offer = self.queue.pop_front()?;
        self.offered.remove(&offer.item);
        self.working += 1;
        self.answers += 1;
        Some((offer, Choices::new(seed.wrapping_add(self.answers))))
    }
}

/// One agent's life.
async fn live(shared: Arc<Shared>) {
    loop {
        let (offer, choices) = shared.take().await;
        if let Err(rejected) = shared.work_on(&offer, choices).await {
            tracing::warn!(item = offer.item, %rejected, "an agent gave up on an item");
        }
        shared.put_down();
    }
}
