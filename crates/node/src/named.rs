//! Names on the outside, indices on the inside: commands and answers on their way through.

use engine::{Answer, Case, Decision, Program};

use crate::{
    api::{Answered, Command},
    record::StoredAnswer,
    rejected::Rejected,
};

/// The command that the rules understand.
pub(crate) fn command(
    program: &Program,
    case: &Case,
    command: Command,
) -> Result<engine::Command, Rejected> {
    let key = |item: String| program.parse_item(case, &item).ok_or(Rejected::NoSuchItem(item));
    Ok(match command {
        Command::Start { item } => engine::Command::Start { item: key(item)? },
        Command::Complete { item, data } => engine::Command::Complete { item: key(item)?, data },
        Command::Force { item, data } => engine::Command::Force { item: key(item)?, data },
        Command::Fail { item, data } => engine::Command::Fail { item: key(item)?, data },
        Command::Skip { item } => engine::Command::Skip { item: key(item)? },
        Command::Suspend { item } => engine::Command::Suspend { item: key(item)? },
        Command::Unsuspend { item } => engine::Command::Unsuspend { item: key(item)? },
        Command::Rollback { item } => engine::Command::Rollback { item: key(item)? },
        Command::Add { item, data } => engine::Command::Add { item: key(item)?, data },
        Command::CancelItem { item } => engine::Command::CancelItem { item: key(item)? },
        Command::CompleteTask { item } => engine::Command::CompleteTask { item: key(item)? },
        Command::Restart { item } => engine::Command::Restart { item: key(item)? },
        Command::CancelCase => engine::Command::CancelCase,
        Command::SuspendCase => engine::Command::SuspendCase,
        Command::ResumeCase => engine::Command::ResumeCase,
    })
}

/// The answer in names.
pub(crate) fn answer(program: &Program, decision: &Decision) -> Answered {
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
    }
}
