//! What operators do: look at figures, reset discovery, restart heartbeats. Paths of the contract.

use axum::{
    Json, Router,
    extract::State,
    http::HeaderMap,
    routing::{get, post},
};
use node::{Discovery, telemetry::Telemetry};
use serde_json::{Value, json};
use tracing::info;

use crate::{app::App, problem::Failure};

#[cfg(test)]
mod tests;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/yawl/admin/stats", get(stats))
        .route("/yawl/resilience/discovery/reset", post(reset_discovery))
        .route("/admin/heartbeat/restart", post(restart_heartbeats))
}

/// The figures that a runbook watches while something recovers.
async fn stats(State(app): State<App>) -> Result<Json<Value>, Failure> {
    let discovery = app.node.discovery().await?;
    let telemetry = app.node.telemetry();
    Ok(Json(json!({
        "cases": cases(telemetry),
        "agents": agents(&app),
        "discovery": show_discovery(&discovery, telemetry),
    })))
}

fn cases(telemetry: &Telemetry) -> Value {
    json!({
        "active": telemetry.cases_active.get(),
        "created": telemetry.cases_created.get(),
        "ended": telemetry.cases_ended.get(),
    })
}

fn agents(app: &App) -> Value {
    let (registered, live, states) = app.node.agent_counts();
    let states: serde_json::Map<_, _> =
        states.iter().map(|(state, count)| (state.as_str().to_owned(), json!(count))).collect();
    json!({ "registered": registered, "live": live, "states": states })
}

/// How discovery fares, for the figures and for health.
pub(crate) fn show_discovery(discovery: &Discovery, telemetry: &Telemetry) -> Value {
    let Discovery { lull, claims, waiting, breakers, demand } = discovery;
    let outcomes = &telemetry.agents.discovery;
    let breakers: Vec<Value> = breakers
        .iter()
        .map(|breaker| {
            json!({ "class": breaker.class, "state": breaker.state, "failures": breaker.failures })
        })
        .collect();
    let demand: Vec<Value> = demand
        .iter()
        .take(DEMAND_MAX)
        .map(|(capability, items)| json!({ "capability": capability.as_str(), "items": items }))
        .collect();
    json!({
        "circuit_breaker": circuit(discovery),
        "circuit_breakers": breakers,
        "claims": claims,
        "waiting": waiting,
        "agents_in_backoff": lull.agents,
        "backoff_level": lull.level,
        "empty_results_in_a_row": lull.empties,
        "polling_load_reduction_percent": lull.reduction_percent,
        "attempts": {
            "success": outcomes.success.get(),
            "timeout": outcomes.timeout.get(),
            "no_work": outcomes.no_work.get(),
        },
        "demand": demand,
    })
}

/// Capabilities shown with the items that wait for them.
const DEMAND_MAX: usize = 100;

/// The worst state of all classes' circuit breakers.
pub(crate) fn circuit(discovery: &Discovery) -> &'static str {
    let has = |state| discovery.breakers.iter().any(|breaker| breaker.state == state);
    ["OPEN", "HALF_OPEN"].into_iter().find(|state| has(*state)).unwrap_or("CLOSED")
}

/// Closes every circuit breaker; agents that found nothing begin again with the shortest sleep.
async fn reset_discovery(State(app): State<App>) -> Result<Json<Value>, Failure> {
    app.node.reset_discovery().await?;
    info!("discovery was reset by an operator");
    let discovery = app.node.discovery().await?;
    Ok(Json(json!({ "status": "reset", "circuit_breaker": circuit(&discovery) })))
}

/// Counts every heartbeat's time anew: whoever was not dead has its whole time again, as after a restart of the
/// process. Deadlines are rebuilt from what is registered.
async fn restart_heartbeats(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Json<Value>, Failure> {
    app.credentials.require(&headers)?;
    app.node.registry(agents::registry::Command::Extend).await?;
    info!("heartbeats were restarted by an operator");
    let (registered, _, _) = app.node.agent_counts();
    Ok(Json(json!({ "status": "restarted", "agents": registered })))
}
