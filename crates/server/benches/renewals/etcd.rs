//! etcd's side: leases granted once and kept alive over gRPC streams, as its own clients do. The two messages are
//! written by hand: a field or two each.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};
use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::future::try_join_all;
use h2::{RecvStream, SendStream, client::SendRequest};
use tokio::{net::TcpStream, task::JoinSet};

use crate::{Turn, now, process::Process};

/// Streams of keep-alives, each on a connection of its own.
const STREAMS: u64 = 64;
/// Keep-alives that are under way on a stream.
const UNDER_WAY: u64 = 64;
/// Grants under way when the leases are made.
const GRANTS: u64 = 256;
const FIRST_LEASE: u64 = 1;
/// Longer than any run: what is measured is renewing, not expiry.
const TTL_S: u64 = 3600;
/// How often to try to connect while etcd starts.
const TRIES: u32 = 200;

pub(crate) struct Etcd {
    process: Process,
    address: SocketAddr,
    leases: u64,
    /// Connections are driven here.
    driving: JoinSet<()>,
}

impl Etcd {
    /// Starts etcd and grants leases 1 to `leases`.
    pub(crate) async fn start(directory: &Path, leases: u64) -> anyhow::Result<Self> {
        let [clients, peers] = [free_port()?, free_port()?];
        let mut command = Command::new("etcd");
        command.arg("--data-dir").arg(directory).args(["--log-level", "error"]);
        for (name, port) in [("listen-client", clients), ("advertise-client", clients)] {
            command.arg(format!("--{name}-urls=http://127.0.0.1:{port}"));
        }
        for (name, port) in [("listen-peer", peers), ("initial-advertise-peer", peers)] {
            command.arg(format!("--{name}-urls=http://127.0.0.1:{port}"));
        }
        command.arg(format!("--initial-cluster=default=http://127.0.0.1:{peers}"));
        // What it says of its elections.
        let process = Process::start(command.stderr(Stdio::null()))?;
        let address = (Ipv4Addr::LOCALHOST, clients).into();
        let mut etcd = Self { process, address, leases, driving: JoinSet::new() };
        let connection = etcd.connect().await?;
        let granting = (0..GRANTS).map(|number| {
            let (mut connection, mine) =
                (connection.clone(), (FIRST_LEASE + number..=leases).step_by(GRANTS as usize));
            async move {
                for lease in mine {
                    grant(&mut connection, lease).await?;
                }
                anyhow::Ok(())
            }
        });
        try_join_all(granting).await?;
        Ok(etcd)
    }

    async fn connect(&mut self) -> anyhow::Result<SendRequest<Bytes>> {
        let mut tries = 0;
        let stream = loop {
            match TcpStream::connect(self.address).await {
                Ok(stream) => break stream,
                Err(error) if tries == TRIES => return Err(error).context("etcd did not start"),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
            tries += 1;
        };
        stream.set_nodelay(true)?;
        // Many small answers are what is asked for here, and no attack.
        let (sender, connection) =
            h2::client::Builder::new().data_frame_budget(usize::MAX / 2).handshake(stream).await?;
        self.driving.spawn(async move {
            // Whoever waits for an answer hears of it.
            let _ = connection.await;
        });
        Ok(sender)
    }

    /// Every stream keeps another part of the leases alive, again and again.
    pub(crate) async fn keep_alive(&mut self, turn: Duration) -> anyhow::Result<Turn> {
        let mut connections = Vec::new();
        for _ in 0..STREAMS {
            connections.push(self.connect().await?);
        }
        let until = now() + turn;
        let leases = self.leases;
        let keeping =
            connections.into_iter().zip(FIRST_LEASE..).map(|(mut connection, first)| async move {
                let mut stream = KeepAlives::open(&mut connection).await?;
                let (mut sent, mut kept) = (0, 0);
                let mut mine = (first..=leases).step_by(STREAMS as usize).cycle();
                while kept < sent || now() < until {
                    while sent < kept + UNDER_WAY && now() < until {
                        stream.ask(mine.next().context("each stream has leases")?)?;
                        sent += 1;
                    }
                    kept += stream.answers().await?;
                }
                anyhow::Ok(kept)
            });
        let work = async { Ok(try_join_all(keeping).await?.iter().sum()) };
        Turn::of(&self.process, work).await
    }
}

async fn grant(connection: &mut SendRequest<Bytes>, lease: u64) -> anyhow::Result<()> {
    let (answer, mut body) = call(connection, "/etcdserverpb.Lease/LeaseGrant").await?;
    body.send_data(message(&[TTL_S, lease]), true)?;
    let mut answer = answer.await?.into_body();
    while let Some(data) = answer.data().await {
        answer.flow_control().release_capacity(data?.len())?;
    }
    let trailers = answer.trailers().await?.unwrap_or_default();
    let status = trailers.get("grpc-status").context("an answer has a status")?;
    anyhow::ensure!(status == "0", "a lease was not granted: {trailers:?}");
    Ok(())
}

/// One stream of keep-alives.
struct KeepAlives {
    asking: SendStream<Bytes>,
    answers: RecvStream,
    /// Bytes of a message whose end has not come.
    rest: BytesMut,
}

impl KeepAlives {
    async fn open(connection: &mut SendRequest<Bytes>) -> anyhow::Result<Self> {
        let (answer, mut asking) = call(connection, "/etcdserverpb.Lease/LeaseKeepAlive").await?;
        // A server says nothing on a stream before it was asked something.
        asking.send_data(message(&[FIRST_LEASE]), false)?;
        let answers = answer.await?.into_body();
        let mut stream = Self { asking, answers, rest: BytesMut::new() };
        stream.answers().await?;
        Ok(stream)
    }

    fn ask(&mut self, lease: u64) -> anyhow::Result<()> {
        Ok(self.asking.send_data(message(&[lease]), false)?)
    }

    /// Waits for answers and counts them; each must say that the lease lives.
    async fn answers(&mut self) -> anyhow::Result<u64> {
        let data = self.answers.data().await.context("etcd ended the stream")??;
        self.answers.flow_control().release_capacity(data.len())?;
        self.rest.extend_from_slice(&data);
        let mut count = 0;
        while let Some(length) = self.rest.get(1..5) {
            let length = u32::from_be_bytes(length.try_into()?) as usize;
            if self.rest.len() < 5 + length {
                break;
            }
            let answer = self.rest.split_to(5 + length);
            // The last field is the term, which is left out where it is nought: the lease is gone.
            anyhow::ensure!(has_field(&answer[5..], 3)?, "a lease is gone");
            count += 1;
        }
        Ok(count)
    }
}

async fn call(
    connection: &mut SendRequest<Bytes>,
    path: &str,
) -> anyhow::Result<(h2::client::ResponseFuture, SendStream<Bytes>)> {
    let request = http::Request::post(format!("http://etcd{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(())?;
    let mut ready = connection.clone().ready().await?;
    Ok(ready.send_request(request, false)?)
}

/// A message of gRPC with integer fields 1, 2, ...
fn message(fields: &[u64]) -> Bytes {
    let mut body = Vec::new();
    for (number, value) in (1_u8..).zip(fields) {
        body.push(number << 3);
        let mut value = *value;
        while value >= 0x80 {
            body.push(value as u8 | 0x80);
            value >>= 7;
        }
        body.push(value as u8);
    }
    let mut message = vec![0];
    message.extend(u32::try_from(body.len()).expect("a short message").to_be_bytes());
    message.extend(body);
    message.into()
}

/// Whether a message has a field of that number: integers and nested messages alone.
fn has_field(mut message: &[u8], number: u64) -> anyhow::Result<bool> {
    while message.has_remaining() {
        let key = integer(&mut message)?;
        if key >> 3 == number {
            return Ok(true);
        }
        let value = integer(&mut message)?;
        match key & 7 {
            0 => {}
            2 => message.advance(usize::try_from(value)?),
            other => bail!("wire type {other} is not in etcd's answer"),
        }
    }
    Ok(false)
}

fn integer(message: &mut &[u8]) -> anyhow::Result<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        anyhow::ensure!(message.has_remaining(), "a message is cut off");
        let byte = message.get_u8();
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    bail!("an integer is too long")
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
