//! Address of a running node: everything that changes something.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use engine::CaseId;
use store::Reader;
use tokio::{
    sync::{broadcast, mpsc, oneshot},
    task::spawn_blocking,
};

use crate::{
    api::{Answered, Asked, Change, Command, Launch, Launched, Loaded, Renewal, Uploaded},
    clock::Clock,
    config::CALL_MAX,
    context::Context,
    desk::{self, Roll},
    ids::{CommandId, SpecificationKey, case_of_item, number_of, partition_of},
    inbox::{Address, Answers, Job, LaunchJob, RenewJob, Told},
    launch_ids::LaunchIds,
    projection::Projection,
    rejected::{Fault, Rejected},
    storage::Storage,
    telemetry::Telemetry,
};

/// Jobs in one message. Others' commands get their turn between two messages of a large call.
const JOBS_PER_MESSAGE: usize = 256;
/// How often a number that somebody took at the same moment is replaced by the next one.
const NUMBER_TRIES_MAX: usize = 3;

/// Address of a running node. Cheap to clone.
#[derive(Clone)]
pub struct Handle(pub(crate) Arc<Shared>);

/// What all handles share.
pub(crate) struct Shared {
    pub(crate) context: Arc<Context>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) projections: Vec<Arc<Projection>>,
    pub(crate) readers: Vec<Arc<dyn Reader>>,
    /// The number that the next unnamed case gets.
    pub(crate) next_number: AtomicU64,
    pub(crate) launch_ids: Mutex<LaunchIds>,
    pub(crate) desk: mpsc::Sender<desk::Message>,
    pub(crate) roll: Arc<Roll>,
    pub(crate) storage: Storage,
}

/// A job with its partition, or why there is none.
type Prepared = Result<(usize, Job), Rejected>;
/// Where the answers of a message belong, and where they come from.
type Submitted<'a> = (Vec<usize>, &'a Address, Result<oneshot::Receiver<Answers>, Rejected>);

impl Handle {
    /// Reads, verifies, compiles and stores a specification file. The same file again gives the same
    /// answer; another text under a known key is a conflict.
    pub async fn upload(&self, xml: &str) -> Result<Vec<Uploaded>, Rejected> {
        if self.0.context.is_stopping() {
            return Err(Rejected::Stopping);
        }
        let (context, xml) = (self.0.context.clone(), xml.to_owned());
        blocking(move || {
            let uploaded = context.catalogue.upload(&xml, context.clock.now_ms());
            let uploaded = uploaded.inspect_err(|rejected| context.note(rejected))?;
            for one in &uploaded {
                context.expect_arbiters(context.catalogue.get(&one.key).as_deref());
            }
            Ok(uploaded)
        })
        .await?
    }

    /// Specifications that take launches, in the order of their keys.
    pub fn specifications(&self) -> Vec<Arc<Loaded>> {
        self.0.context.catalogue.list()
    }

    pub fn specification(&self, key: &SpecificationKey) -> Option<Arc<Loaded>> {
        self.0.context.catalogue.get(key)
    }

    /// Open cases of a specification.
    pub fn open_cases(&self, loaded: &Loaded) -> u64 {
        self.0.projections.iter().map(|projection| projection.count_open(loaded.number)).sum()
    }

    /// Takes a specification away. Refused while cases of it are open.
    pub async fn unload(&self, key: &SpecificationKey) -> Result<(), Rejected> {
        let context = &self.0.context;
        let hidden = context.catalogue.hide(key);
        let loaded = hidden.ok_or_else(|| Rejected::NoSuchSpecification(key.clone()))?;
        let hiding = Hiding { context: context.clone(), loaded: Some(loaded.clone()) };
        // Each partition has decided every launch that came before the hiding once it answers this.
        let mut open = 0;
        for address in &self.0.addresses {
            open += address.count_open(loaded.number)?.await.map_err(|_| address.gone())?;
        }
        if open > 0 {
            return Err(Rejected::InUse { key: key.clone(), open });
        }
        let context = context.clone();
        blocking(move || {
            let unloaded = context.catalogue.unload(loaded.number, context.clock.now_ms());
            unloaded.inspect_err(|rejected| context.note(rejected))?;
            hiding.keep();
            Ok(())
        })
        .await?
    }

    /// Launches a case.
    pub async fn launch(&self, launch: Launch) -> Result<Launched, Rejected> {
        let began = self.0.context.clock.monotonic();
        let prepared = self.prepare(&launch);
        let case = case_of(&prepared);
        let told = self.send(prepared).await;
        let answer = self.settle(&launch, case, told).await;
        self.count_launches(began, u64::from(answer.is_ok()));
        answer
    }

    /// Launches up to [`CALL_MAX`] cases; answers in the same order.
    pub async fn launch_many(&self, launches: Vec<Launch>) -> Vec<Result<Launched, Rejected>> {
        if launches.len() > CALL_MAX {
            return too_many(launches.len());
        }
        let began = self.0.context.clock.monotonic();
        let prepared: Vec<_> = launches.iter().map(|launch| self.prepare(launch)).collect();
        let cases: Vec<_> = prepared.iter().map(case_of).collect();
        let told = self.dispatch(prepared).await;
        let mut answers = Vec::with_capacity(told.len());
        for ((launch, case), told) in launches.iter().zip(cases).zip(told) {
            answers.push(self.settle(launch, case, told).await);
        }
        self.count_launches(began, answers.iter().filter(|answer| answer.is_ok()).count() as u64);
        answers
    }

    /// Asks something of a case. The same command id again gives the same answer and does nothing.
    pub async fn command(
        &self,
        case: &CaseId,
        id: Option<CommandId>,
        command: Command,
    ) -> Result<Answered, Rejected> {
        let began = self.0.context.clock.monotonic();
        let kind = kind_of(&command);
        let asked = Asked { case: case.clone(), id, command };
        let answer = self.send(self.place(asked)).await.and_then(answered);
        self.count_command(began, kind, &answer);
        answer
    }

    /// Asks up to [`CALL_MAX`] things of cases; those of one case happen in this order.
    pub async fn commands(&self, asked: Vec<Asked>) -> Vec<Result<Answered, Rejected>> {
        if asked.len() > CALL_MAX {
            return too_many(asked.len());
        }
        let began = self.0.context.clock.monotonic();
        let kinds: Vec<Kind> = asked.iter().map(|asked| kind_of(&asked.command)).collect();
        let told = self.dispatch(asked.into_iter().map(|asked| self.place(asked)).collect()).await;
        let answers: Vec<_> = told.into_iter().map(|told| told.and_then(answered)).collect();
        for (kind, answer) in kinds.into_iter().zip(&answers) {
            self.count_command(began, kind, answer);
        }
        answers
    }

    /// Lets up to [`CALL_MAX`] leases go on; gives for each how many milliseconds it has left.
    ///
    /// The answer is not waited for a disk: after a crash every lease begins its whole term anew, so that no
    /// promise is broken.
    pub async fn renew_leases(&self, renewals: Vec<Renewal>) -> Vec<Result<u64, Rejected>> {
        if renewals.len() > CALL_MAX {
            return too_many(renewals.len());
        }
        let items: Vec<_> = renewals.iter().map(|renewal| renewal.item.clone()).collect();
        let prepared = renewals.into_iter().map(|renewal| self.place_renewal(renewal)).collect();
        let told = self.dispatch(prepared).await;
        let left = |told| match told {
            Told::Renewed { left_ms } => left_ms,
            Told::Answered(_) | Told::Launched(_) | Told::Claimed(_) | Told::Repeated { .. } => {
                unreachable!("a renewal is answered as one")
            }
        };
        // A partition looks for the epoch alone and knows no more than the case.
        let named = |(told, item): (Result<Told, Rejected>, String)| match told {
            Err(Rejected::Lease { refusal, .. }) => Err(Rejected::Lease { item, refusal }),
            told => told.map(left),
        };
        told.into_iter().zip(items).map(named).collect()
    }

    fn place_renewal(&self, renewal: Renewal) -> Prepared {
        let Renewal { item, epoch, term_ms } = renewal;
        let case = case_of_item(&item).ok_or(Rejected::NoSuchItem(item))?;
        let partition = partition_of(&case, self.0.addresses.len());
        Ok((partition, Job::Renew(RenewJob { case, epoch, term_ms })))
    }

    /// Moves a virtual clock to `ms` and fires, durably, what was due by then. With the system clock it
    /// fires what is due now.
    pub async fn advance_to(&self, ms: i64) -> Result<(), Rejected> {
        self.0.context.clock.advance_to(ms);
        let mut woken = Vec::new();
        for address in &self.0.addresses {
            woken.push((address, address.wake()?));
        }
        for (address, done) in woken {
            done.await.map_err(|_| address.gone())?;
        }
        self.look_at_agents().await
    }

    /// When the next timer fires or the next scheduled case starts.
    pub fn next_due_ms(&self) -> Option<i64> {
        self.0.projections.iter().filter_map(|projection| projection.next_due_ms()).min()
    }

    /// Changes of cases from now on. A listener that falls behind by more than
    /// [`crate::config::CHANGES_MAX`] is told how many it missed.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.context.changes.subscribe()
    }

    pub fn telemetry(&self) -> &Telemetry {
        &self.0.context.telemetry
    }

    pub fn clock(&self) -> &Clock {
        &self.0.context.clock
    }

    /// The fault that stopped a partition, if one did.
    pub fn fault(&self) -> Option<Fault> {
        self.0.context.fault()
    }

    /// No command is taken any more.
    pub fn is_stopping(&self) -> bool {
        self.0.context.is_stopping()
    }

    /// The durable answer to a launch. A number that was taken meanwhile is replaced by another.
    async fn settle(
        &self,
        launch: &Launch,
        mut case: Option<CaseId>,
        mut told: Result<Told, Rejected>,
    ) -> Result<Launched, Rejected> {
        for _ in 0..NUMBER_TRIES_MAX {
            if told.is_err() {
                self.forget(launch, case.as_ref());
            }
            let is_taken = matches!(told, Err(Rejected::CaseExists(_))) && launch.case.is_none();
            if !is_taken {
                break;
            }
            let prepared = self.prepare(launch);
            case = case_of(&prepared);
            told = self.send(prepared).await;
        }
        match told? {
            Told::Launched(launched) => Ok(launched),
            Told::Answered(_) | Told::Repeated { .. } | Told::Claimed(_) | Told::Renewed { .. } => {
                unreachable!("a launch is answered as one")
            }
        }
    }

    fn forget(&self, launch: &Launch, case: Option<&CaseId>) {
        if let (Some(id), None, Some(case)) = (&launch.command, &launch.case, case) {
            let mut launch_ids = self.0.launch_ids.lock().unwrap_or_else(PoisonError::into_inner);
            launch_ids.forget(id.hash(), case);
        }
    }

    fn prepare(&self, launch: &Launch) -> Prepared {
        let loaded = self.0.context.catalogue.named(&launch.specification).ok_or_else(|| {
            Rejected::NoSuchSpecification(SpecificationKey::named(&launch.specification))
        })?;
        let case = match &launch.case {
            Some(text) => self.named(text)?,
            None => self.numbered(launch.command.as_ref()),
        };
        let partition = partition_of(&case, self.0.addresses.len());
        let (command, traceparent) = (launch.command.clone(), launch.traceparent);
        let launch =
            engine::Launch { case, data: launch.data.clone(), start_at_ms: launch.start_at_ms };
        Ok((partition, Job::Launch(LaunchJob { loaded, command, launch, traceparent })))
    }

    fn place(&self, asked: Asked) -> Prepared {
        Ok((partition_of(&asked.case, self.0.addresses.len()), Job::Command(asked)))
    }

    fn count_launches(&self, began: Instant, created: u64) {
        let took = self.0.context.clock.monotonic() - began;
        let telemetry = &self.0.context.telemetry;
        telemetry.case_create_ms.observe_many(took.as_secs_f64() * 1000.0, created);
    }

    fn count_command(&self, began: Instant, kind: Kind, answer: &Result<Answered, Rejected>) {
        let telemetry = &self.0.context.telemetry;
        let histogram = match kind {
            Kind::Checkout => &telemetry.checkout_ms,
            Kind::Checkin => &telemetry.checkin_ms,
            Kind::Other => return,
        };
        if answer.is_ok() {
            histogram.observe_duration(self.0.context.clock.monotonic() - began);
        }
    }

    /// An id that the caller chose. Counting goes on behind it.
    fn named(&self, text: &str) -> Result<CaseId, Rejected> {
        let case = CaseId::parse(text).map_err(|error| Rejected::Refused(error.into()))?;
        if let Some(number) = number_of(&case) {
            self.0.next_number.fetch_max(number + 1, Ordering::Relaxed);
        }
        Ok(case)
    }

    /// The next number; for a launch that came before, the one that it got then.
    fn numbered(&self, command: Option<&CommandId>) -> CaseId {
        let number = || {
            let number = self.0.next_number.fetch_add(1, Ordering::Relaxed);
            CaseId::parse(&number.to_string()).expect("digits make a case id")
        };
        let Some(id) = command else { return number() };
        let mut launch_ids = self.0.launch_ids.lock().unwrap_or_else(PoisonError::into_inner);
        launch_ids.case_for(id.hash(), number)
    }

    /// Sends one job to its partition and waits for the answer.
    async fn send(&self, prepared: Prepared) -> Result<Told, Rejected> {
        let (partition, job) = prepared?;
        let address = &self.0.addresses[partition];
        let answers = address.submit(vec![job])?.await;
        answers.map_err(|_| address.gone())?.pop().expect("one answer for each job")
    }

    /// Sends each job to its partition, few messages for many jobs, and waits for all answers.
    async fn dispatch(&self, prepared: Vec<Prepared>) -> Vec<Result<Told, Rejected>> {
        let mut told: Vec<Option<Result<Told, Rejected>>> = Vec::new();
        told.resize_with(prepared.len(), || None);
        let mut shares: Vec<(Vec<usize>, Vec<Job>)> = Vec::new();
        shares.resize_with(self.0.addresses.len(), Default::default);
        let mut waiting = Vec::new();
        for (index, prepared) in prepared.into_iter().enumerate() {
            let (partition, job) = match prepared {
                Ok(prepared) => prepared,
                Err(rejected) => {
                    told[index] = Some(Err(rejected));
                    continue;
                }
            };
            let (places, jobs) = &mut shares[partition];
            places.push(index);
            jobs.push(job);
            if jobs.len() == JOBS_PER_MESSAGE {
                waiting.push(self.submit(partition, std::mem::take(&mut shares[partition])));
            }
        }
        for (partition, share) in shares.into_iter().enumerate() {
            if !share.0.is_empty() {
                waiting.push(self.submit(partition, share));
            }
        }
        for (places, address, answers) in waiting {
            let answers = match answers {
                Ok(answers) => answers.await.map_err(|_| address.gone()),
                Err(rejected) => Err(rejected),
            };
            let answers = answers
                .unwrap_or_else(|rejected| places.iter().map(|_| Err(rejected.clone())).collect());
            assert_eq!(places.len(), answers.len(), "one answer for each job");
            for (index, answer) in places.into_iter().zip(answers) {
                told[index] = Some(answer);
            }
        }
        told.into_iter().map(|told| told.expect("every job was sent or refused")).collect()
    }

    fn submit(&self, partition: usize, (places, jobs): (Vec<usize>, Vec<Job>)) -> Submitted<'_> {
        let address = &self.0.addresses[partition];
        (places, address, address.submit(jobs))
    }
}

/// Shows a hidden specification again unless its unloading became durable, also where the caller gave up.
struct Hiding {
    context: Arc<Context>,
    loaded: Option<Arc<Loaded>>,
}

impl Hiding {
    fn keep(mut self) {
        self.loaded = None;
    }
}

impl Drop for Hiding {
    fn drop(&mut self) {
        if let Some(loaded) = self.loaded.take() {
            self.context.catalogue.unhide(loaded);
        }
    }
}

/// Which histogram a command counts in.
enum Kind {
    Checkout,
    Checkin,
    Other,
}

fn kind_of(command: &Command) -> Kind {
    match command {
        Command::Start { .. } => Kind::Checkout,
        Command::Complete { .. } | Command::CompleteHeld { .. } | Command::Vote { .. } => {
            Kind::Checkin
        }
        Command::Force { .. }
        | Command::Fail { .. }
        | Command::Skip { .. }
        | Command::Suspend { .. }
        | Command::Unsuspend { .. }
        | Command::Rollback { .. }
        | Command::Add { .. }
        | Command::CancelItem { .. }
        | Command::CompleteTask { .. }
        | Command::Restart { .. }
        | Command::ReturnHeld { .. }
        | Command::FailHeld { .. }
        | Command::HandOff { .. }
        | Command::Revive { .. }
        | Command::Act { .. }
        | Command::Unchain { .. }
        | Command::Resolve { .. }
        | Command::CancelCase
        | Command::SuspendCase
        | Command::ResumeCase => Kind::Other,
    }
}

/// The case that a job is about, if it could be prepared.
fn case_of(prepared: &Prepared) -> Option<CaseId> {
    match &prepared.as_ref().ok()?.1 {
        Job::Launch(job) => Some(job.launch.case.clone()),
        Job::Command(asked) => Some(asked.case.clone()),
        Job::Renew(job) => Some(job.case.clone()),
        Job::Claim(_) => None,
    }
}

fn answered(told: Told) -> Result<Answered, Rejected> {
    match told {
        Told::Answered(answered) => Ok(answered),
        // The id was used for the launch of this case.
        Told::Launched(launched) => Err(Rejected::CaseExists(launched.case)),
        Told::Repeated { .. } | Told::Claimed(_) | Told::Renewed { .. } => {
            unreachable!("a command is answered as one, and the writer has put the answer here")
        }
    }
}

fn too_many<T>(size: usize) -> Vec<Result<T, Rejected>> {
    (0..size).map(|_| Err(Rejected::TooLarge { what: "call", size, max: CALL_MAX })).collect()
}

/// Runs what takes a while or reads the disk, away from the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Rejected> {
    // The runtime drops blocking work only when it shuts down; a panic is a fault of ours.
    spawn_blocking(work).await.map_err(|error| {
        if error.is_panic() { Rejected::Fault(Fault::Panicked) } else { Rejected::Stopping }
    })
}
