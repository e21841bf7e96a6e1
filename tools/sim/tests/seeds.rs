//! A few seeds, and those that failed once: `cargo run --release -p sim` runs as many as there is time for.

use std::path::Path;

use sim::Outcome;

const SEEDS: u64 = 6;

#[track_caller]
fn check(seed: u64, hours: u64) -> Outcome {
    let outcome = sim::run(seed, hours, false);
    assert_eq!(
        outcome.broken, None,
        "cargo run --release -p sim -- --seed {seed} --hours {hours} --trace"
    );
    outcome
}

#[test]
fn every_promise_is_kept_in_a_few_hours_of_faults() {
    let mut all = std::collections::BTreeMap::new();
    for seed in 0..SEEDS {
        for (what, count) in check(seed, 1).counts {
            *all.entry(what).or_insert(0) += count;
        }
    }
    // A world in which nothing goes wrong shows nothing.
    for what in [
        "agents dead",
        "claims denied after a wait",
        "claims turned away by the breaker",
        "doubles that gave way",
        "items handed on",
        "items requeued",
        "jumps of the wall clock",
        "last batches kept, nobody told",
        "last batches torn",
        "late results refused",
        "leases expired",
        "messages doubled",
        "node crashes",
        "node pauses",
        "reconnect storms",
        "results",
    ] {
        assert!(all.contains_key(what), "there were no {what}: {all:?}");
    }
}

#[test]
fn the_same_seed_is_the_same_world() {
    let (one, other) = (sim::run(11, 1, false), sim::run(11, 1, false));
    assert_eq!((one.events, one.checks, one.counts), (other.events, other.checks, other.counts));
}

#[test]
fn a_drought_spares_nine_of_ten_claims_and_everybody_is_back_within_the_longest_sleep() {
    let drought = check(3, 1).drought;
    let reduction = drought.reduction_percent();
    assert!((89.0..=98.0).contains(&reduction), "{reduction} % fewer claims");
    assert!(drought.claims > 0 && drought.recovery_ms > 0, "{drought:?}");
}

/// Files of `testdata/regressions` that begin with `sim SEED HOURS` say what was wrong behind that line.
#[test]
fn what_failed_once_is_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/regressions");
    let mut run = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let words: Vec<&str> = text.lines().next().unwrap_or_default().split(' ').collect();
        if let ["sim", seed, hours] = words[..] {
            check(seed.parse().unwrap(), hours.parse().unwrap());
            run += 1;
        }
    }
    assert!(run > 0, "there are some");
}
