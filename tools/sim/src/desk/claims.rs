//! Claims on their way: `node::desk::claims` without tasks.

use agents::{
    AgentId, Capability, Moment,
    desk::{Effect, Outcome, Request, Returned},
    registry::{Denied, Incarnation, Who},
    waiters::Ticket,
};

use super::{Around, DeskTask, Out};
use crate::{
    message::{self, Address, Claimed, Response},
    partition::ClaimJob,
};

/// How long, and for how many turns, an item and somebody who waits for it may be there together.
const STARVING_MS_MAX: u64 = 2_000;
const STARVING_TURNS_MAX: u32 = 20;

#[derive(Debug)]
pub(super) struct Claim {
    pub(super) to: Address,
    whom: Incarnation,
    holder: AgentId,
    capabilities: Vec<Capability>,
    term_ms: u64,
    /// When it is answered at the latest, in true time.
    until_ms: u64,
    items: Vec<Claimed>,
}

/// What a partition gave.
#[derive(Debug)]
pub(super) enum Given {
    Items(Vec<Claimed>),
    Failed,
    /// It was not asked.
    Denied,
}

impl DeskTask {
    pub(super) fn on_claim(&mut self, to: Address, claim: message::Claim, around: &mut Around<'_>) {
        let now = self.now(around);
        let message::Claim { agent: whom, capabilities, items_max, wait_ms, term_ms } = claim;
        let claimant = match self.registry.state().may_claim(&whom, now) {
            Ok(claimant) => claimant,
            Err(denied) => {
                if let (Denied::NotRenewed { .. }, Who::Id(id)) = (&denied, &whom.who) {
                    around.ledger.was_stale(id, whom.epoch);
                }
                around.ledger.count("claims denied");
                let draining = denied == Denied::Draining;
                let response = Response::Denied { draining };
                return self.out.push(Out::Reply { to, response });
            }
        };
        let until = now.after(wait_ms);
        let request = Request {
            agent: claimant.slot,
            class: "agents".to_owned(),
            capabilities: capabilities.clone(),
            items_max,
            until,
        };
        let holder = claimant.id.clone();
        around.board.listened = true;
        let ticket = self.desk.next_ticket();
        let items = Vec::new();
        let until_ms = around.ledger.now() + wait_ms;
        let claim = Claim { to, whom, holder, capabilities, term_ms, until_ms, items };
        self.claims.insert(ticket, claim);
        let mut effects = Vec::new();
        self.desk.claim(request, now, around.board, &mut effects);
        self.carry_out(effects, around);
    }

    /// Items came in somewhere.
    pub(super) fn on_fresh(&mut self, around: &mut Around<'_>) {
        let now = self.now(around);
        let mut effects = Vec::new();
        for (capability, items) in around.board.take_fresh() {
            self.desk.nudged((&capability, items), now, around.board, &mut effects);
        }
        self.carry_out(effects, around);
    }

    pub(super) fn on_all_answered(&mut self, around: &mut Around<'_>) {
        while let Some((ticket, given)) = self.answered.pop_front() {
            self.asks.remove(&ticket);
            let returned = match given {
                Given::Items(items) => {
                    let count = items.len();
                    match self.claims.get_mut(&ticket) {
                        Some(claim) => claim.items.extend(items),
                        None => around.ledger.broken(format!("{ticket:?} has no claim")),
                    }
                    Returned::Items(count)
                }
                Given::Failed => Returned::Failed,
                Given::Denied => Returned::Denied,
            };
            let now = self.now(around);
            let mut effects = Vec::new();
            self.desk.returned((ticket, returned), now, around.board, &mut effects);
            self.carry_out(effects, around);
        }
    }

    pub(super) fn expire_claims(&mut self, now: Moment, around: &mut Around<'_>) {
        let mut effects = Vec::new();
        self.desk.tick(now, around.board, &mut effects);
        self.carry_out(effects, around);
    }

    fn carry_out(&mut self, effects: Vec<Effect>, around: &mut Around<'_>) {
        for effect in effects {
            match effect {
                Effect::Ask { ticket, partition, items_max } => {
                    self.asks.insert(ticket);
                    self.ask(ticket, partition, items_max, around);
                }
                Effect::Answer { ticket, outcome } => self.answer(ticket, outcome, around),
                Effect::GiveBack { ticket } => {
                    if let Some(claim) = self.claims.remove(&ticket) {
                        self.closed.remove(&claim.to);
                        self.out.push(Out::GiveBack(claim.items));
                    }
                }
            }
        }
        let (claims, waiting) = self.desk.len();
        around.ledger.check(self.claims.len() == claims, || {
            format!("{} claims are kept, the desk knows {claims}", self.claims.len())
        });
        if waiting == 0 && self.asks.is_empty() {
            around.board.listened = false;
        }
    }

    /// Asks a partition for items, unless the caller has gone or may have none any more.
    fn ask(&mut self, ticket: Ticket, partition: usize, items_max: usize, around: &mut Around<'_>) {
        let now = self.now(around);
        let Some(claim) = self.claims.get(&ticket) else { return };
        if self.closed.contains(&claim.to) {
            around.ledger.count("claims whose caller had gone");
            self.desk.abandon(ticket);
            self.answered.push_back((ticket, Given::Denied));
            return;
        }
        // It may have been drained, or have died, while it waited.
        if self.registry.state().may_claim(&claim.whom, now).is_err() {
            around.ledger.count("claims denied after a wait");
            self.answered.push_back((ticket, Given::Denied));
            return;
        }
        let job = ClaimJob {
            ticket,
            holder: claim.holder.clone(),
            capabilities: claim.capabilities.clone(),
            items_max,
            term_ms: claim.term_ms,
        };
        self.out.push(Out::Ask { partition, job });
    }

    fn answer(&mut self, ticket: Ticket, outcome: Outcome, around: &mut Around<'_>) {
        let Some(claim) = self.claims.remove(&ticket) else { return };
        let ledger = &mut *around.ledger;
        let response = match outcome {
            Outcome::Items => {
                ledger.count("claims answered with items");
                Response::Granted(claim.items)
            }
            Outcome::Empty { retry_after_ms, .. } => {
                ledger.count("claims answered with nothing");
                Response::Empty { retry_after_ms }
            }
            Outcome::CircuitOpen { retry_after_ms } => {
                ledger.count("claims turned away by the breaker");
                Response::Empty { retry_after_ms }
            }
            Outcome::Overloaded { retry_after_ms } => Response::Empty { retry_after_ms },
        };
        if !self.closed.remove(&claim.to) {
            return self.out.push(Out::Reply { to: claim.to, response });
        }
        if let Response::Granted(items) = response {
            // It has gone: others may have what it got.
            ledger.count("grants given back");
            self.out.push(Out::GiveBack(items));
        }
    }

    /// Nobody waits beside what it waits for, and nobody waits longer than it wanted.
    pub(super) fn check(&mut self, around: &mut Around<'_>) {
        let now = self.now(around);
        let is_waiting = |(ticket, claim): &(&Ticket, &Claim)| {
            !self.asks.contains(ticket)
                && !self.closed.contains(&claim.to)
                && self.registry.state().may_claim(&claim.whom, now).is_ok()
        };
        let waiting: Vec<&Claim> =
            self.claims.iter().filter(is_waiting).map(|(_, claim)| claim).collect();
        let true_ms = around.ledger.now();
        let late = waiting.iter().find(|claim| claim.until_ms + STARVING_MS_MAX < true_ms);
        around.ledger.check(late.is_none(), || format!("{late:?} is not answered"));
        let depth = |capability: &Capability| around.board.waits(capability);
        let starves = waiting.iter().flat_map(|claim| &claim.capabilities).find(|name| depth(name));
        let starves = starves.cloned().filter(|_| !around.board.has_fresh());
        let Some(capability) = starves else {
            self.starving_since = None;
            return;
        };
        let (since, turns) = self.starving_since.get_or_insert((true_ms, 0));
        *turns += 1;
        let starves = *turns > STARVING_TURNS_MAX && *since + STARVING_MS_MAX < true_ms;
        around
            .ledger
            .check(!starves, || format!("somebody waits for {capability}, and so do items"));
    }
}
