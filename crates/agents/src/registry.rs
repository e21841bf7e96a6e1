//! Who is there: agents and the sessions that they are renewed in.
//!
//! ```text
//!   register ──▶ live ──not renewed for 60 s──▶ stale ──not renewed for 120 s──▶ dead: gone
//!                  ▲                              │
//!                  └──────────── renewed ─────────┘         deregistered, session closed: gone
//! ```
//!
//! [`State`] is what is stored: [`decide`] turns a command into at most one event and an answer and changes
//! nothing, [`apply`] is the only writer. [`Watch`] knows whose time is over; it is made from the state and never
//! stored. [`Registry`] holds both and keeps them in step.
//!
//! - An *epoch* is one life of an agent: whoever shows an older one is told so. No epoch is given twice.
//! - A *session* groups the agents of one process or host: renewing it renews them all, at the price of one.
//! - Whoever was not looked after because we were away, paused or restarted, does not pay for it: all get that
//!   time on top ([`Fact::Extended`]).
//!
//! Nothing here is ordered by id: pages of agents in the order of their ids are read from a projection, which has
//! the order anyway and is not shared with the thread that renews.

mod agent;
mod apply;
mod ascending;
mod check;
mod claim;
mod command;
mod decide;
mod event;
mod index;
mod life;
mod places;
mod pool;
mod profile;
mod snapshot;
mod state;
mod watch;

pub use self::{
    agent::{Agent, Liveness, Session},
    apply::apply,
    ascending::{Ascending, Numbered},
    check::check_invariants,
    claim::{Claimant, Denied},
    command::{
        Absent, Answer, Arrival, Command, Decision, Enrolment, Incarnation, Notice, Refusal,
        Registration, StateChange, Who,
    },
    decide::decide,
    event::{Enrolled, Event, Fact, Registered},
    life::{AgentState, UnknownState},
    profile::{
        CAPABILITIES_MAX, Capabilities, Host, METADATA_MAX, Metadata, Profile, Reason, Text,
        TooMany,
    },
    snapshot::{AgentRecord, Damaged, Head, SessionRecord, SnapshotRecord, restore},
    state::{Settings, State},
    watch::{Tick, Watch},
};
use crate::ids::{Moment, Slot};

/// Agents in one registration. Bounds what one command holds up the others for.
pub const REGISTER_MAX: usize = 10_000;
/// What one registration says, together: its event is one record of the log.
pub const REGISTER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Agents that an operator names at once.
pub const NAMES_MAX: usize = 10_000;
/// Agents in one renewal, sessions in one, changes of state in one.
pub const RENEW_MAX: usize = 100_000;
/// Agents in one session: closing it is one step.
pub const SESSION_AGENTS_MAX: u32 = 100_000;
/// Names in quarantine: an operator puts them there, and they stay while the agents are away.
pub const QUARANTINED_MAX: usize = 100_000;

/// State and watch in step: every event goes through both.
#[derive(Debug)]
pub struct Registry {
    state: State,
    watch: Watch,
}

impl Registry {
    /// Goes on with a state that was rebuilt from the log. The caller decides [`Command::Extend`] next.
    pub fn resume(state: State, now: Moment) -> Self {
        let watch = Watch::of(&state, now);
        Self { state, watch }
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    /// Agents that are live, as of the last [`Registry::tick`].
    pub fn live(&self) -> u32 {
        self.watch.live()
    }

    pub fn decide(&self, command: Command, now: Moment) -> Result<Decision, Refusal> {
        decide(&self.state, command, now)
    }

    /// Takes a stored event. Gives the agents that were stale and are live again, for whoever finds agents by
    /// their liveness; those that go stale are told by [`Registry::tick`].
    pub fn apply(&mut self, event: &Event) -> Vec<Slot> {
        apply(&mut self.state, event);
        self.watch.follow(&self.state, event)
    }

    /// Finds whose time is over. Call it first after every wait, and at [`Registry::next_tick`] at the latest:
    /// a longer silence is taken for a pause of ours, and everybody gets it on top.
    #[must_use = "the event must be stored and applied"]
    pub fn tick(&mut self, now: Moment) -> Tick {
        self.watch.tick(&self.state, now)
    }

    pub fn next_tick(&self) -> Moment {
        self.watch.next_look()
    }
}

#[cfg(test)]
mod tests;
