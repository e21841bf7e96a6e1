//! L1 and L2: everybody is renewed once a minute, durably; and after a crash everybody still has its epoch.

use std::path::{Path, PathBuf};

use agents::registry::{Answer, Command};
use anyhow::Context as _;
use node::Handle;

use crate::{
    Size,
    load::{self, Outcome},
    world::{CALL, CALLERS, Fleet, capability, enlist, memory_mib, start},
};

/// How often each agent is renewed.
const PERIOD_S: f64 = 60.0;
/// Agents that renew themselves at once where the rate is not given.
const SINGLE_CALLERS: usize = 10_000;

/// (a) Hosts renew their sessions, each of a thousand agents.
pub(crate) async fn by_session(path: &Path, size: Size) -> anyhow::Result<()> {
    let call = |handle: Handle, fleet: Fleet, number: usize| async move {
        let session = fleet.sessions[number % fleet.sessions.len()];
        renewed(handle.registry(Command::RenewSessions { sessions: vec![session] }).await?)
    };
    measure(path, size, ("sessions of 1000 agents", CALL, CALLERS), call).await
}

/// (b) Gateways renew a thousand named agents in one call.
pub(crate) async fn by_name(path: &Path, size: Size) -> anyhow::Result<()> {
    let call = |handle: Handle, fleet: Fleet, number: usize| async move {
        let first = number % (fleet.members.len() / CALL) * CALL;
        let agents = fleet.members[first..first + CALL].iter().map(|member| member.named());
        renewed(handle.registry(Command::Renew { agents: agents.collect() }).await?)
    };
    measure(path, size, ("batches of 1000 named agents", CALL, CALLERS), call).await
}

/// (c) Every agent renews itself.
pub(crate) async fn one_by_one(path: &Path, size: Size) -> anyhow::Result<()> {
    let call = |handle: Handle, fleet: Fleet, number: usize| async move {
        // A stride near the golden section, prime to round numbers: neighbours are renewed long apart.
        let stride = (fleet.members.len() * 618 / 1000) | 1;
        let member = &fleet.members[number.wrapping_mul(stride) % fleet.members.len()];
        renewed(handle.registry(Command::Renew { agents: vec![member.named()] }).await?)
    };
    measure(path, size, ("one agent a call", 1, SINGLE_CALLERS), call).await
}

/// How many the answer says were renewed. Everybody is there: it is an error if not.
pub(crate) fn renewed(answer: Answer) -> anyhow::Result<usize> {
    match answer {
        Answer::Renewed(answers) => {
            anyhow::ensure!(answers.iter().all(Result::is_ok), "an agent is gone");
            Ok(answers.len())
        }
        Answer::SessionsRenewed(answers) => {
            let agents = answers.iter().copied().collect::<Option<Vec<u32>>>();
            Ok(agents.context("a session is gone")?.iter().map(|agents| *agents as usize).sum())
        }
        Answer::SessionOpened(_)
        | Answer::SessionClosed { .. }
        | Answer::Registered(_)
        | Answer::StatesSet(_)
        | Answer::Draining(_)
        | Answer::Quarantined(_)
        | Answer::Released(_)
        | Answer::Deregistered(_)
        | Answer::Extended => anyhow::bail!("a renewal is answered as one"),
    }
}

async fn measure<F>(
    path: &Path,
    size: Size,
    (what, agents_per_call, callers): (&str, usize, usize),
    call: impl Fn(Handle, Fleet, usize) -> F + Copy,
) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<usize>>,
{
    let node = start(path).await?;
    let handle = node.handle();
    let fleet = enlist(&handle, ("agent", size.agents), |_| capability("work")).await?;
    let calls_per_s = size.agents as f64 / PERIOD_S / agents_per_call as f64;
    println!("{what}: each is due once in {PERIOD_S} s, measured for {} s", size.seconds);
    let log = Log::of(path);
    let before = log.bytes()?;
    let schedule = (calls_per_s, size.seconds);
    let mut open =
        load::open(schedule, |number| call(handle.clone(), fleet.clone(), number)).await?;
    open.report("  open loop");
    on_disk(&open, log.bytes()?.checked_sub(before));
    let limit = (callers, (size.seconds / 3).max(1));
    let mut closed =
        load::closed(limit, |number| call(handle.clone(), fleet.clone(), number)).await?;
    closed.report(&format!("  closed loop, {callers} at once"));
    println!(
        "  memory: {} MiB resident, {} MiB at most",
        memory_mib("VmRSS")?,
        memory_mib("VmHWM")?
    );
    drop(handle);
    node.crash().await;
    epochs_are_kept(path, &fleet).await
}

fn on_disk(outcome: &Outcome, bytes: Option<u64>) {
    match bytes {
        Some(bytes) => {
            println!("  on disk: {:.2} bytes a renewal", bytes as f64 / outcome.done.max(1) as f64)
        }
        None => println!("  on disk: segments were removed meanwhile"),
    }
}

/// L2: whoever was there before the crash is there with the same epoch.
async fn epochs_are_kept(path: &Path, fleet: &Fleet) -> anyhow::Result<()> {
    let node = start(path).await?;
    let handle = node.handle();
    let took = node.recovered().took;
    for members in fleet.members.chunks(CALL) {
        let agents = members.iter().map(|member| member.named()).collect();
        renewed(handle.registry(Command::Renew { agents }).await?)?;
    }
    let agents = fleet.members.len();
    println!(
        "  after a crash: started in {took:.2?}, all {agents} agents renewed under their epochs"
    );
    drop(handle);
    Ok(node.shutdown().await?)
}

/// The files of the agents' log.
struct Log(PathBuf);

impl Log {
    fn of(path: &Path) -> Self {
        Self(path.join("agents"))
    }

    /// What was written: all segments but the zeros behind the last.
    fn bytes(&self) -> anyhow::Result<u64> {
        let files = std::fs::read_dir(&self.0)?.map(|entry| Ok(entry?.path()));
        let mut segments: Vec<PathBuf> = files.collect::<anyhow::Result<_>>()?;
        segments.retain(|path| path.extension().is_some_and(|extension| extension == "seg"));
        segments.sort();
        let mut bytes = 0;
        for (place, segment) in segments.iter().enumerate() {
            bytes += match place + 1 == segments.len() {
                false => std::fs::metadata(segment)?.len(),
                true => {
                    let content = std::fs::read(segment)?;
                    content.iter().rposition(|byte| *byte != 0).map_or(0, |last| last as u64 + 1)
                }
            };
        }
        Ok(bytes)
    }
}
