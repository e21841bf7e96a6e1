//! The client: one call for each request, repeated where that is safe.
//!
//! Cheap to clone; clones share connections. What is repeated and when stands in `docs/sdk.md`.

mod http;

mod agents;
mod cases;
mod claims;
mod items;
mod marketplace;
mod sessions;
mod specifications;

use std::{fmt, sync::Arc, time::Duration};

use hyper::{Method, body::Bytes};
use serde::{Serialize, de::DeserializeOwned};
use tracing::debug;
use wire::{Outcome, Problem, Results};

pub(crate) use self::http::Stream;
use self::http::{Ask, Http};
pub use crate::pause::Pauses;
use crate::{chance::Chance, error::Error, traceparent::Traceparent};

/// A server, as an agent sees it.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    settings: Settings,
    trace: Option<Traceparent>,
}

struct Shared {
    http: Http,
    chance: Chance,
}

/// How patient a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// For one answer; a claim's wait comes on top. More than the server takes before it gives up itself.
    pub patience: Duration,
    /// Times that a request is sent, the first included.
    pub attempts_max: u32,
    pub pauses: Pauses,
    /// A longer answer is refused: more than any that a server gives.
    pub answer_bytes_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(40),
            attempts_max: 6,
            pauses: Pauses::default(),
            answer_bytes_max: 64 * 1024 * 1024,
        }
    }
}

/// A server that asks for a longer pause gets none: the caller is told instead.
pub(crate) const RETRY_AFTER_MAX: Duration = Duration::from_secs(300);

/// Whether a request may be sent again when it is unknown what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeat {
    /// It changes nothing, says the same again, or has a command id.
    Safe,
    /// Only when it has certainly done nothing.
    IfUndone,
}

/// What became of each entry of a batch, in the order of the request.
pub type Each<T> = Vec<Result<T, Box<Problem>>>;

impl Client {
    /// A client of the server at `url`, such as `http://localhost:8080`. Connects when it is first asked.
    pub fn new(url: &str) -> Result<Self, Error> {
        Self::with(url, Settings::default())
    }

    pub fn with(url: &str, settings: Settings) -> Result<Self, Error> {
        let http = Http::new(url, settings.answer_bytes_max)?;
        let chance = Chance::new().map_err(Error::Randomness)?;
        Ok(Self { shared: Arc::new(Shared { http, chance }), settings, trace: None })
    }

    /// A client whose requests say that they belong to this trace.
    #[must_use]
    pub fn in_trace(&self, trace: Option<Traceparent>) -> Self {
        Self { trace, ..self.clone() }
    }

    /// A client that asks once and waits no longer than this: for whoever has a plan of its own.
    #[must_use]
    pub fn impatient(&self, patience: Duration) -> Self {
        let patience = patience.min(self.settings.patience);
        let settings = Settings { attempts_max: 1, patience, ..self.settings };
        Self { settings, ..self.clone() }
    }

    /// A command id that nobody else has: what carries it happens once, however often it is sent.
    pub fn command_id(&self) -> String {
        format!("{:016x}{:016x}", self.chance().number(), self.chance().number())
    }

    pub(crate) fn chance(&self) -> &Chance {
        &self.shared.chance
    }

    pub(crate) fn pauses(&self) -> Pauses {
        self.settings.pauses
    }

    /// The server's metrics, in the text format of Prometheus.
    pub async fn metrics(&self) -> Result<String, Error> {
        let ask = self.asks(Method::GET, "/actuator/prometheus");
        let text = self.send(ask, Repeat::Safe).await?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        read(&self.send(self.asks(Method::GET, path), Repeat::Safe).await?)
    }

    async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        read(&self.send(self.asks(Method::DELETE, path), Repeat::Safe).await?)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        repeat: Repeat,
    ) -> Result<T, Error> {
        read(&self.send(self.asks(Method::POST, path).json(body)?, repeat).await?)
    }

    /// Posts a batch: as many outcomes as there were entries, or an error.
    async fn post_batch<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        entries: usize,
    ) -> Result<Each<T>, Error> {
        let answer: Results<T> = self.post(path, body, Repeat::Safe).await?;
        each(answer.results, entries)
    }

    fn asks(&self, method: Method, path: &str) -> Ask {
        Ask::new(method, path, self.trace, self.settings.patience)
    }

    /// Sends until there is an answer, or no sense in going on.
    async fn send(&self, ask: Ask, repeat: Repeat) -> Result<Bytes, Error> {
        let Settings { attempts_max, pauses, .. } = self.settings;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match self.shared.http.ask(&ask).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let may_be_sent = repeat == Repeat::Safe || error.is_undone();
            let asked_for = error.retry_after();
            let is_too_long = asked_for.is_some_and(|pause| pause > RETRY_AFTER_MAX);
            if !error.is_passing() || !may_be_sent || is_too_long || attempts >= attempts_max {
                return Err(error);
            }
            let pause = pauses.after(attempts, asked_for, self.chance());
            debug!(%error, attempts, pause_ms = pause.as_millis(), "asking again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Opens a stream of server-sent events. Not repeated: whoever listens decides.
    pub(crate) async fn stream(&self, path: &str) -> Result<Stream, Error> {
        self.shared.http.stream(&self.asks(Method::GET, path)).await
    }
}

fn read<T: DeserializeOwned>(answer: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(answer)
        .map_err(|error| Error::Nonsense { status: 200, reason: error.to_string() })
}

fn each<T>(outcomes: Vec<Outcome<T>>, entries: usize) -> Result<Each<T>, Error> {
    if outcomes.len() != entries {
        let reason = format!("{} answers to {entries} entries", outcomes.len());
        return Err(Error::Nonsense { status: 200, reason });
    }
    Ok(outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Done(done) => Ok(done),
            Outcome::Refused { problem } => Err(problem),
        })
        .collect())
}

/// Goes on with a list behind this entry.
fn after(entry: Option<&str>) -> String {
    entry.map(|entry| format!("&after={}", wire::segment::encode(entry))).unwrap_or_default()
}

/// The outcome of a batch of one.
fn only<T>(mut each: Each<T>) -> Result<T, Error> {
    let last = each.pop().ok_or_else(|| Error::Nonsense {
        status: 200,
        reason: "no answer to the one entry".to_owned(),
    })?;
    last.map_err(Error::from)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.shared.http.address())
            .finish_non_exhaustive()
    }
}
