//! What the desk counts: agents, their renewals, their claims. Names of the contract stand beside each.

use agents::{
    Slot, lease,
    registry::{AgentState, Answer, Arrival, Command, StateChange},
};

use super::{Counter, Gauge, Histogram, LATENCY_MS_BOUNDS};

/// Upper bounds of sleeps and of times in a state, milliseconds: up to an hour.
const LONG_MS_BOUNDS: &[f64] = &[
    5.0,
    50.0,
    100.0,
    500.0,
    1_000.0,
    2_000.0,
    5_000.0,
    10_000.0,
    20_000.0,
    30_000.0,
    60_000.0,
    300_000.0,
    3_600_000.0,
];

/// Groups of agents whose sleeps are counted apart, by slot. More would be series that nobody reads.
pub const SLEEP_SAMPLES: usize = 8;

/// All of it since start-up.
#[derive(Debug)]
pub struct AgentTelemetry {
    /// The desk's threads that are deciding or writing right now. M22.
    pub threads_at_work: Gauge,
    /// From the call to the durable answer. M23; M47, `heartbeat`.
    pub renewal_ms: Histogram,
    /// Agents and sessions renewed, and those that were not there. M24 to M26.
    pub renewed: Counter,
    pub renewals_refused: Counter,
    /// Renewals that the desk did not take or did not answer. M25, `timeout`.
    pub renewals_unanswered: Counter,
    /// One search. M27; M47, `discovery`.
    pub query_ms: Histogram,
    /// From the call that registers or publishes to the durable answer. M47, `publish`.
    pub publish_ms: Histogram,
    /// From the call that deregisters or unpublishes to the durable answer. M47, `unpublish`.
    pub unpublish_ms: Histogram,
    /// Bringing the indexes up to what became durable, or making them anew. M29.
    pub index_sync_ms: Histogram,
    /// Telling the live from the stale: one look at those whose time is over. M32.
    pub liveness_ms: Histogram,
    /// M30.
    pub published: Counter,
    pub publish_refused: Counter,
    /// M31.
    pub unpublished: Counter,
    /// New agents and new lives of known ones. M33.
    pub created: Counter,
    /// Deregistered, dead, replaced. M34.
    pub stopped: Counter,
    /// Came back after they had been silent for too long. M35, `heartbeat_miss`.
    pub reconnects_heartbeat_miss: Counter,
    /// Were sent back to the shortest sleep by a reset of discovery. M35, `discovery_restart`.
    pub reconnects_discovery_restart: Counter,
    /// Took their name over from another session. M35, `manual`.
    pub reconnects_manual: Counter,
    /// How long agents were in a state when they left it. M36.
    pub state_ms: [(AgentState, Histogram); AgentState::ALL.len()],
    /// M37.
    pub discovery: Outcomes,
    /// Items handed out under a lease. M39.
    pub checkouts: Counter,
    /// Results taken from holders. M40, `success`.
    pub checkins: Counter,
    /// Holds that ended otherwise: failed, given back, expired, void. M40, `error`.
    pub checkin_errors: Counter,
    /// Sleeps that were advised, by sample of agents. M53.
    pub backoff_sleep_ms: [Histogram; SLEEP_SAMPLES],
    /// One append: write and sync.
    pub append_ms: Histogram,
    pub bytes_appended: Counter,
}

/// How claims ended.
#[derive(Debug, Default)]
pub struct Outcomes {
    pub success: Counter,
    /// Nothing, after having waited.
    pub timeout: Counter,
    /// Nothing, at once.
    pub no_work: Counter,
}

impl AgentTelemetry {
    pub(super) fn new() -> Self {
        Self {
            threads_at_work: Gauge::default(),
            renewal_ms: Histogram::new(LATENCY_MS_BOUNDS),
            renewed: Counter::default(),
            renewals_refused: Counter::default(),
            renewals_unanswered: Counter::default(),
            query_ms: Histogram::new(LATENCY_MS_BOUNDS),
            publish_ms: Histogram::new(LATENCY_MS_BOUNDS),
            unpublish_ms: Histogram::new(LATENCY_MS_BOUNDS),
            index_sync_ms: Histogram::new(LATENCY_MS_BOUNDS),
            liveness_ms: Histogram::new(LATENCY_MS_BOUNDS),
            published: Counter::default(),
            publish_refused: Counter::default(),
            unpublished: Counter::default(),
            created: Counter::default(),
            stopped: Counter::default(),
            reconnects_heartbeat_miss: Counter::default(),
            reconnects_discovery_restart: Counter::default(),
            reconnects_manual: Counter::default(),
            state_ms: AgentState::ALL.map(|state| (state, Histogram::new(LONG_MS_BOUNDS))),
            discovery: Outcomes::default(),
            checkouts: Counter::default(),
            checkins: Counter::default(),
            checkin_errors: Counter::default(),
            backoff_sleep_ms: std::array::from_fn(|_| Histogram::new(LONG_MS_BOUNDS)),
            append_ms: Histogram::new(LATENCY_MS_BOUNDS),
            bytes_appended: Counter::default(),
        }
    }

    /// What kind of operation a command is, where it is timed.
    pub(crate) fn timer_of(&self, command: &Command) -> Option<&Histogram> {
        match command {
            Command::Renew { .. } | Command::RenewSessions { .. } | Command::SetStates { .. } => {
                Some(&self.renewal_ms)
            }
            Command::Register { .. } => Some(&self.publish_ms),
            Command::Deregister { .. } | Command::CloseSession { .. } => Some(&self.unpublish_ms),
            Command::OpenSession { .. }
            | Command::Drain { .. }
            | Command::Quarantine { .. }
            | Command::Release { .. }
            | Command::Extend => None,
        }
    }

    /// A sleep was advised to the agent.
    pub(crate) fn observe_sleep(&self, agent: Slot, ms: u64) {
        #[allow(clippy::cast_precision_loss, reason = "a sleep is far below 2^53 ms")]
        self.backoff_sleep_ms[agent.0 as usize % SLEEP_SAMPLES].observe(ms as f64);
    }

    /// Counts what the registry answered.
    pub(crate) fn count(&self, answer: &Answer) {
        match answer {
            Answer::Registered(enrolments) => {
                let of = |arrival| enrolments.iter().filter(|one| one.arrival == arrival).count();
                let replaced = of(Arrival::Replaced) as u64;
                self.created.add(of(Arrival::New) as u64 + replaced);
                self.reconnects_manual.add(replaced);
            }
            Answer::Renewed(renewals) => {
                let renewed = renewals.iter().filter(|renewal| renewal.is_ok()).count();
                self.count_renewals(renewed, renewals.len());
            }
            Answer::SessionsRenewed(sessions) => {
                let agents = sessions.iter().flatten().map(|agents| *agents as usize).sum();
                let gone = sessions.iter().filter(|session| session.is_none()).count();
                self.count_renewals(agents, agents + gone);
            }
            Answer::StatesSet(changes) => {
                for change in changes.iter().flatten() {
                    if let StateChange::Changed { from, held_ms } = change {
                        self.observe_state(*from, *held_ms);
                    }
                }
                let renewed = changes.iter().filter(|change| change.is_ok()).count();
                self.count_renewals(renewed, changes.len());
            }
            Answer::SessionOpened(_)
            | Answer::SessionClosed { .. }
            | Answer::Draining(_)
            | Answer::Quarantined(_)
            | Answer::Released(_)
            | Answer::Deregistered(_)
            | Answer::Extended => {}
        }
    }

    /// So many renewals as a command asks for; none if it renews nobody.
    pub(crate) fn renewals_in(command: &Command) -> usize {
        match command {
            Command::Renew { agents } => agents.len(),
            Command::RenewSessions { sessions } => sessions.len(),
            Command::SetStates { changes } => changes.len(),
            Command::Register { .. }
            | Command::Deregister { .. }
            | Command::OpenSession { .. }
            | Command::CloseSession { .. }
            | Command::Drain { .. }
            | Command::Quarantine { .. }
            | Command::Release { .. }
            | Command::Extend => 0,
        }
    }

    /// Counts what becomes of an item that an agent held, or holds from now on.
    pub(crate) fn count_hold<K>(&self, event: &lease::Event<K>, was_held: bool) {
        match event {
            lease::Event::Claimed { .. } => self.checkouts.add(1),
            lease::Event::Finished { .. } if was_held => self.checkins.add(1),
            lease::Event::Returned { .. }
            | lease::Event::Failed { .. }
            | lease::Event::Forgotten { .. }
                if was_held =>
            {
                self.checkin_errors.add(1);
            }
            lease::Event::Finished { .. }
            | lease::Event::Returned { .. }
            | lease::Event::Failed { .. }
            | lease::Event::Forgotten { .. }
            | lease::Event::HandedOff { .. }
            | lease::Event::Woken { .. }
            | lease::Event::Revived { .. } => {}
        }
    }

    fn count_renewals(&self, renewed: usize, asked: usize) {
        self.renewed.add(renewed as u64);
        self.renewals_refused.add((asked - renewed) as u64);
    }

    /// An agent has left a state.
    pub(crate) fn observe_state(&self, state: AgentState, held_ms: u64) {
        if let Some((_, histogram)) = self.state_ms.iter().find(|(known, _)| *known == state) {
            #[allow(
                clippy::cast_precision_loss,
                reason = "a time in a state is far below 2^53 ms"
            )]
            histogram.observe(held_ms as f64);
        }
    }
}
