//! Items that are taken away while their handlers work.

use std::{sync::Arc, time::Duration};

use sdk::{Element, Failure, Work};
use tokio::sync::Notify;

use crate::site::{Ends, Site, answer, soon};

/// Says when an item is in hand and then works until it is cancelled.
fn faithful(
    begun: &Arc<Notify>,
) -> impl Fn(Work) -> futures_util::future::BoxFuture<'static, Result<Element, Failure>>
+ Send
+ Sync
+ use<> {
    let begun = begun.clone();
    move |work| {
        let begun = begun.clone();
        Box::pin(async move {
            begun.notify_one();
            let reason = work.cancellation().cancelled().await;
            Err(Failure::fail(format!("stopped: {reason}")))
        })
    }
}

async fn begin(site: &Site) -> (sdk::worker::Running, Ends, Vec<String>) {
    let cases = site.launch(1).await;
    let begun = Arc::new(Notify::new());
    let (worker, ends) = site.worker("ann");
    let worker = worker.term(Duration::from_secs(1)).on("Answer", faithful(&begun));
    let running = worker.start().unwrap();
    soon(begun.notified()).await;
    (running, ends, cases)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_is_told_when_its_case_is_cancelled() {
    let site = Site::new().await;
    let (running, mut ends, cases) = begin(&site).await;
    site.client.cancel_case(&cases[0]).await.unwrap();
    let how = ends.how().await;
    assert!(how.starts_with("lost: "), "{how}");
    ends.nothing_more();
    assert_eq!(soon(running.drain()).await.unwrap().lost, 1);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leases_go_on_in_the_background_for_longer_than_their_term() {
    let site = Site::new().await;
    let (running, mut ends, cases) = begin(&site).await;
    let item = format!("{}.1:Answer", cases[0]);
    let epoch = site.client.work_item(&item).await.unwrap().lease.unwrap().epoch;
    let began = tokio::time::Instant::now();
    // The only way to see that a second and a half of silence do not come is to let them pass.
    crate::site::until(|| async { began.elapsed() > Duration::from_millis(1_500) }).await;
    let lease = site.client.work_item(&item).await.unwrap().lease.unwrap();
    assert_eq!((lease.epoch, lease.standing.as_str()), (epoch, "held"));
    ends.nothing_more();
    drop(running);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_ends_without_a_word_loses_its_items_to_others() {
    let site = Site::with(|config| config.retry_rest_ms = 1).await;
    let (running, _ends, cases) = begin(&site).await;
    drop(running);
    let (worker, mut ends) = site.worker("bob");
    let running = worker.on("Answer", answer).start().unwrap();
    assert_eq!(ends.how().await, "completed");
    assert_eq!(site.status(&cases[0]).await, "completed");
    soon(running.drain()).await.unwrap();
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_comes_too_late_is_reported_and_not_repeated() {
    let site = Site::new().await;
    site.launch(1).await;
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (worker, mut ends) = site.worker("ann");
    let (said, waited) = (begun.clone(), go.clone());
    // The term is long: nobody tells the worker before it brings its result.
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
    let held = site.client.work_items_of_status("Executing").await.unwrap().items.remove(0);
    let lease = held.lease.unwrap();
    site.client.give_back(&held.item, lease.epoch).await.unwrap();
    go.notify_one();
    let how = ends.how().await;
    let is_told = how.starts_with("too late: ") || how.starts_with("lost: ");
    assert!(is_told, "{how}");
    drop(running);
    site.stop().await;
}
