//! The event stream for live pages: which case moved. Bounded in number and in what it may lag.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::stream::{self, Stream};
use node::Change;
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    broadcast::{Receiver, error::RecvError},
};
use wire::{
    Problem,
    change::{self, Lagged},
};

use crate::{
    app::App,
    listen::{Stop, stopped},
    problem::{Code, Failure},
};

/// Between two comments on a quiet stream: less than the minute after which proxies cut it.
const HEARTBEAT_MS: u64 = 15_000;
/// When a refused page should try again: pages are closed at that pace, not faster.
const RETRY_MS: u64 = 10_000;

/// Counts open streams.
#[derive(Clone)]
pub(crate) struct Streams {
    places: Arc<Semaphore>,
    max: usize,
}

impl Streams {
    pub(crate) fn new(max: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(max)), max }
    }

    /// A place for one more stream, as long as it is kept.
    pub(super) fn enter(&self, remedy: &str) -> Result<OwnedSemaphorePermit, Failure> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_full| {
            let detail = format!("{} event streams are open; {remedy}", self.max);
            Failure::new(Code::TooManyStreams, detail).retry_after_ms(RETRY_MS)
        })
    }

    /// Streams that are open now.
    pub(crate) fn open(&self) -> u64 {
        u64::try_from(self.max - self.places.available_permits()).expect("a small count")
    }
}

/// Streams changes of cases as server-sent events: `data` is a change; an event `lagged` says that some were missed.
#[utoipa::path(get, path = "/events", tag = "events", operation_id = "stream_events",
    responses(
        (status = 200, body = change::Change, content_type = "text/event-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn stream(
    State(app): State<App>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let place = app.streams.enter("close pages or poll instead")?;
    let feed = Feed { changes: app.node.changes(), stop: app.stop.clone(), _place: place };
    let events =
        stream::unfold(feed, |mut feed| async move { Some((Ok(feed.next().await?), feed)) });
    Ok(Sse::new(events).keep_alive(heartbeat()))
}

/// Comments on a quiet stream.
pub(super) fn heartbeat() -> KeepAlive {
    KeepAlive::new().interval(Duration::from_millis(HEARTBEAT_MS)).text("still here")
}

/// One reader's place in the changes.
struct Feed {
    changes: Receiver<Change>,
    stop: Stop,
    _place: OwnedSemaphorePermit,
}

impl Feed {
    /// The next event; `None` when the server stops.
    async fn next(&mut self) -> Option<Event> {
        // Cancel-safe: a change that is not taken stays in the channel.
        tokio::select! {
            received = self.changes.recv() => match received {
                Ok(change) => Some(event(&change)),
                Err(RecvError::Lagged(missed)) => Some(lagged(missed)),
                Err(RecvError::Closed) => None,
            },
            () = stopped(&mut self.stop) => None,
        }
    }
}

fn event(change: &Change) -> Event {
    let change = change::Change {
        case: change.case.to_string(),
        position: change.position,
        what: change.what.name().to_owned(),
    };
    Event::default().data(serde_json::to_string(&change).expect("a change is plain data"))
}

fn lagged(missed: u64) -> Event {
    let lagged = serde_json::to_string(&Lagged { missed }).expect("a count is plain data");
    Event::default().event("lagged").data(lagged)
}
