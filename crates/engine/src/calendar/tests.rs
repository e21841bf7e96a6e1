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

#[test]
fn weekends_stop_the_clock_of_work_days() {
    for (from, duration, want) in [
        // The reference's own: a second on a Friday night.
        ("2026-11-20T22:00:00Z", "PT1S", "2026-11-22T22:00:01Z"),
        ("2026-11-19T22:00:00Z", "PT1S", "2026-11-19T22:00:01Z"),
        ("2026-11-21T22:00:00Z", "PT1S", "2026-11-22T22:00:01Z"),
        ("2026-11-16T09:00:00Z", "P4D", "2026-11-20T09:00:00Z"),
        ("2026-11-16T09:00:00Z", "P5D", "2026-11-23T09:00:00Z"),
        ("2026-11-16T09:00:00Z", "P10D", "2026-11-30T09:00:00Z"),
        ("2026-11-20T09:00:00Z", "P10D", "2026-12-04T09:00:00Z"),
        ("2026-11-20T09:00:00Z", "-P1D", "2026-11-19T09:00:00Z"),
    ] {
        let duration = Duration::parse(duration).unwrap();
        let from_ms = parse_moment(from).unwrap();
        assert_eq!(Ok(duration.after_on_work_days(from_ms, 0)), parse_moment(want), "{from}");
        assert_eq!(
            duration.after_on_work_days(from_ms, 0),
            day_by_day(duration, from_ms),
            "{from}"
        );
    }
    // It is Saturday already, three hours east of UTC.
    let friday = parse_moment("2026-11-20T22:00:00Z").unwrap();
    let end = Duration::parse("PT1S").unwrap().after_on_work_days(friday, 3 * 3_600_000);
    assert_eq!(Ok(end), parse_moment("2026-11-21T22:00:01Z"));
    for hours in 1..1_000 {
        let duration = Duration { months: 0, ms: hours * 3_600_000 };
        let from_ms = friday + hours * 7 * 3_600_000;
        assert_eq!(duration.after_on_work_days(from_ms, 0), day_by_day(duration, from_ms));
    }
}

/// The reference's steps, one by one.
fn day_by_day(duration: Duration, from_ms: i64) -> i64 {
    let (mut day_ms, mut end_ms) = (from_ms, duration.after(from_ms));
    while day_ms < end_ms {
        day_ms += DAY_MS;
        if is_weekend(day_ms.div_euclid(DAY_MS)) {
            end_ms += DAY_MS;
        }
    }
    end_ms
}
