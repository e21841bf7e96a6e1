//! What a test of an OR-join costs: those that the recorded walks lead to, and those of walks through random nets. Each
//! different (net, join, marking) once, from scratch: the answers that the engine remembers are not counted. Prints
//! the median, the 99th percentile and the worst, and asserts nothing.
//!
//! `cargo bench -p conformance --bench or_join`. `FLOTILLA_SHARED` says where the recordings are. A time is the least of
//! [`ROUNDS`], since other work on the machine only slows a test down. A unit of work is the engine's own
//! measure of a test: a comparison of two markings, or a word of the concurrency relation.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use engine::{
    Case, CaseId, Command, Event, Inputs, ItemKey, Launch, Now, Program, apply,
    case::{Item, ItemStatus},
    or_join::{Test, WORK_MAX},
};
use model::specification::Gate;
use netgen::{Construct, Random, Shape};

const ROUNDS: u32 = 5;
/// Sizes of the random nets, and how many there are of each.
const TASKS: [usize; 4] = [20, 50, 100, 200];
const NETS: u64 = 40;
/// Commands in a walk through a random net.
const COMMANDS: usize = 150;

/// The different tests of one program, by net, join and marking.
type Known = BTreeSet<(usize, u32, Vec<(usize, u32)>)>;

/// What one test cost.
struct Cost {
    took: Duration,
    work: usize,
}

fn main() -> anyhow::Result<()> {
    println!(
        "{:<28} {:>7} {:>11} {:>11} {:>11} {:>10} {:>6}",
        "", "tests", "median", "99 %", "worst", "work", "spent"
    );
    match shared() {
        Some(folder) => print("recorded walks", recorded(&folder)?),
        None => println!("recorded walks: skipped, there are none; set FLOTILLA_SHARED"),
    }
    for tasks in TASKS {
        print(&format!("random nets, {tasks} tasks"), random(tasks));
    }
    println!("work: the most units that a test took; spent: tests that took more than {WORK_MAX}");
    Ok(())
}

fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("FLOTILLA_SHARED").map_or(beside, PathBuf::from);
    Some(folder.join("conformance")).filter(|folder| folder.is_dir())
}

fn recorded(folder: &Path) -> anyhow::Result<Vec<Cost>> {
    let mut costs = Vec::new();
    // The walks of one file follow each other: what they share is the specification's name.
    let (mut name, mut known) = (String::new(), Known::new());
    conformance::walk_through(folder, &mut |program, events| {
        if program.id.uri != name {
            name.clone_from(&program.id.uri);
            known.clear();
        }
        costs.extend(tests(program, events, &mut known));
    })?;
    Ok(costs)
}

/// Nets of every flow, without what only data and time bring.
fn random(tasks: usize) -> Vec<Cost> {
    let shape = Shape::free(tasks).without(&[
        Construct::Composite,
        Construct::Data,
        Construct::Instances,
        Construct::Timer,
    ]);
    let walk = |seed| {
        let specification = netgen::specification(seed, &shape);
        let program = Program::compile(&specification).expect("what netgen makes compiles");
        let events = play(&program, &mut Random::new(seed));
        tests(&program, &events, &mut Known::new())
    };
    (0..NETS).flat_map(walk).collect()
}

/// What happens when work items are started and completed by chance.
fn play(program: &Program, random: &mut Random) -> Vec<Event> {
    let inputs = |seed| Inputs { now: Now { unix_ms: 0, offset_minutes: 0 }, seed };
    let launch = Launch { case: id(), data: None, start_at_ms: None };
    let Ok(launched) = engine::launch(program, launch, inputs(0)) else { return Vec::new() };
    let (mut case, mut events) = (launched.case, launched.events);
    for seed in 0..COMMANDS as u64 {
        let is_live = |(_, item): &(&ItemKey, &Item)| item.status.is_live();
        let live: Vec<(&ItemKey, &Item)> = case.items.iter().filter(is_live).collect();
        if live.is_empty() {
            break;
        }
        let (key, item) = live[random.below(live.len())];
        let command = if item.status == ItemStatus::Executing {
            let (_, runner) = case.runner_of(key).expect("a live item is of a net");
            let task = program.task(runner, key.task);
            let choose = &mut |count: u32| random.below(count as usize) as u32;
            Command::Complete { item: key.clone(), data: program.sample_output(task, choose) }
        } else {
            Command::Start { item: key.clone() }
        };
        // A net without a way out of a loop of empty tasks refuses: another item may do.
        if let Ok(decision) = engine::decide(program, &case, command, inputs(seed)) {
            case = decision.case;
            events.extend(decision.events);
        }
    }
    events
}

/// The costs of the tests that are new in the states which these events lead to.
fn tests(program: &Program, events: &[Event], known: &mut Known) -> Vec<Cost> {
    let mut case = Case::new(id());
    let mut costs = Vec::new();
    for event in events {
        apply(&mut case, event);
        for runner in case.runners.values() {
            let net = program.net(runner.net);
            let tokens: Vec<u32> = runner.marking.iter().collect();
            let is_busy = |task| runner.busy.contains_key(&task);
            for task in net.task_indices().filter(|task| net.task(*task).join == Gate::Or) {
                if is_busy(task) {
                    continue;
                }
                let Some(test) = Test::new(net, &tokens, &is_busy, task) else { continue };
                if known.insert((runner.net.0 as usize, task.0, test.marking().to_vec())) {
                    costs.push(cost(&test));
                }
            }
        }
    }
    costs
}

fn cost(test: &Test<'_>) -> Cost {
    let mut work = 0;
    let took = (0..ROUNDS).map(|_| {
        let began = now();
        work = std::hint::black_box(test).run();
        began.elapsed()
    });
    let took = took.min().unwrap_or_default();
    Cost { took, work }
}

fn print(name: &str, mut costs: Vec<Cost>) {
    costs.sort_by_key(|cost| cost.took);
    let at = |share: usize| {
        let place = (costs.len() * share).div_ceil(100).max(1) - 1;
        costs.get(place).map_or(0.0, |cost| cost.took.as_secs_f64() * 1e6)
    };
    println!(
        "{name:<28} {:>7} {:>8.1} µs {:>8.1} µs {:>8.1} µs {:>10} {:>6}",
        costs.len(),
        at(50),
        at(99),
        at(100),
        costs.iter().map(|cost| cost.work).max().unwrap_or_default(),
        costs.iter().filter(|cost| cost.work > WORK_MAX).count(),
    );
}

fn id() -> CaseId {
    CaseId::parse("C").expect("a letter")
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn now() -> Instant {
    Instant::now()
}
