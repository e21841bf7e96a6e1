//! The swarm's agents and sessions, and what each has in hand.

use std::{collections::BTreeMap, time::Duration};

use sdk::Client;
use tokio::time::Instant;
use wire::{
    agent::{Registration, RegistrationBatch},
    lease::LeaseRenewal,
};

use crate::{CAPABILITY, settings::Settings};

/// All agents, in sessions of equal size.
pub(crate) struct Fleet {
    pub(crate) agents: Vec<Agent>,
    pub(crate) sessions: Vec<Session>,
    term_ms: u64,
}

pub(crate) struct Agent {
    pub(crate) name: String,
    pub(crate) epoch: u64,
    pub(crate) session: usize,
    pub(crate) is_claiming: bool,
    /// It was told to stay away until then.
    pub(crate) away_until: Option<Instant>,
}

#[derive(Default)]
pub(crate) struct Session {
    pub(crate) number: u64,
    pub(crate) agents: Vec<usize>,
    pub(crate) renew_every: Duration,
    pub(crate) hands: BTreeMap<Hold, Hand>,
}

/// An item under an epoch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hold {
    pub(crate) item: String,
    pub(crate) epoch: u64,
}

/// What an agent is going to do with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hand {
    pub(crate) will: Will,
    /// A slow agent renews nothing.
    pub(crate) renews: bool,
    pub(crate) attempts: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Will {
    Complete,
    Fail,
    Return,
}

/// A session that was opened, with its agents' epochs in their order.
pub(crate) struct Enrolled {
    pub(crate) number: u64,
    pub(crate) renew_every: Duration,
    pub(crate) epochs: Vec<u64>,
}

/// How many agents one registration names: well below the 4 MiB that a server takes.
const BATCH: usize = 5_000;
/// Agents that are asked before a planned claim is left out.
const TRIES: usize = 256;

impl Fleet {
    pub(crate) fn new(settings: &Settings, prefix: &str) -> Self {
        let count = settings.sessions();
        let mut sessions: Vec<Session> = (0..count).map(|_| Session::default()).collect();
        let agent = |number: usize| Agent {
            name: format!("{prefix}agent-{number}"),
            epoch: 0,
            session: number % count,
            is_claiming: false,
            away_until: None,
        };
        let agents: Vec<Agent> = (0..settings.agents).map(agent).collect();
        for (number, agent) in agents.iter().enumerate() {
            sessions[agent.session].agents.push(number);
        }
        Self { agents, sessions, term_ms: settings.term_ms }
    }

    /// The names of a session's agents, in their order.
    pub(crate) fn names(&self, session: usize) -> Vec<String> {
        let agents = self.sessions[session].agents.iter();
        agents.map(|agent| self.agents[*agent].name.clone()).collect()
    }

    pub(crate) fn enrolled(&mut self, session: usize, enrolled: &Enrolled) {
        let this = &mut self.sessions[session];
        (this.number, this.renew_every) = (enrolled.number, enrolled.renew_every);
        for (agent, epoch) in this.agents.iter().zip(&enrolled.epochs) {
            let agent = &mut self.agents[*agent];
            (agent.epoch, agent.is_claiming, agent.away_until) = (*epoch, false, None);
        }
    }

    /// The first agent from `wanted` on that may claim now.
    pub(crate) fn claimant(&self, wanted: usize, now: Instant) -> Option<usize> {
        let tries =
            (0..self.agents.len().min(TRIES)).map(|step| (wanted + step) % self.agents.len());
        let may =
            |agent: &Agent| !agent.is_claiming && agent.away_until.is_none_or(|until| until <= now);
        tries.into_iter().find(|number| may(&self.agents[*number]))
    }

    /// Leases that a session renews, all in one request.
    pub(crate) fn leases(&self, session: usize) -> Vec<LeaseRenewal> {
        let hands = self.sessions[session].hands.iter().filter(|(_, hand)| hand.renews);
        let renewal = |(hold, _): (&Hold, &Hand)| LeaseRenewal {
            item: hold.item.clone(),
            epoch: hold.epoch,
            term_ms: self.term_ms,
        };
        hands.take(wire::limits::AGENTS_MAX).map(renewal).collect()
    }

    /// Everybody leaves the registry.
    pub(crate) async fn leave(&self, client: &Client) -> Result<(), sdk::Error> {
        for session in &self.sessions {
            client.close_session(session.number).await?;
        }
        Ok(())
    }

    pub(crate) fn in_hand(&self) -> usize {
        self.sessions.iter().map(|session| session.hands.len()).sum()
    }
}

/// Opens a session and registers agents of these names in it.
pub(crate) async fn enrol(client: &Client, names: Vec<String>) -> Result<Enrolled, sdk::Error> {
    let session = client.open_session("swarm").await?;
    let mut enrolled = Enrolled {
        number: session.session,
        renew_every: Duration::from_millis(session.lifetime.renew_every_ms),
        epochs: Vec::with_capacity(names.len()),
    };
    for names in names.chunks(BATCH) {
        let agent = |name: &String| Registration {
            agent: name.clone(),
            capabilities: vec![CAPABILITY.to_owned()],
            ..Registration::default()
        };
        let agents = names.iter().map(agent).collect();
        let batch = RegistrationBatch { session: Some(session.session), agents };
        for registered in client.register(&batch).await?.results {
            enrolled.epochs.push(registered?.epoch);
        }
    }
    Ok(enrolled)
}
