//! What a specification says becomes the review that is held; both know the same limits.

use agents::conflict::{QUORUM_MAX, TIMEOUT_MS_MAX};
use expect_test::expect;
use model::limits::{AGENT_NAME_BYTES_MAX, REVIEW_QUORUM_MAX, REVIEW_TIMEOUT_MS_MAX};

use super::*;

#[test]
fn the_reader_of_specifications_knows_the_limits_of_reviews() {
    assert_eq!(REVIEW_QUORUM_MAX, QUORUM_MAX);
    assert_eq!(REVIEW_TIMEOUT_MS_MAX, TIMEOUT_MS_MAX);
    assert_eq!(AGENT_NAME_BYTES_MAX, agents::ids::AGENT_ID_BYTES_MAX);
}

#[test]
fn what_is_not_said_is_as_usual() {
    let terms = ReviewTerms {
        severity: Some("HIGH".to_owned()),
        confidence_min: Some("0.75".to_owned()),
        supermajority: Some("0".to_owned()),
        arbiter: Some("judge".to_owned()),
        timeout: Some("P1DT0.5S".to_owned()),
        fallback_to_human: Some(false),
        ..ReviewTerms::default()
    };
    expect![[r#"
        Review {
            quorum: 3,
            strategy: MajorityVote,
            severity: High,
            confidence_min: Share(
                7500,
            ),
            votes_min: 2,
            supermajority: Some(
                Share(
                    0,
                ),
            ),
            arbiter: Some(
                AgentId(
                    "judge",
                ),
            ),
            timeout_ms: 86400500,
            fallback_to_human: false,
        }"#]]
    .assert_eq(&format!("{:#?}", with(Review::of(3), &terms)));
    assert_eq!(with(Review::of(1), &ReviewTerms::default()), Review::of(1));
}
