//! A case's records in the log: each points to the one before, so that history and evicted cases need no
//! index in memory.

use engine::{Case, CaseId};
use store::{Position, Reader};

use crate::{
    entry::Entry,
    record::{self, CommandRecord, StateRecord},
};

/// Records after which the whole state is written, so that loading a case reads no more than this.
pub(crate) const CHAIN_MAX: u32 = 256;

/// Rebuilds the state of `case` from its newest record back to the last one that holds all of it.
pub(crate) fn load(
    reader: &dyn Reader,
    case: &CaseId,
    entry: &Entry,
) -> Result<Case, store::Fault> {
    let program = &entry.loaded.program;
    let mut newest_first = Vec::new();
    let mut at = Some(entry.last);
    let mut state = None;
    while let Some(position) = at {
        match read(reader, case, position)? {
            Link::Command(record) => {
                at = record.previous;
                newest_first.push((record.events, Position(position)));
            }
            Link::State(record) => {
                engine::check_case(program, &record.case)
                    .map_err(|misfit| store::Fault::unreadable(Position(position), misfit))?;
                state = Some(record.case);
                break;
            }
        }
    }
    let mut state = state.unwrap_or_else(|| Case::new(case.clone()));
    for (events, position) in newest_first.iter().rev() {
        record::replay(program, &mut state, (events, *position))?;
    }
    Ok(state)
}

/// Positions of the case's commands, oldest first.
pub(crate) fn positions(
    reader: &dyn Reader,
    case: &CaseId,
    last: u64,
) -> Result<Vec<u64>, store::Fault> {
    let mut positions = Vec::new();
    let mut at = Some(last);
    while let Some(position) = at {
        at = match read(reader, case, position)? {
            Link::Command(record) => {
                positions.push(position);
                record.previous
            }
            Link::State(record) => Some(record.previous),
        };
    }
    positions.reverse();
    Ok(positions)
}

/// The command at `position`.
pub(crate) fn command(reader: &dyn Reader, position: u64) -> Result<CommandRecord, store::Fault> {
    record::decode_command(&reader.read(Position(position))?)
}

enum Link {
    Command(Box<CommandRecord>),
    State(Box<StateRecord>),
}

fn read(reader: &dyn Reader, case: &CaseId, position: u64) -> Result<Link, store::Fault> {
    let stored = reader.read(Position(position))?;
    let (link, owner, previous) = match stored.tag {
        record::COMMAND | record::COMMAND_GIVEN | record::TRACED | record::REVIEWED => {
            let record = record::decode_command(&stored)?;
            let (owner, previous) = (record.case.clone(), record.previous);
            (Link::Command(Box::new(record)), owner, previous)
        }
        record::STATE => {
            let record: StateRecord = record::decode(&stored, record::STATE)?;
            let (owner, previous) = (record.case.id.clone(), Some(record.previous));
            (Link::State(Box::new(record)), owner, previous)
        }
        tag => return Err(record::unknown(stored.position, tag)),
    };
    // Whoever follows the list would never come to its end.
    if let Some(previous) = previous.filter(|previous| *previous >= position) {
        let reason =
            format!("its case's record before it is at {previous}, which is not before it");
        return Err(store::Fault::unreadable(stored.position, reason));
    }
    if owner != *case {
        let reason = format!("it belongs to case {owner}, expected {case}");
        return Err(store::Fault::unreadable(stored.position, reason));
    }
    Ok(link)
}
