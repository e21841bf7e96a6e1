//! What every request passes before a handler sees it: who may ask, how many at once, how long.
//!
//! There is no authentication yet, so a page of another site that is open in an operator's browser must
//! not be able to ask: its `Origin` is refused, and so is a foreign `Host`, by which DNS rebinding works.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::{sync::Semaphore, time::timeout};

use crate::problem::{Code, Failure};

#[cfg(test)]
mod tests;

/// When a refused client should come back: a burst of this length is worked off by then.
const RETRY_MS: u64 = 1_000;

/// Decides which requests go on.
#[derive(Clone)]
pub(crate) struct Guard {
    in_flight: Arc<Semaphore>,
    answer: Duration,
    hosts: Hosts,
}

/// The names by which clients may call the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hosts {
    /// `localhost` and addresses: all that reaches a loopback address without tricks.
    Loopback,
    /// Any: the server was opened to the network on purpose.
    Any,
}

impl Guard {
    /// Lets `in_flight_max` requests work at once, each for at most `answer`.
    pub(crate) fn new(in_flight_max: usize, answer: Duration, hosts: Hosts) -> Self {
        Self { in_flight: Arc::new(Semaphore::new(in_flight_max)), answer, hosts }
    }
}

/// Refuses what comes from elsewhere, what is too much and what takes too long.
pub(crate) async fn admit(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    if let Err(failure) = guard.hosts.check(request.headers()) {
        return failure.into_response();
    }
    let Ok(_place) = guard.in_flight.try_acquire() else {
        let detail = "too many requests are being worked on; repeat the request later";
        return Failure::new(Code::Overloaded, detail).retry_after_ms(RETRY_MS).into_response();
    };
    match timeout(guard.answer, next.run(request)).await {
        Ok(response) => response,
        Err(_late) => {
            let seconds = guard.answer.as_secs();
            let detail = format!(
                "no answer within {seconds} s; what was asked may still happen: repeat it with the same command id"
            );
            Failure::new(Code::DecisionTimeout, detail).retry_after_ms(RETRY_MS).into_response()
        }
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

/// Headers on every answer: nothing may be guessed, framed, cached or leaked.
pub(crate) async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        // What a handler has set stands: hashed assets are cached for long.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Everything from this server, nothing inline.
const CONTENT_POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
