//! Edge: what agents are built with. A client with one call for each request, and a worker that does
//! everything that is the same in every agent.
//!
//! ```text
//!   handlers (yours) ◀─ Work ── worker ──▶ client ──▶ HTTP ──▶ server
//!                    ── result ▶   │  claims, leases, session, results
//!                                  └◀─ events of the session
//! ```
//!
//! Ten lines make an agent:
//!
//! ```no_run
//! use sdk::{Client, Element, Failure, Work, Worker};
//!
//! async fn answer(work: Work) -> Result<Element, Failure> {
//!     let question = work.input()?.text("Question").unwrap_or_default();
//!     Ok(work.output()?.with("Reply", format!("{question} Forty-two.")))
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), sdk::Error> {
//!     Worker::new(Client::new("http://localhost:8080")?, "ann").on("Answer", answer).run().await
//! }
//! ```
//!
//! What a worker does and when is in `docs/sdk.md`, for all languages. Invariants: a result is sent under one
//! command id however often it is repeated; every wait, answer and queue is bounded; nothing here reads the wall
//! clock. Absent: TLS (let a proxy on the same machine speak it), and any knowledge of nets.

mod chance;
mod pause;
mod traceparent;

pub mod client;
mod error;

pub mod events;
pub mod xml;

pub mod worker;

pub use wire;

pub use self::{
    client::Client,
    error::Error,
    traceparent::Traceparent,
    worker::{Cancellation, Failure, Reason, Work, Worker},
    xml::Element,
};
