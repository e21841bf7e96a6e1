//! What a server writes is what a reader reads.

use super::*;

fn claimed() -> ClaimedItem {
    ClaimedItem {
        item: "7.1:A".into(),
        case: "7".into(),
        specification: "S:1.0".into(),
        task: "A".into(),
        task_name: "A".into(),
        capability: None,
        epoch: 3,
        term_ms: 60_000,
        ends_at: Timestamp::from_ms(60_000),
        attempt: 1,
        enabled_at: Timestamp::from_ms(0),
        data: "<A/>".into(),
        traceparent: None,
        ballot: None,
    }
}

#[test]
fn every_event_is_read_as_it_was_written() {
    let (agent, item, epoch) = ("ann".to_owned(), "7.1:A".to_owned(), 3);
    for event in [
        SessionEvent::Item(PushedItem { agent: agent.clone(), claimed: claimed() }),
        SessionEvent::Cancelled(Cancelled {
            agent: agent.clone(),
            item: item.clone(),
            case: "7".into(),
            epoch,
            reason: "rolled-back".into(),
        }),
        SessionEvent::LeaseEnding(LeaseEnding {
            agent: agent.clone(),
            item: item.clone(),
            epoch,
            left_ms: 20_000,
            ends_at: Timestamp::from_ms(20_000),
        }),
        SessionEvent::LeaseEnded(LeaseEnded { agent, item, epoch }),
        SessionEvent::Lagged(Lagged { missed: 2 }),
    ] {
        let data = serde_json::to_string(&event).unwrap();
        assert_eq!(SessionEvent::read(event.name(), &data).unwrap(), Some(event), "{data}");
    }
}

#[test]
fn an_event_of_a_newer_server_is_passed_over_and_one_that_is_broken_is_not() {
    assert_eq!(SessionEvent::read("weather", r#"{"it":"rains"}"#).unwrap(), None);
    assert!(SessionEvent::read("cancelled", r#"{"agent":"ann"}"#).is_err());
    assert!(SessionEvent::read("item", "[").is_err());
}
