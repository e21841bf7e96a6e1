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

/// The document with this binding of task A, and these attributes on its decomposition.
fn reviewed(binding: &str, attributes: &str) -> String {
    let gateway = r#"xsi:type="WebServiceGatewayFactsType""#;
    document(DECLARED, "", "", "", "and")
        .replacen(r#"<decomposesTo id="G"/>"#, &format!(r#"<decomposesTo id="G"/>{binding}"#), 1)
        .replace(gateway, &format!("{gateway} {attributes}"))
}

#[test]
fn a_review_is_asked_for_by_a_task_or_its_decomposition_and_kept_on_writing() {
    let text = reviewed(
        "<agentBinding><agentType>autonomous</agentType><capabilityRequired>judge parcels</capabilityRequired>\
         <reviewQuorum>3</reviewQuorum><conflictResolution>ESCALATE</conflictResolution>\
         <conflictArbiter>ann</conflictArbiter><timeout>PT15M</timeout>\
         <fallbackToHuman>true</fallbackToHuman></agentBinding>",
        r#"more:review="2" more:review-strategy="HYBRID" more:review-severity="HIGH"
           more:review-confidence="0.7" more:review-votes="2" more:review-supermajority="0"
           more:review-arbiter="bob" more:review-timeout="PT1.5S" more:review-human="1""#,
    );
    check(&text, expect![""]);
    let set = model::read(&text).expect("a valid document");
    let written = model::write(&set);
    assert!(written.contains(r#"ext:review="2" ext:review-strategy="HYBRID""#), "{written}");
    assert!(written.contains("<reviewQuorum>3</reviewQuorum>"), "{written}");
    assert_eq!(model::read(&written).expect("readable").specifications, set.specifications);

    // The task's own word goes before that of its decomposition, which other tasks share.
    let specification = &set.specifications[0];
    let tasks = &specification.root_net().expect("a root net").tasks;
    let shown: Vec<String> = tasks
        .iter()
        .map(|task| {
            let terms = specification.review_of(task);
            format!(
                "{} by {:?}, {:?}, {:?}, {:?}, {:?}\n",
                task.id, terms.quorum, terms.strategy, terms.severity, terms.arbiter, terms.timeout
            )
        })
        .collect();
    expect![[r#"
        A by Some(3), Some("ESCALATE"), Some("HIGH"), Some("ann"), Some("PT15M")
        B by Some(2), Some("HYBRID"), Some("HIGH"), Some("bob"), Some("PT1.5S")
    "#]]
    .assert_eq(&shown.concat());
}

#[test]
fn a_review_that_cannot_be_held_is_refused_with_place_and_remedy() {
    check(
        &reviewed(
            "<agentBinding><reviewQuorum>0</reviewQuorum><conflictResolution>VOTE</conflictResolution>\
             <conflictArbiter>a b</conflictArbiter><timeout>P1M</timeout>\
             <fallbackToHuman>perhaps</fallbackToHuman><jury/></agentBinding>",
            r#"more:review="101" more:review-strategy="" more:review-severity="BAD" more:review-confidence="1.1"
               more:review-votes="-1" more:review-supermajority="NaN" more:review-timeout="P31DT1S" more:review-size="3""#,
        ),
        expect![[r#"
            error[value-invalid] decomposition:N/task:A/agentBinding/reviewQuorum at 9:89: "0" is not a whole number from 1 to 100 (correct the value)
            error[value-invalid] decomposition:N/task:A/agentBinding/conflictResolution at 9:119: "VOTE" is not one of MAJORITY_VOTE, ESCALATE, HUMAN_FALLBACK, HYBRID (correct the value)
            error[value-invalid] decomposition:N/task:A/agentBinding/conflictArbiter at 9:164: "a b" is not an agent's name of 1 to 128 letters, digits and . _ : @ / - (correct the value)
            error[value-invalid] decomposition:N/task:A/agentBinding/timeout at 9:202: "P1M" is not a duration of days and less such as PT15M, from a millisecond to 31 days (correct the value)
            error[value-invalid] decomposition:N/task:A/agentBinding/fallbackToHuman at 9:224: "perhaps" is not true or false (correct the value)
            error[element-unknown] decomposition:N/task:A/agentBinding/jury at 9:266: "jury" is not known here (remove it; known here: agentType, capabilityRequired, reviewQuorum, conflictResolution, conflictArbiter, timeout, fallbackToHuman)
            error[value-invalid] decomposition:G at 17:12: the attribute review: "101" is not a whole number from 1 to 100 (correct the value)
            error[value-invalid] decomposition:G at 17:12: the attribute review-strategy: "" is not one of MAJORITY_VOTE, ESCALATE, HUMAN_FALLBACK, HYBRID (correct the value)
            error[value-invalid] decomposition:G at 17:12: the attribute review-severity: "BAD" is not one of LOW, MEDIUM, HIGH, CRITICAL (correct the value)
            error[value-invalid] decomposition:G at 17:12: the attribute review-confidence: "1.1" is not a number from 0 to 1 such as 0.6 (correct the value)
            error[value-invalid] decomposition:G at 17:12: the attribute review-votes: "-1" is not a whole number from 1 to 100 (correct the value)
            error[value-invalid] decomposition:G at 17:12: the attribute review-supermajority: "NaN" is not a number from 0 to 1 such as 0.6 (correct the value)
            error[value-invalid] decomposition:G at 17:12: the attribute review-timeout: "P31DT1S" is not a duration of days and less such as PT15M, from a millisecond to 31 days (correct the value)
            error[attribute-unknown] decomposition:G at 17:12: the attribute "review-size" is not known here (remove it; known here: capability, review, review-strategy, review-severity, review-confidence, review-votes, review-supermajority, review-arbiter, review-timeout, review-human)
        "#]],
    );
    check(
        &reviewed(
            "<agentBinding><conflictArbiter>ann</conflictArbiter></agentBinding>",
            r#"more:review-votes="3""#,
        ),
        expect![[r#"
            error[review-quorum] AtomicTask:A: in net N it says how results are reviewed, but not by how many agents (add reviewQuorum to its agentBinding, or the attribute review to its decomposition)
            error[review-quorum] AtomicTask:B: in net N it says how results are reviewed, but not by how many agents (add reviewQuorum to its agentBinding, or the attribute review to its decomposition)
        "#]],
    );
    check(
        &reviewed(
            "<agentBinding><reviewQuorum>2</reviewQuorum></agentBinding>",
            r#"more:review="4" more:review-votes="3" more:review-human="false""#,
        ),
        expect![[r#"
            error[review-votes] AtomicTask:A: in net N 3 votes are to count, and only 2 agents vote (lower review-votes, or raise the quorum)
            warning[review-nobody] AtomicTask:A: in net N what the votes do not settle is settled by nobody: there is no arbiter, and people are not asked (name an arbiter, or have people asked)
            warning[review-nobody] AtomicTask:B: in net N what the votes do not settle is settled by nobody: there is no arbiter, and people are not asked (name an arbiter, or have people asked)
        "#]],
    );
    let empty = reviewed("<agentBinding><reviewQuorum>2</reviewQuorum></agentBinding>", "");
    check(
        &empty.replacen(r#"<decomposesTo id="G"/>"#, "", 1),
        expect![[r#"
        error[review-task] AtomicTask:A: in net N its results are to be reviewed, and it has no work items (remove it, or let the task decompose to a gateway)
    "#]],
    );
}
