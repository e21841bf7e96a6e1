//! The thread that makes the desk's events durable: one batch at a time, one write, one sync.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use agents::{AgentId, Slot, marketplace, registry, resourcing::organisation};
use store::{Log, Record};
use tokio::sync::mpsc;

use super::{failed, messages::Reply};
use crate::{context::Context, record};

/// What was decided between two writes.
#[derive(Default)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
    /// Tag and end in `bytes` of each record.
    ends: Vec<(u8, usize)>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) replies: Vec<Reply>,
}

/// One event, for those who read.
pub(crate) enum Entry {
    /// With the agents that it removed.
    Registry {
        event: registry::Event,
        removed: Vec<(Slot, AgentId)>,
    },
    Market(marketplace::Event),
    Organisation(organisation::Event),
}

/// A batch that is durable; none after the log has failed.
pub(crate) type Written = Option<Batch>;

/// Owner of the log.
struct Writer {
    log: Box<dyn Log>,
    context: Arc<Context>,
}

/// The thread's address. Dropping it ends the thread.
pub(crate) struct LogThread {
    batches: SyncSender<Batch>,
    thread: Option<JoinHandle<()>>,
}

impl Batch {
    /// Adds what `entry` is stored as.
    pub(crate) fn add(&mut self, entry: Entry) {
        let bytes = std::mem::take(&mut self.bytes);
        let (tag, bytes) = match &entry {
            Entry::Registry { event, .. } => (record::REGISTRY, record::encode(event, bytes)),
            Entry::Market(event) => (record::MARKET, record::encode(event, bytes)),
            Entry::Organisation(event) => (record::ORGANISATION, record::encode(event, bytes)),
        };
        self.ends.push((tag, bytes.len()));
        self.bytes = bytes;
        self.entries.push(entry);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty() && self.replies.is_empty()
    }

    pub(crate) fn records(&self) -> usize {
        self.ends.len()
    }

    /// Of its records.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

impl LogThread {
    pub(crate) fn start(
        log: Box<dyn Log>,
        context: Arc<Context>,
    ) -> io::Result<(Self, mpsc::Receiver<Written>)> {
        let (batches, waiting) = sync_channel(1);
        let (telling, written) = mpsc::channel(1);
        let writer = Writer { log, context };
        let thread = std::thread::Builder::new()
            .name("write-agents".to_owned())
            .spawn(move || writer.run(&waiting, &telling))?;
        Ok((Self { batches, thread: Some(thread) }, written))
    }

    /// Hands a batch over; `false` if the thread is gone. Only while it is idle, so that this never blocks.
    pub(crate) fn write(&self, batch: Batch) -> bool {
        self.batches.send(batch).is_ok()
    }

    /// Waits for the end of the thread. Blocks.
    pub(crate) fn join(self) {
        let Self { batches, mut thread } = self;
        drop(batches);
        if let Some(thread) = thread.take() {
            // A thread that panicked has told so by its silence.
            let _ = thread.join();
        }
    }
}

impl Writer {
    fn run(mut self, batches: &Receiver<Batch>, told: &mpsc::Sender<Written>) {
        while let Ok(batch) = batches.recv() {
            if self.context.is_crashed() {
                return;
            }
            if let Err(source) = self.write(&batch) {
                tracing::error!(error = %source, "the log of the agents has failed");
                self.context.fail(failed(source));
                let _ = told.blocking_send(None);
                return;
            }
            if told.blocking_send(Some(batch)).is_err() {
                return;
            }
        }
    }

    fn write(&mut self, batch: &Batch) -> Result<(), store::Fault> {
        let context = self.context.clone();
        let _at_work = context.telemetry.agents.threads_at_work.hold();
        let mut start = 0;
        let mut records = Vec::with_capacity(batch.ends.len());
        for (tag, end) in &batch.ends {
            records.push(Record { tag: *tag, bytes: &batch.bytes[start..*end] });
            start = *end;
        }
        if !records.is_empty() {
            let began = self.context.clock.monotonic();
            self.log.append(&records)?;
            let telemetry = &self.context.telemetry.agents;
            telemetry.append_ms.observe_duration(self.context.clock.monotonic() - began);
            telemetry.bytes_appended.add(batch.bytes.len() as u64);
        }
        Ok(())
    }
}
