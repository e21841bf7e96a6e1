//! Hostile specifications: each is refused with the rule that it breaks, within a second.
//!
//! Files of `testdata/hostile/spec` and documents that are too large to keep and are made here.

use std::{fs, path::PathBuf, sync::mpsc, thread, time::Duration};

use model::finding::{Finding, Severity};

/// The longest that an answer may take: a second. A debug build whose tests share the machine with
/// others gets more.
const ANSWER_SECONDS_MAX: u64 = if cfg!(debug_assertions) { 5 } else { 1 };

/// Every file of the corpus and the rule of the first finding.
const FILES: &[(&str, &str)] = &[
    ("blank.yawl", "document-empty"),
    ("control-characters.yawl", "document-not-xml"),
    ("declares-latin-1.yawl", "document-encoding"),
    ("declares-utf-7.yawl", "document-encoding"),
    ("deep-nesting.yawl", "document-too-deep"),
    ("deep-unclosed.yawl", "document-too-deep"),
    ("duplicate-attribute.yawl", "document-not-xml"),
    ("duplicate-decompositions.yawl", "id-duplicate"),
    ("duplicate-ids.yawl", "id-duplicate"),
    ("duplicate-specifications.yawl", "specification-duplicate"),
    ("empty.yawl", "document-empty"),
    ("entity-bomb.yawl", "document-dtd"),
    ("entity-quadratic.yawl", "document-dtd"),
    ("external-dtd.yawl", "document-dtd"),
    ("external-entity.yawl", "document-dtd"),
    ("foreign-element.yawl", "element-unknown"),
    ("foreign-root.yawl", "document-root"),
    ("huge-expiry.yawl", "value-invalid"),
    ("huge-index.yawl", "value-invalid"),
    ("huge-ordering.yawl", "value-invalid"),
    ("huge-ticks.yawl", "value-invalid"),
    ("huge-version.yawl", "value-invalid"),
    ("invalid-utf-8.yawl", "document-encoding"),
    ("json.yawl", "document-not-xml"),
    ("latin-1.yawl", "document-encoding"),
    ("long-id.yawl", "value-invalid"),
    ("long-query.yawl", "value-invalid"),
    ("markup-in-value.yawl", "value-invalid"),
    ("no-namespace.yawl", "document-namespace"),
    ("null-bytes.yawl", "document-not-xml"),
    ("null-reference.yawl", "document-not-xml"),
    ("overlong-utf-8.yawl", "document-encoding"),
    ("parameter-entity.yawl", "document-dtd"),
    ("processing-instruction.yawl", "element-version"),
    ("surrogate-utf-8.yawl", "document-encoding"),
    ("text-between.yawl", "text-misplaced"),
    ("truncated-in-character.yawl", "document-encoding"),
    ("truncated-in-tag.yawl", "document-not-xml"),
    ("truncated.yawl", "document-not-xml"),
    ("two-roots.yawl", "document-not-xml"),
    ("unbound-prefix.yawl", "document-not-xml"),
    ("unclosed-cdata.yawl", "document-not-xml"),
    ("unclosed-comment.yawl", "document-not-xml"),
    ("undefined-entity.yawl", "document-not-xml"),
    ("unknown-type.yawl", "type-unknown"),
    ("unknown-version.yawl", "document-version"),
    ("utf-16-bare.yawl", "document-encoding"),
    ("utf-16-big.yawl", "document-encoding"),
    ("utf-16-little.yawl", "document-encoding"),
    ("utf-32.yawl", "document-encoding"),
    ("wrong-namespace.yawl", "document-namespace"),
    ("zip.yawl", "document-not-xml"),
];

const START: &str = "<specificationSet xmlns='http://www.yawlfoundation.org/yawlschema' \
    xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' version='2.0'><specification uri='u'><metaData/>";
const END: &str = "</specification></specificationSet>";

/// A net of these elements between its conditions.
fn net(elements: &str) -> String {
    format!(
        "<decomposition id='N' isRootNet='true' xsi:type='NetFactsType'><processControlElements>\
         <inputCondition id='i'><flowsInto><nextElementRef id='T0'/></flowsInto></inputCondition>\
         {elements}<outputCondition id='o'/></processControlElements></decomposition>"
    )
}

fn task(number: usize, content: &str) -> String {
    format!(
        "<task id='T{number}'><flowsInto><nextElementRef id='o'/></flowsInto><join code='xor'/>\
         <split code='and'/>{content}</task>"
    )
}

/// Reads, and verifies what was read, on a thread of its own; the test fails when that takes long.
fn findings(name: &str, bytes: Vec<u8>) -> Vec<Finding> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let findings = match model::read_bytes(&bytes) {
            Err(findings) => findings,
            Ok(set) => set.specifications.iter().flat_map(model::verify).collect(),
        };
        // The test may have given up.
        let _ = sender.send(findings);
    });
    let answer = receiver.recv_timeout(Duration::from_secs(ANSWER_SECONDS_MAX));
    answer.unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[track_caller]
fn refused(name: &str, bytes: Vec<u8>, rule: &str) {
    let findings = findings(name, bytes);
    let errors: Vec<&Finding> =
        findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let first = errors.first().unwrap_or_else(|| panic!("{name} is accepted"));
    assert_eq!(first.rule, rule, "{name}: {first}");
    assert!(errors.iter().all(|error| !error.remedy.is_empty()), "{name}: {first}");
}

#[test]
fn every_hostile_file_is_refused_with_its_rule() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/hostile/spec");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the corpus is in the repository")
        .map(|entry| entry.expect("a folder that can be listed").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    let listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, listed, "the table and the folder differ");
    for (name, rule) in FILES {
        refused(name, fs::read(folder.join(name)).expect("a file that can be read"), rule);
    }
}

#[test]
fn a_million_elements_are_refused() {
    let unknown = |count: usize| format!("{START}{}{END}", "<a/>".repeat(count)).into_bytes();
    refused("a million elements", unknown(1_000_000), "document-too-large");
    refused("as many unknown elements as are looked at", unknown(400_000), "element-unknown");
    let tasks: String = (0..20_000).map(|number| task(number, "")).collect();
    refused("too many tasks", format!("{START}{}{END}", net(&tasks)).into_bytes(), "element-count");
    let gateways: String = (0..20_000)
        .map(|number| {
            format!("<decomposition id='G{number}' xsi:type='WebServiceGatewayFactsType'/>")
        })
        .collect();
    refused("too many gateways", format!("{START}{gateways}{END}").into_bytes(), "element-count");
}

#[test]
fn a_document_beyond_the_limit_of_bytes_is_refused() {
    let comment = format!("{START}<!--{}-->{END}", "x".repeat(model::limits::DOCUMENT_BYTES_MAX));
    refused("a long comment", comment.into_bytes(), "document-too-large");
}

#[test]
fn what_costs_a_parser_more_than_it_weighs_is_refused() {
    let attributes: String = (0..1_000_000).map(|number| format!(" a{number}=''")).collect();
    refused("a million attributes", format!("<r{attributes}/>").into_bytes(), "document-too-large");
    let prefixes: String =
        (0..60_000).map(|number| format!(" xmlns:a{number}='{number}'")).collect();
    let children = "<c xmlns='x'/>".repeat(500_000);
    refused(
        "namespaces copied into each element",
        format!("<r{prefixes}>{children}</r>").into_bytes(),
        "document-too-large",
    );
}

#[test]
fn a_rule_broken_very_often_is_reported_a_bounded_number_of_times() {
    let parameters: String = (0..1_000)
        .map(|number| format!("<inputParam><name>p{number}</name><type>int</type></inputParam>"))
        .collect();
    let gateway = format!(
        "<decomposition id='G' xsi:type='WebServiceGatewayFactsType'>{parameters}</decomposition>"
    );
    let tasks: String = (0..2_000).map(|number| task(number, "<decomposesTo id='G'/>")).collect();
    let document = format!("{START}{}{gateway}{END}", net(&tasks));
    let findings = findings("two million missing mappings", document.into_bytes());
    assert_eq!(findings.len(), model::limits::VERIFICATION_FINDINGS_MAX);
}
