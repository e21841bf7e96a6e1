//! The event stream of a session: what its agents lose, are about to lose, and are given without asking again.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    Timestamp,
    change::Lagged,
    claim::{ClaimedItem, term_ms},
};

/// One message of the stream of a session. Its name is the event's, `data` has the fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum SessionEvent {
    Item(PushedItem),
    Cancelled(Cancelled),
    LeaseEnding(LeaseEnding),
    LeaseEnded(LeaseEnded),
    Lagged(Lagged),
}

/// Event `cancelled`: the item that the agent holds is gone from the net, or was taken away. A result under this epoch
/// is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cancelled {
    pub agent: String,
    pub item: String,
    pub case: String,
    /// Of the lease that is over.
    pub epoch: u64,
    /// `cancelled` (by the net, or by an operator), `case-cancelled`, `case-ended` (it came to its end without the item),
    /// `withdrawn`, `rolled-back`, `completed-elsewhere` or `handed-off`. There may be more one day.
    pub reason: String,
}

/// Event `lease-ending`: a lease ends soon and was not renewed. Once for each term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaseEnding {
    pub agent: String,
    pub item: String,
    pub epoch: u64,
    pub left_ms: u64,
    /// By the server's wall clock. What counts is `left_ms`.
    pub ends_at: Timestamp,
}

/// Event `lease-ended`: the lease was not renewed in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaseEnded {
    pub agent: String,
    pub item: String,
    pub epoch: u64,
}

/// Event `item`: work that was claimed for an agent which asked for it. The agent holds it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PushedItem {
    pub agent: String,
    #[serde(flatten)]
    pub claimed: ClaimedItem,
}

/// Says to which agents of the session work is pushed from now on, in place of what was said before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// At most 10,000. None: nothing more is pushed.
    pub agents: Vec<PushTo>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushTo {
    pub agent: String,
    /// As the registration gave it.
    pub epoch: u64,
    /// Pushed items that it holds at once, 1 to 1,000.
    pub max_in_hand: usize,
    /// How long the agent may be silent on each item: 1,000 to 86,400,000.
    #[serde(default = "term_ms")]
    pub term_ms: u64,
    /// What of its capabilities it wants to use. Absent: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Vec<String>>,
}

/// Work is pushed to this agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pushing {
    pub agent: String,
    /// Pushed items that it still holds, as when the stream broke and was opened again.
    pub in_hand: usize,
}

impl SessionEvent {
    /// The name of the event on the stream.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Item(_) => "item",
            Self::Cancelled(_) => "cancelled",
            Self::LeaseEnding(_) => "lease-ending",
            Self::LeaseEnded(_) => "lease-ended",
            Self::Lagged(_) => "lagged",
        }
    }

    /// Reads a message. Nothing for a name that is not known: a reader passes over what a newer server says.
    pub fn read(name: &str, data: &str) -> Result<Option<Self>, serde_json::Error> {
        let data: Value = serde_json::from_str(data)?;
        Ok(Some(match name {
            "item" => Self::Item(serde_json::from_value(data)?),
            "cancelled" => Self::Cancelled(serde_json::from_value(data)?),
            "lease-ending" => Self::LeaseEnding(serde_json::from_value(data)?),
            "lease-ended" => Self::LeaseEnded(serde_json::from_value(data)?),
            "lagged" => Self::Lagged(serde_json::from_value(data)?),
            _ => return Ok(None),
        }))
    }
}

#[cfg(test)]
mod tests;
