//! The open loop: does what the plan says when it says so, and lets agents behave as they do.

mod replies;

use std::{sync::Arc, time::Duration};

use sdk::{Client, client::Settings as ClientSettings};
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::{Instant, timeout_at},
};
use wire::{case::Launch, claim::Claim, lease::HeldItem, work_item::Checkin};

use crate::{
    Error, KEY, RESULT, SPECIFICATION,
    chance::Chance,
    counters::Counters,
    fleet::{self, Enrolled, Fleet, Hold, Will},
    latency::Latencies,
    ledger::Ledger,
    machine::{Machine, processor_time},
    pacer::Pacer,
    plan::{Plan, What},
    report::{Measured, Report},
    settings::Settings,
    shot::{Ask, Op, Reply, Shot, shoot},
    verify,
};

/// How long one answer may take: then it is unknown, and counts with this time.
const PATIENCE: Duration = Duration::from_secs(40);
/// Between two rounds of claims after the last launch.
const SWEEP: Duration = Duration::from_millis(20);
/// Items that a claim of that round asks for.
const SWEEP_ITEMS: usize = 100;
/// Claims of that round.
const SWEEP_CLAIMS: usize = 8;

struct Drive<'a> {
    settings: &'a Settings,
    plan: Plan,
    prefix: String,
    client: Client,
    room: Arc<Semaphore>,
    fleet: Fleet,
    chance: Chance,
    latencies: Latencies,
    ledger: Ledger,
    pacer: Pacer<Next>,
    fired: JoinSet<Fired>,
    began: Instant,
    /// When the run ends though not everything is done; known after the last launch.
    end: Option<Instant>,
    dropped: u64,
}

/// What is due next.
#[derive(Clone, Debug)]
enum Next {
    Planned(What),
    /// An agent has worked long enough on this.
    Finish(usize, Hold),
    /// A session renews its leases.
    Keep(usize),
    /// A session renews itself.
    Beat(usize),
    /// Somebody looks whether there is still work.
    Sweep,
}

/// A request that is over: whose it was.
struct Fired {
    shot: Shot,
    whose: Whose,
}

enum Whose {
    Launch(usize),
    Claim(usize),
    Finish(usize, Hold, Will),
    Keep(usize, Vec<Hold>),
    Beat,
    Register(usize, Option<Enrolled>),
}

/// Runs the plan of these settings and reports.
pub(crate) async fn run(settings: &Settings) -> Result<Report, Error> {
    let plan = Plan::of(settings);
    let machine = Machine::look();
    let patient = Client::new(&settings.url)?;
    patient.upload(SPECIFICATION).await?;
    let prefix = prefix(&patient);
    let mut fleet = Fleet::new(settings, &prefix);
    for session in 0..fleet.sessions.len() {
        let enrolled = fleet::enrol(&patient, fleet.names(session)).await?;
        fleet.enrolled(session, &enrolled);
    }
    let (before, processor_before) = (Counters::read(&patient).await?, processor_time());
    let began = Instant::now();
    let moments = plan.moments.clone().into_iter();
    let moments = moments.map(move |moment| (began + moment.at, Next::Planned(moment.what)));
    let (pacer, due) = Pacer::start(moments)?;
    let mut drive = Drive {
        settings,
        prefix,
        client: impatient(settings)?,
        room: Arc::new(Semaphore::new(settings.connections)),
        fleet,
        chance: Chance::new(settings.seed ^ 0x5eed),
        latencies: Latencies::default(),
        ledger: Ledger::default(),
        pacer,
        fired: JoinSet::new(),
        began,
        end: None,
        dropped: 0,
        plan,
    };
    drive.work(due).await;
    let took = began.elapsed();
    let there = verify::cases(&patient, &drive.prefix).await?;
    let ledger = drive.ledger.close(&there, |number| format!("{}{number}", drive.prefix));
    let after = Counters::read(&patient).await?;
    drive.fleet.leave(&patient).await?;
    let Drive { latencies, dropped, .. } = drive;
    Ok(Report::of(Measured {
        settings,
        machine,
        took,
        processor_before,
        latencies,
        ledger,
        before,
        after,
        dropped,
    }))
}

/// What the names of this run begin with: no other run has them.
pub(crate) fn prefix(client: &Client) -> String {
    format!("swarm-{}-", &client.command_id()[..12])
}

/// A client that sends each request once: what becomes of it is the ledger's business.
pub(crate) fn impatient(settings: &Settings) -> Result<Client, Error> {
    let once = ClientSettings { patience: PATIENCE, attempts_max: 1, ..ClientSettings::default() };
    Ok(Client::with(&settings.url, once)?)
}

impl Drive<'_> {
    async fn work(&mut self, mut due: mpsc::Receiver<(Instant, Next)>) {
        for session in 0..self.fleet.sessions.len() {
            self.plan_keep(session);
            self.plan_beat(session);
        }
        loop {
            let is_done =
                self.end.is_some() && self.ledger.open() == 0 && self.fleet.in_hand() == 0;
            let is_over = self.end.is_some_and(|end| end <= Instant::now());
            if is_done || is_over {
                break;
            }
            // A thing that is due, or an answer, that is not taken now is taken in the next round.
            tokio::select! {
                Some((at, next)) = due.recv() => self.on_due(at, next),
                Some(fired) = self.fired.join_next() => self.on_fired(fired.expect("a shot does not panic")),
            }
        }
        // What is under way has a last chance to be known.
        let end = Instant::now() + PATIENCE;
        while let Ok(Some(fired)) = timeout_at(end, self.fired.join_next()).await {
            self.on_fired(fired.expect("a shot does not panic"));
        }
    }

    fn on_due(&mut self, at: Instant, next: Next) {
        match next {
            Next::Planned(What::Launch(number)) => self.launch(number, at),
            Next::Planned(What::Claim(agent)) => self.claim(agent, at, 1),
            Next::Planned(What::Storm) => self.storm(at),
            Next::Planned(What::Settle) => {
                self.end = Some(at + Duration::from_secs(self.settings.settle_seconds));
                self.plan_next(at, Next::Sweep);
            }
            Next::Finish(session, hold) => self.finish(session, hold, at),
            Next::Keep(session) => self.keep(session, at),
            Next::Beat(session) => {
                let number = self.fleet.sessions[session].number;
                self.fire(Ask::RenewSession(number), at, Whose::Beat);
                self.plan_beat(session);
            }
            Next::Sweep => {
                for _ in 0..SWEEP_CLAIMS {
                    let agent = self.chance.place(self.fleet.agents.len());
                    self.claim(agent, at, SWEEP_ITEMS);
                }
                self.plan_next(at + SWEEP, Next::Sweep);
            }
        }
    }

    fn launch(&mut self, number: usize, at: Instant) {
        let case = format!("{}{number}", self.prefix);
        let launch = Launch {
            specification: KEY.to_owned(),
            command_id: Some(case.clone()),
            case: Some(case),
            ..Launch::default()
        };
        self.ledger.launch(number);
        self.fire(Ask::Launch(launch), at, Whose::Launch(number));
    }

    fn claim(&mut self, wanted: usize, at: Instant, items: usize) {
        let Some(number) = self.fleet.claimant(wanted, Instant::now()) else {
            self.ledger.held_back += 1;
            return;
        };
        let agent = &mut self.fleet.agents[number];
        agent.is_claiming = true;
        let claim = Claim {
            agent: agent.name.clone(),
            epoch: agent.epoch,
            capabilities: None,
            max: items,
            wait_ms: 0,
            term_ms: self.settings.term_ms,
            class: "swarm".to_owned(),
        };
        self.fire(Ask::Claim(claim), at, Whose::Claim(number));
    }

    fn finish(&mut self, session: usize, hold: Hold, at: Instant) {
        // It was lost meanwhile.
        let Some(hand) = self.fleet.sessions[session].hands.get(&hold) else { return };
        // The same id through all attempts: it happens once.
        let command_id = Some(format!("{}-{}", hold.item, hold.epoch));
        let (item, epoch, will) = (hold.item.clone(), hold.epoch, hand.will);
        if hand.attempts == 0 && will == Will::Complete {
            self.ledger.results.issued += 1;
        }
        let ask = match will {
            Will::Complete => {
                let (data, epoch) = (RESULT.to_owned(), Some(epoch));
                Ask::Complete(item, Checkin { data, epoch, command_id, ..Checkin::default() })
            }
            Will::Fail => Ask::Fail(HeldItem { item, epoch, command_id }),
            Will::Return => Ask::Return(HeldItem { item, epoch, command_id }),
        };
        self.fire(ask, at, Whose::Finish(session, hold, will));
    }

    fn keep(&mut self, session: usize, at: Instant) {
        let leases = self.fleet.leases(session);
        if !leases.is_empty() {
            let hold = |lease: &wire::lease::LeaseRenewal| Hold {
                item: lease.item.clone(),
                epoch: lease.epoch,
            };
            let holds = leases.iter().map(hold).collect();
            self.fire(Ask::RenewLeases(leases), at, Whose::Keep(session, holds));
        }
        self.plan_keep(session);
    }

    /// All connections are cut at once; everybody opens a session and registers anew. What is in hand stays so.
    fn storm(&mut self, at: Instant) {
        match impatient(self.settings) {
            Ok(fresh) => self.client = fresh,
            Err(error) => tracing::error!(%error, "no new connections"),
        }
        for session in 0..self.fleet.sessions.len() {
            let names = self.fleet.names(session);
            let (client, room) = (self.client.clone(), self.room.clone());
            self.fired.spawn(async move {
                let handed = Instant::now();
                // It is never closed.
                let _place = room.acquire().await.ok();
                let began = Instant::now();
                let (reply, enrolled) = match fleet::enrol(&client, names).await {
                    Ok(enrolled) => (Reply::Done, Some(enrolled)),
                    Err(error) => (Reply::from(error), None),
                };
                let (op, ended) = (Op::Register, Instant::now());
                let shot = Shot { op, intended: at, handed, began, ended, reply };
                Fired { shot, whose: Whose::Register(session, enrolled) }
            });
        }
    }

    fn fire(&mut self, ask: Ask, intended: Instant, whose: Whose) {
        let (client, room) = (self.client.clone(), self.room.clone());
        self.fired
            .spawn(async move { Fired { shot: shoot(client, room, ask, intended).await, whose } });
    }

    /// Leases are renewed three times in a term.
    fn plan_keep(&mut self, session: usize) {
        let at = self.soon(Duration::from_millis(self.settings.term_ms / 3));
        self.plan_next(at, Next::Keep(session));
    }

    fn plan_beat(&mut self, session: usize) {
        let at = self.soon(self.fleet.sessions[session].renew_every);
        self.plan_next(at, Next::Beat(session));
    }

    /// After so long, or up to a tenth earlier.
    fn soon(&mut self, every: Duration) -> Instant {
        Instant::now() + every.mul_f64(0.9 + self.chance.share() / 10.0)
    }

    fn plan_next(&mut self, at: Instant, next: Next) {
        if !self.pacer.plan(at, next) {
            self.dropped += 1;
        }
    }
}
