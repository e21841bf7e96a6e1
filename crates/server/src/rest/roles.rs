//! Roles of the organisation: list, get, put, delete.

use agents::resourcing::{
    RoleId,
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

/// Lists roles in the order of their ids.
#[utoipa::path(get, path = "/roles", tag = "organisation", operation_id = "list_roles", params(EntryQuery),
    responses(
        (status = 200, body = Page<organisation::Role>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<EntryQuery>,
) -> Result<Json<Page<organisation::Role>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let after: Option<RoleId> = query.after.as_deref().map(from_wire::name).transpose()?;
    let organisation = app.node.organisation();
    let entries = organisation.roles(after.as_ref()).map(to_wire::organisation::role);
    Ok(Json(paging::cut(entries, limit, |entry| entry.role.clone())))
}

/// Gets one role.
#[utoipa::path(get, path = "/roles/{id}", tag = "organisation", operation_id = "get_role",
    params(("id" = String, Path, description = "The role's id, percent-encoded")),
    responses(
        (status = 200, body = organisation::Role),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(
    State(app): State<App>,
    Id(id): Id,
) -> Result<Json<organisation::Role>, Failure> {
    shown(&app, &id)
}

/// Adds a role or replaces what is known of it.
#[utoipa::path(put, path = "/roles/{id}", tag = "organisation", operation_id = "put_role",
    params(("id" = String, Path, description = "The role's id, percent-encoded: 1 to 128 bytes without commas")),
    request_body = organisation::RoleEntry,
    responses(
        (status = 200, body = organisation::Role),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn put(
    State(app): State<App>,
    Id(id): Id,
    body::Json(given): body::Json<organisation::RoleEntry>,
) -> Result<Json<organisation::Role>, Failure> {
    let entry = from_wire::organisation::role(&id, given)?;
    let shown = to_wire::organisation::role(&entry);
    app.node.organise(Command::Set(Entry::Role(entry))).await?;
    Ok(Json(shown))
}

/// Removes a role. Refused while something names it.
#[utoipa::path(delete, path = "/roles/{id}", tag = "organisation", operation_id = "delete_role",
    params(("id" = String, Path, description = "The role's id, percent-encoded")),
    responses(
        (status = 204),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn delete(State(app): State<App>, Id(id): Id) -> Result<StatusCode, Failure> {
    drop(shown(&app, &id)?);
    app.node.organise(Command::Remove(Key::Role(from_wire::name(&id)?))).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(app: &App, id: &str) -> Result<Json<organisation::Role>, Failure> {
    // A name that cannot be is a name that nobody has.
    let found = id.parse().ok();
    let organisation = app.node.organisation();
    let found = found.and_then(|id| organisation.role(&id));
    found
        .map(to_wire::organisation::role)
        .map(Json)
        .ok_or_else(|| paging::not_in_organisation("role", id))
}
