//! One request of the swarm, with the moments that matter and what came back.

use std::{sync::Arc, time::Duration};

use sdk::Client;
use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, time::Instant};
use wire::{
    case::Launch,
    claim::{Claim, ClaimedItem},
    lease::{HeldItem, LeaseRenewal},
    work_item::Checkin,
};

/// What is measured apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    Launch,
    Claim,
    Complete,
    Fail,
    Return,
    /// All leases of a session that want it, in one request.
    RenewLeases,
    RenewSession,
    /// A session is opened and all its agents are registered.
    Register,
}

/// Part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Phase {
    WarmUp,
    Measured,
    /// After the last launch: what is open is finished.
    Settling,
}

/// A request that can be sent.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Launch(Launch),
    Claim(Claim),
    Complete(String, Checkin),
    Fail(HeldItem),
    Return(HeldItem),
    RenewLeases(Vec<LeaseRenewal>),
    RenewSession(u64),
}

impl Ask {
    pub(crate) fn op(&self) -> Op {
        match self {
            Self::Launch(_) => Op::Launch,
            Self::Claim(_) => Op::Claim,
            Self::Complete(..) => Op::Complete,
            Self::Fail(_) => Op::Fail,
            Self::Return(_) => Op::Return,
            Self::RenewLeases(_) => Op::RenewLeases,
            Self::RenewSession(_) => Op::RenewSession,
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) enum Reply {
    Done,
    /// The items, and how long to stay away if there are none.
    Claimed(Vec<ClaimedItem>, Option<Duration>),
    /// Of each lease, whether it goes on.
    Renewed(Vec<bool>),
    Refused {
        code: String,
        retry_after: Option<Duration>,
    },
    /// Nobody knows what became of it.
    Unknown,
}

/// A request that was sent, or could not be.
#[derive(Debug)]
pub(crate) struct Shot {
    pub(crate) op: Op,
    pub(crate) intended: Instant,
    /// Handed over to be sent: later than intended only if the generator is behind.
    pub(crate) handed: Instant,
    /// Had a connection.
    pub(crate) began: Instant,
    pub(crate) ended: Instant,
    pub(crate) reply: Reply,
}

/// Sends one request as soon as there is room, and takes the times. It is not repeated: what became of it is asked later.
pub(crate) async fn shoot(
    client: Client,
    room: Arc<Semaphore>,
    ask: Ask,
    intended: Instant,
) -> Shot {
    let handed = Instant::now();
    let op = ask.op();
    // It is never closed.
    let _place = room.acquire().await.ok();
    let began = Instant::now();
    let reply = send(&client, ask).await.unwrap_or_else(Reply::from);
    Shot { op, intended, handed, began, ended: Instant::now(), reply }
}

async fn send(client: &Client, ask: Ask) -> Result<Reply, sdk::Error> {
    match ask {
        Ask::Launch(launch) => client.launch(launch).await.map(|_| Reply::Done),
        Ask::Claim(claim) => {
            let claimed = client.claim(&claim).await?;
            let away = claimed.retry_after_ms.map(Duration::from_millis);
            Ok(Reply::Claimed(claimed.items, away))
        }
        Ask::Complete(item, result) => client.check_in(&item, &result).await.map(|_| Reply::Done),
        Ask::Fail(held) => only(client.fail_many(vec![held]).await?),
        Ask::Return(held) => only(client.give_back_many(vec![held]).await?),
        Ask::RenewLeases(leases) => {
            let renewed = client.renew_leases(leases).await?;
            Ok(Reply::Renewed(renewed.iter().map(Result::is_ok).collect()))
        }
        Ask::RenewSession(session) => only(client.renew_sessions(&[session]).await?),
    }
}

fn only<T>(each: sdk::client::Each<T>) -> Result<Reply, sdk::Error> {
    for one in each {
        one?;
    }
    Ok(Reply::Done)
}

impl From<sdk::Error> for Reply {
    fn from(error: sdk::Error) -> Self {
        match error.code() {
            Some(code) if error.is_undone() => {
                Self::Refused { code: code.to_owned(), retry_after: error.retry_after() }
            }
            _ if error.is_undone() => {
                Self::Refused { code: "not-sent".to_owned(), retry_after: None }
            }
            _ => {
                tracing::debug!(%error, "nobody knows what became of a request");
                Self::Unknown
            }
        }
    }
}
