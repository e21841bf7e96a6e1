//! Properties of the engine that need no reference, on random nets with random commands: events and
//! cases survive being stored, replay equals live, a restart after every event changes nothing, refused,
//! stale and repeated commands change nothing, every construct takes and gives exactly its tokens, what
//! is cancelled leaves nothing behind, and the tasks that are offered are those that may start.
//!
//! `FLOTILLA_SEEDS=100000 cargo test --release -p netgen --test properties` looks further;
//! a seed that fails says how to run it alone.

mod conservation;
mod enabled;
mod graph;
mod play;
mod seen;

use netgen::{Construct, Shape};
use play::{Manner, Tally};

/// Seeds per test; each plays one case.
const SEEDS: u64 = 60;
/// Commands in one wild walk.
const COMMANDS: usize = 60;
/// Commands in which a sound net is through: its loops are left with one chance in seven at least.
const COMMANDS_MAX: usize = 20_000;

/// The seeds of a run: one, or as many as asked for, or [`SEEDS`].
fn seeds() -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match number("FLOTILLA_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("FLOTILLA_SEEDS").unwrap_or(SEEDS),
    }
}

fn run(test: &str, commands: usize, choose: impl Fn(u64) -> (Shape, Manner)) -> Vec<Tally> {
    let tally = |seed| {
        let (shape, manner) = choose(seed);
        let specification = netgen::specification(seed, &shape);
        play::play(&specification, (manner, seed, commands)).unwrap_or_else(|what| {
            panic!(
                "{what}\nseed {seed}; again: FLOTILLA_SEED={seed} cargo test -p netgen --test properties {test}"
            )
        })
    };
    seeds().map(tally).collect()
}

/// A run of one seed proves nothing about how often something happens.
fn is_whole(tallies: &[Tally]) -> bool {
    tallies.len() >= usize::try_from(SEEDS).expect("a small number")
}

fn sum(tallies: &[Tally], count: impl Fn(&Tally) -> usize) -> usize {
    tallies.iter().map(count).sum()
}

#[test]
fn wild_commands_on_any_net_break_nothing() {
    let tallies = run("wild_commands", COMMANDS, |seed| {
        let tasks = 3 + usize::try_from(seed % 8).expect("a small number");
        let shape = if seed % 3 == 0 { Shape::structured(tasks) } else { Shape::free(tasks) };
        (shape, Manner::Wild)
    });
    let ended = tallies.iter().filter(|tally| tally.status != "running").count();
    let (done, refused) = (sum(&tallies, |it| it.done), sum(&tallies, |it| it.refused));
    let compared = sum(&tallies, |it| it.compared);
    println!("{ended} ended, {done} done, {refused} refused, {compared} compared");
    // A walk in which nothing happens proves nothing.
    let each = tallies.len();
    assert!(!is_whole(&tallies) || ended > each / 3 && done > 5 * each && refused > 5 * each);
}

#[test]
fn or_joins_wait_for_what_can_come_and_for_nothing_else() {
    let shape = Shape::free(7).without(&[
        Construct::Data,
        Construct::Timer,
        Construct::Instances,
        Construct::Composite,
        Construct::Empty,
    ]);
    let tallies = run("or_joins", COMMANDS, |_| (shape.clone(), Manner::Plain));
    let (waits, starts) = (sum(&tallies, |it| it.or_waits), sum(&tallies, |it| it.or_starts));
    println!("{} compared, OR: {waits} wait, {starts} start", sum(&tallies, |it| it.compared));
    let each = tallies.len();
    assert!(!is_whole(&tallies) || waits > each / 2 && starts > each / 2);
}

#[test]
fn sound_nets_run_to_their_end() {
    let tallies = run("sound_nets", COMMANDS_MAX, |seed| {
        let tasks = 4 + usize::try_from(seed % 16).expect("a small number");
        (Shape::structured(tasks), Manner::Plain)
    });
    for (seed, tally) in seeds().zip(&tallies) {
        assert_eq!(tally.status, "completed", "seed {seed}: {tally:?}");
    }
    println!("{} commands, {} events", sum(&tallies, |it| it.done), sum(&tallies, |it| it.events));
}
