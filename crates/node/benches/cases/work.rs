//! Whole cases: launch, check-out and check-in of every task, all durable.

use std::path::Path;

use node::{Answered, CaseId, Command, Handle};

use crate::{
    create::CLIENTS,
    raw,
    world::{CALL, CALLS, Plan, all, ask, in_calls, now, rate, start, stop},
};

/// Each client's cases in the measurement one by one.
const CASES: usize = 500;
/// All clients' together.
const CASES_MAX: usize = 50_000;

pub(crate) async fn in_batches(
    path: &Path,
    plan: &'static Plan,
    cases: usize,
) -> anyhow::Result<()> {
    let node = start(path, plan, 2).await?;
    let handle = node.handle();
    let began = now();
    run(&handle, plan, cases).await?;
    let took = began.elapsed();
    let telemetry = handle.telemetry();
    anyhow::ensure!(
        telemetry.cases_ended.get() == telemetry.cases_created.get(),
        "every case has ended"
    );
    println!(
        "{}, launch to end in calls of {CALL}, {CALLS} at once: {}",
        plan.name,
        rate(cases, took)
    );
    raw::compare(path, telemetry, (cases, took))?;
    drop(handle);
    stop(node).await
}

/// Works `cases` cases from launch to end in calls.
pub(crate) async fn run(handle: &Handle, plan: &'static Plan, cases: usize) -> anyhow::Result<()> {
    in_calls(handle, cases, move |handle| async move {
        let launched = all(handle.launch_many(plan.launches()).await)?;
        for (task, data) in plan.work {
            let start = |case: &CaseId| Command::Start { item: format!("{case}:{task}") };
            let asked = launched.iter().map(|launched| ask(&launched.case, start(&launched.case)));
            let started = all(handle.commands(asked.collect()).await)?;
            let asked = launched.iter().zip(started).map(|(launched, started)| {
                ask(&launched.case, Command::Complete { item: item(started), data: (*data).into() })
            });
            all(handle.commands(asked.collect()).await)?;
        }
        Ok(())
    })
    .await
}

/// Clients that each work one case after the other and wait for every answer.
pub(crate) async fn one_by_one(path: &Path, plan: &'static Plan) -> anyhow::Result<()> {
    for clients in CLIENTS {
        let node = start(&path.join(clients.to_string()), plan, 2).await?;
        let handle = node.handle();
        let each = CASES.min(CASES_MAX / clients);
        let began = now();
        let mut working = tokio::task::JoinSet::new();
        for _ in 0..clients {
            let handle = handle.clone();
            working.spawn(async move {
                for _ in 0..each {
                    work_one(&handle, plan).await?;
                }
                anyhow::Ok(())
            });
        }
        for done in working.join_all().await {
            done?;
        }
        let took = began.elapsed();
        println!(
            "{}, launch to end one by one, {clients} clients: {}",
            plan.name,
            rate(clients * each, took)
        );
        drop(handle);
        stop(node).await?;
    }
    Ok(())
}

async fn work_one(handle: &Handle, plan: &Plan) -> anyhow::Result<()> {
    let case = handle.launch(plan.launch()).await?.case;
    for (task, data) in plan.work {
        let start = Command::Start { item: format!("{case}:{task}") };
        let item = item(handle.command(&case, None, start).await?);
        let complete = Command::Complete { item, data: (*data).to_owned() };
        handle.command(&case, None, complete).await?;
    }
    Ok(())
}

fn item(answered: Answered) -> String {
    match answered {
        Answered::Started { item, .. } => item,
        Answered::Done
        | Answered::Added { .. }
        | Answered::HandedOff { .. }
        | Answered::Taken { .. } => {
            unreachable!("a start is answered as one")
        }
    }
}
