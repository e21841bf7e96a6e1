//! Words of a script that are about worklists:
//!
//! ```text
//! by ann accept 1:A          also start, deallocate, suspend, resume, skip, pile, chain
//! by ann delegate 1:A bob    also reallocate-stateless, reallocate-stateful
//! by ann id=c1 start 1:A     with a command's id
//! unchain 1 ann
//! admin offer 1:A ann,bob    also allocate, start-for, redistribute
//! worklist   worklist ann    all items; one participant's
//! ```

use agents::resourcing::ParticipantId;

use crate::{
    Action, Answered, Command, CommandId, GivenItem, Handle, Rejected, WorklistFilter, case_of_item,
};

/// Does a line, or gives nothing if it is not about worklists.
pub(super) async fn tell(
    handle: &Handle,
    word: &str,
    rest: &str,
) -> Option<Result<String, Rejected>> {
    let words: Vec<&str> = rest.split(' ').collect();
    Some(match word {
        "by" => by(handle, &words).await,
        "admin" => {
            let command = Command::Act { item: words[1].into(), action: administer(&words) };
            act(handle, words[1], None, command).await
        }
        "unchain" => {
            let case = engine::CaseId::parse(words[0]).unwrap();
            let command = Command::Unchain { by: who(words[1]) };
            handle.command(&case, None, command).await.map(show)
        }
        "worklist" => Ok(list(handle, words.first().filter(|name| !name.is_empty()))),
        _ => return None,
    })
}

async fn by(handle: &Handle, words: &[&str]) -> Result<String, Rejected> {
    let by = who(words[0]);
    let id = words[1].strip_prefix("id=").map(|id| CommandId::parse(id).unwrap());
    let words = if id.is_some() { &words[2..] } else { &words[1..] };
    let to = || who(words[2]);
    let action = match words[0] {
        "accept" => Action::Accept { by },
        "start" => Action::Start { by },
        "deallocate" => Action::Deallocate { by },
        "suspend" => Action::Suspend { by },
        "resume" => Action::Resume { by },
        "skip" => Action::Skip { by },
        "chain" => Action::Chain { by },
        "delegate" => Action::Delegate { by, to: to() },
        "reallocate-stateless" => Action::ReallocateStateless { by, to: to() },
        "reallocate-stateful" => Action::ReallocateStateful { by, to: to() },
        "pile" => return handle.pile(words[1], by, id).await.map(show),
        other => panic!("nobody does {other}"),
    };
    let command = Command::Act { item: words[1].into(), action };
    act(handle, words[1], id, command).await
}

fn administer(words: &[&str]) -> Action {
    match words[0] {
        "offer" => Action::Offer { to: words[2].split(',').map(who).collect() },
        "allocate" => Action::Allocate { to: who(words[2]) },
        "start-for" => Action::StartFor { to: who(words[2]) },
        "redistribute" => Action::Redistribute,
        other => panic!("no administrator does {other}"),
    }
}

async fn act(
    handle: &Handle,
    item: &str,
    id: Option<CommandId>,
    command: Command,
) -> Result<String, Rejected> {
    let case = case_of_item(item).unwrap();
    handle.command(&case, id, command).await.map(show)
}

fn show(answered: Answered) -> String {
    match answered {
        Answered::Done => "done".to_owned(),
        Answered::Taken { item, data, epoch } => {
            let epoch = epoch.map(|epoch| format!(" epoch {}", epoch.0)).unwrap_or_default();
            format!("taken {item}{epoch} {data}")
        }
        Answered::Started { .. } | Answered::Added { .. } | Answered::HandedOff { .. } => {
            unreachable!("no action is answered so")
        }
    }
}

fn who(name: &str) -> ParticipantId {
    name.parse().unwrap()
}

fn list(handle: &Handle, name: Option<&&str>) -> String {
    let participant = name.map(|name| who(name));
    let filter = WorklistFilter { participant, queue: None };
    let show = |given: &GivenItem| {
        let names: Vec<&str> = given.participants.iter().map(ParticipantId::as_str).collect();
        let reason = given.reason.map(|reason| format!("{reason:?}")).unwrap_or_default();
        let held = given.item.lease.as_ref().map(|lease| format!(" ({})", lease.standing));
        let held = held.unwrap_or_default();
        format!("{} {} {}{reason}{held}", given.item.item, given.queue.name(), names.join(","))
    };
    let page = handle.worklist(&filter, None, 1000);
    page.items.iter().map(show).collect::<Vec<_>>().join("; ")
}
