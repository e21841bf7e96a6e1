//! The same renewals against Flotilla and against etcd, in one run: renewals per second of the server's own processor
//! time. Prints a table; asserts nothing but that every renewal was one.
//!
//! `cargo bench -p server --bench renewals -- [--agents N] [--seconds S] [--rounds R] [--in DIRECTORY]`. Needs
//! Debian's `etcd-server` on the path. Both servers are processes of their own with their default durability, on the
//! same disk; clients are in this process, on loopback, on the cores that the servers use (closed loop). The ways take
//! turns, so that all see the same machine. What counts is the processor time that Linux charges to the server's
//! process, since the clients' is another for each protocol.
//!
//! A keep-alive of etcd is not durable: after a change of leader every lease has its whole term again. A renewal of
//! Flotilla is in the log, synced, before it is answered.

#[path = "../http/client.rs"]
mod client;
mod etcd;
mod flotilla;
mod process;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;

use self::{etcd::Etcd, flotilla::Flotilla, process::Process};

/// What to measure.
struct Asked {
    agents: u64,
    turn: Duration,
    rounds: usize,
    below: PathBuf,
}

/// One way of renewing, for one turn.
struct Turn {
    renewals: u64,
    took: Duration,
    /// Of the server's process.
    processor: Duration,
}

/// The ways, in the order of the table.
const WAYS: [&str; 4] = [
    "etcd, keep-alives on 64 streams",
    "Flotilla, one agent a request",
    "Flotilla, 1000 agents a request",
    "Flotilla, a session of 1000 agents a request",
];

fn main() -> anyhow::Result<()> {
    let asked = asked()?;
    let directory = tempfile::tempdir_in(&asked.below)?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{} cores, load {}", std::thread::available_parallelism()?, load.trim());
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(measure(&asked, directory.path()))
}

fn asked() -> anyhow::Result<Asked> {
    let below = Path::new(env!("CARGO_TARGET_TMPDIR")).into();
    let mut asked = Asked { agents: 100_000, turn: Duration::from_secs(5), rounds: 5, below };
    let mut given = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(name) = given.next() {
        let value = given.next().with_context(|| format!("{name} takes a value"))?;
        match name.as_str() {
            "--agents" => asked.agents = value.parse()?,
            "--seconds" => asked.turn = Duration::from_secs(value.parse()?),
            "--rounds" => asked.rounds = value.parse()?,
            "--in" => asked.below = value.into(),
            unknown => anyhow::bail!("{unknown} is not known: --agents, --seconds, --rounds, --in"),
        }
    }
    Ok(asked)
}

async fn measure(asked: &Asked, directory: &Path) -> anyhow::Result<()> {
    let mut etcd = Etcd::start(&directory.join("etcd"), asked.agents).await?;
    let flotilla = Flotilla::start(&directory.join("flotilla"), asked.agents).await?;
    println!("{} leases in etcd, {0} agents in Flotilla", asked.agents);
    let mut turns: [Vec<Turn>; WAYS.len()] = Default::default();
    for _ in 0..asked.rounds {
        let [keep_alives, single, batches, sessions] = &mut turns;
        keep_alives.push(etcd.keep_alive(asked.turn).await?);
        single.push(flotilla.renew_one_by_one(asked.turn).await?);
        batches.push(flotilla.renew_in_batches(asked.turn).await?);
        sessions.push(flotilla.renew_sessions(asked.turn).await?);
    }
    let heads = ["renewals/s", "cores used", "per CPU-second", "of etcd"];
    println!("{:<46} {:>12} {:>11} {:>15} {:>8}", "", heads[0], heads[1], heads[2], heads[3]);
    let etcd = median(turns[0].iter().map(Turn::per_processor_second));
    for (way, turns) in WAYS.iter().zip(&turns) {
        let each = median(turns.iter().map(Turn::per_processor_second));
        println!(
            "{way:<46} {:>12.0} {:>11.2} {each:>15.0} {:>8.2}",
            median(turns.iter().map(|turn| turn.renewals as f64 / turn.took.as_secs_f64())),
            median(turns.iter().map(|turn| turn.processor.as_secs_f64() / turn.took.as_secs_f64())),
            each / etcd,
        );
    }
    Ok(())
}

impl Turn {
    /// Does `work` and charges the server for it. `work` says how many renewals it made.
    async fn of(
        server: &Process,
        work: impl Future<Output = anyhow::Result<u64>>,
    ) -> anyhow::Result<Self> {
        let (began, before) = (now(), server.processor()?);
        let renewals = work.await?;
        Ok(Self { renewals, took: began.elapsed(), processor: server.processor()? - before })
    }

    fn per_processor_second(&self) -> f64 {
        self.renewals as f64 / self.processor.as_secs_f64()
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A benchmark is about time.
#[allow(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn now() -> Instant {
    Instant::now()
}
