//! Whole cases per second in memory, on one core: deciding and applying, nothing stored. Prints a table; asserts
//! nothing but that each case reaches its end.
//!
//! `cargo bench -p engine --bench cases -- [ROUNDS]`. A round runs [`CASES`] cases from launch to end, one after the
//! other: a start and a completion for each task. The figure is that of the best round, since other work on the
//! machine only slows a round down. Bytes and allocations are what the allocator was asked for.

use std::time::{Duration, Instant};

use engine::{Answer, Case, CaseId, Command, Decision, Inputs, ItemKey, Launch, Now, Program};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<std::alloc::System> = &INSTRUMENTED_SYSTEM;

const FOUR_TASKS: &str = include_str!("../../../examples/four_tasks.yawl");
const FOUR_PLAIN_TASKS: &str = include_str!("four_plain_tasks.yawl");
const ONE_PLAIN_TASK: &str = include_str!("one_plain_task.yawl");
/// Cases in one round.
const CASES: u32 = 2000;
const ROUNDS: u32 = 20;

/// A specification and what each of its tasks is checked in with, in the order of their running.
struct Shape {
    name: &'static str,
    program: Program,
    results: &'static [&'static str],
}

fn main() {
    // Cargo passes `--bench`.
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let rounds = given.and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    println!(
        "{:<28} {:>10} {:>12} {:>12} {:>10} {:>10} {:>10}",
        "", "cases/s", "per command", "allocations", "open case", "at work", "launch"
    );
    for shape in shapes() {
        measure(&shape, rounds);
    }
}

fn shapes() -> [Shape; 3] {
    let typed = [
        "<Take_order><Order><Customer>Ada Lovelace</Customer><Quantity>12</Quantity>\
         <Express>true</Express></Order></Take_order>",
        "<Pick_goods><Picked>12</Picked></Pick_goods>",
        "<Pack_parcel><Weight>30</Weight></Pack_parcel>",
        "<Ship_parcel><Shipped>true</Shipped></Ship_parcel>",
    ];
    let shape = |name, specification, results| {
        let set = model::read(specification).expect("the specification reads");
        let program = Program::compile(&set.specifications[0]).expect("and compiles");
        Shape { name, program, results }
    };
    [
        shape("one task", ONE_PLAIN_TASK, &["<Work/>"]),
        shape("four tasks", FOUR_PLAIN_TASKS, &["<Work/>"; 4]),
        shape("four tasks with typed data", FOUR_TASKS, Box::leak(Box::new(typed))),
    ]
}

fn measure(shape: &Shape, rounds: u32) {
    let took = (0..rounds).map(|_| round(shape)).min().unwrap_or_default();
    let each = took / CASES;
    let commands = 1 + 2 * u32::try_from(shape.results.len()).expect("a few tasks");
    let region = Region::new(ALLOCATOR);
    run(shape, id(0));
    let allocations = region.change();
    let allocations = allocations.allocations + allocations.reallocations;
    println!(
        "{:<28} {:>10.0} {:>12} {:>12.1} {:>8} B {:>8} B {:>8} B",
        shape.name,
        1.0 / each.as_secs_f64(),
        format!("{:?}", each / commands),
        allocations as f64 / f64::from(commands),
        bytes(shape, launch),
        bytes(shape, |shape, case| {
            let launched = launch(shape, case);
            decide(shape, &launched.case, start(&launched.case))
        }),
        postcard::to_stdvec(&launch(shape, id(7)).events).map_or(0, |stored| stored.len()),
    );
}

/// How long [`CASES`] whole cases take.
fn round(shape: &Shape) -> Duration {
    let ids: Vec<CaseId> = (0..CASES).map(id).collect();
    let began = now();
    ids.into_iter().for_each(|case| run(shape, case));
    began.elapsed()
}

/// One case from launch to end.
fn run(shape: &Shape, case: CaseId) {
    let mut state = launch(shape, case).case;
    for result in shape.results {
        let started = decide(shape, &state, start(&state));
        let Answer::Started { item, .. } = started.answer else { unreachable!("it was started") };
        let data = (*result).to_owned();
        state = decide(shape, &started.case, Command::Complete { item, data }).case;
    }
    assert!(state.has_ended(), "all tasks are done");
}

fn launch(shape: &Shape, case: CaseId) -> Decision {
    let launch = Launch { case, data: None, start_at_ms: None };
    engine::launch(&shape.program, launch, inputs()).expect("the case starts")
}

fn decide(shape: &Shape, case: &Case, command: Command) -> Decision {
    engine::decide(&shape.program, case, command, inputs()).expect("the command fits the case")
}

/// Starts the only item there is.
fn start(case: &Case) -> Command {
    let item: &ItemKey = case.items.keys().next().expect("an item is offered");
    Command::Start { item: item.clone() }
}

/// What a case weighs after `decide`, its id included: what is asked of the allocator and not given back.
fn bytes(shape: &Shape, decide: impl Fn(&Shape, CaseId) -> Decision) -> usize {
    const COUNTED: usize = 100;
    let mut kept: Vec<Box<Case>> = Vec::with_capacity(COUNTED);
    let region = Region::new(ALLOCATOR);
    for number in 0..COUNTED {
        kept.push(Box::new(decide(shape, id(1_000_000 + number as u32)).case));
    }
    let change = region.change();
    (change.bytes_allocated - change.bytes_deallocated) / kept.len()
}

fn id(number: u32) -> CaseId {
    CaseId::parse(&number.to_string()).expect("digits are a case id")
}

fn inputs() -> Inputs {
    Inputs { now: Now { unix_ms: 1_795_000_000_000, offset_minutes: 0 }, seed: 7 }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn now() -> Instant {
    Instant::now()
}
