//! Flotilla's side: agents in sessions of a thousand, renewed one by one, in batches and by session.

use std::{net::SocketAddr, path::Path, process::Command, time::Duration};

use anyhow::Context as _;
use futures_util::future::try_join_all;

use crate::{
    Turn,
    client::{Client, Request},
    now,
    process::Process,
};

/// Agents of a session and of a batch.
const TOGETHER: u64 = 1000;
/// Connections, each with one request at a time: where one request is one agent there must be many for a batch to
/// gather in the server.
const SINGLE_CONNECTIONS: usize = 1024;
const BATCH_CONNECTIONS: usize = 16;

pub(crate) struct Flotilla {
    process: Process,
    address: SocketAddr,
    single: Vec<Request>,
    batches: Vec<Request>,
    sessions: Vec<Request>,
}

impl Flotilla {
    /// Starts a server and registers `agents`.
    pub(crate) async fn start(directory: &Path, agents: u64) -> anyhow::Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flotilla"));
        command.args(["serve", "--port", "0", "--management-port", "0", "--registry-port", "0"]);
        command.args(["--log", "warn", "--data"]).arg(directory);
        let (process, line) = Process::start_and_read(&mut command)?;
        let address = line.split(' ').find_map(|word| word.strip_prefix("http://"));
        let address =
            address.with_context(|| format!("the server said {line:?}"))?.trim().parse()?;
        let (single, batches, sessions) = (Vec::new(), Vec::new(), Vec::new());
        let mut flotilla = Self { process, address, single, batches, sessions };
        flotilla.enlist(agents).await?;
        Ok(flotilla)
    }

    async fn enlist(&mut self, agents: u64) -> anyhow::Result<()> {
        let mut client = Client::connect(self.address).await?;
        for first in (0..agents).step_by(TOGETHER as usize) {
            let open = Request::new("POST /api/v1/sessions", "{}");
            let sessions = client.ask(&open).await?.numbers("session")?;
            let session = sessions.first().context("a session has a number")?;
            let names: Vec<String> = (first..agents.min(first + TOGETHER))
                .map(|number| format!("agent-{number}"))
                .collect();
            let register =
                names.iter().map(|name| format!(r#"{{"agent":"{name}","capabilities":["work"]}}"#));
            let register = register.collect::<Vec<_>>().join(",");
            let register = format!(r#"{{"session":{session},"agents":[{register}]}}"#);
            let answer = client.ask(&Request::new("POST /api/v1/agents", &register)).await?;
            let epochs = answer.numbers("epoch")?;
            anyhow::ensure!(epochs.len() == names.len(), "every agent has an epoch");
            let entries = names.iter().zip(epochs);
            let entries: Vec<String> = entries
                .map(|(name, epoch)| format!(r#"{{"agent":"{name}","epoch":{epoch}}}"#))
                .collect();
            self.single.extend(entries.iter().map(|entry| renewal(entry)));
            self.batches.push(renewal(&entries.join(",")));
            let session = format!(r#"{{"sessions":[{session}]}}"#);
            self.sessions.push(Request::new("POST /api/v1/sessions/renew", &session));
        }
        Ok(())
    }

    pub(crate) async fn renew_one_by_one(&self, turn: Duration) -> anyhow::Result<Turn> {
        let work = renew(self.address, &self.single, (SINGLE_CONNECTIONS, 1), turn);
        Turn::of(&self.process, work).await
    }

    pub(crate) async fn renew_in_batches(&self, turn: Duration) -> anyhow::Result<Turn> {
        let work = renew(self.address, &self.batches, (BATCH_CONNECTIONS, TOGETHER), turn);
        Turn::of(&self.process, work).await
    }

    pub(crate) async fn renew_sessions(&self, turn: Duration) -> anyhow::Result<Turn> {
        let work = renew(self.address, &self.sessions, (BATCH_CONNECTIONS, TOGETHER), turn);
        Turn::of(&self.process, work).await
    }
}

fn renewal(entries: &str) -> Request {
    Request::new("POST /api/v1/agents/renew", &format!(r#"{{"agents":[{entries}]}}"#))
}

/// Sends `requests` again and again, each connection another part of them, and counts `each` for an answer.
async fn renew(
    address: SocketAddr,
    requests: &[Request],
    (connections, each): (usize, u64),
    turn: Duration,
) -> anyhow::Result<u64> {
    let until = now() + turn;
    let renewing = (0..connections).map(async |number| -> anyhow::Result<u64> {
        let mut client = Client::connect(address).await?;
        let mut renewed = 0;
        let mine = requests.iter().skip(number % requests.len()).step_by(connections);
        for request in mine.cycle() {
            if now() >= until {
                break;
            }
            let answer = client.ask(request).await?;
            anyhow::ensure!(!answer.contains("problem"), "an agent is gone");
            renewed += each;
        }
        Ok(renewed)
    });
    Ok(try_join_all(renewing).await?.iter().sum())
}
