//! Reading: what comes out of a document, and what is said about a bad one.

use expect_test::{Expect, expect};

use super::{read, read_bytes};
use crate::specification::{
    Decomposition, Expiry, Gateway, Net, SchemaVersion, Specification, SpecificationSet, Timer,
    TypeRef, Variable,
};

const BETA: &str = "http://www.citi.qut.edu.au/yawl";

/// A document of schema 4.0 with these decompositions after the root net's.
fn document(more: &str) -> String {
    document_of("4.0", more)
}

fn document_of(version: &str, more: &str) -> String {
    format!(
        r#"<specificationSet xmlns="http://www.yawlfoundation.org/yawlschema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="{version}"><specification uri="u">
<metaData><version>1.2</version></metaData>
<decomposition id="N" isRootNet="true" xsi:type="NetFactsType"><processControlElements>
<inputCondition id="i"><flowsInto><nextElementRef id="T"/></flowsInto></inputCondition>
<task id="T"><flowsInto><nextElementRef id="o"/></flowsInto><join code="xor"/><split code="and"/></task>
<outputCondition id="o"/></processControlElements></decomposition>
{more}
</specification></specificationSet>"#
    )
}

fn gateway_document(content: &str) -> String {
    document(&format!(
        "<decomposition id='G' xsi:type='WebServiceGatewayFactsType'>{content}</decomposition>"
    ))
}

/// A net whose only task is this.
fn task_document(task: &str) -> String {
    document(&format!(
        "<decomposition id='M' xsi:type='NetFactsType'><processControlElements>\
         <inputCondition id='i'><flowsInto><nextElementRef id='T'/></flowsInto></inputCondition>\
         {task}<outputCondition id='o'/></processControlElements></decomposition>"
    ))
}

#[track_caller]
fn accepted(text: &str) -> SpecificationSet {
    read(text).unwrap_or_else(|findings| panic!("refused: {}", findings[0]))
}

fn specification(text: &str) -> Specification {
    accepted(text).specifications.remove(0)
}

fn gateway(content: &str) -> Gateway {
    match specification(&gateway_document(content)).decompositions.remove(1) {
        Decomposition::Gateway(gateway) => gateway,
        Decomposition::Net(net) => panic!("a net: {}", net.head.id),
    }
}

fn root(text: &str) -> Net {
    specification(text).root_net().expect("a root net").clone()
}

/// Reads `text`, which must be refused, and compares the findings, one a line.
#[track_caller]
fn refused(text: &str, want: Expect) {
    let findings = read(text).expect_err("the document is read");
    let lines: Vec<String> = findings.iter().map(|finding| format!("{finding}\n")).collect();
    want.assert_eq(&lines.concat());
}

/// Name, type, value and ordering of variables, one a line.
fn show(variables: &[Variable]) -> String {
    let line = |variable: &Variable| {
        let type_ref = match &variable.type_ref {
            TypeRef::Named { name, namespace } => format!("{name} of {namespace:?}"),
            TypeRef::Untyped => "untyped".to_owned(),
            TypeRef::Element(name) => format!("element {name}"),
        };
        let value = variable.initial_value.as_ref().or(variable.default_value.as_ref());
        format!("{} {}: {type_ref} = {value:?}\n", variable.ordering, variable.name)
    };
    variables.iter().map(line).collect()
}

#[test]
fn each_version_is_known_by_its_attribute() {
    for version in ["2.0", "2.1", "2.2", "3.0", "4.0"] {
        assert_eq!(accepted(&document_of(version, "")).version.as_str(), version);
    }
    for version in ["Beta 3", "beta3", "Beta 4", "Beta 6", "Beta 7.1"] {
        let text =
            document_of(version, "").replace("http://www.yawlfoundation.org/yawlschema", BETA);
        let read = accepted(&text).version;
        assert_eq!(
            read.as_str().replace(' ', "").to_lowercase(),
            version.replace(' ', "").to_lowercase()
        );
    }
}

#[test]
fn a_beta_2_document_has_a_root_net_element_and_typed_attributes() {
    let text = format!(
        r#"<specificationSet xmlns="{BETA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <specification uri="old"><metaData><creator><name> Ann </name><address/></creator></metaData>
        <rootNet id="N">
          <outputExpression query="/data/a"/>
          <localVariable name="a" type="xs:string"><initialValue>x</initialValue></localVariable>
          <localVariable name="b" type="own:Thing"/>
          <localVariable name="c"><type>xsd:int</type></localVariable>
          <processControlElements>
            <outputCondition id="o"/>
            <inputCondition id="i"><flowsInto><nextElementRef id="o"/></flowsInto></inputCondition>
          </processControlElements>
        </rootNet></specification></specificationSet>"#
    );
    let specification = specification(&text);
    assert_eq!(specification.schema_version, SchemaVersion::Beta2);
    assert_eq!(specification.meta.creators, ["Ann"]);
    let net = specification.root_net().unwrap();
    assert_eq!(net.head.output_expressions, ["/data/a"]);
    assert_eq!(net.conditions[0].id, "i");
    expect![[r#"
        0 a: string of Some("http://www.w3.org/2001/XMLSchema") = Some("x")
        1 b: untyped = None
        2 c: int of Some("http://www.w3.org/2001/XMLSchema") = None
    "#]]
    .assert_eq(&show(&net.locals));
    // Written as 4.0 it still says where it comes from.
    let again = read(&crate::write(&accepted(&text))).unwrap();
    assert_eq!(again.version, SchemaVersion::V4_0);
    assert_eq!(again.specifications, [specification]);
}

#[test]
fn variables_are_sorted_by_index_and_the_last_of_a_name_counts() {
    let gateway = gateway(
        "<inputParam><index>5</index><name>a</name><type>int</type></inputParam>
         <inputParam><index>2</index><name>b</name><isUntyped/></inputParam>
         <inputParam><index>1</index><element>c</element></inputParam>
         <inputParam ordering='0'><index>9</index><name>d</name><type>T</type><namespace>n</namespace></inputParam>
         <inputParam><index>3</index><name>a</name><type>string</type></inputParam>",
    );
    expect![[r#"
        0 d: T of Some("n") = None
        1 c: element c = None
        2 b: untyped = None
        3 a: string of None = None
    "#]]
    .assert_eq(&show(&gateway.head.inputs));
}

#[test]
fn values_are_unescaped_once_more_than_texts() {
    let gateway = gateway(
        "<documentation>&amp;lt;</documentation>
         <inputParam><name>a</name><type>T</type><initialValue>&amp;lt;i&amp;gt;&lt;/i></initialValue></inputParam>
         <outputParam><name>b</name><type>T</type><defaultValue><i xmlns=''>1</i>&amp;amp;</defaultValue></outputParam>",
    );
    assert_eq!(gateway.head.documentation.as_deref(), Some("&lt;"));
    assert_eq!(gateway.head.inputs[0].initial_value.as_deref(), Some("<i></i>"));
    assert_eq!(
        gateway.head.outputs[0].default_value.as_deref(),
        Some("<i xmlns=''>1</i>&amp;amp;")
    );
}

#[test]
fn foreign_attributes_are_kept_or_passed_over() {
    let text = document("").replace(
        "<decomposition id=\"N\"",
        "<decomposition xmlns:e='urn:e' e:note='1' skip='a&amp;b' xml:lang='en' id='N'",
    );
    let text = text.replace("<task id=", "<task e:x='1' xmlns:e='urn:e' xml:lang='en' id=");
    let net = root(&text);
    let kept: Vec<_> = net.head.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(kept, ["note=1", "skip=a&b"]);
}

#[test]
fn kept_parts_declare_the_namespaces_that_they_use() {
    let text = document("").replace(
        "<split code=\"and\"/>",
        "<split code=\"and\"/><configuration><x:join xmlns:y='urn:y' x:a='&lt;'/><!-- c --></configuration>",
    );
    let text =
        text.replace("version=\"4.0\"", "version=\"4.0\" xmlns:x='urn:x' xmlns:unused='urn:z'");
    let net = root(&text);
    expect![[r#"<configuration xmlns="http://www.yawlfoundation.org/yawlschema" xmlns:x="urn:x"><x:join xmlns:y='urn:y' x:a='&lt;'/><!-- c --></configuration>"#]]
        .assert_eq(net.tasks[0].configuration.as_deref().unwrap());
}

#[test]
fn a_schema_is_kept_with_and_without_its_namespace() {
    for schema in [
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>",
        "<schema xmlns=''><a/></schema>",
    ] {
        let text = document("").replace("</metaData>", &format!("</metaData>{schema}"));
        assert_eq!(specification(&text).schema.as_deref(), Some(schema));
    }
}

#[test]
fn a_timer_is_a_variable_or_a_trigger_with_an_end() {
    let timer = |content: &str| {
        let timer = format!("<split code=\"and\"/><timer>{content}</timer>");
        root(&document("").replace("<split code=\"and\"/>", &timer)).tasks[0].timer.clone()
    };
    assert_eq!(timer("<netparam> t </netparam>"), Some(Timer::Variable("t".to_owned())));
    assert_eq!(timer("<netparam/>"), None);
    let set = timer("<trigger>OnEnabled</trigger><expiry>-5</expiry><workdays>false</workdays>");
    let Some(Timer::Set { expiry: Expiry::At(-5), work_days: true, .. }) = set else {
        panic!("{set:?}");
    };
    for content in
        ["", "<trigger>OnEnabled</trigger>", "<netparam>t</netparam><trigger>OnEnabled</trigger>"]
    {
        let text = task_document(&format!(
            "<task id='T'><flowsInto><nextElementRef id='o'/></flowsInto><join code='and'/>\
             <split code='and'/><timer>{content}</timer></task>"
        ));
        assert_eq!(read(&text).unwrap_err()[0].rule, "timer-form", "{content}");
    }
}

#[test]
fn several_faults_of_one_document_are_reported_in_order_with_their_places() {
    let text = task_document(
        "<task id='T' colour='red'>
           <flowsInto><nextElementRef/></flowsInto>
           <flowsInto><nextElementRef id='o'/><predicate ordering='first'>true()</predicate></flowsInto>
           <join code='nor'/>
           <timer><trigger>OnEnabled</trigger><duration>5 days</duration></timer>
           <removesTokens id='a b'/>
           <sparkle/>
           <join code='and'/>
         </task>stray",
    );
    refused(
        &text,
        expect![[r#"
            error[attribute-unknown] decomposition:M/task:T at 8:158: the attribute "colour" is not known here (remove it; known here: id)
            error[attribute-missing] decomposition:M/task:T/flowsInto/nextElementRef at 9:23: the attribute id is missing (add it)
            error[value-invalid] decomposition:M/task:T/flowsInto/predicate at 10:47: the attribute ordering: "first" is not a whole number of 64 bits (correct the value)
            error[value-invalid] decomposition:M/task:T/join at 11:12: the attribute code: "nor" is not one of and, or, xor (correct the value)
            error[value-invalid] decomposition:M/task:T/timer/duration at 12:47: "5 days" is not a duration such as P1DT12H (correct the value)
            error[element-order] decomposition:M/task:T/removesTokens:a b at 13:12: removesTokens stands after timer (move it before timer)
            error[value-invalid] decomposition:M/task:T/removesTokens:a b at 13:12: the attribute id: "a b" is not a token of 1 to 512 letters, digits, '.', '-', '_' and ':' (correct the value)
            error[element-unknown] decomposition:M/task:T/sparkle at 14:12: "sparkle" is not known here (remove it; known here: name, documentation, flowsInto, join, split, defaultConfiguration, configuration, removesTokens, removesTokensFromFlow, startingMappings, completedMappings, enablementMappings, timer, resourcing, customForm, decomposesTo, agentBinding)
            error[element-repeated] decomposition:M/task:T/join at 15:12: a second join stands here (keep one)
            error[text-misplaced] decomposition:M/processControlElements at 16:17: there is text between its elements (remove the text)
        "#]],
    );
}

#[test]
fn resourcing_has_a_form() {
    let resourcing = |content: &str| {
        let resourcing = format!("<split code=\"and\"/><resourcing>{content}</resourcing>");
        document("").replace("<split code=\"and\"/>", &resourcing)
    };
    let good = "<offer initiator='system'><distributionSet><initialSet><role>R1</role><param><name>who</name>\
        <refers>participant</refers></param></initialSet><filters><filter><name>F</name><params><param><key>k</key>\
        <value>v</value></param></params></filter></filters></distributionSet></offer><allocate initiator='system'>\
        <allocator><name>RoundRobin</name></allocator></allocate><start initiator='user'/><secondary>\
        <nonHumanCategory subcategory='s'>c</nonHumanCategory></secondary><privileges><privilege>\
        <name>canSkip</name><allowall>true</allowall></privilege></privileges>";
    accepted(&resourcing(good));
    let bad = "<offer initiator='anyone'/><start initiator='user'/><privileges><privilege>\
        <name>canFly</name></privilege></privileges>";
    refused(
        &resourcing(bad),
        expect![[r#"
        error[element-missing] decomposition:N/task:T/resourcing at 6:98: the element allocate is missing (add it)
        error[value-invalid] decomposition:N/task:T/resourcing/offer at 6:110: the attribute initiator: "anyone" is not one of user, system (correct the value)
        error[value-invalid] decomposition:N/task:T/resourcing/privileges/privilege/name at 6:185: "canFly" is not one of canSuspend, canReallocateStateless, canReallocateStateful, canDeallocate, canDelegate, canSkip, canPile (correct the value)
    "#]],
    );
}

#[test]
fn a_decomposition_says_what_it_is() {
    refused(
        &document(
            "<decomposition id='a'/><decomposition id='b' xsi:type='Box'/><decomposition xsi:type='NetFactsType'/>",
        ),
        expect![[r#"
            error[type-unknown] decomposition:a at 8:1: xsi:type is missing (set xsi:type to NetFactsType or WebServiceGatewayFactsType)
            error[type-unknown] decomposition:b at 8:24: xsi:type "Box" is not known (set xsi:type to NetFactsType or WebServiceGatewayFactsType)
            error[attribute-missing] decomposition at 8:62: the attribute id is missing (add it)
            error[element-missing] decomposition at 8:62: the element processControlElements is missing (add it)
        "#]],
    );
}

#[test]
fn elements_belong_to_versions() {
    refused(
        &document_of(
            "2.0",
            "<decomposition id='G' xsi:type='WebServiceGatewayFactsType'>\
          <inputParam><index>0</index><name>a</name><type>int</type></inputParam>\
          <outputExpression query='/a'/></decomposition>",
        ),
        expect![[r#"
            error[element-version] decomposition:G/inputParam/index at 8:73: index is not known in schema version 2.0 (known from 2.1 to 4.0)
            error[element-version] decomposition:G/outputExpression at 8:132: outputExpression is not known in schema version 2.0 (known from Beta 2 to Beta 3)
        "#]],
    );
}

#[test]
fn ids_names_and_counts_have_a_form() {
    let long = "n".repeat(600);
    refused(
        &gateway_document(&format!(
            "<inputParam><index>99999999999</index><name>1st</name><type>xs:int</type></inputParam>\
             <outputParam><name>{long}</name><isUntyped/></outputParam>"
        )),
        expect![[r#"
            error[value-invalid] decomposition:G/inputParam/index at 8:73: "99999999999" is not a whole number of 32 bits (correct the value)
            error[value-invalid] decomposition:G/inputParam/name at 8:99: "1st" is not a name of 1 to 512 letters, digits, '.', '-' and '_' that starts with a letter or '_' (correct the value)
            error[value-invalid] decomposition:G/outputParam/name at 8:160: "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"... is not a name of 1 to 512 letters, digits, '.', '-' and '_' that starts with a letter or '_' (correct the value)
        "#]],
    );
    refused(
        &gateway_document(
            "<inputParam><name>a</name></inputParam><inputParam><name>b</name><type>xs:int</type></inputParam>\
             <inputParam><name>c</name><type>int</type><isUntyped/></inputParam>",
        ),
        expect![[r#"
            error[variable-form] decomposition:G/inputParam at 8:61: name and type do not go together (write name and type [and namespace], or name and isUntyped, or element alone)
            error[value-invalid] decomposition:G/inputParam at 8:100: the type "xs:int" is not a name without a prefix (write the local name in type and its namespace in namespace)
            error[variable-form] decomposition:G/inputParam at 8:158: name and type do not go together (write name and type [and namespace], or name and isUntyped, or element alone)
        "#]],
    );
}

#[test]
fn ids_and_specifications_are_unique() {
    let twice = "<decomposition id='N' xsi:type='WebServiceGatewayFactsType'/>";
    let text = document(twice).replace("<task id=\"T\">", "<task id=\"i\">");
    refused(
        &text,
        expect![[r#"
        error[id-duplicate] decomposition:N/task:i at 6:1: the net has two elements with the id "i" (give one of them another id)
        error[id-duplicate] decomposition:N at 8:1: there are two decompositions with the id "N" (give one of them another id)
    "#]],
    );
    let (start, rest) = text.split_once("<specification ").unwrap();
    let (one, end) = rest.split_once("</specification>").unwrap();
    let one = one.replace(twice, "").replace("<task id=\"i\">", "<task id=\"T\">");
    let text = format!(
        "{start}<specification {one}</specification><specification {one}</specification>{end}"
    );
    refused(
        &text,
        expect![[r#"
        error[specification-duplicate] specification:u at 9:17: u 1.2 is in the set twice (give it another identifier, uri or version)
    "#]],
    );
}

#[test]
fn the_root_element_decides_whether_the_document_is_one() {
    let text = document("");
    refused(
        "<html/>",
        expect![[r#"
        error[document-root] html at 1:1: the root element is "html" (a YAWL document starts with specificationSet)
    "#]],
    );
    refused(
        &text.replace("4.0", "5.0"),
        expect![[r#"
        error[document-version] specificationSet at 1:1: schema version "5.0" is not known (set version to 4.0, or to Beta 3, Beta 4, Beta 6, Beta 7.1, 2.0, 2.1, 2.2 or 3.0)
    "#]],
    );
    refused(
        &text.replace("version=\"4.0\"", ""),
        expect![[r#"
        error[document-version] specificationSet at 1:1: the attribute version is missing (set version to 4.0, or to Beta 3, Beta 4, Beta 6, Beta 7.1, 2.0, 2.1, 2.2 or 3.0)
    "#]],
    );
    refused(
        &text.replace("yawlfoundation.org", "example.org"),
        expect![[r#"
        error[document-namespace] specificationSet at 1:1: version 4.0 has the namespace http://www.yawlfoundation.org/yawlschema, not "http://www.example.org/yawlschema" (use http://www.yawlfoundation.org/yawlschema from 2.0 on, http://www.citi.qut.edu.au/yawl before)
    "#]],
    );
    refused(
        &text.replace("4.0", "Beta 4"),
        expect![[r#"
        error[document-namespace] specificationSet at 1:1: version Beta 4 has the namespace http://www.citi.qut.edu.au/yawl, not "http://www.yawlfoundation.org/yawlschema" (use http://www.yawlfoundation.org/yawlschema from 2.0 on, http://www.citi.qut.edu.au/yawl before)
    "#]],
    );
}

#[test]
fn findings_stop_at_a_limit() {
    let text = task_document(&"<sparkle/>".repeat(10_000));
    assert_eq!(read(&text).unwrap_err().len(), crate::limits::FINDINGS_MAX);
}

#[test]
fn bytes_are_utf_8_with_or_without_a_mark() {
    let text = document("");
    assert!(read_bytes(text.as_bytes()).is_ok());
    assert!(read_bytes(format!("\u{feff}{text}").as_bytes()).is_ok());
    assert!(read_bytes(format!("<?xml version='1.0' encoding='utf-8'?>{text}").as_bytes()).is_ok());
    let mut bytes = "<!-- é\n ü".as_bytes().to_vec();
    bytes.extend(b"\xFF -->");
    let findings = read_bytes(&bytes).unwrap_err();
    expect![
        "error[document-encoding] document at 2:3: byte 0xFF is not UTF-8 (save the file as UTF-8)"
    ]
    .assert_eq(&findings[0].to_string());
}
