//! Durable cases per second, bytes of an open case, time to start. Prints tables; asserts nothing.
//!
//! `cargo bench -p node --bench cases -- [DIRECTORY] [CASES]`. Closed loop, on the directory's disk, every append
//! synced. The specification is `examples/four_tasks.yawl`. "raw" is what plain files take in the same run: as
//! many appends of as many bytes, each followed by fdatasync, on preallocated files, one thread for each partition.

use std::{
    fs::File,
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use node::{Answered, Asked, CaseId, Command, Config, Handle, Launch, Node, Rejected};

const FOUR_TASKS: &str = include_str!("../../../examples/four_tasks.yawl");
const KEY: &str = "UID_flotilla_four_tasks:1.0";
/// Launches or commands in one call.
const CALL: usize = 1000;
/// Calls under way at once.
const CALLS: usize = 4;
/// Clients that ask for one thing at a time.
const CLIENTS: [usize; 3] = [1, 16, 256];
/// Each client's launches in the measurement one by one.
const LAUNCHES: usize = 2000;
/// Tasks with what their items are checked in with.
const WORK: [(&str, &str); 4] = [
    (
        "Take_order",
        "<Take_order><Order><Customer>Ada Lovelace</Customer><Quantity>12</Quantity>\
         <Express>true</Express></Order></Take_order>",
    ),
    ("Pick_goods", "<Pick_goods><Picked>12</Picked></Pick_goods>"),
    ("Pack_parcel", "<Pack_parcel><Weight>30</Weight></Pack_parcel>"),
    ("Ship_parcel", "<Ship_parcel><Shipped>true</Shipped></Ship_parcel>"),
];

fn main() -> anyhow::Result<()> {
    // Cargo passes `--bench`.
    let mut given = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let below =
        given.next().map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).into(), PathBuf::from);
    let cases: usize = given.next().map_or(Ok(100_000), |text| text.parse())?;
    let directory = tempfile::tempdir_in(&below)?;
    let cores = std::thread::available_parallelism()?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{cores} cores, load {}, in {}", load.trim(), below.display());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    runtime.block_on(async {
        starts_empty(&directory.path().join("empty")).await?;
        creates(&directory.path().join("create"), cases).await?;
        creates_one_by_one(&directory.path().join("single")).await?;
        runs(&directory.path().join("run"), cases / 5).await
    })
}

async fn starts_empty(path: &Path) -> anyhow::Result<()> {
    let node = start(path).await?;
    println!("start, new directory: {:?}", node.recovered().took);
    stop(node).await?;
    let node = start(path).await?;
    println!("start, empty directory: {:?}", node.recovered().took);
    stop(node).await
}

/// Creates cases in batches, then looks at what they weigh and how long starting takes with them.
async fn creates(path: &Path, cases: usize) -> anyhow::Result<()> {
    let node = start(path).await?;
    let handle = node.handle();
    handle.upload(FOUR_TASKS).await?;
    let before = resident_bytes()?;
    let began = now();
    in_calls(&handle, cases, |handle| async move {
        all(handle.launch_many(vec![launch(); CALL]).await)?;
        Ok(())
    })
    .await?;
    let took = began.elapsed();
    let after = resident_bytes()?;
    let telemetry = handle.telemetry();
    let (appends, bytes) = (telemetry.append_ms.read().count, telemetry.bytes_appended.get());
    println!("created durably in calls of {CALL}, {CALLS} at once: {}", rate(cases, took));
    let raw = raw(path, appends, bytes, telemetry.partitions())?;
    println!(
        "  {appends} appends, {} bytes a case; raw: {}, ratio {:.2}",
        bytes / cases as u64,
        rate(cases, raw),
        raw.as_secs_f64() / took.as_secs_f64()
    );
    println!("  resident bytes per open case: {}", after.saturating_sub(before) / cases as u64);
    node.crash().await;
    drop(handle);
    let node = start(path).await?;
    let recovered = node.recovered();
    println!(
        "start with {} open cases from {} records: {:?}",
        recovered.open_cases, recovered.records, recovered.took
    );
    stop(node).await?;
    let node = start(path).await?;
    let recovered = node.recovered();
    println!(
        "start with {} open cases from a snapshot ({} records): {:?}",
        recovered.open_cases, recovered.records, recovered.took
    );
    stop(node).await
}

async fn creates_one_by_one(path: &Path) -> anyhow::Result<()> {
    for clients in CLIENTS {
        let node = start(&path.join(clients.to_string())).await?;
        let handle = node.handle();
        handle.upload(FOUR_TASKS).await?;
        let began = now();
        let mut working = tokio::task::JoinSet::new();
        let each = LAUNCHES.min(200_000 / clients);
        for _ in 0..clients {
            let handle = handle.clone();
            working.spawn(async move {
                for _ in 0..each {
                    handle.launch(launch()).await?;
                }
                Ok::<_, Rejected>(())
            });
        }
        for done in working.join_all().await {
            done?;
        }
        let took = began.elapsed();
        let appends = handle.telemetry().append_ms.read();
        println!(
            "created durably one by one, {clients} clients: {}; {:.1} records an append, {:.3} ms each",
            rate(clients * each, took),
            (clients * each) as f64 / appends.count as f64,
            appends.sum / appends.count as f64
        );
        drop(handle);
        stop(node).await?;
    }
    Ok(())
}

/// Works whole cases: a launch, four checkouts, four check-ins each, all durable.
async fn runs(path: &Path, cases: usize) -> anyhow::Result<()> {
    let node = start(path).await?;
    let handle = node.handle();
    handle.upload(FOUR_TASKS).await?;
    let began = now();
    in_calls(&handle, cases, |handle| async move {
        let launched = all(handle.launch_many(vec![launch(); CALL]).await)?;
        for (task, data) in WORK {
            let start = |case: &CaseId| Command::Start { item: format!("{case}:{task}") };
            let asked = launched.iter().map(|launched| ask(&launched.case, start(&launched.case)));
            let started = all(handle.commands(asked.collect()).await)?;
            let asked = launched.iter().zip(started).map(|(launched, started)| {
                let Answered::Started { item, .. } = started else {
                    unreachable!("it was started")
                };
                ask(&launched.case, Command::Complete { item, data: data.to_owned() })
            });
            all(handle.commands(asked.collect()).await)?;
        }
        Ok(())
    })
    .await?;
    let took = began.elapsed();
    let telemetry = handle.telemetry();
    anyhow::ensure!(
        telemetry.cases_ended.get() == telemetry.cases_created.get(),
        "every case has ended"
    );
    let (appends, bytes) = (telemetry.append_ms.read().count, telemetry.bytes_appended.get());
    println!(
        "run durably from launch to end in calls of {CALL}, {CALLS} at once: {}",
        rate(cases, took)
    );
    let raw = raw(path, appends, bytes, telemetry.partitions())?;
    println!(
        "  {appends} appends, {} bytes a case; raw: {}, ratio {:.2}",
        bytes / cases as u64,
        rate(cases, raw),
        raw.as_secs_f64() / took.as_secs_f64()
    );
    drop(handle);
    stop(node).await
}

/// Makes `cases / CALL` calls, some at once.
async fn in_calls<F>(
    handle: &Handle,
    cases: usize,
    call: impl Fn(Handle) -> F + Clone + Send + 'static,
) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>> + Send,
{
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..CALLS {
        let (handle, call) = (handle.clone(), call.clone());
        callers.spawn(async move {
            for _ in 0..cases / CALL / CALLS {
                call(handle.clone()).await?;
            }
            anyhow::Ok(())
        });
    }
    for done in callers.join_all().await {
        done?;
    }
    Ok(())
}

fn launch() -> Launch {
    Launch { specification: KEY.to_owned(), ..Launch::default() }
}

fn ask(case: &CaseId, command: Command) -> Asked {
    Asked { case: case.clone(), id: None, command }
}

fn all<T>(answers: Vec<Result<T, Rejected>>) -> anyhow::Result<Vec<T>> {
    Ok(answers.into_iter().collect::<Result<_, _>>()?)
}

async fn start(path: &Path) -> anyhow::Result<Node> {
    let config =
        Config { directory: Some(path.to_owned()), inbox_max: 100_000, ..Config::default() };
    Ok(Node::start(config).await?)
}

async fn stop(node: Node) -> anyhow::Result<()> {
    Ok(node.shutdown().await?)
}

/// How long plain files take for `appends` writes of `bytes` altogether.
fn raw(below: &Path, appends: u64, bytes: u64, threads: usize) -> anyhow::Result<Duration> {
    let each = usize::try_from(bytes / appends)?;
    let appends = usize::try_from(appends)? / threads;
    let mut files = Vec::new();
    for thread in 0..threads {
        let mut file = File::create(below.join(format!("raw-{thread}")))?;
        let zeros = vec![0; 1 << 20];
        for _ in 0..=(each * appends) >> 20 {
            file.write_all(&zeros)?;
        }
        file.sync_all()?;
        file.seek(SeekFrom::Start(0))?;
        files.push(file);
    }
    let began = now();
    std::thread::scope(|scope| {
        for mut file in files {
            scope.spawn(move || {
                let record = vec![7; each];
                for _ in 0..appends {
                    file.write_all(&record)
                        .and_then(|()| file.sync_data())
                        .expect("the disk takes it");
                }
            });
        }
    });
    Ok(began.elapsed())
}

fn resident_bytes() -> anyhow::Result<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm.split(' ').nth(1).context("statm has a second field")?.parse()?;
    Ok(pages * 4096)
}

fn rate(count: usize, took: Duration) -> String {
    format!("{:.0}/s ({count} in {took:.2?})", count as f64 / took.as_secs_f64())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn now() -> Instant {
    Instant::now()
}
