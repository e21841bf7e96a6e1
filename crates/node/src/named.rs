//! Names on the outside, indices on the inside: commands and answers on their way through.

use agents::{Epoch, jury, lease};
use engine::{Answer, Case, Decision, ItemKey, Program};

use crate::{
    api::{Answered, Command},
    record::StoredAnswer,
    rejected::Rejected,
};

/// What a command asks of the net and of the leases; each may be asked nothing.
pub(crate) struct Meaning {
    pub(crate) of_the_net: Option<engine::Command>,
    pub(crate) of_the_leases: Option<lease::Command<ItemKey>>,
}

/// The command that the rules understand. `next` is the epoch for a new holder.
pub(crate) fn meaning(
    program: &Program,
    case: &Case,
    command: Command,
    next: Epoch,
) -> Result<Meaning, Rejected> {
    use engine::Command as Net;
    use lease::Command as Lease;
    let key = |item: String| program.parse_item(case, &item).ok_or(Rejected::NoSuchItem(item));
    let net = |of_the_net| Meaning { of_the_net: Some(of_the_net), of_the_leases: None };
    let both = |of_the_net, of_the_leases| Meaning {
        of_the_net: Some(of_the_net),
        of_the_leases: Some(of_the_leases),
    };
    let lease = |of_the_leases| Meaning { of_the_net: None, of_the_leases: Some(of_the_leases) };
    Ok(match command {
        Command::Start { item } => net(Net::Start { item: key(item)? }),
        Command::Complete { item, data } => {
            let item = key(item)?;
            both(Net::Complete { item: item.clone(), data }, Lease::Finish { item, epoch: None })
        }
        // Without a review nothing depends on what the holder thinks of its result.
        Command::CompleteHeld { item, data, epoch } | Command::Vote { item, data, epoch, .. } => {
            let item = key(item)?;
            let finish = Lease::Finish { item: item.clone(), epoch: Some(epoch) };
            both(Net::Complete { item, data }, finish)
        }
        Command::ReturnHeld { item, epoch } => {
            let item = key(item)?;
            both(Net::Rollback { item: item.clone() }, Lease::Return { item, epoch })
        }
        Command::FailHeld { item, epoch } => {
            let item = key(item)?;
            both(Net::Rollback { item: item.clone() }, Lease::Fail { item, epoch })
        }
        Command::HandOff { item, from, epoch, to } => {
            lease(Lease::HandOff { item: key(item)?, from, epoch, to, next })
        }
        Command::Act { .. } | Command::Unchain { .. } => {
            unreachable!("the worklist decides what is done with its items")
        }
        Command::Resolve { item, .. } => {
            key(item.clone())?;
            return Err(Rejected::Review { item, refusal: jury::Refusal::NoReview });
        }
        Command::Revive { item } => lease(Lease::Revive { item: key(item)? }),
        Command::Force { item, data } => net(Net::Force { item: key(item)?, data }),
        Command::Fail { item, data } => net(Net::Fail { item: key(item)?, data }),
        Command::Skip { item } => net(Net::Skip { item: key(item)? }),
        Command::Suspend { item } => net(Net::Suspend { item: key(item)? }),
        Command::Unsuspend { item } => net(Net::Unsuspend { item: key(item)? }),
        Command::Rollback { item } => net(Net::Rollback { item: key(item)? }),
        Command::Add { item, data } => net(Net::Add { item: key(item)?, data }),
        Command::CancelItem { item } => net(Net::CancelItem { item: key(item)? }),
        Command::CompleteTask { item } => net(Net::CompleteTask { item: key(item)? }),
        Command::Restart { item } => net(Net::Restart { item: key(item)? }),
        Command::CancelCase => net(Net::CancelCase),
        Command::SuspendCase => net(Net::SuspendCase),
        Command::ResumeCase => net(Net::ResumeCase),
    })
}

/// The answer in names.
pub(crate) fn answer(
    program: &Program,
    decision: &Decision,
    leased: Option<&lease::Event<ItemKey>>,
) -> Answered {
    if let Some(lease::Event::HandedOff { item, epoch, .. }) = leased {
        let item = program.item_id(&decision.case, item);
        return Answered::HandedOff { item, epoch: *epoch };
    }
    match &decision.answer {
        Answer::Done => Answered::Done,
        Answer::Started { item, data } => {
            Answered::Started { item: program.item_id(&decision.case, item), data: data.clone() }
        }
        Answer::Added { item } => Answered::Added { item: program.item_id(&decision.case, item) },
    }
}

/// The answer as a record keeps it.
pub(crate) fn stored(answer: &Answered) -> StoredAnswer {
    match answer {
        Answered::Done => StoredAnswer::Done,
        Answered::Started { item, data } => {
            StoredAnswer::Started { item: item.clone(), data: data.clone() }
        }
        Answered::Added { item } => StoredAnswer::Added { item: item.clone() },
        Answered::HandedOff { item, epoch } => {
            StoredAnswer::HandedOff { item: item.clone(), epoch: *epoch }
        }
        Answered::Taken { item, data, epoch } => {
            StoredAnswer::Taken { item: item.clone(), data: data.clone(), epoch: *epoch }
        }
    }
}
