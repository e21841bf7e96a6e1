//! The stream of a session: what its agents lose and are given, as server-sent events.

use std::{collections::BTreeSet, convert::Infallible};

use agents::SessionId;
use axum::{
    Json,
    extract::State,
    response::sse::{Event, Sse},
};
use futures_util::stream::{self, Stream};
use node::{Push, SessionStream};
use tokio::sync::OwnedSemaphorePermit;
use wire::{
    Problem, Results,
    limits::{IN_HAND_MAX, PUSH_AGENTS_MAX},
    stream as spec,
};

use super::{batch, claims, events::heartbeat, paging};
use crate::{
    app::App,
    body::{self, Id},
    from_wire,
    listen::{Stop, stopped},
    problem::{Code, Failure},
    to_wire,
};

/// Streams what the agents of a session lose, are about to lose and are given, as server-sent events: `cancelled`,
/// `lease-ending`, `lease-ended`, `item`, `lagged`. A session has one stream: whoever opens it ends the one before. What
/// happened before it was opened is not told: renew the leases that your agents hold.
#[utoipa::path(get, path = "/sessions/{id}/events", tag = "agents", operation_id = "stream_session_events",
    params(("id" = u64, Path, description = "The session's number")),
    responses(
        (status = 200, body = spec::SessionEvent, content_type = "text/event-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn read(
    State(app): State<App>,
    Id(id): Id,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let place = app.session_streams.enter("put more agents into one session, or claim instead")?;
    let stream = app.node.open_stream(session(&id))?;
    let feed = Feed { stream, stop: app.stop.clone(), app, _place: place };
    let events =
        stream::unfold(feed, |mut feed| async move { Some((Ok(feed.next().await?), feed)) });
    Ok(Sse::new(events).keep_alive(heartbeat()))
}

/// Says to which agents of the session work is pushed, in place of what was said before, as long as this stream is open.
/// Each has its own answer; nothing is pushed to one that is refused.
#[utoipa::path(put, path = "/sessions/{id}/push", tag = "agents", operation_id = "push_work",
    params(("id" = u64, Path, description = "The session's number")),
    request_body = spec::Push,
    responses(
        (status = 200, body = Results<spec::Pushing>),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn push(
    State(app): State<App>,
    Id(id): Id,
    body::Json(asked): body::Json<spec::Push>,
) -> Result<Json<Results<spec::Pushing>>, Failure> {
    paging::batch("agents", asked.agents.len(), PUSH_AGENTS_MAX)?;
    let names: Vec<String> = asked.agents.iter().map(|one| one.agent.clone()).collect();
    once(&names)?;
    let (agents, places) = batch::read(asked.agents, push_to);
    let names = places.of(names);
    let answers = app.node.push(session(&id), agents)?;
    Ok(places.results(
        names
            .into_iter()
            .zip(answers)
            .map(|(agent, in_hand)| Ok(spec::Pushing { agent, in_hand: in_hand? })),
    ))
}

fn push_to(asked: spec::PushTo) -> Result<Push, Failure> {
    let spec::PushTo { agent, epoch, max_in_hand, term_ms, capabilities } = asked;
    claims::within("max_in_hand", max_in_hand as u64, 1..=IN_HAND_MAX as u64)?;
    claims::term(term_ms)?;
    let capabilities = claims::wanted(capabilities.as_deref())?;
    let agent = from_wire::life_of(&agent, epoch)?;
    Ok(Push { agent, in_hand_max: max_in_hand, term_ms, capabilities })
}

fn once(names: &[String]) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        None => Ok(()),
        Some(twice) => {
            let detail = format!("{twice:.200} is named twice; name each agent once");
            Err(Failure::new(Code::AgentTwice, detail))
        }
    }
}

/// No session has a number that cannot be read, nor the number 0.
pub(super) fn session(id: &str) -> SessionId {
    SessionId(id.parse().unwrap_or(0))
}

/// One reader.
struct Feed {
    stream: SessionStream,
    stop: Stop,
    app: App,
    _place: OwnedSemaphorePermit,
}

impl Feed {
    /// The next event; none when the server stops, the session is over or somebody else reads.
    async fn next(&mut self) -> Option<Event> {
        // Cancel-safe: an event that is not taken stays in the stream.
        let event = tokio::select! {
            event = self.stream.next() => event?,
            () = stopped(&mut self.stop) => return None,
        };
        let event = to_wire::agent::session_event(event, self.app.node.clock().now_ms());
        let data = serde_json::to_string(&event).expect("an event is plain data");
        Some(Event::default().event(event.name()).data(data))
    }
}
