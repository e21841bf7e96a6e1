//! An agent that lets a language model answer the question of `examples/hello.yawl`: the model is whatever
//! Ollama serves on this machine.
//!
//! ```sh
//! ollama serve & ollama pull llama3.2
//! MODEL=llama3.2 cargo run -p sdk --example model
//! ```

mod agent;
mod ollama;

use sdk::Client;

fn setting(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

#[tokio::main]
async fn main() -> Result<(), sdk::Error> {
    let client = Client::new(&setting("FLOTILLA_URL", "http://localhost:8080"))?;
    let model = ollama::Ollama::new(
        setting("OLLAMA_URL", "http://localhost:11434"),
        setting("MODEL", "llama3.2"),
    );
    agent::worker(client, "model-agent", model).run().await
}
