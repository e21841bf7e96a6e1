//! Everything there is, on one line of time: node, clients, operator, network, faults.

mod faults;
mod operator;
mod traffic;

use std::collections::BTreeMap;

use agents::AgentId;

use crate::{
    cases::Place,
    chance::Chance,
    client::{self, Act, Client, Intent},
    ledger::Ledger,
    message::{Address, Request, Response},
    node::Node,
    plan::Plan,
    schedule::Schedule,
};

/// Virtual time at the end in which nothing breaks and everything must be finished.
const CALM_MS: u64 = 20 * 60_000;
const HOUR_MS: u64 = 3_600_000;
/// How often the operator looks.
const OPERATOR_EVERY_MS: u64 = 30_000;

/// One thing that happens.
#[derive(Debug)]
pub(crate) enum Happening {
    Arrived(Address, Request),
    Answered(Address, Response),
    HungUp(Address),
    /// A turn of a partition, or of the desk, whose number is the greatest.
    Turn {
        run: u64,
        place: usize,
    },
    Synced {
        run: u64,
        place: usize,
    },
    Client {
        number: usize,
        life: u64,
        intent: Intent,
    },
    /// A client's process starts.
    Comes(usize),
    NodeStarts,
    NodeCrashes,
    Launch,
    Fault,
    Operator,
}

/// The world of one seed.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) schedule: Schedule<Happening>,
    chance: Chance,
    pub(crate) ledger: Ledger,
    node: Node,
    clients: Vec<Client>,
    next_case: u64,
    next_order: u64,
    /// No work comes in until then.
    drought_until: u64,
    /// Nothing breaks any more.
    calm: bool,
    trace: bool,
    /// The node crashes at the next write.
    crash_at_write: bool,
    pub(crate) events: u64,
    /// When each agent claimed, since this was last cleared: how often, and first.
    pub(crate) claimed: BTreeMap<AgentId, (u64, u64)>,
}

impl World {
    pub(crate) fn new(plan: Plan, trace: bool) -> Self {
        let mut chance = Chance::new(plan.seed);
        let names = |number: usize, agents: u64| -> Vec<AgentId> {
            let name = |agent| format!("agent-{number}-{agent}").parse();
            (0..agents).filter_map(|agent| name(agent).ok()).collect()
        };
        let mut clients = Vec::new();
        for number in 0..plan.clients {
            // Some are the double of the one before: the same names in another process.
            let is_double = number % 4 == 3 && plan.fault_every_ms.is_some();
            let names = if is_double {
                let other: &Client = &clients[number - 1];
                other.names.clone()
            } else {
                names(number, 1 + chance.below(5))
            };
            clients.push(Client::new(number, names, &mut chance, &plan));
        }
        let ledger = Ledger::new(plan.seed, plan.settings);
        let node = Node::new(&plan);
        let mut world = Self {
            schedule: Schedule::new(),
            chance,
            ledger,
            node,
            clients,
            next_case: 1,
            next_order: 0,
            drought_until: 0,
            calm: false,
            trace,
            crash_at_write: false,
            events: 0,
            claimed: BTreeMap::new(),
            plan,
        };
        world.begin();
        world
    }

    fn begin(&mut self) {
        self.schedule.at(0, Happening::NodeStarts);
        self.schedule.at(1, Happening::Launch);
        self.schedule.after(OPERATOR_EVERY_MS, Happening::Operator);
        self.schedule.after(self.plan.fault_every_ms.unwrap_or(0), Happening::Fault);
        for number in 0..self.clients.len() {
            let after_ms = self.chance.below(10_000);
            self.schedule.after(after_ms, Happening::Comes(number));
        }
    }

    /// Runs the hours of the plan, then the calm in which all work is finished.
    pub(crate) fn run(&mut self) {
        self.run_until(self.plan.hours * HOUR_MS);
        self.calm_down();
        self.run_until(self.schedule.now() + CALM_MS);
        if self.ledger.first_broken().is_none() {
            let left = self.ledger.unfinished().len();
            let some = self.ledger.unfinished().first().copied();
            self.ledger.check(left == 0, || format!("{left} items are never done, as {some:?}"));
        }
    }

    pub(crate) fn run_until(&mut self, end: u64) {
        while self.schedule.now() < end && self.ledger.first_broken().is_none() {
            let Some(happening) = self.schedule.next() else { return };
            self.events += 1;
            self.ledger.at(self.schedule.now());
            self.happens(happening);
        }
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Arrived(to, request) => self.on_arrived(to, request),
            Happening::Answered(to, response) => self.on_answered(to, response),
            Happening::HungUp(address) => self.on_hung_up(address),
            Happening::Turn { run, place } => self.on_turn(run, place),
            Happening::Synced { run, place } => self.on_synced(run, place),
            Happening::Client { number, life, intent } => self.on_intent(number, life, intent),
            Happening::Comes(number) => self.comes(number),
            Happening::NodeStarts => self.on_node_starts(),
            Happening::NodeCrashes => self.crash_node(),
            Happening::Launch => self.on_launch(),
            Happening::Fault => self.on_fault(),
            Happening::Operator => self.on_operator(),
        }
    }

    fn on_node_starts(&mut self) {
        if self.node.process.is_some() {
            return;
        }
        let now = self.schedule.now();
        self.tell(|| "the node starts".to_owned());
        self.node.start(&self.plan, now, (&mut self.ledger, &mut self.chance));
        for place in 0..=self.plan.partitions {
            self.wake(place, now);
        }
    }

    fn comes(&mut self, number: usize) {
        let (has_come, now) = (self.clients[number].up.is_some(), self.schedule.now());
        if has_come {
            return;
        }
        self.tell(|| format!("client {number} begins"));
        self.clients[number].paused_until = now;
        self.with_client(number, |client, around| client.begin(around));
    }

    fn on_intent(&mut self, number: usize, life: u64, intent: Intent) {
        let client = &self.clients[number];
        if client.life != life || client.up.is_none() {
            return;
        }
        if client.paused_until > self.schedule.now() {
            let happening = Happening::Client { number, life, intent };
            return self.schedule.at(client.paused_until, happening);
        }
        self.with_client(number, |client, around| client.act(intent, around));
    }

    fn on_answered(&mut self, to: Address, response: Response) {
        let Some(number) = to.client else { return };
        let client = &self.clients[number];
        if client.life != to.life {
            return;
        }
        if client.paused_until > self.schedule.now() {
            return self.schedule.at(client.paused_until, Happening::Answered(to, response));
        }
        self.with_client(number, |client, around| client.hear(to.number, response, around));
    }

    /// Lets a client do something, and does what follows from it.
    fn with_client(
        &mut self,
        number: usize,
        act: impl FnOnce(&mut Client, &mut client::Around<'_>),
    ) {
        let client = &mut self.clients[number];
        let (chance, calm) = (&mut self.chance, self.calm);
        let mut around = client::Around { plan: &self.plan, chance, acts: Vec::new(), calm };
        act(client, &mut around);
        let (acts, life) = (around.acts, client.life);
        for act in acts {
            match act {
                Act::Send(address, request) => self.send(address, request),
                Act::HangUp(address) => self.hang_up(address),
                Act::Plan { after_ms, intent } => {
                    self.schedule.after(after_ms, Happening::Client { number, life, intent });
                }
                Act::End => self.end_client(number),
                Act::Count(what) => self.ledger.count(what),
            }
        }
    }

    /// The client's process ends; in most cases another one begins later.
    fn end_client(&mut self, number: usize) {
        let life = self.clients[number].life;
        if self.clients[number].up.take().is_none() {
            return;
        }
        self.tell(|| format!("client {number} ends"));
        self.hang_up_all(number, life);
        let again_ms = self.chance.spread(1_000, 90_000);
        self.schedule.after(again_ms, Happening::Comes(number));
    }

    fn tell(&self, what: impl FnOnce() -> String) {
        if self.trace {
            let ms = self.schedule.now();
            println!("{:>10}.{:03}  {}", ms / 1_000, ms % 1_000, what());
        }
    }
}

/// Which partition has a case.
pub(crate) fn partition_of(place: Place, partitions: usize) -> usize {
    usize::try_from(place.case).expect("cases are few") % partitions
}
