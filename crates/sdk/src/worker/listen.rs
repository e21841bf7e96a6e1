//! The listener: reads the events of the session and passes them on, for as long as the session lasts.
//!
//! Whatever goes wrong here costs time and nothing else: renewals tell the same, later.

use std::sync::Arc;

use tokio::{sync::mpsc, time::sleep};
use tracing::{debug, info};

use super::Plan;
use crate::{error::Error, events::Event};

/// Events that wait for the worker.
pub(super) const EVENTS_MAX: usize = 256;

/// What the worker hears.
#[derive(Debug)]
pub(super) enum Heard {
    /// The stream was opened again: what happened in between is not known.
    Anew,
    Event(Event),
}

pub(super) async fn listen(plan: Arc<Plan>, session: u64, heard: mpsc::Sender<Heard>) {
    let mut in_vain = 0;
    loop {
        match follow(&plan, session, &heard, &mut in_vain).await {
            Ok(End::Ended) => debug!(session, "the event stream ended"),
            Ok(End::NobodyListens) => return,
            Err(error) if is_absent(&error) => {
                info!(session, %error, "no event stream; renewals tell what is lost");
                return;
            }
            Err(error) => debug!(session, %error, "the event stream broke"),
        }
        in_vain += 1;
        let pause = plan.client.pauses().after(in_vain, None, plan.client.chance());
        sleep(pause).await;
    }
}

enum End {
    Ended,
    NobodyListens,
}

/// Reads one stream to its end.
async fn follow(
    plan: &Plan,
    session: u64,
    heard: &mpsc::Sender<Heard>,
    in_vain: &mut u32,
) -> Result<End, Error> {
    let mut events = plan.client.session_events(session).await?;
    if heard.send(Heard::Anew).await.is_err() {
        return Ok(End::NobodyListens);
    }
    loop {
        let Some(event) = events.next().await? else { return Ok(End::Ended) };
        *in_vain = 0;
        if heard.send(Heard::Event(event)).await.is_err() {
            return Ok(End::NobodyListens);
        }
    }
}

/// The server has no such streams, or the session is over and the worker will begin another.
fn is_absent(error: &Error) -> bool {
    matches!(error.code(), Some("no-such-route" | "method-not-allowed" | "no-such-session"))
}
