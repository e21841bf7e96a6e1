//! The desk as `node::desk` runs it, with the real registry and the real rules of claims.
//!
//! What its three inlets bring (requests, answers of partitions, news from the board) is taken in an order that
//! chance decides, as `select!` would.

mod claims;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use agents::{
    AgentId, Epoch, Moment,
    desk::{Desk, Rules},
    registry::{self, Command, Decision, Fact, Registry, Settings, SnapshotRecord, State},
    waiters::Ticket,
};

use self::claims::{Claim, Given};
use crate::{
    board::Board,
    chance::Chance,
    ledger::Ledger,
    message::{self, Address, Claimed, Response},
    partition::ClaimJob,
};

/// Messages that wait at once; further ones are turned away.
const INBOX_MAX: usize = 1_024;
/// How often the registry is looked at while nothing else happens.
pub(crate) const LOOK_MS: u64 = 100;
/// Records after which a snapshot is taken: few, so that starts meet snapshots and tails of all lengths.
const SNAPSHOT_EVERY: usize = 400;

/// What the desk is asked.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    Registry { to: Address, command: Command },
    Claim { to: Address, claim: message::Claim },
}

/// What the desk has done for it.
#[derive(Debug)]
pub(crate) enum Out {
    Ask {
        partition: usize,
        job: ClaimJob,
    },
    Reply {
        to: Address,
        response: Response,
    },
    /// Items that nobody is there to take go back.
    GiveBack(Vec<Claimed>),
}

/// What the desk needs of the world for one turn.
pub(crate) struct Around<'a> {
    pub(crate) now: Moment,
    pub(crate) board: &'a mut Board,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) chance: &'a mut Chance,
}

#[derive(Debug)]
pub(crate) struct DeskTask {
    pub(crate) registry: Registry,
    desk: Desk,
    claims: BTreeMap<Ticket, Claim>,
    /// Partitions that were asked and have not answered.
    asks: BTreeSet<Ticket>,
    inbox: VecDeque<Message>,
    answered: VecDeque<(Ticket, Given)>,
    /// Connections that were seen to close.
    closed: BTreeSet<Address>,
    batch: Batch,
    pub(crate) writing: Option<Batch>,
    out: Vec<Out>,
    /// Since when, and for how many turns, somebody waits for what is there.
    starving_since: Option<(u64, u32)>,
}

/// What was decided between two writes.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) events: Vec<registry::Event>,
    removed: Vec<agents::Slot>,
    pub(crate) replies: Vec<(Address, Response)>,
}

/// A snapshot of the registry, as the store would keep it, and how many events it includes.
pub(crate) type Snapshot = (usize, Vec<SnapshotRecord>);

/// The registry of a snapshot and the events behind it.
pub(crate) fn recover(
    settings: Settings,
    snapshot: Option<&Snapshot>,
    events: &[registry::Event],
) -> Result<State, registry::Damaged> {
    let (upto, mut state) = match snapshot {
        None => (0, State::new(settings)),
        Some((upto, records)) => (*upto, registry::restore(settings, records.iter().cloned())?),
    };
    events[upto..].iter().for_each(|event| registry::apply(&mut state, event));
    Ok(state)
}

/// A snapshot of what is durable, if enough has come since the last.
pub(crate) fn snapshot(
    settings: Settings,
    before: Option<&Snapshot>,
    events: &[registry::Event],
) -> Option<Snapshot> {
    let upto = before.map_or(0, |(upto, _)| *upto);
    if events.len() < upto + SNAPSHOT_EVERY {
        return None;
    }
    let state = recover(settings, before, events).ok()?;
    Some((events.len(), state.snapshot().collect()))
}

impl DeskTask {
    /// Takes over what was recovered. Whoever was not dead has its whole time again, once.
    pub(crate) fn resume(state: State, rules: Rules, around: &mut Around<'_>) -> Self {
        let mut desk = Self {
            registry: Registry::resume(state, around.now),
            desk: Desk::new(rules),
            claims: BTreeMap::new(),
            asks: BTreeSet::new(),
            inbox: VecDeque::new(),
            answered: VecDeque::new(),
            closed: BTreeSet::new(),
            batch: Batch::default(),
            writing: None,
            out: Vec::new(),
            starving_since: None,
        };
        if !desk.registry.state().is_empty() {
            desk.decide(None, Command::Extend, around);
        }
        for (_, agent) in desk.registry.state().agents() {
            around.ledger.lives(agent.id(), agent.epoch());
        }
        desk
    }

    /// Puts a message into the inbox; `false` if it is full.
    pub(crate) fn submit(&mut self, message: Message) -> bool {
        let has_room = self.inbox.len() < INBOX_MAX;
        if has_room {
            self.inbox.push_back(message);
        }
        has_room
    }

    /// The caller has hung up: on one question, or, where its number is the greatest, on all.
    pub(crate) fn closed(&mut self, address: Address) {
        let of_it = |to: &Address| {
            (to.client, to.life) == (address.client, address.life)
                && (to.number == address.number || address.number == u64::MAX)
        };
        let gone = self.claims.values().map(|claim| claim.to).filter(of_it);
        self.closed.extend(gone);
    }

    /// A partition has answered an ask; none if it could not be asked.
    pub(crate) fn answered(&mut self, ticket: Ticket, items: Option<Vec<Claimed>>) {
        self.answered.push_back((ticket, items.map_or(Given::Failed, Given::Items)));
    }

    /// Does what has come in and what is due.
    pub(crate) fn turn(&mut self, around: &mut Around<'_>) -> Vec<Out> {
        let mut inlets = [Self::on_messages, Self::on_all_answered, Self::on_fresh];
        inlets.rotate_left(around.chance.place(3));
        for inlet in inlets {
            inlet(self, around);
            self.look(around);
        }
        // What was carried out may have been answered on the spot.
        while !self.answered.is_empty() {
            self.on_all_answered(around);
        }
        self.check(around);
        std::mem::take(&mut self.out)
    }

    /// What is to be written next, if the disk is idle.
    pub(crate) fn take_batch(&mut self) -> Option<Vec<registry::Event>> {
        let is_empty = self.batch.events.is_empty() && self.batch.replies.is_empty();
        if self.writing.is_some() || is_empty {
            return None;
        }
        let mut batch = std::mem::take(&mut self.batch);
        let events = std::mem::take(&mut batch.events);
        self.writing = Some(batch);
        Some(events)
    }

    /// The batch is durable. Gives who is to be answered.
    pub(crate) fn on_written(&mut self) -> Vec<(Address, Response)> {
        let Some(batch) = self.writing.take() else { return Vec::new() };
        batch.removed.into_iter().for_each(|slot| self.desk.forget(slot));
        batch.replies
    }

    fn now(&self, around: &Around<'_>) -> Moment {
        around.now.max(self.registry.state().moment())
    }

    fn on_messages(&mut self, around: &mut Around<'_>) {
        // Whoever is dead by now cannot be renewed by what comes in now.
        self.look(around);
        while let Some(message) = self.inbox.pop_front() {
            match message {
                Message::Registry { to, command } => self.decide(Some(to), command, around),
                Message::Claim { to, claim } => self.on_claim(to, claim, around),
            }
        }
    }

    /// Decides, applies, and has the answer given when the event is durable.
    fn decide(&mut self, to: Option<Address>, command: Command, around: &mut Around<'_>) {
        let now = self.now(around);
        let answer = match self.registry.decide(command, now) {
            Ok(Decision { event, answer }) => {
                if let Some(event) = event {
                    self.take(event, around);
                }
                Ok(answer)
            }
            Err(refusal) => Err(refusal),
        };
        if let Some(to) = to {
            self.batch.replies.push((to, Response::Registry(answer)));
        }
    }

    fn take(&mut self, event: registry::Event, around: &mut Around<'_>) {
        let state = self.registry.state();
        let ended = state.ends(&event);
        if let Fact::Died { .. } = &event.fact {
            let dead = ended.iter().map(|(_, agent)| (agent.id().clone(), agent.epoch()));
            for (id, epoch) in dead.collect::<Vec<(AgentId, Epoch)>>() {
                around.ledger.died(&id, epoch);
            }
        }
        self.batch.removed.extend(ended.iter().map(|(slot, _)| *slot));
        self.registry.apply(&event);
        self.note(&event, around.ledger);
        self.batch.events.push(event);
        registry::check_invariants(self.registry.state());
    }

    /// Tells the ledger who was renewed by an event.
    fn note(&self, event: &registry::Event, ledger: &mut Ledger) {
        let state = self.registry.state();
        let mut renewed = |slot: agents::Slot| {
            if let Some(agent) = state.agent(slot) {
                ledger.renewed_agent(agent.id(), agent.epoch());
            }
        };
        match &event.fact {
            Fact::Registered(registered) => {
                registered.renewed.iter().for_each(|slot| renewed(*slot));
                for agent in &registered.agents {
                    ledger.lives(&agent.id, agent.epoch);
                }
            }
            Fact::Renewed { slots } => slots.iter().for_each(|slot| renewed(*slot)),
            Fact::StatesSet { states } => {
                states.iter().flat_map(|(_, slots)| slots.iter()).for_each(|slot| renewed(*slot));
            }
            Fact::SessionsRenewed { sessions } => {
                let slots = sessions.iter().flat_map(|session| state.members(*session));
                slots.for_each(renewed);
            }
            Fact::SessionOpened { .. }
            | Fact::SessionClosed { .. }
            | Fact::Draining { .. }
            | Fact::Quarantined { .. }
            | Fact::Released { .. }
            | Fact::Deregistered { .. }
            | Fact::Died { .. }
            | Fact::Extended { .. } => {}
        }
    }

    /// Whose time is over, agents' and claims'.
    fn look(&mut self, around: &mut Around<'_>) {
        let now = self.now(around);
        let tick = self.registry.tick(now);
        if let Some(event) = tick.event {
            self.take(event, around);
        }
        self.expire_claims(now, around);
    }
}
