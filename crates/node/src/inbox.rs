//! The way into a partition: a bounded queue that refuses at once, with advice, when it is full.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
    mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
};

use agents::{AgentId, Capability, Epoch};
use engine::CaseId;
use tokio::sync::oneshot;

use crate::{
    api::{Answered, Asked, Claimed, Launched, Loaded},
    context::Context,
    ids::CommandId,
    rejected::{Fault, Rejected},
    storage::part,
    traceparent::Traceparent,
};

/// Messages without commands that may wait beside the commands: wake-ups, counts, the stop.
const CONTROL_MAX: usize = 64;
/// Advice is never shorter: a client that comes back sooner only meets itself.
const RETRY_MS_MIN: u64 = 10;
/// Advice is never longer: whatever the guess, a partition that lives has moved on by then.
const RETRY_MS_MAX: u64 = 5000;

/// What a partition can be asked.
pub(crate) enum Message {
    Jobs {
        jobs: Vec<Job>,
        reply: oneshot::Sender<Answers>,
    },
    /// Fires what is due, then replies.
    Wake {
        reply: oneshot::Sender<()>,
    },
    /// Counts the open cases of a specification.
    CountOpen {
        number: u32,
        reply: oneshot::Sender<u64>,
    },
    /// Writes what is decided and ends.
    Stop,
}

/// Answers in the order of the jobs.
pub(crate) type Answers = Vec<Result<Told, Rejected>>;

pub(crate) enum Job {
    Launch(LaunchJob),
    Command(Asked),
    Claim(ClaimJob),
    Renew(RenewJob),
}

/// Asks for items, checked out.
#[derive(Clone, Debug)]
pub(crate) struct ClaimJob {
    pub(crate) holder: AgentId,
    pub(crate) capabilities: Arc<[Capability]>,
    pub(crate) items_max: usize,
    pub(crate) term_ms: u64,
}

/// Asks for the lease of an item of this case to go on.
#[derive(Clone, Debug)]
pub(crate) struct RenewJob {
    pub(crate) case: CaseId,
    pub(crate) epoch: Epoch,
    pub(crate) term_ms: u64,
}

pub(crate) struct LaunchJob {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) command: Option<CommandId>,
    pub(crate) launch: engine::Launch,
    pub(crate) traceparent: Option<Traceparent>,
}

/// What a job's caller is told.
#[derive(Debug)]
pub(crate) enum Told {
    Launched(Launched),
    Answered(Answered),
    Claimed(Vec<Claimed>),
    /// The lease ends after so many milliseconds.
    Renewed {
        left_ms: u64,
    },
    /// Done before: the answer is in this record of the log, if the id in it is this one.
    Repeated {
        position: u64,
        id: CommandId,
    },
}

/// Address of a running partition.
pub(crate) struct Address {
    partition: usize,
    sender: SyncSender<Message>,
    inbox_max: u64,
    /// Time that one command takes, smoothed, in nanoseconds. Written by the partition.
    pub(crate) command_ns: Arc<AtomicU64>,
    context: Arc<Context>,
}

impl Address {
    /// An address and its inbox.
    pub(crate) fn new(
        partition: usize,
        inbox_max: usize,
        context: Arc<Context>,
    ) -> (Self, Receiver<Message>) {
        let (sender, inbox) = sync_channel(inbox_max + CONTROL_MAX);
        let inbox_max = inbox_max as u64;
        (Self { partition, sender, inbox_max, command_ns: Arc::default(), context }, inbox)
    }

    /// Hands jobs over, or refuses all of them.
    pub(crate) fn submit(&self, jobs: Vec<Job>) -> Result<oneshot::Receiver<Answers>, Rejected> {
        if self.context.is_stopping() {
            return Err(Rejected::Stopping);
        }
        let depth = &self.context.telemetry.inbox_depth[self.partition];
        let count = jobs.len() as u64;
        // One call may overshoot by its own size, which is bounded; the next one is refused.
        let before = depth.add(count);
        if before >= self.inbox_max {
            depth.sub(count);
            self.context.telemetry.overloaded.add(count);
            return Err(self.overloaded(before));
        }
        let (reply, answers) = oneshot::channel();
        self.send(Message::Jobs { jobs, reply }).inspect_err(|_| depth.sub(count))?;
        Ok(answers)
    }

    /// Asks for timers to be fired.
    pub(crate) fn wake(&self) -> Result<oneshot::Receiver<()>, Rejected> {
        let (reply, done) = oneshot::channel();
        self.send(Message::Wake { reply })?;
        Ok(done)
    }

    /// Asks for the number of open cases of a specification.
    pub(crate) fn count_open(&self, number: u32) -> Result<oneshot::Receiver<u64>, Rejected> {
        let (reply, count) = oneshot::channel();
        self.send(Message::CountOpen { number, reply })?;
        Ok(count)
    }

    /// Ends the partition once it has worked off what waits. Blocks while the inbox is full.
    pub(crate) fn stop(&self) {
        // A partition that is gone has stopped.
        let _ = self.sender.send(Message::Stop);
    }

    /// Why no answer will come.
    pub(crate) fn gone(&self) -> Rejected {
        match self.context.fault() {
            Some(fault) => Rejected::Fault(fault),
            None if self.context.is_stopping() => Rejected::Stopping,
            None => Rejected::Fault(Fault::Died { part: part(self.partition) }),
        }
    }

    fn send(&self, message: Message) -> Result<(), Rejected> {
        match self.sender.try_send(message) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(self.overloaded(self.inbox_max)),
            Err(TrySendError::Disconnected(_)) => Err(self.gone()),
        }
    }

    fn overloaded(&self, depth: u64) -> Rejected {
        let wait_ms = depth.saturating_mul(self.command_ns.load(Ordering::Relaxed)) / 1_000_000;
        Rejected::Overloaded { retry_after_ms: wait_ms.clamp(RETRY_MS_MIN, RETRY_MS_MAX) }
    }
}
