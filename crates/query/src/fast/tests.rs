//! Plans and the evaluator agree.

use super::Plan;
use crate::{Document, eval, node::Node, parser, tests::NOW};

const DOCUMENT: &str =
    "<N><k>7</k><s>a &lt; b</s><e/><l><q u='1'>1</q><q>2</q>t</l><n xmlns='u'><m/></n><!--c--></N>";

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
        "/N/n",
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
    let document = Document::parse(DOCUMENT).unwrap();
    for query in queries {
        let module = parser::parse(query).unwrap();
        let plan = Plan::of(&module).unwrap_or_else(|| panic!("no plan for {query}"));
        let root = || Node::Source(document.tree.root());
        if let Some(planned) = plan.evaluate(&document.tree) {
            assert_eq!(Ok(planned), eval::serialised(&module, root(), NOW), "{query}");
        }
        if let Some(planned) = plan.evaluate_boolean(&document.tree) {
            assert_eq!(Ok(planned), eval::truth(&module, root(), NOW), "{query}");
        }
    }
}
