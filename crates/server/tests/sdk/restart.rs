//! The server restarts while a worker works.

use std::sync::Arc;

use sdk::Work;
use server::server::Server;
use tokio::sync::Notify;

use crate::site::{Site, answer, soon};

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_outlives_its_server_and_brings_the_result_to_the_next() {
    let site = Site::new().await;
    let mut cases = site.launch(1).await;
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (said, waited) = (begun.clone(), go.clone());
    let (worker, mut ends) = site.worker("ann");
    let worker = worker.on("Answer", move |work: Work| {
        let (said, waited) = (said.clone(), waited.clone());
        async move {
            said.notify_one();
            waited.notified().await;
            answer(work).await
        }
    });
    let running = worker.start().unwrap();
    soon(begun.notified()).await;
    let Site { config, server, client, _directory } = site;
    server.stop().await.unwrap();
    // The result finds nobody; then the server is back on its port.
    go.notify_one();
    let server = Server::start(&config).await.unwrap();
    assert_eq!(ends.how().await, "completed");
    go.notify_one();
    cases.extend(crate::site::launch(&client, 1).await);
    assert_eq!(ends.how().await, "completed");
    for case in &cases {
        assert_eq!(client.case(case).await.unwrap().head.status, "completed");
    }
    let tally = soon(running.drain()).await.unwrap();
    assert_eq!((tally.completed, tally.lost, tally.unknown), (2, 0, 0));
    server.stop().await.unwrap();
}
