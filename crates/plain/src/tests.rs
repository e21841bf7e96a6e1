//! What is plain, what it becomes, what a walk over it gives.

use std::borrow::Cow;

use proptest::prelude::*;

use crate::{Child, Children, Head, NotPlain, Token, Tokens, Walk, compact, resolve, string_value};

#[test]
fn tokens_stand_in_order() {
    let tokens: Result<Vec<_>, _> = Tokens::new("<a>x &lt; y<b/></a>").collect();
    let want = [Token::Start("a"), Token::Text("x &lt; y"), Token::Empty("b"), Token::End("a")];
    assert_eq!(tokens, Ok(want.to_vec()));
}

#[test]
fn what_is_expected_is_taken() {
    let mut tokens = Tokens::new("<a> \n<bc/>x &lt; y</a> z");
    assert_eq!(tokens.take_start("b"), None);
    assert_eq!(tokens.take_start("a"), Some(Token::Start("a")));
    assert!(tokens.take_space() && tokens.take_space());
    assert_eq!(tokens.take_start("b"), None);
    assert_eq!(tokens.take_text(), Ok(""));
    assert_eq!(tokens.take_start("bc"), Some(Token::Empty("bc")));
    assert!(!tokens.take_space());
    assert_eq!(tokens.take_text(), Ok("x &lt; y"));
    assert!(!tokens.take_end("b") && !tokens.take_end("aa") && tokens.take_end("a"));
    assert!(!tokens.take_space() && !tokens.take_end("a") && !tokens.is_at_end());
    assert_eq!(tokens.take_text(), Ok(" z"));
    assert!(tokens.take_space() && tokens.is_at_end());
    assert_eq!((tokens.take_text(), tokens.take_start("a")), (Ok(""), None));
    assert_eq!(Tokens::new("<a").take_start("a"), None);
    assert_eq!(Tokens::new("<a b=''/>").take_start("a"), None);
    assert_eq!(Tokens::new("x & y").take_text(), Err(NotPlain));
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

#[test]
fn a_walk_enters_what_is_not_passed() {
    let mut walk = Walk::of("<a>x<a><c/></a></a><b>y</b>z");
    assert_eq!(walk.head(), Some(Head::Start("a")));
    assert_eq!(walk.head(), Some(Head::Text("x")));
    assert_eq!(walk.head(), Some(Head::Start("a")));
    let (text, content) = ("<a><c/></a>", "<c/>");
    assert_eq!(walk.element("a"), Child::Element { name: "a", text, content });
    assert_eq!(walk.head(), None, "the end of the outer a");
    assert_eq!(walk.head(), Some(Head::Start("b")));
    assert_eq!(walk.skip(), "<a>x<a><c/></a></a><b>y".len());
    assert_eq!(walk.head(), Some(Head::Text("z")));
    assert_eq!(walk.head(), None);
}

#[test]
fn an_element_ends_at_its_own_end_tag() {
    for element in [
        "<a><a/><a>1</a><ba>2</ba></a>",
        "<a><ba>1</ba><a><a><x/></a></a><a-a/></a>",
        "<a>a&gt; &lt;/a&gt;<b/></a>",
        "<ö><b>ö</b><ö><ö/>ö</ö></ö>",
    ] {
        let text = format!("{element}<a/><a>3</a>");
        let Some(Child::Element { text, .. }) = Children::of(&text).next() else {
            panic!("{element}")
        };
        assert_eq!(text, element);
    }
}

/// A plain element of names that begin and end alike, at random.
fn element() -> impl Strategy<Value = String> {
    let name = || prop_oneof!["a", "aa", "ba", "a-a"];
    let leaf = (name(), prop_oneof!["", "a", "x &lt; a"])
        .prop_map(|(name, text)| format!("<{name}>{text}</{name}>"));
    leaf.prop_recursive(4, 24, 4, move |inner| {
        (name(), proptest::collection::vec(inner, 0..4))
            .prop_map(|(name, inner)| format!("<{name}>{}</{name}>", inner.concat()))
    })
}

/// Ends of the child elements, found tag by tag.
fn ends(content: &str) -> Vec<usize> {
    let (mut ends, mut depth, mut at) = (Vec::new(), 0, 0);
    for token in Tokens::new(content).map(Result::unwrap) {
        at += match token {
            Token::Start(name) => name.len() + "<>".len(),
            Token::Empty(name) | Token::End(name) => name.len() + "</>".len(),
            Token::Text(text) => text.len(),
        };
        match token {
            Token::Start(_) => depth += 1,
            Token::End(_) => depth -= 1,
            Token::Empty(_) | Token::Text(_) => {}
        }
        if depth == 0 && !matches!(token, Token::Text(_)) {
            ends.push(at);
        }
    }
    ends
}

proptest! {
    /// To skip by name and to read every tag come to the same.
    #[test]
    fn elements_end_where_their_tags_say(elements in proptest::collection::vec(element(), 0..4)) {
        let root = format!("<r>{}</r>", elements.concat());
        let root = compact(&root).unwrap();
        let Child::Element { content, .. } = Child::of_element(&root) else { panic!("{root}") };
        let mut walked = Vec::new();
        for child in Children::of(content) {
            let Child::Element { text, .. } = child else { panic!("{content}") };
            walked.push(walked.last().copied().unwrap_or(0) + text.len());
        }
        prop_assert_eq!(walked, ends(content));
    }

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
