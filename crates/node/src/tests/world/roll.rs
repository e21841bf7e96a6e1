//! Words of a script that are about what the desk keeps:
//!
//! ```text
//! session ann,bob work         opens a session and registers these in it
//! renew-session 1   close-session 1
//! state ann DISCOVERING   release ann
//! publish ann 2.5   unpublish ann
//! roll                         all agents, sessions, names in quarantine, listings: all that must outlive a crash
//! ```

use std::{fmt::Write as _, sync::Arc};

use agents::{
    SessionId,
    marketplace::{Cost, Draft, Offering, Query, Search},
    registry::{Answer, Capabilities, Command, Registration},
};

use super::people::{id, registry, whom};
use crate::{AgentFilter, Handle, Rejected};

/// Does a line, or gives nothing if it is not about the desk.
pub(super) async fn tell(
    handle: &Handle,
    word: &str,
    rest: &str,
) -> Option<Result<String, Rejected>> {
    let words: Vec<&str> = rest.split(' ').collect();
    let session = || SessionId(words[0].parse().unwrap());
    Some(match word {
        "session" => open(handle, words[0], words[1]).await,
        "renew-session" => {
            registry(handle, Command::RenewSessions { sessions: vec![session()] }).await
        }
        "close-session" => registry(handle, Command::CloseSession { session: session() }).await,
        "state" => {
            let changes = vec![(whom(handle, &id(words[0])), words[1].parse().unwrap())];
            registry(handle, Command::SetStates { changes }).await
        }
        "release" => registry(handle, Command::Release { agents: vec![id(words[0])] }).await,
        "publish" => {
            let offering = Arc::new(offering(words[1].parse().unwrap()));
            let published = handle.publish(whom(handle, &id(words[0])), offering).await;
            published.map(|()| "done".to_owned())
        }
        "unpublish" => {
            let unpublished = handle.unpublish(whom(handle, &id(words[0]))).await;
            unpublished.map(|()| "done".to_owned())
        }
        "roll" => Ok(roll(handle)),
        _ => return None,
    })
}

async fn open(handle: &Handle, ids: &str, can: &str) -> Result<String, Rejected> {
    let opened = handle.registry(Command::OpenSession { host: "here".parse().unwrap() }).await?;
    let Answer::SessionOpened(session) = opened else { panic!("{opened:?}") };
    let capabilities = Capabilities::new(vec![can.parse().unwrap()]).unwrap();
    let registration =
        |name| Registration { id: id(name), capabilities: capabilities.clone(), profile: None };
    let agents = ids.split(',').map(registration).collect();
    let said = registry(handle, Command::Register { session: Some(session), agents }).await?;
    Ok(format!("session {}: {said}", session.0))
}

fn offering(price: f64) -> Offering {
    let cost = Cost::pure_inference(price);
    Offering::new(Draft { cost, ..Draft::minimal("work", "does work") }).unwrap()
}

fn roll(handle: &Handle) -> String {
    let mut said = String::new();
    for agent in handle.agents(&AgentFilter::default(), None, 1000).items {
        let (id, slot, epoch) = (&agent.id, agent.slot.0, agent.epoch.0);
        write!(said, "\n  {id} slot {slot} epoch {epoch} {:?}", agent.state).unwrap();
        let session = agent.session.map(|session| format!(" session {}", session.0));
        let quarantine = agent.quarantine.map(|why| format!(" quarantined: {why}"));
        said.extend(session.into_iter().chain(quarantine));
        said.push_str(if agent.draining { " draining" } else { "" });
    }
    let market = handle.search(&Search::new(Query::AllLive)).unwrap();
    for found in market.found {
        let price = found.offering.cost.base_price_per_cycle;
        write!(said, "\n  {} at {price}", found.agent).unwrap();
    }
    said
}
