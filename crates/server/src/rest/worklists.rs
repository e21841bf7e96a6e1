//! Worklists: what participants are asked to do, read and acted on, by them and by administrators.

use agents::resourcing::{ParticipantId, TaskKey, organisation};
use axum::{Json, extract::State, http::StatusCode};
use engine::CaseId;
use node::{Answered, Command, WorklistFilter};
use serde::Deserialize;
use utoipa::IntoParams;
use wire::{Page, Problem, worklist};

use super::{cases, paging, work_items};
use crate::{
    app::App,
    body::{self, Filter, Id, IdempotencyKey, Ids},
    from_wire,
    problem::{Code, Failure},
    to_wire,
};

/// Which items to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WorklistQuery {
    /// `unoffered`, `offered`, `allocated`, `started` or `suspended`; all if absent.
    queue: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 1,000; 100 if absent.
    limit: Option<usize>,
}

/// An administrator's list: all items that participants are asked to do, oldest first.
#[utoipa::path(get, path = "/worklist", tag = "worklists", operation_id = "list_worklist", params(WorklistQuery),
    responses(
        (status = 200, body = Page<worklist::GivenItem>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<WorklistQuery>,
) -> Result<Json<Page<worklist::GivenItem>>, Failure> {
    page(&app, None, &query)
}

/// One participant's list, oldest first.
#[utoipa::path(get, path = "/participants/{id}/worklist", tag = "worklists", operation_id = "list_worklist_of_participant",
    params(("id" = String, Path, description = "The participant's id, percent-encoded"), WorklistQuery),
    responses(
        (status = 200, body = Page<worklist::GivenItem>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list_of_participant(
    State(app): State<App>,
    Id(id): Id,
    Filter(query): Filter<WorklistQuery>,
) -> Result<Json<Page<worklist::GivenItem>>, Failure> {
    page(&app, Some(from_wire::name(&id)?), &query)
}

fn page(
    app: &App,
    participant: Option<ParticipantId>,
    query: &WorklistQuery,
) -> Result<Json<Page<worklist::GivenItem>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let queue = query.queue.as_deref().map(from_wire::worklist::queue).transpose()?;
    let after = query.after.as_deref().map(number).transpose()?;
    let page = app.node.worklist(&WorklistFilter { participant, queue }, after, limit);
    let items = page.items.iter().map(to_wire::worklist::item).collect();
    Ok(Json(Page { items, next: page.next }))
}

fn number(after: &str) -> Result<u64, Failure> {
    after.parse().map_err(|_| {
        let detail = "after is no number; give the next of the page before".to_owned();
        Failure::new(Code::MalformedQuery, detail)
    })
}

/// Gets one item with what its task says of it.
#[utoipa::path(get, path = "/worklist/{item}", tag = "worklists", operation_id = "get_worklist_item",
    params(("item" = String, Path, description = "Such as `7:A`, percent-encoded")),
    responses(
        (status = 200, body = worklist::GivenItemDetail),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(
    State(app): State<App>,
    Id(item): Id,
) -> Result<Json<worklist::GivenItemDetail>, Failure> {
    let found = app.node.given_item(&item);
    let found = found.ok_or_else(|| {
        let item: String = item.chars().take(200).collect();
        Failure::new(Code::NotInWorklist, format!("item {item} is in no queue"))
    })?;
    Ok(Json(to_wire::worklist::detail(&found)))
}

/// A participant does something with an item.
#[utoipa::path(post, path = "/participants/{id}/worklist/{item}", tag = "worklists", operation_id = "act_on_worklist_item",
    params(("id" = String, Path, description = "The participant's id, percent-encoded"),
        ("item" = String, Path, description = "Such as `7:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    request_body = worklist::Action,
    responses(
        (status = 200, body = worklist::Acted),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn act(
    State(app): State<App>,
    Ids((id, item)): Ids,
    key: IdempotencyKey,
    body::Json(action): body::Json<worklist::Action>,
) -> Result<Json<worklist::Acted>, Failure> {
    let by: ParticipantId = from_wire::name(&id)?;
    let key = key.or(None)?;
    let action = from_wire::worklist::action(action, &by)?;
    let answered = if let node::Action::Pile { by } = action {
        app.node.pile(&item, by, cases::command_id(key)?).await?
    } else {
        let command = Command::Act { item: item.clone(), action };
        work_items::ask(&app, &item, key, command).await?
    };
    Ok(acted(answered, item))
}

/// An administrator does something with an item.
#[utoipa::path(post, path = "/worklist/{item}", tag = "worklists", operation_id = "administer_worklist_item",
    params(("item" = String, Path, description = "Such as `7:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    request_body = worklist::AdministratorAction,
    responses(
        (status = 200, body = worklist::Acted),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn administer(
    State(app): State<App>,
    Id(item): Id,
    key: IdempotencyKey,
    body::Json(action): body::Json<worklist::AdministratorAction>,
) -> Result<Json<worklist::Acted>, Failure> {
    let action = from_wire::worklist::administrator_action(action)?;
    let command = Command::Act { item: item.clone(), action };
    let answered = work_items::ask(&app, &item, key.or(None)?, command).await?;
    Ok(acted(answered, item))
}

/// A participant has new items of the task no longer. What is started stays so.
#[utoipa::path(post, path = "/participants/{id}/unpile", tag = "worklists", operation_id = "unpile_task",
    params(("id" = String, Path, description = "The participant's id, percent-encoded")),
    request_body = worklist::Unpile,
    responses(
        (status = 204),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn unpile(
    State(app): State<App>,
    Id(id): Id,
    body::Json(asked): body::Json<worklist::Unpile>,
) -> Result<StatusCode, Failure> {
    let by = from_wire::name(&id)?;
    let task = TaskKey { specification: asked.specification.into(), task: asked.task.into() };
    app.node.organise(organisation::Command::Unpile { task, by }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A participant has new items of the case no longer. What is started stays so.
#[utoipa::path(post, path = "/participants/{id}/unchain", tag = "worklists", operation_id = "unchain_case",
    params(("id" = String, Path, description = "The participant's id, percent-encoded")),
    request_body = worklist::Unchain,
    responses(
        (status = 204),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn unchain(
    State(app): State<App>,
    Id(id): Id,
    body::Json(asked): body::Json<worklist::Unchain>,
) -> Result<StatusCode, Failure> {
    let by = from_wire::name(&id)?;
    let case = CaseId::parse(&asked.case).map_err(|error| node::Rejected::Refused(error.into()))?;
    app.node.command(&case, None, Command::Unchain { by }).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn acted(answered: Answered, item: String) -> Json<worklist::Acted> {
    Json(match answered {
        Answered::Taken { item, data, epoch } => worklist::Acted {
            item,
            data: Some(data.to_string()),
            epoch: epoch.map(|epoch| epoch.0),
        },
        Answered::Done
        | Answered::Started { .. }
        | Answered::Added { .. }
        | Answered::HandedOff { .. } => worklist::Acted { item, data: None, epoch: None },
    })
}
