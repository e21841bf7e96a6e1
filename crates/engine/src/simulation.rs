//! Random commands on nets with every construct, from seeds. After each event the case is stored and read
//! back, the invariants are checked, and a replay of all events must give the live state (see [`Bench`]).
//! A failing seed goes to `testdata/regressions` first, then it is mended.

use crate::testing::{Bench, Random};

/// Cases simulated per net.
const SEEDS: u64 = 60;
/// Commands in one case; loops are left by then.
const COMMANDS: usize = 60;

const NETS: [&str; 6] = [
    "net N
     i -> A
     A xor/or -> B[/N/k > 1] D[/N/k > 2] E*
     B -> F
     D -> F
     E -> F
     F or/xor -> A[/N/k = 1] o*",
    "net N
     i -> A B
     A xor/and -> D E
     B xor/xor -> D[/N/k > 3] E*
     D cancels E
     D -> F
     E -> F
     F xor/and -> o",
    "net N
     i -> A
     A -> S
     S kind net M
     S -> o
     net M
     i -> A
     A xor/and -> B D
     B kind net L
     B -> E
     D -> E
     E and/xor -> A[/M/k = 2] o*
     net L
     i -> A B
     A -> o
     B -> C
     C kind empty
     C -> o",
    "net N
     i -> A
     A -> B
     B kind dynamic 1..6 of 2
     B xor/xor -> A[/N/k > 9] o*",
    "net N
     i -> A
     A xor/and -> B T
     T kind timer PT1H
     T cancels B cb
     T -> F
     B -> cb
     cb -> D
     D cancels T
     D kind work P1D
     D -> F
     F xor/and -> o",
    "net N
     i -> A
     A xor/xor -> B[/N/k < 4] D*
     B -> E
     D -> E
     E and/and -> o",
];

/// A command for an item that exists, mostly one that fits its status.
fn command(bench: &Bench, random: &mut Random) -> String {
    let ids: Vec<String> =
        bench.case.items.keys().map(|key| bench.program.item_id(&bench.case, key)).collect();
    if ids.is_empty() || random.below(12) == 0 {
        return ["wait PT30M", "wait P1D", "suspend", "resume"][random.below(4)].to_owned();
    }
    let id = &ids[random.below(ids.len())];
    let value = random.below(6);
    match random.below(16) {
        0..5 => format!("start {id}"),
        5..10 => format!("complete {id} {value}"),
        10 => format!("add {id} {value}"),
        11 => format!("skip {id}"),
        12 => format!("force {id}"),
        13 => format!("rollback {id}"),
        14 => format!("{} {id}", ["suspend", "unsuspend"][value % 2]),
        _ => format!("{} {id}", ["restart", "fail", "cancel"][value % 3]),
    }
}

#[test]
fn random_commands_keep_every_invariant_and_replay_to_the_same_state() {
    let (mut ended, mut refused, mut done) = (0, 0, 0);
    for (number, net) in NETS.iter().enumerate() {
        for seed in 0..SEEDS {
            let mut random = Random(seed + 1000 * number as u64);
            let mut bench = Bench::launch(net);
            for _ in 0..COMMANDS {
                let line = command(&bench, &mut random);
                let before = bench.case.clone();
                let answer = bench.run(&line);
                if answer.starts_with("refused") || answer.starts_with("no item") {
                    assert_eq!(bench.case, before, "net {number} seed {seed}: {line}: {answer}");
                    refused += 1;
                } else {
                    done += 1;
                }
                if bench.case.has_ended() {
                    ended += 1;
                    break;
                }
            }
        }
    }
    // A simulation in which nothing happens proves nothing.
    assert!(
        ended > 100 && done > 3000 && refused > 1000,
        "{ended} ended, {done} done, {refused} refused"
    );
}
