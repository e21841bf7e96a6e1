//! Positions of the organisation: list, get, put, delete.

use agents::resourcing::{
    PositionId,
    organisation::{Command, Entry, Key},
};
use axum::{Json, extract::State, http::StatusCode};
use wire::{Page, Problem, organisation};

use super::paging::{self, EntryQuery};
use crate::{
    app::App,
    body::{self, Filter, Id},
    from_wire,
    problem::Failure,
    to_wire,
};

/// Lists positions in the order of their ids.
#[utoipa::path(get, path = "/positions", tag = "organisation", operation_id = "list_positions", params(EntryQuery),
    responses(
        (status = 200, body = Page<organisation::Position>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<EntryQuery>,
) -> Result<Json<Page<organisation::Position>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let after: Option<PositionId> = query.after.as_deref().map(from_wire::name).transpose()?;
    let organisation = app.node.organisation();
    let entries = organisation.positions(after.as_ref()).map(to_wire::organisation::position);
    Ok(Json(paging::cut(entries, limit, |entry| entry.position.clone())))
}

/// Gets one position.
#[utoipa::path(get, path = "/positions/{id}", tag = "organisation", operation_id = "get_position",
    params(("id" = String, Path, description = "The position's id, percent-encoded")),
    responses(
        (status = 200, body = organisation::Position),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(
    State(app): State<App>,
    Id(id): Id,
) -> Result<Json<organisation::Position>, Failure> {
    shown(&app, &id)
}

/// Adds a position or replaces what is known of it.
#[utoipa::path(put, path = "/positions/{id}", tag = "organisation", operation_id = "put_position",
    params(("id" = String, Path, description = "The position's id, percent-encoded: 1 to 128 bytes without commas")),
    request_body = organisation::PositionEntry,
    responses(
        (status = 200, body = organisation::Position),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn put(
    State(app): State<App>,
    Id(id): Id,
    body::Json(given): body::Json<organisation::PositionEntry>,
) -> Result<Json<organisation::Position>, Failure> {
    let entry = from_wire::organisation::position(&id, given)?;
    let shown = to_wire::organisation::position(&entry);
    app.node.organise(Command::Set(Entry::Position(entry))).await?;
    Ok(Json(shown))
}

/// Removes a position. Refused while somebody holds it.
#[utoipa::path(delete, path = "/positions/{id}", tag = "organisation", operation_id = "delete_position",
    params(("id" = String, Path, description = "The position's id, percent-encoded")),
    responses(
        (status = 204),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn delete(State(app): State<App>, Id(id): Id) -> Result<StatusCode, Failure> {
    drop(shown(&app, &id)?);
    app.node.organise(Command::Remove(Key::Position(from_wire::name(&id)?))).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(app: &App, id: &str) -> Result<Json<organisation::Position>, Failure> {
    // A name that cannot be is a name that nobody has.
    let found = id.parse().ok();
    let organisation = app.node.organisation();
    let found = found.and_then(|id| organisation.position(&id));
    found
        .map(to_wire::organisation::position)
        .map(Json)
        .ok_or_else(|| paging::not_in_organisation("position", id))
}
