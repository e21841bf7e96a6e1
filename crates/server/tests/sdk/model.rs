//! The example with a language model, with a fake one.

#[path = "../../../sdk/examples/model/agent.rs"]
mod agent;

use std::sync::atomic::{AtomicUsize, Ordering};

use sdk::Element;

use self::agent::{Model, Trouble};
use crate::site::{Site, heard, soon};

/// Is busy, then broken, then talks in characters that XML cannot carry.
#[derive(Default)]
struct Fake(AtomicUsize);

impl Model for Fake {
    async fn complete(&self, prompt: String) -> Result<String, Trouble> {
        assert!(prompt.contains("What is the answer?"), "{prompt}");
        match self.0.fetch_add(1, Ordering::SeqCst) {
            0 => Err(Trouble::Busy("no room".to_owned())),
            1 => Err(Trouble::Broken("out of order".to_owned())),
            _ => Ok(" forty-two\u{7} <b>&</b>\n ".to_owned()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_models_words_become_the_result_and_its_troubles_an_end() {
    let site = Site::with(|config| config.retry_rest_ms = 1).await;
    let cases = site.launch(1).await;
    let worker = agent::worker(site.client.clone(), "model", Fake::default());
    let (worker, mut ends) = heard(worker);
    let running = worker.start().unwrap();
    assert_eq!(ends.how().await, "given back: no room");
    assert_eq!(ends.how().await, "failed: out of order");
    assert_eq!(ends.how().await, "completed");
    let output = site.client.case(&cases[0]).await.unwrap().output.unwrap();
    let reply = output.parse::<Element>().unwrap().text("Reply").unwrap();
    assert_eq!(reply, "forty-two <b>&</b>");
    soon(running.drain()).await.unwrap();
    site.stop().await;
}
