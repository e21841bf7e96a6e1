//! What is stored: records of the logs and of snapshots, encoded by postcard.
//!
//! A record's tag is its type and version. Stored for ever: a changed layout gets a new tag, and the
//! old one stays readable. Each type that borrows has the layout of its owned twin; a test compares.
//! Tags 1, 2, 3, 17 and 18 were used before the first release; a directory that has them is refused.

use std::sync::Arc;

use agents::{
    Epoch,
    jury::{self, Jury},
    lease::{self, Leases},
    resourcing::worklist,
};
use engine::{Case, CaseId, Event, ItemKey, NetIndex, Program, case::CaseStatus, case::Item};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::{Position, Stored};

use crate::{ids::CommandId, traceparent::Traceparent};

/// One command and what it did to its case.
pub(crate) const COMMAND: u8 = 5;
/// The same with what it did to the worklist of participants.
pub(crate) const COMMAND_GIVEN: u8 = 8;
/// The same with what it did to the juries of items under review.
pub(crate) const REVIEWED: u8 = 7;
/// A case's whole state, so that loading it need not read further back.
pub(crate) const STATE: u8 = 4;
/// A launch with the trace that its case belongs to.
pub(crate) const TRACED: u8 = 6;
/// First record of a snapshot.
pub(crate) const SNAPSHOT_HEAD: u8 = 16;
/// One case in a snapshot.
pub(crate) const SNAPSHOT_ENTRY: u8 = 19;
/// Part of what a partition has given to participants, in a snapshot.
pub(crate) const SNAPSHOT_LEDGER: u8 = 21;
/// One case in a snapshot, with its trace.
pub(crate) const SNAPSHOT_TRACED: u8 = 20;
/// The jury of one item under review, in a snapshot behind its case.
pub(crate) const SNAPSHOT_JURY: u8 = 22;
/// An event of the registry of agents, in the agents' log.
pub(crate) const REGISTRY: u8 = 48;
/// An event of the marketplace, in the agents' log and its snapshots.
pub(crate) const MARKET: u8 = 49;
/// An event of the organisation, in the agents' log and its snapshots.
pub(crate) const ORGANISATION: u8 = 50;
/// Part of the registry in a snapshot of the agents' log.
pub(crate) const SNAPSHOT_REGISTRY: u8 = 56;
/// First record of the catalogue: what the directory was made with.
pub(crate) const MADE: u8 = 32;
/// A specification file was accepted.
pub(crate) const UPLOADED: u8 = 33;
/// A specification takes no more launches.
pub(crate) const UNLOADED: u8 = 34;

/// Positions of a case's records form a list from the newest back to the launch.
#[derive(Serialize)]
pub(crate) struct CommandRecordRef<'a> {
    pub(crate) case: &'a CaseId,
    pub(crate) previous: Option<u64>,
    /// Number of the specification, on a launch.
    pub(crate) specification: Option<u32>,
    pub(crate) command: Option<&'a CommandId>,
    pub(crate) at_ms: i64,
    pub(crate) events: &'a [Event],
    /// What happened to who holds its items.
    pub(crate) leases: &'a [lease::Event<ItemKey>],
    /// Kept only where `command` is given: it is read when the command comes again.
    pub(crate) answer: Option<StoredAnswer>,
}

#[derive(Deserialize)]
pub(crate) struct CommandRecord {
    pub(crate) case: CaseId,
    pub(crate) previous: Option<u64>,
    pub(crate) specification: Option<u32>,
    pub(crate) command: Option<CommandId>,
    pub(crate) at_ms: i64,
    pub(crate) events: Vec<Event>,
    pub(crate) leases: Vec<lease::Event<ItemKey>>,
    pub(crate) answer: Option<StoredAnswer>,
    /// What happened to who is asked to do its items.
    #[serde(skip)]
    pub(crate) given: Vec<worklist::Event>,
    /// Of a launch: the trace that its case belongs to.
    #[serde(skip)]
    pub(crate) traceparent: Option<Traceparent>,
    /// What happened to the juries of its items.
    #[serde(skip)]
    pub(crate) reviews: Vec<jury::Event<ItemKey>>,
}

/// A command that changed the worklist. Most do not, and their records stay as they are.
#[derive(Serialize)]
pub(crate) struct GivenRecordRef<'a> {
    pub(crate) command: CommandRecordRef<'a>,
    pub(crate) given: &'a [worklist::Event],
}

#[derive(Deserialize)]
struct GivenRecord {
    command: CommandRecord,
    given: Vec<worklist::Event>,
}

#[derive(Serialize)]
pub(crate) struct TracedRecordRef<'a> {
    pub(crate) traceparent: Traceparent,
    pub(crate) command: CommandRecordRef<'a>,
    pub(crate) given: &'a [worklist::Event],
}

#[derive(Deserialize)]
struct TracedRecord {
    traceparent: Traceparent,
    command: CommandRecord,
    given: Vec<worklist::Event>,
}

/// A command that changed a jury, with what it did to the worklist.
#[derive(Serialize)]
pub(crate) struct ReviewedRecordRef<'a> {
    pub(crate) command: CommandRecordRef<'a>,
    pub(crate) given: &'a [worklist::Event],
    pub(crate) reviews: &'a [jury::Event<ItemKey>],
}

#[derive(Deserialize)]
struct ReviewedRecord {
    command: CommandRecord,
    given: Vec<worklist::Event>,
    reviews: Vec<jury::Event<ItemKey>>,
}

/// What the caller was told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum StoredAnswer {
    Done,
    Started { item: String, data: Arc<str> },
    Added { item: String },
    HandedOff { item: String, epoch: Epoch },
    Taken { item: String, data: Arc<str>, epoch: Option<Epoch> },
}

#[derive(Serialize)]
pub(crate) struct StateRecordRef<'a> {
    pub(crate) previous: u64,
    pub(crate) case: &'a Case,
}

#[derive(Deserialize)]
pub(crate) struct StateRecord {
    pub(crate) previous: u64,
    pub(crate) case: Case,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct SnapshotHead {
    pub(crate) partition: u32,
    pub(crate) partitions: u32,
}

#[derive(Serialize)]
pub(crate) struct SnapshotEntryRef<'a> {
    pub(crate) case: &'a CaseId,
    pub(crate) specification: u32,
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) launch: Option<u64>,
    pub(crate) recent: &'a [(u64, u64)],
    pub(crate) chain: u32,
    pub(crate) leases: &'a Leases<ItemKey>,
    pub(crate) body: SnapshotBodyRef<'a>,
}

#[derive(Serialize)]
pub(crate) struct TracedEntryRef<'a> {
    pub(crate) traceparent: Traceparent,
    pub(crate) entry: SnapshotEntryRef<'a>,
}

#[derive(Deserialize)]
pub(crate) struct TracedEntry {
    pub(crate) traceparent: Traceparent,
    pub(crate) entry: SnapshotEntry,
}

#[derive(Serialize)]
pub(crate) enum SnapshotBodyRef<'a> {
    Hot(&'a Case),
    Cold(&'a Summary),
}

#[derive(Deserialize)]
pub(crate) struct SnapshotEntry {
    pub(crate) case: CaseId,
    pub(crate) specification: u32,
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) launch: Option<u64>,
    pub(crate) recent: Vec<(u64, u64)>,
    pub(crate) chain: u32,
    pub(crate) leases: Leases<ItemKey>,
    pub(crate) body: SnapshotBody,
}

/// A record of its own, since the answers of a few large juries would not fit into one.
#[derive(Serialize)]
pub(crate) struct SnapshotJuryRef<'a> {
    pub(crate) case: &'a CaseId,
    pub(crate) jury: &'a Jury<ItemKey>,
}

#[derive(Deserialize)]
pub(crate) struct SnapshotJury {
    pub(crate) case: CaseId,
    pub(crate) jury: Jury<ItemKey>,
}

#[derive(Deserialize)]
pub(crate) enum SnapshotBody {
    Hot(Box<Case>),
    Cold(Box<Summary>),
}

/// What stays in memory of a case whose state does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) status: CaseStatus,
    pub(crate) launched_at_ms: i64,
    pub(crate) ended_at_ms: Option<i64>,
    pub(crate) incidents: u32,
    pub(crate) next_due_ms: Option<i64>,
    pub(crate) items: Vec<ColdItem>,
}

/// A work item of such a case, without its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ColdItem {
    pub(crate) key: ItemKey,
    pub(crate) net: NetIndex,
    pub(crate) item: Item,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Made {
    pub(crate) partitions: u32,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct UploadedRecord {
    /// Number of the file's first specification; the others follow.
    pub(crate) first: u32,
    pub(crate) at_ms: i64,
    pub(crate) xml: Arc<str>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct UnloadedRecord {
    pub(crate) number: u32,
    pub(crate) at_ms: i64,
}

/// Appends `record` to `bytes`.
pub(crate) fn encode(record: &impl Serialize, bytes: Vec<u8>) -> Vec<u8> {
    postcard::to_extend(record, bytes)
        .expect("a vector takes every byte, and no stored type can fail to serialise")
}

/// Reads a record of this tag.
pub(crate) fn decode<T: DeserializeOwned>(stored: &Stored, tag: u8) -> Result<T, store::Fault> {
    if stored.tag != tag {
        let reason = format!("its tag is {}, expected {tag}", stored.tag);
        return Err(store::Fault::unreadable(stored.position, reason));
    }
    postcard::from_bytes(&stored.bytes)
        .map_err(|error| store::Fault::unreadable(stored.position, error))
}

/// Reads a command's record, with what few have.
pub(crate) fn decode_command(stored: &Stored) -> Result<CommandRecord, store::Fault> {
    match stored.tag {
        TRACED => {
            let TracedRecord { traceparent, command, given } = decode(stored, TRACED)?;
            Ok(CommandRecord { given, traceparent: Some(traceparent), ..command })
        }
        COMMAND_GIVEN => {
            let GivenRecord { command, given } = decode(stored, COMMAND_GIVEN)?;
            Ok(CommandRecord { given, ..command })
        }
        REVIEWED => {
            let ReviewedRecord { command, given, reviews } = decode(stored, REVIEWED)?;
            Ok(CommandRecord { given, reviews, ..command })
        }
        _ => decode(stored, COMMAND),
    }
}

/// Applies the events of the record at `position`.
pub(crate) fn replay(
    program: &Program,
    case: &mut Case,
    (events, position): (&[Event], Position),
) -> Result<(), store::Fault> {
    engine::replay(program, case, events)
        .map_err(|misfit| store::Fault::unreadable(position, misfit))
}

/// A record whose tag this release does not know.
pub(crate) fn unknown(position: Position, tag: u8) -> store::Fault {
    store::Fault::unreadable(position, format!("tag {tag} is unknown to this release"))
}

#[cfg(test)]
mod tests;
