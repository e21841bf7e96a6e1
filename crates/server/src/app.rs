//! What handlers share, and the routers of the two ports.

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    routing::get,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use wire::limits::CLAIM_WAIT_MS_MAX;

use crate::{
    actuator,
    body::BodyBudget,
    config::{Config, Secret},
    guard::{Admission, Guarded, Hosts, Places},
    hand_off::Signer,
    listen::Stop,
    openapi,
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
    pub(crate) inbox_max: usize,
    pub(crate) verdicts: Verdicts,
    /// Memory for what requests bring.
    pub(crate) bodies: BodyBudget,
    pub(crate) hand_offs: Signer,
    yawl_password: Option<Secret>,
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
            inbox_max: config.inbox_max,
            verdicts: Verdicts::new(config.soundness),
            bodies: BodyBudget::new(Duration::from_millis(config.body_ms_max)),
            hand_offs: Signer::new(config.handoff_key.as_ref(), ttl_ms)?,
            yawl_password: config.yawl_password.clone(),
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
    let hosts = if config.insecure_open { Hosts::Any } else { Hosts::Loopback };
    let answer = Duration::from_millis(ANSWER_MS_MAX);
    let wait = answer + Duration::from_millis(CLAIM_WAIT_MS_MAX);
    let admission = Admission {
        requests: Places::new(config.requests_in_flight_max, answer),
        claims: Places::new(config.claims_in_flight_max, wait),
        hosts,
    };
    let (rest, description) = openapi::routes();
    let routes = rest
        .merge(openapi::describe(&description))
        .merge(ui::routes())
        .route("/yawl/ib", get(interface_b))
        .merge(actuator::routes());
    Guarded::new(finish(routes, app), Some(admission))
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
        format!("no route {path:?}; GET /api/v1/openapi.json lists all"),
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
    let (Some(given), Some(password)) = (headers.get(header::AUTHORIZATION), &app.yawl_password)
    else {
        return Ok(StatusCode::OK);
    };
    let wanted =
        format!("Basic {}", BASE64_STANDARD.encode(format!("admin:{}", password.expose())));
    if equal_in_constant_time(given.as_bytes(), wanted.as_bytes()) {
        return Ok(StatusCode::OK);
    }
    let detail =
        "credentials do not match; the user is admin, the password is set by YAWL_PASSWORD";
    Err(Failure::new(Code::BadCredentials, detail))
}

/// Takes as long for a wrong guess as for a nearly right one.
fn equal_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
