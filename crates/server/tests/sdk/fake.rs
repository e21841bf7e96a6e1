//! The least of an HTTP server: answers each request as it is told, or passes it on to a real one.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// A request: its first line, and all of it.
pub(crate) struct Request {
    pub(crate) line: String,
    bytes: Vec<u8>,
}

/// What becomes of it.
pub(crate) enum Reply {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// The real server's answer.
    PassOn,
    /// The real server's answer, but not before then.
    PassOnAt(tokio::time::Instant),
    /// The real server does it, and its answer is lost.
    LoseAnswer,
    /// The connection is closed without a word.
    Nothing,
}

/// A server that does as it is told. Ends when dropped.
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    _tasks: JoinSet<()>,
}

impl Fake {
    pub(crate) async fn start(
        real: Option<SocketAddr>,
        reply: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let reply = Arc::new(reply);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let reply = reply.clone();
                connections.spawn(async move { serve(stream, real, reply.as_ref()).await });
            }
        });
        Self { address, _tasks: tasks }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// A client that goes away is no reason to fail.
async fn serve(
    mut stream: TcpStream,
    real: Option<SocketAddr>,
    reply: &(impl Fn(&Request) -> Reply + Send + Sync),
) {
    let Some(request) = read(&mut stream).await else { return };
    let answer = match reply(&request) {
        Reply::Bytes(bytes) => Some(bytes),
        Reply::PassOn => ask(real.expect("there is a real server"), &request).await,
        Reply::PassOnAt(moment) => {
            tokio::time::sleep_until(moment).await;
            ask(real.expect("there is a real server"), &request).await
        }
        Reply::LoseAnswer => {
            ask(real.expect("there is a real server"), &request).await;
            None
        }
        Reply::Nothing => None,
    };
    if let Some(answer) = answer {
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let line = line.to_ascii_lowercase();
            line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok()
        });
        if body.len() >= length.unwrap_or(0) {
            let line = head.lines().next().unwrap_or_default().to_owned();
            return Some(Request { line, bytes });
        }
    }
}

/// Asks the real server on a connection of its own, until that is closed.
async fn ask(real: SocketAddr, request: &Request) -> Option<Vec<u8>> {
    let text = String::from_utf8(request.bytes.clone()).ok()?;
    let closing = text.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    let mut stream = TcpStream::connect(real).await.ok()?;
    stream.write_all(closing.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    Some(answer)
}

/// An answer with a JSON body.
pub(crate) fn json(status: u16, body: &str) -> Reply {
    let length = body.len();
    let head = "content-type: application/json\r\nconnection: close";
    let answer = format!("HTTP/1.1 {status} X\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}");
    Reply::Bytes(answer.into_bytes())
}
