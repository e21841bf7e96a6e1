//! What handlers share, and the routers of the ports.

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri},
    routing::get,
};
use wire::limits::CLAIM_WAIT_MS_MAX;

use crate::{
    actuator, admin, agent_registry,
    body::BodyBudget,
    config::Config,
    credentials::Credentials,
    guard::{Admission, Guarded, Hosts, Places},
    hand_off::Signer,
    listen::Stop,
    openapi,
    outgoing::Outgoing,
    problem::{Code, Failure},
    rest::Streams,
    ui,
    verdicts::Verdicts,
};

/// From the request's head to the head of the answer. Includes an upload's ten seconds and a decision
/// behind a full inbox.
const ANSWER_MS_MAX: u64 = 30_000;

/// What every handler may use. Cloned for every request: one count, and no two cores at many of them.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

/// What all clones share.
pub(crate) struct Shared {
    pub(crate) node: node::Handle,
    pub(crate) recovered: node::Recovered,
    pub(crate) stop: Stop,
    pub(crate) streams: Streams,
    /// Streams of sessions.
    pub(crate) session_streams: Streams,
    pub(crate) inbox_max: usize,
    pub(crate) verdicts: Verdicts,
    /// Memory for what requests bring.
    pub(crate) bodies: BodyBudget,
    pub(crate) hand_offs: Signer,
    pub(crate) credentials: Credentials,
    pub(crate) outgoing: Outgoing,
    /// Name of this member of the registry.
    pub(crate) member: String,
}

impl App {
    pub(crate) fn new(
        node: &node::Node,
        config: &Config,
        stop: Stop,
    ) -> Result<Self, getrandom::Error> {
        let ttl_ms = config.handoff_ttl_seconds * 1_000;
        Ok(Self(Arc::new(Shared {
            node: node.handle(),
            recovered: node.recovered().clone(),
            stop,
            streams: Streams::new(config.event_streams_max),
            session_streams: Streams::new(config.session_streams_max),
            inbox_max: config.inbox_max,
            verdicts: Verdicts::new(config.soundness),
            bodies: BodyBudget::new(Duration::from_millis(config.body_ms_max)),
            hand_offs: Signer::new(config.handoff_key.as_ref(), ttl_ms)?,
            credentials: Credentials::new(config.yawl_password.as_ref()),
            outgoing: Outgoing::default(),
            member: host_name(),
        })))
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// REST, page and actuator.
pub(crate) fn public(app: App, config: &Config) -> Guarded {
    let (rest, description) = openapi::routes();
    let routes = rest
        .merge(openapi::describe(&description))
        .merge(ui::routes())
        .route("/yawl/ib", get(interface_b))
        .merge(admin::routes())
        .merge(actuator::routes());
    Guarded::new(finish(routes, app), Some(admission(config)))
}

/// The agent-registry service.
pub(crate) fn registry(app: App, config: &Config) -> Guarded {
    Guarded::new(finish(agent_registry::routes(), app), Some(admission(config)))
}

fn admission(config: &Config) -> Admission {
    let hosts = if config.insecure_open { Hosts::Any } else { Hosts::Loopback };
    let answer = Duration::from_millis(ANSWER_MS_MAX);
    let wait = answer + Duration::from_millis(CLAIM_WAIT_MS_MAX);
    Admission {
        requests: Places::new(config.requests_in_flight_max, answer),
        claims: Places::new(config.claims_in_flight_max, wait),
        hosts,
    }
}

/// The actuator alone.
pub(crate) fn management(app: App) -> Guarded {
    Guarded::new(finish(actuator::routes(), app), None)
}

fn finish(routes: Router<App>, app: App) -> Router {
    routes.fallback(no_route).method_not_allowed_fallback(no_method).with_state(app)
}

async fn no_route(uri: Uri) -> Failure {
    let path: String = uri.path().chars().take(200).collect();
    Failure::new(
        Code::NoSuchRoute,
        format!("no route {path:?}; GET /api/v1/openapi.json and docs/api.md list all"),
    )
}

async fn no_method(request: Request) -> Failure {
    let (method, path) = (request.method(), request.uri().path());
    let detail =
        format!("{path:?} does not take {method}; GET /api/v1/openapi.json lists what it takes");
    Failure::new(Code::MethodNotAllowed, detail)
}

/// Interface B itself comes with a later release; deployments' smoke tests ask whether it answers, some
/// with credentials to see whether they are right.
async fn interface_b(State(app): State<App>, headers: HeaderMap) -> Result<StatusCode, Failure> {
    app.credentials.check_if_given(&headers)?;
    Ok(StatusCode::OK)
}

/// What this machine calls itself: members of the registry are told apart by it.
fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "localhost".to_owned(),
        name => name.to_owned(),
    }
}
