//! Edge: writes the inputs that fuzzing starts from into `testdata/fuzz`: generated specifications, their queries,
//! the events of played cases, damaged logs. `cargo run -p fuzzing --example seeds`.

use std::fs;

use engine::{
    Case, CaseId, Command, ConditionIndex, Event, Inputs, ItemKey, Launch, NetIndex, Now, Path,
    Program, TaskIndex, VariableIndex, apply, case::ItemStatus, view::view,
};
use fuzzing::events::SPECIFICATIONS;
use model::specification::{Specification, Task};
use netgen::{Random, Shape};

/// Seeds of each kind.
const SEEDS: u64 = 12;
const COMMANDS: usize = 12;

fn main() -> anyhow::Result<()> {
    for seed in 0..SEEDS {
        let shape = shape(seed);
        let specification = netgen::specification(seed, &shape);
        write(
            "specification",
            &format!("netgen-{seed}.yawl"),
            netgen::text(seed, &shape).as_bytes(),
        )?;
        let queries = specification.nets().flat_map(|net| &net.tasks).flat_map(queries);
        for (number, query) in queries.take(4).enumerate() {
            write("query", &format!("netgen-{seed}-{number}.xq"), query.as_bytes())?;
        }
        let played = seed % SPECIFICATIONS.len() as u64;
        let events = events(&netgen::specification(played, &self::shape(played)), seed)?;
        let mut bytes = vec![u8::try_from(played)?];
        bytes.extend(postcard::to_stdvec(&events)?);
        write("events", &format!("netgen-{seed}"), &bytes)?;
        let mut random = Random::new(seed);
        let changes = (0..seed * 3).map(|_| u8::try_from(random.below(256)).unwrap_or_default());
        let bytes: Vec<u8> = std::iter::once(1).chain(changes).collect();
        write("log", &format!("damage-{seed}"), &bytes)?;
    }
    misfits()
}

/// Events of the first specification, and behind them one that names what it does not have.
fn misfits() -> anyhow::Result<()> {
    let events = events(&netgen::specification(0, &shape(0)), 0)?;
    let (path, far) = (Path::root, TaskIndex(u32::MAX));
    let item = |task| ItemKey { path: path(), task };
    let enabled = |task, group| Event::Enabled { item: item(task), group, at_ms: 0 };
    let text = || std::sync::Arc::from("<x/>");
    let misfits = [
        ("task", enabled(far, None)),
        ("choice", enabled(TaskIndex(0), Some(u32::MAX))),
        (
            "conditions",
            Event::NetStarted {
                path: path(),
                net: NetIndex(0),
                conditions: u32::MAX,
                input: ConditionIndex(0),
                data: [].into(),
            },
        ),
        (
            "variable",
            Event::DataSet { path: path(), writes: [(VariableIndex(u32::MAX), text())].into() },
        ),
        (
            "child",
            Event::Added {
                path: path(),
                task: TaskIndex(0),
                child: u32::MAX,
                input: text(),
                at_ms: 0,
            },
        ),
    ];
    for (name, misfit) in misfits {
        let events: Vec<&Event> = events.iter().chain([&misfit]).collect();
        let mut bytes = vec![0];
        bytes.extend(postcard::to_stdvec(&events)?);
        write("events", &format!("misfit-{name}"), &bytes)?;
    }
    Ok(())
}

fn shape(seed: u64) -> Shape {
    if seed.is_multiple_of(2) { Shape::structured(4) } else { Shape::free(4) }
}

fn write(target: &str, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/fuzz").join(target);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(name), bytes)?)
}

fn queries(task: &Task) -> Vec<&str> {
    let mappings = task.starting.iter().map(|mapping| mapping.query.as_str());
    let multi = task.multi_instance.iter().map(|multi| multi.input.query.as_str());
    let predicates = task.flows.iter().filter_map(|flow| flow.predicate.as_ref());
    mappings.chain(multi).chain(predicates.map(|predicate| predicate.query.as_str())).collect()
}

/// The events of a short walk.
fn events(specification: &Specification, seed: u64) -> anyhow::Result<Vec<Event>> {
    let program =
        Program::compile(specification).map_err(|findings| anyhow::anyhow!("{findings:?}"))?;
    let id = CaseId::parse("C")?;
    let inputs = Inputs { now: Now { unix_ms: 1_000_000, offset_minutes: 0 }, seed };
    let launch = Launch { case: id.clone(), data: None, start_at_ms: None };
    let mut events = engine::launch(&program, launch, inputs)?.events;
    let mut case = Case::new(id);
    events.iter().for_each(|event| apply(&mut case, event));
    let mut random = Random::new(seed);
    for _ in 0..COMMANDS {
        let items: Vec<_> = view(&program, &case).items.into_values().collect();
        let Some(item) = items.get(random.below(items.len())) else { break };
        let command = match item.status == ItemStatus::Executing {
            true => {
                let data = netgen::result(specification, &item.decomposition, &mut random);
                Command::Complete { item: item.key.clone(), data }
            }
            false => Command::Start { item: item.key.clone() },
        };
        let Ok(decision) = engine::decide(&program, &case, command, inputs) else { continue };
        decision.events.iter().for_each(|event| apply(&mut case, event));
        events.extend(decision.events);
    }
    anyhow::ensure!(!events.is_empty(), "a walk has events");
    Ok(events)
}
