//! What the desk counts: agents, their renewals, their claims. Names of the contract stand beside each.

use agents::registry::{AgentState, Answer, Arrival, StateChange};

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

/// All of it since start-up.
#[derive(Debug)]
pub struct AgentTelemetry {
    /// Messages that wait at the desk. M21.
    pub queue_depth: Gauge,
    /// From the call to the durable answer. M23.
    pub renewal_ms: Histogram,
    /// Agents and sessions renewed, and those that were not there. M24 to M26.
    pub renewed: Counter,
    pub renewals_refused: Counter,
    /// One search. M27.
    pub query_ms: Histogram,
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
    /// Took their name over from another session. M35, `manual`.
    pub reconnects_manual: Counter,
    /// How long agents were in a state when they left it. M36.
    pub state_ms: [(AgentState, Histogram); AgentState::ALL.len()],
    /// M37.
    pub discovery: Outcomes,
    /// Items handed out at the desk. M39.
    pub checkouts: Counter,
    /// Results brought under a lease. M40.
    pub checkins: Counter,
    pub checkin_errors: Counter,
    /// Sleeps that were advised. M53.
    pub backoff_sleep_ms: Histogram,
    /// One append: write and sync. M47.
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
            queue_depth: Gauge::default(),
            renewal_ms: Histogram::new(LATENCY_MS_BOUNDS),
            renewed: Counter::default(),
            renewals_refused: Counter::default(),
            query_ms: Histogram::new(LATENCY_MS_BOUNDS),
            published: Counter::default(),
            publish_refused: Counter::default(),
            unpublished: Counter::default(),
            created: Counter::default(),
            stopped: Counter::default(),
            reconnects_heartbeat_miss: Counter::default(),
            reconnects_manual: Counter::default(),
            state_ms: AgentState::ALL.map(|state| (state, Histogram::new(LONG_MS_BOUNDS))),
            discovery: Outcomes::default(),
            checkouts: Counter::default(),
            checkins: Counter::default(),
            checkin_errors: Counter::default(),
            backoff_sleep_ms: Histogram::new(LONG_MS_BOUNDS),
            append_ms: Histogram::new(LATENCY_MS_BOUNDS),
            bytes_appended: Counter::default(),
        }
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

    fn count_renewals(&self, renewed: usize, asked: usize) {
        self.renewed.add(renewed as u64);
        self.renewals_refused.add((asked - renewed) as u64);
    }

    fn observe_state(&self, state: AgentState, held_ms: u64) {
        if let Some((_, histogram)) = self.state_ms.iter().find(|(known, _)| *known == state) {
            #[allow(
                clippy::cast_precision_loss,
                reason = "a time in a state is far below 2^53 ms"
            )]
            histogram.observe(held_ms as f64);
        }
    }
}
