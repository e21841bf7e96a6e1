//! The second thread of a partition: makes batches durable, then tells what became durable.
//!
//! While one batch is being synced the next one is decided. Batches are written in the order in which they
//! were decided, so an answer that was decided on top of an earlier batch never leaves before it.

use std::sync::{
    Arc,
    mpsc::{Receiver, SyncSender},
};

use agents::resourcing::worklist;
use engine::CaseId;
use store::{Log, Position, Reader, Record};
use tokio::sync::oneshot;

use crate::{
    api::{Answered, Change, ChangeKind, Launched},
    cases::Slot,
    chain,
    context::Context,
    desk::Roll,
    entry::Entry,
    ids::CommandId,
    inbox::{Answers, Told},
    projection::Projection,
    record::{self, CommandRecord, StoredAnswer},
    rejected::{Fault, Rejected},
    streams::HoldNotice,
};

/// Bytes of room that a batch keeps for the next time: what most batches need.
const BYTES_KEPT: usize = 1024 * 1024;

/// What was decided between two writes.
#[derive(Default)]
pub(crate) struct Batch {
    /// Position of the first record.
    pub(crate) first: u64,
    /// All records, one after the other.
    pub(crate) bytes: Vec<u8>,
    /// Tag and end in `bytes` of each record.
    pub(crate) ends: Vec<(u8, usize)>,
    pub(crate) updates: Vec<Update>,
    pub(crate) replies: Vec<Reply>,
    /// What happened to the worklist, by the positions of the records.
    pub(crate) given: Vec<(u64, Vec<worklist::Event>)>,
    /// What holders are told of; nothing while nobody reads.
    pub(crate) notices: Vec<HoldNotice>,
    /// The partition's next timer after all this.
    pub(crate) next_due_ms: Option<i64>,
}

/// What a case is after a record.
pub(crate) struct Update {
    pub(crate) slot: Slot,
    pub(crate) case: CaseId,
    pub(crate) entry: Arc<Entry>,
    /// `None` where only the place of the state has changed.
    pub(crate) change: Option<ChangeKind>,
}

/// Who waits for the batch to be durable.
pub(crate) enum Reply {
    Jobs(oneshot::Sender<Answers>, Answers),
    Count(oneshot::Sender<u64>, u64),
    Wake(oneshot::Sender<()>),
}

impl Batch {
    /// Empties a batch that was told, all but the room that it has grown to: a new one would fetch as much from the
    /// system again. A record far larger than others leaves none behind.
    fn reset(&mut self) {
        let Self { first, bytes, ends, updates, replies, given, notices, next_due_ms } = self;
        (*first, *next_due_ms) = (0, None);
        bytes.clear();
        bytes.shrink_to(BYTES_KEPT);
        ends.clear();
        updates.clear();
        replies.clear();
        given.clear();
        notices.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
            && self.replies.is_empty()
            && self.updates.is_empty()
            && self.notices.is_empty()
    }
}

/// Owner of a partition's log.
pub(crate) struct Writer {
    pub(crate) partition: usize,
    pub(crate) log: Box<dyn Log>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) projection: Arc<Projection>,
    pub(crate) context: Arc<Context>,
    /// Says of which session a holder is.
    pub(crate) roll: Arc<Roll>,
    /// Brings told batches back to be filled again.
    pub(crate) told: SyncSender<Batch>,
    /// Wakes the thread that writes snapshots. Dropping it asks for the last one.
    pub(crate) snapshots: SyncSender<()>,
    pub(crate) snapshot_every_records: u64,
    /// Records behind the newest snapshot.
    pub(crate) since_snapshot: u64,
}

impl Writer {
    /// Writes until the partition ends or the log fails. A batch that failed is dropped with its
    /// replies: those who wait learn that the partition is gone.
    pub(crate) fn run(mut self, batches: &Receiver<Batch>) {
        while let Ok(mut batch) = batches.recv() {
            if self.context.is_crashed() {
                return;
            }
            self.since_snapshot += batch.ends.len() as u64;
            if let Err(source) = self.write(&batch) {
                tracing::error!(partition = self.partition, error = %source, "a partition has stopped");
                let source = Arc::new(source);
                self.context.fail(Fault::Store { partition: self.partition, source });
                return;
            }
            self.tell(&mut batch);
            batch.reset();
            // Nobody takes it at the end, or when there are enough.
            let _ = self.told.try_send(batch);
            self.ask_for_snapshot();
        }
    }

    fn write(&mut self, batch: &Batch) -> Result<(), store::Fault> {
        if batch.ends.is_empty() {
            return Ok(());
        }
        let mut start = 0;
        let mut records = Vec::with_capacity(batch.ends.len());
        for (tag, end) in &batch.ends {
            records.push(Record { tag: *tag, bytes: &batch.bytes[start..*end] });
            start = *end;
        }
        let began = self.context.clock.monotonic();
        let first = self.log.append(&records)?;
        assert_eq!(first.0, batch.first, "records got the positions that were decided for them");
        let telemetry = &self.context.telemetry;
        telemetry.append_ms.observe_duration(self.context.clock.monotonic() - began);
        #[allow(clippy::cast_precision_loss, reason = "a batch is bounded far below 2^53")]
        telemetry.batch_records.observe(records.len() as f64);
        telemetry.records_appended.add(records.len() as u64);
        telemetry.bytes_appended.add(batch.bytes.len() as u64);
        Ok(())
    }

    /// Shows, announces and answers: all of it is durable.
    fn tell(&self, batch: &mut Batch) {
        let after = batch.first + batch.ends.len() as u64;
        self.count(&batch.updates);
        let listened = self.context.changes.receiver_count() > 0;
        let changes: Vec<Change> = if listened { changes(&batch.updates) } else { Vec::new() };
        self.projection.update(batch.updates.drain(..));
        if !batch.given.is_empty() {
            self.projection.give(&batch.given);
        }
        // Last: a snapshot that stands for everything before this position must find it shown.
        self.projection.set_durable(after);
        self.projection.set_next_due_ms(batch.next_due_ms);
        for change in changes {
            // The last listener may have left meanwhile.
            let _ = self.context.changes.send(change);
        }
        if !batch.notices.is_empty() {
            self.context.streams.tell(&self.roll, batch.notices.drain(..));
        }
        for reply in batch.replies.drain(..) {
            self.reply(reply);
        }
    }

    fn count(&self, updates: &[Update]) {
        let telemetry = &self.context.telemetry;
        for update in updates {
            let ended = match update.change {
                Some(ChangeKind::Launched) => {
                    telemetry.cases_created.add(1);
                    telemetry.cases_active.add(1);
                    update.entry.has_ended()
                }
                Some(ChangeKind::Ended) => true,
                Some(ChangeKind::Progressed) | None => false,
            };
            if ended {
                telemetry.cases_active.sub(1);
                telemetry.cases_ended.add(1);
            }
        }
    }

    /// A caller that has gone away needs no answer.
    fn reply(&self, reply: Reply) {
        match reply {
            Reply::Jobs(sender, mut answers) => {
                for answer in &mut answers {
                    if let Ok(Told::Repeated { position, id }) = answer {
                        *answer = self.repeat(*position, id);
                    }
                }
                let _ = sender.send(answers);
            }
            Reply::Count(sender, count) => {
                let _ = sender.send(count);
            }
            Reply::Wake(sender) => {
                let _ = sender.send(());
            }
        }
    }

    /// The answer that was given when the command came first.
    fn repeat(&self, position: u64, id: &CommandId) -> Result<Told, Rejected> {
        self.context.telemetry.repeated.add(1);
        let partition = self.partition;
        let fault = |source| {
            Rejected::Fault(Fault::Record { partition, position, source: Arc::new(source) })
        };
        let record = chain::command(&*self.reader, position).map_err(fault)?;
        if record.command.as_ref() != Some(id) {
            return Err(Rejected::CommandIdClash(id.to_string()));
        }
        answer_of(&record, Position(position), &self.context).map_err(fault)
    }

    /// Once enough records are behind the last snapshot, and no less than there are cases: writing
    /// snapshots then costs at most as much as writing the log.
    fn ask_for_snapshot(&mut self) {
        if self.since_snapshot < self.snapshot_every_records {
            return;
        }
        let (open, ended) = self.projection.counts();
        if self.since_snapshot >= (open + ended) as u64 && self.snapshots.try_send(()).is_ok() {
            self.since_snapshot = 0;
        }
    }
}

fn changes(updates: &[Update]) -> Vec<Change> {
    let change = |update: &Update| {
        let (case, position) = (update.case.clone(), update.entry.last);
        update.change.map(|what| Change { case, position, what })
    };
    updates.iter().filter_map(change).collect()
}

fn answer_of(
    record: &CommandRecord,
    position: Position,
    context: &Context,
) -> Result<Told, store::Fault> {
    if let Some(launched) = launch_answer(record, position, context)? {
        return Ok(Told::Launched(launched));
    }
    Ok(Told::Answered(match &record.answer {
        None | Some(StoredAnswer::Done) => Answered::Done,
        Some(StoredAnswer::Started { item, data }) => {
            Answered::Started { item: item.clone(), data: data.clone() }
        }
        Some(StoredAnswer::Added { item }) => Answered::Added { item: item.clone() },
        Some(StoredAnswer::HandedOff { item, epoch }) => {
            Answered::HandedOff { item: item.clone(), epoch: *epoch }
        }
        Some(StoredAnswer::Taken { item, data, epoch }) => {
            Answered::Taken { item: item.clone(), data: data.clone(), epoch: *epoch }
        }
    }))
}

/// A launch is answered from its events: they hold the whole case as it was then.
fn launch_answer(
    record: &CommandRecord,
    position: Position,
    context: &Context,
) -> Result<Option<Launched>, store::Fault> {
    let loaded = record.specification.and_then(|number| context.catalogue.numbered(number));
    let Some(loaded) = loaded else { return Ok(None) };
    let mut case = engine::Case::new(record.case.clone());
    record::replay(&loaded.program, &mut case, (&record.events, position))?;
    Ok(Some(Launched {
        case: case.id,
        specification: loaded.key.clone(),
        status: case.status,
        launched_at_ms: case.launched_at_ms,
    }))
}
