//! Answers that are lost: what was asked for happens once.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use sdk::{Worker, wire::case::Launch};

use crate::{
    fake::{Fake, Reply, Request, json},
    site::{SPECIFICATION, Site, answer, client, heard, soon},
};

/// Loses the first answer to each kind of request that changes something.
async fn forgetful(site: &Site) -> (Fake, Arc<Mutex<BTreeSet<String>>>) {
    let lost = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = lost.clone();
    let fake = Fake::start(Some(site.server.addresses().public), move |request: &Request| {
        let path = request.line.split(' ').nth(1).unwrap_or_default().to_owned();
        // A stream would have to be passed on piece by piece.
        if path.ends_with("/events") {
            return json(
                404,
                r#"{"type":"t","title":"t","status":404,"code":"no-such-route","detail":"d"}"#,
            );
        }
        let changes = request.line.starts_with("POST") && !path.ends_with("/claims");
        match changes && seen.lock().unwrap().insert(path) {
            true => Reply::LoseAnswer,
            false => Reply::PassOn,
        }
    })
    .await;
    (fake, lost)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_and_a_launch_whose_answers_are_lost_happen_once() {
    let site = Site::new().await;
    let (fake, lost) = forgetful(&site).await;
    let client = client(&fake.url());
    let launch = Launch { specification: SPECIFICATION.to_owned(), ..Launch::default() };
    let launched = soon(client.launch(launch)).await.unwrap();
    let (worker, mut ends) = heard(Worker::new(client, "ann").on("Answer", answer));
    let running = worker.start().unwrap();
    assert_eq!(ends.how().await, "completed");
    ends.nothing_more();
    let tally = soon(running.drain()).await.unwrap();
    assert_eq!((tally.completed, tally.too_late), (1, 0));
    assert_eq!(site.status(&launched.case).await, "completed");
    // Numbered cases: had the launch happened twice, there would be a second one.
    assert_eq!(site.client.case("2").await.unwrap_err().code(), Some("no-such-case"));
    let lost = lost.lock().unwrap().clone();
    for part in ["/cases", "/sessions", "/agents", "/checkin"] {
        assert!(lost.iter().any(|path| path.ends_with(part)), "{part} was lost once: {lost:?}");
    }
    drop(fake);
    site.stop().await;
}
