//! What each agent would answer on a port of its own: its card, whether it lives, whether it takes work. Below the
//! agent's path, since a million agents cannot have a port each.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use node::AgentDetail;
use wire::agent_registry::{AgentHealth, Capacity, Card, CardCapabilities, Skill};

use super::agents::{describe, endpoint, find};
use crate::{app::App, body::Id, problem::Failure};

/// Version of an agent that names none.
const VERSION: &str = "1.0";

pub(super) async fn card(State(app): State<App>, id: Id) -> Result<Json<Card>, Failure> {
    let agent = find(&app, &id)?;
    let domain = describe(&agent);
    let version = agent.profile.as_deref().map(|profile| profile.version.as_str());
    Ok(Json(Card {
        name: format!("{} Agent", domain.domain_name),
        version: version.filter(|version| !version.is_empty()).unwrap_or(VERSION).to_owned(),
        url: endpoint(&agent),
        skills: vec![Skill {
            id: "complete_work_item".to_owned(),
            name: "Complete work item".to_owned(),
            description: format!("Does work items of the domain {}", domain.domain_name),
        }],
        description: domain.description,
        capabilities: CardCapabilities { domain: domain.domain_name },
    }))
}

pub(super) async fn health(State(app): State<App>, id: Id) -> Result<Response, Failure> {
    let agent = find(&app, &id)?;
    let (code, status) = if is_live(&agent) {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "stale")
    };
    let health = AgentHealth {
        status: status.to_owned(),
        agent: agent.id.to_string(),
        lifecycle: agent.state.to_string(),
    };
    Ok((code, Json(health)).into_response())
}

/// Whether a claim of the agent would be looked at.
pub(super) async fn capacity(State(app): State<App>, id: Id) -> Result<Json<Capacity>, Failure> {
    let agent = find(&app, &id)?;
    let available = is_live(&agent)
        && agent.state.takes_work()
        && !agent.draining
        && agent.quarantine.is_none();
    Ok(Json(Capacity {
        domain: describe(&agent).domain_name,
        available,
        capacity: if available { "normal" } else { "none" }.to_owned(),
    }))
}

fn is_live(agent: &AgentDetail) -> bool {
    agent.liveness == agents::registry::Liveness::Live
}
