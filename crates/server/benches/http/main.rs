//! Requests per second over HTTP: one durable step per request beside a route that does nothing. Prints a table;
//! asserts nothing.
//!
//! `cargo bench -p server --bench http -- [--in DIRECTORY] [--work NAME] [CONNECTIONS ...]`. A whole server and
//! its clients in one process, on the same cores: connections on loopback, kept alive, each with one request at a
//! time (closed loop), all of them on one thread. Every client reads its answers in the same way. The two sides of
//! a ratio take turns, so that both see the same machine; processor time and switches of threads count clients
//! and server.

mod client;
mod usage;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use server::{config::Config, server::Server};

use self::{
    client::{Client, Request},
    usage::Usage,
};

/// As in the `flotilla` binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HELLO: &str = include_str!("../../../../examples/hello.yawl");
const LAUNCH: &str = r#"{"specification":"UID_flotilla_hello:1.0"}"#;
const ANSWER: &str = r#"{"data":"<Answer><Reply>Forty-two.</Reply></Answer>"}"#;
/// Connections open at once, where none are asked for.
const CONNECTIONS: [usize; 3] = [32, 256, 1024];
/// Times that no-op and work take turns.
const ROUNDS: usize = 7;
/// How long one turn lasts.
const TURN: Duration = Duration::from_millis(700);

/// What a connection does again and again.
#[derive(Clone, Copy, PartialEq)]
enum Work {
    /// Asks a route that answers nothing.
    Nothing,
    /// Launches a case.
    Launch,
    /// Launches a case, checks its one item out and in: three requests.
    Case,
}

/// Requests that are the same every time.
struct Requests {
    nothing: Request,
    launch: Request,
}

/// What to measure.
struct Asked {
    below: PathBuf,
    work: Vec<Work>,
    connections: Vec<usize>,
}

/// One turn.
struct Turn {
    requests: u64,
    took: Duration,
    used: Usage,
}

fn main() -> anyhow::Result<()> {
    let asked = asked()?;
    let directory = tempfile::tempdir_in(&asked.below)?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{} cores, load {}", std::thread::available_parallelism()?, load.trim());
    let serving = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let config = Config {
        data: directory.path().join("data"),
        port: 0,
        management_port: 0,
        requests_in_flight_max: 16 * 1024,
        ..Config::default()
    };
    let server = serving.block_on(Server::start(&config))?;
    serving.block_on(server.node().upload(HELLO))?;
    let asking = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!(
        "{:>11} {:>16} {:>9} {:>9} {:>6} {:>19} {:>24}",
        "connections",
        "work",
        "no-op /s",
        "work /s",
        "ratio",
        "ratio of processor",
        "switches: no-op, work"
    );
    for connections in asked.connections {
        for work in &asked.work {
            let row = asking.block_on(row(server.addresses().public, connections, *work))?;
            println!("{connections:>11} {:>16} {row}", work.name());
        }
    }
    Ok(serving.block_on(server.stop())?)
}

fn asked() -> anyhow::Result<Asked> {
    let below = Path::new(env!("CARGO_TARGET_TMPDIR")).into();
    let mut asked = Asked { below, work: Vec::new(), connections: Vec::new() };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--in" => asked.below = given.next().context("--in takes a directory")?.into(),
            "--work" => {
                asked.work.push(Work::named(&given.next().context("--work takes a name")?)?)
            }
            // Cargo passes it.
            "--bench" => {}
            number => asked.connections.push(number.parse()?),
        }
    }
    if asked.work.is_empty() {
        asked.work = vec![Work::Launch, Work::Case];
    }
    if asked.connections.is_empty() {
        asked.connections = CONNECTIONS.to_vec();
    }
    Ok(asked)
}

/// Lets a route that does nothing and `work` take turns.
async fn row(address: SocketAddr, connections: usize, work: Work) -> anyhow::Result<String> {
    let requests = Arc::new(Requests {
        nothing: Request::new("GET /yawl/ib", ""),
        launch: Request::new("POST /api/v1/cases", LAUNCH),
    });
    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(Client::connect(address).await?);
    }
    let (mut nothing, mut working) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        nothing.push(turn(&mut clients, &requests, Work::Nothing).await?);
        working.push(turn(&mut clients, &requests, work).await?);
    }
    let pairs = || nothing.iter().zip(&working);
    Ok(format!(
        "{:>9.0} {:>9.0} {:>6.2} {:>19.2} {:>17.2} {:>6.2}",
        median(nothing.iter().map(Turn::rate)),
        median(working.iter().map(Turn::rate)),
        median(pairs().map(|(nothing, working)| working.rate() / nothing.rate())),
        median(pairs().map(|(nothing, working)| nothing.seconds() / working.seconds())),
        median(nothing.iter().map(Turn::switches)),
        median(working.iter().map(Turn::switches)),
    ))
}

async fn turn(
    clients: &mut Vec<Client>,
    requests: &Arc<Requests>,
    work: Work,
) -> anyhow::Result<Turn> {
    let (began, before) = (now(), Usage::read()?);
    let until = began + TURN;
    let mut working = tokio::task::JoinSet::new();
    for client in clients.drain(..) {
        working.spawn(work_until(client, requests.clone(), work, until));
    }
    let mut asked = 0;
    for done in working.join_all().await {
        let (client, count) = done?;
        asked += count;
        clients.push(client);
    }
    Ok(Turn { requests: asked, took: began.elapsed(), used: Usage::read()?.since(&before) })
}

async fn work_until(
    mut client: Client,
    requests: Arc<Requests>,
    work: Work,
    until: Instant,
) -> anyhow::Result<(Client, u64)> {
    let mut asked = 0;
    while now() < until {
        match work {
            Work::Nothing => {
                client.ask(&requests.nothing).await?;
                asked += 1;
            }
            Work::Launch => {
                client.ask(&requests.launch).await?;
                asked += 1;
            }
            Work::Case => {
                let case = client.ask(&requests.launch).await?.text("case")?;
                let checkout = format!("POST /api/v1/work-items/{case}%3AAnswer/checkout");
                let item = client.ask(&Request::new(&checkout, "")).await?.text("item")?;
                let item = item.replace(':', "%3A");
                let checkin = format!("POST /api/v1/work-items/{item}/checkin");
                client.ask(&Request::new(&checkin, ANSWER)).await?;
                asked += 3;
            }
        }
    }
    Ok((client, asked))
}

impl Work {
    fn named(name: &str) -> anyhow::Result<Self> {
        let all = [Self::Nothing, Self::Launch, Self::Case];
        all.into_iter().find(|work| work.name() == name).context("nothing, launch or case")
    }

    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Launch => "launch",
            Self::Case => "case",
        }
    }
}

impl Turn {
    fn rate(&self) -> f64 {
        self.requests as f64 / self.took.as_secs_f64()
    }

    /// Processor time of one request.
    fn seconds(&self) -> f64 {
        self.used.processor.as_secs_f64() / self.requests as f64
    }

    /// How often a thread went to sleep for one request.
    fn switches(&self) -> f64 {
        self.used.switches as f64 / self.requests as f64
    }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn now() -> Instant {
    Instant::now()
}
