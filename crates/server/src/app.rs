//! What handlers share, and the routers of the two ports.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::error;

use crate::{
    actuator,
    body::BodyBudget,
    config::{Config, Secret},
    guard::{self, Guard, Hosts},
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

/// What every handler may use. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) node: node::Handle,
    pub(crate) recovered: Arc<node::Recovered>,
    pub(crate) stop: Stop,
    pub(crate) streams: Streams,
    pub(crate) inbox_max: usize,
    pub(crate) verdicts: Arc<Verdicts>,
    yawl_password: Option<Secret>,
}

impl App {
    pub(crate) fn new(node: &node::Node, config: &Config, stop: Stop) -> Self {
        Self {
            node: node.handle(),
            recovered: Arc::new(node.recovered().clone()),
            stop,
            streams: Streams::new(config.event_streams_max),
            inbox_max: config.inbox_max,
            verdicts: Arc::new(Verdicts::new(config.soundness)),
            yawl_password: config.yawl_password.clone(),
        }
    }
}

/// REST, page and actuator.
pub(crate) fn public(app: App, config: &Config) -> Router {
    let hosts = if config.insecure_open { Hosts::Any } else { Hosts::Loopback };
    let answer = Duration::from_millis(ANSWER_MS_MAX);
    let guard = Guard::new(config.requests_in_flight_max, answer, hosts);
    let (rest, description) = openapi::routes();
    let guarded = rest
        .merge(openapi::describe(&description))
        .merge(ui::routes())
        .route("/yawl/ib", get(interface_b))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(from_fn_with_state(guard, guard::admit))
        .layer(Extension(BodyBudget::new(Duration::from_millis(config.body_ms_max))));
    // Probes and scrapes must get through when everything else is refused for want of room.
    harden(guarded.merge(actuator::routes())).with_state(app)
}

/// The actuator alone.
pub(crate) fn management(app: App) -> Router {
    let routes = actuator::routes().fallback(no_route).method_not_allowed_fallback(no_method);
    harden(routes).with_state(app)
}

fn harden(routes: Router<App>) -> Router<App> {
    routes.layer(CatchPanicLayer::custom(panicked)).layer(from_fn(guard::harden))
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

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    error!(panic = text, "a handler panicked");
    Failure::new(Code::Internal, "this request met a defect; the server's log has it")
        .into_response()
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
