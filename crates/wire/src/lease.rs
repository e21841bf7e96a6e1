//! Leases: who holds an item and until when; renew, give back, hand on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, claim::term_ms};

/// Who holds an item, or why nobody may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lease {
    /// `held`, `free`, `resting` or `dead-letter`.
    pub standing: String,
    pub holder: Option<String>,
    /// The last one given for this item.
    pub epoch: u64,
    /// Claims without a result so far.
    pub attempts: u32,
}

/// Lets leases go on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseRenewals {
    /// At most 10,000.
    pub leases: Vec<LeaseRenewal>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseRenewal {
    pub item: String,
    pub epoch: u64,
    /// From now on: 1,000 to 86,400,000.
    #[serde(default = "term_ms")]
    pub term_ms: u64,
}

/// A lease that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaseRenewed {
    pub item: String,
    pub left_ms: u64,
    /// By the server's wall clock. What counts is `left_ms`.
    pub ends_at: Timestamp,
}

/// Items that their holder gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldItems {
    /// At most 10,000.
    pub items: Vec<HeldItem>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldItem {
    pub item: String,
    pub epoch: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<String>,
}

/// The lease under which the item in the path is held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Held {
    pub epoch: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<String>,
}

/// The holder of an item wants another agent to have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOff {
    /// The holder.
    pub from: String,
    /// Of its lease.
    pub epoch: u64,
    /// Who is to have it.
    pub to: String,
}

/// A hand-off that waits to be accepted. The item stays with its holder until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandOffOffer {
    /// For `to`, and for nobody else: good once, for this item, as long as this lease lasts and no longer than `expires_in_ms`.
    pub token: String,
    pub item: String,
    pub from: String,
    pub to: String,
    pub epoch: u64,
    pub expires_in_ms: u64,
    pub expires_at: Timestamp,
}

/// The receiver takes the item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOffAcceptance {
    pub token: String,
    /// The receiver.
    pub agent: String,
    /// As the receiver's registration gave it.
    pub epoch: u64,
}
