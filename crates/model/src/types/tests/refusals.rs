//! Schemas, sequences and values that are refused, and texts that are anything at all.

use proptest::prelude::*;

use super::*;

#[test]
fn what_cannot_be_a_sequence_is_refused_with_a_remedy() {
    let table = ["a:Nothing", "a:string a:int", "1:string", "a&b:string", "nothing:<", "a:string"];
    let mut got = String::new();
    for fields in table {
        let answer = answers(ORDER, fields, "")
            .map_or_else(|error| refusal(&error), |_| "built\n".to_owned());
        write!(got, "{fields}: {answer}").unwrap();
    }
    expect![[r#"
        a:Nothing: refused [variable-type]: variable a has type Nothing, which nobody defines (define the type in the specification's schema, or use a built-in type)
        a:string a:int: refused [variable-name]: two variables of one sequence are named a (rename one of them)
        1:string: refused [variable-name]: "1" cannot be the name of a variable: it is not an XML name without colon (begin with a letter; use letters, digits, '-', '_' and '.')
        a&b:string: refused [variable-name]: "a&b" cannot be the name of a variable: it is not an XML name without colon (begin with a letter; use letters, digits, '-', '_' and '.')
        nothing:<: refused [variable-element]: variable nothing refers to the global element nothing, which the data schema does not define (define a global element of that name, or give the variable a type)
        a:string: built
    "#]].assert_eq(&got);
}

#[test]
fn what_is_no_schema_is_refused_with_its_place() {
    let table = [
        "<xs:element name='a' type='Nothing'/>",
        "<xs:element name='a'><xs:simpleType/></xs:element>",
        "\n  <xs:include schemaLocation='other.xsd'/>",
        "\n<xs:complexType name='a'>",
        "<xs:simpleType name='a'><xs:restriction base='xs:int'><xs:pattern value='('/></xs:restriction></xs:simpleType>",
    ];
    let mut got = String::new();
    for schema in table {
        let answer = answers(schema, "", "")
            .map_or_else(|error| refusal(&error), |_| "compiled\n".to_owned());
        got.push_str(&answer);
    }
    expect![[r#"
        refused [schema-invalid] at 1:56: the data schema does not compile: type Nothing is not defined (correct the schema element of the specification)
        refused [schema-invalid] at 1:77: the data schema does not compile: simpleType must contain one of <restriction>, <list>, or <union> (src-simple-type) (correct the schema element of the specification)
        refused [schema-elsewhere] at 2:3: xs:include of other.xsd at 2:3: a schema is never read from elsewhere (copy the definitions into the specification's own schema)
        refused [schema-xml] at 2:26: the data schema cannot be read (correct the schema element of the specification)
        refused [schema-invalid] at 1:56: the data schema does not compile: invalid pattern regex '(': invalid regular expression: Missing close paren (pattern-valid) (correct the schema element of the specification)
    "#]].assert_eq(&got);
}

#[test]
fn what_is_no_value_is_refused_without_reading_it() {
    let (types, id) = single("", "string");
    let deep = format!("<R>{}{}</R>", "<v>".repeat(300), "</v>".repeat(300));
    let table = [
        "",
        "text",
        "<R><v></R>",
        "<!DOCTYPE R [<!ENTITY a 'b'>]><R><v>&a;</v></R>",
        "<R><v>&a;</v></R>",
        &deep,
    ];
    let mut got = String::new();
    for text in table {
        for violation in types.validate(id, text).unwrap_err() {
            writeln!(got, "{violation}").unwrap();
        }
    }
    expect![[r#"
        xml: not well-formed (XML 1.0 §2.1 [1] document) at byte 0: the document has no root element
        xml: not well-formed (XML 1.0 §2.1 [1] document) at byte 0: character data outside the root element
        xml: not well-formed (XML 1.0 §3 [39] element, WFC: Element Type Match) at byte 6: the end tag '</R>' does not match the open element '<v>'
        xml: a document type declaration is not accepted; remove it
        xml: not well-formed (XML 1.0 §4.1, WFC: Entity Declared) at byte 6: the entity 'a' is not declared (only amp, lt, gt, apos and quot are: the readers process no DTD)
        xml: parse limit max_depth exceeded at byte 768: element depth 257, the limit is 256
    "#]].assert_eq(&got);
    let many = format!("<R><v>{}</v></R>", "<w/>".repeat(5_000));
    assert!(types.validate(id, &many).unwrap_err().len() <= compiled::VIOLATIONS_MAX + 1);
}

/// Markup in any order, most of it not well-formed or not valid.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<order>"),
        Just("</order>"),
        Just("<number>A123</number>"),
        Just("<line>"),
        Just("</line>"),
        Just("<item/>"),
        Just("<qty>1</qty>"),
        Just("<card>1</card>"),
        Just("<invoice/>"),
        Just("<invoice a='1'>"),
        Just("text"),
        Just("&amp;"),
        Just("&#0;"),
        Just("<![CDATA[x]]>"),
        Just("<!-- c -->"),
        Just("<?p i?>"),
        Just("<x:y xmlns:x='urn:z'/>"),
        Just(" xsi:type='Order'"),
        Just("<"),
        Just(">"),
        Just("]]>"),
        Just("\u{0}"),
        Just("<e xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='T' xsi:nil='1'/>"),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_validation_panic(markup in markup(), text in "\\PC*") {
        thread_local! {
            static TYPES: (Types, SequenceId) = single(ORDER, "Order");
        }
        TYPES.with(|(types, id)| {
            for value in [format!("<R><v>{markup}</v></R>"), format!("<R>{markup}</R>"), markup.clone(), text.clone()] {
                let _ = types.validate(*id, &value).map_err(|violations| assert!(!violations.is_empty()));
            }
        });
    }

    #[test]
    fn no_text_makes_a_schema_panic(text in "\\PC*", markup in markup()) {
        let _ = TypesBuilder::new(Some(&text)).and_then(TypesBuilder::build);
        let _ = TypesBuilder::new(Some(&format!("<xs:schema {XS}>{markup}</xs:schema>")));
    }
}
