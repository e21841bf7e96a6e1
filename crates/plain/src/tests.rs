//! What is plain, what it becomes, what a walk over it gives.

use std::borrow::Cow;

use proptest::prelude::*;

use crate::{Child, Children, NotPlain, Token, Tokens, compact, resolve, string_value};

#[test]
fn tokens_stand_in_order() {
    let tokens: Result<Vec<_>, _> = Tokens::new("<a>x &lt; y<b/></a>").collect();
    let want = [Token::Start("a"), Token::Text("x &lt; y"), Token::Empty("b"), Token::End("a")];
    assert_eq!(tokens, Ok(want.to_vec()));
}

#[test]
fn what_is_more_than_elements_and_text_is_not_plain() {
    for text in [
        "<a b='1'/>",
        "<a >",
        "<a/ >",
        "<a:b/>",
        "<ä/>",
        "<1/>",
        "<-a/>",
        "<!--c-->",
        "<![CDATA[x]]>",
        "<?p?>",
        "<!DOCTYPE a>",
        "<",
        "<a",
        "</",
        "</a",
        "<a/",
        "&nbsp;",
        "&#65;",
        "&",
        "&lt",
        "a > b",
        "]]>",
        "\r",
        "\u{0}",
        "\u{1b}",
        "\u{fffe}",
        "\u{ffff}",
        "</a/>",
        "< a>",
    ] {
        let tokens: Result<Vec<_>, NotPlain> = Tokens::new(text).collect();
        assert_eq!(tokens, Err(NotPlain), "{text:?}");
    }
    for text in ["\u{ffee}", "\u{fffd}", "ü€😀", "\t\n", "\"'", "\u{7f}"] {
        assert_eq!(Tokens::new(text).next(), Some(Ok(Token::Text(text))), "{text:?}");
    }
}

#[test]
fn references_are_resolved() {
    assert_eq!(resolve("none"), Cow::Borrowed("none"));
    assert_eq!(resolve("a&lt;b&amp;&gt;&quot;&apos;&#xD;c"), "a<b&>\"'\rc");
}

#[test]
fn compact_text_is_borrowed() {
    for text in ["<a/>", "<a><b>x &amp; y</b><c/> t <d> </d></a>", "<a>\n</a>"] {
        assert!(matches!(compact(text), Some(Cow::Borrowed(same)) if same == text), "{text}");
    }
    assert!(matches!(compact(" <a/>\n"), Some(Cow::Borrowed("<a/>"))));
}

#[test]
fn other_plain_text_is_made_compact() {
    for (text, want) in [
        ("<a></a>", "<a/>"),
        ("<a>\n  <b> </b>\n  <c></c>\n</a>\n", "<a><b> </b><c/></a>"),
        ("<a> x <b/> </a>", "<a> x <b/></a>"),
        ("<a>&quot;x&apos;&lt;&quot;</a>", "<a>\"x'&lt;\"</a>"),
        ("<a>\u{a0}<b/></a>", "<a><b/></a>"),
    ] {
        assert_eq!(compact(text).as_deref(), Some(want), "{text}");
    }
}

#[test]
fn what_is_not_one_plain_element_is_left_to_a_parser() {
    for text in [
        "",
        "x",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a>",
        "</a>",
        "<a></b>",
        "<a><b></a></b>",
        "<a/></a>",
        "<a>&#xD;</a>",
    ] {
        assert_eq!(compact(text), None, "{text}");
    }
    let deep = |depth: usize| "<a>".repeat(depth) + "x" + &"</a>".repeat(depth);
    assert!(compact(&deep(128)).is_some());
    assert!(compact(&deep(129)).is_none());
}

#[test]
fn children_are_walked_over() {
    let children: Vec<_> = Children::of("x<a/><b><b>1</b><c/></b>y").collect();
    let element = |name, text, content| Child::Element { name, text, content };
    let want = [
        Child::Text("x"),
        element("a", "<a/>", ""),
        element("b", "<b><b>1</b><c/></b>", "<b>1</b><c/>"),
        Child::Text("y"),
    ];
    assert_eq!(children, want);
    assert_eq!(Child::of_element("<b><b>1</b><c/></b>"), want[2]);
    assert_eq!(Child::of_element("<a/>"), want[1]);
    assert_eq!(string_value("x<b><b>1&lt;</b><c/></b>y"), "x1<y");
}

proptest! {
    /// Markup in any order: nothing panics, everything ends, and compact text stays as it is.
    #[test]
    fn any_text_is_survived(parts in proptest::collection::vec(
        prop_oneof!["<a>", "</a>", "<b/>", "<b>", "</b>", " ", "x", "&lt;", "&quot;", "[<>/&;a ü]"], 0..24,
    )) {
        let text = parts.concat();
        let _ = Children::of(&text).count();
        let _ = (string_value(&text), Child::of_element(&text));
        let _ = resolve(&text);
        if let Some(once) = compact(&text) {
            prop_assert!(matches!(compact(&once), Some(Cow::Borrowed(same)) if same == once));
        }
    }
}
