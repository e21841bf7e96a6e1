//! What all measurements share: nodes, agents, clocks, memory.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use agents::{
    AgentId, Capability, Epoch, SessionId,
    registry::{Answer, Capabilities, Command, Enrolment, Incarnation, Registration, Who},
};
use anyhow::Context as _;
use node::{Config, Handle, Node};

/// Agents in one call, and in one session.
pub(crate) const CALL: usize = 1_000;
/// Calls under way at once where nothing else is said.
pub(crate) const CALLERS: usize = 4;

/// An agent that is registered.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) id: AgentId,
    pub(crate) epoch: Epoch,
}

/// All agents, in the order of their numbers, and their sessions: agent `n` is in session `n / CALL`.
#[derive(Clone, Default)]
pub(crate) struct Fleet {
    pub(crate) members: Arc<[Member]>,
    pub(crate) sessions: Arc<[SessionId]>,
}

impl Member {
    pub(crate) fn named(&self) -> Incarnation {
        Incarnation { who: Who::Id(self.id.clone()), epoch: self.epoch }
    }
}

/// As the `flotilla` binary has it, with room for everybody.
pub(crate) fn config(path: &Path) -> Config {
    Config {
        directory: Some(path.to_owned()),
        inbox_max: 100_000,
        hot_cases_max: 10_000_000,
        ..Config::default()
    }
}

pub(crate) async fn start(path: &Path) -> anyhow::Result<Node> {
    Ok(Node::start(config(path)).await?)
}

/// Registers agents of this name, so many, with what each can do: calls of [`CALL`], some at once, each a session.
pub(crate) async fn enlist(
    handle: &Handle,
    (name, agents): (&'static str, usize),
    can: impl Fn(usize) -> Capability + Clone + Send + Sync + 'static,
) -> anyhow::Result<Fleet> {
    let calls = agents / CALL;
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..CALLERS {
        let (handle, can) = (handle.clone(), can.clone());
        callers.spawn(async move {
            let mut joined = Vec::new();
            for call in (caller..calls).step_by(CALLERS) {
                joined.push((call, join(&handle, (name, call), &can).await?));
            }
            anyhow::Ok(joined)
        });
    }
    let mut joined = Vec::with_capacity(calls);
    for done in callers.join_all().await {
        joined.extend(done?);
    }
    joined.sort_unstable_by_key(|(call, _)| *call);
    let sessions = joined.iter().map(|(_, (session, _))| *session).collect();
    let members = joined.into_iter().flat_map(|(_, (_, members))| members).collect();
    Ok(Fleet { members, sessions })
}

async fn join(
    handle: &Handle,
    (name, call): (&str, usize),
    can: &impl Fn(usize) -> Capability,
) -> anyhow::Result<(SessionId, Vec<Member>)> {
    let host = format!("host-{call:05}").parse().context("a host")?;
    let Answer::SessionOpened(session) = handle.registry(Command::OpenSession { host }).await?
    else {
        anyhow::bail!("opening a session is answered as that");
    };
    let numbers = call * CALL..(call + 1) * CALL;
    let ids: Vec<AgentId> = numbers
        .clone()
        .map(|number| format!("{name}-{number:07}").parse())
        .collect::<Result<_, _>>()?;
    let mut agents = Vec::with_capacity(CALL);
    for (id, number) in ids.iter().zip(numbers) {
        let capabilities = Capabilities::new(vec![can(number)]).context("one is allowed")?;
        agents.push(Registration { id: id.clone(), capabilities, profile: None });
    }
    let register = Command::Register { session: Some(session), agents };
    let Answer::Registered(enrolments) = handle.registry(register).await? else {
        anyhow::bail!("a registration is answered as one");
    };
    let member = |(id, Enrolment { epoch, .. })| Member { id, epoch };
    Ok((session, ids.into_iter().zip(enrolments).map(member).collect()))
}

pub(crate) fn capability(text: &str) -> Capability {
    text.parse().expect("it is short and has no control characters")
}

/// A line of `/proc/self/status`, in MiB: `VmRSS` now, `VmHWM` at most.
pub(crate) fn memory_mib(line: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|found| found.starts_with(line)).context("no such line")?;
    let kib: u64 = line.split_whitespace().nth(1).context("it has a number")?.parse()?;
    Ok(kib / 1024)
}

/// Processor time that this process has used, the load included.
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

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
