//! Leases: go on, give back unharmed, give back failed. Results are brought by checking in, with the epoch.

use agents::Epoch;
use axum::{Json, extract::State};
use node::{Asked, Command, Renewal};
use wire::{
    Problem, Results,
    lease::{Held, HeldItem, HeldItems, LeaseRenewals, LeaseRenewed},
    limits::ITEMS_MAX,
    work_item::ItemDone,
};

use super::{
    batch, paging,
    work_items::{act, to_asked},
};
use crate::{
    app::App,
    body::{self, Id, IdempotencyKey},
    problem::Failure,
    to_wire,
};

/// Lets up to 10,000 leases go on, each from now for its term. Each has its own answer.
#[utoipa::path(post, path = "/leases/renew", tag = "claims", operation_id = "renew_leases",
    request_body = LeaseRenewals,
    responses(
        (status = 200, body = Results<LeaseRenewed>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn renew(
    State(app): State<App>,
    body::Json(asked): body::Json<LeaseRenewals>,
) -> Result<Json<Results<LeaseRenewed>>, Failure> {
    paging::batch("leases", asked.leases.len(), ITEMS_MAX)?;
    let (renewals, places) = batch::read(asked.leases, |one| {
        Ok(Renewal { item: one.item, epoch: Epoch(one.epoch), term_ms: one.term_ms })
    });
    let items: Vec<String> = renewals.iter().map(|one| one.item.clone()).collect();
    let renewed = app.node.renew_leases(renewals).await;
    let now_ms = app.node.clock().now_ms();
    Ok(places.results(items.into_iter().zip(renewed).map(|(item, left_ms)| {
        let left_ms = left_ms?;
        Ok(LeaseRenewed { item, left_ms, ends_at: to_wire::agent::ends_at(now_ms, left_ms) })
    })))
}

/// Gives up to 10,000 items back unharmed: others may claim them at once. Each has its own answer.
#[utoipa::path(post, path = "/leases/return", tag = "claims", operation_id = "return_leases",
    request_body = HeldItems,
    responses(
        (status = 200, body = Results<ItemDone>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn give_back(
    State(app): State<App>,
    body::Json(asked): body::Json<HeldItems>,
) -> Result<Json<Results<ItemDone>>, Failure> {
    end(&app, asked, |item, epoch| Command::ReturnHeld { item, epoch }).await
}

/// Gives up to 10,000 items back that their holder could not do: they rest, can be claimed again, and after too many
/// attempts are dead letters. Each has its own answer.
#[utoipa::path(post, path = "/leases/fail", tag = "claims", operation_id = "fail_leases",
    request_body = HeldItems,
    responses(
        (status = 200, body = Results<ItemDone>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn fail(
    State(app): State<App>,
    body::Json(asked): body::Json<HeldItems>,
) -> Result<Json<Results<ItemDone>>, Failure> {
    end(&app, asked, |item, epoch| Command::FailHeld { item, epoch }).await
}

/// Gives one item back unharmed: others may claim it at once.
#[utoipa::path(post, path = "/work-items/{id}/return", tag = "claims", operation_id = "return_lease",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id, instead of `command_id`")),
    request_body = Held,
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn give_back_one(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
    body::Json(held): body::Json<Held>,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::ReturnHeld { item: id.clone(), epoch: Epoch(held.epoch) };
    act(&app, id, key.or(held.command_id)?, command).await
}

/// Gives one item back that its holder could not do: it rests, can be claimed again, and after too many attempts is a
/// dead letter. (`/fail` is another thing: it completes the item as failed.)
#[utoipa::path(post, path = "/work-items/{id}/fail-attempt", tag = "claims", operation_id = "fail_lease",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "The command's id, instead of `command_id`")),
    request_body = Held,
    responses(
        (status = 200, body = ItemDone),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn fail_one(
    State(app): State<App>,
    Id(id): Id,
    key: IdempotencyKey,
    body::Json(held): body::Json<Held>,
) -> Result<Json<ItemDone>, Failure> {
    let command = Command::FailHeld { item: id.clone(), epoch: Epoch(held.epoch) };
    act(&app, id, key.or(held.command_id)?, command).await
}

async fn end(
    app: &App,
    asked: HeldItems,
    command: impl Fn(String, Epoch) -> Command,
) -> Result<Json<Results<ItemDone>>, Failure> {
    paging::batch("items", asked.items.len(), ITEMS_MAX)?;
    let names: Vec<String> = asked.items.iter().map(|one| one.item.clone()).collect();
    let (commands, places) = batch::read(asked.items, |held| -> Result<Asked, Failure> {
        let HeldItem { item, epoch, command_id } = held;
        let command = command(item.clone(), Epoch(epoch));
        to_asked(&item, command_id, command)
    });
    let names = places.of(names);
    let answers = app.node.commands(commands).await;
    Ok(places.results(
        names
            .into_iter()
            .zip(answers)
            .map(|(item, answered)| Ok(to_wire::item_done(answered?, item))),
    ))
}
