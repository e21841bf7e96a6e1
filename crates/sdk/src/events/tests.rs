//! Events by their names and data.

use super::{Event, ItemHold, Message, read};

fn message(event: &str, data: &str) -> Message {
    Message { event: event.to_owned(), data: data.to_owned() }
}

fn hold() -> ItemHold {
    ItemHold { agent: "ann".to_owned(), item: "1.1:Answer".to_owned(), epoch: 3 }
}

#[test]
fn every_event_of_the_contract_is_read() {
    let held = r#""agent":"ann","item":"1.1:Answer","epoch":3"#;
    let cancelled = message("cancelled", &format!(r#"{{{held},"case":"1","reason":"withdrawn"}}"#));
    let want = Event::Cancelled { item: hold(), reason: "withdrawn".to_owned() };
    assert_eq!(read(&cancelled).unwrap(), Some(want));
    let ending = message("lease-ending", &format!(r#"{{{held},"left_ms":5,"ends_at":"x"}}"#));
    assert_eq!(read(&ending).unwrap(), Some(Event::LeaseEnding(hold())));
    let ended = message("lease-ended", &format!("{{{held}}}"));
    assert_eq!(read(&ended).unwrap(), Some(Event::LeaseEnded(hold())));
    let lagged = message("lagged", r#"{"missed":7}"#);
    assert_eq!(read(&lagged).unwrap(), Some(Event::Lagged { missed: 7 }));
    let pushed = message(
        "item",
        &format!(
            r#"{{{held},"case":"1","specification":"s","task":"t","task_name":"t","term_ms":60000,
                "ends_at":"2026-11-21T06:30:00Z","attempt":1,"enabled_at":"2026-11-21T06:30:00Z","data":"<a/>"}}"#
        ),
    );
    let Some(Event::Item { agent, item }) = read(&pushed).unwrap() else { panic!("no item") };
    assert_eq!((agent.as_str(), item.item.as_str(), item.epoch), ("ann", "1.1:Answer", 3));
}

#[test]
fn an_event_of_another_kind_is_passed_over_and_nonsense_is_told() {
    assert_eq!(read(&message("weather", "sunny")).unwrap(), None);
    for data in ["", "null", "[]", r#"{"agent":"ann"}"#, r#"{"agent":1,"item":2,"epoch":-3}"#] {
        assert!(read(&message("cancelled", data)).is_err(), "{data}");
    }
}
