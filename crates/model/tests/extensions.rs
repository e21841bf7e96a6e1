//! Our extensions of the language: read, written, and refused where they mean nothing.

use expect_test::{Expect, expect};

/// A net `i → A → c → B → o` in which the marked places may carry attributes.
fn document(root: &str, net: &str, first: &str, second: &str, join: &str) -> String {
    format!(
        r#"<specificationSet xmlns="http://www.yawlfoundation.org/yawlschema" version="4.0"
             xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {root}>
           <specification uri="u"><metaData/>
           <decomposition id="N" isRootNet="true" xsi:type="NetFactsType" {net}><processControlElements>
             <inputCondition id="i"><flowsInto><nextElementRef id="A"/></flowsInto></inputCondition>
             <task id="A">
               <flowsInto {first}><nextElementRef id="c"/></flowsInto>
               <flowsInto><nextElementRef id="d"/></flowsInto>
               <join code="xor"/><split code="and"/><decomposesTo id="G"/>
             </task>
             <condition id="c"><flowsInto {second}><nextElementRef id="B"/></flowsInto></condition>
             <condition id="d"><flowsInto><nextElementRef id="B"/></flowsInto></condition>
             <task id="B"><flowsInto><nextElementRef id="o"/></flowsInto>
               <join code="{join}"/><split code="and"/><decomposesTo id="G"/></task>
             <outputCondition id="o"/>
           </processControlElements></decomposition>
           <decomposition id="G" xsi:type="WebServiceGatewayFactsType"/>
           </specification></specificationSet>"#
    )
}

const DECLARED: &str = r#"xmlns:more="https://flotilla.dev/schema/extensions""#;

/// What reading and verifying say of the document, one finding a line.
#[track_caller]
fn check(text: &str, want: Expect) {
    let findings = match model::read(text) {
        Ok(set) => model::verify(&set.specifications[0]),
        Err(findings) => findings,
    };
    let lines: Vec<String> = findings.iter().map(|finding| format!("{finding}\n")).collect();
    want.assert_eq(&lines.concat());
}

#[test]
fn what_is_written_reads_back_and_a_plain_document_stays_plain() {
    let text = document(
        DECLARED,
        r#"more:termination="implicit""#,
        r#"more:tokens="2""#,
        r#"more:tokens="2""#,
        "and",
    );
    check(&text, expect![""]);
    let set = model::read(&text).expect("a valid document");
    let written = model::write(&set);
    assert!(written.contains(r#"xmlns:ext="https://flotilla.dev/schema/extensions""#), "{written}");
    assert!(written.contains(r#"ext:termination="implicit""#), "{written}");
    assert_eq!(written.matches(r#"<flowsInto ext:tokens="2">"#).count(), 2, "{written}");
    assert_eq!(model::read(&written).expect("readable").specifications, set.specifications);

    let plain = model::read(&document("", "", "", "", "and")).expect("a valid document");
    assert!(!model::write(&plain).contains("extensions"));
}

#[test]
fn an_unknown_extension_or_value_is_refused() {
    check(
        &document(DECLARED, r#"more:termination="sometimes""#, r#"more:tokens="0""#, "", "and"),
        expect![[r#"
            error[value-invalid] decomposition:N at 4:12: the attribute termination: "sometimes" is not one of explicit, implicit (correct the value)
            error[value-invalid] decomposition:N/task:A/flowsInto at 7:16: the attribute tokens: "0" is not a whole number from 1 to 1000 (correct the value)
        "#]],
    );
    check(
        &document(DECLARED, r#"more:tokens="2""#, r#"more:weight="2""#, "", "and"),
        expect![[r#"
            error[attribute-unknown] decomposition:N at 4:12: the attribute "tokens" is not known here (remove it; known here: termination, resourcing)
            error[attribute-unknown] decomposition:N/task:A/flowsInto at 7:16: the attribute "weight" is not known here (remove it; known here: tokens)
        "#]],
    );
    // Another's attributes are another's.
    check(&document(r#"xmlns:more="urn:other""#, "", r#"more:weight="2""#, "", "and"), expect![""]);
}

#[test]
fn several_tokens_are_refused_where_their_meaning_is_open() {
    check(
        &document(DECLARED, "", "", r#"more:tokens="2""#, "xor"),
        expect![[r#"
        error[flow-tokens] Condition:c: in net N the flow to B carries several tokens into an XOR-join that others lead to (move it into a net without OR-joins; let the task take the tokens from one condition alone, or by an AND-join)
    "#]],
    );
    check(
        &document(DECLARED, "", r#"more:tokens="2""#, "", "or"),
        expect![[r#"
        error[flow-tokens] AtomicTask:A: in net N the flow to c carries several tokens beside the OR-join B (move it into a net without OR-joins; let the task take the tokens from one condition alone, or by an AND-join)
    "#]],
    );
    check(&document(DECLARED, "", r#"more:tokens="2""#, "", "xor"), expect![""]);
}

#[test]
fn a_root_net_may_say_which_tasks_go_to_participants() {
    for value in ["everywhere", "nowhere"] {
        let text = document(DECLARED, &format!(r#"more:resourcing="{value}""#), "", "", "and");
        check(&text, expect![""]);
        let set = model::read(&text).expect("a valid document");
        let written = model::write(&set);
        assert!(written.contains(&format!(r#"ext:resourcing="{value}""#)), "{written}");
        assert_eq!(model::read(&written).expect("readable").specifications, set.specifications);
    }
    let default = document(DECLARED, r#"more:resourcing="where-asked""#, "", "", "and");
    let set = model::read(&default).expect("a valid document");
    assert!(!model::write(&set).contains("resourcing"));
    check(
        &document(DECLARED, r#"more:resourcing="sometimes""#, "", "", "and"),
        expect![[r#"
            error[value-invalid] decomposition:N at 4:12: the attribute resourcing: "sometimes" is not one of where-asked, everywhere, nowhere (correct the value)
        "#]],
    );
}

#[test]
fn a_decomposition_may_say_what_its_work_asks_for() {
    let plain = document(DECLARED, "", "", "", "and");
    let with = |attribute: &str| {
        plain.replace(
            r#"xsi:type="WebServiceGatewayFactsType""#,
            &format!(r#"xsi:type="WebServiceGatewayFactsType" {attribute}"#),
        )
    };
    let text = with(r#"more:capability=" pack parcels ""#);
    check(&text, expect![""]);
    let set = model::read(&text).expect("a valid document");
    let written = model::write(&set);
    assert!(written.contains(r#"ext:capability="pack parcels""#), "{written}");
    assert_eq!(model::read(&written).expect("readable").specifications, set.specifications);
    check(
        &with(r#"more:capability=" ""#),
        expect![[r#"
            error[value-invalid] decomposition:G at 17:12: the attribute capability: "" is not a text of 1 to 512 characters (correct the value)
        "#]],
    );
}
