//! What changes with the number of open cases and of partitions: speed, memory, time to start.

use std::path::Path;

use node::{CaseId, Command, Config, Handle, Node};

use crate::{
    work,
    world::{CALL, FOUR_TASKS, all, ask, fill, median, memory, now, processor, rate, start, stop},
};

/// Open cases that count as few.
const FEW: usize = 1000;
/// Times that the two sides of a comparison take turns.
const ROUNDS: usize = 9;
/// Cases or commands of one turn.
const TURN: usize = 8 * CALL;

pub(crate) async fn starts_empty(path: &Path) -> anyhow::Result<()> {
    for directory in ["new", "empty"] {
        let config = Config { directory: Some(path.to_owned()), ..Config::default() };
        let node = Node::start(config).await?;
        println!("start, {directory} directory: {:?}", node.recovered().took);
        stop(node).await?;
    }
    Ok(())
}

/// Works whole cases on one partition and on two.
pub(crate) async fn one_against_two_partitions(path: &Path, cases: usize) -> anyhow::Result<()> {
    let (one, two) = (
        start(&path.join("1"), &FOUR_TASKS, 1).await?,
        start(&path.join("2"), &FOUR_TASKS, 2).await?,
    );
    let work = |handle| work::run(handle, &FOUR_TASKS, cases / ROUNDS);
    let ratio = turns([&one.handle(), &two.handle()], work).await?;
    println!("four tasks, launch to end: two partitions are {ratio:.2} times as fast as one");
    stop(one).await?;
    stop(two).await
}

/// Compares a node with few open cases and one with `many`.
pub(crate) async fn few_against_many(path: &Path, many: usize) -> anyhow::Result<()> {
    let (small, large) = (
        start(&path.join("few"), &FOUR_TASKS, 2).await?,
        start(&path.join("many"), &FOUR_TASKS, 2).await?,
    );
    fill(&small.handle(), &FOUR_TASKS, FEW).await?;
    fill(&large.handle(), &FOUR_TASKS, many).await?;
    let sides = [&small.handle(), &large.handle()];
    let ratio = turns(sides, |handle| work::run(handle, &FOUR_TASKS, TURN / 4)).await?;
    println!("new cases, launch to end: {ratio:.3} of the speed at {FEW} open with {many} open");
    let ratio = turns(sides, touch).await?;
    println!("commands on any open case: {ratio:.3} of the speed at {FEW} open with {many} open");
    stop(small).await?;
    stop(large).await
}

/// Suspends items of open cases and wakes them again, as if all cases were equally likely to be next. One call at a
/// time: no case is in two.
async fn touch(handle: &Handle) -> anyhow::Result<()> {
    let open = handle.telemetry().cases_active.get();
    // A stride near the golden section, prime to round numbers of cases: neighbours are visited long apart.
    let stride = (open * 618 / 1000) | 1;
    for call in 0..(TURN / CALL) as u64 {
        let began = handle.telemetry().commands.get() + call;
        let numbers = (0..CALL as u64).map(|turn| (began + turn * stride) % open + 1);
        let cases: Vec<CaseId> =
            numbers.map(|number| CaseId::parse(&number.to_string())).collect::<Result<_, _>>()?;
        let item = |case| format!("{case}:Take_order");
        let suspend = |case| ask(case, Command::Suspend { item: item(case) });
        all(handle.commands(cases.iter().map(suspend).collect()).await)?;
        let unsuspend = |case| ask(case, Command::Unsuspend { item: item(case) });
        all(handle.commands(cases.iter().map(unsuspend).collect()).await)?;
    }
    Ok(())
}

/// Lets two nodes do the same in turns; gives how many times as fast the second one was, in the middle.
async fn turns<'a, F>(sides: [&'a Handle; 2], work: impl Fn(&'a Handle) -> F) -> anyhow::Result<f64>
where
    F: Future<Output = anyhow::Result<()>>,
{
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let mut took = Vec::new();
        for side in sides {
            let began = now();
            work(side).await?;
            took.push(began.elapsed().as_secs_f64());
        }
        ratios.push(took[0] / took[1]);
    }
    Ok(median(ratios))
}

/// Starts on `cases` open cases, from the log and from a snapshot.
pub(crate) async fn recovers(path: &Path, cases: usize) -> anyhow::Result<()> {
    let node = start(path, &FOUR_TASKS, 2).await?;
    let began = now();
    fill(&node.handle(), &FOUR_TASKS, cases).await?;
    println!("created {}", rate(cases, began.elapsed()));
    node.crash().await;
    for ending in ["a crash", "an orderly end"] {
        let (resident, used) = (memory("VmRSS")?, processor()?);
        let node = start(path, &FOUR_TASKS, 2).await?;
        let used = processor()? - used;
        let recovered = node.recovered();
        println!(
            "start after {ending}: {} open cases, {} records behind the snapshot, {:.2?} ({used:.2?} of processor), {} resident bytes a case, {} MiB at most",
            recovered.open_cases,
            recovered.records,
            recovered.took,
            memory("VmRSS")?.saturating_sub(resident) / cases as u64,
            memory("VmHWM")? >> 20,
        );
        stop(node).await?;
    }
    Ok(())
}
