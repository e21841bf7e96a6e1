//! What a request brings: JSON, XML, query strings, path segments, command ids. Each refusal is a problem.
//!
//! A body is paid for from a budget before it is read, and must arrive in time: many large or slow
//! uploads at once cost bounded memory.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::PathRejection},
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use node::Traceparent;
use serde::de::DeserializeOwned;
use tokio::{sync::Semaphore, task::block_in_place, time::timeout};
use wire::limits::{JSON_BYTES_MAX, SPECIFICATION_BYTES_MAX};

use crate::{
    app::App,
    problem::{Code, Failure},
};

#[cfg(test)]
mod tests;

/// Kibibytes of bodies in memory at once.
const BODY_KIB_MAX: usize = 256 * 1024;
/// A body from this size on takes a millisecond or more to read.
const LARGE_BYTES: usize = 256 * 1024;
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// How long a refused sender should wait: large bodies are read in about that time.
const BODY_RETRY_MS: u64 = 1_000;

/// Memory for bodies, shared by all requests.
pub(crate) struct BodyBudget {
    kib: Semaphore,
    arrival: Duration,
}

impl BodyBudget {
    /// A body must be there after `arrival`.
    pub(crate) fn new(arrival: Duration) -> Self {
        Self { kib: Semaphore::new(BODY_KIB_MAX), arrival }
    }

    /// Reads a body of at most `limit` bytes.
    async fn read(&self, headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Failure> {
        let announced =
            headers.get(header::CONTENT_LENGTH).and_then(|text| text.to_str().ok()?.parse().ok());
        let too_large = || {
            Failure::new(
                Code::BodyTooLarge,
                format!("a body here has at most {limit} bytes; split it"),
            )
        };
        let bytes: usize = announced.unwrap_or(limit);
        if bytes > limit {
            return Err(too_large());
        }
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let Ok(_paid) = self.kib.try_acquire_many(kib) else {
            let detail = "too many large bodies are being read; repeat the request later";
            return Err(Failure::new(Code::Overloaded, detail).retry_after_ms(BODY_RETRY_MS));
        };
        match timeout(self.arrival, to_bytes(body, limit)).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) if is_length_limit(&error) => Err(too_large()),
            Ok(Err(error)) => {
                Err(Failure::new(Code::MalformedBody, format!("the body broke off: {error}")))
            }
            Err(_late) => {
                let ms = self.arrival.as_millis();
                let detail =
                    format!("the body did not arrive within {ms} ms; send it faster or in parts");
                Err(Failure::new(Code::RequestTimeout, detail))
            }
        }
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    use std::error::Error;
    error.source().is_some_and(|source| source.is::<http_body_util::LengthLimitError>())
}

/// The media type without parameters; empty if none is given.
fn media_type(headers: &HeaderMap) -> &str {
    let text =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim()
}

fn is_json(media_type: &str) -> bool {
    media_type.eq_ignore_ascii_case("application/json") || has_suffix(media_type, "+json")
}

fn is_xml(media_type: &str) -> bool {
    const NAMES: [&str; 3] = ["application/xml", "text/xml", "application/octet-stream"];
    NAMES.iter().any(|name| media_type.eq_ignore_ascii_case(name)) || has_suffix(media_type, "+xml")
}

/// In any case.
fn has_suffix(text: &str, suffix: &str) -> bool {
    let end = text.len().checked_sub(suffix.len()).and_then(|at| text.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let found = media_type(&parts.headers);
        if !is_json(found) {
            return Err(not_json(found));
        }
        let bytes = app.bodies.read(&parts.headers, body, JSON_BYTES_MAX).await?;
        read_any_size(&bytes).map(Self)
    }
}

/// A JSON body that may be left out.
pub(crate) struct MaybeJson<T>(pub(crate) T);

impl<T: DeserializeOwned + Default> FromRequest<App> for MaybeJson<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let found = media_type(&parts.headers);
        let bytes = app.bodies.read(&parts.headers, body, JSON_BYTES_MAX).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        if !is_json(found) {
            return Err(not_json(found));
        }
        read_any_size(&bytes).map(Self)
    }
}

fn not_json(found: &str) -> Failure {
    let detail = format!("the content type is {found:?}; send application/json");
    Failure::new(Code::UnsupportedMediaType, detail)
}

/// Reads JSON; what takes milliseconds does not keep the thread's other requests waiting.
fn read_any_size<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    if bytes.len() < LARGE_BYTES { read_json(bytes) } else { block_in_place(|| read_json(bytes)) }
}

/// Reads JSON and names the member that is wrong.
fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    // An array would be read as a struct's members in order, which nobody means.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Failure::new(Code::MalformedBody, "the body is no JSON object; send {...}"));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let place = place_of_error::<T>(bytes);
        Failure::new(Code::MalformedBody, format!("{place}{error}"))
    })
}

/// Reads once more what could not be read, now with an eye on where: that takes several times as long.
fn place_of_error<T: DeserializeOwned>(bytes: &[u8]) -> String {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        // What is wrong stands behind the value.
        Ok(_) => String::new(),
        Err(error) => match error.path().to_string() {
            path if path == "." || path == "?" => String::new(),
            path => format!("{path}: "),
        },
    }
}

/// A specification document.
pub(crate) struct Xml(pub(crate) String);

impl FromRequest<App> for Xml {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let found = media_type(&parts.headers);
        if !is_xml(found) {
            let detail =
                format!("the content type is {found:?}; send the document as application/xml");
            return Err(Failure::new(Code::UnsupportedMediaType, detail));
        }
        let bytes = app.bodies.read(&parts.headers, body, SPECIFICATION_BYTES_MAX).await?;
        if bytes.is_empty() {
            return Err(Failure::new(
                Code::MalformedBody,
                "the body is empty; send the .yawl document",
            ));
        }
        String::from_utf8(bytes.into()).map(Self).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Failure::new(
                Code::MalformedBody,
                format!("the document is not UTF-8 at byte {at}; convert it"),
            )
        })
    }
}

/// The query string.
pub(crate) struct Filter<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Filter<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(filter)) => Ok(Self(filter)),
            Err(rejection) => {
                // The wrapper's text repeats that deserialising did not work; its source says what is wrong.
                let reason = std::error::Error::source(&rejection).map(ToString::to_string);
                let reason = reason.unwrap_or_else(|| rejection.to_string());
                Err(Failure::new(Code::MalformedQuery, reason))
            }
        }
    }
}

/// The one id in the path, percent-decoded.
pub(crate) struct Id(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let read: Result<Path<String>, PathRejection> =
            Path::from_request_parts(parts, state).await;
        read.map(|Path(id)| Self(id)).map_err(|error| malformed_path(&error))
    }
}

/// Two ids in a path.
pub(crate) struct Ids(pub(crate) (String, String));

impl<S: Send + Sync> FromRequestParts<S> for Ids {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let read: Result<Path<(String, String)>, PathRejection> =
            Path::from_request_parts(parts, state).await;
        read.map(|Path(ids)| Self(ids)).map_err(|error| malformed_path(&error))
    }
}

fn malformed_path(error: &PathRejection) -> Failure {
    let detail = format!("{error}; encode every byte of an id but A-Z a-z 0-9 - . _ ~");
    Failure::new(Code::MalformedPath, detail)
}

/// The header `Idempotency-Key`.
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let Some(value) = parts.headers.get(IDEMPOTENCY_KEY) else { return Ok(Self(None)) };
        let text = value.to_str().map_err(|_| {
            Failure::new(
                Code::MalformedHeader,
                "Idempotency-Key holds characters beyond ASCII; use a UUID",
            )
        })?;
        Ok(Self(Some(text.to_owned())))
    }
}

/// The header `traceparent`. One that cannot be read is as good as none, as W3C Trace Context wants it: whoever added it
/// on the way is not the one who asks.
pub(crate) struct TraceHeader(pub(crate) Option<Traceparent>);

impl<S: Send + Sync> FromRequestParts<S> for TraceHeader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let mut given = parts.headers.get_all(TRACEPARENT).iter();
        let (Some(value), None) = (given.next(), given.next()) else { return Ok(Self(None)) };
        Ok(Self(value.to_str().ok().and_then(|text| text.trim().parse().ok())))
    }
}

impl IdempotencyKey {
    /// The command's id from header or body, which must agree.
    pub(crate) fn or(self, body: Option<String>) -> Result<Option<String>, Failure> {
        match (self.0, body) {
            (Some(header), Some(body)) if header != body => {
                let detail = "Idempotency-Key and command_id differ; send one of them";
                Err(Failure::new(Code::MalformedHeader, detail))
            }
            (Some(id), _) | (None, Some(id)) => Ok(Some(id)),
            (None, None) => Ok(None),
        }
    }
}
