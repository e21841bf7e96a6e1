//! When leases are renewed, together with which others, and when no more.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use wire::claim::ClaimedItem;

use super::{Hands, Hold};
use crate::worker::Reason;

fn item(name: &str, term_ms: u64) -> ClaimedItem {
    let at = "2026-11-21T06:30:00.000Z";
    let item = json!({
        "item": name, "case": "1", "specification": "s:1", "task": "T", "task_name": "T", "epoch": 1,
        "term_ms": term_ms, "ends_at": at, "attempt": 1, "enabled_at": at, "data": "<T/>",
    });
    serde_json::from_value(item).unwrap()
}

fn hold(name: &str) -> Hold {
    Hold { item: name.to_owned(), epoch: 1 }
}

fn due(hands: &mut Hands, at: Instant) -> Vec<String> {
    hands.take_due(at).into_iter().map(|renewal| renewal.item).collect()
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_lease_is_renewed_after_a_third_of_its_term_and_not_twice_at_once() {
    let began = Instant::now();
    let mut hands = Hands::default();
    hands.take(&item("a", 60_000), began).unwrap();
    assert!(due(&mut hands, began + 19 * SECOND).is_empty());
    assert_eq!(due(&mut hands, began + 20 * SECOND), ["a"]);
    assert!(due(&mut hands, began + 40 * SECOND).is_empty(), "the first is under way");
    hands.renewed(&hold("a"), began + 20 * SECOND, 60 * SECOND);
    assert_eq!(hands.next_renewal(), Some(began + 40 * SECOND));
}

#[test]
fn what_would_soon_be_due_goes_along_in_the_same_request() {
    let began = Instant::now();
    let mut hands = Hands::default();
    hands.take(&item("a", 60_000), began).unwrap();
    hands.take(&item("b", 60_000), began + 4 * SECOND).unwrap();
    hands.take(&item("c", 60_000), began + 6 * SECOND).unwrap();
    assert_eq!(due(&mut hands, began + 20 * SECOND), ["a", "b"]);
    assert_eq!(hands.next_renewal(), Some(began + 26 * SECOND));
}

#[test]
fn a_lost_item_is_renewed_no_more_whatever_answers_still_come() {
    let began = Instant::now();
    let mut hands = Hands::default();
    let (cancellation, _) = hands.take(&item("a", 60_000), began).unwrap();
    hands.lose(&hold("a"), Reason::LeaseOver);
    assert_eq!(cancellation.reason(), Some(Reason::LeaseOver));
    hands.renewed(&hold("a"), began, 60 * SECOND);
    hands.renew_at(&hold("a"), began);
    hands.renew_now(None, began);
    assert!(due(&mut hands, began + 60 * SECOND).is_empty());
    assert_eq!(hands.len(), 1, "its handler still stops");
}

#[test]
fn losing_an_item_is_more_than_draining_and_the_first_loss_stays() {
    let mut hands = Hands::default();
    let (cancellation, _) = hands.take(&item("a", 60_000), Instant::now()).unwrap();
    hands.stop_all();
    assert_eq!(cancellation.reason(), Some(Reason::Draining));
    hands.lose(&hold("a"), Reason::Taken("withdrawn".to_owned()));
    hands.lose(&hold("a"), Reason::LeaseOver);
    hands.stop_all();
    assert_eq!(cancellation.reason(), Some(Reason::Taken("withdrawn".to_owned())));
}

#[test]
fn an_item_is_taken_once_in_each_epoch() {
    let mut hands = Hands::default();
    let now = Instant::now();
    assert!(hands.take(&item("a", 1_000), now).is_some());
    assert!(hands.take(&item("a", 1_000), now).is_none());
    assert!(hands.take(&ClaimedItem { epoch: 2, ..item("a", 1_000) }, now).is_some());
}

#[test]
fn a_term_that_no_server_gives_ends_no_program() {
    let mut hands = Hands::default();
    let now = Instant::now();
    hands.take(&item("a", u64::MAX), now).unwrap();
    hands.renewed(&hold("a"), now, Duration::from_millis(u64::MAX));
    assert!(hands.next_renewal().is_some());
}
