//! Owner of a share of the cases: one thread, one loop, one order.
//!
//! ```text
//!   inbox ─▶ decide ─▶ batch ─▶ writer: append, sync ─▶ projection, changes, answers
//!              ▲ timers                 (meanwhile the next batch is decided)
//! ```
//!
//! The state here is ahead of the disk by at most two batches and is shown to nobody: whoever asks is
//! answered by the writer, after the sync. If the writer fails, this thread ends and its state with it; the
//! log is the truth that the next start reads.

mod keeping;
mod leasing;
mod notices;
mod phases;
mod reviews;
mod seats;
mod work;
mod worklists;

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError},
    },
    time::{Duration, Instant},
};

use agents::resourcing::ItemId;
use engine::{Answer, Case, CaseId, Decision, Inputs, Refusal};
use store::Reader;

use self::{
    keeping::{Of, Step},
    reviews::Reviewed,
    work::Work,
    worklists::{Acted, Given, Look},
};
use crate::{
    api::{Asked, Command, Launched},
    cases::{Cases, Local, Slot},
    context::Context,
    desk::Roll,
    entry::{Body, Entry},
    inbox::{Answers, Job, LaunchJob, Message, Told},
    named::{self, Meaning},
    projection::Projection,
    rejected::{Fault, Rejected},
    timers::Timers,
    writer::{Batch, Reply},
};

/// Bytes after which a batch is written though more commands wait. With the largest record on top it
/// stays below what the store takes at once.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Records or answers from which a batch is handed over though more commands wait, so that the writer does not
/// idle while many are decided. Below, the few microseconds that the waiting ones take save them a sync.
const BATCH_MIN: usize = 64;
/// Commands whose cases are fetched together. About as many as a core can wait for at once.
const FETCH_MAX: usize = 16;
/// The longest sleep while a timer runs: the wall clock may be set meanwhile.
const SLEEP_MAX: Duration = Duration::from_secs(1);
/// What a partition is made of.
pub(crate) struct Partition {
    pub(crate) number: usize,
    pub(crate) context: Arc<Context>,
    pub(crate) inbox: Receiver<Message>,
    pub(crate) writer: SyncSender<Batch>,
    /// Empty batches, back from the writer.
    pub(crate) told: Receiver<Batch>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) projection: Arc<Projection>,
    /// Who may be given work by name.
    pub(crate) roll: Arc<Roll>,
    pub(crate) partitions: usize,
    pub(crate) command_ns: Arc<AtomicU64>,
    pub(crate) batch_max: usize,
    pub(crate) hot_cases_max: usize,
    pub(crate) seed: u64,
}

/// A partition at work.
pub(crate) struct Running {
    partition: Partition,
    /// Newer than what is durable.
    cases: Cases,
    timers: Timers,
    work: Work,
    /// Items that the system is to start for their participants.
    starts: VecDeque<(Slot, ItemId)>,
    look: Look,
    batch: Batch,
    /// An empty batch that was not needed after all.
    spare: Option<Batch>,
    /// Position of the next record.
    next: u64,
}

/// The writer is gone.
struct Stopped;

impl Running {
    /// Takes over the recovered cases.
    pub(crate) fn new(partition: Partition, mut cases: Cases, next: u64) -> Self {
        let due = |(slot, case, local): (Slot, &CaseId, &Local)| {
            Some((slot, case.clone(), local.entry.next_due_ms()?))
        };
        let mut timers = Timers::default();
        for (slot, case, due_ms) in cases.iter().filter_map(due).collect::<Vec<_>>() {
            timers.arm(&case, None, Some(due_ms));
            cases.set_due_ms(slot, Some(due_ms));
        }
        partition.context.telemetry.cases_hot.add(cases.hot() as u64);
        partition.projection.set_next_due_ms(timers.next_due_ms());
        let batch = Batch { first: next, ..Batch::default() };
        let work = Work::new(partition.number, &partition.context, &cases);
        let (starts, look) = (VecDeque::new(), Look::default());
        let mut running =
            Self { partition, cases, timers, work, starts, look, batch, spare: None, next };
        running.resume_given();
        running
    }

    /// Works until it is told to stop, the last handle is gone, or the writer fails.
    pub(crate) fn run(mut self) {
        while let Ok(true) = self.turn() {}
    }

    /// One turn of the loop; `false` at the end.
    fn turn(&mut self) -> Result<bool, Stopped> {
        if self.partition.context.is_crashed() {
            return Err(Stopped);
        }
        let due = self.timers.count_due(self.now_ms(), self.partition.batch_max);
        self.fire(due)?;
        self.lapse()?;
        self.miss()?;
        self.start_given()?;
        self.work.tidy(&self.cases);
        self.work.announce();
        self.evict();
        match self.partition.inbox.try_recv() {
            Ok(message) => self.on_message(message),
            Err(TryRecvError::Empty) if !self.batch.is_empty() => self.flush().map(|()| true),
            Err(TryRecvError::Empty) => match self.wait() {
                Ok(message) => self.on_message(message),
                Err(RecvTimeoutError::Timeout) => Ok(true),
                Err(RecvTimeoutError::Disconnected) => Ok(false),
            },
            Err(TryRecvError::Disconnected) => self.flush().map(|()| false),
        }
    }

    /// Sleeps until something comes in, a timer is due by the wall clock, or a lease may have ended.
    fn wait(&self) -> Result<Message, RecvTimeoutError> {
        let inbox = &self.partition.inbox;
        let clock = &self.partition.context.clock;
        let to_timer = self.timers.next_due_ms().map(|due_ms| due_ms.saturating_sub(self.now_ms()));
        let to_timer = to_timer.map(|ms| u64::try_from(ms).unwrap_or(0));
        let to_lease = self.work.next_look().map(|look| look.since(clock.moment()));
        let to_look = self.look.at.map(|look| look.since(clock.moment()));
        match to_timer.into_iter().chain(to_lease).chain(to_look).min() {
            Some(0) => inbox.recv_timeout(Duration::ZERO),
            // Whoever moves a virtual clock sends a wake-up.
            Some(ms) if !clock.is_virtual() => {
                inbox.recv_timeout(Duration::from_millis(ms).min(SLEEP_MAX))
            }
            Some(_) | None => inbox.recv().map_err(RecvTimeoutError::from),
        }
    }

    fn on_message(&mut self, message: Message) -> Result<bool, Stopped> {
        match message {
            Message::Jobs { jobs, reply } => {
                let answers = self.on_jobs(jobs)?;
                self.batch.replies.push(Reply::Jobs(reply, answers));
            }
            Message::Wake { reply } => {
                let due = self.timers.count_due(self.now_ms(), usize::MAX);
                self.fire(due)?;
                self.lapse()?;
                self.miss()?;
                self.start_given()?;
                self.batch.replies.push(Reply::Wake(reply));
            }
            Message::CountOpen { number, reply } => {
                let of_it = |local: &&Local| {
                    local.entry.loaded.number == number && !local.entry.has_ended()
                };
                let locals = self.cases.iter().map(|(_, _, local)| local);
                let open = locals.filter(of_it).count() as u64;
                self.batch.replies.push(Reply::Count(reply, open));
            }
            Message::Stop => return self.flush().map(|()| false),
        }
        self.offer()?;
        Ok(true)
    }

    fn on_jobs(&mut self, jobs: Vec<Job>) -> Result<Answers, Stopped> {
        let began = self.partition.context.clock.monotonic();
        let count = jobs.len() as u64;
        let mut answers = Vec::with_capacity(jobs.len());
        let mut jobs = jobs.into_iter();
        while jobs.len() > 0 {
            self.fetch(jobs.as_slice());
            for job in jobs.by_ref().take(FETCH_MAX) {
                answers.push(self.on_job(job));
                self.start_given()?;
                if self.is_full() {
                    self.flush()?;
                }
            }
        }
        self.partition.context.telemetry.commands.add(count);
        self.partition.context.telemetry.inbox_depth[self.partition.number].sub(count);
        self.measure(began, count);
        Ok(answers)
    }

    fn on_job(&mut self, job: Job) -> Result<Told, Rejected> {
        let answer = match job {
            Job::Launch(job) => self.on_launch(job),
            Job::Command(asked) => self.on_command(asked),
            Job::Claim(claim) => Ok(Told::Claimed(self.on_claim(&claim))),
            Job::Renew(renewal) => self.on_renewal(&renewal),
        };
        if let Err(Rejected::Refused(_)) = &answer {
            self.partition.context.telemetry.refusals.add(1);
        }
        answer
    }

    /// Reads a little of each case that the next commands are about. Among millions of cases none is in a cache: read
    /// in a row, without anything that depends on them, they are waited for side by side and not one after the other.
    fn fetch(&self, jobs: &[Job]) {
        if jobs.len() == 1 {
            return;
        }
        let asked = jobs.iter().take(FETCH_MAX).filter_map(|job| match job {
            Job::Command(asked) => Some(asked),
            Job::Launch(_) | Job::Claim(_) | Job::Renew(_) => None,
        });
        let slots: Vec<Slot> = asked.filter_map(|asked| self.cases.find(&asked.case)).collect();
        let mut read = 0;
        for slot in &slots {
            read += usize::from(self.cases[*slot].entry.is_hot());
        }
        for slot in &slots {
            read += self.cases[*slot].entry.peek();
        }
        std::hint::black_box(read);
    }

    /// Smooths the time that a command takes, for the advice to those who are turned away.
    fn measure(&self, began: Instant, count: u64) {
        let took = self.partition.context.clock.monotonic() - began;
        let each = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX) / count.max(1);
        let before = self.partition.command_ns.load(Ordering::Relaxed);
        self.partition.command_ns.store(before - before / 8 + each / 8, Ordering::Relaxed);
    }

    fn on_launch(&mut self, job: LaunchJob) -> Result<Told, Rejected> {
        let LaunchJob { loaded, command, launch, traceparent } = job;
        let case = launch.case.clone();
        if let Some(slot) = self.cases.find(&case) {
            let entry = &self.cases[slot].entry;
            return match command {
                Some(id) if entry.launch == Some(id.hash()) => {
                    Ok(Told::Repeated { position: entry.first, id })
                }
                Some(_) | None => Err(Rejected::CaseExists(case)),
            };
        }
        // Asked for again here: it may have been unloaded while the command waited.
        if !self.partition.context.catalogue.takes_launches(&loaded) {
            return Err(Rejected::NoSuchSpecification(loaded.key.clone()));
        }
        let inputs = self.inputs();
        let decision = guard(&case, || engine::launch(&loaded.program, launch, inputs))??;
        let specification = loaded.key.clone();
        let (status, launched_at_ms) = (decision.case.status, decision.case.launched_at_ms);
        let of = Of::New { case: case.clone(), loaded, traceparent };
        let at_ms = inputs.now.unix_ms;
        let given = Given::default();
        let step = Step { of, command: command.as_ref(), at_ms, leased: None, given };
        self.record(step, decision, None)?;
        Ok(Told::Launched(Launched { case, specification, status, launched_at_ms }))
    }

    fn on_command(&mut self, asked: Asked) -> Result<Told, Rejected> {
        let Asked { case, id, command } = asked;
        let slot = self.cases.find(&case);
        let slot = slot.ok_or_else(|| Rejected::NoSuchCase(case.to_string()))?;
        let entry = &self.cases[slot].entry;
        if let Some(id) = &id
            && let Some(position) = entry.recent.find(id.hash())
        {
            return Ok(Told::Repeated { position, id: id.clone() });
        }
        if entry.has_ended() {
            return Err(Rejected::Refused(Refusal::CaseNotRunning(entry.status().name())));
        }
        let before = self.heated(slot)?;
        let command = match self.on_reviewed((slot, &before), id.as_ref(), command)? {
            Reviewed::Done(told) => return Ok(told),
            Reviewed::Other(command) => command,
        };
        let inputs = self.inputs();
        let acted = if let Command::Act { item, action } = command {
            self.act(&before, &item, action)?
        } else if let Command::Unchain { by } = command {
            self.unchain(&before, by)?
        } else {
            self.decide(&before, command, inputs)?
        };
        let Acted { decision, leased, given, answer } = acted;
        let stored = id.is_some().then(|| named::stored(&answer));
        let of = Of::Known { slot, before };
        let step = Step { of, command: id.as_ref(), at_ms: inputs.now.unix_ms, leased, given };
        self.record(step, decision, stored)?;
        Ok(Told::Answered(answer))
    }

    /// What a command does to the net and to the leases.
    fn decide(&self, before: &Entry, command: Command, inputs: Inputs) -> Result<Acted, Rejected> {
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let program = &before.loaded.program;
        let Meaning { of_the_net, of_the_leases } =
            named::meaning(program, state, command, self.next_epoch())?;
        let leased = match of_the_leases {
            Some(command) => self.decide_lease(&state.id, before, command)?,
            None => None,
        };
        let decision = match of_the_net {
            Some(command) => guard(&state.id, || engine::decide(program, state, command, inputs))??,
            None => unchanged(state),
        };
        let answer = named::answer(program, &decision, leased.as_ref());
        Ok(Acted { decision, leased, given: Given::default(), answer })
    }

    /// Fires the earliest `count` cases.
    fn fire(&mut self, count: usize) -> Result<(), Stopped> {
        for _ in 0..count {
            let now_ms = self.now_ms();
            let Some(case) = self.timers.pop_due(now_ms) else { break };
            let Some(slot) = self.cases.find(&case) else { continue };
            self.cases.set_due_ms(slot, None);
            if let Err(rejected) = self.fire_case(&case, slot) {
                // The case is not armed again until the next command changes it: no endless loop.
                tracing::warn!(%case, error = %rejected, "a due timer could not be fired");
            }
            if self.is_full() {
                self.flush()?;
            }
        }
        if count > 0 {
            self.offer()?;
        }
        Ok(())
    }

    fn fire_case(&mut self, case: &CaseId, slot: Slot) -> Result<(), Rejected> {
        let before = self.heated(slot)?;
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let inputs = self.inputs();
        let program = &before.loaded.program;
        let decision =
            guard(case, || engine::decide(program, state, engine::Command::FireDue, inputs))??;
        if decision.events.is_empty() {
            // Nothing was due after all, as when the case is suspended: the next command arms it again.
            let due_ms = state.next_due_ms().filter(|due_ms| *due_ms > inputs.now.unix_ms);
            self.arm(slot, due_ms);
            return Ok(());
        }
        self.partition.context.telemetry.timers_fired.add(1);
        let of = Of::Known { slot, before };
        let (at_ms, given) = (inputs.now.unix_ms, Given::default());
        let step = Step { of, command: None, at_ms, leased: None, given };
        self.record(step, decision, None)
    }

    fn arm(&mut self, slot: Slot, due_ms: Option<i64>) {
        let before = self.cases.set_due_ms(slot, due_ms);
        self.timers.arm(self.cases.id(slot), before, due_ms);
    }

    fn is_full(&self) -> bool {
        let batch = &self.batch;
        batch.ends.len() >= self.partition.batch_max
            || batch.updates.len() >= self.partition.batch_max
            || batch.notices.len() >= self.partition.batch_max
            || batch.bytes.len() >= BATCH_BYTES_MAX
    }

    /// Hands the batch to the writer if it is worth a write and the writer is idle; waits for it only if the batch is
    /// full. What is not handed over now is as soon as no command waits.
    fn offer(&mut self) -> Result<(), Stopped> {
        if self.is_full() {
            return self.flush();
        }
        if self.batch.ends.len().max(self.batch.replies.len()) < BATCH_MIN {
            return Ok(());
        }
        let batch = self.take_batch();
        match self.partition.writer.try_send(batch) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(batch)) => {
                self.spare = Some(std::mem::replace(&mut self.batch, batch));
                Ok(())
            }
            Err(TrySendError::Disconnected(_)) => Err(Stopped),
        }
    }

    /// Hands the batch to the writer as soon as that takes it.
    fn flush(&mut self) -> Result<(), Stopped> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = self.take_batch();
        self.partition.writer.send(batch).map_err(|_| Stopped)
    }

    fn take_batch(&mut self) -> Batch {
        self.batch.next_due_ms = self.timers.next_due_ms();
        let spare = self.spare.take().or_else(|| self.partition.told.try_recv().ok());
        let mut next = spare.unwrap_or_default();
        next.first = self.next;
        std::mem::replace(&mut self.batch, next)
    }

    fn now_ms(&self) -> i64 {
        self.partition.context.clock.now_ms()
    }

    fn inputs(&self) -> Inputs {
        let now = engine::Now {
            unix_ms: self.now_ms(),
            offset_minutes: self.partition.context.offset_minutes,
        };
        Inputs { now, seed: mix(self.partition.seed ^ mix(self.next)) }
    }
}

/// Nothing happens in the net.
fn unchanged(case: &Case) -> Decision {
    Decision { events: Vec::new(), case: case.clone(), answer: Answer::Done }
}

/// Runs the rules. They change nothing, so a panic in them is a fault of this command alone.
fn guard(
    case: &CaseId,
    decide: impl FnOnce() -> Result<Decision, Refusal>,
) -> Result<Result<Decision, Refusal>, Rejected> {
    catch_unwind(AssertUnwindSafe(decide)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let message = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        tracing::error!(%case, message, "the rules panicked; the case is as it was");
        Rejected::Fault(Fault::Bug { case: case.clone(), message })
    })
}

/// The finaliser of SplitMix64: neighbouring numbers give unrelated ones.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
