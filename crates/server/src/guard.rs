//! What every request passes before a handler sees it: who may ask, how many at once, how long. And what
//! every answer passes on its way out.
//!
//! There is no authentication yet, so a page of another site that is open in an operator's browser must
//! not be able to ask: its `Origin` is refused, and so is a foreign `Host`, by which DNS rebinding works.
//!
//! One function round the router and not layers in it: a layer is boxed, cloned and moved for each request.

use std::{any::Any, convert::Infallible, net::IpAddr, panic::AssertUnwindSafe, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use hyper::body::Incoming;
use tokio::{sync::Semaphore, time::timeout};
use tower::Service;
use tracing::error;

use crate::problem::{Code, Failure};

#[cfg(test)]
mod tests;

/// When a refused client should come back: a burst of this length is worked off by then.
const RETRY_MS: u64 = 1_000;
/// Probes and scrapes must get through when everything else is refused for want of room.
const ALWAYS: &str = "/actuator/";
/// Where agents wait for work.
const CLAIMS: &str = "/api/v1/claims";

/// Routes with all that stands before and behind them.
pub(crate) struct Guarded {
    routes: Router,
    admission: Option<Admission>,
}

/// Decides which requests go on.
pub(crate) struct Admission {
    pub(crate) requests: Places,
    /// Claims wait for work, which must not keep others from being answered.
    pub(crate) claims: Places,
    pub(crate) hosts: Hosts,
}

/// Room for requests at work at once, and how long each may take.
pub(crate) struct Places {
    free: Semaphore,
    answer: Duration,
}

/// The names by which clients may call the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hosts {
    /// `localhost` and addresses: all that reaches a loopback address without tricks.
    Loopback,
    /// Any: the server was opened to the network on purpose.
    Any,
}

impl Guarded {
    /// Without `admission` everything goes on.
    pub(crate) fn new(routes: Router, admission: Option<Admission>) -> Self {
        Self { routes, admission }
    }

    /// Answers one request, whatever happens.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Result<Response, Infallible> {
        let request = request.map(Body::new);
        let answering = AssertUnwindSafe(self.admit(request)).catch_unwind();
        let mut response = answering.await.unwrap_or_else(|panic| panicked(&*panic));
        harden(response.headers_mut());
        Ok(response)
    }

    /// Refuses what comes from elsewhere, what is too much and what takes too long.
    async fn admit(&self, request: Request) -> Response {
        let always = request.uri().path().starts_with(ALWAYS);
        let Some(admission) = self.admission.as_ref().filter(|_| !always) else {
            return self.route(request).await;
        };
        if let Err(failure) = admission.hosts.check(request.headers()) {
            return failure.into_response();
        }
        let places = admission.places(request.uri().path());
        let Ok(_place) = places.free.try_acquire() else {
            let detail = "too many requests are being worked on; repeat the request later";
            return Failure::new(Code::Overloaded, detail).retry_after_ms(RETRY_MS).into_response();
        };
        match timeout(places.answer, self.route(request)).await {
            Ok(response) => response,
            Err(_late) => {
                let seconds = places.answer.as_secs();
                let detail = format!(
                    "no answer within {seconds} s; what was asked may still happen: repeat it with the same command id"
                );
                Failure::new(Code::DecisionTimeout, detail).retry_after_ms(RETRY_MS).into_response()
            }
        }
    }

    async fn route(&self, request: Request) -> Response {
        match self.routes.clone().call(request).await {
            Ok(response) => response,
            Err(impossible) => match impossible {},
        }
    }
}

impl Admission {
    fn places(&self, path: &str) -> &Places {
        if path == CLAIMS { &self.claims } else { &self.requests }
    }
}

impl Places {
    /// Lets `max` requests work at once, each for at most `answer`.
    pub(crate) fn new(max: usize, answer: Duration) -> Self {
        Self { free: Semaphore::new(max), answer }
    }
}

impl Hosts {
    /// Checks `Host` and `Origin`.
    fn check(self, headers: &HeaderMap) -> Result<(), Failure> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let host = text(header::HOST).unwrap_or_default();
        if self == Self::Loopback && !host.is_empty() && !is_local(host) {
            let detail = format!(
                "host {host:?} is not this machine; call it by address or localhost, or serve with --insecure-open"
            );
            return Err(Failure::new(Code::ForeignHost, detail));
        }
        let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
        let same = origin.split_once("://").is_some_and(|(_, authority)| authority == host);
        if same {
            return Ok(());
        }
        let detail = format!("pages of {origin:?} may not ask this server; open its own page");
        Err(Failure::new(Code::ForeignOrigin, detail))
    }
}

/// An address or `localhost`, with or without a port. A name could be made to point here by anybody.
fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

fn panicked(panic: &(dyn Any + Send)) -> Response {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    error!(panic = text, "a handler panicked");
    Failure::new(Code::Internal, "this request met a defect; the server's log has it")
        .into_response()
}

/// Headers on every answer: nothing may be guessed, framed, cached or leaked.
fn harden(headers: &mut HeaderMap) {
    headers.reserve(HARDENED.len());
    for (name, value) in HARDENED {
        // What a handler has set stands: hashed assets are cached for long.
        headers.entry(name).or_insert(value);
    }
}

const HARDENED: [(HeaderName, HeaderValue); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY)),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Everything from this server, nothing inline.
const CONTENT_POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
