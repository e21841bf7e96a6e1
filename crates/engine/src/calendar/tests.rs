//! Durations and moments: what they read as, what they add up to.

use super::*;

#[track_caller]
fn after(from: &str, duration: &str, want: &str) {
    let from = parse_moment(from).expect("a moment");
    let got = Duration::parse(duration).map(|duration| duration.after(from));
    assert_eq!(got, Ok(parse_moment(want).expect("a moment")), "{duration}");
}

#[test]
fn a_duration_counts_months_by_the_calendar_and_the_rest_exactly() {
    after("2026-01-31T10:00:00Z", "P1M", "2026-02-28T10:00:00Z");
    after("2024-01-31T10:00:00Z", "P1M", "2024-02-29T10:00:00Z");
    after("2026-11-21T00:00:00Z", "P1Y2M3DT4H5M6.5S", "2028-01-24T04:05:06.5Z");
    after("2026-03-01T00:00:00Z", "-P1D", "2026-02-28T00:00:00Z");
    after("1969-12-31T23:00:00Z", "PT1H", "1970-01-01T00:00:00Z");
    after("2026-01-01T10:00:00+10:00", "PT0S", "2026-01-01T00:00:00Z");
}

#[test]
fn what_is_no_duration_is_refused() {
    for text in [
        "",
        "P",
        "PT",
        "1D",
        "P1",
        "P1H",
        "PT1D",
        "P1.5D",
        "P1D1Y",
        "PT1S1S",
        "P99999999999999999999D",
        "PT.S",
    ] {
        assert!(Duration::parse(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_no_moment_is_refused() {
    for text in
        ["", "2026", "2026-13-01", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "1767225600000"]
    {
        assert!(parse_moment(text).is_err(), "{text}");
    }
}
