//! A million agents on one node: renewals, storms, restarts, queries, claims. Prints figures; what must never happen
//! ends the run with an error.
//!
//! `cargo bench -p node --bench agents -- [PART ...] [--agents N] [--seconds S] [--in DIRECTORY]`. All in one process:
//! processor time includes that of the load. Every answer is durable: one write and one fdatasync for what gathered
//! meanwhile. L5 counts bytes with an allocator of its own: `cargo bench -p node --bench agents_memory`.

mod fair;
mod join;
mod leases;
mod ledger;
mod load;
mod renew;
mod restart;
mod search;
mod storm;
mod world;

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// As in the `flotilla` binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What can be measured, in this order. L1 stands for its three kinds of call and L2, the restart behind each.
const PARTS: [&str; 6] = ["L1", "L3", "L4", "L6", "L7", "L8"];

/// How large a run is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) agents: usize,
    /// How long a load goes on.
    pub(crate) seconds: u64,
}

struct Asked {
    parts: Vec<String>,
    below: PathBuf,
    size: Size,
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
        println!("\n{part}, {} agents", asked.size.agents);
        let path = directory.path().join(part);
        runtime.block_on(measure(part, &path, asked.size))?;
        std::fs::remove_dir_all(path)?;
    }
    Ok(())
}

async fn measure(part: &str, path: &Path, size: Size) -> anyhow::Result<()> {
    match part {
        "L1" | "L2" => {
            renew::by_session(&path.join("a"), size).await?;
            renew::by_name(&path.join("b"), size).await?;
            renew::one_by_one(&path.join("c"), size).await
        }
        "L1a" => renew::by_session(path, size).await,
        "L1b" => renew::by_name(path, size).await,
        "L1c" => renew::one_by_one(path, size).await,
        "L3" => storm::measure(path, size).await,
        "L4" => restart::measure(path, size).await,
        "L6" => search::measure(path, size).await,
        "L7" => join::measure(path, size).await,
        "L8" => fair::measure(path, size).await,
        "L5" => {
            anyhow::bail!("L5 is a program of its own: cargo bench -p node --bench agents_memory")
        }
        unknown => anyhow::bail!("no part {unknown}; there are {}", PARTS.join(", ")),
    }
}

fn asked() -> anyhow::Result<Asked> {
    let below = Path::new(env!("CARGO_TARGET_TMPDIR")).into();
    let size = Size { agents: 1_000_000, seconds: 30 };
    let mut asked = Asked { parts: Vec::new(), below, size };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut number = |what| -> anyhow::Result<u64> {
            Ok(given.next().with_context(|| format!("{what} takes a number"))?.parse()?)
        };
        match argument.as_str() {
            "--agents" => asked.size.agents = usize::try_from(number("--agents")?)?,
            "--seconds" => asked.size.seconds = number("--seconds")?,
            "--in" => asked.below = given.next().context("--in takes a directory")?.into(),
            // Cargo passes it.
            "--bench" => {}
            part => asked.parts.push(part.to_owned()),
        }
    }
    if asked.parts.is_empty() {
        asked.parts = PARTS.map(str::to_owned).to_vec();
    }
    let calls_of = world::CALL;
    anyhow::ensure!(
        asked.size.agents >= calls_of && asked.size.agents.is_multiple_of(calls_of),
        "--agents takes thousands"
    );
    Ok(asked)
}
