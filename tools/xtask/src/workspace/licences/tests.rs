//! Sample licence expressions.

use expect_test::expect;

use super::{check, is_accepted};
use crate::{finding::show, workspace::Graph};

#[test]
fn an_expression_is_met_when_one_way_through_it_is() {
    let table = [
        "MIT",
        "MIT OR Apache-2.0",
        "MIT/Apache-2.0",
        "GPL-3.0 OR MIT",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT",
        "MIT)",
        "MIT OR",
        "",
    ];
    let got: String =
        table.iter().map(|text| format!("{text:?}: {}\n", is_accepted(text, &[]))).collect();
    expect![[r#"
        "MIT": true
        "MIT OR Apache-2.0": true
        "MIT/Apache-2.0": true
        "GPL-3.0 OR MIT": true
        "(MIT OR GPL-3.0) AND Unicode-3.0": true
        "Apache-2.0 WITH LLVM-exception": true
        "GPL-3.0": false
        "MIT AND GPL-3.0": false
        "(MIT": false
        "MIT)": false
        "MIT OR": false
        "": false
    "#]]
    .assert_eq(&got);
}

#[test]
fn a_package_without_an_accepted_licence_is_named() {
    let graph = Graph::of(
        "(ours) [Apache-2.0]: good bad none
         good [MIT]:
         bad [AGPL-3.0-only]:
         none []:",
    );
    expect![[r#"
        bad 1.0.0: licence `AGPL-3.0-only` is not among the accepted ones; choose another package
        none 1.0.0: licence `` is not among the accepted ones; choose another package
    "#]]
    .assert_eq(&show(check(&graph)));
}
