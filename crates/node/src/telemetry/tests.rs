//! Buckets as an exporter sees them.

use std::time::Duration;

use super::*;

#[test]
fn buckets_are_cumulative_and_bounds_belong_to_them() {
    let histogram = Histogram::new(&[1.0, 10.0]);
    for value in [0.5, 1.0, 1.5, 10.0, 11.0] {
        histogram.observe(value);
    }
    histogram.observe_many(2.0, 3);
    histogram.observe_duration(Duration::from_micros(250));
    let read = histogram.read();
    assert_eq!(read.cumulative, [(1.0, 3), (10.0, 8), (f64::INFINITY, 9)]);
    assert_eq!((read.sum, read.count), (30.25, 9));
}
