//! Words of a script that are about agents:
//!
//! ```text
//! register ann work            agents by commas, then what they can do
//! renew ann   drain ann   quarantine ann why   deregister ann   agents
//! claim ann 2                  so many items at once; `wait` waits for one
//! complete-held 1.1:A 7 <Work/>    return-held 1.1:A 7    fail-held 1.1:A 7    revive 1.1:A
//! hand-off 1.1:A 7 ann bob     renew-lease 1.1:A 7        leases
//! ```
//!
//! `7` is the epoch; `*` stands for the one that the item has.

use agents::{
    AgentId, Epoch,
    lease::TERM_MS_DEFAULT,
    registry::{Answer, Capabilities, Command, Incarnation, Registration, Who},
};

use crate::{AgentFilter, ClaimRequest, Handle, ItemFilter, Rejected, Renewal, case_of_item};

/// Does a line, or gives nothing if it is not about agents.
pub(super) async fn tell(
    handle: &Handle,
    word: &str,
    rest: &str,
) -> Option<Result<String, Rejected>> {
    let words: Vec<&str> = rest.split(' ').collect();
    let ids = || words[0].split(',').map(id).collect::<Vec<_>>();
    Some(match word {
        "register" => register(handle, ids(), &words[1..]).await,
        "renew" => {
            let agents = ids().iter().map(|id| whom(handle, id)).collect();
            registry(handle, Command::Renew { agents }).await
        }
        "drain" => registry(handle, Command::Drain { agents: ids() }).await,
        "quarantine" => {
            let reason = words[1..].join(" ").parse().unwrap();
            registry(handle, Command::Quarantine { agents: ids(), reason }).await
        }
        "deregister" => {
            let agents = ids().iter().map(|id| whom(handle, id)).collect();
            registry(handle, Command::Deregister { agents }).await
        }
        "agents" => Ok(list(handle)),
        "claim" => claim(handle, &words).await,
        "leases" => Ok(leases(handle)),
        "renew-lease" => renew_lease(handle, &words).await,
        "complete-held" | "return-held" | "fail-held" | "revive" | "hand-off" => {
            return held(handle, word, &words).await;
        }
        _ => return None,
    })
}

pub(super) fn id(text: &str) -> AgentId {
    text.parse().unwrap()
}

/// The agent in its present life.
pub(crate) fn whom(handle: &Handle, id: &AgentId) -> Incarnation {
    let epoch = handle.agent(id).map_or(Epoch(0), |agent| agent.epoch);
    Incarnation { who: Who::Id(id.clone()), epoch }
}

pub(crate) async fn register(
    handle: &Handle,
    ids: Vec<AgentId>,
    can: &[&str],
) -> Result<String, Rejected> {
    let can = can.iter().map(|can| can.parse().unwrap()).collect();
    let capabilities = Capabilities::new(can).unwrap();
    let registration = |id| Registration { id, capabilities: capabilities.clone(), profile: None };
    let agents = ids.into_iter().map(registration).collect();
    registry(handle, Command::Register { session: None, agents }).await
}

pub(super) async fn registry(handle: &Handle, command: Command) -> Result<String, Rejected> {
    let answer = handle.registry(command).await?;
    let Answer::Registered(enrolments) = &answer else { return Ok(format!("{answer:?}")) };
    let show =
        |one: &agents::registry::Enrolment| format!("epoch {} {:?}", one.epoch.0, one.arrival);
    Ok(enrolments.iter().map(show).collect::<Vec<_>>().join(", "))
}

fn list(handle: &Handle) -> String {
    let page = handle.agents(&AgentFilter::default(), None, 1000);
    let show = |agent: &crate::AgentDetail| format!("{} {:?}", agent.id, agent.liveness);
    page.items.iter().map(show).collect::<Vec<_>>().join(", ")
}

async fn claim(handle: &Handle, words: &[&str]) -> Result<String, Rejected> {
    let (items_max, wait_ms) = match words[1] {
        "wait" => (1, 30_000),
        count => (count.parse().unwrap(), 0),
    };
    let granted = handle
        .claim(ClaimRequest {
            agent: whom(handle, &id(words[0])),
            class: "test".to_owned(),
            capabilities: None,
            items_max,
            wait_ms,
            term_ms: TERM_MS_DEFAULT,
        })
        .await?;
    let show = |one: &crate::Claimed| {
        let ballot = one.ballot.as_ref().map(super::reviews::ballot).unwrap_or_default();
        format!("{} epoch {} attempt {} {}{ballot}", one.item, one.epoch.0, one.attempt, one.data)
    };
    let mut said: Vec<_> = granted.items.iter().map(show).collect();
    said.extend(granted.retry_after_ms.map(|_| "nothing, come back later".to_owned()));
    Ok(said.join(", "))
}

fn leases(handle: &Handle) -> String {
    let page = handle.items(&ItemFilter::default(), None, 1000);
    let show = |item: &crate::ItemSummary| match &item.lease {
        None => format!("{} {}", item.item, item.status),
        Some(lease) => {
            let holder = lease.holder.as_ref().map(|id| format!(" by {id}")).unwrap_or_default();
            let attempts = lease.attempts;
            format!("{} {} {}{holder}, failed {attempts}", item.item, item.status, lease.standing)
        }
    };
    page.items.iter().map(show).collect::<Vec<_>>().join("; ")
}

/// The epoch that a script names.
fn epoch(handle: &Handle, item: &str, text: &str) -> Epoch {
    let page = handle.items(&ItemFilter::default(), None, 1000);
    match text {
        "*" => {
            let item = page.items.iter().find(|one| one.item == item);
            item.and_then(|item| item.lease.as_ref()).map_or(Epoch(0), |lease| lease.epoch)
        }
        number => Epoch(number.parse().unwrap()),
    }
}

async fn renew_lease(handle: &Handle, words: &[&str]) -> Result<String, Rejected> {
    let (item, epoch) = (words[0].to_owned(), epoch(handle, words[0], words[1]));
    let renewal = Renewal { item, epoch, term_ms: TERM_MS_DEFAULT };
    let left_ms = handle.renew_leases(vec![renewal]).await.remove(0)?;
    Ok(format!("{left_ms} ms left"))
}

/// Commands to items that are held.
async fn held(handle: &Handle, word: &str, words: &[&str]) -> Option<Result<String, Rejected>> {
    use crate::Command as Case;
    let item = words[0].to_owned();
    let epoch = || epoch(handle, words[0], words[1]);
    let command = match word {
        "complete-held" => Case::CompleteHeld { item, data: words[2..].join(" "), epoch: epoch() },
        "return-held" => Case::ReturnHeld { item, epoch: epoch() },
        "fail-held" => Case::FailHeld { item, epoch: epoch() },
        "revive" => Case::Revive { item },
        "hand-off" => {
            let (from, to) = (id(words[2]), id(words[3]));
            Case::HandOff { item, epoch: epoch(), from, to }
        }
        _ => return None,
    };
    let case = case_of_item(words[0]).unwrap();
    Some(match handle.command(&case, None, command).await {
        Ok(answered) => Ok(format!("{answered:?}")),
        Err(rejected) => Err(rejected),
    })
}
