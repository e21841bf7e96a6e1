//! The simplest agent: answers the one question of `examples/hello.yawl`.
//!
//! ```sh
//! flotilla serve &
//! curl --data-binary @examples/hello.yawl -H 'content-type: application/xml' localhost:8080/api/v1/specifications
//! cargo run -p sdk --example answer &
//! curl -d '{"specification":"UID_flotilla_hello:1.0"}' -H 'content-type: application/json' localhost:8080/api/v1/cases
//! ```

use sdk::{Client, Element, Failure, Work, Worker};

async fn answer(work: Work) -> Result<Element, Failure> {
    let question = work.input()?.text("Question").unwrap_or_default();
    println!("{}: {question}", work.item().item);
    Ok(work.output()?.with("Reply", format!("{question} Forty-two.")))
}

#[tokio::main]
async fn main() -> Result<(), sdk::Error> {
    let url = std::env::var("FLOTILLA_URL").unwrap_or_else(|_| "http://localhost:8080".to_owned());
    Worker::new(Client::new(&url)?, "ann").on("Answer", answer).run().await
}
