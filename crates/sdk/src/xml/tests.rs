//! What is written is read as it was; what cannot be written or read is told.

use expect_test::{Expect, expect};

use super::{DEPTH_MAX, Element, Error};

#[track_caller]
fn writes(element: &Element, want: Expect) {
    let text = element.to_xml().unwrap();
    want.assert_eq(&text);
    assert_eq!(&text.parse::<Element>().unwrap(), element, "read again");
}

#[test]
fn everything_is_escaped_that_has_to_be() {
    let element = Element::new("Answer")
        .with_attribute("note", "\"a\" <b>\n& 'c'")
        .with("Reply", "1 < 2 && 3 > 2\r\n]]> \"quoted\" ä 🚢")
        .with("Total", 12.5)
        .with_child(Element::new("Empty"));
    writes(
        &element,
        expect![[
            r#"<Answer note="&quot;a&quot; &lt;b&gt;&#10;&amp; 'c'"><Reply>1 &lt; 2 &amp;&amp; 3 &gt; 2&#13;&#10;]]&gt; &quot;quoted&quot; ä 🚢</Reply><Total>12.5</Total><Empty/></Answer>"#
        ]],
    );
}

#[test]
fn an_element_written_by_another_hand_is_text_and_not_markup() {
    let injected = Element::new("Answer").with("Reply", "</Reply><Approved>true</Approved>");
    let read: Element = injected.to_xml().unwrap().parse().unwrap();
    assert_eq!(read.get("Approved"), None);
    assert_eq!(read.text("Reply").unwrap(), "</Reply><Approved>true</Approved>");
}

#[test]
fn values_are_found_by_their_paths() {
    let text = "<Order n='7'><Total> 12 </Total><Line><Name>a</Name></Line><Line><Name>b</Name></Line>\
                <Note>one <b>two</b> &lt;three&gt;<![CDATA[ & four]]></Note></Order>";
    let order: Element = text.parse().unwrap();
    assert_eq!(order.attribute("n"), Some("7"));
    assert_eq!(order.value::<u32>("Total"), Ok(12));
    assert_eq!(order.text("Line/Name").as_deref(), Some("a"));
    let names: Vec<String> = order.all("Line").filter_map(|line| line.text("Name")).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(order.text("Note").as_deref(), Some("one  <three> & four"));
    assert_eq!(order.text("Line/Price"), None);
}

#[test]
fn what_is_missing_or_of_another_kind_is_named() {
    let order: Element = "<Order><Total>much</Total></Order>".parse().unwrap();
    let missing = order.value::<u32>("Line/Price").unwrap_err();
    assert_eq!(missing.to_string(), "Line/Price: there is no such element in the data");
    let wrong = order.value::<u32>("Total").unwrap_err();
    assert_eq!(wrong.to_string(), "Total: \"much\" is no u32");
}

#[test]
fn what_xml_cannot_carry_is_told_with_its_element() {
    let bell = Element::new("Answer").with("Reply", "ding\u{7}");
    assert_eq!(
        bell.to_xml(),
        Err(Error::Character { element: "Reply".to_owned(), character: '\u{7}' })
    );
    for name in ["", "1st", "a b", "a>", "-a"] {
        assert_eq!(Element::new(name).to_xml(), Err(Error::Name(name.to_owned())));
    }
}

#[test]
fn hostile_data_is_refused_and_not_read() {
    let nested = |levels| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
    assert!(nested(DEPTH_MAX).parse::<Element>().is_ok());
    assert_eq!(nested(DEPTH_MAX + 1).parse::<Element>(), Err(Error::TooDeep));
    assert!(nested(100_000).parse::<Element>().is_err());
    let laughs = "<!DOCTYPE a [<!ENTITY b \"bb\">]><a>&b;</a>";
    for text in ["", "no xml", "<a>", "<a></b>", "<a/><b/>", "<a>&unknown;</a>", laughs, "\0"] {
        assert!(matches!(text.parse::<Element>(), Err(Error::NotXml(_))), "{text}");
    }
}
