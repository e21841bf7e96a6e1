//! Cases: launch, list, get, history, cancel, suspend, resume.

use axum::{Json, extract::State, http::StatusCode};
use engine::case::ItemStatus;
use node::{
    CaseFilter, CaseId, Command, NotATraceparent, Rejected, Traceparent,
    ids::{CommandId, SpecificationKey},
};
use serde::Deserialize;
use utoipa::IntoParams;
use wire::{
    Page, Problem,
    case::{
        CaseDetail, CaseDone, CaseSummary, HistoryEntry, Launch, LaunchBatch, LaunchResult,
        LaunchResults, Launched, OrJoins,
    },
    limits::LAUNCHES_MAX,
};

use super::{CREATED, paging};
use crate::{
    app::App,
    body::{self, Filter, Id, IdempotencyKey, TraceHeader},
    problem::{Code, Failure},
    to_wire,
};

/// What `status` of a case may be: the names of the engine.
const CASE_STATUSES: [&str; 7] =
    ["scheduled", "running", "suspended", "completed", "deadlocked", "emptied", "cancelled"];

/// What `status` of a work item may be.
const ITEM_STATUSES: [ItemStatus; 9] = [
    ItemStatus::Enabled,
    ItemStatus::Fired,
    ItemStatus::Executing,
    ItemStatus::Complete,
    ItemStatus::IsParent,
    ItemStatus::Deadlocked,
    ItemStatus::Suspended,
    ItemStatus::ForcedComplete,
    ItemStatus::Failed,
];

/// Launches one case. With an idempotency key, a repetition finds the same case.
#[utoipa::path(post, path = "/cases", tag = "cases", operation_id = "launch_case",
    params(("Idempotency-Key" = Option<String>, Header, description = "The command's id, instead of `command_id`"),
        ("traceparent" = Option<String>, Header, description = "The trace that the case belongs to; one that is malformed is passed over")),
    request_body = Launch,
    responses(
        (status = 201, body = Launched),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn launch(
    State(app): State<App>,
    key: IdempotencyKey,
    trace: TraceHeader,
    body::Json(mut launch): body::Json<Launch>,
) -> Result<(StatusCode, Json<Launched>), Failure> {
    launch.command_id = key.or(launch.command_id.take())?;
    let launch = to_launch(launch)?;
    let traceparent = launch.traceparent.or(trace.0);
    let launched = app.node.launch(node::Launch { traceparent, ..launch }).await?;
    Ok((CREATED, Json(to_wire::launched(&launched))))
}

/// Launches up to 10,000 cases under few durable writes. Each has its own answer.
#[utoipa::path(post, path = "/cases/batch", tag = "cases", operation_id = "launch_cases",
    request_body = LaunchBatch,
    responses(
        (status = 200, body = LaunchResults),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn launch_batch(
    State(app): State<App>,
    body::Json(batch): body::Json<LaunchBatch>,
) -> Result<Json<LaunchResults>, Failure> {
    paging::batch("launches", batch.launches.len(), LAUNCHES_MAX)?;
    let mut results: Vec<Option<LaunchResult>> = Vec::new();
    let mut launches = Vec::with_capacity(batch.launches.len());
    for launch in batch.launches {
        match to_launch(launch) {
            Ok(launch) => {
                launches.push(launch);
                results.push(None);
            }
            Err(failure) => results.push(Some(LaunchResult::Refused { problem: failure.0 })),
        }
    }
    let mut answers = app.node.launch_many(launches).await.into_iter().map(|answer| match answer {
        Ok(launched) => LaunchResult::Launched(to_wire::launched(&launched)),
        Err(rejected) => LaunchResult::Refused { problem: Failure::from(rejected).0 },
    });
    let results = results
        .into_iter()
        .map(|known| known.unwrap_or_else(|| answers.next().expect("one for each")));
    Ok(Json(LaunchResults { results: results.collect() }))
}

fn to_launch(launch: Launch) -> Result<node::Launch, Failure> {
    Ok(node::Launch {
        command: command_id(launch.command_id)?,
        specification: launch.specification,
        case: launch.case,
        data: launch.data,
        start_at_ms: launch.start_at.map(wire::Timestamp::as_ms),
        traceparent: launch.traceparent.as_deref().map(traceparent).transpose()?,
    })
}

fn traceparent(text: &str) -> Result<Traceparent, Failure> {
    text.parse().map_err(|error: NotATraceparent| {
        Failure::new(Code::NotATraceparent, format!("traceparent: {error}; or leave it out"))
    })
}

/// Which cases to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CaseQuery {
    /// `scheduled`, `running`, `suspended`, `completed`, `deadlocked`, `emptied` or `cancelled`.
    status: Option<String>,
    /// A specification's key.
    specification: Option<String>,
    /// What the case's id begins with.
    prefix: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 1,000; 100 if absent.
    limit: Option<usize>,
}

/// Lists cases in the natural order of their ids. A page may be short and still have a next one.
#[utoipa::path(get, path = "/cases", tag = "cases", operation_id = "list_cases", params(CaseQuery),
    responses(
        (status = 200, body = Page<CaseSummary>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<CaseQuery>,
) -> Result<Json<Page<CaseSummary>>, Failure> {
    if let Some(status) = &query.status {
        known_status(status)?;
    }
    let after = query.after.as_deref().map(case_id).transpose()?;
    let limit = paging::limit(query.limit)?;
    let filter = CaseFilter {
        status: query.status,
        specification: query.specification.as_deref().map(SpecificationKey::named),
        prefix: query.prefix,
    };
    let page = app.node.cases(&filter, after.as_ref(), limit);
    let items = page.items.iter().map(to_wire::case_summary).collect();
    Ok(Json(Page { items, next: page.next }))
}

fn known_status(status: &str) -> Result<(), Failure> {
    if CASE_STATUSES.contains(&status) {
        return Ok(());
    }
    let detail = format!("no case has status {status:?}; use one of {}", CASE_STATUSES.join(", "));
    Err(Failure::new(Code::MalformedQuery, detail))
}

/// Gets one case, open or ended, with its marking, items, data and incidents.
#[utoipa::path(get, path = "/cases/{id}", tag = "cases", operation_id = "get_case",
    params(("id" = String, Path, description = "The case's id")),
    responses(
        (status = 200, body = CaseDetail),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(State(app): State<App>, Id(id): Id) -> Result<Json<CaseDetail>, Failure> {
    let detail = app.node.case(&existing(&id)?).await?;
    Ok(Json(to_wire::case_detail(detail)))
}

/// Explains the OR-joins of a case that have a token before them: which may start, and which arc and path a
/// further token can still take to the others.
#[utoipa::path(get, path = "/cases/{id}/or-joins", tag = "cases", operation_id = "explain_or_joins",
    params(("id" = String, Path, description = "The case's id")),
    responses(
        (status = 200, body = OrJoins),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn or_joins(State(app): State<App>, Id(id): Id) -> Result<Json<OrJoins>, Failure> {
    let joins = app.node.or_joins(&existing(&id)?).await?;
    Ok(Json(OrJoins { items: joins.into_iter().map(to_wire::or_join).collect() }))
}

/// Which part of a history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// The `next` of the page before.
    after: Option<u64>,
    /// 1 to 1,000; 100 if absent. Events of one command are never split.
    limit: Option<usize>,
}

/// Lists what happened in a case, oldest first.
#[utoipa::path(get, path = "/cases/{id}/history", tag = "cases", operation_id = "get_case_history",
    params(("id" = String, Path, description = "The case's id"), HistoryQuery),
    responses(
        (status = 200, body = Page<HistoryEntry>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn history(
    State(app): State<App>,
    Id(id): Id,
    Filter(query): Filter<HistoryQuery>,
) -> Result<Json<Page<HistoryEntry>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let page = app.node.history(&existing(&id)?, query.after, limit).await?;
    let items = page.items.iter().map(to_wire::history_entry).collect();
    Ok(Json(Page { items, next: page.next.map(|position| position.to_string()) }))
}

/// Cancels a case with all its work items.
#[utoipa::path(post, path = "/cases/{id}/cancel", tag = "cases", operation_id = "cancel_case",
    params(("id" = String, Path, description = "The case's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = CaseDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn cancel(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<CaseDone>, Failure> {
    command(&app, id, key, Command::CancelCase).await
}

/// Suspends a case: work in progress may finish, nothing new is enabled.
#[utoipa::path(post, path = "/cases/{id}/suspend", tag = "cases", operation_id = "suspend_case",
    params(("id" = String, Path, description = "The case's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = CaseDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn suspend(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<CaseDone>, Failure> {
    command(&app, id, key, Command::SuspendCase).await
}

/// Resumes a suspended case; tries again what ended in an incident.
#[utoipa::path(post, path = "/cases/{id}/resume", tag = "cases", operation_id = "resume_case",
    params(("id" = String, Path, description = "The case's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = CaseDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn resume(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<CaseDone>, Failure> {
    command(&app, id, key, Command::ResumeCase).await
}

async fn command(
    app: &App,
    id: String,
    key: IdempotencyKey,
    command: Command,
) -> Result<Json<CaseDone>, Failure> {
    let command_id = command_id(key.or(None)?)?;
    app.node.command(&existing(&id)?, command_id, command).await?;
    Ok(Json(CaseDone { case: id }))
}

/// Reads a case's id where a malformed one is an error of its own.
pub(super) fn case_id(text: &str) -> Result<CaseId, Failure> {
    CaseId::parse(text).map_err(|error| Failure::new(Code::NotACaseId, error.to_string()))
}

/// Reads a case's id where one that cannot exist simply does not.
fn existing(text: &str) -> Result<CaseId, Failure> {
    CaseId::parse(text)
        .map_err(|_| Failure::from(Rejected::NoSuchCase(text.chars().take(200).collect())))
}

/// Reads a command's id.
pub(super) fn command_id(text: Option<String>) -> Result<Option<CommandId>, Failure> {
    let id = text.map(|text| CommandId::parse(&text)).transpose();
    id.map_err(|error| Failure::new(Code::NotACommandId, error.to_string()))
}

/// Reads an item's status as it stands on the wire.
pub(super) fn item_status(name: &str) -> Result<ItemStatus, Failure> {
    ITEM_STATUSES.into_iter().find(|status| status.name() == name).ok_or_else(|| {
        let names = ITEM_STATUSES.map(ItemStatus::name).join(", ");
        Failure::new(
            Code::MalformedQuery,
            format!("no work item has status {name:?}; use one of {names}"),
        )
    })
}
