//! What is a valid value, what is refused, and how it is said.

mod acceptance;
mod refusals;
mod samples;

use std::{fmt::Write as _, thread};

use expect_test::{Expect, expect};

use super::*;

const XS: &str = "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";

fn named(name: &str) -> TypeRef {
    TypeRef::Named { name: name.to_owned(), namespace: None }
}

/// Builds a sequence from `fields` (`name: type`, `name?: type`, `name: *` untyped, `name: <` element) and checks
/// each line of `values`, the content of an element `R`.
#[track_caller]
fn check(schema: &str, fields: &str, values: &str, want: Expect) {
    want.assert_eq(&answers(schema, fields, values).unwrap_or_else(|error| refusal(&error)));
}

fn refusal(error: &TypeError) -> String {
    let place = error.position().map(|position| format!(" at {position}")).unwrap_or_default();
    format!("refused [{}]{place}: {error} ({})\n", error.rule(), error.remedy())
}

fn answers(schema: &str, fields: &str, values: &str) -> Result<String, TypeError> {
    let schema = (!schema.is_empty()).then(|| format!("<xs:schema {XS}>{schema}</xs:schema>"));
    let mut builder = TypesBuilder::new(schema.as_deref())?;
    let id = add(&mut builder, fields)?;
    let types = builder.build()?;
    let mut got = String::new();
    for line in values.lines().map(str::trim).filter(|line| !line.is_empty()) {
        write!(got, "{line}:").unwrap();
        match types.validate(id, &format!("<R>{line}</R>")) {
            Ok(()) => got.push_str(" valid\n"),
            Err(violations) => {
                got.push('\n');
                for violation in violations {
                    writeln!(got, "  {violation} {:?}", violation.value).unwrap();
                }
            }
        }
    }
    Ok(got)
}

fn add(builder: &mut TypesBuilder, fields: &str) -> Result<SequenceId, TypeError> {
    let fields: Vec<(&str, TypeRef, bool)> = fields
        .split_whitespace()
        .map(|field| {
            let (name, type_name) = field.split_once(':').unwrap();
            let optional = name.ends_with('?');
            let name = name.trim_end_matches('?');
            let type_ref = match type_name {
                "*" => TypeRef::Untyped,
                "<" => TypeRef::Element(name.to_owned()),
                type_name => named(type_name),
            };
            (name, type_ref, optional)
        })
        .collect();
    let fields: Vec<Field<'_>> = fields
        .iter()
        .map(|(name, type_ref, optional)| Field { name, type_ref, optional: *optional })
        .collect();
    builder.sequence(&fields)
}

#[test]
fn a_sequence_is_strict_in_order_and_completeness() {
    check(
        "",
        "a:string b?:integer c:boolean",
        "<a/><b>1</b><c>true</c>
         <a>x</a><c>0</c>
         <a/> <b>1</b> <c>1</c>
         <b>1</b><a/><c>true</c>
         <a/><b>one</b><c>yes</c><d/>
         <a/><b/>
         text",
        expect![[r#"
            <a/><b>1</b><c>true</c>: valid
            <a>x</a><c>0</c>: valid
            <a/> <b>1</b> <c>1</c>: valid
            <b>1</b><a/><c>true</c>:
              /R/b: cvc-complex-type.2.4: the element is not allowed here: a is expected "1"
            <a/><b>one</b><c>yes</c><d/>:
              /R/b: cvc-datatype-valid: Invalid integer value 'one': invalid digit found in string "one"
              /R/c: cvc-datatype-valid: Invalid boolean value 'yes': Expected 'true', 'false', '1', or '0' "yes"
              /R/d: cvc-complex-type.2.4: the element is not allowed here: nothing more is expected ""
            <a/><b/>:
              /R/b: cvc-datatype-valid: Invalid integer value '': cannot parse integer from empty string ""
              /R: cvc-complex-type.2.4: the element is incomplete: c is expected ""
            text:
              /R: cvc-complex-type.2.3: Element 'R' has element-only content but non-whitespace text was found "text"
              /R: cvc-complex-type.2.4: the element is incomplete: a is expected "text"
        "#]],
    );
}

/// Checks texts of one type alone: those of `good` are valid, those of `bad` are not.
#[track_caller]
fn check_texts(schema: &str, type_name: &str, good: &[&str], bad: &[&str]) {
    let (types, id) = single(schema, type_name);
    for (texts, want) in [(good, true), (bad, false)] {
        for text in texts {
            let answer = types.validate(id, &format!("<R><v>{text}</v></R>"));
            assert_eq!(answer.is_ok(), want, "{type_name} {text:?}: {answer:?}");
        }
    }
}

fn single(schema: &str, type_name: &str) -> (Types, SequenceId) {
    let schema = format!("<xs:schema {XS}>{schema}</xs:schema>");
    let mut builder = TypesBuilder::new(Some(&schema)).unwrap();
    let id = add(&mut builder, &format!("v:{type_name}")).unwrap();
    (builder.build().unwrap(), id)
}

#[test]
fn built_in_types_take_what_xml_schema_says() {
    let table: [(&str, &[&str], &[&str]); 27] = [
        ("string", &["", " ", "a\nb", "ü"], &["<x/>"]),
        ("normalizedString", &["", "a  b"], &["<x/>"]),
        ("token", &["", " a "], &["<x/>"]),
        ("boolean", &["true", "false", "1", "0", " 1 "], &["", "TRUE", "yes", "2"]),
        (
            "integer",
            &["0", "-7", "+7", "007", "123456789012345678901234567890"],
            &["", "1.0", "1e3", "a", "1 2"],
        ),
        ("long", &["9223372036854775807"], &["9223372036854775808", ""]),
        ("int", &["2147483647", "-2147483648"], &["2147483648"]),
        ("short", &["32767"], &["32768"]),
        ("byte", &["-128"], &["128"]),
        ("nonNegativeInteger", &["0"], &["-1"]),
        ("positiveInteger", &["1"], &["0"]),
        ("nonPositiveInteger", &["0", "-1"], &["1"]),
        ("negativeInteger", &["-1"], &["0"]),
        ("unsignedByte", &["255"], &["256", "-1"]),
        ("decimal", &["1", "-1.50", ".5", "5.", "+0"], &["", "1e3", "INF", "."]),
        ("double", &["1", "1e3", "-.5E-3", "INF", "-INF", "NaN"], &["", "inf", "+INF", "1,5"]),
        ("float", &["3.4e38"], &["abc"]),
        (
            "date",
            &["2026-02-28", "2024-02-29", "2026-01-01Z", "2026-01-01+10:00"],
            &["", "2026-02-29", "26-1-1", "01.02.2026"],
        ),
        ("time", &["00:00:00", "23:59:59.999", "12:00:00Z"], &["", "25:00:00", "12:00"]),
        (
            "dateTime",
            &["2026-01-01T00:00:00", "2026-01-01T00:00:00.5-05:00"],
            &["", "2026-01-01", "2026-01-01 00:00:00"],
        ),
        ("duration", &["P1D", "PT36H", "-P1Y2M3DT4H5M6.7S", "P0D"], &["", "1D", "P", "PT", "P1H"]),
        ("gYear", &["2026", "-0044"], &["26", "0000"]),
        ("anyURI", &["http://example.org/a", "a b", ""], &["<x/>"]),
        ("NMTOKEN", &["a-1", "1a"], &["", "a b"]),
        ("NCName", &["a-1"], &["", "1a", "a:b"]),
        ("hexBinary", &["", "0aFF"], &["0", "0g"]),
        ("base64Binary", &["", "YWJj", "YQ=="], &["a", "!!!!"]),
    ];
    for (type_name, good, bad) in table {
        check_texts("", type_name, good, bad);
    }
}

#[test]
fn facets_bound_a_type() {
    let derived = |base: &str, facets: &str| {
        format!(
            "<xs:simpleType name='T'><xs:restriction base='xs:{base}'>{facets}</xs:restriction></xs:simpleType>"
        )
    };
    let table: [(&str, &str, &[&str], &[&str]); 13] = [
        (
            "string",
            "<xs:enumeration value='a'/><xs:enumeration value=''/>",
            &["a", ""],
            &["b", "A", " a"],
        ),
        (
            "integer",
            "<xs:minInclusive value='1'/><xs:maxInclusive value='3'/>",
            &["1", "3", "03"],
            &["0", "4", ""],
        ),
        (
            "integer",
            "<xs:minExclusive value='1'/><xs:maxExclusive value='3'/>",
            &["2"],
            &["1", "3"],
        ),
        (
            "decimal",
            "<xs:totalDigits value='4'/><xs:fractionDigits value='2'/>",
            &["99.99", "1.500"],
            &["123.45", "1.234"],
        ),
        ("double", "<xs:minInclusive value='0'/>", &["0", "1e9", "INF"], &["-1", "NaN"]),
        ("string", "<xs:length value='2'/>", &["ab", "äö"], &["a", "abc"]),
        ("string", "<xs:minLength value='1'/><xs:maxLength value='2'/>", &["a", " "], &["", "abc"]),
        ("string", "<xs:pattern value='[A-Z]{2}\\d+'/>", &["AB1"], &["ab1", "AB", "xAB1"]),
        ("string", "<xs:pattern value='a'/><xs:pattern value='b'/>", &["a", "b"], &["ab", "^a$"]),
        (
            "token",
            "<xs:whiteSpace value='collapse'/><xs:length value='3'/>",
            &["a b", " a  b "],
            &["ab"],
        ),
        ("date", "<xs:minInclusive value='2026-01-01'/>", &["2026-01-01"], &["2025-12-31"]),
        ("duration", "<xs:maxInclusive value='P1D'/>", &["PT24H", "PT1S"], &["PT25H", "P1M"]),
        ("hexBinary", "<xs:length value='2'/>", &["00FF"], &["00"]),
    ];
    for (base, facets, good, bad) in table {
        check_texts(&derived(base, facets), "T", good, bad);
    }
    let list = "<xs:simpleType name='T'><xs:restriction><xs:simpleType><xs:list itemType='xs:int'/></xs:simpleType>\
                <xs:maxLength value='2'/></xs:restriction></xs:simpleType>";
    check_texts(list, "T", &["", "1", " 1 2 "], &["1 2 3", "a"]);
    let union =
        "<xs:simpleType name='T'><xs:union memberTypes='xs:int xs:boolean'/></xs:simpleType>";
    check_texts(union, "T", &["7", "true"], &["maybe", ""]);
}

/// What the published specifications use, in one schema.
const ORDER: &str = "
    <xs:complexType name='Order'><xs:sequence>
      <xs:element name='number' type='Code'/>
      <xs:element name='note' type='xs:string' minOccurs='0'/>
      <xs:element name='line' type='Line' maxOccurs='unbounded'/>
      <xs:choice><xs:element name='card' type='xs:long'/><xs:element name='invoice' type='Empty'/></xs:choice>
    </xs:sequence></xs:complexType>
    <xs:complexType name='Line'><xs:all>
      <xs:element name='item' type='xs:string'/><xs:element name='qty' type='xs:positiveInteger' minOccurs='0'/>
    </xs:all></xs:complexType>
    <xs:simpleType name='Code'><xs:restriction base='xs:string'>
      <xs:pattern value='[A-Z]\\d{3}'/></xs:restriction></xs:simpleType>
    <xs:complexType name='Empty'/>
    <xs:complexType name='Tree'><xs:sequence>
      <xs:element name='leaf' type='xs:string' nillable='true'/>
      <xs:element name='tree' type='Tree' minOccurs='0' maxOccurs='2'/>
    </xs:sequence></xs:complexType>
    <xs:element name='order' type='Order'/>
    <xs:element name='count' type='xs:int'/>";

#[test]
fn every_violation_is_reported_with_its_place() {
    check(
        ORDER,
        "order:Order",
        "<order><number>A123</number><line><qty>1</qty><item/></line><card>1</card></order>
         <order><number>a1</number><note/><line><item/><qty>0</qty></line><line><qty>x</qty></line><line/><card/></order>
         <order><number>A123</number><line><item/></line><invoice/></order>
         <order><number>A123</number><line><item/></line><cash/></order>
         <order><number>A123</number><line><item/></line></order>
         <order><number>A123</number><line kind='x'><item/></line><invoice>text</invoice></order>
         <order xmlns='urn:x'/>",
        expect![[r#"
            <order><number>A123</number><line><qty>1</qty><item/></line><card>1</card></order>: valid
            <order><number>a1</number><note/><line><item/><qty>0</qty></line><line><qty>x</qty></line><line/><card/></order>:
              /R/order/number: cvc-pattern-valid: pattern constraint violation: value 'a1' does not match pattern '[A-Z]\d{3}' "a1"
              /R/order/line[1]/qty: cvc-datatype-valid: Value '0' out of range for type positiveInteger "0"
              /R/order/line[2]/qty: cvc-datatype-valid: Invalid positiveInteger value 'x': invalid digit found in string "x"
              /R/order/line[2]: cvc-complex-type.2.4: the element is incomplete: item is expected ""
              /R/order/line[3]: cvc-complex-type.2.4: the element is incomplete: one of item, qty is expected ""
              /R/order/card: cvc-datatype-valid: Invalid long value '': cannot parse integer from empty string ""
            <order><number>A123</number><line><item/></line><invoice/></order>: valid
            <order><number>A123</number><line><item/></line><cash/></order>:
              /R/order/cash: cvc-complex-type.2.4: the element is not allowed here: one of line, card, invoice is expected ""
            <order><number>A123</number><line><item/></line></order>:
              /R/order: cvc-complex-type.2.4: the element is incomplete: one of line, card, invoice is expected ""
            <order><number>A123</number><line kind='x'><item/></line><invoice>text</invoice></order>:
              /R/order/line/@kind: cvc-complex-type.3.2.2: Attribute 'kind' is not allowed for this element "x"
              /R/order/invoice: cvc-complex-type.2.1: Element 'invoice' has empty content type but text was found "text"
            <order xmlns='urn:x'/>:
              /R/order: cvc-complex-type.2.4: the element is not allowed here: order is expected ""
        "#]],
    );
}

#[test]
fn a_recursive_type_takes_any_depth() {
    check(
        ORDER,
        "t:Tree",
        "<t><leaf/><tree><leaf/><tree><leaf>x</leaf></tree></tree></t>
         <t><leaf/><tree><leaf/><tree/></tree></t>
         <t><leaf xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'/></t>",
        expect![[r#"
            <t><leaf/><tree><leaf/><tree><leaf>x</leaf></tree></tree></t>: valid
            <t><leaf/><tree><leaf/><tree/></tree></t>:
              /R/t/tree/tree: cvc-complex-type.2.4: the element is incomplete: leaf is expected ""
            <t><leaf xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'/></t>: valid
        "#]],
    );
}

#[test]
fn a_variable_may_be_a_global_element_or_have_any_content() {
    check(
        ORDER,
        "count:< u:* v?:*",
        "<count>1</count><u/>
         <count>1</count><u a='1'>x<y xmlns='urn:z' b='2'>1</y><order/></u><v/>
         <count>x</count><u/>
         <u/>",
        expect![[r#"
            <count>1</count><u/>: valid
            <count>1</count><u a='1'>x<y xmlns='urn:z' b='2'>1</y><order/></u><v/>: valid
            <count>x</count><u/>:
              /R/count: cvc-datatype-valid: Invalid int value 'x': invalid digit found in string "x"
            <u/>:
              /R/u: cvc-complex-type.2.4: the element is not allowed here: count is expected ""
        "#]],
    );
}

#[test]
fn yawl_types_need_no_definition() {
    check(
        "",
        "t?:YTimerType d?:YDocumentType l?:YStringListType m?:YGeoMarkerType p?:YGeoPolygonListType",
        "<t><trigger>OnEnabled</trigger><expiry>P1D</expiry></t>
         <t><trigger>OnEnabled</trigger><expiry>P1D</expiry><workdays>true</workdays></t>
         <t><trigger>Never</trigger><expiry/></t>
         <d><name>a.pdf</name></d>
         <d><id>12</id><name>a.pdf</name></d>
         <d><id/><name/></d>
         <l/>
         <l><item/><item>b</item></l>
         <m><label>here</label><point><latitude>-27.5</latitude><longitude>153</longitude></point></m>
         <m><point><latitude>91</latitude><longitude>-181</longitude></point></m>
         <p><polygon><vertex><latitude>1</latitude><longitude>1</longitude></vertex></polygon></p>",
        expect![[r#"
            <t><trigger>OnEnabled</trigger><expiry>P1D</expiry></t>: valid
            <t><trigger>OnEnabled</trigger><expiry>P1D</expiry><workdays>true</workdays></t>: valid
            <t><trigger>Never</trigger><expiry/></t>:
              /R/t/trigger: cvc-enumeration-valid: enumeration constraint violation: value 'Never' is not in the allowed set "Never"
            <d><name>a.pdf</name></d>: valid
            <d><id>12</id><name>a.pdf</name></d>: valid
            <d><id/><name/></d>:
              /R/d/id: cvc-datatype-valid: Invalid long value '': cannot parse integer from empty string ""
            <l/>: valid
            <l><item/><item>b</item></l>: valid
            <m><label>here</label><point><latitude>-27.5</latitude><longitude>153</longitude></point></m>: valid
            <m><point><latitude>91</latitude><longitude>-181</longitude></point></m>:
              /R/m/point/latitude: cvc-maxInclusive-valid: maxInclusive constraint violation: value '91' is greater than maximum '90' "91"
              /R/m/point/longitude: cvc-minInclusive-valid: minInclusive constraint violation: value '-181' is less than minimum '-180' "-181"
            <p><polygon><vertex><latitude>1</latitude><longitude>1</longitude></vertex></polygon></p>:
              /R/p/polygon: cvc-complex-type.2.4: the element is incomplete: vertex is expected ""
        "#]],
    );
}

#[test]
fn a_schema_may_use_the_types_of_yawl_by_prefix_or_bare() {
    let with_type = |type_name: &str| {
        format!(
            "<xs:complexType name='T'><xs:sequence><xs:element name='d' type='{type_name}'/>\
             </xs:sequence></xs:complexType>"
        )
    };
    for type_name in ["yawl:YDocumentType", "YDocumentType"] {
        let good = ["<d><name>a</name></d>"];
        check_texts(&with_type(type_name), "T", &good, &["<d/>"]);
    }
}

#[test]
fn xml_schema_may_be_the_default_namespace_and_the_target_namespace_any() {
    let default = "<schema xmlns='http://www.w3.org/2001/XMLSchema'><complexType name='L'><sequence>
        <element maxOccurs='unbounded' name='bob' type='string'/></sequence></complexType></schema>";
    let unqualified = "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:t' xmlns='urn:t'>
        <x:complexType name='L'><x:sequence><x:element name='bob' type='B'/></x:sequence></x:complexType>
        <x:simpleType name='B'><x:restriction base='x:string'/></x:simpleType></x:schema>";
    let qualified =
        unqualified.replace("targetNamespace", "elementFormDefault='qualified' targetNamespace");
    let table = [
        (default, "<v><bob/><bob/></v>", "<v/>"),
        (unqualified, "<v><bob/></v>", "<v><bob xmlns='urn:t'/></v>"),
        (&qualified, "<v><bob xmlns='urn:t'/></v>", "<v><bob/></v>"),
    ];
    for (schema, good, bad) in table {
        let mut builder = TypesBuilder::new(Some(schema)).unwrap();
        let id = add(&mut builder, "v:L").unwrap();
        let types = builder.build().unwrap();
        assert_eq!(types.validate(id, &format!("<R>{good}</R>")), Ok(()), "{schema}");
        assert!(types.validate(id, &format!("<R>{bad}</R>")).is_err(), "{schema}");
    }
}

#[test]
fn the_same_fields_give_the_same_sequence() {
    let mut builder = TypesBuilder::new(None).unwrap();
    let first = add(&mut builder, "a:string b:int").unwrap();
    let other = add(&mut builder, "b:int a:string").unwrap();
    assert_eq!(add(&mut builder, "a:string b:int").unwrap(), first);
    assert_ne!(first, other);
    let empty = add(&mut builder, "").unwrap();
    let types = builder.build().unwrap();
    assert_eq!(types.validate(empty, "<R> </R>"), Ok(()));
    assert_eq!(types.validate(empty, "<R/>"), Ok(()));
    assert!(types.validate(empty, "<R><a/></R>").is_err());
    assert!(types.validate(other, "<R><a/><b>1</b></R>").is_err());
}

#[test]
fn a_type_is_known_by_its_name_alone() {
    let builder = TypesBuilder::new(Some(&format!("<xs:schema {XS}>{ORDER}</xs:schema>"))).unwrap();
    let named = |name: &str, namespace: Option<&str>| TypeRef::Named {
        name: name.to_owned(),
        namespace: namespace.map(str::to_owned),
    };
    for name in ["string", "anyType", "YTimerType", "Order", "Code"] {
        assert!(builder.knows(&named(name, None)), "{name}");
        assert!(builder.knows(&named(name, Some(XML_SCHEMA))), "{name}");
    }
    assert!(!builder.knows(&named("order", None)));
    assert!(builder.knows(&TypeRef::Element("order".to_owned())));
    assert!(!builder.knows(&TypeRef::Element("Order".to_owned())));
    assert!(builder.knows(&TypeRef::Untyped));
    assert!(
        is_built_in(&named("NMTOKEN", None)) && !is_built_in(&named("Order", Some(XML_SCHEMA)))
    );
    let types = builder.build().unwrap();
    assert!(types.is_empty_complex(&named("Empty", None)));
    for name in ["Order", "Code", "string", "YTimerType", "Nothing"] {
        assert!(!types.is_empty_complex(&named(name, None)), "{name}");
    }
}

#[test]
fn threads_share_types_and_more_types_than_a_thread_keeps_still_work() {
    let all: Vec<(Types, SequenceId)> = (0..70)
        .map(|number| {
            let schema = format!(
                "<xs:simpleType name='T'><xs:restriction base='xs:int'><xs:minInclusive value='{number}'/>\
                 </xs:restriction></xs:simpleType>"
            );
            single(&schema, "T")
        })
        .collect();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for (number, (types, id)) in all.iter().enumerate().chain(all.iter().enumerate()) {
                    assert_eq!(types.validate(*id, &format!("<R><v>{number}</v></R>")), Ok(()));
                    let less = format!("<R><v>{}</v></R>", number as i32 - 1);
                    assert!(types.validate(*id, &less).is_err());
                }
            });
        }
    });
}

#[test]
fn names_out_of_values_do_not_pile_up() {
    let (types, id) = single("", "anyType");
    for round in 0..40 {
        let names: String =
            (0..2_000).map(|name| format!("<name-{round}-{name}{}/>", "x".repeat(200))).collect();
        assert_eq!(types.validate(id, &format!("<R><v>{names}</v></R>")), Ok(()));
        compiled::with(&types.source, |compiled| assert!(compiled.names_grown() < 8 << 20));
    }
}
