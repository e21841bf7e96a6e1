//! Stopping in good order.

use std::{sync::Arc, time::Duration};

use sdk::{Element, Failure, Work};
use tokio::sync::Notify;

use crate::site::{Site, answer, soon};

#[tokio::test(flavor = "multi_thread")]
async fn a_draining_worker_finishes_what_it_holds_and_claims_no_more() {
    let site = Site::new().await;
    site.launch(3).await;
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (said, waited) = (begun.clone(), go.clone());
    let (worker, mut ends) = site.worker("ann");
    let worker = worker.at_once(1).on("Answer", move |work: Work| {
        let (said, waited) = (said.clone(), waited.clone());
        async move {
            said.notify_one();
            waited.notified().await;
            answer(work).await
        }
    });
    let running = worker.start().unwrap();
    soon(begun.notified()).await;
    let drained = tokio::join!(soon(running.drain()), async { go.notify_one() }).0.unwrap();
    assert_eq!((drained.completed, drained.given_back), (1, 0));
    assert_eq!(ends.how().await, "completed");
    ends.nothing_more();
    let left = site.client.work_items_of_status("Enabled").await.unwrap();
    assert_eq!(left.items.len(), 2);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_draining_worker_cannot_finish_it_gives_back_at_once() {
    let site = Site::new().await;
    let cases = site.launch(2).await;
    let begun = Arc::new(tokio::sync::Barrier::new(3));
    let said = begun.clone();
    let (worker, mut ends) = site.worker("ann");
    let worker = worker
        .drain_within(Duration::from_millis(50))
        .grace(Duration::from_millis(50))
        .on("Answer", move |work: Work| {
            let said = said.clone();
            async move {
                said.wait().await;
                // One listens, the other does not; both are stopped.
                match work.item().case.as_str() {
                    "1" => {
                        let reason = work.cancellation().cancelled().await;
                        Err::<Element, _>(Failure::give_back(reason.to_string()))
                    }
                    _ => std::future::pending().await,
                }
            }
        });
    let running = worker.start().unwrap();
    soon(begun.wait()).await;
    let tally = soon(running.drain()).await.unwrap();
    assert_eq!(tally.given_back, 2);
    let mut hows = [ends.how().await, ends.how().await];
    hows.sort();
    let expected =
        ["given back: the agent stops before the work is done", "given back: the worker drains"];
    assert_eq!(hows, expected);
    for case in cases {
        let item = site.client.work_item(&format!("{case}.1:Answer")).await.unwrap();
        let lease = item.lease.unwrap();
        assert_eq!((lease.standing.as_str(), lease.attempts), ("free", 0));
    }
    site.stop().await;
}
