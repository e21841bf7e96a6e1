//! Plans and the evaluator agree.

use std::sync::Arc;

use super::Plan;
use crate::{Document, Query, eval, parser, tests::NOW};

const ELEMENTS: [&str; 6] = [
    "<k>7</k>",
    "<s>a &lt; b&#xD;</s>",
    "<e/>",
    "<l><q>1</q><q>2</q>t</l>",
    "<k>12</k>",
    "<N><k>8</k><N/></N>",
];

#[test]
fn a_plan_gives_what_the_evaluator_gives() {
    let queries = [
        "<x>{/N/k/text()}</x>",
        "<x>{/N/k}</x>",
        "<x>{/N/s/text()}</x>",
        "<x>{/N/e/text()}</x>",
        "<x>{/N/none}</x>",
        "<x>{/N/l/*}</x>",
        "<x>{/N/l/text()}{/N/k}</x>",
        "<x a='&lt;1'>t<y>{/N/k/text()}</y>{'&lt;'}<z/></x>",
        "/N/l",
        "/N/l/q/text()",
        "/N",
        "/N/N/k",
        "/N/N/N",
        "/N/N/k/text()",
        "/M/k",
        "<x>{/*}</x>",
        "<x>{/N/*}</x>",
        "/N/k = '7'",
        "/N/k = 7",
        "/N/k > 10",
        "/N/l/q != 2",
        "/N/s = 7",
        "/N/e = ''",
        "/N/none = 1",
        "/N/k and not(/N/none)",
        "/N/none or exists(/N/k)",
        "empty(/N/k)",
        "true()",
        "boolean(/N/k) and false()",
    ];
    let elements = ELEMENTS.map(Arc::from);
    let text = format!("<N>{}</N>", ELEMENTS.concat());
    let parsed = Document::parse(&text).unwrap();
    let root = || parsed.root().unwrap();
    for query in queries {
        let module = parser::parse(query).unwrap();
        let plan = Plan::of(&module).unwrap_or_else(|| panic!("no plan for {query}"));
        for document in [Document::of_elements("N", &elements), Document::of_compact(&text)] {
            let compact = document.compact().unwrap();
            if let Some(planned) = plan.evaluate(compact) {
                assert_eq!(Ok(planned), eval::serialised(&module, root(), NOW), "{query}");
            }
            if let Some(planned) = plan.evaluate_boolean(compact) {
                assert_eq!(Ok(planned), eval::truth(&module, root(), NOW), "{query}");
            }
        }
    }
}

#[test]
fn a_document_becomes_a_tree_when_a_query_needs_one() {
    let elements = ELEMENTS.map(Arc::from);
    let query = Query::compile("<x>{count(/N/*), /N/k[1] + 1}</x>").unwrap();
    let document = Document::of_elements("N", &elements);
    assert_eq!(query.evaluate(&document, NOW).unwrap(), "<x>6 8</x>");
}

/// Data of the oldest specifications is stored unchecked: attributes are gone, and with them what a prefix means.
#[test]
fn data_that_is_no_document_is_an_error_of_the_query() {
    let document = Document::of_compact("<N><p:k/></N>");
    let query = Query::compile("count(/N/*)").unwrap();
    let error = query.evaluate(&document, NOW).unwrap_err();
    assert!(error.to_string().contains("cannot be parsed"), "{error}");
}
