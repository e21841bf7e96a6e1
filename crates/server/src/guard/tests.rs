//! Who may ask.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;

#[track_caller]
fn check(requests: &[(&str, Option<&str>)], want: Expect) {
    let mut got = String::new();
    for (host, origin) in requests {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        let show = |hosts: Hosts| match hosts.check(&headers) {
            Ok(()) => "ok".to_owned(),
            Err(failure) => failure.0.code,
        };
        let (loopback, any) = (show(Hosts::Loopback), show(Hosts::Any));
        writeln!(got, "{host} from {}: {loopback}, opened {any}", origin.unwrap_or("-")).unwrap();
    }
    want.assert_eq(&got);
}

#[test]
fn only_this_machines_names_and_pages_may_ask() {
    check(
        &[
            ("127.0.0.1:8080", None),
            ("localhost:8080", Some("http://localhost:8080")),
            ("[::1]:8080", Some("http://[::1]:8080")),
            ("localhost:8080", Some("http://evil.example")),
            ("localhost:8080", Some("http://localhost:9999")),
            ("localhost:8080", Some("null")),
            ("evil.example:8080", None),
            ("localhost.evil.example", None),
        ],
        expect![[r#"
            127.0.0.1:8080 from -: ok, opened ok
            localhost:8080 from http://localhost:8080: ok, opened ok
            [::1]:8080 from http://[::1]:8080: ok, opened ok
            localhost:8080 from http://evil.example: foreign-origin, opened foreign-origin
            localhost:8080 from http://localhost:9999: foreign-origin, opened foreign-origin
            localhost:8080 from null: foreign-origin, opened foreign-origin
            evil.example:8080 from -: foreign-host, opened ok
            localhost.evil.example from -: foreign-host, opened ok
        "#]],
    );
}
