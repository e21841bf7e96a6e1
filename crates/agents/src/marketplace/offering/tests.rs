//! Drafts that are no offerings, and the one form of those that are.

use expect_test::{Expect, expect};

use super::*;

fn draft() -> Draft {
    Draft::minimal("Ordering", "takes orders")
}

/// Changes a good draft and says what is wrong with it then.
#[track_caller]
fn check(changes: &[fn(&mut Draft)], want: Expect) {
    let mut got = String::new();
    for change in changes {
        let mut draft = draft();
        change(&mut draft);
        let answer = Offering::new(draft).map_or_else(|wrong| wrong.to_string(), |_| "good".into());
        got += &format!("{answer}\n");
    }
    want.assert_eq(&got);
}

fn long(bytes: usize) -> SmolStr {
    "x".repeat(bytes).into()
}

fn many(entries: usize) -> Vec<SmolStr> {
    (0..entries).map(|entry| entry.to_string().into()).collect()
}

#[test]
fn texts_have_a_length_and_no_control_characters() {
    check(
        &[
            |draft| draft.domain = "".into(),
            |draft| draft.domain = " \u{a0} ".into(),
            |draft| draft.domain = long(DOMAIN_BYTES_MAX),
            |draft| draft.domain = long(DOMAIN_BYTES_MAX + 1),
            |draft| draft.domain = "a\nb".into(),
            |draft| draft.description = "".into(),
            |draft| draft.description = "a\nb".into(),
            |draft| draft.description = "a\0b".into(),
            |draft| draft.description = long(DESCRIPTION_BYTES_MAX + 1),
            |draft| draft.spec_version = "".into(),
            |draft| draft.spec_version = long(SPEC_VERSION_BYTES_MAX + 1),
            |draft| draft.content_hash = "".into(),
            |draft| draft.content_hash = "0123456789abcdefABCDEF0123456789".repeat(2).into(),
            |draft| draft.content_hash = long(CONTENT_HASH_BYTES),
            |draft| draft.content_hash = "00".into(),
        ],
        expect![[r#"
            domain: is empty
            domain: is empty
            good
            domain: has 129 bytes, at most 128 are allowed
            domain: holds the control character '\n'
            good
            good
            description: holds the control character '\0'
            description: has 1025 bytes, at most 1024 are allowed
            spec_version: is empty
            spec_version: has 65 bytes, at most 64 are allowed
            good
            good
            content_hash: is neither empty nor 64 hexadecimal digits
            content_hash: is neither empty nor 64 hexadecimal digits
        "#]],
    );
}

#[test]
fn lists_have_a_limit_and_no_empty_entries() {
    check(
        &[
            |draft| draft.coverage.namespaces = many(NAMESPACES_MAX),
            |draft| draft.coverage.namespaces = many(NAMESPACES_MAX + 1),
            |draft| draft.coverage.namespaces = vec!["urn:a".into(), "".into()],
            |draft| draft.coverage.namespaces = vec![long(TERM_BYTES_MAX + 1)],
            |draft| draft.coverage.sparql_patterns = many(QUERIES_MAX + 1),
            |draft| draft.coverage.sparql_patterns = vec!["\n".into()],
            |draft| draft.coverage.construct_templates = vec!["CONSTRUCT\n{}".into()],
            |draft| draft.coverage.construct_templates = vec![long(QUERY_BYTES_MAX + 1)],
            |draft| draft.fit = vec![Contract::default(); CONTRACTS_MAX + 1],
            |draft| draft.fit = vec![Contract { input_tokens: many(33), ..Contract::default() }],
            |draft| draft.fit = vec![Contract { output_tokens: many(33), ..Contract::default() }],
            |draft| {
                let wcp_patterns = vec![Wcp::new(43).unwrap(); 44];
                draft.fit = vec![Contract { wcp_patterns, ..Contract::default() }];
            },
            |draft| draft.latency = vec![LatencyProfile::inference(); PROFILES_MAX + 1],
            |draft| {
                draft.coverage.sparql_patterns =
                    "abcdef".chars().map(|c| c.to_string().repeat(4000).into()).collect()
            },
        ],
        expect![[r#"
            good
            coverage.namespaces: has 65 entries, at most 64 are allowed
            coverage.namespaces[1]: is empty
            coverage.namespaces[0]: has 257 bytes, at most 256 are allowed
            coverage.sparql_patterns: has 65 entries, at most 64 are allowed
            coverage.sparql_patterns[0]: is empty
            good
            coverage.construct_templates[0]: has 4097 bytes, at most 4096 are allowed
            fit: has 44 entries, at most 43 are allowed
            fit[0].input_tokens: has 33 entries, at most 32 are allowed
            fit[0].output_tokens: has 33 entries, at most 32 are allowed
            fit[0].wcp_patterns: has 44 entries, at most 43 are allowed
            latency: has 17 entries, at most 16 are allowed
            offering: has 24023 bytes, at most 16384 are allowed
        "#]],
    );
}

#[test]
fn numbers_are_finite_and_in_their_range() {
    check(
        &[
            |draft| draft.cost.base_price_per_cycle = f64::NAN,
            |draft| draft.cost.base_price_per_cycle = f64::INFINITY,
            |draft| draft.cost.base_price_per_cycle = -0.5,
            |draft| draft.cost.base_price_per_cycle = -0.0,
            |draft| draft.cost.base_price_per_cycle = f64::MAX,
            |draft| draft.cost.base_price_per_cycle = f64::MIN_POSITIVE / 2.0,
            |draft| draft.cost.construct_queries_per_call = f64::NEG_INFINITY,
            |draft| draft.cost.llm_inference_ratio = 1.0,
            |draft| draft.cost.llm_inference_ratio = 1.000_001,
            |draft| draft.cost.llm_inference_ratio = f64::NAN,
        ],
        expect![[r#"
            cost.base_price_per_cycle: is NaN, allowed is a finite number from 0
            cost.base_price_per_cycle: is inf, allowed is a finite number from 0
            cost.base_price_per_cycle: is -0.5, allowed is a finite number from 0
            good
            good
            good
            cost.construct_queries_per_call: is -inf, allowed is a finite number from 0
            good
            cost.llm_inference_ratio: is 1.000001, allowed is 0 to 1
            cost.llm_inference_ratio: is NaN, allowed is 0 to 1
        "#]],
    );
}

fn profile(graph_triples: u64, p50_ms: u64, p95_ms: u64, p99_ms: u64) -> LatencyProfile {
    LatencyProfile { graph_triples, p50_ms, p95_ms, p99_ms }
}

#[test]
fn percentiles_ascend() {
    check(
        &[
            |draft| draft.latency = vec![profile(1, 5, 5, 5)],
            |draft| draft.latency = vec![profile(0, 1, 2, 3)],
            |draft| draft.latency = vec![profile(1, 1, 2, 3), profile(1, 3, 2, 3)],
            |draft| draft.latency = vec![profile(1, 1, 3, 2)],
            |draft| draft.latency = vec![profile(1, 1, 3, u64::MAX)],
        ],
        expect![[r#"
            good
            latency[0].graph_triples: is 0, a graph has at least one triple
            latency[1].p95_ms: is 2 and less than the percentile before it, 3
            latency[0].p99_ms: is 2 and less than the percentile before it, 3
            latency[0].p99_ms: is 18446744073709552000, allowed is less than 2^64 - 1
        "#]],
    );
}

#[test]
fn order_and_repetition_in_lists_make_no_other_offering() {
    let (mut one, mut other) = (draft(), draft());
    one.coverage.namespaces = vec!["urn:b".into(), "urn:a".into(), "urn:b".into()];
    other.coverage.namespaces = vec!["urn:a".into(), "urn:b".into()];
    one.fit = vec![Contract::of(Wcp(2)), Contract::of(Wcp(1)), Contract::of(Wcp(2))];
    other.fit = vec![Contract::of(Wcp(1)), Contract::of(Wcp(2))];
    one.latency = vec![LatencyProfile::inference(), LatencyProfile::qlever_class()];
    other.latency = vec![LatencyProfile::qlever_class(), LatencyProfile::inference()];
    one.cost.base_price_per_cycle = -0.0;
    other.cost.base_price_per_cycle = 0.0;
    one.description = " takes orders\n".into();
    let (one, other) = (Offering::new(one).unwrap(), Offering::new(other).unwrap());
    assert_eq!(one, other);
    assert_eq!(one.rank(), other.rank());
}

#[test]
fn the_profile_of_the_nearest_graph_counts_and_of_two_the_slower_one() {
    let mut draft = draft();
    assert_eq!(Offering::new(draft.clone()).unwrap().p99_ms_at(1), None);
    draft.latency = vec![profile(100, 1, 1, 10), profile(200, 1, 1, 5), profile(200, 1, 1, 7)];
    let offering = Offering::new(draft).unwrap();
    let p99_ms_at = |graph| offering.p99_ms_at(graph).unwrap();
    assert_eq!([0, 149, 150, 151, u64::MAX].map(p99_ms_at), [10, 10, 10, 7, 7]);
    assert_eq!(offering.rank().declared_p99_ms(), Some(10));
}

#[test]
fn presets_are_those_of_the_reference() {
    let offering = Offering::new(draft()).unwrap();
    assert_eq!(offering.cost, Cost::pure_inference(1.0));
    assert_eq!(offering.cost.llm_inference_ratio, 1.0);
    assert_eq!((offering.rank().price.number(), offering.rank().declared_p99_ms()), (1.0, None));
    assert_eq!(LatencyProfile::qlever_class(), profile(1_000_000_000, 5, 50, 95));
    assert_eq!(LatencyProfile::standard_sparql(), profile(10_000_000, 80, 500, 1_200));
    assert_eq!(LatencyProfile::inference(), profile(1_000_000, 800, 3_000, 8_000));
}

#[test]
fn prices_are_ordered_as_their_numbers() {
    let numbers = [0.0, f64::MIN_POSITIVE, 0.1, 0.5, 1.0, 1.5, 1e300, f64::MAX];
    assert!(numbers.map(Price::of).is_sorted());
    assert_eq!(numbers.map(|number| Price::of(number).number()), numbers);
    assert_eq!(Price::of(-0.0), Price::of(0.0));
}

#[test]
fn an_offering_is_stored_and_read_again() {
    let mut draft = draft();
    draft.fit = vec![Contract::of(Wcp(43))];
    draft.latency = vec![LatencyProfile::inference()];
    let offering = Offering::new(draft.clone()).unwrap();
    let bytes = postcard::to_stdvec(&offering).unwrap();
    assert_eq!(postcard::from_bytes::<Offering>(&bytes).unwrap(), offering);
    draft.domain = "".into();
    let bytes = postcard::to_stdvec(&draft).unwrap();
    assert!(postcard::from_bytes::<Offering>(&bytes).is_err(), "what is read is checked too");
}
