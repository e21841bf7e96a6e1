//! The OR-join against a slow, obviously right search: all markings that can be reached, one by one.

use std::collections::BTreeSet;

use super::*;
use crate::{
    Program,
    case::Busy,
    testing::{self, Random},
};

/// Markings that the slow search looks at before it gives up on a net.
const STATES_MAX: usize = 500;

/// A random net of six tasks with the OR-join `J`; text for [`testing::specification`].
fn random_net(random: &mut Random) -> String {
    const GATES: [&str; 3] = ["and", "or", "xor"];
    let names = ["A", "B", "D", "E", "J", "F"];
    let mut text = String::from("net N\ni -> A\n");
    for (index, name) in names.iter().enumerate() {
        let join = if *name == "J" { "or" } else { GATES[random.below(3)] };
        let split = GATES[random.below(3)];
        let mut targets: Vec<&str> =
            (0..=random.below(2)).map(|_| names[random.below(names.len())]).collect();
        targets.push(names.get(index + 1).copied().unwrap_or("o"));
        targets.sort_unstable();
        targets.dedup();
        text.push_str(&format!("{name} {join}/{split} -> {}\n", targets.join(" ")));
        if random.below(3) == 0 {
            text.push_str(&format!("{name} cancels {}\n", names[random.below(names.len())]));
        }
    }
    text
}

fn random_marking(random: &mut Random, net: &Net) -> Runner {
    let mut runner = Runner {
        net: crate::NetIndex(0),
        marking: vec![0; net.conditions.len()],
        enabled: BTreeSet::new(),
        busy: Default::default(),
        timers: Default::default(),
        children: 0,
        data: Vec::new(),
        stuck: None,
    };
    for _ in 0..=random.below(3) {
        let condition = random.below(net.conditions.len());
        runner.marking[condition] = 1;
    }
    if random.below(2) == 0 {
        let task = TaskIndex(random.below(net.tasks.len()) as u32);
        if net.task(task).id != "J" {
            runner.busy.insert(task, Busy::default());
        }
    }
    runner
}

/// Fires one transition forward, as its definition says.
fn fire(marking: &Marking, transition: &Transition) -> Option<Marking> {
    let mut after = marking.clone();
    for place in &transition.preset {
        after[*place] = after[*place].checked_sub(1)?;
    }
    transition.reset.iter().for_each(|place| after[*place] = 0);
    transition.postset.iter().for_each(|place| after[*place] += 1);
    Some(after)
}

/// Whether a marking that covers `targets` can be reached; `None` if there are too many to look at.
fn search(transitions: &[Transition], from: Marking, targets: &[Marking]) -> Option<bool> {
    let mut seen = BTreeSet::from([from.clone()]);
    let mut pending = vec![from];
    while let Some(marking) = pending.pop() {
        if targets.iter().any(|target| covers(&marking, target)) {
            return Some(true);
        }
        for after in transitions.iter().filter_map(|transition| fire(&marking, transition)) {
            if seen.insert(after.clone()) {
                pending.push(after);
            }
        }
        if seen.len() > STATES_MAX {
            return None;
        }
    }
    Some(false)
}

fn slow_is_enabled(net: &Net, runner: &Runner, task: TaskIndex) -> Option<bool> {
    let preset = &net.task(task).preset;
    let marked: Vec<_> =
        preset.iter().copied().filter(|condition| runner.tokens(*condition) > 0).collect();
    if marked.is_empty() {
        return Some(false);
    }
    let from = marking_of(net, runner);
    let unmarked = preset.iter().filter(|condition| !marked.contains(condition));
    let targets: Vec<Marking> = unmarked
        .map(|condition| {
            let mut target = vec![0; from.len()];
            marked.iter().chain([condition]).for_each(|condition| target[place(*condition)] = 1);
            target
        })
        .collect();
    search(&transitions(net, task), from, &targets).map(|arrives| !arrives)
}

#[test]
fn the_backward_test_agrees_with_a_forward_search_on_random_nets() {
    let mut random = Random(20_261_121);
    let (mut compared, mut waits, mut starts) = (0, 0, 0);
    for _ in 0..150 {
        let text = random_net(&mut random);
        let Ok(program) = Program::compile(&testing::specification(&text)) else { continue };
        let net = program.root_net();
        let join = net.task_index("J").expect("the generator makes one");
        for _ in 0..6 {
            let runner = random_marking(&mut random, net);
            if runner.busy.contains_key(&join) {
                continue;
            }
            let Some(want) = slow_is_enabled(net, &runner, join) else { continue };
            assert_eq!(
                is_enabled(net, &runner, join),
                want,
                "{text}{:?} {:?}",
                runner.marking,
                runner.busy
            );
            compared += 1;
            if want { starts += 1 } else { waits += 1 }
        }
    }
    // The comparison must have something to compare.
    assert!(
        compared > 150 && waits > 40 && starts > 20,
        "{compared} compared, {waits} wait, {starts} start"
    );
}
