//! Which expressions hold, and which are none.

use std::fmt::Write as _;

use expect_test::expect;
use proptest::prelude::*;

use super::{BYTES_MAX, DEPTH_MAX, Expression, Invalid};

/// Whether the expression holds for somebody who has `a` and `Master's in law`; `$who` is `a`.
fn holds(text: &str) -> Result<bool, Invalid> {
    let expression = Expression::read(text)?;
    let value = |name: &str| (name == "who").then(|| " a ".to_owned());
    Ok(expression.holds(&|name| ["a", "Master's in law"].contains(&name), &value))
}

#[test]
fn an_expression_is_taken_from_left_to_right() {
    let mut got = String::new();
    for text in [
        "a",
        " a ",
        "b",
        "Master's in law",
        "a & b",
        "a | b",
        "a | a & b",
        "a | (a & b)",
        "b & b | a",
        "!b",
        "!a",
        "!!a",
        "! (b | c) & a",
        "((a))",
        "a&(b|!c)",
        "$who",
        "!$nobody",
        "$nobody",
    ] {
        writeln!(got, "{text}: {}", holds(text).unwrap()).unwrap();
    }
    expect![[r#"
        a: true
         a : true
        b: false
        Master's in law: true
        a & b: false
        a | b: true
        a | a & b: false
        a | (a & b): true
        b & b | a: true
        !b: true
        !a: false
        !!a: true
        ! (b | c) & a: true
        ((a)): true
        a&(b|!c): true
        $who: true
        !$nobody: true
        $nobody: false
    "#]]
    .assert_eq(&got);
}

#[test]
fn what_is_no_expression_is_refused_with_the_reason() {
    let mut got = String::new();
    for text in ["", " ", "a &", "| a", "a !b", "(a", "a)", "()", "a (b)", "!", "$", "a && b"] {
        writeln!(got, "{text:?}: {}", holds(text).unwrap_err()).unwrap();
    }
    expect![[r#"
        "": a name is missing before the end
        " ": a name is missing before the end
        "a &": a name is missing before the end
        "| a": a name is missing before `|`
        "a !b": '!' stands where `&`, `|` or the end should be
        "(a": a bracket is not closed
        "a)": ')' stands where `&`, `|` or the end should be
        "()": a name is missing before `)`
        "a (b)": '(' stands where `&`, `|` or the end should be
        "!": a name is missing before the end
        "$": a name is missing before the end
        "a && b": a name is missing before `&`
    "#]]
    .assert_eq(&got);
}

#[test]
fn an_expression_has_limits() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(holds(&nested(DEPTH_MAX)), Ok(true));
    assert_eq!(holds(&nested(DEPTH_MAX + 1)), Err(Invalid::TooDeep));
    assert_eq!(holds(&"a".repeat(BYTES_MAX + 1)), Err(Invalid::TooLong));
    assert_eq!(
        holds(&"!".repeat(BYTES_MAX - 1)),
        Err(Invalid::NameMissing { before: "the end".into() })
    );
}

/// An expression in brackets everywhere, with what it means.
fn expressions() -> impl Strategy<Value = (String, bool)> {
    let leaf = prop_oneof![Just(("a".to_owned(), true)), Just(("b".to_owned(), false))];
    leaf.prop_recursive(4, 40, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|((l, x), (r, y))| (format!("({l} & {r})"), x && y)),
            pair.prop_map(|((l, x), (r, y))| (format!("({l} | {r})"), x || y)),
            inner.prop_map(|(text, holds)| (format!("!{text}"), !holds)),
        ]
    })
}

proptest! {
    #[test]
    fn brackets_mean_what_they_say((text, want) in expressions()) {
        prop_assert_eq!(holds(&text), Ok(want));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[ab&|!() $ü]{0,40}") {
        let _ = holds(&text);
    }
}
