//! The text that Prometheus reads.

use expect_test::expect;

use super::*;

#[test]
fn names_stand_as_they_are_and_histograms_are_cumulative() {
    let partition =
        |number: &str, value| Sample { label: Some(("partition", number.to_owned())), value };
    let buckets =
        Buckets { cumulative: vec![(0.5, 1), (20.0, 3), (f64::INFINITY, 4)], sum: 61.25, count: 4 };
    let families = [
        Family::counter("yawl_cases_created_total", "Cases created.", 7.0),
        Family::gauges("depth", "Waiting.", vec![partition("0", 3.0), partition("1", 0.0)]),
        Family::histogram("took_ms", "Time.", buckets),
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
