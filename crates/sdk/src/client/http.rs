//! One request and its answer over HTTP/1.1, with limits on size and time. Connections are kept and shared.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited, combinators::BoxBody};
use hyper::{
    Method, Request, Response, Uri,
    body::{Bytes, Incoming},
    header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue},
};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use serde::Serialize;
use tokio::time::timeout;
use wire::Problem;

use crate::{error::Error, traceparent::Traceparent};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a connection without a request is kept: less than servers and proxies commonly do.
const IDLE: Duration = Duration::from_secs(20);
/// Connections that are kept while nobody needs them.
const IDLE_MAX: usize = 32;
/// Bytes of an answer that are shown in an error.
const SHOWN: usize = 200;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");

pub(super) struct Http {
    /// Scheme, authority and what stands before the paths of the interface, without a slash at the end.
    base: String,
    answer_bytes_max: usize,
    pool: legacy::Client<HttpConnector, Full<Bytes>>,
}

/// A request that can be sent more than once.
pub(super) struct Ask {
    method: Method,
    path: String,
    kind: Option<HeaderValue>,
    body: Bytes,
    key: Option<String>,
    trace: Option<Traceparent>,
    patience: Duration,
}

/// The body of an answer that goes on.
pub(crate) struct Stream(Incoming);

impl Ask {
    pub(super) fn new(
        method: Method,
        path: &str,
        trace: Option<Traceparent>,
        patience: Duration,
    ) -> Self {
        let (path, body) = (path.to_owned(), Bytes::new());
        Self { method, path, kind: None, body, key: None, trace, patience }
    }

    pub(super) fn json(self, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::Request(error.into()))?;
        Ok(Self { kind: Some(JSON), body: body.into(), ..self })
    }

    pub(super) fn xml(self, document: &str) -> Self {
        let kind = Some(HeaderValue::from_static("application/xml"));
        Self { kind, body: Bytes::copy_from_slice(document.as_bytes()), ..self }
    }

    pub(super) fn key(self, key: String) -> Self {
        Self { key: Some(key), ..self }
    }

    pub(super) fn waiting(self, wait: Duration) -> Self {
        Self { patience: self.patience.saturating_add(wait), ..self }
    }
}

impl Http {
    pub(super) fn new(url: &str, answer_bytes_max: usize) -> Result<Self, Error> {
        let base = base(url)?;
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT));
        let pool = legacy::Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE_MAX)
            .build(connector);
        Ok(Self { base, answer_bytes_max, pool })
    }

    pub(super) fn address(&self) -> &str {
        &self.base
    }

    /// Sends a request once and reads its whole answer.
    pub(super) async fn ask(&self, ask: &Ask) -> Result<Bytes, Error> {
        let request = self.request(ask, JSON)?;
        let exchange = async {
            let response = self.head(request).await?;
            let status = response.status();
            let body = self.body(response.into_body(), status.as_u16()).await?;
            match status.is_success() {
                true => Ok(body),
                false => Err(refusal(status.as_u16(), &body)),
            }
        };
        timeout(ask.patience, exchange).await.unwrap_or(Err(Error::Late(ask.patience)))
    }

    /// Sends a request whose answer goes on; its head must come in time.
    pub(super) async fn stream(&self, ask: &Ask) -> Result<Stream, Error> {
        let request = self.request(ask, EVENTS)?;
        let begin = async {
            let response = self.head(request).await?;
            let status = response.status();
            if !status.is_success() {
                let body = self.body(response.into_body(), status.as_u16()).await?;
                return Err(refusal(status.as_u16(), &body));
            }
            let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
            if !kind.is_some_and(|kind| kind.starts_with(EVENTS.as_bytes())) {
                let reason = "no event stream".to_owned();
                return Err(Error::Nonsense { status: status.as_u16(), reason });
            }
            Ok(Stream(response.into_body()))
        };
        timeout(ask.patience, begin).await.unwrap_or(Err(Error::Late(ask.patience)))
    }

    fn request(&self, ask: &Ask, accept: HeaderValue) -> Result<Request<Full<Bytes>>, Error> {
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(format!("{}{}", self.base, ask.path))
            .header(ACCEPT, accept);
        if let Some(kind) = &ask.kind {
            request = request.header(CONTENT_TYPE, kind);
        }
        if let Some(key) = &ask.key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        if let Some(trace) = ask.trace {
            request = request.header(TRACEPARENT, trace.to_string());
        }
        request.body(Full::new(ask.body.clone())).map_err(|error| Error::Request(error.into()))
    }

    async fn head(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Error> {
        self.pool.request(request).await.map_err(|error| match error.is_connect() {
            true => Error::Unreachable { address: self.base.clone(), source: error.into() },
            false => Error::Broken(error.into()),
        })
    }

    async fn body(&self, body: Incoming, status: u16) -> Result<Bytes, Error> {
        let limited: BoxBody<_, _> = Limited::new(body, self.answer_bytes_max).boxed();
        match limited.collect().await {
            Ok(whole) => Ok(whole.to_bytes()),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                let reason = format!("it has more than {} bytes", self.answer_bytes_max);
                Err(Error::Nonsense { status, reason })
            }
            Err(error) => Err(Error::Broken(error)),
        }
    }
}

impl Stream {
    /// The next bytes; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while let Some(frame) = self.0.frame().await {
            let frame = frame.map_err(|error| Error::Broken(error.into()))?;
            if let Ok(bytes) = frame.into_data() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }
}

/// What an answer says that is no success.
fn refusal(status: u16, body: &[u8]) -> Error {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => Error::Refused(Box::new(problem)),
        Err(_) => {
            let shown = String::from_utf8_lossy(&body[..body.len().min(SHOWN)]);
            Error::Nonsense { status, reason: format!("no problem document: {shown:?}") }
        }
    }
}

fn base(url: &str) -> Result<String, Error> {
    let wrong = |reason| Error::Address { url: url.to_owned(), reason };
    let uri: Uri = url.parse().map_err(|_| wrong("write it like http://localhost:8080"))?;
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => {
            return Err(wrong("TLS is not built in; let a proxy on this machine speak it"));
        }
        Some(_) | None => return Err(wrong("write it like http://localhost:8080")),
    }
    let authority = uri.authority().ok_or_else(|| wrong("it names no host"))?;
    if authority.as_str().contains('@') {
        return Err(wrong("it has a user name; the server knows none"));
    }
    if uri.query().is_some() {
        return Err(wrong("it has a query"));
    }
    Ok(format!("http://{authority}{}", uri.path().trim_end_matches('/')))
}

#[cfg(test)]
mod tests;
