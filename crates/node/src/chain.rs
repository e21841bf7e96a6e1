//! A case's records in the log: each points to the one before, so that history and evicted cases need no
//! index in memory.

use engine::{Case, CaseId};
use store::{Position, Reader};

use crate::record::{self, CommandRecord, StateRecord};

/// Records after which the whole state is written, so that loading a case reads no more than this.
pub(crate) const CHAIN_MAX: u32 = 256;

/// Rebuilds the state of `case` from its newest record back to the last one that holds all of it.
pub(crate) fn load(reader: &dyn Reader, case: &CaseId, last: u64) -> Result<Case, store::Fault> {
    let mut newest_first = Vec::new();
    let mut at = Some(last);
    let mut state = None;
    while let Some(position) = at {
        match read(reader, case, position)? {
            Link::Command(record) => {
                at = record.previous;
                newest_first.push(record.events);
            }
            Link::State(record) => {
                state = Some(record.case);
                break;
            }
        }
    }
    let mut state = state.unwrap_or_else(|| Case::new(case.clone()));
    for event in newest_first.iter().rev().flatten() {
        engine::apply(&mut state, event);
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
    record::decode(&reader.read(Position(position))?, record::COMMAND)
}

enum Link {
    Command(CommandRecord),
    State(Box<StateRecord>),
}

fn read(reader: &dyn Reader, case: &CaseId, position: u64) -> Result<Link, store::Fault> {
    let stored = reader.read(Position(position))?;
    let (link, owner) = match stored.tag {
        record::COMMAND => {
            let record: CommandRecord = record::decode(&stored, record::COMMAND)?;
            let owner = record.case.clone();
            (Link::Command(record), owner)
        }
        record::STATE => {
            let record: StateRecord = record::decode(&stored, record::STATE)?;
            let owner = record.case.id.clone();
            (Link::State(Box::new(record)), owner)
        }
        tag => return Err(record::unknown(stored.position, tag)),
    };
    if owner != *case {
        let reason = format!("it belongs to case {owner}, expected {case}");
        return Err(store::Fault::unreadable(stored.position, reason));
    }
    Ok(link)
}
