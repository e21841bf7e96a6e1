//! Moments as texts.

use super::*;

#[test]
fn a_moment_reads_back_as_it_was_written() {
    for ms in [0, 1, 1_795_000_000_123, -1, -62_135_596_800_000] {
        assert_eq!(Timestamp::parse(&Timestamp::from_ms(ms).to_string()), Some(Timestamp(ms)));
    }
}

#[test]
fn an_offset_is_taken_into_account() {
    let moment = Timestamp::parse("2026-11-21T08:30:00+02:00").unwrap();
    assert_eq!(moment.to_string(), "2026-11-21T06:30:00.000Z");
}

#[test]
fn a_moment_beyond_the_calendar_is_still_shown() {
    assert!(Timestamp::from_ms(i64::MAX).to_string().starts_with('+'));
    assert!(Timestamp::from_ms(i64::MIN).to_string().starts_with('-'));
}

#[test]
fn what_is_no_moment_is_refused_with_an_example() {
    let error = serde_json::from_str::<Timestamp>("\"tomorrow\"").unwrap_err();
    assert!(error.to_string().contains("such as 2026-11-21T06:30:00Z"), "{error}");
}
