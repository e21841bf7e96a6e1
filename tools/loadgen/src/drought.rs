//! A drought: agents ask for work while there is none, first without heeding the advice to stay away, then heeding it; then work
//! comes back.
//!
//! What it answers: how many requests the advice saves, and how soon everybody is at work again.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
    sync::Arc,
    time::Duration,
};

use sdk::Client;
use serde::Serialize;
use tokio::{sync::Semaphore, task::JoinSet, time::Instant};
use wire::{case::Launch, claim::Claim};

use crate::{
    Error, KEY, SPECIFICATION,
    chance::Chance,
    drive::{impatient, prefix},
    fleet::{self, Fleet},
    settings::Settings,
    shot::{Ask, Reply, shoot},
};

/// What a drought showed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Drought {
    pub agents: usize,
    pub seconds: u64,
    /// The advice that agents get first, on average: what those that heed nothing ask by.
    pub base_ms: u64,
    /// The longest advice that was given: the promise to whoever brings work back.
    pub longest_ms: u64,
    pub claims_unheeding: u64,
    pub claims_heeding: u64,
    /// From the end of the drought until every agent had asked again.
    pub recovery_ms: u64,
    pub unanswered: u64,
}

/// What the contract asks for, percent.
const REDUCTION: std::ops::RangeInclusive<f64> = 89.0..=98.0;
/// Messages take their time, too.
const SLACK_MS: u64 = 500;

/// Whether agents do as they are advised.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heed {
    Nothing { every: Duration },
    Advice,
}

impl Drought {
    /// Requests that did not come, percent.
    pub fn reduction_percent(&self) -> f64 {
        100.0 * (1.0 - self.claims_heeding as f64 / self.claims_unheeding.max(1) as f64)
    }

    /// What the contract asks for and this one did not do.
    pub fn broken(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let reduction = self.reduction_percent();
        if !REDUCTION.contains(&reduction) {
            broken.push(format!("claims fell by {reduction:.1} %"));
        }
        if self.recovery_ms > self.longest_ms + SLACK_MS {
            broken.push(format!("the last agent was back after {} ms", self.recovery_ms));
        }
        if self.unanswered > 0 {
            broken.push(format!("{} claims were not answered", self.unanswered));
        }
        broken
    }
}

/// Measures a drought of so many seconds, twice, with the agents of these settings.
pub async fn measure(settings: &Settings, seconds: u64) -> Result<Drought, Error> {
    settings.check()?;
    let patient = Client::new(&settings.url)?;
    patient.upload(SPECIFICATION).await?;
    let mut fleet = Fleet::new(settings, &prefix(&patient));
    for session in 0..fleet.sessions.len() {
        let enrolled = fleet::enrol(&patient, fleet.names(session)).await?;
        fleet.enrolled(session, &enrolled);
    }
    let length = Duration::from_secs(seconds);
    let mut asking = Asking::new(settings, fleet)?;
    // The first answers tell the base of the advice.
    asking.once().await;
    let Some(base) = asking.advised.checked_div(asking.advices) else {
        return Err(Error::Setting(
            "the server advises nothing; is its back-off on, and is there no work?".to_owned(),
        ));
    };
    let unheeding = asking.go(Heed::Nothing { every: base }, length).await;
    asking.fleet.leave(&patient).await?;
    // Lives of their own: the advice begins at the base again.
    for session in 0..asking.fleet.sessions.len() {
        let enrolled = fleet::enrol(&patient, asking.fleet.names(session)).await?;
        asking.fleet.enrolled(session, &enrolled);
    }
    let heeding = asking.go(Heed::Advice, length).await;
    let recovery = asking.recover(&patient).await?;
    asking.fleet.leave(&patient).await?;
    let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    Ok(Drought {
        agents: settings.agents,
        seconds,
        base_ms: ms(base),
        longest_ms: ms(asking.longest),
        claims_unheeding: unheeding,
        claims_heeding: heeding,
        recovery_ms: ms(recovery),
        unanswered: asking.unanswered,
    })
}

/// Agents that ask, each at its own time.
struct Asking {
    settings: Settings,
    client: Client,
    room: Arc<Semaphore>,
    fleet: Fleet,
    chance: Chance,
    /// When each agent asks next.
    next: BinaryHeap<Reverse<(Instant, usize)>>,
    answers: JoinSet<(usize, Reply)>,
    /// All advice together, and how often there was some.
    advised: Duration,
    advices: u32,
    longest: Duration,
    unanswered: u64,
}

impl Asking {
    fn new(settings: &Settings, fleet: Fleet) -> Result<Self, Error> {
        Ok(Self {
            settings: settings.clone(),
            client: impatient(settings)?,
            room: Arc::new(Semaphore::new(settings.connections)),
            chance: Chance::new(settings.seed),
            next: BinaryHeap::new(),
            answers: JoinSet::new(),
            advised: Duration::ZERO,
            advices: 0,
            longest: Duration::ZERO,
            unanswered: 0,
            fleet,
        })
    }

    /// Lets everybody ask once.
    async fn once(&mut self) {
        for agent in 0..self.fleet.agents.len() {
            self.ask(agent);
        }
        while let Some(Ok((_, reply))) = self.answers.join_next().await {
            self.heard(&reply);
        }
    }

    /// Lets everybody ask for so long, and counts the questions.
    async fn go(&mut self, heed: Heed, length: Duration) -> u64 {
        let began = Instant::now();
        self.next.clear();
        for agent in 0..self.fleet.agents.len() {
            // Not all at once, and all within the time.
            let first = length.min(Duration::from_secs(1)).mul_f64(self.chance.share());
            self.next.push(Reverse((began + first, agent)));
        }
        let mut asked = 0;
        self.until(began + length, heed, |_, _| {
            asked += 1;
            false
        })
        .await;
        while let Some(Ok((agent, reply))) = self.answers.join_next().await {
            self.on_answer(agent, &reply, heed);
        }
        asked
    }

    /// Brings work back: one item for each agent. The time until the last one has asked.
    async fn recover(&mut self, patient: &Client) -> Result<Duration, Error> {
        let launch = || Launch { specification: KEY.to_owned(), ..Launch::default() };
        let mut left = self.fleet.agents.len();
        while left > 0 {
            let batch = left.min(1_000);
            patient.launch_many((0..batch).map(|_| launch()).collect()).await?;
            left -= batch;
        }
        let began = Instant::now();
        let mut silent: BTreeSet<usize> = (0..self.fleet.agents.len()).collect();
        let mut last = began;
        let end = began + self.longest + Duration::from_millis(2 * SLACK_MS);
        self.until(end, Heed::Advice, |agent, at| {
            silent.remove(&agent);
            last = at;
            silent.is_empty()
        })
        .await;
        match silent.is_empty() {
            true => Ok(last - began),
            false => Ok(Duration::MAX),
        }
    }

    /// Lets agents ask until the time is over or `asked` has seen enough.
    async fn until(
        &mut self,
        end: Instant,
        heed: Heed,
        mut asked: impl FnMut(usize, Instant) -> bool,
    ) {
        loop {
            let next = self.next.peek().map_or(end, |Reverse((at, _))| *at).min(end);
            // Either is taken in the next round if not in this one.
            tokio::select! {
                Some(Ok((agent, reply))) = self.answers.join_next() => self.on_answer(agent, &reply, heed),
                () = tokio::time::sleep_until(next) => {
                    let now = Instant::now();
                    if now >= end {
                        return;
                    }
                    while let Some(agent) = self.due(now, heed) {
                        self.ask(agent);
                        if asked(agent, now) {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// An agent whose time has come. Whoever heeds nothing asks again whatever the answer is.
    fn due(&mut self, now: Instant, heed: Heed) -> Option<usize> {
        let Reverse((at, agent)) = *self.next.peek()?;
        if at > now {
            return None;
        }
        self.next.pop();
        if let Heed::Nothing { every } = heed {
            self.next.push(Reverse((at + every, agent)));
        }
        Some(agent)
    }

    fn ask(&mut self, number: usize) {
        let agent = &self.fleet.agents[number];
        let claim = Claim {
            agent: agent.name.clone(),
            epoch: agent.epoch,
            capabilities: None,
            max: 1,
            wait_ms: 0,
            term_ms: self.settings.term_ms,
            class: "drought".to_owned(),
        };
        let (client, room) = (self.client.clone(), self.room.clone());
        self.answers.spawn(async move {
            (number, shoot(client, room, Ask::Claim(claim), Instant::now()).await.reply)
        });
    }

    /// Whoever heeds the advice asks again when it says so.
    fn on_answer(&mut self, agent: usize, reply: &Reply, heed: Heed) {
        let advice = self.heard(reply);
        if heed == Heed::Advice {
            self.next.push(Reverse((Instant::now() + advice.unwrap_or(UNADVISED), agent)));
        }
    }

    /// The advice in an answer.
    fn heard(&mut self, reply: &Reply) -> Option<Duration> {
        match reply {
            Reply::Claimed(_, Some(advice)) => {
                self.advised += *advice;
                self.advices += 1;
                self.longest = self.longest.max(*advice);
                Some(*advice)
            }
            Reply::Claimed(_, None) => None,
            Reply::Refused { retry_after, .. } => {
                self.unanswered += 1;
                *retry_after
            }
            Reply::Done | Reply::Renewed(_) | Reply::Unknown => {
                self.unanswered += 1;
                None
            }
        }
    }
}

/// Whoever is advised nothing waits so long.
const UNADVISED: Duration = Duration::from_secs(1);
