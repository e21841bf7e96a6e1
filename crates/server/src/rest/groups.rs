//! Groups of the organisation: list, get, put, delete.

use agents::resourcing::{
    GroupId,
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

/// Lists groups in the order of their ids.
#[utoipa::path(get, path = "/groups", tag = "organisation", operation_id = "list_groups", params(EntryQuery),
    responses(
        (status = 200, body = Page<organisation::Group>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<EntryQuery>,
) -> Result<Json<Page<organisation::Group>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let after: Option<GroupId> = query.after.as_deref().map(from_wire::name).transpose()?;
    let organisation = app.node.organisation();
    let entries = organisation.groups(after.as_ref()).map(to_wire::organisation::group);
    Ok(Json(paging::cut(entries, limit, |entry| entry.group.clone())))
}

/// Gets one group.
#[utoipa::path(get, path = "/groups/{id}", tag = "organisation", operation_id = "get_group",
    params(("id" = String, Path, description = "The group's id, percent-encoded")),
    responses(
        (status = 200, body = organisation::Group),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(
    State(app): State<App>,
    Id(id): Id,
) -> Result<Json<organisation::Group>, Failure> {
    shown(&app, &id)
}

/// Adds a group or replaces what is known of it.
#[utoipa::path(put, path = "/groups/{id}", tag = "organisation", operation_id = "put_group",
    params(("id" = String, Path, description = "The group's id, percent-encoded: 1 to 128 bytes without commas")),
    request_body = organisation::GroupEntry,
    responses(
        (status = 200, body = organisation::Group),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn put(
    State(app): State<App>,
    Id(id): Id,
    body::Json(given): body::Json<organisation::GroupEntry>,
) -> Result<Json<organisation::Group>, Failure> {
    let entry = from_wire::organisation::group(&id, given)?;
    let shown = to_wire::organisation::group(&entry);
    app.node.organise(Command::Set(Entry::Group(entry))).await?;
    Ok(Json(shown))
}

/// Removes a group. Refused while something belongs to it.
#[utoipa::path(delete, path = "/groups/{id}", tag = "organisation", operation_id = "delete_group",
    params(("id" = String, Path, description = "The group's id, percent-encoded")),
    responses(
        (status = 204),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn delete(State(app): State<App>, Id(id): Id) -> Result<StatusCode, Failure> {
    drop(shown(&app, &id)?);
    app.node.organise(Command::Remove(Key::Group(from_wire::name(&id)?))).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(app: &App, id: &str) -> Result<Json<organisation::Group>, Failure> {
    // A name that cannot be is a name that nobody has.
    let found = id.parse().ok();
    let organisation = app.node.organisation();
    let found = found.and_then(|id| organisation.group(&id));
    found
        .map(to_wire::organisation::group)
        .map(Json)
        .ok_or_else(|| paging::not_in_organisation("group", id))
}
