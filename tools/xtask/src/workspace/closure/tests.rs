//! Sample outputs of `cargo tree`.

use expect_test::expect;

use super::check;
use crate::finding::show;

#[test]
fn a_banned_package_is_shown_with_the_way_to_it() {
    let tree = "0rules v0.1.0 (/work/rules)\n1xml v1.0.0\n2memory v2.0.0\n1numbers v1.0.0\n2rand v0.8.0\n3rand_core v0.6.0\n2rand v0.8.0 (*)\n\n1memory v2.0.0 (*)\n2tokio v1.0.0\n";
    expect![[r#"
        rules: is a core and reaches rand: rules → numbers → rand; switch the feature off or choose another library
        rules: is a core and reaches tokio: rules → memory → tokio; switch the feature off or choose another library
    "#]]
    .assert_eq(&show(check("rules", tree)));
}

#[test]
fn a_pure_closure_has_no_finding() {
    assert_eq!(show(check("rules", "0rules v0.1.0\n1operand v1.0.0\n1rand_core v1.0.0\n")), "");
}
