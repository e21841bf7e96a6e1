//! The agent-registry service: what agents of existing deployments call on a port of its own.
//!
//! A thin face over the registry of the node: whoever registers here is the same agent as under `/api/v1`, and what
//! each agent would answer on a port of its own is answered here below its path.

mod agents;
mod each;
mod index;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

/// All routes of the service.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/health", get(index::health))
        .route("/resync-index", post(index::resync))
        .route("/agents", get(agents::list))
        .route("/agents/register", post(agents::register))
        .route("/agents/by-capability", get(agents::by_capability))
        .route("/agents/{id}", get(agents::one).delete(agents::unregister))
        .route("/agents/{id}/heartbeat", post(agents::heartbeat))
        .route("/agents/{id}/.well-known/agent.json", get(each::card))
        .route("/agents/{id}/health", get(each::health))
        .route("/agents/{id}/capacity", get(each::capacity))
}
