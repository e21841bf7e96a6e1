//! Bodies and headers, good and hostile.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use wire::case::Launch;

use super::*;

#[track_caller]
fn check(bodies: &[&str], want: Expect) {
    let mut got = String::new();
    for body in bodies {
        match read_json::<Launch>(body.as_bytes()) {
            Ok(launch) => writeln!(got, "{body}: {}", launch.specification).unwrap(),
            Err(failure) => {
                writeln!(got, "{body}: {} {}", failure.0.status, failure.0.detail).unwrap()
            }
        }
    }
    want.assert_eq(&got);
}

#[test]
fn a_wrong_body_is_refused_by_place() {
    check(
        &[
            r#"{"specification":"a:1.0"}"#,
            r#"{"specification":"a:1.0""#,
            r#"{"specification":7}"#,
            r#"{"specification":"a","colour":"red"}"#,
            r#"{"specification":"a","start_at":"soon"}"#,
            r#"{"specification":"a"} x"#,
            "[]",
            "",
        ],
        expect![[r#"
            {"specification":"a:1.0"}: a:1.0
            {"specification":"a:1.0": 400 EOF while parsing an object at line 1 column 24
            {"specification":7}: 400 specification: invalid type: integer `7`, expected a string at line 1 column 18
            {"specification":"a","colour":"red"}: 400 colour: unknown field `colour`, expected one of `specification`, `case`, `data`, `start_at`, `command_id`, `traceparent` at line 1 column 29
            {"specification":"a","start_at":"soon"}: 400 start_at: "soon" is no moment; write RFC 3339, such as 2026-11-21T06:30:00Z at line 1 column 39
            {"specification":"a"} x: 400 trailing characters at line 1 column 23
            []: 400 the body is no JSON object; send {...}
            : 400 the body is no JSON object; send {...}
        "#]],
    );
}

#[test]
fn header_and_body_must_name_the_same_command() {
    let or = |header: Option<&str>, body: Option<&str>| {
        IdempotencyKey(header.map(str::to_owned)).or(body.map(str::to_owned))
    };
    assert_eq!(or(None, None), Ok(None));
    assert_eq!(or(Some("a"), None), Ok(Some("a".into())));
    assert_eq!(or(None, Some("a")), Ok(Some("a".into())));
    assert_eq!(or(Some("a"), Some("a")), Ok(Some("a".into())));
    assert!(or(Some("a"), Some("b")).is_err());
}
