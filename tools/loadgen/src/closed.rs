//! The closed loop: workers that each wait for their answers before they ask again. Says how much goes, not how long it
//! takes somebody who does not wait: the report is labelled, and its latencies count from the sending.

use std::{sync::Arc, time::Duration};

use sdk::Client;
use tokio::{sync::Semaphore, task::JoinSet, time::Instant};
use wire::{case::Launch, claim::Claim, work_item::Checkin};

use crate::{
    Error, KEY, RESULT, SPECIFICATION,
    counters::Counters,
    drive::{impatient, prefix},
    fleet::{self, Fleet},
    latency::Latencies,
    ledger::Ledger,
    machine::{Machine, processor_time},
    report::{Measured, Report},
    settings::Settings,
    shot::{Ask, Phase, Reply, Shot, shoot},
    verify,
};

/// A worker that found nothing asks again after this: in a closed loop there is as much work as there are workers.
const AGAIN: Duration = Duration::from_millis(2);

/// What one worker did.
#[derive(Default)]
struct Done {
    shots: Vec<(Phase, Shot)>,
    launches: Vec<(usize, Fate)>,
    results: Vec<(String, u64, Fate)>,
}

#[derive(Clone, Copy)]
enum Fate {
    Acknowledged,
    Failed,
    Unknown,
}

struct Worker {
    client: Client,
    room: Arc<Semaphore>,
    prefix: String,
    number: usize,
    workers: usize,
    agent: String,
    epoch: u64,
    term_ms: u64,
    warm: Instant,
    end: Instant,
}

pub(crate) async fn run(settings: &Settings) -> Result<Report, Error> {
    let machine = Machine::look();
    let patient = Client::new(&settings.url)?;
    patient.upload(SPECIFICATION).await?;
    let prefix = prefix(&patient);
    let settings = &Settings { agents: settings.closed, ..settings.clone() };
    let mut fleet = Fleet::new(settings, &prefix);
    for session in 0..fleet.sessions.len() {
        let enrolled = fleet::enrol(&patient, fleet.names(session)).await?;
        fleet.enrolled(session, &enrolled);
    }
    let (before, processor_before) = (Counters::read(&patient).await?, processor_time());
    let began = Instant::now();
    let warm = began + Duration::from_secs(settings.warm_up_seconds);
    let end = warm + Duration::from_secs(settings.seconds);
    let (client, room) = (impatient(settings)?, Arc::new(Semaphore::new(settings.closed)));
    let mut workers = JoinSet::new();
    for (number, agent) in fleet.agents.iter().enumerate() {
        let worker = Worker {
            client: client.clone(),
            room: room.clone(),
            prefix: prefix.clone(),
            number,
            workers: settings.closed,
            agent: agent.name.clone(),
            epoch: agent.epoch,
            term_ms: settings.term_ms,
            warm,
            end,
        };
        workers.spawn(worker.work());
    }
    let (mut ledger, mut latencies) = (Ledger::default(), Latencies::default());
    while let Some(done) = workers.join_next().await {
        enter(done.expect("a worker does not panic"), &mut ledger, &mut latencies);
    }
    let took = began.elapsed();
    let there = verify::cases(&patient, &prefix).await?;
    let ledger = ledger.close(&there, |number| format!("{prefix}{number}"));
    let after = Counters::read(&patient).await?;
    fleet.leave(&patient).await?;
    Ok(Report::of(Measured {
        settings,
        machine,
        took,
        processor_before,
        latencies,
        ledger,
        before,
        after,
        dropped: 0,
    }))
}

fn enter(done: Done, ledger: &mut Ledger, latencies: &mut Latencies) {
    for (phase, shot) in &done.shots {
        latencies.count(*phase, shot);
    }
    for (number, fate) in done.launches {
        ledger.launch(number);
        match fate {
            Fate::Acknowledged => ledger.launched(number),
            Fate::Failed => ledger.launch_refused(number),
            Fate::Unknown => ledger.launch_unknown(number),
        }
    }
    for (item, epoch, fate) in done.results {
        ledger.claimed += 1;
        ledger.results.issued += 1;
        match fate {
            Fate::Acknowledged => {
                ledger.results.acknowledged += 1;
                ledger.completed(item, epoch);
            }
            Fate::Failed => ledger.results.failed += 1,
            Fate::Unknown => ledger.results.unknown += 1,
        }
    }
}

impl Worker {
    /// Launches, claims and completes, one after the other; what it launched somebody completes.
    async fn work(self) -> Done {
        let mut done = Done::default();
        let mut round = 0;
        while Instant::now() < self.end {
            let number = self.number + round * self.workers;
            round += 1;
            let fate = self.launch(number, &mut done).await;
            done.launches.push((number, fate));
            if let Fate::Acknowledged = fate {
                self.do_one(&mut done).await;
            }
        }
        done
    }

    async fn launch(&self, number: usize, done: &mut Done) -> Fate {
        let case = format!("{}{number}", self.prefix);
        let launch = Launch {
            specification: KEY.to_owned(),
            command_id: Some(case.clone()),
            case: Some(case),
            ..Launch::default()
        };
        let shot = self.shoot(Ask::Launch(launch)).await;
        let fate = fate(&shot.reply);
        self.keep(shot, done);
        fate
    }

    /// Claims one item, whoever launched it, and completes it.
    async fn do_one(&self, done: &mut Done) {
        loop {
            let claim = Claim {
                agent: self.agent.clone(),
                epoch: self.epoch,
                capabilities: None,
                max: 1,
                wait_ms: 0,
                term_ms: self.term_ms,
                class: "swarm".to_owned(),
            };
            let mut shot = self.shoot(Ask::Claim(claim)).await;
            let items = match &mut shot.reply {
                Reply::Claimed(items, _) => std::mem::take(items),
                Reply::Done | Reply::Renewed(_) | Reply::Refused { .. } | Reply::Unknown => {
                    Vec::new()
                }
            };
            self.keep(shot, done);
            let Some(item) = items.into_iter().next() else {
                // As many were launched as are wanted: somebody is about to let go of one, or the time is over.
                if Instant::now() > self.end + Duration::from_millis(self.term_ms) {
                    return;
                }
                tokio::time::sleep(AGAIN).await;
                continue;
            };
            let command_id = Some(format!("{}-{}", item.item, item.epoch));
            let (data, epoch) = (RESULT.to_owned(), Some(item.epoch));
            let result = Checkin { data, epoch, command_id, ..Checkin::default() };
            let shot = self.shoot(Ask::Complete(item.item.clone(), result)).await;
            done.results.push((item.item, item.epoch, fate(&shot.reply)));
            return self.keep(shot, done);
        }
    }

    async fn shoot(&self, ask: Ask) -> Shot {
        shoot(self.client.clone(), self.room.clone(), ask, Instant::now()).await
    }

    fn keep(&self, shot: Shot, done: &mut Done) {
        let phase = if shot.intended < self.warm { Phase::WarmUp } else { Phase::Measured };
        done.shots.push((phase, shot));
    }
}

fn fate(reply: &Reply) -> Fate {
    match reply {
        Reply::Done | Reply::Claimed(..) | Reply::Renewed(_) => Fate::Acknowledged,
        Reply::Refused { .. } => Fate::Failed,
        Reply::Unknown => Fate::Unknown,
    }
}
