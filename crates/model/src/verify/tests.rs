//! Verification: each rule broken once, and specifications that break none.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::verify;
use crate::{
    read,
    specification::{Decomposition, Mapping, Net, Variable},
};

const GATEWAY: &str = "<decomposition id='G' xsi:type='WebServiceGatewayFactsType'>\
    <inputParam><name>p</name><type>int</type></inputParam></decomposition>";
const EMPTY_GATEWAY: &str = "<decomposition id='E' xsi:type='WebServiceGatewayFactsType'/>";

/// A flow to `target` with `content`.
fn flow(target: &str, content: &str) -> String {
    format!("<flowsInto><nextElementRef id='{target}'/>{content}</flowsInto>")
}

/// A task with an XOR-join and one flow.
fn task(id: &str, target: &str, content: &str) -> String {
    split(id, "and", &flow(target, ""), content)
}

fn split(id: &str, code: &str, flows: &str, content: &str) -> String {
    format!("<task id='{id}'>{flows}<join code='xor'/><split code='{code}'/>{content}</task>")
}

/// One mapping in the set of this name.
fn mapping(set: &str, query: &str, target: &str) -> String {
    format!(
        "<{set}><mapping><expression query='{query}'/><mapsTo>{target}</mapsTo></mapping></{set}>"
    )
}

fn variable(element: &str, name: &str, type_name: &str, content: &str) -> String {
    format!("<{element}><name>{name}</name><type>{type_name}</type>{content}</{element}>")
}

/// A net from `i` over `elements` to `o`, starting with the element `first`.
fn net(id: &str, head: &str, first: &str, elements: &str) -> String {
    let start = flow(first, "");
    format!(
        "<decomposition id='{id}' isRootNet='{}' xsi:type='NetFactsType'>{head}<processControlElements>\
         <inputCondition id='i'>{start}</inputCondition>{elements}<outputCondition id='o'/>\
         </processControlElements></decomposition>",
        id == "N"
    )
}

/// A document of version 2.0 with this data schema and these decompositions.
fn document(schema: &str, decompositions: &[&str]) -> String {
    format!(
        "<specificationSet xmlns='http://www.yawlfoundation.org/yawlschema' \
         xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' version='2.0'><specification uri='u'>\
         <metaData/>{schema}{}</specification></specificationSet>",
        decompositions.concat()
    )
}

/// Verifies the document and compares the findings, one a line, remedies left out.
#[track_caller]
fn check_document(text: &str, want: Expect) {
    let set = read(text).unwrap_or_else(|findings| panic!("refused: {}", findings[0]));
    let mut lines = String::new();
    for finding in verify(&set.specifications[0]) {
        assert!(!finding.remedy.is_empty(), "{finding}");
        // What the data types say of a value or schema is theirs to word.
        let line = finding.remedy("").to_string();
        let line = line.split(": cvc-").next().unwrap_or_default();
        let line = line.split(" does not compile: ").next().unwrap_or_default();
        writeln!(lines, "{line}").unwrap();
    }
    want.assert_eq(&lines);
}

/// Verifies a specification of these decompositions.
#[track_caller]
fn check(decompositions: &[&str], want: Expect) {
    check_document(&document("", decompositions), want);
}

/// Verifies a root net that starts with the element `T`.
#[track_caller]
fn check_net(head: &str, elements: &str, want: Expect) {
    check(
        &[
            &net("N", head, "T", elements),
            GATEWAY,
            EMPTY_GATEWAY,
            &net("S", "", "T", &task("T", "o", "<decomposesTo id='E'/>")),
        ],
        want,
    );
}

/// Verifies a sound specification once `change` has changed it: for what the reader lets nobody write.
#[track_caller]
fn check_changed(change: impl FnOnce(&mut Net), want: Expect) {
    let text = document("", &[&net("N", "", "T", &task("T", "o", WORK)), EMPTY_GATEWAY]);
    let mut specification = read(&text).unwrap().specifications.remove(0);
    let mut root = specification.root_net().unwrap().clone();
    change(&mut root);
    specification.decompositions[0] = Decomposition::Net(root);
    let lines: Vec<String> = verify(&specification)
        .into_iter()
        .map(|finding| format!("{}\n", finding.remedy("")))
        .collect();
    want.assert_eq(&lines.concat());
}

/// The content of a task whose decomposition needs no data.
const WORK: &str = "<decomposesTo id='E'/>";

#[test]
fn a_sound_specification_has_no_findings() {
    let work = format!(
        "{}<decomposesTo id='G'/>",
        mapping("startingMappings", "<p>1</p>", "p").replace("<p>1</p>", "1")
    );
    let elements =
        task("T", "U", &work) + &task("U", "V", WORK) + &task("V", "o", "<decomposesTo id='S'/>");
    check_net("", &elements, expect![[""]]);
}

#[test]
fn there_is_one_root_net_and_every_decomposition_is_used() {
    check(
        &[&net("M", "", "T", &task("T", "o", WORK)), EMPTY_GATEWAY],
        expect![[r#"
        error[root-net] Specification:u: no net is marked as root
    "#]],
    );
    check(
        &[
            &net("N", "", "T", &task("T", "o", WORK)),
            EMPTY_GATEWAY,
            GATEWAY,
            &net("S", "", "T", &task("T", "o", "<decomposesTo id='G'/>")),
        ],
        expect![[r#"
            warning[decomposition-unused] YAWLServiceGateway:G: the decomposition G is not used in this specification
            warning[decomposition-unused] YNet:S: the decomposition S is not used in this specification
            error[mapping-missing] AtomicTask:T: in net S nothing is mapped to the input parameter p of YAWLServiceGateway:G
        "#]],
    );
}

#[test]
fn every_element_lies_on_a_path() {
    let elements = task("T", "o", WORK)
        + &task("A", "o", WORK)
        + &split("B", "and", &flow("C", ""), WORK)
        + &task("C", "B", WORK)
        + &format!("<condition id='c'>{}</condition>", flow("B", ""));
    check(
        &[&net("N", "", "T", &elements), EMPTY_GATEWAY],
        expect![[r#"
            error[net-path-forward] Condition:c: in net N no path leads from the input condition to it
            error[net-path-backward] Condition:c: in net N no path leads from it to the output condition
            error[net-path-forward] AtomicTask:A: in net N no path leads from the input condition to it
            error[net-path-forward] AtomicTask:B: in net N no path leads from the input condition to it
            error[net-path-backward] AtomicTask:B: in net N no path leads from it to the output condition
            error[net-path-forward] AtomicTask:C: in net N no path leads from the input condition to it
            error[net-path-backward] AtomicTask:C: in net N no path leads from it to the output condition
        "#]],
    );
}

#[test]
fn flows_lead_to_what_there_is() {
    let elements = split(
        "T",
        "and",
        &(flow("nowhere", "") + &flow("i", "") + &flow("o", "") + &flow("o", "")),
        WORK,
    );
    check(
        &[&net("N", "", "T", &elements), EMPTY_GATEWAY],
        expect![[r#"
            error[flow-target] AtomicTask:T: in net N a flow leads to "nowhere", which the net does not have
            error[flow-into-input] AtomicTask:T: in net N a flow leads into the input condition i
            warning[flow-repeated] AtomicTask:T: in net N two flows lead to o: only the last one counts
        "#]],
    );
}

#[test]
fn conditions_have_plain_flows_to_tasks() {
    let conditions = format!(
        "<condition id='c'>{}{}{}</condition><condition id='d'>{}</condition>",
        flow("U", "<predicate>true()</predicate>"),
        flow("V", "<isDefaultFlow/>"),
        flow("d", ""),
        flow("U", "")
    );
    let elements =
        task("T", "c", WORK) + &task("U", "o", WORK) + &task("V", "o", WORK) + &conditions;
    check(
        &[&net("N", "", "T", &elements), EMPTY_GATEWAY],
        expect![[r#"
            error[flow-condition] Condition:c: in net N the flow to U has a predicate
            error[flow-condition] Condition:c: in net N the flow to V is marked as default
            error[flow-condition] Condition:c: in net N the flow to d leads to a condition
        "#]],
    );
}

#[test]
fn each_split_has_its_own_predicates() {
    let flows = [
        flow("A", "<predicate>1=1</predicate>"),
        flow("B", "<predicate ordering='1'>1=1</predicate>"),
        flow("C", "<predicate ordering='1'>1=1</predicate><isDefaultFlow/>"),
        flow("D", "<isDefaultFlow/>"),
        flow("o", ""),
    ]
    .concat();
    let rest = ["A", "B", "C", "D"].map(|id| task(id, "o", WORK)).concat();
    for code in ["and", "xor", "or"] {
        let want = match code {
            "and" => expect![[r#"
                error[flow-and] AtomicTask:T: in net N the flow to A has a predicate, and the split is AND
                error[flow-and] AtomicTask:T: in net N the flow to B has a predicate, and the split is AND
                error[flow-and] AtomicTask:T: in net N the flow to C has a predicate, and the split is AND
                error[flow-and] AtomicTask:T: in net N the flow to D is marked as default, and the split is AND
            "#]],
            "xor" => expect![[r#"
                error[flow-xor] AtomicTask:T: in net N the flow to A has a predicate without ordering
                error[flow-xor] AtomicTask:T: in net N the flow to C has a predicate and is the default
                error[flow-xor] AtomicTask:T: in net N the flow to o has no predicate and is not the default
                error[flow-default] AtomicTask:T: in net N the split has 2 default flows
                error[flow-ordering] AtomicTask:T: in net N two flows have the ordering 1
            "#]],
            _or => expect![[r#"
                error[flow-or] AtomicTask:T: in net N the flow to B has an ordering
                error[flow-or] AtomicTask:T: in net N the flow to C has an ordering
                error[flow-or] AtomicTask:T: in net N the flow to D has no predicate
                error[flow-or] AtomicTask:T: in net N the flow to o has no predicate
                error[flow-default] AtomicTask:T: in net N the split has 2 default flows
            "#]],
        };
        check(
            &[&net("N", "", "T", &(split("T", code, &flows, WORK) + &rest)), EMPTY_GATEWAY],
            want,
        );
    }
}

#[test]
fn a_task_names_what_exists() {
    let content = "<removesTokens id='X'/><removesTokensFromFlow><flowSource id='T'/><flowDestination id='T'/>\
        </removesTokensFromFlow><removesTokensFromFlow><flowSource id='T'/><flowDestination id='o'/>\
        </removesTokensFromFlow><timer><netparam>when</netparam></timer><decomposesTo id='nothing'/>";
    check(
        &[&net("N", "", "T", &task("T", "o", content))],
        expect![[r#"
            error[task-decomposition] AtomicTask:T: in net N it decomposes to "nothing", which the specification does not have
            error[task-removes] AtomicTask:T: in net N it removes tokens from "X", which the net does not have
            error[task-removes] AtomicTask:T: in net N it removes tokens from the flow T to T, which the net does not have
            warning[timer-variable] AtomicTask:T: in net N its timer reads "when", which the net does not have
        "#]],
    );
}

#[test]
fn a_task_without_decomposition_has_nothing_to_do() {
    let instances = "<minimum>1</minimum><maximum>1</maximum><threshold>1</threshold><creationMode code='static'/>\
        <miDataInput><expression query='/N/v'/><splittingExpression query='/v/*'/><formalInputParam>p</formalInputParam>\
        </miDataInput>";
    let content = mapping("startingMappings", "1", "p")
        + "<timer><trigger>OnEnabled</trigger><duration>P1D</duration></timer>"
        + instances;
    let elements = task("T", "o", &content)
        .replace("<task id='T'>", "<task id='T' xsi:type='MultipleInstanceExternalTaskFactsType'>");
    check(
        &[&net("N", "", "T", &elements)],
        expect![[r#"
            warning[net-empty-path] YNet:N: the net may complete without any generated work: tasks without decomposition lead from its input to its output condition
            error[task-empty-mappings] AtomicTask:T: in net N it has mappings but no decomposition
            error[task-empty-instances] AtomicTask:T: in net N it has several instances but no decomposition
            warning[task-empty-timer] AtomicTask:T: in net N it has a timer but no decomposition
        "#]],
    );
}

#[test]
fn mappings_connect_parameters_and_variables() {
    let starting = "<startingMappings>\
        <mapping><expression query='1'/><mapsTo>q</mapsTo></mapping>\
        <mapping><expression query='1'/><mapsTo>r</mapsTo></mapping>\
        <mapping><expression query='2'/><mapsTo>r</mapsTo></mapping></startingMappings>";
    let completed = "<completedMappings>\
        <mapping><expression query='1'/><mapsTo>known</mapsTo></mapping>\
        <mapping><expression query='2'/><mapsTo>input</mapsTo></mapping>\
        <mapping><expression query='3'/><mapsTo>unknown</mapsTo></mapping>\
        <mapping><expression query='3'/><mapsTo>known</mapsTo></mapping></completedMappings>";
    let head =
        variable("inputParam", "input", "int", "") + &variable("localVariable", "known", "int", "");
    let content = format!("{starting}{completed}<decomposesTo id='G'/>");
    check(
        &[&net("N", &head, "T", &task("T", "o", &content)), GATEWAY],
        expect![[r#"
            error[mapping-query-repeated] AtomicTask:T: in net N the starting mapping to r repeats the query of another
            error[mapping-target-repeated] AtomicTask:T: in net N two starting mappings write r
            error[mapping-query-repeated] AtomicTask:T: in net N the completed mapping to known repeats the query of another
            error[mapping-target-repeated] AtomicTask:T: in net N two completed mappings write known
            error[mapping-missing] AtomicTask:T: in net N nothing is mapped to the input parameter p of YAWLServiceGateway:G
            error[mapping-parameter] AtomicTask:T: in net N YAWLServiceGateway:G has no input parameter "q"
            error[mapping-parameter] AtomicTask:T: in net N YAWLServiceGateway:G has no input parameter "r"
            error[mapping-variable] AtomicTask:T: in net N the net has no local variable or input parameter "unknown"
        "#]],
    );
}

#[test]
fn before_beta_4_completion_mappings_and_output_expressions_agree() {
    let gateway = "<decomposition id='E' xsi:type='WebServiceGatewayFactsType'>\
        <outputExpression query='/data/a'/><outputExpression query='/data/b'/></decomposition>";
    let content = mapping("completedMappings", "/data/a", "v").replace(
        "</completedMappings>",
        "<mapping><expression query='/data/c'/><mapsTo>w</mapsTo></mapping></completedMappings>",
    ) + WORK;
    let head =
        variable("localVariable", "v", "int", "") + &variable("localVariable", "w", "int", "");
    let text = document("", &[&net("N", &head, "T", &task("T", "o", &content)), gateway])
        .replace("http://www.yawlfoundation.org/yawlschema", "http://www.citi.qut.edu.au/yawl")
        .replace("version='2.0'", "version='Beta 3'");
    check_document(
        &text,
        expect![[r#"
            error[mapping-output-expression] AtomicTask:T: in net N the output expression "/data/b" has no counterpart
            error[mapping-output-expression] AtomicTask:T: in net N the completion mapping "/data/c" has no counterpart
        "#]],
    );
}

#[test]
fn instances_are_counted_from_one() {
    let instances = |minimum: &str, maximum: &str, threshold: &str| {
        let content = format!(
            "<decomposesTo id='G'/><minimum>{minimum}</minimum><maximum>{maximum}</maximum><threshold>{threshold}</threshold>\
             <creationMode code='static'/><miDataInput><expression query='/N/v'/><splittingExpression query='/v/*'/>\
             <formalInputParam>q</formalInputParam></miDataInput>"
        );
        task("T", "o", &content).replace(
            "<task id='T'>",
            "<task id='T' xsi:type='MultipleInstanceExternalTaskFactsType'>",
        )
    };
    check(
        &[&net("N", "", "T", &instances("0", "-1", "0")), GATEWAY],
        expect![[r#"
            error[mapping-missing] AtomicTask:T: in net N nothing is mapped to the input parameter p of YAWLServiceGateway:G
            error[mapping-parameter] AtomicTask:T: in net N YAWLServiceGateway:G has no input parameter "q"
            error[instances-minimum] AtomicTask:T: in net N the minimum is 0
            error[instances-maximum] AtomicTask:T: in net N the maximum is -1
            error[instances-threshold] AtomicTask:T: in net N the threshold is 0
            error[instances-maximum] AtomicTask:T: in net N the maximum -1 is below the minimum 0
        "#]],
    );
    check(
        &[&net("N", "", "T", &instances("3", "2", "/N/k")), GATEWAY],
        expect![[r#"
            error[mapping-missing] AtomicTask:T: in net N nothing is mapped to the input parameter p of YAWLServiceGateway:G
            error[mapping-parameter] AtomicTask:T: in net N YAWLServiceGateway:G has no input parameter "q"
            error[instances-maximum] AtomicTask:T: in net N the maximum 2 is below the minimum 3
        "#]],
    );
}

#[test]
fn variables_have_known_types_and_valid_values() {
    let schema = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:complexType name='Pair'><xs:sequence>\
        <xs:element name='a' type='xs:int'/></xs:sequence></xs:complexType></xs:schema>";
    let head = [
        variable("inputParam", "i", "int", "<initialValue>many</initialValue>"),
        variable("inputParam", "m", "string", "<mandatory/>"),
        variable("outputParam", "o", "boolean", "<defaultValue>maybe</defaultValue>"),
        variable(
            "localVariable",
            "good",
            "Pair",
            "<initialValue>&lt;a&gt;1&lt;/a&gt;</initialValue>",
        ),
        variable("localVariable", "bad", "Pair", "<initialValue>&lt;b/&gt;</initialValue>"),
        variable("localVariable", "text", "string", "<initialValue>a &lt; b</initialValue>"),
        variable("localVariable", "i", "int", ""),
        variable("localVariable", "lost", "Triple", ""),
        "<localVariable><element>thing</element></localVariable>".to_owned(),
    ]
    .concat();
    check_document(
        &document(schema, &[&net("N", &head, "T", &task("T", "o", WORK)), EMPTY_GATEWAY]),
        expect![[r#"
            error[variable-name] YNet:N: i is an input parameter and a local variable
            error[variable-type] YNet:N: variable lost has type Triple, which nobody defines
            error[variable-element] YNet:N: variable thing refers to the global element thing, which the data schema does not define
            error[variable-initial-value] YNet:N: variable i: /data/value
            error[variable-initial-value] YNet:N: variable bad: /data/value/b
            error[variable-default-value] YNet:N: variable o: /data/value
        "#]],
    );
}

#[test]
fn the_data_schema_compiles() {
    let net = net("N", "", "T", &task("T", "o", WORK));
    for (schema, want) in [
        (
            "<xs:complexType name='a'><xs:bogus/></xs:complexType>",
            expect![[r#"
                error[schema-invalid] Specification:u at 1:81: the data schema
            "#]],
        ),
        (
            "<xs:import schemaLocation='http://example.org/a.xsd'/>",
            expect![[r#"
            error[schema-elsewhere] Specification:u at 1:56: xs:import of http://example.org/a.xsd at 1:56: a schema is never read from elsewhere
        "#]],
        ),
    ] {
        let schema =
            format!("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>{schema}</xs:schema>");
        check_document(&document(&schema, &[&net, EMPTY_GATEWAY]), want);
    }
}

/// A net in which `B` reads the local variable `v` and `A` writes it.
fn reader_and_writer(type_name: &str, flows: &str, rest: &str) -> String {
    let reads = mapping("startingMappings", "/N/v/text()", "p") + "<decomposesTo id='G'/>";
    let writes = mapping("completedMappings", "1", "v") + WORK;
    let elements = split("T", "and", flows, WORK)
        + &task("A", "J", &writes)
        + rest
        + &split("J", "and", &flow("B", ""), WORK)
            .replace("<join code='xor'/>", "<join code='and'/>")
        + &task("B", "o", &reads);
    net("N", &variable("localVariable", "v", type_name, ""), "T", &elements)
}

#[test]
fn a_variable_is_set_before_it_is_read() {
    let over_a = flow("A", "");
    let both = over_a.clone() + &flow("K", "");
    let beside = task("K", "J", WORK);
    let round = task("K", "B", WORK);
    check(&[&reader_and_writer("int", &over_a, ""), GATEWAY, EMPTY_GATEWAY], expect![[""]]);
    // The AND-join waits for A, whatever the other branch does.
    check(&[&reader_and_writer("int", &both, &beside), GATEWAY, EMPTY_GATEWAY], expect![[""]]);
    check(
        &[&reader_and_writer("int", &both, &round), GATEWAY, EMPTY_GATEWAY],
        expect![[r#"
        error[variable-unset] AtomicTask:B: it reads the local variable v of net N, which may not be set by then
    "#]],
    );
    check(
        &[&reader_and_writer("string", &both, &round), GATEWAY, EMPTY_GATEWAY],
        expect![[r#"
        warning[variable-unset-string] AtomicTask:B: it reads the local variable v of net N, which may not be set by then
    "#]],
    );
}

#[test]
fn work_is_done_on_every_path_and_in_every_cycle() {
    let cycle = |content: &str| {
        split("T", "and", &(flow("U", "") + &flow("o", "")), content) + &task("U", "T", "")
    };
    check(&[&net("N", "", "T", &cycle(WORK)), EMPTY_GATEWAY], expect![[""]]);
    check(
        &[&net("N", "", "T", &cycle(""))],
        expect![[r#"
        warning[net-empty-path] YNet:N: the net may complete without any generated work: tasks without decomposition lead from its input to its output condition
        error[net-loop] AtomicTask:T: in net N it takes part in an infinite loop or recursion in which no work items may be created
        error[net-loop] AtomicTask:U: in net N it takes part in an infinite loop or recursion in which no work items may be created
    "#]],
    );
    let twice = |id: &str, inner: &str| {
        net(id, "", "T", &task("T", "o", &format!("<decomposesTo id='{inner}'/>")))
    };
    check(
        &[&twice("N", "A"), &twice("A", "B"), &twice("B", "A"), &twice("X", "X")],
        expect![[r#"
        warning[decomposition-unused] YNet:X: the decomposition X is not used in this specification
        error[net-loop] CompositeTask:T: in net A it takes part in an infinite loop or recursion in which no work items may be created
        error[net-loop] CompositeTask:T: in net B it takes part in an infinite loop or recursion in which no work items may be created
        warning[net-loop-unused] CompositeTask:T: in net X it takes part in an infinite loop or recursion in which no work items may be created
    "#]],
    );
}

#[test]
fn a_net_of_the_largest_size_is_walked_without_recursion() {
    let count = crate::limits::NET_ELEMENTS_MAX;
    let chain = (0..count).map(|at| {
        let next = if at + 1 == count { "o".to_owned() } else { format!("T{}", at + 1) };
        task(&format!("T{at}"), &next, "")
    });
    let elements: String = chain.collect();
    check(
        &[&net("N", "", "T0", &elements)],
        expect![[r#"
        warning[net-empty-path] YNet:N: the net may complete without any generated work: tasks without decomposition lead from its input to its output condition
    "#]],
    );
}

#[test]
fn what_no_document_can_say_is_refused_too() {
    check_changed(
        |net| net.conditions.clear(),
        expect![[r#"
        error[net-input-condition] YNet:N: the net has 0 input conditions
        error[net-output-condition] YNet:N: the net has 0 output conditions
        error[net-path-forward] AtomicTask:T: in net N no path leads from the input condition to it
        error[net-path-backward] AtomicTask:T: in net N no path leads from it to the output condition
        error[flow-target] AtomicTask:T: in net N a flow leads to "o", which the net does not have
    "#]],
    );
    check_changed(
        |net| net.conditions[1].flows = net.conditions[0].flows.clone(),
        expect![[r#"
        error[flow-from-output] OutputCondition:o: in net N a flow leaves it
    "#]],
    );
    check_changed(
        |net| net.conditions[0].flows.clear(),
        expect![[r#"
        error[net-path-backward] InputCondition:i: in net N no path leads from it to the output condition
        error[net-path-forward] OutputCondition:o: in net N no path leads from the input condition to it
        error[net-path-forward] AtomicTask:T: in net N no path leads from the input condition to it
        error[flow-none] InputCondition:i: in net N no flow leaves it
    "#]],
    );
    check_changed(
        |net| net.tasks[0].id = "i".to_owned(),
        expect![[r#"
        error[id-duplicate] AtomicTask:i: in net N there are two elements with the id "i"
        error[net-path-backward] InputCondition:i: in net N no path leads from it to the output condition
        error[net-path-forward] OutputCondition:o: in net N no path leads from the input condition to it
        error[net-path-forward] AtomicTask:i: in net N no path leads from the input condition to it
        error[flow-target] InputCondition:i: in net N a flow leads to "T", which the net does not have
    "#]],
    );
    check_changed(
        |net| {
            net.locals.push(Variable { name: "v".to_owned(), ..Variable::default() });
            net.tasks[0].completed.push(Mapping { query: " ".to_owned(), maps_to: "v".to_owned() });
        },
        expect![[r#"
            error[mapping-empty] AtomicTask:T: in net N the completed mapping to v has no query
        "#]],
    );
    check_changed(
        |net| {
            let initial_value = Some("1".to_owned());
            let name = "1st".to_owned();
            net.head.inputs.push(Variable {
                name,
                initial_value,
                mandatory: true,
                ..Variable::default()
            });
        },
        expect![[r#"
            error[variable-name] YNet:N: "1st" is no name for a variable
            error[variable-mandatory] YNet:N: the mandatory input parameter 1st has an initial value
        "#]],
    );
}

#[test]
fn a_bad_data_schema_is_one_finding() {
    let schemas = [
        "<xs:schema".to_owned(),
        "<schema/>".to_owned(),
        " ".repeat(crate::types::SCHEMA_BYTES_MAX + 1),
        include_str!("../../../../testdata/hostile/schema/groups-doubling.xsd").to_owned(),
    ];
    let text = document("", &[&net("N", "", "T", &task("T", "o", WORK)), EMPTY_GATEWAY]);
    let mut specification = read(&text).unwrap().specifications.remove(0);
    let mut rules = String::new();
    for schema in schemas {
        specification.schema = Some(schema);
        let findings = verify(&specification);
        writeln!(rules, "{} {}", findings.len(), findings[0].rule).unwrap();
    }
    expect![[r#"
        1 schema-xml
        1 schema-root
        1 schema-size
        1 schema-complexity
    "#]]
    .assert_eq(&rules);
}
