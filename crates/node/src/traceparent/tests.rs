//! What is a traceparent and what is none.

use super::*;

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn a_traceparent_is_written_as_it_was_read() {
    let read: Traceparent = TRACE.parse().unwrap();
    assert_eq!(read.to_string(), TRACE);
    assert_eq!(postcard::to_stdvec(&read).unwrap().len(), 25);
}

#[test]
fn of_a_newer_version_what_is_known_is_taken() {
    let newer = TRACE.replacen("00", "cc", 1).replace("-01", "-0b");
    assert_eq!(newer.parse::<Traceparent>().unwrap().to_string(), TRACE);
    assert_eq!(format!("{newer}-more").parse::<Traceparent>().unwrap().to_string(), TRACE);
    assert_eq!(format!("{newer}more").parse::<Traceparent>(), Err(NotATraceparent));
}

#[test]
fn what_breaks_the_form_is_refused() {
    let zeros = |from: usize, to: usize| {
        let mut text = TRACE.to_owned();
        text.replace_range(from..to, &"0".repeat(to - from));
        text
    };
    for text in [
        "",
        "00",
        &TRACE[..54],
        &format!("{TRACE}-"),
        &format!("{TRACE}0"),
        &TRACE.to_uppercase(),
        &TRACE.replacen("00", "ff", 1),
        &TRACE.replace('-', "_"),
        &TRACE.replace("4b", "4g"),
        &TRACE.replace("4bf9", "\u{e4}\u{f6}"),
        &zeros(3, 35),
        &zeros(36, 52),
        &format!(" {TRACE}"),
    ] {
        assert_eq!(text.parse::<Traceparent>(), Err(NotATraceparent), "{text}");
    }
}
