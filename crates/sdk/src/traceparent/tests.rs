//! What is a traceparent and what is none.

use super::Traceparent;
use crate::chance::Chance;

const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn a_traceparent_is_read_and_written_as_it_was() {
    let read: Traceparent = GOOD.parse().unwrap();
    assert_eq!(read.to_string(), GOOD);
    assert_eq!(read.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
}

#[test]
fn a_child_is_in_the_same_trace_under_another_parent() {
    let parent: Traceparent = GOOD.parse().unwrap();
    let child = parent.child(&Chance::new().unwrap());
    assert_eq!(child.trace_id(), parent.trace_id());
    assert_ne!(child, parent);
    assert!(child.to_string().ends_with("-01"), "the flags stay: {child}");
}

#[test]
fn a_later_version_may_say_more_and_version_00_may_not() {
    let later = GOOD.replacen("00", "01", 1);
    assert!(later.parse::<Traceparent>().is_ok());
    assert!(format!("{later}-more").parse::<Traceparent>().is_ok());
    assert!(format!("{later}more").parse::<Traceparent>().is_err());
    assert!(format!("{GOOD}-more").parse::<Traceparent>().is_err());
}

#[test]
fn what_is_no_traceparent_is_refused() {
    for text in [
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-001",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0ä",
        "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ] {
        assert!(text.parse::<Traceparent>().is_err(), "{text}");
    }
}
