//! Who is let through.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;

/// What both checks say to each header, `-` for none.
#[track_caller]
fn check(password: Option<&str>, headers: &[&str], want: Expect) {
    let credentials = Credentials::new(password.map(Secret::new).as_ref());
    let mut got = String::new();
    for text in headers {
        let mut headers = HeaderMap::new();
        if *text != "-" {
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
        }
        let show = |checked: Result<(), Failure>| match checked {
            Ok(()) => "passes".to_owned(),
            Err(failure) => failure.0.detail.clone(),
        };
        let (given, required) =
            (credentials.check_if_given(&headers), credentials.require(&headers));
        writeln!(got, "{text}\n  if given: {}\n  required: {}", show(given), show(required))
            .unwrap();
    }
    want.assert_eq(&got);
}

#[test]
fn only_the_right_password_opens_what_needs_one() {
    check(
        Some("YAWL"),
        &["-", "Basic YWRtaW46WUFXTA==", "Basic YWRtaW46d3Jvbmc=", "Bearer YWRtaW46WUFXTA==", ""],
        expect![[r#"
            -
              if given: passes
              required: this needs credentials; send basic authentication as admin, the password is set by YAWL_PASSWORD
            Basic YWRtaW46WUFXTA==
              if given: passes
              required: passes
            Basic YWRtaW46d3Jvbmc=
              if given: credentials do not match; the user is admin, the password is set by YAWL_PASSWORD
              required: credentials do not match; the user is admin, the password is set by YAWL_PASSWORD
            Bearer YWRtaW46WUFXTA==
              if given: credentials do not match; the user is admin, the password is set by YAWL_PASSWORD
              required: credentials do not match; the user is admin, the password is set by YAWL_PASSWORD

              if given: credentials do not match; the user is admin, the password is set by YAWL_PASSWORD
              required: credentials do not match; the user is admin, the password is set by YAWL_PASSWORD
        "#]],
    );
}

#[test]
fn without_a_password_nobody_gets_in() {
    check(
        None,
        &["-", "Basic YWRtaW46"],
        expect![[r#"
        -
          if given: passes
          required: this needs credentials and the server has none; start it with YAWL_PASSWORD and send basic authentication as admin
        Basic YWRtaW46
          if given: passes
          required: this needs credentials and the server has none; start it with YAWL_PASSWORD and send basic authentication as admin
    "#]],
    );
}
