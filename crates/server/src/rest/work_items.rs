//! Work items: list, get, check out, check in, and everything else that can be done to one.

use agents::{Epoch, conflict::Share};
use axum::{Json, extract::State, http::StatusCode};
use node::{
    Answered, Asked, CaseId, Command, ItemFilter, LEASE_STANDINGS, Rejected,
    ids::{SpecificationKey, case_of_item},
};
use serde::Deserialize;
use utoipa::IntoParams;
use wire::{
    Page, Problem,
    limits::ITEMS_MAX,
    review::Part,
    work_item::{
        CheckedOut, Checkin, CheckinBatch, CheckinResult, CheckinResults, CheckoutBatch,
        CheckoutResult, CheckoutResults, Given, ItemDone, NewInstance, WorkItem,
    },
};

use super::{
    CREATED,
    cases::{case_id, command_id, item_status},
    paging,
};
use crate::{
    app::App,
    body::{self, Filter, Id, IdempotencyKey},
    from_wire,
    problem::{Code, Failure},
    to_wire,
};

/// Which work items to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ItemQuery {
    /// A status as items show it, such as `Enabled`.
    status: Option<String>,
    /// A case's id.
    case: Option<String>,
    /// A task's id.
    task: Option<String>,
    /// A specification's key.
    specification: Option<String>,
    /// How an item that was claimed stands: `held`, `free`, `resting` or `dead-letter`.
    lease: Option<String>,
    /// The agent that holds it under a lease.
    holder: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 1,000; 100 if absent.
    limit: Option<usize>,
}

/// Lists work items of open cases, without their data. A page may be short and still have a next one.
#[utoipa::path(get, path = "/work-items", tag = "work items", operation_id = "list_work_items", params(ItemQuery),
    responses(
        (status = 200, body = Page<WorkItem>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<ItemQuery>,
) -> Result<Json<Page<WorkItem>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let filter = ItemFilter {
        status: query.status.as_deref().map(item_status).transpose()?,
        case: query.case.as_deref().map(case_id).transpose()?,
        task: query.task,
        specification: query.specification.as_deref().map(SpecificationKey::named),
        lease: query.lease.map(standing).transpose()?,
        holder: query.holder.as_deref().map(from_wire::agent_id).transpose()?,
    };
    let page = app.node.items(&filter, query.after.as_deref(), limit);
    let items = page.items.iter().map(to_wire::item_summary).collect();
    Ok(Json(Page { items, next: page.next }))
}

fn standing(name: String) -> Result<String, Failure> {
    if LEASE_STANDINGS.contains(&name.as_str()) {
        return Ok(name);
    }
    let names = LEASE_STANDINGS.join(", ");
    let detail = format!("no lease is {name:?}; use one of {names}");
    Err(Failure::new(Code::MalformedQuery, detail))
}

/// Gets one work item with its data.
#[utoipa::path(get, path = "/work-items/{id}", tag = "work items", operation_id = "get_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded")),
    responses(
        (status = 200, body = WorkItem),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(State(app): State<App>, Id(id): Id) -> Result<Json<WorkItem>, Failure> {
    let item = app.node.item(&id).await?;
    Ok(Json(to_wire::item_detail(&item)))
}

/// Checks an enabled or fired item out. The answer names the item that now executes.
#[utoipa::path(post, path = "/work-items/{id}/checkout", tag = "work items", operation_id = "checkout_work_item",
    params(("id" = String, Path, description = "Such as `7:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = CheckedOut),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn checkout(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<CheckedOut>, Failure> {
    let answered = ask(&app, &id, key.or(None)?, Command::Start { item: id.clone() }).await?;
    Ok(Json(to_wire::checked_out(answered, id)))
}

/// Checks an executing item in; one that is held under a lease with the lease's epoch. A result that breaks its types is
/// refused and the item stays as it is.
#[utoipa::path(post, path = "/work-items/{id}/checkin", tag = "work items", operation_id = "checkin_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id, instead of `command_id`")),
    request_body = Checkin,
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn checkin(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
    body::Json(given): body::Json<Checkin>,
) -> Result<Json<ItemDone>, Failure> {
    let opinion = Opinion { confidence: given.confidence, reasoning: given.reasoning };
    let command = complete(id.clone(), (given.data, given.epoch), opinion)?;
    act(&app, id, key.or(given.command_id)?, command).await
}

/// What whoever brings a result thinks of it.
struct Opinion {
    confidence: Option<Part>,
    reasoning: Option<String>,
}

/// A result: of whoever holds the item under a lease, or of whoever checked it out without one.
fn complete(
    item: String,
    (data, epoch): (String, Option<u64>),
    opinion: Opinion,
) -> Result<Command, Failure> {
    let Opinion { confidence, reasoning } = opinion;
    let confidence = confidence.map(from_wire::review::confidence).transpose()?;
    Ok(match (epoch.map(Epoch), confidence, reasoning) {
        (None, ..) => Command::Complete { item, data },
        (Some(epoch), None, None) => Command::CompleteHeld { item, data, epoch },
        (Some(epoch), confidence, reasoning) => {
            let confidence = confidence.unwrap_or(Share::ALL);
            let reasoning = reasoning.unwrap_or_default();
            Command::Vote { item, data, epoch, confidence, reasoning }
        }
    })
}

/// An operator's word: a dead letter can be claimed again, as if it had never failed.
#[utoipa::path(post, path = "/work-items/{id}/requeue", tag = "work items", operation_id = "requeue_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn requeue(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::Revive { item: id.clone() };
    act(&app, id, key.or(None)?, command).await
}

/// Starts an enabled item and completes it with mapped data.
#[utoipa::path(post, path = "/work-items/{id}/skip", tag = "work items", operation_id = "skip_work_item",
    params(("id" = String, Path, description = "Such as `7:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn skip(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::Skip { item: id.clone() };
    act(&app, id, key.or(None)?, command).await
}

/// Suspends a live item.
#[utoipa::path(post, path = "/work-items/{id}/suspend", tag = "work items", operation_id = "suspend_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn suspend(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::Suspend { item: id.clone() };
    act(&app, id, key.or(None)?, command).await
}

/// Brings a suspended item back to what it was.
#[utoipa::path(post, path = "/work-items/{id}/unsuspend", tag = "work items", operation_id = "unsuspend_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn unsuspend(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::Unsuspend { item: id.clone() };
    act(&app, id, key.or(None)?, command).await
}

/// Brings an executing item back to fired, for somebody else to check out.
#[utoipa::path(post, path = "/work-items/{id}/rollback", tag = "work items", operation_id = "rollback_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn rollback(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::Rollback { item: id.clone() };
    act(&app, id, key.or(None)?, command).await
}

/// Completes the item's multiple-instance task with the results that it has; instances without one are cancelled.
#[utoipa::path(post, path = "/work-items/{id}/complete-task", tag = "work items", operation_id = "complete_task_of_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn complete_task(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::CompleteTask { item: id.clone() };
    act(&app, id, key.or(None)?, command).await
}

/// Completes an item as failed, with what data there is.
#[utoipa::path(post, path = "/work-items/{id}/fail", tag = "work items", operation_id = "fail_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id, instead of `command_id`")),
    request_body = Option<Given>,
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn fail(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
    body::MaybeJson(given): body::MaybeJson<Given>,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::Fail { item: id.clone(), data: given.data };
    act(&app, id, key.or(given.command_id)?, command).await
}

/// Completes an item by force, defaults filled in.
#[utoipa::path(post, path = "/work-items/{id}/force", tag = "work items", operation_id = "force_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id, instead of `command_id`")),
    request_body = Option<Given>,
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn force(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
    body::MaybeJson(given): body::MaybeJson<Given>,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::Force { item: id.clone(), data: given.data };
    act(&app, id, key.or(given.command_id)?, command).await
}

/// Adds an instance beside this executing one of a dynamic multiple-instance task.
#[utoipa::path(post, path = "/work-items/{id}/instances", tag = "work items",
    operation_id = "add_work_item_instance",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id, instead of `command_id`")),
    request_body = NewInstance,
    responses(
        (status = 201, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn add_instance(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
    body::Json(given): body::Json<NewInstance>,
) -> Result<(StatusCode, Json<ItemDone>), Failure> {
    let command = Command::Add { item: id.clone(), data: given.data };
    let done = act(&app, id, key.or(given.command_id)?, command).await?;
    Ok((CREATED, done))
}

/// Checks out up to 10,000 items. Each has its own answer.
#[utoipa::path(post, path = "/work-items/checkout", tag = "work items", operation_id = "checkout_work_items",
    request_body = CheckoutBatch,
    responses(
        (status = 200, body = CheckoutResults),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn checkout_batch(
    State(app): State<App>,
    body::Json(batch): body::Json<CheckoutBatch>,
) -> Result<Json<CheckoutResults>, Failure> {
    paging::batch("items", batch.items.len(), ITEMS_MAX)?;
    let commands = batch.items.into_iter().map(|item| Entry {
        command: Ok(Command::Start { item: item.clone() }),
        item,
        command_id: None,
    });
    let results =
        ask_many(&app, commands.collect()).await.into_iter().map(|(item, answer)| match answer {
            Ok(answered) => CheckoutResult::CheckedOut(to_wire::checked_out(answered, item)),
            Err(failure) => CheckoutResult::Refused { problem: failure.0 },
        });
    Ok(Json(CheckoutResults { results: results.collect() }))
}

/// Checks in up to 10,000 items. Each has its own answer.
#[utoipa::path(post, path = "/work-items/checkin", tag = "work items", operation_id = "checkin_work_items",
    request_body = CheckinBatch,
    responses(
        (status = 200, body = CheckinResults),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn checkin_batch(
    State(app): State<App>,
    body::Json(batch): body::Json<CheckinBatch>,
) -> Result<Json<CheckinResults>, Failure> {
    paging::batch("results", batch.results.len(), ITEMS_MAX)?;
    let commands = batch.results.into_iter().map(|entry| {
        let opinion = Opinion { confidence: entry.confidence, reasoning: entry.reasoning };
        Entry {
            command: complete(entry.item.clone(), (entry.data, entry.epoch), opinion),
            item: entry.item,
            command_id: entry.command_id,
        }
    });
    let results =
        ask_many(&app, commands.collect()).await.into_iter().map(|(item, answer)| match answer {
            Ok(answered) => CheckinResult::Done(to_wire::item_done(answered, item)),
            Err(failure) => CheckinResult::Refused { problem: failure.0 },
        });
    Ok(Json(CheckinResults { results: results.collect() }))
}

/// One command of a batch.
struct Entry {
    item: String,
    command_id: Option<String>,
    command: Result<Command, Failure>,
}

/// Asks all at once; answers in the order of the entries, beside the items that they named.
async fn ask_many(app: &App, entries: Vec<Entry>) -> Vec<(String, Result<Answered, Failure>)> {
    let mut results = Vec::with_capacity(entries.len());
    let mut asked = Vec::with_capacity(entries.len());
    for entry in entries {
        let Entry { item, command_id, command } = entry;
        match command.and_then(|command| to_asked(&item, command_id, command)) {
            Ok(command) => {
                asked.push(command);
                results.push((item, None));
            }
            Err(failure) => results.push((item, Some(Err(failure)))),
        }
    }
    let mut answers = app.node.commands(asked).await.into_iter();
    let mut next = || answers.next().expect("one for each").map_err(Failure::from);
    results.into_iter().map(|(item, known)| (item, known.unwrap_or_else(&mut next))).collect()
}

pub(super) async fn act(
    app: &App,
    id: String,
    key: Option<String>,
    command: Command,
) -> Result<Json<ItemDone>, Failure> {
    let answered = ask(app, &id, key, command).await?;
    Ok(Json(to_wire::item_done(answered, id)))
}

pub(super) async fn ask(
    app: &App,
    id: &str,
    key: Option<String>,
    command: Command,
) -> Result<Answered, Failure> {
    let Asked { case, id, command } = to_asked(id, key, command)?;
    Ok(app.node.command(&case, id, command).await?)
}

pub(super) fn to_asked(
    item: &str,
    key: Option<String>,
    command: Command,
) -> Result<Asked, Failure> {
    Ok(Asked { case: case_of(item)?, id: command_id(key)?, command })
}

/// The case that an item belongs to. An item of no case does not exist.
fn case_of(item: &str) -> Result<CaseId, Failure> {
    case_of_item(item)
        .ok_or_else(|| Failure::from(Rejected::NoSuchItem(item.chars().take(200).collect())))
}
