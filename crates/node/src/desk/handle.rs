//! Everything about agents that a handle offers: registration and renewal, claims, lists, queries.

use std::sync::Arc;

use agents::{
    AgentId, Capability, Epoch, SessionId, Slot,
    marketplace::{IndexStats, List, Offering, Position, Search},
    registry::{
        Agent, AgentState, Answer, Command, Incarnation, Liveness, Profile, Registry, Session,
        Settings,
    },
    resourcing::{Organisation, organisation},
};
use tokio::sync::{mpsc::error::TrySendError, oneshot};

use super::{
    RETRY_MS,
    claims::give_back,
    messages::{ClaimRequest, Discovery, Granted, Message, Publication},
    roll::Names,
};
use crate::{
    api::Page,
    config::PAGE_MAX,
    handle::{Handle, blocking},
    rejected::Rejected,
    telemetry::AgentTelemetry,
};

/// Agents looked at for one page. A filter that matches little gives a short page and a place to go on.
const SCAN_MAX: usize = 50_000;

/// Which agents to list. Absent means all.
#[derive(Clone, Debug, Default)]
pub struct AgentFilter {
    pub capability: Option<Capability>,
    pub state: Option<AgentState>,
    pub session: Option<SessionId>,
    pub liveness: Option<Liveness>,
    pub quarantined: Option<bool>,
    pub draining: Option<bool>,
    /// What the name begins with.
    pub prefix: Option<String>,
}

/// An agent as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentDetail {
    pub id: AgentId,
    pub slot: Slot,
    pub epoch: Epoch,
    pub session: Option<SessionId>,
    pub host: Option<String>,
    pub capabilities: Vec<Capability>,
    pub profile: Option<Arc<Profile>>,
    pub state: AgentState,
    pub liveness: Liveness,
    /// How long ago it was last renewed, milliseconds.
    pub renewed_ms_ago: u64,
    pub draining: bool,
    /// Why it is in quarantine, if it is.
    pub quarantine: Option<String>,
}

/// Agents that get no work, by why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgentsAside {
    pub stale: u64,
    pub draining: u64,
    /// Names, whether an agent has them now or not.
    pub quarantined: u64,
}

/// A session as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDetail {
    pub session: SessionId,
    pub host: String,
    pub agents: u32,
    pub opened_ms_ago: u64,
    pub renewed_ms_ago: u64,
    /// Somebody reads its stream.
    pub is_streamed: bool,
}

/// An agent that a query of the marketplace found.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketFound {
    pub agent: AgentId,
    pub offering: Arc<Offering>,
    pub registered_ms_ago: u64,
    pub last_heartbeat_ms_ago: u64,
}

/// A page of a query's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketPage {
    pub found: Vec<MarketFound>,
    pub next: Option<Position>,
    /// Looking for more would have taken too long.
    pub is_partial: bool,
}

impl Handle {
    /// Asks something of the registry. Answers come when they are durable.
    pub async fn registry(&self, command: Command) -> Result<Answer, Rejected> {
        let telemetry = &self.0.context.telemetry.agents;
        let renewals = AgentTelemetry::renewals_in(&command);
        let timer = telemetry.timer_of(&command);
        let began = self.0.context.clock.monotonic();
        let asked = self.ask(|reply| Message::Registry { command, reply }).await;
        if let Some(timer) = timer {
            timer.observe_duration(self.0.context.clock.monotonic() - began);
        }
        asked.inspect_err(|_| telemetry.renewals_unanswered.add(renewals as u64))?
    }

    /// Lists what an agent offers, in place of what it offered before.
    pub async fn publish(
        &self,
        agent: Incarnation,
        offering: Arc<Offering>,
    ) -> Result<(), Rejected> {
        let publication = Publication { agent, offering };
        let began = self.0.context.clock.monotonic();
        let asked = self.ask(|reply| Message::Publish { publication, reply }).await;
        let took = self.0.context.clock.monotonic() - began;
        self.0.context.telemetry.agents.publish_ms.observe_duration(took);
        asked?
    }

    /// Takes an agent's offer off the market. It stays registered.
    pub async fn unpublish(&self, agent: Incarnation) -> Result<(), Rejected> {
        let began = self.0.context.clock.monotonic();
        let asked = self.ask(|reply| Message::Unpublish { agent, reply }).await;
        let took = self.0.context.clock.monotonic() - began;
        self.0.context.telemetry.agents.unpublish_ms.observe_duration(took);
        asked?
    }

    /// Changes the organisation, durably.
    pub async fn organise(&self, command: organisation::Command) -> Result<(), Rejected> {
        self.ask(|reply| Message::Organise { command, reply }).await?
    }

    /// Participants, roles, positions and groups as of now.
    pub fn organisation(&self) -> Arc<Organisation> {
        self.0.roll.organisation()
    }

    /// Asks for work: items checked out under a lease, durably. Dropping the future gives back what it would have
    /// got.
    pub async fn claim(&self, request: ClaimRequest) -> Result<Granted, Rejected> {
        let answer = self.post(|reply| Message::Claim { request, reply })?;
        let mut pending = Pending { answer, handle: self };
        (&mut pending.answer).await.map_err(|_| self.gone())?
    }

    /// What an agent may claim with now; refused if it gets no work.
    pub fn may_claim(&self, agent: &Incarnation) -> Result<Vec<Capability>, Rejected> {
        let now = self.0.context.clock.moment();
        let registry = self.0.roll.registry();
        let claimant = registry.state().may_claim(agent, now).map_err(Rejected::Denied)?;
        Ok(claimant.capabilities.to_vec())
    }

    /// How long agents live without being renewed.
    pub fn agent_settings(&self) -> Settings {
        *self.0.roll.registry().state().settings()
    }

    /// What an agent offers on the marketplace.
    pub fn offering(&self, agent: &AgentId) -> Option<Arc<Offering>> {
        self.0.roll.offering(agent)
    }

    /// Messages that wait at the desk.
    pub fn desk_depth(&self) -> usize {
        self.0.desk.max_capacity() - self.0.desk.capacity()
    }

    /// How discovery fares.
    pub async fn discovery(&self) -> Result<Discovery, Rejected> {
        self.ask(|reply| Message::Discovery { reply }).await
    }

    /// Closes every circuit breaker and forgets who found nothing.
    pub async fn reset_discovery(&self) -> Result<(), Rejected> {
        self.ask(|reply| Message::Reset { reply }).await
    }

    /// Agents in the order of their ids, behind `after`.
    pub fn agents(
        &self,
        filter: &AgentFilter,
        after: Option<&AgentId>,
        limit: usize,
    ) -> Page<AgentDetail> {
        let limit = limit.clamp(1, PAGE_MAX);
        let names = Names { after, prefix: filter.prefix.as_deref().unwrap_or_default() };
        let (items, next) = self.0.roll.list(names, (limit, SCAN_MAX), |registry, slot, agent| {
            let detail = self.show(registry, slot, agent);
            filter.takes(&detail).then_some(detail)
        });
        Page { items, next: next.map(|id| id.to_string()) }
    }

    /// One agent.
    pub fn agent(&self, id: &AgentId) -> Option<AgentDetail> {
        self.0.roll.find(id, |registry, slot, agent| self.show(registry, slot, agent))
    }

    /// Sessions in the order of their numbers, behind `after`.
    pub fn sessions(&self, after: SessionId, limit: usize) -> Page<SessionDetail> {
        let limit = limit.clamp(1, PAGE_MAX);
        let show = |session, known: &Session| self.show_session(session, known);
        let (items, next) = self.0.roll.sessions(after, limit, show);
        Page { items, next: next.map(|session| session.0.to_string()) }
    }

    /// One session.
    pub fn session(&self, session: SessionId) -> Option<SessionDetail> {
        self.0.roll.session(session, |session, known| self.show_session(session, known))
    }

    fn show_session(&self, session: SessionId, known: &Session) -> SessionDetail {
        let now = self.0.context.clock.moment();
        SessionDetail {
            session,
            host: known.host().as_str().to_owned(),
            agents: known.agents(),
            opened_ms_ago: now.since(known.opened_at()),
            renewed_ms_ago: now.since(known.renewed_at()),
            is_streamed: self.0.context.streams.is_read(session),
        }
    }

    /// Agents registered and live, and how many are in each state.
    pub fn agent_counts(&self) -> (usize, u32, [(AgentState, u32); AgentState::ALL.len()]) {
        let registry = self.0.roll.registry();
        let state = registry.state();
        (state.len(), registry.live(), AgentState::ALL.map(|each| (each, state.in_state(each))))
    }

    /// How many agents are stale, draining, and how many names are in quarantine.
    pub fn agents_aside(&self) -> AgentsAside {
        let registry = self.0.roll.registry();
        let state = registry.state();
        AgentsAside {
            stale: state.len() as u64 - u64::from(registry.live()),
            draining: u64::from(state.draining()),
            quarantined: state.quarantined().len() as u64,
        }
    }

    /// Answers a query of the marketplace.
    pub fn search(&self, search: &Search) -> Result<MarketPage, Rejected> {
        let began = self.0.context.clock.monotonic();
        let now = self.0.context.clock.moment();
        let page = self.0.roll.search(search, now, |page| MarketPage {
            found: page
                .found
                .iter()
                .map(|found| MarketFound {
                    agent: found.agent.clone(),
                    offering: found.offering.clone(),
                    registered_ms_ago: now.since(found.registered_at),
                    last_heartbeat_ms_ago: now.since(found.last_heartbeat),
                })
                .collect(),
            next: page.next,
            is_partial: page.is_partial,
        });
        let took = self.0.context.clock.monotonic() - began;
        self.0.context.telemetry.agents.query_ms.observe_duration(took);
        page.map_err(|invalid| Rejected::Query(invalid.to_string()))
    }

    /// Bytes that registry and marketplace take on the disk: their log and its snapshots. None in memory.
    pub fn agents_bytes(&self) -> Option<u64> {
        self.0.storage.agents_bytes()
    }

    /// Sizes of the marketplace's indexes.
    pub fn market_stats(&self) -> IndexStats {
        self.0.roll.shown().market.stats()
    }

    /// Makes the marketplace's indexes anew; names those that were wrong.
    pub async fn resync_market(&self) -> Result<Vec<List>, Rejected> {
        let (roll, context) = (self.0.roll.clone(), self.0.context.clone());
        blocking(move || {
            let began = context.clock.monotonic();
            let wrong = roll.resync();
            let took = context.clock.monotonic() - began;
            context.telemetry.agents.index_sync_ms.observe_duration(took);
            wrong
        })
        .await
    }

    /// Fires what is due at the desk: for clocks that are moved by hand.
    pub(crate) async fn look_at_agents(&self) -> Result<(), Rejected> {
        self.ask(|reply| Message::Look { reply }).await
    }

    async fn ask<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> Result<T, Rejected> {
        self.post(message)?.await.map_err(|_| self.gone())
    }

    fn post<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> Result<oneshot::Receiver<T>, Rejected> {
        if self.0.context.is_stopping() {
            return Err(Rejected::Stopping);
        }
        let (reply, answer) = oneshot::channel();
        match self.0.desk.try_send(message(reply)) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(Rejected::Overloaded { retry_after_ms: RETRY_MS }),
            Err(TrySendError::Closed(_)) => Err(self.gone()),
        }
    }

    fn gone(&self) -> Rejected {
        self.0.context.fault().map_or(Rejected::Stopping, Rejected::Fault)
    }

    fn show(&self, registry: &Registry, slot: Slot, agent: &Agent) -> AgentDetail {
        let now = self.0.context.clock.moment();
        let state = registry.state();
        let session = agent.session().and_then(|session| state.session(session));
        AgentDetail {
            id: agent.id().clone(),
            slot,
            epoch: agent.epoch(),
            session: agent.session(),
            host: session.map(Session::host).map(|host| host.as_str().to_owned()),
            capabilities: agent.capabilities().iter().cloned().collect(),
            profile: agent.profile().cloned(),
            state: agent.state(),
            liveness: state.liveness(agent, now),
            renewed_ms_ago: now.since(state.renewed_at(agent)),
            draining: agent.draining(),
            quarantine: state
                .quarantine(agent.id())
                .filter(|_| agent.quarantined())
                .map(|reason| reason.as_str().to_owned()),
        }
    }
}

/// A claim at the desk. Dropped before its answer was read, it gives the items in it back: the desk has let go of
/// them.
struct Pending<'a> {
    answer: oneshot::Receiver<Result<Granted, Rejected>>,
    handle: &'a Handle,
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.answer.close();
        if let Ok(Ok(granted)) = self.answer.try_recv() {
            give_back(&self.handle.0, granted.items);
        }
    }
}

impl AgentFilter {
    fn takes(&self, agent: &AgentDetail) -> bool {
        let Self { capability, state, session, liveness, quarantined, draining, prefix: _ } = self;
        capability.as_ref().is_none_or(|wanted| agent.capabilities.contains(wanted))
            && state.is_none_or(|wanted| agent.state == wanted)
            && session.is_none_or(|wanted| agent.session == Some(wanted))
            && liveness.is_none_or(|wanted| agent.liveness == wanted)
            && quarantined.is_none_or(|wanted| agent.quarantine.is_some() == wanted)
            && draining.is_none_or(|wanted| agent.draining == wanted)
    }
}
