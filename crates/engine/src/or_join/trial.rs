//! Whether an OR-join could need more work than one test may spend: tried at upload on walks through the net.

use std::collections::BTreeSet;

use model::finding::Finding;

use super::{
    OrJoin, OrJoins,
    reset_net::{Place, ResetNet, Transition},
    search::Coverable,
    test,
    work::{WORK_MAX, Work},
};
use crate::program::{Kind, Program};

/// Walks through a net, and firings of one walk. Recorded cases have fewer than 100.
const WALKS: u64 = 16;
const FIRINGS_MAX: usize = 200;
/// What the trials of one net may spend: a tenth of a second.
const TRIALS_WORK_MAX: usize = 4 * WORK_MAX;

/// A warning for each OR-join that spent all its work in a trial: it waits then, although it might start. That
/// there is none is no proof, as walks do not see every marking.
pub fn findings(program: &Program) -> Vec<Finding> {
    let nets = program.nets.iter();
    let joins = nets.flat_map(|net| {
        let joins = exceeding(&net.or_joins, net.input.0 as Place, WORK_MAX);
        joins.into_iter().map(move |join| net.task(net.or_joins.joins[join].task))
    });
    let finding = |task: &crate::program::Task| {
        let kind = match task.kind {
            Kind::Empty | Kind::Atomic => "AtomicTask",
            Kind::Composite(_) => "CompositeTask",
        };
        let message = "whether this OR-join may start can take more work than one test is given; it waits then";
        Finding::warning(format!("{kind}:{}", task.id), "or-join-work", message).remedy(
            "let fewer branches meet here, put the part before the join into a net of its own, or use an AND- or XOR-join",
        )
    };
    joins.map(finding).collect()
}

/// The joins for which some marking on the walks took more than `work_max`.
pub(super) fn exceeding(joins: &OrJoins, input: Place, work_max: usize) -> BTreeSet<usize> {
    let mut exceeding = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut spent = 0;
    for seed in 0..WALKS {
        let mut marking = vec![0; joins.net.places()];
        if let Some(tokens) = marking.get_mut(input) {
            *tokens = 1;
        }
        let mut random = seed;
        for _ in 0..FIRINGS_MAX {
            for (number, join) in joins.joins.iter().enumerate() {
                let Some(marked) = to_test(&joins.net, join, &marking) else { continue };
                if spent > TRIALS_WORK_MAX || !seen.insert((number, marked.clone())) {
                    continue;
                }
                let mut work = Work::at_most(work_max);
                if matches!(test(&joins.net, join, &marked, &mut work), Coverable::Undecided) {
                    exceeding.insert(number);
                }
                spent += work.spent;
            }
            if !walk_on(&joins.net, &mut marking, &mut random) {
                break;
            }
        }
    }
    exceeding
}

/// The tokens that the join's answer depends on, where it is neither busy nor answered at a glance.
fn to_test(net: &ResetNet, join: &OrJoin, marking: &[u32]) -> Option<Vec<(Place, u32)>> {
    if marking[net.busy(join.task)] > 0 || join.at_a_glance(marking).is_some() {
        return None;
    }
    let marked = join.part.places.iter().map(|place| (place, marking[place]));
    Some(marked.filter(|(_, tokens)| *tokens > 0).collect())
}

/// Fires one of the transitions that can fire; whether there was one.
fn walk_on(net: &ResetNet, marking: &mut [u32], random: &mut u64) -> bool {
    let can_fire = |it: &&Transition| it.preset.iter().all(|place| marking[*place] > 0);
    let ready: Vec<&Transition> = net.transitions.iter().filter(can_fire).collect();
    // Knuth's constants for a linear congruence; the upper bits are the random ones.
    *random =
        random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let count = u64::try_from(ready.len()).unwrap_or(u64::MAX);
    let Some(chosen) = (*random >> 33).checked_rem(count) else { return false };
    let fired = ready[usize::try_from(chosen).expect("below a length")];
    fired.preset.iter().for_each(|place| marking[*place] -= 1);
    fired.reset.iter().for_each(|place| marking[*place] = 0);
    fired.postset.iter().for_each(|place| marking[*place] += 1);
    true
}
