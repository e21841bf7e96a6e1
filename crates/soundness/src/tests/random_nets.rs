//! Random nets: the verdict is the truth, a counterexample replays.

use engine::{NetIndex, Program, program::Net};
use netgen::{Construct, Shape};

use super::brute::truth;
use crate::{
    Limit,
    judge::judge_net,
    marking::replay,
    verdict::{Answer, Defect, Kind, NetVerdict, Outcome},
};

/// States that the plain search may visit per net.
const STATES_MAX: usize = 1_500;

/// Specifications per shape.
const SEEDS: u64 = 100;

fn shapes() -> [Shape; 5] {
    let rest = [Construct::OrGate, Construct::Cancellation];
    [
        Shape::free(5),
        Shape::free(8).without(&rest),
        Shape::free(6).without(&[Construct::OrGate]),
        Shape::structured(8).without(&[Construct::Data]),
        Shape::structured(8).without(&[Construct::Data, Construct::Cancellation]),
    ]
}

fn for_each_net(seeds: u64, mut work: impl FnMut(&str, &Net, NetVerdict)) {
    for shape in shapes() {
        for seed in 0..seeds {
            let specification = netgen::specification(seed, &shape);
            let program = Program::compile(&specification).expect("generated nets compile");
            for (index, net) in (0..).map(NetIndex).zip(&program.nets) {
                let verdict = judge_net(net, index, Limit(20_000));
                work(&format!("net {} of seed {seed}, {shape:?}", net.id), net, verdict);
            }
        }
    }
}

fn has(verdict: &NetVerdict, kind: Kind) -> bool {
    verdict.defects.iter().any(|defect| defect.kind == kind)
}

#[test]
fn the_verdict_is_what_the_definitions_say() {
    let (mut compared, mut sound) = (0, 0);
    for_each_net(SEEDS, |name, net, verdict| {
        let Some(truth) = truth(net, STATES_MAX) else { return };
        assert_ne!(verdict.outcome(), Outcome::Undecided, "{name}: {verdict:#?}");
        let of = |holds: bool| if holds { Answer::Yes } else { Answer::No };
        let completes = !truth.deadlock && !truth.livelock;
        assert_eq!(verdict.option_to_complete, of(completes), "{name}: {truth:#?}, {verdict:#?}");
        assert_eq!(verdict.weak_option_to_complete, of(truth.can_end), "{name}");
        assert_eq!(verdict.proper_completion, of(!truth.improper), "{name}: {verdict:#?}");
        assert_eq!(has(&verdict, Kind::Deadlock), truth.deadlock, "{name}: {verdict:#?}");
        assert_eq!(has(&verdict, Kind::Livelock), truth.livelock, "{name}: {verdict:#?}");
        let dead = verdict.defects.iter().filter_map(|defect| match defect.kind {
            Kind::DeadTask(task) => Some(task),
            Kind::Deadlock
            | Kind::Livelock
            | Kind::NoCompletion
            | Kind::ImproperCompletion
            | Kind::Unbounded => None,
        });
        assert_eq!(dead.collect::<std::collections::BTreeSet<_>>(), truth.dead, "{name}");
        let advice = verdict.advice.iter().copied().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(advice, truth.advice, "{name}: {verdict:#?}");
        compared += 1;
        sound += usize::from(verdict.outcome() == Outcome::Sound);
    });
    assert!(compared > 400, "only {compared} nets were small enough");
    assert!(sound > 100 && compared - sound > 100, "{sound} of {compared} are sound");
}

#[test]
fn every_counterexample_replays_and_shows_what_it_says() {
    let mut replayed = 0;
    for_each_net(SEEDS, |name, net, verdict| {
        for defect in &verdict.defects {
            check_defect(name, net, defect);
            replayed += 1;
        }
    });
    assert!(replayed > 300, "only {replayed} defects");
}

fn check_defect(name: &str, net: &Net, defect: &Defect) {
    let marking = replay(net, &defect.walk)
        .unwrap_or_else(|number| panic!("{name}: move {number} of {defect:#?} cannot happen"));
    assert_eq!(marking, defect.marking, "{name}");
    let is_stuck = marking.moves(net).is_empty() && !marking.is_over(net);
    match defect.kind {
        Kind::Deadlock => assert!(is_stuck, "{name}: {defect:#?}"),
        Kind::ImproperCompletion => {
            assert!(marking.is_over(net) && !marking.is_proper(net), "{name}: {defect:#?}");
        }
        Kind::Livelock => {
            let walk = [defect.walk.clone(), defect.cycle.clone()].concat();
            assert!(!defect.cycle.is_empty(), "{name}: {defect:#?}");
            assert_eq!(replay(net, &walk).as_ref(), Ok(&marking), "{name}: {defect:#?}");
        }
        Kind::NoCompletion => assert!(defect.walk.is_empty(), "{name}: {defect:#?}"),
        Kind::Unbounded => {
            assert!(marking.tokens.iter().any(|tokens| *tokens > 1), "{name}: {defect:#?}");
        }
        Kind::DeadTask(task) => assert!(!marking.enables(net, task), "{name}: {defect:#?}"),
    }
}

/// So little that most nets are not searched to their end, and the backward search has to help.
const LIMITS_SMALL: [Limit; 3] = [Limit(1), Limit(4), Limit(12)];

#[test]
fn what_is_said_before_all_states_are_seen_is_true() {
    let mut said = [0; 4];
    for_each_net(SEEDS / 2, |name, net, _| {
        let Some(truth) = truth(net, STATES_MAX) else { return };
        let of = |holds: bool| if holds { Answer::Yes } else { Answer::No };
        let completes = !truth.deadlock && !truth.livelock;
        for limit in LIMITS_SMALL {
            let verdict = judge_net(net, NetIndex(0), limit);
            let answers = [
                (verdict.option_to_complete, of(completes)),
                (verdict.weak_option_to_complete, of(truth.can_end)),
                (verdict.proper_completion, of(!truth.improper)),
                (verdict.no_dead_tasks, of(truth.dead.is_empty())),
            ];
            for (count, (answer, right)) in said.iter_mut().zip(answers) {
                let is_right = answer == right || answer == Answer::Unknown;
                assert!(is_right, "{name}, {limit:?}: {truth:#?}, {verdict:#?}");
                *count += usize::from(verdict.open.is_some() && answer != Answer::Unknown);
            }
            for defect in &verdict.defects {
                check_defect(name, net, defect);
                if let Kind::DeadTask(task) = defect.kind {
                    assert!(truth.dead.contains(&task), "{name}, {limit:?}: {verdict:#?}");
                }
            }
        }
    });
    println!("answered early: {said:?}");
    assert!(said.iter().all(|count| *count > 50), "answered early: {said:?}");
}
