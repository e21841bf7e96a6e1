//! Requests per second over HTTP: one durable step per request beside a route that does nothing. Prints a table;
//! asserts nothing.
//!
//! `cargo bench -p server --bench http -- [DIRECTORY]`. A whole server and its clients in one process, on
//! the same cores: connections on loopback, kept alive, each with one request at a time (closed loop), all of
//! them on one thread. Every client reads its answers in the same way. The two sides of a ratio take turns, so
//! that both see the same machine; processor time counts clients and server.

mod client;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use server::{config::Config, server::Server};

use self::client::Client;

/// As in the `flotilla` binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HELLO: &str = include_str!("../../../../examples/hello.yawl");
const LAUNCH: &str = r#"{"specification":"UID_flotilla_hello:1.0"}"#;
const ANSWER: &str = r#"{"data":"<Answer><Reply>Forty-two.</Reply></Answer>"}"#;
/// Connections open at once.
const CONNECTIONS: [usize; 2] = [32, 256];
/// Times that no-op and work take turns.
const ROUNDS: usize = 7;
/// How long one turn lasts.
const TURN: Duration = Duration::from_millis(700);

/// What a connection does again and again.
#[derive(Clone, Copy)]
enum Work {
    /// Asks a route that answers nothing.
    Nothing,
    /// Launches a case.
    Launch,
    /// Launches a case, checks its one item out and in: three requests.
    Case,
}

/// One turn.
struct Turn {
    requests: u64,
    took: Duration,
    /// Of the whole process.
    processor: Duration,
}

fn main() -> anyhow::Result<()> {
    // Cargo passes `--bench`.
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let below = given.map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).into(), PathBuf::from);
    let directory = tempfile::tempdir_in(&below)?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{} cores, load {}", std::thread::available_parallelism()?, load.trim());
    let serving = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let config = Config {
        data: directory.path().join("data"),
        port: 0,
        management_port: 0,
        ..Config::default()
    };
    let server = serving.block_on(Server::start(&config))?;
    serving.block_on(server.node().upload(HELLO))?;
    let asking = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!(
        "{:>11} {:>24} {:>16} {:>16} {:>7} {:>18}",
        "connections", "work", "no-op /s", "work /s", "ratio", "ratio of processor"
    );
    for connections in CONNECTIONS {
        for (name, work) in [("launch", Work::Launch), ("launch, out, in", Work::Case)] {
            let row = asking.block_on(row(server.addresses().public, connections, work))?;
            println!("{connections:>11} {name:>24} {row}");
        }
    }
    Ok(serving.block_on(server.stop())?)
}

/// Lets a route that does nothing and `work` take turns.
async fn row(address: SocketAddr, connections: usize, work: Work) -> anyhow::Result<String> {
    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(Client::connect(address).await?);
    }
    let (mut nothing, mut working) = (Vec::new(), Vec::new());
    let (mut ratios, mut of_processor) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let idle = turn(&mut clients, Work::Nothing).await?;
        let busy = turn(&mut clients, work).await?;
        ratios.push(busy.rate() / idle.rate());
        of_processor.push(idle.each() / busy.each());
        nothing.push(idle.rate());
        working.push(busy.rate());
    }
    Ok(format!(
        "{:>16.0} {:>16.0} {:>7.2} {:>18.2}",
        median(nothing),
        median(working),
        median(ratios),
        median(of_processor)
    ))
}

async fn turn(clients: &mut Vec<Client>, work: Work) -> anyhow::Result<Turn> {
    let (began, before) = (now(), processor()?);
    let until = began + TURN;
    let mut working = tokio::task::JoinSet::new();
    for client in clients.drain(..) {
        working.spawn(work_until(client, work, until));
    }
    let mut requests = 0;
    for done in working.join_all().await {
        let (client, count) = done?;
        requests += count;
        clients.push(client);
    }
    Ok(Turn { requests, took: began.elapsed(), processor: processor()? - before })
}

async fn work_until(
    mut client: Client,
    work: Work,
    until: Instant,
) -> anyhow::Result<(Client, u64)> {
    let mut requests = 0;
    while now() < until {
        match work {
            Work::Nothing => {
                client.ask("GET /yawl/ib", "").await?;
                requests += 1;
            }
            Work::Launch => {
                client.ask("POST /api/v1/cases", LAUNCH).await?;
                requests += 1;
            }
            Work::Case => {
                let case = client.ask("POST /api/v1/cases", LAUNCH).await?.text("case")?;
                let line = format!("POST /api/v1/work-items/{case}%3AAnswer/checkout");
                let item = client.ask(&line, "").await?.text("item")?;
                let item = item.replace(':', "%3A");
                client.ask(&format!("POST /api/v1/work-items/{item}/checkin"), ANSWER).await?;
                requests += 3;
            }
        }
    }
    Ok((client, requests))
}

impl Turn {
    fn rate(&self) -> f64 {
        self.requests as f64 / self.took.as_secs_f64()
    }

    /// Processor time of one request, in seconds.
    fn each(&self) -> f64 {
        self.processor.as_secs_f64() / self.requests as f64
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Processor time that this process has used.
fn processor() -> anyhow::Result<Duration> {
    /// Linux counts in hundredths of a second.
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, rest) = stat.rsplit_once(')').context("stat has a name")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let (user, system): (u32, u32) = (fields[11].parse()?, fields[12].parse()?);
    Ok(TICK * (user + system))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn now() -> Instant {
    Instant::now()
}
