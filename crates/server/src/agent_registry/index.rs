//! Whether the service is well, and the index of the marketplace made anew.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::task::block_in_place;
use tracing::info;

use crate::{app::App, problem::Failure};

/// Health, with the sizes of the indexes under `.components.index`.
pub(super) async fn health(State(app): State<App>) -> Response {
    // Counts through the indexes, which takes milliseconds when they are large.
    let index = block_in_place(|| app.node.market_stats());
    let (registered, live, _) = app.node.agent_counts();
    let fault = app.node.fault();
    let is_up = fault.is_none() && !app.node.is_stopping();
    let (code, status) =
        if is_up { (StatusCode::OK, "UP") } else { (StatusCode::SERVICE_UNAVAILABLE, "DOWN") };
    let components = json!({
        "index": { "status": status, "details": index },
        "registry": { "status": status, "details": { "registered": registered, "live": live } },
    });
    (code, Json(json!({ "status": status, "components": components }))).into_response()
}

/// Makes the indexes anew and names those that had been wrong.
pub(super) async fn resync(State(app): State<App>) -> Result<Json<Value>, Failure> {
    let wrong: Vec<String> =
        app.node.resync_market().await?.iter().map(|list| format!("{list:?}")).collect();
    info!(?wrong, "the index of the marketplace was made anew");
    let index = block_in_place(|| app.node.market_stats());
    Ok(Json(json!({ "status": "resynced", "repaired": wrong, "index": index })))
}
