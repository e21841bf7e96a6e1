//! The desk: where agents ask for work, wait for it, and are told how long to stay away.
//!
//! ```text
//!   claim ─▶ a partition with work? ──ask──▶ it hands out items ──▶ answered
//!                   │ none                        │ others were quicker: the next partition
//!                   ▼                             ▼
//!                 waits ◀──────────────────── nothing left
//!                   │ an item can be claimed: one waiter asks again; if it may not have
//!                   │ the item, or took another, the next one does
//!                   ▼ its time is over
//!               answered: empty, come back in so many milliseconds
//! ```
//!
//! Pure: it is told what comes in and says in effects, in order, what is to be done. Items themselves do
//! not pass through it, only their number.

mod idle;

use std::collections::BTreeMap;

pub use self::idle::{Idle, Lull};
use crate::{
    backoff::Backoff,
    breaker::{self, Breaker, Shown},
    ids::{Capability, Moment, Slot},
    waiters::{Ticket, Waiters},
};

/// Claims at the desk at once. Each is a request that somebody keeps open.
pub const CLAIMS_MAX: usize = 1_000_000;
/// Items that one claim may ask for: an answer stays readable, and no agent hoards.
pub const ITEMS_MAX: usize = 1_000;
/// Classes of clients with a breaker of their own; further ones share the last.
pub const CLASSES_MAX: usize = 64;
/// A claim that met a partition without room asks again after so long: nobody announces room.
const ASK_AGAIN_MS: u64 = 1_000;
/// The class that further ones share.
const OTHERS: &str = "other";

/// What holds for all claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub backoff: Backoff,
    pub breaker: breaker::Rule,
    pub partitions: usize,
}

/// A claim.
#[derive(Clone, Debug)]
pub struct Request {
    pub agent: Slot,
    /// Kind of client that it came from: failures of one kind do not keep the others away.
    pub class: String,
    pub capabilities: Vec<Capability>,
    /// Items wanted, 1 to [`ITEMS_MAX`].
    pub items_max: usize,
    /// How long it waits. A moment that has passed: not at all.
    pub until: Moment,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask this partition for up to so many items; tell [`Desk::returned`] what it gave.
    Ask {
        ticket: Ticket,
        partition: usize,
        items_max: usize,
    },
    Answer {
        ticket: Ticket,
        outcome: Outcome,
    },
    /// The caller has gone: nobody is answered, and what partitions gave, if anything, goes back into its line.
    GiveBack {
        ticket: Ticket,
    },
}

/// How a claim ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With what the partitions gave.
    Items,
    /// Nothing; `waited` tells whether it had waited for its time.
    Empty { waited: bool, retry_after_ms: u64 },
    /// The breaker of its class is open.
    CircuitOpen { retry_after_ms: u64 },
    /// Too many claims are at the desk.
    Overloaded { retry_after_ms: u64 },
}

/// What a partition gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    Items(usize),
    /// It could not be asked: its inbox was full, or it is gone.
    Failed,
    /// It was not asked: the agent may have no work any more.
    Denied,
}

/// Whether items wait in a partition for a capability.
pub trait Depths {
    fn has_work(&self, partition: usize, capability: &Capability) -> bool;
}

/// Claims on their way.
#[derive(Debug)]
pub struct Desk {
    rules: Rules,
    next: u64,
    claims: BTreeMap<Ticket, Claim>,
    waiters: Waiters,
    idle: Idle,
    breakers: BTreeMap<String, Breaker>,
    /// Nudges so far, and by capability the last one that found nobody waiting.
    nudges: u64,
    unheard: BTreeMap<Capability, u64>,
}

#[derive(Debug)]
struct Claim {
    request: Request,
    /// Items that it got so far.
    items: usize,
    /// Partitions asked in this round, and nudges when it began.
    asked: Vec<bool>,
    began: u64,
    waited: bool,
    /// It was woken for an item, and has not got one yet.
    woken: bool,
    abandoned: bool,
    /// A partition of this round could not be asked.
    failed: bool,
    /// The breaker was told how asking went.
    reported: bool,
}

impl Desk {
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            next: 0,
            claims: BTreeMap::new(),
            waiters: Waiters::default(),
            idle: Idle::default(),
            breakers: BTreeMap::new(),
            nudges: 0,
            unheard: BTreeMap::new(),
        }
    }

    /// The ticket of the next claim.
    pub fn next_ticket(&self) -> Ticket {
        Ticket(self.next)
    }

    /// Takes a claim in. The ticket names it in the effects.
    pub fn claim(
        &mut self,
        request: Request,
        now: Moment,
        depths: &dyn Depths,
        effects: &mut Vec<Effect>,
    ) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        if self.claims.len() >= CLAIMS_MAX {
            let outcome = Outcome::Overloaded { retry_after_ms: self.rules.backoff.base_ms };
            effects.push(Effect::Answer { ticket, outcome });
            return ticket;
        }
        if let Err(retry_after_ms) = self.breaker(&request.class).admit(now) {
            let outcome = Outcome::CircuitOpen { retry_after_ms };
            effects.push(Effect::Answer { ticket, outcome });
            return ticket;
        }
        let asked = vec![false; self.rules.partitions];
        let claim = Claim {
            request,
            items: 0,
            asked,
            began: self.nudges,
            waited: false,
            woken: false,
            abandoned: false,
            failed: false,
            reported: false,
        };
        self.claims.insert(ticket, claim);
        self.go_on(ticket, now, depths, effects);
        ticket
    }

    /// A partition that was asked has answered.
    pub fn returned(
        &mut self,
        (ticket, returned): (Ticket, Returned),
        now: Moment,
        depths: &dyn Depths,
        effects: &mut Vec<Effect>,
    ) {
        let Some(claim) = self.claims.get_mut(&ticket) else { return };
        let class = claim.request.class.clone();
        match returned {
            Returned::Items(items) => {
                claim.items += items;
                claim.reported = true;
                self.breaker(&class).succeeded();
            }
            Returned::Failed => {
                claim.failed = true;
                claim.reported = true;
                self.breaker(&class).failed(now);
            }
            Returned::Denied => return self.end(ticket, now, depths, effects),
        }
        self.go_on(ticket, now, depths, effects);
    }

    /// So many more items can be claimed: as many waiters ask for them.
    pub fn nudged(
        &mut self,
        (capability, items): (&Capability, usize),
        now: Moment,
        depths: &dyn Depths,
        effects: &mut Vec<Effect>,
    ) {
        self.nudges += 1;
        let partitions = self.rules.partitions;
        for _ in 0..items {
            if !(0..partitions).any(|partition| depths.has_work(partition, capability)) {
                // Others were quicker.
                return;
            }
            let Some(ticket) = self.waiters.wake(capability) else {
                // A claim that is being answered "nothing" right now must look again.
                match self.unheard.get_mut(capability) {
                    Some(nudge) => *nudge = self.nudges,
                    None => drop(self.unheard.insert(capability.clone(), self.nudges)),
                }
                return;
            };
            self.wake(ticket, now, depths, effects);
        }
    }

    /// The caller of a claim has gone. One that is to ask again ends when it would: others may be woken in its place.
    /// One that only waits is forgotten at once, and no effect names it.
    pub fn abandon(&mut self, ticket: Ticket) {
        let Some(claim) = self.claims.get_mut(&ticket) else { return };
        claim.abandoned = true;
        if !claim.failed && self.waiters.leave(ticket) {
            self.claims.remove(&ticket);
        }
    }

    /// Answers those whose time is over, and has those ask again that met a partition without room.
    pub fn tick(&mut self, now: Moment, depths: &dyn Depths, effects: &mut Vec<Effect>) {
        while let Some(ticket) = self.waiters.expire(now) {
            if self.claims.get(&ticket).is_some_and(|claim| claim.request.until > now) {
                self.begin_round(ticket);
                self.go_on(ticket, now, depths, effects);
            } else if self.claims.get(&ticket).is_some_and(|claim| claim.failed) {
                // It asked again and again for an item that nobody else was woken for.
                self.end(ticket, now, depths, effects);
            } else {
                self.answer(ticket, effects);
            }
        }
    }

    /// When [`Desk::tick`] has something to do.
    pub fn next_end(&self) -> Option<Moment> {
        self.waiters.next_end()
    }

    /// An agent is gone: nothing is remembered of it.
    pub fn forget(&mut self, agent: Slot) {
        self.idle.forget(agent);
    }

    /// Closes every breaker and forgets who found nothing (the contract's reset of discovery).
    pub fn reset(&mut self) {
        for breaker in self.breakers.values_mut() {
            breaker.reset();
        }
        self.idle = Idle::default();
    }

    /// Breakers by class, with failures in a row.
    pub fn breakers(&self) -> impl Iterator<Item = (&str, Shown, u32)> {
        self.breakers
            .iter()
            .map(|(class, breaker)| (class.as_str(), breaker.shown(), breaker.failures()))
    }

    /// How much discovery sleeps.
    pub fn lull(&self) -> Lull {
        self.idle.lull(self.rules.backoff)
    }

    /// Claims at the desk, and those of them that wait for work.
    pub fn len(&self) -> (usize, usize) {
        (self.claims.len(), self.waiters.len())
    }

    /// Asks the next partition with work, waits, or answers.
    fn go_on(
        &mut self,
        ticket: Ticket,
        now: Moment,
        depths: &dyn Depths,
        effects: &mut Vec<Effect>,
    ) {
        let Some(claim) = self.claims.get_mut(&ticket) else { return };
        let missing = claim.request.items_max - claim.items;
        if claim.abandoned || missing == 0 {
            return self.end(ticket, now, depths, effects);
        }
        let heard =
            |capability| self.unheard.get(capability).is_some_and(|nudge| *nudge > claim.began);
        if claim.request.capabilities.iter().any(heard) {
            claim.asked.fill(false);
            claim.began = self.nudges;
        }
        if let Some(partition) = claim.next_partition(ticket, depths) {
            claim.asked[partition] = true;
            effects.push(Effect::Ask { ticket, partition, items_max: missing });
            return;
        }
        if claim.items > 0 || claim.request.until <= now {
            return self.end(ticket, now, depths, effects);
        }
        claim.waited = true;
        let capabilities = claim.request.capabilities.clone();
        let again = if claim.failed { now.after(ASK_AGAIN_MS) } else { claim.request.until };
        let until = claim.request.until.min(again);
        let is_for_others = claim.woken && !claim.failed;
        claim.woken = false;
        self.release_probe(ticket);
        self.waiters.wait(ticket, capabilities.clone(), until);
        if is_for_others {
            self.pass_on(ticket, &capabilities, (now, depths), effects);
        }
    }

    /// What a claim was woken for is still there, and is not for it: whoever waits behind it is asked.
    fn pass_on(
        &mut self,
        ticket: Ticket,
        capabilities: &[Capability],
        (now, depths): (Moment, &dyn Depths),
        effects: &mut Vec<Effect>,
    ) {
        let partitions = self.rules.partitions;
        for capability in capabilities {
            let has_work = (0..partitions).any(|partition| depths.has_work(partition, capability));
            let next = if has_work { self.waiters.wake_behind(capability, ticket) } else { None };
            if let Some(next) = next {
                self.wake(next, now, depths, effects);
            }
        }
    }

    fn wake(
        &mut self,
        ticket: Ticket,
        now: Moment,
        depths: &dyn Depths,
        effects: &mut Vec<Effect>,
    ) {
        self.begin_round(ticket);
        if let Some(claim) = self.claims.get_mut(&ticket) {
            claim.woken = true;
        }
        self.go_on(ticket, now, depths, effects);
    }

    /// Answers a claim. It may have been woken for an item that it did not take, as when its agent may have none any
    /// more or it found another one: whoever waits next asks for that.
    fn end(&mut self, ticket: Ticket, now: Moment, depths: &dyn Depths, effects: &mut Vec<Effect>) {
        self.release_probe(ticket);
        let Some(claim) = self.claims.get(&ticket) else { return };
        let capabilities = claim.request.capabilities.clone();
        self.answer(ticket, effects);
        for capability in capabilities {
            if self.waiters.has(&capability) {
                self.nudged((&capability, 1), now, depths, effects);
            }
        }
    }

    /// A claim that asked no partition says nothing of whether asking works: another one may try.
    fn release_probe(&mut self, ticket: Ticket) {
        if let Some(claim) = self.claims.get(&ticket).filter(|claim| !claim.reported) {
            let class = claim.request.class.clone();
            self.breaker(&class).let_go();
        }
    }

    fn begin_round(&mut self, ticket: Ticket) {
        if let Some(claim) = self.claims.get_mut(&ticket) {
            claim.asked.fill(false);
            claim.began = self.nudges;
            claim.failed = false;
        }
    }

    fn answer(&mut self, ticket: Ticket, effects: &mut Vec<Effect>) {
        let Some(claim) = self.claims.remove(&ticket) else { return };
        if claim.abandoned {
            return effects.push(Effect::GiveBack { ticket });
        }
        let agent = claim.request.agent;
        let outcome = if claim.items > 0 {
            self.idle.found(agent);
            Outcome::Items
        } else {
            let empties = self.idle.found_nothing(agent);
            let retry_after_ms = self.rules.backoff.sleep_ms(empties, scatter(ticket));
            Outcome::Empty { waited: claim.waited, retry_after_ms }
        };
        effects.push(Effect::Answer { ticket, outcome });
    }

    fn breaker(&mut self, class: &str) -> &mut Breaker {
        let is_known = self.breakers.contains_key(class);
        let class = if is_known || self.breakers.len() + 1 < CLASSES_MAX { class } else { OTHERS };
        let rule = self.rules.breaker;
        self.breakers.entry(class.to_owned()).or_insert_with(|| Breaker::new(rule))
    }
}

impl Claim {
    /// A partition with work that was not asked in this round. Claims begin at different ones.
    fn next_partition(&self, ticket: Ticket, depths: &dyn Depths) -> Option<usize> {
        let partitions = self.asked.len();
        let first = usize::try_from(ticket.0 % partitions as u64).ok()?;
        (first..partitions).chain(0..first).find(|partition| {
            let has_work = |capability| depths.has_work(*partition, capability);
            !self.asked[*partition] && self.request.capabilities.iter().any(has_work)
        })
    }
}

/// Chance enough for a jitter: neighbouring tickets give unrelated numbers (SplitMix64).
fn scatter(ticket: Ticket) -> u64 {
    let mixed = ticket.0.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests;
