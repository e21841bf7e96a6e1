//! Arbitrary texts: an answer or a refusal, never a panic.

use proptest::prelude::*;

use super::answers::NOW;
use crate::{Document, Query, eval, parser};

/// Pieces that texts are put together from, so that many of them get far.
const PIECES: [&str; 96] = [
    "<a>",
    "</a>",
    "<b c='",
    "'/>",
    "{",
    "}",
    "{{",
    "}}",
    "(",
    ")",
    "[",
    "]",
    "/",
    "//",
    "..",
    ".",
    "@",
    "*",
    "::",
    ":",
    "$x",
    "$y",
    ":=",
    " for ",
    " let ",
    " in ",
    " return ",
    " where ",
    " order by ",
    " group by ",
    " at ",
    " count ",
    " if ",
    " then ",
    " else ",
    " some ",
    " every ",
    " satisfies ",
    " descending",
    " empty greatest",
    " and ",
    " or ",
    " = ",
    " != ",
    " < ",
    " <= ",
    " eq ",
    " is ",
    " << ",
    " + ",
    " - ",
    " * ",
    " div ",
    " idiv ",
    " mod ",
    " to ",
    " | ",
    " union ",
    " intersect ",
    " except ",
    " instance of ",
    " cast as ",
    " castable as ",
    " treat as ",
    "xs:integer",
    "xs:date",
    "xs:decimal",
    "element(a)",
    "text()",
    "node()",
    "count(",
    "sum(",
    "string(",
    "concat(",
    "substring(",
    "position()",
    "last()",
    "current-date()",
    "1",
    "2.5",
    "1e3",
    "'s'",
    "\"t\"",
    "&lt;",
    "&#65;",
    ",",
    ";",
    "!",
    "||",
    "=>",
    "a",
    "/N/k",
    "//l",
    "child::",
    "ancestor::",
    "declare variable $x ",
];

fn pieced() -> impl Strategy<Value = String> {
    proptest::collection::vec(0..PIECES.len(), 1..40)
        .prop_map(|indices| indices.into_iter().map(|index| PIECES[index]).collect())
}

const LEAVES: [&str; 13] = [
    "1",
    "2.5",
    "'7'",
    "()",
    "/N/k",
    "/N/l",
    "//q/text()",
    "(1, 2, 3)",
    "xs:date('2026-01-31')",
    "xs:dayTimeDuration('P1D')",
    "true()",
    "1e0",
    "/N/@id",
];

const OPERATORS: [&str; 21] = [
    "+", "-", "*", "div", "idiv", "mod", "=", "<", "!=", "eq", "lt", "and", "or", "||", "to", "|",
    "except", "is", "<<", "!", ",",
];

const FUNCTIONS: [&str; 29] = [
    "count",
    "sum",
    "avg",
    "max",
    "min",
    "string",
    "number",
    "not",
    "empty",
    "exists",
    "distinct-values",
    "reverse",
    "data",
    "abs",
    "round",
    "floor",
    "string-join",
    "upper-case",
    "normalize-space",
    "string-length",
    "head",
    "tail",
    "sort",
    "name",
    "root",
    "year-from-date",
    "xs:integer",
    "xs:double",
    "xs:date",
];

/// Well-formed expressions over a few operators, to reach the evaluator.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(LEAVES.as_slice()).prop_map(str::to_owned);
    leaf.prop_recursive(4, 32, 3, |inner| {
        let operator = prop::sample::select(OPERATORS.as_slice());
        let function = prop::sample::select(FUNCTIONS.as_slice());
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            (two.clone(), operator)
                .prop_map(|((a, b), operator)| format!("({a}) {operator} ({b})")),
            (inner.clone(), function).prop_map(|(a, function)| format!("{function}(({a}))")),
            two.clone().prop_map(|(a, b)| format!("({a})[{b}]")),
            two.clone().prop_map(|(a, b)| format!("({a})/({b})")),
            two.clone().prop_map(|(a, b)| format!("<e a='{{{a}}}'>{{{b}}}</e>")),
            two.clone()
                .prop_map(|(a, b)| format!("(for $x at $i in ({a}) order by $x return ({b}, $i))")),
            two.clone().prop_map(|(a, b)| format!(
                "(for $x in ({a}) group by $k := ({b}) return count($x))"
            )),
            two.clone().prop_map(|(a, b)| format!("(if ({a}) then {b} else ())")),
            two.prop_map(|(a, b)| format!("(some $x in ({a}) satisfies $x = ({b}))")),
            inner.prop_map(|a| format!("({a}) instance of xs:integer*")),
        ]
    })
}

fn run(text: &str) {
    let parsed = Document::parse("<N id='5'><k>7</k><l><q>1</q><q>b</q></l></N>").unwrap();
    let compact = Document::of_compact("<N><k>7</k><l><q>1</q><q>b</q></l></N>");
    if let Ok(query) = Query::compile(text) {
        let _ = query.evaluate(&parsed, NOW);
        let _ = query.evaluate_boolean(&parsed, NOW);
        // With or without a plan, the answer is the same.
        let module = parser::parse(text).unwrap();
        let root = || compact.root().unwrap();
        let answer = query.evaluate(&compact, NOW).ok();
        assert_eq!(answer, eval::serialised(&module, root(), NOW).ok(), "{text}");
        let verdict = query.evaluate_boolean(&compact, NOW).ok();
        assert_eq!(verdict, eval::truth(&module, root(), NOW).ok(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_compiled_or_refused(text in "\\PC{0,200}") {
        let _ = Query::compile(&text);
    }

    #[test]
    fn any_row_of_pieces_is_run_or_refused(text in pieced()) {
        run(&text);
    }

    #[test]
    fn any_expression_is_run_or_refused(text in expression()) {
        run(&text);
    }
}
