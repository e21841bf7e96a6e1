//! The present is an input, and truth is that of the whole query.

use expect_test::{Expect, expect};

use crate::{Document, Now, Query};

#[track_caller]
fn check(now: Now, query: &str, wanted: Expect) {
    let document = Document::parse("<N><k>7</k></N>").unwrap();
    wanted.assert_eq(&Query::compile(query).unwrap().evaluate(&document, now).unwrap());
}

const QUERY: &str = "current-dateTime(), current-date(), current-time(), implicit-timezone()";

#[test]
fn the_present_is_what_the_caller_says() {
    check(
        Now { unix_ms: 1_795_242_600_000, offset_minutes: 0 },
        QUERY,
        expect!["2026-11-21T06:30:00Z 2026-11-21Z 06:30:00Z PT0S"],
    );
    check(
        Now { unix_ms: 1_795_242_600_123, offset_minutes: 330 },
        QUERY,
        expect!["2026-11-21T12:00:00.123+05:30 2026-11-21+05:30 12:00:00.123+05:30 PT5H30M"],
    );
    check(
        Now { unix_ms: -1, offset_minutes: -90 },
        QUERY,
        expect!["1969-12-31T22:29:59.999-01:30 1969-12-31-01:30 22:29:59.999-01:30 -PT1H30M"],
    );
    check(
        Now { unix_ms: 951_782_399_999, offset_minutes: 0 },
        "current-date()",
        expect!["2000-02-28Z"],
    );
}

#[test]
fn a_date_without_a_zone_is_in_the_zone_of_the_caller() {
    let query = "xs:dateTime('2026-01-01T12:00:00') = xs:dateTime('2026-01-01T11:00:00Z')";
    check(Now { unix_ms: 0, offset_minutes: 60 }, query, expect!["true"]);
    check(Now { unix_ms: 0, offset_minutes: 0 }, query, expect!["false"]);
}

#[test]
fn moments_out_of_range_are_refused() {
    let document = Document::parse("<N/>").unwrap();
    let query = Query::compile("current-date()").unwrap();
    for unix_ms in [i64::MAX, i64::MIN] {
        let _ = query.evaluate(&document, Now { unix_ms, offset_minutes: i16::MAX });
        let _ = query.evaluate(&document, Now { unix_ms, offset_minutes: i16::MIN });
    }
}

#[test]
fn truth_is_the_effective_boolean_value() {
    let document = Document::parse("<N><k>7</k><e/></N>").unwrap();
    let now = Now { unix_ms: 0, offset_minutes: 0 };
    let cases = [
        ("/N/k", true),
        ("/N/none", false),
        ("/N/e", true),
        ("string(/N/e)", false),
        ("0", false),
        ("'0'", true),
        ("/N/k mod 2 = 1", true),
        ("<a/>", true),
        ("()", false),
        ("for $x in (1, 2) where $x > 2 return <a/>", false),
    ];
    for (query, wanted) in cases {
        let compiled = Query::compile(query).unwrap();
        assert_eq!(compiled.evaluate_boolean(&document, now), Ok(wanted), "{query}");
    }
    let several = Query::compile("1, 2").unwrap().evaluate_boolean(&document, now);
    assert_eq!(several.unwrap_err().code, "FORG0006");
}
