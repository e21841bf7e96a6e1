//! A running node: starts from its stores, stops in order, says when it could not go on.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::AtomicU64,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use engine::CaseId;
use store::Opened;
use tokio::{
    sync::mpsc,
    task::{JoinSet, spawn_blocking},
};

use crate::{
    api::Recovered,
    cases::{Local, Slot},
    catalogue::Catalogue,
    config::{Config, PARTITIONS_MAX},
    context::Context,
    desk::{self, Roll},
    handle::{Handle, Shared},
    ids::number_of,
    inbox::Address,
    launch_ids::{LAUNCH_IDS_MAX, LaunchIds},
    partition::{Partition, Running},
    projection::Projection,
    recovery::{self, Found, Place},
    rejected::{Fault, StartError},
    snapshotter::Snapshotter,
    storage::{Storage, part},
    telemetry::Telemetry,
    writer::{Batch, Writer},
};

/// More would be memory spent on waiting.
const INBOX_MAX: usize = 1_000_000;
/// More records than the store takes in one batch of small ones.
const BATCH_MAX: usize = 65_536;

/// One batch is being filled, one written, one on its way back.
const BATCHES_KEPT: usize = 2;

/// Four times the default of a thread: queries are evaluated by recursion, bounded by `query`, and debug builds
/// need much for each step.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// A running node. Dropping it without [`Node::shutdown`] leaves its threads to end when the last
/// handle is gone.
pub struct Node {
    handle: Handle,
    threads: Vec<JoinHandle<()>>,
    /// The desk.
    tasks: JoinSet<()>,
    recovered: Recovered,
}

impl Node {
    /// Recovers what the directory holds and starts to work on it.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let storage = match &config.directory {
            Some(directory) => Storage::disk(directory.clone()),
            None => Storage::memory(config.partitions),
        };
        Self::start_on(config, storage).await
    }

    /// As [`Node::start`], on stores of the caller; the configured directory is not looked at.
    pub async fn start_on(config: Config, storage: Storage) -> Result<Self, StartError> {
        check(&config)?;
        let began = config.clock.monotonic();
        let partitions = config.partitions;
        let recovery = {
            let storage = storage.clone();
            spawn_blocking(move || Catalogue::recover(storage.open_catalogue()?, partitions))
        };
        let catalogue =
            recovery.await.map_err(|_| StartError::Died { part: "catalogue".into() })??;
        let telemetry = Telemetry::new(partitions);
        let context = Context::new(catalogue, &config, telemetry);
        let found = recover_all(&config, &storage, &context).await?;
        let agents = recover_agents(&config, &storage).await?;
        let mut recovered = account(&found, context.catalogue.list().len());
        recovered.agents = agents.roll.registry().state().len();
        context.telemetry.cases_active.add(recovered.open_cases as u64);
        let (desk, inbox) = mpsc::channel(desk::INBOX_MAX);
        let roll = agents.roll.clone();
        let desk_at_work = desk::Running::new(&config, context.clone(), agents, inbox)
            .map_err(StartError::Thread)?;
        let (handle, threads) = start_threads(&config, &context, (found, desk, roll, storage))?;
        let mut tasks = JoinSet::new();
        tasks.spawn(desk_at_work.run(Arc::downgrade(&handle.0)));
        recovered.took = config.clock.monotonic() - began;
        tracing::info!(
            specifications = recovered.specifications,
            cases = recovered.cases,
            records = recovered.records,
            torn_bytes = recovered.torn_bytes,
            took = ?recovered.took,
            "node started"
        );
        for rejected in &recovered.snapshots_rejected {
            tracing::warn!(rejected, "a damaged snapshot was passed over");
        }
        Ok(Self { handle, threads, tasks, recovered })
    }

    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// What start-up found and how long it took.
    pub fn recovered(&self) -> &Recovered {
        &self.recovered
    }

    /// Waits until a partition dies. Until then the future does not end; dropping it does no harm.
    pub async fn failed(&self) -> Fault {
        let mut faults = self.handle.0.context.watch_faults();
        let fault = faults.wait_for(Option::is_some).await.ok().and_then(|fault| fault.clone());
        fault.unwrap_or(Fault::Panicked)
    }

    /// Takes no more commands, works off those that wait, writes a last snapshot and closes the stores.
    pub async fn shutdown(self) -> Result<(), Fault> {
        let context = self.handle.0.context.clone();
        context.stop();
        self.join().await;
        context.fault().map_or(Ok(()), Err)
    }

    /// Ends as a killed process does: what waits or is being decided is lost, no snapshot is written. For
    /// tests and simulations.
    pub async fn crash(self) {
        self.handle.0.context.crash();
        self.join().await;
    }

    async fn join(mut self) {
        // A desk that is gone has stopped.
        let _ = self.handle.0.desk.send(desk::Message::Stop).await;
        while self.tasks.join_next().await.is_some() {}
        let ended = spawn_blocking(move || {
            for address in &self.handle.0.addresses {
                address.stop();
            }
            for thread in self.threads {
                // A thread that panicked has left its fault behind.
                let _ = thread.join();
            }
            self.handle.0.context.catalogue.close();
        });
        // Only the end of the runtime can come before.
        let _ = ended.await;
    }
}

fn check(config: &Config) -> Result<(), StartError> {
    let within = |setting, value: usize, max: usize| {
        if (1..=max).contains(&value) {
            Ok(())
        } else {
            Err(StartError::Setting { setting, value, min: 1, max })
        }
    };
    within("partitions", config.partitions, PARTITIONS_MAX)?;
    within("inbox_max", config.inbox_max, INBOX_MAX)?;
    within("batch_max", config.batch_max, BATCH_MAX)?;
    within("hot_cases_max", config.hot_cases_max, usize::MAX)?;
    let records = usize::try_from(config.snapshot_every_records).unwrap_or(usize::MAX);
    within("snapshot_every_records", records, usize::MAX)
}

/// Each partition's share of the cases that may be hot.
fn hot_cases_max(config: &Config) -> usize {
    config.hot_cases_max.div_ceil(config.partitions)
}

/// Recovers all partitions at once.
async fn recover_all(
    config: &Config,
    storage: &Storage,
    context: &Arc<Context>,
) -> Result<Vec<Found>, StartError> {
    let mut recovering = Vec::new();
    for partition in 0..config.partitions {
        let (storage, context) = (storage.clone(), context.clone());
        let hot_cases_max = hot_cases_max(config);
        let place = Place { partition, partitions: config.partitions, hot_cases_max };
        recovering.push(spawn_blocking(move || {
            let recovery = storage.open_partition(partition)?;
            recovery::recover(recovery, &context.catalogue, place)
                .map_err(|source| StartError::Store { part: part(partition), source })
        }));
    }
    let mut found = Vec::new();
    for (partition, recovering) in recovering.into_iter().enumerate() {
        found.push(recovering.await.map_err(|_| StartError::Died { part: part(partition) })??);
    }
    Ok(found)
}

async fn recover_agents(config: &Config, storage: &Storage) -> Result<desk::Found, StartError> {
    let (storage, settings, clock) = (storage.clone(), config.agents, config.clock.clone());
    let recovering = spawn_blocking(move || {
        desk::recover(storage.open_agents()?, settings, &clock)
            .map_err(|source| StartError::Store { part: "agents".into(), source })
    });
    recovering.await.map_err(|_| StartError::Died { part: "agents".into() })?
}

fn account(found: &[Found], specifications: usize) -> Recovered {
    let mut recovered = Recovered { specifications, ..Recovered::default() };
    for found in found {
        let (open, ended) = found.projection.counts();
        recovered.cases += open + ended;
        recovered.open_cases += open;
        let report = &found.opened.report;
        recovered.records += report.tail_records;
        recovered.torn_bytes += report.cut.as_ref().map_or(0, |cut| cut.bytes);
        recovered.snapshots_rejected.extend(report.snapshots_rejected.iter().cloned());
    }
    recovered
}

fn start_threads(
    config: &Config,
    context: &Arc<Context>,
    (found, desk, roll, storage): (Vec<Found>, mpsc::Sender<desk::Message>, Arc<Roll>, Storage),
) -> Result<(Handle, Vec<JoinHandle<()>>), StartError> {
    let cases = || found.iter().flat_map(|found| found.cases.iter());
    let next_number =
        cases().filter_map(|(_, case, _)| number_of(case)).max().map_or(1, |number| number + 1);
    let launch_ids = launch_ids(cases());
    for (number, found) in found.iter().enumerate() {
        context.worklists.recovered(number, &found.projection.ledger());
    }
    let mut addresses = Vec::new();
    let mut projections = Vec::new();
    let mut readers = Vec::new();
    let mut threads = Vec::new();
    for (number, Found { cases, projection, opened }) in found.into_iter().enumerate() {
        let (address, inbox) = Address::new(number, config.inbox_max, context.clone());
        readers.push(opened.reader.clone());
        projections.push(projection.clone());
        let command_ns = address.command_ns.clone();
        addresses.push(address);
        let next = opened.report.next.0;
        let reader = opened.reader.clone();
        let parts = (opened, projection.clone(), roll.clone(), context);
        let (writer, told) = start_writer(config, number, parts, &mut threads)?;
        let partition = Partition {
            number,
            context: context.clone(),
            inbox,
            writer,
            told,
            reader,
            projection,
            roll: roll.clone(),
            partitions: config.partitions,
            command_ns,
            batch_max: config.batch_max,
            hot_cases_max: hot_cases_max(config),
            seed: config.seed ^ number as u64,
        };
        let running = Running::new(partition, cases, next);
        threads.push(spawn("decide", number, context, move || running.run())?);
    }
    let shared = Shared {
        context: context.clone(),
        addresses,
        projections,
        readers,
        next_number: AtomicU64::new(next_number),
        launch_ids: Mutex::new(launch_ids),
        desk,
        roll,
        storage,
    };
    Ok((Handle(Arc::new(shared)), threads))
}

/// Starts the threads behind a partition that write its log and its snapshots.
fn start_writer(
    config: &Config,
    partition: usize,
    (opened, projection, roll, context): (Opened, Arc<Projection>, Arc<Roll>, &Arc<Context>),
    threads: &mut Vec<JoinHandle<()>>,
) -> Result<(SyncSender<Batch>, Receiver<Batch>), StartError> {
    let Opened { log, reader, snapshots, report } = opened;
    // One request may wait while a snapshot is being written; another would ask for nothing new.
    let (request, requests) = sync_channel(1);
    let snapshotter = Snapshotter {
        partition,
        partitions: config.partitions,
        snapshots,
        projection: projection.clone(),
        context: context.clone(),
        newest: report.snapshot.map(|position| position.0),
    };
    threads.push(spawn("snapshot", partition, context, move || snapshotter.run(&requests))?);
    // No room: a batch that waits for the writer stays open for more commands.
    let (batches, written) = sync_channel(0);
    let (telling, told) = sync_channel(BATCHES_KEPT);
    let writer = Writer {
        partition,
        log,
        reader,
        projection,
        context: context.clone(),
        roll,
        told: telling,
        snapshots: request,
        snapshot_every_records: config.snapshot_every_records,
        since_snapshot: report.tail_records,
    };
    threads.push(spawn("write", partition, context, move || writer.run(&written))?);
    Ok((batches, told))
}

fn spawn(
    role: &str,
    partition: usize,
    context: &Arc<Context>,
    work: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, StartError> {
    let context = context.clone();
    let thread =
        std::thread::Builder::new().name(format!("{role}-{partition}")).stack_size(STACK_BYTES);
    let guarded = move || {
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            context.fail(Fault::Died { part: part(partition) });
        }
    };
    thread.spawn(guarded).map_err(StartError::Thread)
}

/// The latest launches with a command id, oldest first.
fn launch_ids<'a>(cases: impl Iterator<Item = (Slot, &'a CaseId, &'a Local)>) -> LaunchIds {
    let launch = |(_, case, local): (Slot, &'a CaseId, &'a Local)| {
        Some((local.entry.first, local.entry.launch?, case))
    };
    let mut launches: Vec<(u64, u64, &CaseId)> = cases.filter_map(launch).collect();
    launches.sort_unstable();
    let mut launch_ids = LaunchIds::default();
    for (_, hash, case) in launches.iter().skip(launches.len().saturating_sub(LAUNCH_IDS_MAX)) {
        launch_ids.remember(*hash, (*case).clone());
    }
    launch_ids
}
