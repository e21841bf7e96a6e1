//! The text that Prometheus reads.

use expect_test::expect;

use super::*;

fn buckets() -> Buckets {
    Buckets { cumulative: vec![(0.5, 1), (20.0, 3), (f64::INFINITY, 4)], sum: 61.25, count: 4 }
}

#[test]
fn names_stand_as_they_are_and_histograms_are_cumulative() {
    let partition = |number: &str, value| Sample::of("partition", number, value);
    let families = [
        Family::counter("yawl_cases_created_total", "Cases created.", 7.0),
        Family::gauges("depth", "Waiting.", vec![partition("0", 3.0), partition("1", 0.0)]),
        Family::histogram("took_ms", "Time.", buckets()),
    ];
    expect![[r#"
        # HELP yawl_cases_created_total Cases created.
        # TYPE yawl_cases_created_total counter
        yawl_cases_created_total 7
        # HELP depth Waiting.
        # TYPE depth gauge
        depth{partition="0"} 3
        depth{partition="1"} 0
        # HELP took_ms Time.
        # TYPE took_ms histogram
        took_ms_bucket{le="0.5"} 1
        took_ms_bucket{le="20"} 3
        took_ms_bucket{le="+Inf"} 4
        took_ms_sum 61.25
        took_ms_count 4
    "#]]
    .assert_eq(&text(&families));
}

#[test]
fn labels_stand_in_front_of_bounds_and_quantiles_behind_the_buckets() {
    let labels = vec![("member_id", "a \"b\" \\ c\n".to_owned()), ("member_role", "leader".into())];
    let families = [
        Family::gauges("lag_ms", "Lag.", vec![Sample { labels, value: 0.0 }]),
        Family::histograms("held_ms", "Time.", vec![Sample::of("state", "STOPPING", buckets())]),
        Family::histogram_with_quantiles("look_ms", "Time.", buckets()),
    ];
    expect![[r##"
        # HELP lag_ms Lag.
        # TYPE lag_ms gauge
        lag_ms{member_id="a \"b\" \\ c\n",member_role="leader"} 0
        # HELP held_ms Time.
        # TYPE held_ms histogram
        held_ms_bucket{state="STOPPING",le="0.5"} 1
        held_ms_bucket{state="STOPPING",le="20"} 3
        held_ms_bucket{state="STOPPING",le="+Inf"} 4
        held_ms_sum{state="STOPPING"} 61.25
        held_ms_count{state="STOPPING"} 4
        # HELP look_ms Time.
        # TYPE look_ms histogram
        look_ms_bucket{le="0.5"} 1
        look_ms_bucket{le="20"} 3
        look_ms_bucket{le="+Inf"} 4
        look_ms_sum 61.25
        look_ms_count 4
        look_ms{quantile="0.5"} 10.25
        look_ms{quantile="0.95"} 20
        look_ms{quantile="0.99"} 20
    "##]]
    .assert_eq(&text(&families));
}

#[test]
fn a_quantile_is_where_promql_finds_it() {
    let even = Buckets { cumulative: vec![(10.0, 5), (20.0, 10)], sum: 100.0, count: 10 };
    assert_eq!(quantile(0.5, &even), 10.0);
    assert_eq!(quantile(0.75, &even), 15.0);
    assert_eq!(quantile(0.99, &buckets()), 20.0, "beyond the last bound that bound is known");
    let none = Buckets { cumulative: vec![(10.0, 0), (f64::INFINITY, 0)], sum: 0.0, count: 0 };
    assert!(quantile(0.5, &none).is_nan());
}
