//! `flotilla run`: cases from start to end, in one process, with agents that make their answers up.

mod report;

use std::{collections::BTreeSet, io::IsTerminal as _, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use engine::{CaseId, case::CaseStatus};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use node::{CaseFilter, Clock, Handle, Launch, Loaded, Node};

use self::report::Report;
use super::{DONE, FAILED, INVALID, run_async};
use crate::swarm::{self, Behaviour, Swarm};

/// Cases launched in one call.
const LAUNCH_BATCH: usize = 500;
/// Cases listed in one page.
const PAGE: usize = 1000;
/// With the real clock: how often the cases are looked at while all wait for a timer.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Where the virtual clock begins: 2026-01-01T00:00Z, so that the same seed gives the same run.
const VIRTUAL_START_MS: i64 = 1_767_225_600_000;

/// Runs cases of a specification to their end.
///
/// Agents in this process check every work item out and answer it with data that is valid for its types. The clock
/// is virtual: when nothing else can happen it jumps to the next timer, so that processes of weeks end in
/// seconds. With --data the cases are durable: after a kill, the same command goes on where it was.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 all cases completed, 1 some did not, 2 the specification is invalid.

Examples:
  flotilla run order.yawl --cases 1000 --agents 50
  flotilla run order.yawl --cases 10 --seed 7 --json
  flotilla run order.yawl --cases 10000 --data /tmp/orders    # kill it, run it again"
)]
pub(super) struct Arguments {
    /// The .yawl file.
    file: PathBuf,
    /// Cases to run in all, those that --data already holds included.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    cases: u64,
    /// Agents that work at the same time.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    agents: u64,
    /// Decides what agents answer. The order in which they work is the machine's.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Durable in this directory; in memory without it.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Of a hundred items with a deadline, how many nobody touches until it has passed.
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    neglect: u8,
    /// Wait for timers by the wall clock.
    #[arg(long)]
    real_time: bool,
    /// Print the summary as one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<u8> {
    let text = std::fs::read(&arguments.file)
        .with_context(|| format!("reading {}", arguments.file.display()))?;
    if !crate::verdict::judge(&text).is_valid() {
        let file = arguments.file.display();
        eprintln!("error: {file} is invalid; flotilla verify {file} says why");
        return Ok(INVALID);
    }
    let text = String::from_utf8(text).context("the file is not UTF-8")?;
    run_async(drive(arguments, text))
}

async fn drive(arguments: Arguments, text: String) -> anyhow::Result<u8> {
    let clock =
        if arguments.real_time { Clock::system() } else { Clock::virtual_at(VIRTUAL_START_MS) };
    let config = node::Config {
        directory: arguments.data.clone(),
        clock: clock.clone(),
        seed: arguments.seed,
        ..node::Config::default()
    };
    let node = Node::start(config).await.context("starting the node")?;
    let began = clock.monotonic();
    let outcome = work(&arguments, &node.handle(), &text).await;
    let took = clock.monotonic() - began;
    node.shutdown().await.context("stopping the node")?;
    let mut report = outcome?;
    (report.took, report.virtual_ms) = (took, clock.now_ms() - VIRTUAL_START_MS);
    report.print(&arguments)?;
    Ok(if report.is_clean() { DONE } else { FAILED })
}

async fn work(arguments: &Arguments, handle: &Handle, text: &str) -> anyhow::Result<Report> {
    let uploaded = handle.upload(text).await?;
    let first = uploaded.first().context("the file holds no specification")?;
    let loaded =
        handle.specification(&first.key).context("the specification was unloaded meanwhile")?;
    let agents = usize::try_from(arguments.agents).context("--agents")?;
    let neglect = f64::from(arguments.neglect) / 100.0;
    let behaviour = Behaviour {
        agents,
        seed: arguments.seed,
        think_max: Duration::ZERO,
        neglect,
        left: BTreeSet::new(),
    };
    let swarm = Swarm::start(handle.clone(), behaviour);
    let bar = progress(arguments);

    swarm::take_back(handle).await?;
    let known = all_cases(handle, &loaded);
    for case in &known {
        swarm.look_at(case).await?;
    }
    let missing = arguments.cases.saturating_sub(known.len() as u64);
    let mut cases = known;
    cases.extend(launch(handle, &loaded, &swarm, missing).await?);
    loop {
        wait_idle(&swarm, || bar.set_position(cases.len() as u64 - handle.open_cases(&loaded)))
            .await;
        if handle.open_cases(&loaded) == 0 || !next_timer(arguments, handle).await? {
            break;
        }
        for case in &cases {
            if !matches!(handle.case_summary(case)?.status, CaseStatus::Ended(_)) {
                swarm.look_at(case).await?;
            }
        }
    }
    bar.finish_and_clear();
    Report::of(handle, &swarm, &cases)
}

fn progress(arguments: &Arguments) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} cases ended, {elapsed} ({eta} left)");
    let bar =
        ProgressBar::new(arguments.cases).with_style(style.expect("the template is a constant"));
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}

/// Every case of this specification that the node holds.
fn all_cases(handle: &Handle, loaded: &Arc<Loaded>) -> Vec<CaseId> {
    let filter = CaseFilter { specification: Some(loaded.key.clone()), ..CaseFilter::default() };
    let mut cases: Vec<CaseId> = Vec::new();
    let mut after: Option<CaseId> = None;
    loop {
        let page = handle.cases(&filter, after.as_ref(), PAGE);
        cases.extend(page.items.into_iter().map(|summary| summary.case));
        after = page.next.as_deref().and_then(|next| CaseId::parse(next).ok());
        if after.is_none() {
            return cases;
        }
    }
}

async fn launch(
    handle: &Handle,
    loaded: &Loaded,
    swarm: &Swarm,
    count: u64,
) -> anyhow::Result<Vec<CaseId>> {
    let mut cases = Vec::new();
    let mut left = usize::try_from(count).context("--cases")?;
    while left > 0 {
        let launch = Launch { specification: loaded.key.to_string(), ..Launch::default() };
        let batch = vec![launch; left.min(LAUNCH_BATCH)];
        for answer in handle.launch_many(batch).await {
            match answer {
                Ok(launched) => {
                    left -= 1;
                    swarm.look_at(&launched.case).await?;
                    cases.push(launched.case);
                }
                Err(node::Rejected::Overloaded { retry_after_ms }) => {
                    tokio::time::sleep(Duration::from_millis(retry_after_ms)).await;
                }
                Err(rejected) => return Err(rejected).context("launching a case"),
            }
        }
    }
    Ok(cases)
}

/// Waits until all agents are idle, and shows how far they are meanwhile.
async fn wait_idle(swarm: &Swarm, show: impl Fn()) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    loop {
        // Both arms only wait: dropping either loses nothing.
        tokio::select! {
            () = swarm.idle() => return show(),
            _ = look.tick() => show(),
        }
    }
}

/// Lets the next timer fire. `false` if there is none.
async fn next_timer(arguments: &Arguments, handle: &Handle) -> anyhow::Result<bool> {
    let Some(due_ms) = handle.next_due_ms() else { return Ok(false) };
    if arguments.real_time {
        tokio::time::sleep(LOOK_EVERY).await;
    } else {
        handle.advance_to(due_ms).await?;
    }
    Ok(true)
}
