//! What the generator promises: valid specifications, the same for a seed, of which every construct
//! has a share.

use std::collections::BTreeMap;

use model::{
    finding::Severity,
    specification::{Decomposition, Gate, SchemaVersion, Specification, SpecificationSet},
};
use netgen::{Construct, Shape};

const SEEDS: u64 = 100;

fn shapes() -> [Shape; 4] {
    let bare = [Construct::Data, Construct::OrGate, Construct::Cancellation, Construct::Timer];
    [
        Shape::structured(14),
        Shape::free(10),
        Shape::structured(8).without(&bare),
        Shape::free(6).without(&Construct::ALL),
    ]
}

#[test]
fn every_specification_passes_verification_compiles_and_reads_back_equal() {
    for shape in shapes() {
        for seed in 0..SEEDS {
            let made = netgen::specification(seed, &shape);
            let findings = model::verify(&made);
            let errors: Vec<_> =
                findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "seed {seed} of {shape:?}: {errors:#?}");
            if let Err(findings) = engine::Program::compile(&made) {
                panic!("seed {seed} of {shape:?} does not compile: {findings:#?}");
            }
            let text = netgen::text(seed, &shape);
            let set = model::read(&text).expect("what is written can be read");
            let made = SpecificationSet {
                version: SchemaVersion::V4_0,
                specifications: vec![made],
                layout: None,
            };
            assert!(set == made, "seed {seed} of {shape:?} reads back different");
        }
    }
}

#[test]
fn a_seed_gives_the_same_specification_and_another_seed_another() {
    let shape = Shape::structured(12);
    assert_eq!(netgen::text(7, &shape), netgen::text(7, &shape));
    assert_ne!(netgen::text(7, &shape), netgen::text(8, &shape));
}

#[test]
fn every_construct_appears_and_what_is_left_out_does_not() {
    for (shape, is_bare) in [
        (Shape::structured(14), false),
        (Shape::free(10), false),
        (Shape::structured(14).without(&Construct::ALL), true),
    ] {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for seed in 0..SEEDS {
            count(&netgen::specification(seed, &shape), &mut seen);
        }
        for construct in CONSTRUCTS {
            let times = seen.get(construct).copied().unwrap_or_default();
            assert_eq!(times > 10, !is_bare, "{construct}: {times} times in {shape:?}");
        }
    }
}

const CONSTRUCTS: [&str; 11] = [
    "OR-join",
    "OR-split",
    "cancelled element",
    "cancelled flow",
    "deferred choice",
    "instances",
    "composite",
    "empty",
    "timer",
    "timer predicate",
    "enablement",
];

fn count(specification: &Specification, seen: &mut BTreeMap<&str, usize>) {
    let mut see = |what: &'static str, times: usize| *seen.entry(what).or_default() += times;
    for net in specification.nets() {
        let choices = net.conditions.iter().filter(|condition| condition.flows.len() > 1);
        see("deferred choice", choices.count());
        for task in &net.tasks {
            see("OR-join", usize::from(task.join == Gate::Or));
            see("OR-split", usize::from(task.split == Gate::Or));
            see("cancelled element", task.removes.len());
            see("cancelled flow", task.removes_from_flows.len());
            see("instances", usize::from(task.multi_instance.is_some()));
            see("empty", usize::from(task.decomposes_to.is_none()));
            see("timer", usize::from(task.timer.is_some()));
            see("enablement", task.enablement.len());
            let predicates = task.flows.iter().filter_map(|flow| flow.predicate.as_ref());
            let timed = predicates.filter(|predicate| predicate.query.starts_with("timer("));
            see("timer predicate", timed.count());
            let named =
                task.decomposes_to.as_deref().and_then(|id| specification.decomposition(id));
            see("composite", usize::from(matches!(named, Some(Decomposition::Net(_)))));
        }
    }
}
