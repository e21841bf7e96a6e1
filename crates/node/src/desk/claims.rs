//! Claims on their way: asked of partitions, waited for, answered.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc};

use agents::{
    AgentId, Capability, Moment, Slot,
    breaker::Shown,
    desk::{Effect, ITEMS_MAX, Outcome, Request, Returned},
    lease::{TERM_MS_MAX, TERM_MS_MIN},
    registry::Incarnation,
    waiters::Ticket,
};
use tokio::sync::oneshot;

use super::{
    Running,
    messages::{Breaker, ClaimRequest, Discovery, Granted},
};
use crate::{
    api::{Asked, Claimed, Command},
    handle::Shared,
    inbox::{Answers, ClaimJob, Job, Told},
    rejected::Rejected,
};

/// The longest wait: longer ones are repeated, so that broken connections are noticed.
pub const WAIT_MS_MAX: u64 = 60_000;

/// A partition that was asked.
pub(super) type Ask = Pin<Box<dyn Future<Output = Answered> + Send>>;
pub(super) type Answered = (Ticket, Given);
type Caller = oneshot::Sender<Result<Granted, Rejected>>;

/// What came of asking.
pub(super) enum Given {
    Answers(Answers),
    /// The partition has no room, or is gone.
    Failed,
    /// It was not asked: the caller has gone, or may have no work any more.
    Denied,
}

/// The claims at the desk, with what the desk's rules need not know of them.
#[derive(Default)]
pub(super) struct Claims(BTreeMap<Ticket, Claim>);

struct Claim {
    whom: Incarnation,
    slot: Slot,
    holder: AgentId,
    capabilities: Arc<[Capability]>,
    term_ms: u64,
    items: Vec<Claimed>,
    caller: Caller,
}

impl Running {
    pub(super) fn on_claim(&mut self, request: ClaimRequest, caller: Caller) {
        match self.admit(&request) {
            Ok((request, claim)) => self.take_in(request, claim(caller)),
            Err(rejected) => drop(caller.send(Err(rejected))),
        }
    }

    /// Checks who asks for what.
    fn admit(
        &self,
        request: &ClaimRequest,
    ) -> Result<(Request, impl FnOnce(Caller) -> Claim + use<>), Rejected> {
        let ClaimRequest { agent, class, capabilities, items_max, wait_ms, term_ms } = request;
        if !(TERM_MS_MIN..=TERM_MS_MAX).contains(term_ms) {
            let refusal = agents::lease::Refusal::Term { given: *term_ms };
            return Err(Rejected::Lease { item: "of the claim".to_owned(), refusal });
        }
        if !(1..=ITEMS_MAX).contains(items_max) {
            return Err(Rejected::TooLarge { what: "claim", size: *items_max, max: ITEMS_MAX });
        }
        let now = self.now();
        let registry = self.roll.registry();
        let claimant = registry.state().may_claim(agent, now).map_err(Rejected::Denied)?;
        let mut wanted: Vec<Capability> = match capabilities {
            None => claimant.capabilities.iter().cloned().collect(),
            Some(wanted) => {
                // Who asks for what it cannot do is told so: it would wait for ever.
                if let Some(foreign) =
                    wanted.iter().find(|wanted| !claimant.capabilities.contains(wanted))
                {
                    return Err(Rejected::NotCapable(foreign.clone()));
                }
                wanted.clone()
            }
        };
        // What it is asked by name comes with every claim.
        wanted.extend(self.context.board.by_name(claimant.id));
        let wanted: Arc<[Capability]> = wanted.into();
        let request = Request {
            agent: claimant.slot,
            class: class.clone(),
            capabilities: wanted.to_vec(),
            items_max: *items_max,
            until: now.after((*wait_ms).min(WAIT_MS_MAX)),
        };
        let (slot, holder, term_ms) = (claimant.slot, claimant.id.clone(), *term_ms);
        let whom = agent.clone();
        let claim = move |caller| Claim {
            whom,
            slot,
            holder,
            capabilities: wanted,
            term_ms,
            items: Vec::new(),
            caller,
        };
        Ok((request, claim))
    }

    fn take_in(&mut self, request: Request, claim: Claim) {
        // Partitions announce from now on: what is put after the look at the board is heard of.
        let board = self.context.board.clone();
        board.listen(true);
        let mut effects = Vec::new();
        let now = self.now();
        let ticket = self.desk.next_ticket();
        self.claims.0.insert(ticket, claim);
        self.desk.claim(request, now, &*board, &mut effects);
        self.carry_out(effects);
    }

    /// Items came in somewhere.
    pub(super) fn on_fresh(&mut self) {
        let board = self.context.board.clone();
        let mut effects = Vec::new();
        let now = self.now();
        for (capability, items) in board.take_fresh() {
            self.desk.nudged((&capability, items), now, &*board, &mut effects);
        }
        self.carry_out(effects);
    }

    /// A partition has answered.
    pub(super) fn on_answered(&mut self, (ticket, given): Answered) {
        let board = self.context.board.clone();
        let returned = match given {
            Given::Answers(answers) => self.returned(ticket, answers),
            Given::Failed => Returned::Failed,
            Given::Denied => Returned::Denied,
        };
        let mut effects = Vec::new();
        let now = self.now();
        self.desk.returned((ticket, returned), now, &*board, &mut effects);
        self.carry_out(effects);
    }

    /// Keeps what a partition gave until the claim is answered.
    fn returned(&mut self, ticket: Ticket, mut answers: Answers) -> Returned {
        match answers.pop() {
            Some(Ok(Told::Claimed(items))) => {
                let count = items.len();
                match self.claims.0.get_mut(&ticket) {
                    Some(claim) => claim.items.extend(items),
                    None => unreachable!("a claim stays until the desk answers it"),
                }
                Returned::Items(count)
            }
            Some(Ok(
                Told::Launched(_)
                | Told::Answered(_)
                | Told::Renewed { .. }
                | Told::Repeated { .. },
            )) => {
                unreachable!("a claim is answered as one")
            }
            Some(Err(_)) | None => Returned::Failed,
        }
    }

    pub(super) fn expire_claims(&mut self, now: Moment) {
        let board = self.context.board.clone();
        let mut effects = Vec::new();
        self.desk.tick(now, &*board, &mut effects);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask { ticket, partition, items_max } => {
                    self.ask(ticket, partition, items_max);
                }
                Effect::Answer { ticket, outcome } => self.answer(ticket, outcome),
                Effect::GiveBack { ticket } => {
                    if let Some(claim) = self.claims.0.remove(&ticket) {
                        self.give_back(claim.items);
                    }
                }
            }
        }
        let (claims, waiting) = self.desk.len();
        debug_assert_eq!(self.claims.0.len(), claims, "no claim is kept that the desk has ended");
        if waiting == 0 && self.asks.is_empty() {
            self.context.board.listen(false);
        }
    }

    /// Asks a partition for items, unless the caller has gone or may have none any more.
    fn ask(&mut self, ticket: Ticket, partition: usize, items_max: usize) {
        let asked = self.submit(ticket, partition, items_max);
        self.asks.push(Box::pin(async move {
            let given = match asked {
                Ok(answers) => answers.await.map_or(Given::Failed, Given::Answers),
                Err(given) => given,
            };
            (ticket, given)
        }));
    }

    fn submit(
        &mut self,
        ticket: Ticket,
        partition: usize,
        items_max: usize,
    ) -> Result<oneshot::Receiver<Answers>, Given> {
        let claim = self.claims.0.get(&ticket).ok_or(Given::Denied)?;
        if claim.caller.is_closed() {
            self.desk.abandon(ticket);
            return Err(Given::Denied);
        }
        // It may have been drained, or have died, while it waited.
        if self.roll.registry().state().may_claim(&claim.whom, self.now()).is_err() {
            return Err(Given::Denied);
        }
        let job = ClaimJob {
            holder: claim.holder.clone(),
            capabilities: claim.capabilities.clone(),
            items_max,
            term_ms: claim.term_ms,
        };
        let shared = self.shared.upgrade().ok_or(Given::Failed)?;
        shared.addresses[partition].submit(vec![Job::Claim(job)]).map_err(|_| Given::Failed)
    }

    fn answer(&mut self, ticket: Ticket, outcome: Outcome) {
        let Some(claim) = self.claims.0.remove(&ticket) else { return };
        let telemetry = &self.context.telemetry.agents;
        let answer = match outcome {
            Outcome::Items => {
                telemetry.discovery.success.add(1);
                Ok(Granted { items: claim.items, retry_after_ms: None, waited: false })
            }
            Outcome::Empty { waited, retry_after_ms } => {
                if waited { &telemetry.discovery.timeout } else { &telemetry.discovery.no_work }
                    .add(1);
                telemetry.observe_sleep(claim.slot, retry_after_ms);
                Ok(Granted { items: Vec::new(), retry_after_ms: Some(retry_after_ms), waited })
            }
            Outcome::CircuitOpen { retry_after_ms } => {
                Err(Rejected::CircuitOpen { retry_after_ms })
            }
            Outcome::Overloaded { retry_after_ms } => Err(Rejected::Overloaded { retry_after_ms }),
        };
        if let Err(Ok(granted)) = claim.caller.send(answer) {
            // It has gone: others may have what it got.
            self.give_back(granted.items);
        }
    }

    fn give_back(&self, items: Vec<Claimed>) {
        if let Some(shared) = self.shared.upgrade() {
            give_back(&shared, items);
        }
    }

    /// Closes every breaker. Those who slept long begin again with the shortest sleep.
    pub(super) fn reset_discovery(&mut self) {
        let asleep = self.desk.lull().agents;
        self.context.telemetry.agents.reconnects_discovery_restart.add(asleep);
        self.desk.reset();
    }

    pub(super) fn discovery(&self) -> Discovery {
        let (claims, waiting) = self.desk.len();
        let breakers = self.desk.breakers().map(|(class, shown, failures)| Breaker {
            class: class.to_owned(),
            state: match shown {
                Shown::Closed => "CLOSED",
                Shown::Open => "OPEN",
                Shown::HalfOpen => "HALF_OPEN",
            },
            failures,
        });
        Discovery {
            lull: self.desk.lull(),
            claims,
            waiting,
            breakers: breakers.collect(),
            demand: self.context.board.waiting(),
        }
    }
}

/// Items that nobody is there to take wait in their lines again.
pub(crate) fn give_back(shared: &Shared, items: Vec<Claimed>) {
    for Claimed { item, case, epoch, .. } in items {
        let partition = crate::ids::partition_of(&case, shared.addresses.len());
        let command = Command::ReturnHeld { item, epoch };
        let job = Job::Command(Asked { case, id: None, command });
        // Where the partition has no room the lease ends by itself.
        drop(shared.addresses[partition].submit(vec![job]));
    }
}
