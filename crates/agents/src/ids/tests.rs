//! What is a name and what is none.

use super::{AgentId, Capability};

#[test]
fn capabilities_are_compared_without_regard_to_case_and_space_around() {
    let parse = |text: &str| text.parse::<Capability>().expect("it is a capability");
    assert_eq!(parse("  Order Entry "), parse("order entry"));
    assert_ne!(parse("order"), parse("order entry"));
}

#[test]
fn a_name_that_is_none_says_what_is_wrong_with_it() {
    let agent = |text: &str| text.parse::<AgentId>().expect_err("it is no id").to_string();
    assert_eq!(agent(""), "the id of the agent is empty");
    assert_eq!(
        agent("a b"),
        "the id of the agent has ' ', allowed are letters, digits and . _ : @ / -"
    );
    assert_eq!(
        agent(&"a".repeat(129)),
        "the id of the agent has 129 bytes, at most 128 are allowed"
    );
    let capability = "a\u{7}b".parse::<Capability>().expect_err("it has a bell").to_string();
    assert_eq!(capability, "the capability has '\\u{7}', allowed are no control characters");
}
