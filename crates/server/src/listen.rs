//! Sockets: accepts connections within limits, serves HTTP/1.1 on them, drains them at the end.
//!
//! A client that is slow with its request's head, or with taking the answer, is cut off; one beyond
//! the limit of connections is told so in a complete answer. Knows nothing of routes.

mod stall;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::response::IntoResponse;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tracing::{debug, warn};

use crate::{
    guard::Guarded,
    problem::{Code, Failure},
};

/// Refusals on their way out. A refused client that is slow to read must not hold a place for long.
const REFUSALS_MAX: usize = 64;
/// How long a refused client may take to read its refusal.
const REFUSAL_MS_MAX: u64 = 1_000;
/// After a failed accept (no file descriptor left): long enough for some connection to end.
const ACCEPT_PAUSE_MS: u64 = 100;
/// Bytes of a request's head. Bounds memory per connection; our longest path is a specification key.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Bounds for the sockets of one listener.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connections_max: usize,
    /// From connecting, or from the end of the last request, to the last byte of a request's head.
    pub(crate) head: Duration,
    /// Without one byte taken by the client.
    pub(crate) stall: Duration,
    /// From the signal to stop until open connections are cut.
    pub(crate) drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 4_096,
            head: Duration::from_secs(15),
            stall: Duration::from_secs(20),
            drain: Duration::from_secs(10),
        }
    }
}

/// Tells everybody that the server stops. Kept by the one who decides; others hold [`Stop`].
pub(crate) type Stop = watch::Receiver<bool>;

/// Ends when the server stops, or when nobody is left who could stop it.
pub(crate) async fn stopped(stop: &mut Stop) {
    // The value is of no interest, and holding it would keep its sender waiting.
    let _ = stop.wait_for(|stopping| *stopping).await;
}

/// Serves `routes` on `listener` until `stop` turns true, then drains.
pub(crate) async fn serve(listener: TcpListener, routes: Guarded, limits: Limits, mut stop: Stop) {
    let routes = Arc::new(routes);
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let refusals = Arc::new(Semaphore::new(REFUSALS_MAX));
    let mut tasks = JoinSet::new();
    loop {
        // Cancel-safe: an accepted connection is never lost, a finished task is only reaped here.
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => match Arc::clone(&places).try_acquire_owned() {
                    Ok(place) => {
                        let connection = Connection { stream, peer, limits, stop: stop.clone(), _place: place };
                        tasks.spawn(connection.run(routes.clone()));
                    }
                    Err(_full) => refuse(stream, &refusals, &mut tasks),
                },
                Err(error) => pause_accepting(&error).await,
            },
            Some(_done) = tasks.join_next(), if !tasks.is_empty() => {}
            () = stopped(&mut stop) => break,
        }
    }
    drop(listener);
    let all = async { while tasks.join_next().await.is_some() {} };
    if timeout(limits.drain, all).await.is_err() {
        warn!(connections = tasks.len(), "connections did not end in time and are cut");
        tasks.shutdown().await;
    }
}

async fn pause_accepting(error: &std::io::Error) {
    warn!(%error, "no connection can be accepted; trying again");
    tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
}

/// Answers 503 to a connection for which there is no place.
fn refuse(mut stream: TcpStream, refusals: &Arc<Semaphore>, tasks: &mut JoinSet<()>) {
    // So many are being refused that even the refusal costs too much: close without a word.
    let Ok(place) = Arc::clone(refusals).try_acquire_owned() else { return };
    tasks.spawn(async move {
        let _place = place;
        let farewell = async {
            stream.write_all(&refusal()).await?;
            stream.shutdown().await?;
            // Closing with unread bytes would reset the connection before the client has the answer.
            let mut rest = [0; 1024];
            while stream.read(&mut rest).await? > 0 {}
            std::io::Result::Ok(())
        };
        if timeout(Duration::from_millis(REFUSAL_MS_MAX), farewell).await.is_err() {
            debug!("a refused client did not close in time");
        }
    });
}

/// A whole HTTP answer, since no HTTP machinery runs on a refused connection.
fn refusal() -> Vec<u8> {
    let detail = "too many connections are open; close idle ones or repeat the request later";
    let failure = Failure::new(Code::Overloaded, detail).retry_after_ms(REFUSAL_MS_MAX);
    let body = serde_json::to_vec(&*failure.0).expect("a problem is plain data");
    let response = failure.into_response();
    let mut answer = format!("HTTP/1.1 {}\r\n", response.status());
    for (name, value) in response.headers() {
        answer.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    if !response.headers().contains_key("content-length") {
        answer.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    answer.push_str("connection: close\r\n\r\n");
    let mut bytes = answer.into_bytes();
    bytes.extend(body);
    bytes
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    limits: Limits,
    stop: Stop,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    async fn run(mut self, routes: Arc<Guarded>) {
        if let Err(error) = self.stream.set_nodelay(true) {
            debug!(%error, peer = %self.peer, "small answers may be late");
        }
        let stream = stall::Stall::new(self.stream, self.limits.stall);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service_fn(|request| routes.answer(request)));
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stopped(&mut self.stop) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            debug!(%error, peer = %self.peer, "connection ended early");
        }
    }
}
