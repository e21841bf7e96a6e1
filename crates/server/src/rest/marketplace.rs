//! The marketplace: publish, unpublish, search, and what an operator needs to look after its indexes.

use axum::{Json, extract::State};
use futures_util::future::join_all;
use tokio::task::block_in_place;
use wire::{
    Problem, Results,
    agent::{AgentDone, Incarnations},
    limits::AGENTS_MAX,
    marketplace::{Found, Publications, Resynced, Search, Stats},
};

use super::{batch, paging};
use crate::{app::App, body, from_wire, problem::Failure, to_wire};

/// Publishes what up to 10,000 registered agents offer, in place of what each offered before. Each has its own answer.
#[utoipa::path(post, path = "/marketplace/publish", tag = "marketplace", operation_id = "publish_offerings",
    request_body = Publications,
    responses(
        (status = 200, body = Results<AgentDone>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn publish(
    State(app): State<App>,
    body::Json(asked): body::Json<Publications>,
) -> Result<Json<Results<AgentDone>>, Failure> {
    paging::batch("listings", asked.listings.len(), AGENTS_MAX)?;
    let (listings, places) = batch::read(asked.listings, |one| {
        let whom = from_wire::life_of(&one.agent, one.epoch)?;
        Ok((one.agent, whom, from_wire::offering(one.offering)?))
    });
    let published = listings.into_iter().map(async |(agent, whom, offering)| {
        app.node.publish(whom, offering).await?;
        Ok(AgentDone { agent })
    });
    Ok(places.results(join_all(published).await))
}

/// Takes what up to 10,000 agents offer off the marketplace. They stay registered. Each has its own answer.
#[utoipa::path(post, path = "/marketplace/unpublish", tag = "marketplace", operation_id = "unpublish_offerings",
    request_body = Incarnations,
    responses(
        (status = 200, body = Results<AgentDone>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn unpublish(
    State(app): State<App>,
    body::Json(asked): body::Json<Incarnations>,
) -> Result<Json<Results<AgentDone>>, Failure> {
    paging::batch("agents", asked.agents.len(), AGENTS_MAX)?;
    let (agents, places) =
        batch::read(asked.agents, |one| Ok((one.agent.clone(), from_wire::incarnation(one)?)));
    let unpublished = agents.into_iter().map(async |(agent, whom)| {
        app.node.unpublish(whom).await?;
        Ok(AgentDone { agent })
    });
    Ok(places.results(join_all(unpublished).await))
}

/// Finds agents by one of seven kinds of query.
#[utoipa::path(post, path = "/marketplace/search", tag = "marketplace", operation_id = "search_marketplace",
    request_body = Search,
    responses(
        (status = 200, body = Found),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn search(
    State(app): State<App>,
    body::Json(asked): body::Json<Search>,
) -> Result<Json<Found>, Failure> {
    let page = app.node.search(&from_wire::search(asked)?)?;
    Ok(Json(to_wire::agent::found(&page)))
}

/// Sizes of the marketplace and its indexes, counted through: for an operator, not for every second.
#[utoipa::path(get, path = "/marketplace/stats", tag = "marketplace", operation_id = "get_marketplace_stats",
    responses(
        (status = 200, body = Stats),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn stats(State(app): State<App>) -> Json<Stats> {
    // Of a million listings it takes longer than other requests of this thread should wait.
    Json(to_wire::agent::market_stats(&block_in_place(|| app.node.market_stats())))
}

/// Makes the indexes anew from the listings, and tells which had been wrong: that none is, is what is expected.
#[utoipa::path(post, path = "/marketplace/resync", tag = "marketplace", operation_id = "resync_marketplace",
    responses(
        (status = 200, body = Resynced),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn resync(State(app): State<App>) -> Result<Json<Resynced>, Failure> {
    Ok(Json(to_wire::agent::resynced(&app.node.resync_market().await?)))
}
