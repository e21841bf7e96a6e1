//! The worker: one agent at work. It registers, claims, renews, listens, brings results, and stops in good order.
//!
//! ```text
//!   Worker ── start ──▶ Run: one task, owns what is held ──┬─ claim, session, renewals: one request each
//!   (settings)                                             ├─ errands: a handler, then its result, one task each
//!                                                          └─ listener: events of the session
//! ```

mod cancellation;
mod enrol;
mod errand;
mod failure;
mod handlers;
mod hands;
mod listen;
mod report;
mod run;
mod signal;
mod work;

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinSet};
use wire::{
    agent::Registration,
    limits::{CLAIM_ITEMS_MAX, CLAIM_WAIT_MS_MAX},
    offering::Offering,
};

pub use self::{
    cancellation::{Cancellation, Reason},
    failure::{Failure, Output},
    report::{Ended, How, Tally},
    work::Work,
};
use self::{handlers::Handlers, run::Run};
use crate::{client::Client, error::Error};

/// An agent that is set up and not yet at work.
pub struct Worker {
    plan: Plan,
}

/// What stays the same while a worker works.
struct Plan {
    client: Client,
    registration: Registration,
    host: String,
    handlers: Handlers,
    settings: Settings,
    observer: Option<Observer>,
}

type Observer = Box<dyn Fn(&Ended) + Send + Sync>;

#[derive(Clone, Debug)]
struct Settings {
    at_once: usize,
    term: Duration,
    wait: Duration,
    drain: Duration,
    grace: Duration,
    class: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            at_once: 4,
            term: Duration::from_secs(60),
            wait: Duration::from_secs(30),
            drain: Duration::from_secs(30),
            grace: Duration::from_secs(5),
            class: "agent".to_owned(),
        }
    }
}

/// The shortest and the longest term that a server takes.
const TERM: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(24 * 60 * 60);

impl Worker {
    /// An agent of this name, unique on the server. It can do nothing yet: add handlers with [`Worker::on`].
    pub fn new(client: Client, agent: impl Into<String>) -> Self {
        let registration = Registration { agent: agent.into(), ..Registration::default() };
        let plan = Plan {
            client,
            registration,
            host: String::new(),
            handlers: Handlers::default(),
            settings: Settings::default(),
            observer: None,
        };
        Self { plan }
    }

    /// Lets `handler` do the items of tasks that ask for this capability. Capitals do not count.
    #[must_use]
    pub fn on<F, T, R>(mut self, capability: &str, handler: F) -> Self
    where
        F: Fn(Work) -> T + Send + Sync + 'static,
        T: Future<Output = Result<R, Failure>> + Send + 'static,
        R: Into<Output>,
    {
        self.plan.registration.capabilities.push(capability.trim().to_owned());
        self.plan.handlers.add(capability, handler);
        self
    }

    /// Items that are worked on at once; 4 if nothing is said.
    #[must_use]
    pub fn at_once(mut self, items: usize) -> Self {
        self.plan.settings.at_once = items;
        self
    }

    /// How long the agent may be silent before the server takes its items back: 1 s to 24 h; 60 s if nothing is said.
    #[must_use]
    pub fn term(mut self, term: Duration) -> Self {
        self.plan.settings.term = term;
        self
    }

    /// How long a claim waits for work: at most 60 s; 30 s if nothing is said.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Self {
        self.plan.settings.wait = wait;
        self
    }

    /// How long handlers have to end when the worker drains; 30 s if nothing is said.
    #[must_use]
    pub fn drain_within(mut self, drain: Duration) -> Self {
        self.plan.settings.drain = drain;
        self
    }

    /// How long a cancelled handler has to end by itself before it is stopped; 5 s if nothing is said.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.plan.settings.grace = grace;
        self
    }

    /// Kind of agent: claims of one kind that fail do not keep the others away. `agent` if nothing is said.
    #[must_use]
    pub fn class(mut self, class: impl Into<String>) -> Self {
        self.plan.settings.class = class.into();
        self
    }

    /// Where it runs, for people.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.plan.host = host.into();
        self
    }

    /// A name for people, and a sentence about the agent.
    #[must_use]
    pub fn described(mut self, name: impl Into<String>, description: impl Into<String>) -> Self {
        self.plan.registration.name = name.into();
        self.plan.registration.description = description.into();
        self
    }

    /// The version of the agent's program.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.plan.registration.version = version.into();
        self
    }

    /// What the agent offers on the marketplace.
    #[must_use]
    pub fn offering(mut self, offering: Offering) -> Self {
        self.plan.registration.offering = Some(offering);
        self
    }

    /// Is called with the end of each item, from the worker's own task: it must not wait.
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&Ended) + Send + Sync + 'static) -> Self {
        self.plan.observer = Some(Box::new(observer));
        self
    }

    /// Works until the process is asked to end (Ctrl-C, SIGTERM), then drains.
    pub async fn run(self) -> Result<(), Error> {
        let signal = signal::asked_to_end()?;
        self.run_until(signal).await.map(drop)
    }

    /// Works until `end` comes, then drains.
    pub async fn run_until(self, end: impl Future<Output = ()>) -> Result<Tally, Error> {
        let mut running = self.start()?;
        tokio::select! {
            ended = running.ended() => return ended,
            () = end => {}
        }
        running.drain().await
    }

    /// Begins to work in the background. Must be called inside a tokio runtime.
    pub fn start(self) -> Result<Running, Error> {
        self.check()?;
        let (drain, drained) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(Run::new(Arc::new(self.plan), drained).run());
        Ok(Running { drain, tasks })
    }

    fn check(&self) -> Result<(), Error> {
        let Settings { at_once, term, wait, .. } = &self.plan.settings;
        let wrong = |what: String| Err(Error::Setting(what));
        if self.plan.registration.capabilities.is_empty() {
            return wrong("the worker can do nothing; give it a handler with `on`".to_owned());
        }
        if !(1..=CLAIM_ITEMS_MAX).contains(at_once) {
            return wrong(format!("at_once: is {at_once}, allowed are 1 to {CLAIM_ITEMS_MAX}"));
        }
        if !TERM.contains(term) {
            return wrong(format!("term: is {term:?}, allowed are {TERM:?}"));
        }
        if *wait > Duration::from_millis(CLAIM_WAIT_MS_MAX) {
            return wrong(format!("wait: is {wait:?}, allowed are up to {CLAIM_WAIT_MS_MAX} ms"));
        }
        Ok(())
    }
}

/// A worker at work. Dropping it ends it at once: what it holds goes back to the server when its leases end.
pub struct Running {
    drain: watch::Sender<bool>,
    tasks: JoinSet<Result<Tally, Error>>,
}

impl Running {
    /// Claims no more, lets handlers end or gives their items back, leaves the registry.
    pub async fn drain(mut self) -> Result<Tally, Error> {
        // It may have ended by itself.
        let _ = self.drain.send(true);
        self.ended().await
    }

    /// Waits until the worker has ended by itself: another process has the agent's name, or an operator drained it.
    pub async fn ended(&mut self) -> Result<Tally, Error> {
        match self.tasks.join_next().await {
            Some(Ok(outcome)) => outcome,
            Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
            None => Err(Error::Setting("the worker's end was asked for twice".to_owned())),
        }
    }
}
