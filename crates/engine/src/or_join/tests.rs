//! The OR-join against a slow, obviously right search: all markings that can be reached, one by one.

use std::collections::BTreeSet;

use super::*;
use crate::{
    Program,
    testing::{self, Random},
};

/// Markings that the slow search looks at before it gives up on a net.
const STATES_MAX: usize = 2000;

/// Tokens per condition, then per task: 1 is busy.
type Marking = Vec<u32>;

/// A start or an end of a task, straight from its definition.
struct Firing {
    preset: Vec<usize>,
    postset: Vec<usize>,
    reset: Vec<usize>,
}

fn firings(net: &Net, analysed: TaskIndex) -> Vec<Firing> {
    let busy = |task: TaskIndex| net.conditions.len() + task.0 as usize;
    let mut firings = Vec::new();
    for index in net.task_indices() {
        let task = net.task(index);
        let start = |preset| Firing { preset, postset: vec![busy(index)], reset: Vec::new() };
        let preset: Vec<usize> = task.preset.iter().map(|it| it.0 as usize).collect();
        match task.join {
            Gate::Or if index == analysed => {}
            Gate::And => firings.push(start(preset)),
            Gate::Xor | Gate::Or => firings.extend(preset.iter().map(|it| start(vec![*it]))),
        }
        let mut reset: Vec<usize> = task.removes_tasks.iter().map(|it| busy(*it)).collect();
        reset.extend(task.removes_conditions.iter().map(|it| it.0 as usize));
        let end = |postset| Firing { preset: vec![busy(index)], postset, reset: reset.clone() };
        let postset: Vec<usize> = task.flows.iter().map(|flow| flow.to.0 as usize).collect();
        match task.split {
            Gate::And => firings.push(end(postset)),
            Gate::Xor => firings.extend(postset.iter().map(|it| end(vec![*it]))),
            Gate::Or => firings.extend((1_u32..1 << postset.len()).map(|chosen| {
                let is_chosen = |at: &usize| chosen >> at & 1 == 1;
                end((0..postset.len()).filter(is_chosen).map(|at| postset[at]).collect())
            })),
        }
    }
    firings
}

fn fire(marking: &Marking, firing: &Firing) -> Option<Marking> {
    let mut after = marking.clone();
    for place in &firing.preset {
        after[*place] = after[*place].checked_sub(1)?;
    }
    firing.reset.iter().for_each(|place| after[*place] = 0);
    firing.postset.iter().for_each(|place| after[*place] += 1);
    Some(after)
}

/// Whether a marking can be reached in which all of `held` and one of `further` have a token; `None` if there are too many to
/// look at.
fn search(firings: &[Firing], from: Marking, held: &[usize], further: &[usize]) -> Option<bool> {
    let mut seen = BTreeSet::from([from.clone()]);
    let mut pending = vec![from];
    while let Some(marking) = pending.pop() {
        let is_marked = |place: &usize| marking[*place] > 0;
        if held.iter().all(is_marked) && further.iter().any(is_marked) {
            return Some(true);
        }
        for after in firings.iter().filter_map(|firing| fire(&marking, firing)) {
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

fn slow_is_enabled(net: &Net, marking: &Marking, task: TaskIndex) -> Option<bool> {
    let preset = net.task(task).preset.iter().map(|condition| condition.0 as usize);
    let (held, further): (Vec<_>, Vec<_>) = preset.partition(|place| marking[*place] > 0);
    if held.is_empty() {
        return Some(false);
    }
    search(&firings(net, task), marking.clone(), &held, &further).map(|arrives| !arrives)
}

/// A random net of `tasks` tasks, the OR-join `J` among them; text for [`testing::specification`].
fn random_net(random: &mut Random, tasks: usize) -> String {
    const GATES: [&str; 3] = ["and", "or", "xor"];
    let join = tasks - 2;
    let name = |index: usize| if index == join { "J".to_owned() } else { format!("T{index}") };
    let mut text = String::from("net N\ni -> T0\n");
    for index in 0..tasks {
        let gate = if index == join { "or" } else { GATES[random.below(3)] };
        let split = GATES[random.below(3)];
        let mut targets: Vec<String> =
            (0..random.below(3)).map(|_| name(random.below(tasks))).collect();
        targets.push(if index + 1 < tasks { name(index + 1) } else { "o".to_owned() });
        if random.below(3) == 0 {
            targets.push("J".to_owned());
        }
        targets.sort_unstable();
        targets.dedup();
        let own = name(index);
        text.push_str(&format!("{own} {gate}/{split} -> {}\n", targets.join(" ")));
        if random.below(4) == 0 {
            // A task, and the condition before another one.
            let (task, other) = (name(random.below(tasks)), name(random.below(tasks)));
            text.push_str(&format!("{own} cancels {task} c{}\n", random.below(2)));
            text.push_str(&format!("c{} -> {other}\n", random.below(2)));
        }
    }
    text
}

/// Up to four tokens, two of them perhaps in one condition; perhaps a busy task.
fn random_marking(random: &mut Random, net: &Net, join: TaskIndex) -> Marking {
    let mut marking = vec![0; net.conditions.len() + net.tasks.len()];
    for _ in 0..=random.below(4) {
        marking[random.below(net.conditions.len())] += 1;
    }
    let inputs = &net.task(join).preset;
    marking[inputs[random.below(inputs.len())].0 as usize] = 1;
    if random.below(2) == 0 {
        let task = random.below(net.tasks.len());
        marking[net.conditions.len() + task] = u32::from(task != join.0 as usize);
    }
    marking
}

fn fast_is_enabled(net: &Net, marking: &Marking, task: TaskIndex) -> bool {
    let (tokens, busy) = marking.split_at(net.conditions.len());
    is_enabled_at(net, tokens, &|task| busy[task.0 as usize] > 0, task)
}

/// How many answers were compared, and how many of them said wait and start.
fn compare(seeds: std::ops::Range<u64>, tasks: usize) -> (usize, usize) {
    let (mut waits, mut starts) = (0, 0);
    for seed in seeds {
        let mut random = Random(seed);
        let text = random_net(&mut random, tasks);
        let Ok(program) = Program::compile(&testing::specification(&text)) else { continue };
        let net = program.root_net();
        let join = net.task_index("J").expect("the generator makes one");
        for _ in 0..6 {
            let marking = random_marking(&mut random, net, join);
            let Some(want) = slow_is_enabled(net, &marking, join) else { continue };
            let got = fast_is_enabled(net, &marking, join);
            assert_eq!(got, want, "seed {seed}, {tasks} tasks\n{text}{marking:?}");
            // From memory, too.
            assert_eq!(fast_is_enabled(net, &marking, join), want);
            if want { starts += 1 } else { waits += 1 }
        }
    }
    (waits, starts)
}

#[test]
fn the_backward_test_agrees_with_a_forward_search_on_random_nets() {
    for (seeds, tasks) in [(0..120, 4), (0..80, 6), (0..40, 9)] {
        let (waits, starts) = compare(seeds, tasks);
        // The comparison must have something to compare.
        assert!(waits > 30 && starts > 30, "{tasks} tasks: {waits} wait, {starts} start");
    }
}

/// Launches a case of `text`, runs `script`, and says what then keeps its OR-joins.
#[track_caller]
fn check(text: &str, script: &str, want: expect_test::Expect) {
    let mut bench = testing::Bench::launch(text);
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        bench.run(line);
    }
    let seen = explain(&bench.program, &bench.case);
    let lines = seen.iter().map(|join| {
        let OrJoinView { net_path, task, marked, unmarked, state, .. } = join;
        format!("{net_path} {task}: {marked:?} marked, {unmarked:?} not: {state:?}\n")
    });
    want.assert_eq(&lines.collect::<String>());
}

#[test]
fn a_join_that_waits_names_the_arc_and_the_path() {
    check(
        "net N
         i -> A
         A xor/and -> B D
         B -> J
         D -> c
         c -> E
         E -> J
         J or/xor -> o",
        "start C:A
         complete C.1:A 1
         start C:B
         complete C.2:B 1",
        expect_test::expect![[r#"
            C J: ["c{B_J}"] marked, ["c{E_J}"] not: Waits { input: "c{E_J}", path: ["c{A_D}", "D", "c", "E", "c{E_J}"] }
        "#]],
    );
}

#[test]
fn a_join_without_anything_to_come_is_enabled_and_one_without_tokens_is_not_listed() {
    check(
        "net N
         i -> A
         A xor/xor -> B[/N/k = 1] D*
         B -> J
         D -> J
         J or/xor -> K
         K or/xor -> o",
        "start C:A
         complete C.1:A 1
         start C:B
         complete C.2:B 1",
        expect_test::expect![[r#"
            C J: ["c{B_J}"] marked, ["c{D_J}"] not: Enabled
        "#]],
    );
}

#[test]
fn the_path_leads_through_the_branch_that_an_and_join_still_waits_for() {
    check(
        "net N
         i -> A
         A xor/and -> B D E
         B -> J
         D -> F
         E -> F
         F and/xor -> J
         J or/xor -> o",
        "start C:A
         complete C.1:A 1
         start C:B
         complete C.2:B 1
         start C:D
         complete C.3:D 1
         start C:E",
        expect_test::expect![[r#"
            C J: ["c{B_J}"] marked, ["c{F_J}"] not: Waits { input: "c{F_J}", path: ["E", "c{E_F}", "F", "c{F_J}"] }
        "#]],
    );
}

/// Ten branches that meet in the OR-join, each of which cancels the one beside it.
fn crowded() -> Program {
    let mut text = String::from("net N\ni -> A\nJ or/xor -> o\n");
    let names: Vec<String> = (0..10).map(|number| format!("B{number}")).collect();
    text.push_str(&format!("A xor/or -> {}\n", names.join(" ")));
    for number in 0..10 {
        let next = (number + 1) % 10;
        text.push_str(&format!(
            "B{number} xor/xor -> D{number}\nD{number} xor/xor -> B{number} J\n"
        ));
        text.push_str(&format!("D{number} cancels B{next} D{next}\n"));
    }
    Program::compile(&testing::specification(&text)).expect("it compiles")
}

#[test]
fn a_join_without_work_left_waits_and_is_named() {
    let program = crowded();
    let net = program.root_net();
    let joins = &net.or_joins;
    let join = &joins.joins[0];
    let marked: Vec<(Place, u32)> =
        join.preset[..1].iter().chain([&joins.net.busy(TaskIndex(0))]).map(|it| (*it, 1)).collect();
    let mut work = Work::at_most(10);
    assert!(matches!(test(&joins.net, join, &marked, &mut work), Coverable::Undecided));
    // It ends as soon as it may: what is spent beyond is less than one step's worth.
    assert!(work.spent < 1000, "{} spent", work.spent);
    assert_eq!(trial::exceeding(joins, net.input.0 as Place, 10).len(), 1);
    assert_eq!(findings(&program), Vec::new(), "what is given for one test suffices");
}
