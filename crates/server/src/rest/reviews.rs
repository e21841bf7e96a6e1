//! Reviews: which there are, where one stands, and the word of a person who settles one.

use axum::{Json, extract::State};
use node::{Command, ReviewFilter};
use serde::Deserialize;
use utoipa::IntoParams;
use wire::{
    Page, Problem,
    review::{Resolution, Review, ReviewSummary},
    work_item::ItemDone,
};

use super::{paging, work_items::act};
use crate::{
    app::App,
    body::{self, Filter, Id, IdempotencyKey},
    from_wire,
    problem::Failure,
    to_wire,
};

/// Which reviews to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReviewQuery {
    /// `voting`, `escalated`, `human-needed` or `unresolved`.
    phase: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 1,000; 100 if absent.
    limit: Option<usize>,
}

/// Lists reviews that have begun, without their votes. With `phase=human-needed`: what people are asked to settle.
#[utoipa::path(get, path = "/reviews", tag = "reviews", operation_id = "list_reviews", params(ReviewQuery),
    responses(
        (status = 200, body = Page<ReviewSummary>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(
    State(app): State<App>,
    Filter(query): Filter<ReviewQuery>,
) -> Result<Json<Page<ReviewSummary>>, Failure> {
    let limit = paging::limit(query.limit)?;
    let phase = query.phase.as_deref().map(from_wire::review::phase).transpose()?;
    let page = app.node.reviews(&ReviewFilter { phase }, query.after.as_deref(), limit);
    let items = page.items.iter().map(to_wire::review::summary).collect();
    Ok(Json(Page { items, next: page.next }))
}

/// Gets the review of one item: what is asked, who has voted for what, who holds a ballot, how votes count.
#[utoipa::path(get, path = "/work-items/{id}/review", tag = "reviews", operation_id = "get_review",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded")),
    responses(
        (status = 200, body = Review),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(State(app): State<App>, Id(id): Id) -> Result<Json<Review>, Failure> {
    Ok(Json(to_wire::review::detail(&app.node.review(&id).await?)))
}

/// A person settles what neither votes nor arbiter have settled: the item is completed with this result. One that
/// breaks its types is refused, and the review waits on.
#[utoipa::path(post, path = "/work-items/{id}/review/resolve", tag = "reviews", operation_id = "resolve_review",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id, instead of `command_id`")),
    request_body = Resolution,
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn resolve(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
    body::Json(given): body::Json<Resolution>,
) -> Result<Json<ItemDone>, Failure> {
    let by = from_wire::review::name(&given.by)?;
    let command = Command::Resolve { item: id.clone(), data: given.data, by };
    act(&app, id, key.or(given.command_id)?, command).await
}
