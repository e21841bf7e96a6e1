//! Agents: register, renew, set states, drain, quarantine, release, deregister, list, get.

use agents::{
    AgentId, SessionId,
    registry::{Absent, Answer, Command, Enrolment, Incarnation, StateChange, Who},
};
use axum::{Json, extract::State};
use futures_util::future::join_all;
use node::{AgentFilter, AgentsAside};
use serde::Deserialize;
use utoipa::IntoParams;
use wire::{Page, Problem, Results, agent, limits::AGENTS_MAX};

use super::{batch, paging};
use crate::{
    app::App,
    body::{self, Filter, Id},
    from_wire::{self, Arriving},
    problem::{Code, Failure},
    to_wire,
};

/// Registers one agent or many, durably, and publishes what they offer. Repeating it is a renewal. An entry that is
/// refused because of its offering alone may be registered all the same: repeat it.
#[utoipa::path(post, path = "/agents", tag = "agents", operation_id = "register_agents",
    request_body = agent::RegistrationBatch,
    responses(
        (status = 200, body = agent::Registrations),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn register(
    State(app): State<App>,
    body::Json(asked): body::Json<agent::RegistrationBatch>,
) -> Result<Json<agent::Registrations>, Failure> {
    paging::batch("agents", asked.agents.len(), AGENTS_MAX)?;
    let is_for_nobody = asked.agents.is_empty();
    let (arriving, places) = batch::read(asked.agents, from_wire::arriving);
    let mut enrolments = Vec::new();
    if is_for_nobody || !arriving.is_empty() {
        let agents = arriving.iter().map(|one| one.registration.clone()).collect();
        let session = asked.session.map(SessionId);
        let answer = app.node.registry(Command::Register { session, agents }).await?;
        let Answer::Registered(registered) = answer else {
            unreachable!("a registration is answered as one")
        };
        enrolments = registered;
    }
    let published = arriving.into_iter().zip(enrolments);
    let published = published.map(|(arriving, enrolment)| publish(&app, arriving, enrolment));
    let results = places.fill(join_all(published).await);
    let lifetime = to_wire::agent::lifetime(app.node.agent_settings());
    Ok(Json(agent::Registrations { results, lifetime }))
}

/// Publishes what a registered agent offers, if it offers something.
async fn publish(
    app: &App,
    arriving: Arriving,
    enrolment: Enrolment,
) -> Result<agent::Registered, Failure> {
    let Enrolment { slot, epoch, arrival } = enrolment;
    if let Some(offering) = arriving.offering {
        let whom = Incarnation { who: Who::Slot(slot), epoch };
        app.node.publish(whom, offering).await?;
    }
    Ok(agent::Registered {
        agent: arriving.registration.id.to_string(),
        slot: slot.0,
        epoch: epoch.0,
        arrival: to_wire::agent::arrival(arrival),
    })
}

/// Renews up to 10,000 agents by name and epoch. Each has its own answer.
#[utoipa::path(post, path = "/agents/renew", tag = "agents", operation_id = "renew_agents",
    request_body = agent::Incarnations,
    responses(
        (status = 200, body = Results<agent::Renewed>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn renew(
    State(app): State<App>,
    body::Json(asked): body::Json<agent::Incarnations>,
) -> Result<Json<Results<agent::Renewed>>, Failure> {
    paging::batch("agents", asked.agents.len(), AGENTS_MAX)?;
    let names: Vec<String> = asked.agents.iter().map(|one| one.agent.clone()).collect();
    let (agents, places) = batch::read(asked.agents, from_wire::incarnation);
    let names = places.of(names);
    let answer = app.node.registry(Command::Renew { agents }).await?;
    let Answer::Renewed(notices) = answer else { unreachable!("a renewal is answered as one") };
    Ok(places.results(names.into_iter().zip(notices).map(|(agent, notice)| {
        let notice = notice.map_err(absent)?;
        let (draining, quarantined) = (notice.draining, notice.quarantined);
        Ok(agent::Renewed { agent, draining, quarantined })
    })))
}

/// Agents say what they are doing, up to 10,000 at once. It counts as a renewal. Each has its own answer.
#[utoipa::path(post, path = "/agents/states", tag = "agents", operation_id = "set_agent_states",
    request_body = agent::StateChanges,
    responses(
        (status = 200, body = Results<agent::StateSet>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn set_states(
    State(app): State<App>,
    body::Json(asked): body::Json<agent::StateChanges>,
) -> Result<Json<Results<agent::StateSet>>, Failure> {
    paging::batch("changes", asked.changes.len(), AGENTS_MAX)?;
    let names: Vec<String> = asked.changes.iter().map(|one| one.agent.clone()).collect();
    let (changes, places) = batch::read(asked.changes, |change| {
        let state = from_wire::agent_state(&change.state)?;
        Ok((from_wire::life_of(&change.agent, change.epoch)?, state))
    });
    let names = places.of(names);
    let states: Vec<_> = changes.iter().map(|(_, state)| *state).collect();
    let answer = app.node.registry(Command::SetStates { changes }).await?;
    let Answer::StatesSet(set) = answer else { unreachable!("states are answered as such") };
    let answers = names.into_iter().zip(states).zip(set).map(|((agent, state), set)| {
        let changed = match set.map_err(absent)? {
            StateChange::Changed { .. } => true,
            StateChange::Same => false,
            StateChange::Illegal { from } => {
                let detail = format!(
                    "{agent} is {from} and cannot be {state} next; register it again to begin anew"
                );
                return Err(Failure::new(Code::IllegalState, detail));
            }
        };
        Ok(agent::StateSet { agent, state: state.to_string(), changed })
    });
    Ok(places.results(answers))
}

/// Agents finish what they hold and get nothing new in their present lives.
#[utoipa::path(post, path = "/agents/drain", tag = "agents", operation_id = "drain_agents",
    request_body = agent::AgentNames,
    responses(
        (status = 200, body = Results<agent::AgentDone>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn drain(
    State(app): State<App>,
    body::Json(asked): body::Json<agent::AgentNames>,
) -> Result<Json<Results<agent::AgentDone>>, Failure> {
    paging::batch("agents", asked.agents.len(), AGENTS_MAX)?;
    let (agents, places) = batch::read(asked.agents, |name| from_wire::agent_id(&name));
    let names = agents.clone();
    let answer = app.node.registry(Command::Drain { agents }).await?;
    let Answer::Draining(answers) = answer else { unreachable!("a drain is answered as one") };
    Ok(places.results(names.into_iter().zip(answers).map(done)))
}

/// An operator's word: agents of these names get no work until they are released, registered now or later.
#[utoipa::path(post, path = "/agents/quarantine", tag = "agents", operation_id = "quarantine_agents",
    request_body = agent::QuarantineBatch,
    responses(
        (status = 200, body = Results<agent::Quarantined>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn quarantine(
    State(app): State<App>,
    body::Json(asked): body::Json<agent::QuarantineBatch>,
) -> Result<Json<Results<agent::Quarantined>>, Failure> {
    paging::batch("agents", asked.agents.len(), AGENTS_MAX)?;
    let reason = from_wire::text("reason", &asked.reason)?;
    let (agents, places) = batch::read(asked.agents, |name| from_wire::agent_id(&name));
    let names = agents.clone();
    let answer = app.node.registry(Command::Quarantine { agents, reason }).await?;
    let Answer::Quarantined(slots) = answer else {
        unreachable!("a quarantine is answered as one")
    };
    Ok(places.results(names.into_iter().zip(slots).map(|(agent, slot)| {
        Ok(agent::Quarantined { agent: agent.to_string(), registered: slot.is_some() })
    })))
}

/// An operator's word: agents of these names may have work again.
#[utoipa::path(post, path = "/agents/release", tag = "agents", operation_id = "release_agents",
    request_body = agent::AgentNames,
    responses(
        (status = 200, body = Results<agent::Released>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn release(
    State(app): State<App>,
    body::Json(asked): body::Json<agent::AgentNames>,
) -> Result<Json<Results<agent::Released>>, Failure> {
    paging::batch("agents", asked.agents.len(), AGENTS_MAX)?;
    let (agents, places) = batch::read(asked.agents, |name| from_wire::agent_id(&name));
    let names = agents.clone();
    let answer = app.node.registry(Command::Release { agents }).await?;
    let Answer::Released(were) = answer else { unreachable!("a release is answered as one") };
    Ok(places.results(names.into_iter().zip(were).map(|(agent, was_quarantined)| {
        Ok(agent::Released { agent: agent.to_string(), was_quarantined })
    })))
}

/// Takes agents out of the registry and off the marketplace. What they hold ends with its leases.
#[utoipa::path(post, path = "/agents/deregister", tag = "agents", operation_id = "deregister_agents",
    request_body = agent::Incarnations,
    responses(
        (status = 200, body = Results<agent::AgentDone>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn deregister(
    State(app): State<App>,
    body::Json(asked): body::Json<agent::Incarnations>,
) -> Result<Json<Results<agent::AgentDone>>, Failure> {
    paging::batch("agents", asked.agents.len(), AGENTS_MAX)?;
    let names: Vec<String> = asked.agents.iter().map(|one| one.agent.clone()).collect();
    let (agents, places) = batch::read(asked.agents, from_wire::incarnation);
    let names = places.of(names);
    let answer = app.node.registry(Command::Deregister { agents }).await?;
    let Answer::Deregistered(answers) = answer else {
        unreachable!("a deregistration is answered as one")
    };
    Ok(places.results(names.into_iter().zip(answers).map(done)))
}

/// Which agents to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AgentQuery {
    /// What it must be able to do.
    capability: Option<String>,
    /// A state, such as `DISCOVERING`.
    state: Option<String>,
    /// A session's number.
    session: Option<u64>,
    /// `live`, `stale` or `dead`.
    liveness: Option<String>,
    quarantined: Option<bool>,
    draining: Option<bool>,
    /// What its name begins with.
    prefix: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 1,000; 100 if absent.
    limit: Option<usize>,
}

/// Lists agents in the order of their names. A page may be short and still have a next one.
#[utoipa::path(get, path = "/agents", tag = "agents", operation_id = "list_agents", params(AgentQuery),
    responses(
        (status = 200, body = Page<agent::Agent>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<AgentQuery>,
) -> Result<Json<Page<agent::Agent>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let filter = AgentFilter {
        capability: query.capability.as_deref().map(from_wire::capability).transpose()?,
        state: query.state.as_deref().map(from_wire::agent_state).transpose().map_err(in_query)?,
        session: query.session.map(SessionId),
        liveness: query.liveness.as_deref().map(from_wire::liveness).transpose()?,
        quarantined: query.quarantined,
        draining: query.draining,
        prefix: query.prefix,
    };
    let after = query.after.as_deref().map(from_wire::agent_id).transpose()?;
    let page = app.node.agents(&filter, after.as_ref(), limit);
    let items = page.items.iter().map(|detail| to_wire::agent::agent(detail, None)).collect();
    Ok(Json(Page { items, next: page.next }))
}

/// Counts agents.
#[utoipa::path(get, path = "/agent-counts", tag = "agents", operation_id = "count_agents",
    responses(
        (status = 200, body = agent::Counts),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn count(State(app): State<App>) -> Json<agent::Counts> {
    let (registered, live, states) = app.node.agent_counts();
    let AgentsAside { stale, draining, quarantined } = app.node.agents_aside();
    let states = states.iter().map(|(state, count)| (state.to_string(), u64::from(*count)));
    Json(agent::Counts {
        registered: registered as u64,
        live: u64::from(live),
        stale,
        draining,
        quarantined,
        states: states.collect(),
    })
}

fn in_query(failure: Failure) -> Failure {
    Failure::new(Code::MalformedQuery, failure.0.detail)
}

/// Gets one agent with what it offers.
#[utoipa::path(get, path = "/agents/{id}", tag = "agents", operation_id = "get_agent",
    params(("id" = String, Path, description = "The agent's name, percent-encoded")),
    responses(
        (status = 200, body = agent::Agent),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(State(app): State<App>, Id(id): Id) -> Result<Json<agent::Agent>, Failure> {
    // A name that cannot be is a name that nobody has.
    let id: Option<AgentId> = id.parse().ok();
    let detail = id.and_then(|id| app.node.agent(&id)).ok_or_else(|| absent(Absent::Unknown))?;
    let offering = app.node.offering(&detail.id);
    Ok(Json(to_wire::agent::agent(&detail, offering.as_deref())))
}

fn done<T: ToString>(
    (agent, answer): (T, Result<(), Absent>),
) -> Result<agent::AgentDone, Failure> {
    answer.map_err(absent)?;
    Ok(agent::AgentDone { agent: agent.to_string() })
}

/// An agent that was named and is not there.
pub(super) fn absent(absent: Absent) -> Failure {
    match absent {
        Absent::Unknown => Failure::new(Code::NoSuchAgent, format!("{absent}; register it first")),
        Absent::StaleEpoch { .. } => {
            Failure::new(Code::StaleAgent, format!("{absent}: another process has its name"))
        }
    }
}
