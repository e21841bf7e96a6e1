//! What happens to the agents of a session: the server's event stream, read with limits.

mod sse;

use std::time::Duration;

use serde::Deserialize;
use tokio::time::timeout;
use wire::claim::ClaimedItem;

use self::sse::{Message, Parser};
use crate::{client::Stream, error::Error};

/// A stream without a byte for so long is a broken one: servers say something every quarter of a minute.
const QUIET: Duration = Duration::from_secs(60);

/// Something that happened to an agent of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// An item that the agent held is gone from the net or was taken away.
    Cancelled {
        item: ItemHold,
        reason: String,
    },
    /// A lease ends soon and has not been renewed.
    LeaseEnding(ItemHold),
    LeaseEnded(ItemHold),
    /// Pushed work, already leased.
    Item {
        agent: String,
        item: Box<ClaimedItem>,
    },
    /// Some events were missed: what is held must be looked up.
    Lagged {
        missed: u64,
    },
}

/// One agent's hold of an item.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ItemHold {
    pub agent: String,
    pub item: String,
    pub epoch: u64,
}

/// The event stream of a session.
pub struct Events {
    stream: Stream,
    parser: Parser,
}

impl Events {
    pub(crate) fn new(stream: Stream) -> Self {
        Self { stream, parser: Parser::default() }
    }

    /// The next event; `None` when the server ends the stream. Events of kinds that are not known here are passed over.
    pub async fn next(&mut self) -> Result<Option<Event>, Error> {
        loop {
            while let Some(message) = self.parser.take() {
                if let Some(event) = read(&message)? {
                    return Ok(Some(event));
                }
            }
            let next = timeout(QUIET, self.stream.next()).await;
            match next.unwrap_or(Err(Error::Late(QUIET)))? {
                Some(bytes) => self.parser.feed(&bytes).map_err(nonsense)?,
                None => return Ok(None),
            }
        }
    }
}

fn read(message: &Message) -> Result<Option<Event>, Error> {
    #[derive(Deserialize)]
    struct Reason {
        #[serde(default)]
        reason: String,
    }
    #[derive(Deserialize)]
    struct Pushed {
        agent: String,
        #[serde(flatten)]
        item: Box<ClaimedItem>,
    }
    #[derive(Deserialize)]
    struct Lagged {
        missed: u64,
    }
    Ok(Some(match message.event.as_str() {
        "cancelled" => {
            let Reason { reason } = data(message)?;
            Event::Cancelled { item: data(message)?, reason }
        }
        "lease-ending" => Event::LeaseEnding(data(message)?),
        "lease-ended" => Event::LeaseEnded(data(message)?),
        "item" => {
            let Pushed { agent, item } = data(message)?;
            Event::Item { agent, item }
        }
        "lagged" => {
            let Lagged { missed } = data(message)?;
            Event::Lagged { missed }
        }
        _ => return Ok(None),
    }))
}

fn data<'a, T: Deserialize<'a>>(message: &'a Message) -> Result<T, Error> {
    serde_json::from_str(&message.data)
        .map_err(|error| nonsense(format!("event {}: {error}", message.event)))
}

fn nonsense(reason: impl ToString) -> Error {
    Error::Nonsense { status: 200, reason: reason.to_string() }
}

#[cfg(test)]
mod tests;
