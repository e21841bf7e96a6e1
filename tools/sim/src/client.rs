//! A process that runs agents, with its behaviours: it registers them, renews them, claims and brings results. It
//! may be slow, err, pause, crash, hand work on, drain, or meet its double.
//!
//! It knows of the node only what it is told. Its clock runs a little fast or slow.

mod replies;
mod work;

use std::collections::BTreeMap;

use agents::{
    AgentId, Capability, Epoch, SessionId,
    registry::{Capabilities, Command, Incarnation, Registration, Who},
};

use crate::{
    cases::Place,
    chance::Chance,
    message::{Address, Request},
    plan::Plan,
};

/// How long an answer may take before the question is given up.
const PATIENCE_MS: u64 = 10_000;

/// How a client behaves, percent of the occasions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Temper {
    /// It cannot do the item and says so.
    pub(crate) errs: u64,
    /// It gives the item back.
    pub(crate) returns: u64,
    pub(crate) hands_on: u64,
    /// It works longer than its term without renewing.
    pub(crate) is_slow: u64,
    /// It asks without waiting.
    pub(crate) polls: u64,
    pub(crate) items_max: usize,
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) number: usize,
    pub(crate) names: Vec<AgentId>,
    pub(crate) capabilities: Vec<Capability>,
    pub(crate) temper: Temper,
    has_session: bool,
    /// How far its clock runs wrong, in thousandths of the time.
    drift: (u64, u64),
    /// Its process, if one runs. Each has a greater number than the one before.
    pub(crate) life: u64,
    pub(crate) up: Option<Up>,
    pub(crate) paused_until: u64,
    pub(crate) cut_until: u64,
}

/// A running process.
#[derive(Debug, Default)]
pub(crate) struct Up {
    session: Option<SessionId>,
    pub(crate) agents: Vec<Agent>,
    asked: BTreeMap<u64, Asked>,
    next: u64,
    pub(crate) leaving: bool,
}

/// An agent as it knows itself.
#[derive(Debug)]
pub(crate) struct Agent {
    epoch: Option<Epoch>,
    is_claiming: bool,
    /// The last plan to claim: earlier ones are void.
    planned: u64,
    pub(crate) held: BTreeMap<Place, Held>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    epoch: Epoch,
    term_ms: u64,
    is_renewed: bool,
}

/// A question that was not answered yet.
#[derive(Clone, Debug)]
struct Asked {
    what: What,
    request: Request,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Open,
    Register,
    Beat,
    Claim(usize),
    Keep,
    /// Of this agent about this item; sent again until it is answered.
    Work(usize, Place),
    Leave,
}

/// What a client has planned.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Intent {
    Begin,
    Beat,
    /// With the number of the plan.
    Claim(usize, u64),
    /// Renews the leases that it holds.
    Keep,
    /// Is done with an item that it holds under this epoch.
    Finish(usize, Place, Epoch),
    GiveUp(u64),
}

/// What a client does to the world.
#[derive(Debug)]
pub(crate) enum Act {
    Send(Address, Request),
    /// It hangs up on a question.
    HangUp(Address),
    Plan {
        after_ms: u64,
        intent: Intent,
    },
    /// Its process ends.
    End,
    Count(&'static str),
}

/// What a client needs of the world.
pub(crate) struct Around<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) chance: &'a mut Chance,
    pub(crate) acts: Vec<Act>,
    /// Everybody behaves: the end of a run.
    pub(crate) calm: bool,
}

impl Client {
    pub(crate) fn new(
        number: usize,
        names: Vec<AgentId>,
        chance: &mut Chance,
        plan: &Plan,
    ) -> Self {
        let all = (0..plan.capabilities).map(capability);
        let mut capabilities: Vec<Capability> = all.filter(|_| chance.percent(60)).collect();
        if capabilities.is_empty() {
            capabilities.push(capability(chance.place(plan.capabilities)));
        }
        let mut one_in = |percent| if chance.percent(40) { chance.below(percent) } else { 0 };
        let temper = Temper {
            errs: one_in(20),
            returns: one_in(10),
            hands_on: one_in(20),
            is_slow: one_in(30),
            polls: one_in(100),
            items_max: 1,
        };
        let items_max = 1 + chance.place(4);
        Self {
            number,
            names,
            capabilities,
            temper: Temper { items_max, ..temper },
            has_session: chance.percent(50),
            drift: (980 + chance.below(41), 1_000),
            life: 0,
            up: None,
            paused_until: 0,
            cut_until: 0,
        }
    }

    /// A new process; the one before is gone, if it was there.
    pub(crate) fn begin(&mut self, around: &mut Around<'_>) {
        self.life += 1;
        let agent =
            |_| Agent { epoch: None, is_claiming: false, planned: 0, held: BTreeMap::new() };
        let agents = (0..self.names.len()).map(agent).collect();
        self.up = Some(Up { agents, ..Up::default() });
        self.enrol(around);
        self.plan(Intent::Beat, 20_000, around);
        self.plan(Intent::Keep, plan_keep(around.plan), around);
    }

    /// Does what it has planned.
    pub(crate) fn act(&mut self, intent: Intent, around: &mut Around<'_>) {
        if self.up.is_none() {
            return;
        }
        match intent {
            Intent::Begin => self.enrol(around),
            Intent::Beat => self.beat(around),
            Intent::Claim(agent, planned) => self.claim(agent, planned, around),
            Intent::Keep => self.keep(around),
            Intent::Finish(agent, place, epoch) => self.finish(agent, (place, epoch), around),
            Intent::GiveUp(number) => self.give_up(number, around),
        }
    }

    /// Stops in good order: gives back what it holds, says good-bye, and ends.
    pub(crate) fn drain(&mut self, around: &mut Around<'_>) {
        let Some(up) = &mut self.up else { return };
        up.leaving = true;
        let places = up.agents.iter().enumerate();
        let held: Vec<_> = places
            .flat_map(|(agent, one)| {
                one.held.iter().map(move |(place, held)| (agent, *place, *held))
            })
            .collect();
        for (agent, place, held) in held {
            let command = crate::message::Command::Return { epoch: held.epoch };
            self.ask(What::Work(agent, place), Request::Command { place, command }, around);
        }
        let agents = self.incarnations();
        self.ask(What::Leave, Request::Registry(Command::Deregister { agents }), around);
    }

    /// Registers its agents, under a session if it has one.
    fn enrol(&mut self, around: &mut Around<'_>) {
        let Some(up) = &self.up else { return };
        if up.leaving {
            return;
        }
        if self.has_session && up.session.is_none() {
            let host = format!("host-{}", self.number).parse().unwrap_or_default();
            return self.ask(What::Open, Request::Registry(Command::OpenSession { host }), around);
        }
        let session = up.session;
        let capabilities = Capabilities::new(self.capabilities.clone());
        let Ok(capabilities) = capabilities else { return };
        let agent = |id: &AgentId| Registration {
            id: id.clone(),
            capabilities: capabilities.clone(),
            profile: None,
        };
        let agents = self.names.iter().map(agent).collect();
        let command = Command::Register { session, agents };
        self.ask(What::Register, Request::Registry(command), around);
    }

    fn beat(&mut self, around: &mut Around<'_>) {
        let every_ms = around.chance.between(15_000, 25_000);
        self.plan(Intent::Beat, every_ms, around);
        let Some(up) = &self.up else { return };
        if up.agents.iter().all(|agent| agent.epoch.is_none()) {
            return self.enrol(around);
        }
        let command = match up.session {
            Some(session) => Command::RenewSessions { sessions: vec![session] },
            None => Command::Renew { agents: self.incarnations() },
        };
        self.ask(What::Beat, Request::Registry(command), around);
    }

    fn incarnations(&self) -> Vec<Incarnation> {
        let agents = self.up.iter().flat_map(|up| &up.agents).zip(&self.names);
        let known = |(agent, id): (&Agent, &AgentId)| {
            let who = Who::Id(id.clone());
            agent.epoch.map(|epoch| Incarnation { who, epoch })
        };
        agents.filter_map(known).collect()
    }

    /// Sends a question.
    fn ask(&mut self, what: What, request: Request, around: &mut Around<'_>) {
        let wait_ms = match &request {
            Request::Claim(claim) => claim.wait_ms,
            Request::Registry(_) | Request::Renew(_) | Request::Command { .. } => 0,
        };
        let Some(up) = &mut self.up else { return };
        let number = up.next;
        up.next += 1;
        up.asked.insert(number, Asked { what, request: request.clone() });
        around.acts.push(Act::Send(self.address(number), request));
        self.plan(Intent::GiveUp(number), PATIENCE_MS + wait_ms, around);
    }

    fn address(&self, number: u64) -> Address {
        Address { client: Some(self.number), life: self.life, number }
    }

    /// The agent claims after so long, and not when it had planned to before.
    fn plan_claim(&mut self, agent: usize, after_ms: u64, around: &mut Around<'_>) {
        let Some(up) = &mut self.up else { return };
        let me = &mut up.agents[agent];
        me.planned += 1;
        let planned = me.planned;
        self.plan(Intent::Claim(agent, planned), after_ms, around);
    }

    /// So long by its own clock.
    fn plan(&self, intent: Intent, after_ms: u64, around: &mut Around<'_>) {
        let (drift, one) = self.drift;
        around.acts.push(Act::Plan { after_ms: after_ms * drift / one, intent });
    }
}

/// Leases are renewed three times in the shortest term.
fn plan_keep(plan: &Plan) -> u64 {
    plan.term_ms.0 / 3
}

/// The capabilities of the world by number.
pub(crate) fn capability(number: usize) -> Capability {
    format!("capability {number}").parse().expect("it is a short word")
}
