//! Participants of the organisation: list, get, put, delete.

use agents::resourcing::{
    ParticipantId,
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

/// Lists participants in the order of their ids.
#[utoipa::path(get, path = "/participants", tag = "organisation", operation_id = "list_participants", params(EntryQuery),
    responses(
        (status = 200, body = Page<organisation::Participant>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<EntryQuery>,
) -> Result<Json<Page<organisation::Participant>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let after: Option<ParticipantId> = query.after.as_deref().map(from_wire::name).transpose()?;
    let organisation = app.node.organisation();
    let entries = organisation.participants(after.as_ref()).map(to_wire::organisation::participant);
    Ok(Json(paging::cut(entries, limit, |entry| entry.participant.clone())))
}

/// Gets one participant.
#[utoipa::path(get, path = "/participants/{id}", tag = "organisation", operation_id = "get_participant",
    params(("id" = String, Path, description = "The participant's id, percent-encoded")),
    responses(
        (status = 200, body = organisation::Participant),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(
    State(app): State<App>,
    Id(id): Id,
) -> Result<Json<organisation::Participant>, Failure> {
    shown(&app, &id)
}

/// Adds a participant or replaces what is known of it.
#[utoipa::path(put, path = "/participants/{id}", tag = "organisation", operation_id = "put_participant",
    params(("id" = String, Path, description = "The participant's id, percent-encoded: 1 to 128 bytes without commas")),
    request_body = organisation::ParticipantEntry,
    responses(
        (status = 200, body = organisation::Participant),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn put(
    State(app): State<App>,
    Id(id): Id,
    body::Json(given): body::Json<organisation::ParticipantEntry>,
) -> Result<Json<organisation::Participant>, Failure> {
    let entry = from_wire::organisation::participant(&id, given)?;
    let shown = to_wire::organisation::participant(&entry);
    app.node.organise(Command::Set(Entry::Participant(entry))).await?;
    Ok(Json(shown))
}

/// Removes a participant: nothing is offered to it any more. What it is asked to do already stays until an administrator moves it.
#[utoipa::path(delete, path = "/participants/{id}", tag = "organisation", operation_id = "delete_participant",
    params(("id" = String, Path, description = "The participant's id, percent-encoded")),
    responses(
        (status = 204),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn delete(State(app): State<App>, Id(id): Id) -> Result<StatusCode, Failure> {
    drop(shown(&app, &id)?);
    app.node.organise(Command::Remove(Key::Participant(from_wire::name(&id)?))).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(app: &App, id: &str) -> Result<Json<organisation::Participant>, Failure> {
    // A name that cannot be is a name that nobody has.
    let found = id.parse().ok();
    let organisation = app.node.organisation();
    let found = found.and_then(|id| organisation.participant(&id));
    found
        .map(to_wire::organisation::participant)
        .map(Json)
        .ok_or_else(|| paging::not_in_organisation("participant", id))
}
