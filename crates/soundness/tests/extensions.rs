//! A net that uses an extension which is not modelled here is not judged: no verdict is better than a wrong one.

mod common;

use common::{compiled, files, programs, report, root, stem};
use engine::Program;
use soundness::{Answer, Limit, Outcome, judge};

const NAMESPACE: &str = "https://flotilla.dev/schema/extensions";

#[test]
fn every_pattern_with_an_extension_is_undecided_and_names_it() {
    let mut told = String::new();
    for file in files(&root().join("conformance/patterns")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let uses = ["termination=\"implicit\"", "tokens=\""].iter().any(|it| text.contains(it));
        assert_eq!(uses, text.contains(NAMESPACE), "{}", file.display());
        for program in programs(&file).expect("the patterns are valid") {
            let (text, verdict) = report(&stem(&file), &program, Limit::UPLOAD);
            assert_eq!(verdict.outcome() == Outcome::Undecided, uses, "{text}");
            if uses {
                told += &text;
            }
        }
    }
    expect_test::expect![[r#"
        11_implicit_termination: undecided
          Net: undecided; option to complete: unknown, proper completion: unknown, no dead tasks: unknown, weakly sound: unknown (0 transitions reduced to 0, 0 states)
          warning[sound-undecided] YNet:Net: not decided whether the net is sound: the net uses the extension termination, which is not modelled
        41_thread_merge: undecided
          Net: undecided; option to complete: unknown, proper completion: unknown, no dead tasks: unknown, weakly sound: unknown (0 transitions reduced to 0, 0 states)
          warning[sound-undecided] YNet:Net: not decided whether the net is sound: the net uses the extension tokens, which is not modelled
        42_thread_split: undecided
          Net: undecided; option to complete: unknown, proper completion: unknown, no dead tasks: unknown, weakly sound: unknown (0 transitions reduced to 0, 0 states)
          warning[sound-undecided] YNet:Net: not decided whether the net is sound: the net uses the extension tokens, which is not modelled
    "#]]
    .assert_eq(&told);
}

/// A root net that calls a subnet; each with an `ext:` attribute or none, and one on the flow into the subnet's task.
fn nested(root: &str, subnet: &str, flow: &str) -> Program {
    let text = format!(
        r#"<specificationSet xmlns="http://www.yawlfoundation.org/yawlschema" version="4.0"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ext="{NAMESPACE}">
        <specification uri="nested"><metaData><version>1.0</version></metaData>
        <schema xmlns="http://www.w3.org/2001/XMLSchema"/>
        <decomposition id="Root" isRootNet="true" xsi:type="NetFactsType" {root}>
          <processControlElements>
            <inputCondition id="i"><flowsInto><nextElementRef id="Call"/></flowsInto></inputCondition>
            <task id="Call"><flowsInto><nextElementRef id="o"/></flowsInto>
              <join code="xor"/><split code="and"/><decomposesTo id="Sub"/></task>
            <outputCondition id="o"/>
          </processControlElements>
        </decomposition>
        <decomposition id="Sub" xsi:type="NetFactsType" {subnet}>
          <processControlElements>
            <inputCondition id="i"><flowsInto><nextElementRef id="A"/></flowsInto></inputCondition>
            <task id="A"><flowsInto {flow}><nextElementRef id="B"/></flowsInto>
              <join code="xor"/><split code="and"/></task>
            <task id="B"><flowsInto><nextElementRef id="o"/></flowsInto>
              <join code="xor"/><split code="and"/></task>
            <outputCondition id="o"/>
          </processControlElements>
        </decomposition>
        </specification></specificationSet>"#
    );
    let set = model::read_bytes(text.as_bytes()).expect("it can be read");
    compiled(&set.specifications[0]).expect("it is valid")
}

fn outcomes(program: &Program) -> Vec<Outcome> {
    judge(program, Limit::UPLOAD).nets.iter().map(|net| net.outcome()).collect()
}

#[test]
fn the_net_that_uses_the_extension_is_undecided_and_with_it_the_specification() {
    use Outcome::{Sound, Undecided};
    let implicit = r#"ext:termination="implicit""#;
    assert_eq!(outcomes(&nested("", "", "")), [Sound, Sound]);
    assert_eq!(outcomes(&nested(implicit, "", "")), [Undecided, Sound]);
    let program = nested("", implicit, "");
    assert_eq!(outcomes(&program), [Sound, Undecided]);
    let verdict = judge(&program, Limit::UPLOAD);
    assert_eq!(verdict.outcome(), Undecided);
    assert_eq!(verdict.nets[1].is_weakly_sound(), Answer::Unknown);
    // Taken for plain YAWL this net would complete with a token left behind, and be called unsound.
    let program = nested("", "", r#"ext:tokens="2""#);
    assert_eq!(outcomes(&program), [Sound, Undecided]);
    assert!(report("nested", &program, Limit::UPLOAD).0.contains("the extension tokens"));
}

#[test]
fn an_extension_that_asks_for_what_plain_yawl_does_is_judged() {
    let plain = nested(r#"ext:termination="explicit""#, "", r#"ext:tokens="1""#);
    assert_eq!(outcomes(&plain), [Outcome::Sound, Outcome::Sound]);
}
