//! Which name a task is claimed by.

use super::capability_of;

#[test]
fn what_is_declared_comes_before_the_decomposition_and_that_before_the_task() {
    let name = |declared, decomposition| {
        capability_of(declared, decomposition, "Check_claim_7").unwrap().as_str().to_owned()
    };
    assert_eq!(name(Some(" Fraud Check "), Some("Check_claim")), "fraud check");
    assert_eq!(name(None, Some("Check_claim")), "check_claim");
    assert_eq!(name(None, None), "check_claim_7");
}

#[test]
fn an_empty_declaration_is_refused_and_not_passed_over() {
    assert!(capability_of(Some(" "), Some("Check_claim"), "T").is_err());
}
