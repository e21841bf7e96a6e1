//! What all measurements share: specifications, nodes, calls, clocks.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use node::{Asked, CaseId, Command, Config, Handle, Launch, Node, Rejected};

/// Launches or commands in one call.
pub(crate) const CALL: usize = 1000;
/// Calls under way at once.
pub(crate) const CALLS: usize = 4;

/// A specification whose tasks come one after the other.
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    xml: &'static str,
    key: &'static str,
    /// Tasks with what their items are checked in with.
    pub(crate) work: &'static [(&'static str, &'static str)],
}

pub(crate) const FOUR_TASKS: Plan = Plan {
    name: "four tasks",
    xml: include_str!("../../../../examples/four_tasks.yawl"),
    key: "UID_flotilla_four_tasks:1.0",
    work: &[
        (
            "Take_order",
            "<Take_order><Order><Customer>Ada Lovelace</Customer><Quantity>12</Quantity>\
             <Express>true</Express></Order></Take_order>",
        ),
        ("Pick_goods", "<Pick_goods><Picked>12</Picked></Pick_goods>"),
        ("Pack_parcel", "<Pack_parcel><Weight>30</Weight></Pack_parcel>"),
        ("Ship_parcel", "<Ship_parcel><Shipped>true</Shipped></Ship_parcel>"),
    ],
};

pub(crate) const ONE_TASK: Plan = Plan {
    name: "one task",
    xml: include_str!("../../../../examples/hello.yawl"),
    key: "UID_flotilla_hello:1.0",
    work: &[("Answer", "<Answer><Reply>Forty-two.</Reply></Answer>")],
};

impl Plan {
    pub(crate) fn launch(&self) -> Launch {
        Launch { specification: self.key.to_owned(), ..Launch::default() }
    }

    pub(crate) fn launches(&self) -> Vec<Launch> {
        vec![self.launch(); CALL]
    }
}

/// A node in `path` that keeps every case's state in memory and knows the plan.
pub(crate) async fn start(path: &Path, plan: &Plan, partitions: usize) -> anyhow::Result<Node> {
    let config = Config {
        directory: Some(path.to_owned()),
        partitions,
        inbox_max: 100_000,
        hot_cases_max: 10_000_000,
        ..Config::default()
    };
    let node = Node::start(config).await?;
    node.handle().upload(plan.xml).await?;
    Ok(node)
}

pub(crate) async fn stop(node: Node) -> anyhow::Result<()> {
    Ok(node.shutdown().await?)
}

/// Launches `cases` cases, in calls, some at once.
pub(crate) async fn fill(handle: &Handle, plan: &'static Plan, cases: usize) -> anyhow::Result<()> {
    in_calls(handle, cases, move |handle| async move {
        all(handle.launch_many(plan.launches()).await).map(drop)
    })
    .await
}

/// Makes `cases / CALL` calls, at least one, some at once.
pub(crate) async fn in_calls<F>(
    handle: &Handle,
    cases: usize,
    call: impl Fn(Handle) -> F + Clone + Send + 'static,
) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>> + Send,
{
    let calls = (cases / CALL).max(1);
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..CALLS {
        let (handle, call) = (handle.clone(), call.clone());
        callers.spawn(async move {
            for _ in (caller..calls).step_by(CALLS) {
                call(handle.clone()).await?;
            }
            anyhow::Ok(())
        });
    }
    for done in callers.join_all().await {
        done?;
    }
    Ok(())
}

pub(crate) fn ask(case: &CaseId, command: Command) -> Asked {
    Asked { case: case.clone(), id: None, command }
}

pub(crate) fn all<T>(answers: Vec<Result<T, Rejected>>) -> anyhow::Result<Vec<T>> {
    Ok(answers.into_iter().collect::<Result<_, _>>()?)
}

/// A line of `/proc/self/status`, in bytes: `VmRSS` now, `VmHWM` at most.
pub(crate) fn memory(line: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|found| found.starts_with(line)).context("no such line")?;
    let kib: u64 = line.split_whitespace().nth(1).context("it has a number")?.parse()?;
    Ok(kib * 1024)
}

/// Processor time that this process has used: on a machine that others use too it says more than the clock.
pub(crate) fn processor() -> anyhow::Result<Duration> {
    /// Linux counts in hundredths of a second.
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, rest) = stat.rsplit_once(')').context("stat has a name")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let (user, system): (u32, u32) = (fields[11].parse()?, fields[12].parse()?);
    Ok(TICK * (user + system))
}

pub(crate) fn rate(count: usize, took: Duration) -> String {
    format!("{:.0}/s ({count} in {took:.2?})", count as f64 / took.as_secs_f64())
}

/// The middle of some figures.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
