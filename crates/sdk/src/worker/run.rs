//! The worker's own task: decides what to ask next and who is told what. Each request is a task of its own, so that a claim
//! that waits keeps no lease from being renewed.

mod answers;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    task::{AbortHandle, JoinError, JoinSet},
    time::{Instant, sleep, sleep_until},
};
use tracing::{error, info, warn};
use wire::{
    agent::StateChange,
    claim::{Claim, Claimed},
    lease::{LeaseRenewal, LeaseRenewed},
    session::SessionAgents,
};

use super::{
    Plan,
    enrol::{self, Life},
    hands::{Hands, Hold},
    listen::{EVENTS_MAX, Heard},
    report::{Ended, Tally},
};
use crate::{client::Each, error::Error, events::Event, worker::Reason};

/// How long telling the last words and leaving may take after handlers have ended or were stopped.
const FAREWELL: Duration = Duration::from_secs(15);
/// Between two looks when nothing is planned; something always is.
const IDLE: Duration = Duration::from_secs(1);

pub(super) struct Run {
    plan: Arc<Plan>,
    drained: watch::Receiver<bool>,
    tasks: JoinSet<Done>,
    stage: Stage,
    life: Option<Life>,
    hands: Hands,
    enrolling: Turn,
    session: Turn,
    claiming: Turn,
    claim: Option<AbortHandle>,
    /// Items that came after the worker had begun to drain are on their way back.
    is_returning: bool,
    listener: JoinSet<()>,
    events: (mpsc::Sender<Heard>, mpsc::Receiver<Heard>),
    tally: Tally,
    outcome: Result<(), Error>,
}

/// Something that is asked for again and again.
struct Turn {
    /// When it is asked next; `None` while an answer is awaited.
    at: Option<Instant>,
    /// Times in a row that it brought nothing.
    in_vain: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Working,
    /// Handlers may end until then.
    Draining {
        until: Instant,
    },
    /// Handlers were told to stop; at the latest then it is over.
    Stopping {
        until: Instant,
    },
    /// It says good-bye to the registry.
    Leaving,
    Over,
}

/// An answer to the worker's own task.
enum Done {
    Enrolled(Result<Life, Error>),
    Session {
        life: Life,
        answer: Result<Each<SessionAgents>, Error>,
    },
    Claimed {
        life: Life,
        wanted: usize,
        answer: Result<Claimed, Error>,
    },
    Leases {
        asked: Instant,
        leases: Vec<LeaseRenewal>,
        answer: Result<Each<LeaseRenewed>, Error>,
    },
    Errand(Ended),
    /// The server gives the agent nothing more, and what it gave before has arrived.
    ClaimsStopped,
    Returned,
    Left,
}

impl Turn {
    fn due(now: Instant) -> Self {
        Self { at: Some(now), in_vain: 0 }
    }

    fn is_due(&self, now: Instant) -> bool {
        self.at.is_some_and(|at| at <= now)
    }
}

impl Run {
    pub(super) fn new(plan: Arc<Plan>, drained: watch::Receiver<bool>) -> Self {
        let now = Instant::now();
        Self {
            plan,
            drained,
            tasks: JoinSet::new(),
            stage: Stage::Working,
            life: None,
            hands: Hands::default(),
            enrolling: Turn::due(now),
            session: Turn::due(now),
            claiming: Turn::due(now),
            claim: None,
            is_returning: false,
            listener: JoinSet::new(),
            events: mpsc::channel(EVENTS_MAX),
            tally: Tally::default(),
            outcome: Ok(()),
        }
    }

    pub(super) async fn run(mut self) -> Result<Tally, Error> {
        loop {
            let now = Instant::now();
            self.act(now);
            if self.stage == Stage::Over {
                return self.outcome.map(|()| self.tally);
            }
            let next = self.next_act(now);
            // All arms only wait: what they would have brought stays where it is.
            tokio::select! {
                Some(done) = self.tasks.join_next() => self.on_done(done),
                Some(heard) = self.events.1.recv() => self.on_heard(heard),
                () = asked(&mut self.drained), if self.stage == Stage::Working => self.drain(),
                () = sleep_until(next) => {}
            }
        }
    }

    /// Asks for whatever is due.
    fn act(&mut self, now: Instant) {
        self.go_on(now);
        if matches!(self.stage, Stage::Leaving | Stage::Over) {
            return;
        }
        self.renew_leases(now);
        let Some(life) = self.life else {
            if self.stage == Stage::Working && self.enrolling.is_due(now) {
                self.enrolling.at = None;
                let plan = self.plan.clone();
                self.tasks.spawn(async move { Done::Enrolled(enrol::enrol(&plan).await) });
            }
            return;
        };
        if self.session.is_due(now) {
            self.renew_session(life);
        }
        let has_room = self.hands.len() < self.plan.settings.at_once;
        if self.stage == Stage::Working && has_room && self.claiming.is_due(now) {
            self.claim(life);
        }
    }

    /// From working to the end, when it is time.
    fn go_on(&mut self, now: Instant) {
        let grace = self.plan.settings.grace;
        self.stage = match self.stage {
            Stage::Draining { .. } | Stage::Stopping { .. } if self.is_done() => {
                self.leave();
                Stage::Leaving
            }
            Stage::Draining { until } if until <= now => {
                self.hands.stop_all();
                Stage::Stopping { until: now + grace + FAREWELL }
            }
            Stage::Stopping { until } if until <= now => {
                warn!(
                    items = self.hands.len(),
                    "could not tell the server in time; leases end by themselves"
                );
                Stage::Over
            }
            stage @ (Stage::Working
            | Stage::Draining { .. }
            | Stage::Stopping { .. }
            | Stage::Leaving
            | Stage::Over) => stage,
        };
    }

    /// Nothing is held and nothing can come any more.
    fn is_done(&self) -> bool {
        self.hands.is_empty() && self.claim.is_none() && !self.is_returning
    }

    fn next_act(&self, now: Instant) -> Instant {
        let stage = match self.stage {
            Stage::Draining { until } | Stage::Stopping { until } => Some(until),
            Stage::Working | Stage::Leaving | Stage::Over => None,
        };
        let has_room = self.hands.len() < self.plan.settings.at_once;
        let working = (self.stage == Stage::Working).then_some(());
        let turns = match self.life {
            Some(_) => [self.session.at, working.filter(|()| has_room).and(self.claiming.at)],
            None => [working.and(self.enrolling.at), None],
        };
        let planned = turns.into_iter().flatten().chain(self.hands.next_renewal()).chain(stage);
        planned.min().unwrap_or(now + IDLE).max(now)
    }

    fn renew_leases(&mut self, now: Instant) {
        let Some(term) = self.hands.shortest_term() else { return };
        let leases = self.hands.take_due(now);
        if leases.is_empty() {
            return;
        }
        let client = self.plan.client.impatient((term / 3).max(RENEWAL_PATIENCE_MIN));
        self.tasks.spawn(async move {
            let asked = Instant::now();
            let answer = client.renew_leases(leases.clone()).await;
            Done::Leases { asked, leases, answer }
        });
    }

    fn renew_session(&mut self, life: Life) {
        self.session.at = None;
        let every = Duration::from_millis(life.lifetime.renew_every_ms);
        let client = self.plan.client.impatient((every / 2).max(RENEWAL_PATIENCE_MIN));
        self.tasks.spawn(async move {
            let answer = client.renew_sessions(&[life.session]).await;
            Done::Session { life, answer }
        });
    }

    fn claim(&mut self, life: Life) {
        self.claiming.at = None;
        let settings = &self.plan.settings;
        let wanted = settings.at_once - self.hands.len();
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let claim = Claim {
            agent: self.plan.registration.agent.clone(),
            epoch: life.epoch,
            capabilities: Some(self.plan.registration.capabilities.clone()),
            max: wanted,
            wait_ms: ms(settings.wait),
            term_ms: ms(settings.term),
            class: settings.class.clone(),
        };
        let client = self.plan.client.impatient(CLAIM_PATIENCE);
        let asked = async move {
            let answer = client.claim(&claim).await;
            Done::Claimed { life, wanted, answer }
        };
        self.claim = Some(self.tasks.spawn(asked));
    }

    /// Claims no more. A claim that waits is hung up on only when the server has heard that the agent stops: before that an
    /// answer with work could be on its way, and would be lost until its lease ends.
    fn drain(&mut self) {
        if self.stage != Stage::Working {
            return;
        }
        info!(items = self.hands.len(), "the worker drains");
        self.stage = Stage::Draining { until: Instant::now() + self.plan.settings.drain };
        let Some(life) = self.life.filter(|_| self.claim.is_some()) else { return self.hang_up() };
        let client = self.plan.client.impatient(FAREWELL);
        let agent = self.plan.registration.agent.clone();
        let change = StateChange { agent, epoch: life.epoch, state: "STOPPING".to_owned() };
        self.tasks.spawn(async move {
            if let Err(error) = client.set_agent_states(vec![change]).await {
                info!(%error, "could not say that the agent stops");
            }
            sleep(LINGER).await;
            Done::ClaimsStopped
        });
    }

    fn hang_up(&mut self) {
        if let Some(claim) = self.claim.take() {
            claim.abort();
        }
    }

    /// Ends the session, which takes the agent out of the registry.
    fn leave(&mut self) {
        self.listener.abort_all();
        let (client, life) = (self.plan.client.impatient(FAREWELL), self.life);
        self.tasks.spawn(async move {
            if let Some(life) = life
                && let Err(error) = client.close_session(life.session).await
            {
                info!(%error, "the session was not closed; it ends by itself");
            }
            Done::Left
        });
    }

    fn on_done(&mut self, done: Result<Done, JoinError>) {
        match done {
            Ok(Done::Enrolled(answer)) => self.on_enrolled(answer),
            Ok(Done::Session { life, answer }) => self.on_session(life, answer),
            Ok(Done::Claimed { life, wanted, answer }) => self.on_claimed(life, wanted, answer),
            Ok(Done::Leases { asked, leases, answer }) => self.on_leases(asked, leases, answer),
            Ok(Done::Errand(ended)) => self.on_ended(&ended),
            Ok(Done::ClaimsStopped) => self.hang_up(),
            Ok(Done::Returned) => self.is_returning = false,
            Ok(Done::Left) => self.stage = Stage::Over,
            Err(error) if error.is_cancelled() => {}
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }

    fn on_ended(&mut self, ended: &Ended) {
        info!(item = ended.item, epoch = ended.epoch, how = %ended.how, "done with an item");
        self.hands.put_down(&Hold { item: ended.item.clone(), epoch: ended.epoch });
        self.tally.count(&ended.how);
        if let Some(observer) = &self.plan.observer {
            observer(ended);
        }
    }

    fn on_heard(&mut self, heard: Heard) {
        let now = Instant::now();
        let ours = |held: crate::events::ItemHold| {
            let is_ours = held.agent == self.plan.registration.agent;
            is_ours.then_some(Hold { item: held.item, epoch: held.epoch })
        };
        match heard {
            Heard::Anew => {}
            Heard::Event(Event::Lagged { missed }) => {
                info!(missed, "events were missed; all leases are renewed to see what is lost");
                self.hands.renew_now(None, now);
            }
            Heard::Event(Event::Cancelled { item, reason }) => {
                if let Some(hold) = ours(item) {
                    self.hands.lose(&hold, Reason::Taken(reason));
                }
            }
            Heard::Event(Event::LeaseEnded(item)) => {
                if let Some(hold) = ours(item) {
                    self.hands.lose(&hold, Reason::LeaseOver);
                }
            }
            Heard::Event(Event::LeaseEnding(item)) => {
                if let Some(hold) = ours(item) {
                    self.hands.renew_now(Some(&hold), now);
                }
            }
            Heard::Event(Event::Item { item, .. }) => {
                // Nobody has asked for it: its lease ends by itself.
                warn!(item = item.item, "an item was pushed unasked");
            }
        }
    }

    /// The worker cannot go on: it finishes what it holds and ends with this error.
    fn end_with(&mut self, why: Error) {
        error!(error = %why, "the worker cannot go on");
        self.outcome = Err(why);
        self.drain();
    }
}

/// An answer to a claim that the server gave before it heard that the agent stops is there by then.
const LINGER: Duration = Duration::from_millis(500);
/// Renewals may take so long even where terms are shortest.
const RENEWAL_PATIENCE_MIN: Duration = Duration::from_millis(500);
/// A claim's answer may come so much later than its wait is over.
const CLAIM_PATIENCE: Duration = Duration::from_secs(15);

/// Waits until the worker is asked to drain; for ever once nobody can ask.
async fn asked(drained: &mut watch::Receiver<bool>) {
    if drained.wait_for(|drain| *drain).await.is_err() {
        std::future::pending::<()>().await;
    }
}
