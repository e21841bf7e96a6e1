//! Sessions: agents of one process or host that are renewed together.

use agents::{
    SessionId,
    registry::{Answer, Command, Refusal},
};
use axum::{Json, extract::State, http::StatusCode};
use node::Rejected;
use serde::Deserialize;
use utoipa::IntoParams;
use wire::{
    Page, Problem, Results,
    limits::AGENTS_MAX,
    session::{OpenSession, Session, SessionAgents, SessionRenewals, SessionSummary},
};

use super::{CREATED, batch, paging, streams};
use crate::{
    app::App,
    body::{self, Filter, Id},
    from_wire,
    problem::Failure,
    to_wire,
};

/// Opens a session. Agents that are registered in it are renewed with it, thousands by one number.
#[utoipa::path(post, path = "/sessions", tag = "agents", operation_id = "open_session",
    request_body = Option<OpenSession>,
    responses(
        (status = 201, body = Session),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn open(
    State(app): State<App>,
    body::MaybeJson(asked): body::MaybeJson<OpenSession>,
) -> Result<(StatusCode, Json<Session>), Failure> {
    let host = from_wire::text("host", &asked.host)?;
    let answer = app.node.registry(Command::OpenSession { host }).await?;
    let Answer::SessionOpened(session) = answer else {
        unreachable!("who opens a session is told which")
    };
    let lifetime = to_wire::agent::lifetime(app.node.agent_settings());
    Ok((CREATED, Json(Session { session: session.0, lifetime })))
}

/// Which page of sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SessionQuery {
    /// The `next` of the page before.
    after: Option<u64>,
    /// 1 to 1,000; 100 if absent.
    limit: Option<usize>,
}

/// Lists sessions in the order of their numbers.
#[utoipa::path(get, path = "/sessions", tag = "agents", operation_id = "list_sessions", params(SessionQuery),
    responses(
        (status = 200, body = Page<SessionSummary>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<SessionQuery>,
) -> Result<Json<Page<SessionSummary>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let page = app.node.sessions(SessionId(query.after.unwrap_or(0)), limit);
    let items = page.items.into_iter().map(to_wire::agent::session).collect();
    Ok(Json(Page { items, next: page.next }))
}

/// Gets one session. `GET /agents?session=` lists its agents.
#[utoipa::path(get, path = "/sessions/{id}", tag = "agents", operation_id = "get_session",
    params(("id" = u64, Path, description = "The session's number")),
    responses(
        (status = 200, body = SessionSummary),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(
    State(app): State<App>,
    Id(id): Id,
) -> Result<Json<SessionSummary>, Failure> {
    let session = streams::session(&id);
    let found = app.node.session(session).ok_or_else(|| gone(session))?;
    Ok(Json(to_wire::agent::session(found)))
}

/// Renews up to 10,000 sessions with all their agents. Each has its own answer.
#[utoipa::path(post, path = "/sessions/renew", tag = "agents", operation_id = "renew_sessions",
    request_body = SessionRenewals,
    responses(
        (status = 200, body = Results<SessionAgents>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn renew(
    State(app): State<App>,
    body::Json(asked): body::Json<SessionRenewals>,
) -> Result<Json<Results<SessionAgents>>, Failure> {
    paging::batch("sessions", asked.sessions.len(), AGENTS_MAX)?;
    let (sessions, places) = batch::read(asked.sessions, |session| Ok(SessionId(session)));
    let named = sessions.clone();
    let answer = app.node.registry(Command::RenewSessions { sessions }).await?;
    let Answer::SessionsRenewed(counts) = answer else {
        unreachable!("a renewal of sessions is answered as one")
    };
    Ok(places.results(named.into_iter().zip(counts).map(|(session, agents)| match agents {
        Some(agents) => Ok(SessionAgents { session: session.0, agents: u64::from(agents) }),
        None => Err(gone(session)),
    })))
}

/// Closes a session and deregisters its agents. What they held ends with their leases.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "agents", operation_id = "close_session",
    params(("id" = u64, Path, description = "The session's number")),
    responses(
        (status = 200, body = SessionAgents),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn close(
    State(app): State<App>,
    Id(id): Id,
) -> Result<Json<SessionAgents>, Failure> {
    let session = streams::session(&id);
    let answer = app.node.registry(Command::CloseSession { session }).await?;
    let Answer::SessionClosed { agents } = answer else {
        unreachable!("who closes a session is told how many agents went with it")
    };
    Ok(Json(SessionAgents { session: session.0, agents: agents as u64 }))
}

fn gone(session: SessionId) -> Failure {
    Failure::from(Rejected::Registry(Refusal::NoSuchSession { session }))
}
