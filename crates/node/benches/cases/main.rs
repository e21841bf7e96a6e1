//! Durable cases per second, and what a node costs as it fills. Prints tables; asserts nothing.
//!
//! `cargo bench -p node --bench cases -- [PART ...] [--in DIRECTORY] [--cases N]`. Closed loop, on the directory's
//! disk, every append synced. "raw" is what plain files take in the same run: as many appends of as many bytes,
//! each followed by fdatasync, on preallocated files, one thread for each partition. What is compared takes turns,
//! so that both sides see the same machine.

mod create;
mod fill;
mod raw;
mod work;
mod world;

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use self::world::{FOUR_TASKS, ONE_TASK};

/// As in the `flotilla` binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What can be measured, in this order.
const PARTS: [&str; 8] =
    ["empty", "create", "single", "four-tasks", "one-task", "partitions", "flat", "recovery"];

struct Asked {
    parts: Vec<String>,
    below: PathBuf,
    cases: usize,
}

fn main() -> anyhow::Result<()> {
    let asked = asked()?;
    let directory = tempfile::tempdir_in(&asked.below)?;
    let cores = std::thread::available_parallelism()?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{cores} cores, load {}, in {}", load.trim(), asked.below.display());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    for part in &asked.parts {
        println!("\n{part}");
        let path = directory.path().join(part);
        runtime.block_on(measure(part, &path, asked.cases))?;
        std::fs::remove_dir_all(path)?;
    }
    Ok(())
}

async fn measure(part: &str, path: &Path, cases: usize) -> anyhow::Result<()> {
    match part {
        "empty" => fill::starts_empty(path).await,
        "create" => create::in_batches(path, cases).await,
        "single" => create::one_by_one(path).await,
        "four-tasks" => work::in_batches(path, &FOUR_TASKS, cases / 5).await,
        "one-task" => {
            work::in_batches(&path.join("batches"), &ONE_TASK, cases / 2).await?;
            work::one_by_one(&path.join("single"), &ONE_TASK).await
        }
        "partitions" => fill::one_against_two_partitions(path, cases / 10).await,
        "flat" => fill::few_against_many(path, cases).await,
        "recovery" => fill::recovers(path, cases).await,
        unknown => anyhow::bail!("no part {unknown}; there are {}", PARTS.join(", ")),
    }
}

fn asked() -> anyhow::Result<Asked> {
    let below = Path::new(env!("CARGO_TARGET_TMPDIR")).into();
    let mut asked = Asked { parts: Vec::new(), below, cases: 100_000 };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--in" => asked.below = given.next().context("--in takes a directory")?.into(),
            "--cases" => asked.cases = given.next().context("--cases takes a number")?.parse()?,
            // Cargo passes it.
            "--bench" => {}
            part => asked.parts.push(part.to_owned()),
        }
    }
    if asked.parts.is_empty() {
        asked.parts = PARTS.map(str::to_owned).to_vec();
    }
    Ok(asked)
}
