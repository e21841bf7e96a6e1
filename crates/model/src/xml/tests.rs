//! The XML tree: what it keeps, what it drops, what it refuses.

use super::*;

#[track_caller]
fn round(text: &str, want: &str) {
    let got = parse(text).map_or_else(|error| format!("refused: {error}"), |e| e.to_string());
    assert_eq!(got, want);
}

#[test]
fn white_space_between_elements_is_dropped_and_all_else_is_kept() {
    round("<a>\n  <b> x </b>\n  <c>  </c></a>", "<a><b> x </b><c>  </c></a>");
    round("<a>one<b/>two</a>", "<a>one<b/>two</a>");
    round(
        "\u{feff}<a k='1\"&lt;'>&amp;&#13;<!-- c -->x</a>",
        "<a k=\"1&quot;&lt;\">&amp;&#xD;x</a>",
    );
}

#[test]
fn a_document_type_declaration_is_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bb\">]><a>&b;</a>";
    assert_eq!(parse(bomb), Err(Error::Dtd));
}

#[test]
fn deep_nesting_is_refused_before_it_is_parsed() {
    let deep = "<a>".repeat(100_000);
    assert_eq!(parse(&deep), Err(Error::TooDeep));
    let wide = format!("<r>{}</r>", "<a/><b></b>".repeat(1000));
    assert!(parse(&wide).is_ok());
}

#[test]
fn a_tag_with_too_many_attributes_is_refused_before_it_is_parsed() {
    let attributes = |count: usize| (0..count).map(|at| format!(" a{at}='>'")).collect::<String>();
    assert!(parse(&format!("<r{}/>", attributes(ATTRIBUTES_MAX))).is_ok());
    assert_eq!(parse(&format!("<r{}/>", attributes(1_000_000))), Err(Error::TooManyAttributes));
}

#[test]
fn namespaces_are_counted_where_they_are_in_scope() {
    let declared =
        |count: usize| (0..count).map(|at| format!(" xmlns:n{at} = 'u{at}'")).collect::<String>();
    let siblings = format!("<a{}/>", declared(NAMESPACES_MAX)).repeat(100);
    assert!(parse(&format!("<r>{siblings}</r>")).is_ok());
    let nested = format!("<r{}><a xmlns='x'/></r>", declared(NAMESPACES_MAX));
    assert_eq!(parse(&nested), Err(Error::TooManyAttributes));
}

#[track_caller]
fn assert_compact(text: &str) {
    let slow = parse(text).map(|mut element| {
        element.strip_attributes();
        element.to_string()
    });
    assert_eq!(compact(text).map(Cow::into_owned), slow, "{text:?}");
}

#[test]
fn compact_text_is_what_the_tree_writes() {
    for text in [
        "<a/>",
        "<a></a>",
        "<a> </a>",
        "<a> <b/> </a>",
        "<a>x <b/> y</a>",
        "\u{feff}<a/>",
        "<a k='1'><b n='2'/></a>",
        "<p:a xmlns:p='u'/>",
        "<a>&#65;&quot;&apos;></a>",
        "<a>]]></a>",
        "<a>\r\n<b/></a>",
        "<a>x\r\ny</a>",
        "<a><b></a></b>",
        "<a/><b/>",
        "",
        "x",
        "<a>\u{1}</a>",
        "<a>\u{ffff}</a>",
        "<a>&#xD;<b/></a>",
        "<a>\u{2003}<b/></a>",
        "<ä>ö</ä>",
    ] {
        assert_compact(text);
    }
}

proptest::proptest! {
    #[test]
    fn compact_text_of_any_markup_is_what_the_tree_writes(parts in proptest::collection::vec(
        proptest::prop_oneof![
            "<a>", "</a>", "<b/>", "<b>", "</b>", "<a><b>", "</b></a>", " ", "\n", "x", "&lt;", "&quot;", "&#xD;", "[<>/&;a ü]",
        ],
        0..16,
    )) {
        assert_compact(&format!("<r>{}</r>", parts.concat()));
        assert_compact(&parts.concat());
    }
}
