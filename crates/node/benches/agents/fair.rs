//! L8: many agents wait for few items. Nobody gets what another has, nothing is lost, and no specification starves.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use agents::{
    backoff::Backoff,
    breaker,
    lease::Retry,
    registry::{Incarnation, Settings},
};
use node::{CaseId, ClaimRequest, Claimed, Command, Config, Handle, Launch, Node, Rejected};

use crate::{
    Size,
    ledger::Ledger,
    load,
    world::{capability, config, enlist, now},
};

const HELLO: &str = include_str!("../../../../examples/hello.yawl");
/// Agents that wait for each capability.
const WAITERS: usize = 100;
/// Specifications that ask for the same capability.
const SPECIFICATIONS_EACH: usize = 2;
/// Seconds between two items for each agent: 100,000 agents share 2,000 items a second.
const ITEM_EACH_S: f64 = 50.0;
/// One claim in so many is never brought back: its lease ends, and the result comes when another has the item.
const SILENT_EACH: usize = 100;
const TERM_MS: u64 = 2_000;
/// How long a claim waits.
const WAIT_MS: u64 = 10_000;
/// After the last launch.
const FINISH_MAX: Duration = Duration::from_secs(60);

struct Run {
    handle: Handle,
    items_per_s: f64,
    ledger: RefCell<Ledger>,
    /// When each case was asked for.
    due: RefCell<BTreeMap<CaseId, Instant>>,
    waits: RefCell<Vec<Duration>>,
    over: std::cell::Cell<bool>,
}

pub(crate) async fn measure(path: &Path, size: Size) -> anyhow::Result<()> {
    let agents = size.agents.min(100_000);
    let capabilities = agents / WAITERS;
    let retry = Retry { rest_ms: 100, attempts_max: 100, ..Retry::default() };
    let backoff = Backoff { base_ms: 10, cap_ms: 100, ..Backoff::default() };
    // Claims that wait in vain are what is measured, and no reason to send anybody away.
    let breaker = breaker::Rule { failures_max: u32::MAX, ..breaker::Rule::default() };
    // Nobody renews the agents: they are not what is looked at.
    let silent =
        Settings { stale_after_ms: 3_600_000, dead_after_ms: 7_200_000, ..Settings::default() };
    let node =
        Node::start(Config { retry, backoff, breaker, agents: silent, ..config(path) }).await?;
    let handle = node.handle();
    let keys = upload(&handle, capabilities).await?;
    let fleet =
        enlist(&handle, ("agent", agents), move |number| capability(&can(number % capabilities)))
            .await?;
    println!(
        "{agents} agents wait for {capabilities} capabilities that {} specifications ask for",
        keys.len()
    );

    let items_per_s = agents as f64 / ITEM_EACH_S;
    let run = Run {
        handle: handle.clone(),
        items_per_s,
        ledger: RefCell::default(),
        due: RefCell::default(),
        waits: RefCell::default(),
        over: std::cell::Cell::new(false),
    };
    let items = (items_per_s * size.seconds as f64).round() as usize;
    let began = now();
    let launching = async {
        let launched = load::open((items_per_s, size.seconds), |number| {
            run.launch(&keys[number * 617 % keys.len()], number, began)
        })
        .await?;
        run.finish(items).await?;
        anyhow::Ok(launched)
    };
    let working = load::each(agents, agents, |number| run.work(fleet.members[number].named()));
    let (mut launched, _) = tokio::try_join!(launching, working)?;
    launched.report("launched");
    run.report(items, keys.len())?;
    drop((run, handle));
    Ok(node.shutdown().await?)
}

impl Run {
    async fn launch(&self, key: &str, number: usize, began: Instant) -> anyhow::Result<usize> {
        let case = CaseId::parse(&format!("f{number}"))?;
        let due = began + Duration::from_secs_f64(number as f64 / self.items_per_s);
        self.due.borrow_mut().insert(case.clone(), due);
        let launch = Launch {
            specification: key.to_owned(),
            case: Some(case.to_string()),
            ..Launch::default()
        };
        self.handle.launch(launch).await?;
        Ok(1)
    }

    /// Waits until all is done, and tells the agents.
    async fn finish(&self, items: usize) -> anyhow::Result<()> {
        let stop = now() + FINISH_MAX;
        while self.ledger.borrow().completed < items {
            anyhow::ensure!(now() < stop, "{} of {items} are done", self.ledger.borrow().completed);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.over.set(true);
        Ok(())
    }

    /// One agent: claims, and brings results, until all is over.
    async fn work(&self, agent: Incarnation) -> anyhow::Result<usize> {
        let mut late = Vec::new();
        while !self.over.get() {
            let request = ClaimRequest {
                agent: agent.clone(),
                class: "bench".to_owned(),
                capabilities: None,
                items_max: 1,
                wait_ms: WAIT_MS,
                term_ms: TERM_MS,
            };
            for claimed in self.handle.claim(request).await?.items {
                self.wait_of(&claimed);
                self.ledger.borrow_mut().claimed(&claimed)?;
                if self.ledger.borrow().claims.is_multiple_of(SILENT_EACH) {
                    self.ledger.borrow_mut().fell_silent(&claimed);
                    late.push(claimed);
                } else {
                    self.complete(&claimed).await?;
                }
            }
        }
        for claimed in late {
            self.complete(&claimed).await?;
        }
        Ok(0)
    }

    /// From when the case was due to when an agent had its item, the first time.
    fn wait_of(&self, claimed: &Claimed) {
        if let Some(due) = self.due.borrow_mut().remove(&claimed.case) {
            self.waits.borrow_mut().push(due.elapsed());
        }
    }

    async fn complete(&self, claimed: &Claimed) -> anyhow::Result<()> {
        let Claimed { item, case, epoch, .. } = claimed;
        let data = format!("<{0}><Reply>Forty-two.</Reply></{0}>", claimed.task);
        let complete = Command::CompleteHeld { item: item.clone(), data, epoch: *epoch };
        match self.handle.command(case, None, complete).await {
            Ok(_) => self.ledger.borrow_mut().completed(claimed),
            Err(Rejected::Fault(fault)) => Err(fault.into()),
            Err(_) => self.ledger.borrow_mut().refused(claimed),
        }
    }

    fn report(&self, items: usize, specifications: usize) -> anyhow::Result<()> {
        let ledger = self.ledger.borrow();
        ledger.check_done(items)?;
        let mut waits = self.waits.borrow_mut();
        waits.sort_unstable();
        let [p50, p95, p99] =
            [50.0, 95.0, 99.0].map(|percent| load::percentile_ms(&waits, percent));
        println!(
            "{} claims of {items} items: no item was held twice, none was lost, {} late results were refused",
            ledger.claims, ledger.refused_late
        );
        println!(
            "  from a case's due time to the claim, launch included, ms: p50 {p50:.2}, p95 {p95:.2}, p99 {p99:.2}"
        );
        let counts = ledger.claims_by_specification.values();
        println!(
            "  claims of each of {specifications} specifications: {} to {}",
            counts.clone().min().unwrap_or(&0),
            counts.max().unwrap_or(&0)
        );
        Ok(())
    }
}

fn can(number: usize) -> String {
    format!("skill_{number}")
}

/// Specifications of one task each, several for each capability. Gives their keys.
async fn upload(handle: &Handle, capabilities: usize) -> anyhow::Result<Vec<String>> {
    let mut keys = Vec::new();
    for number in 0..capabilities * SPECIFICATIONS_EACH {
        let xml = HELLO
            .replace("UID_flotilla_hello", &format!("UID_fair_{number}"))
            .replace(
                "<decomposesTo id=\"Answer\"/>",
                &format!("<decomposesTo id=\"{}\"/>", can(number % capabilities)),
            )
            .replace(
                "<decomposition id=\"Answer\"",
                &format!("<decomposition id=\"{}\"", can(number % capabilities)),
            );
        for uploaded in handle.upload(&xml).await? {
            keys.push(uploaded.key.to_string());
        }
    }
    Ok(keys)
}
