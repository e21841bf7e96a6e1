//! Keeps the demo going: launches what is missing, lets the agents look at whatever changes.

use std::{collections::BTreeSet, time::Duration};

use node::{CaseFilter, CaseId, Handle, Launch, Rejected, ids::SpecificationKey};
use tokio::{sync::broadcast::error::RecvError, time::interval};

use crate::swarm::{self, Behaviour, Swarm};

/// A deadline of days is longer than a demo: nothing is left to one.
const NEGLECT: f64 = 0.0;
/// Between two looks at how many cases are open.
const LAUNCH_MS: u64 = 1_000;
/// Entries asked for at once when everything is looked at.
const PAGE: usize = 1_000;

/// What the demo keeps going.
pub(super) struct Plan {
    pub(super) agents: u16,
    pub(super) cases: u16,
    /// Tasks that nobody in this process touches.
    pub(super) left: BTreeSet<String>,
    /// Longest time that an agent thinks about an item: people must be able to follow.
    pub(super) think_max: Duration,
    pub(super) specification: SpecificationKey,
}

/// Launches and works until it is dropped, or until the node stops.
pub(super) async fn work(node: Handle, plan: Plan) -> Result<(), Rejected> {
    let mut changes = node.changes();
    let behaviour = Behaviour {
        agents: plan.agents.into(),
        seed: 0,
        think_max: plan.think_max,
        neglect: NEGLECT,
        left: plan.left.clone(),
    };
    let swarm = Swarm::start(node.clone(), behaviour);
    swarm::take_back(&node).await?;
    look_at_all(&node, &swarm).await?;
    let mut ticks = interval(Duration::from_millis(LAUNCH_MS));
    loop {
        // A tick or a change that is not taken now is taken in the next round.
        tokio::select! {
            _ = ticks.tick() => launch_missing(&node, &plan).await?,
            change = changes.recv() => match change {
                Ok(change) => expected(swarm.look_at(&change.case).await)?,
                Err(RecvError::Lagged(_)) => look_at_all(&node, &swarm).await?,
                Err(RecvError::Closed) => return Ok(()),
            },
        }
    }
}

async fn look_at_all(node: &Handle, swarm: &Swarm) -> Result<(), Rejected> {
    let filter = CaseFilter { status: Some("running".to_owned()), ..CaseFilter::default() };
    let mut after: Option<CaseId> = None;
    loop {
        let page = node.cases(&filter, after.as_ref(), PAGE);
        for summary in page.items {
            expected(swarm.look_at(&summary.case).await)?;
        }
        after = page.next.as_deref().and_then(|next| CaseId::parse(next).ok());
        if after.is_none() {
            return Ok(());
        }
    }
}

async fn launch_missing(node: &Handle, plan: &Plan) -> Result<(), Rejected> {
    let loaded = node.specification(&plan.specification);
    let loaded = loaded.ok_or_else(|| Rejected::NoSuchSpecification(plan.specification.clone()))?;
    let missing = u64::from(plan.cases).saturating_sub(node.open_cases(&loaded));
    let launch = || Launch { specification: plan.specification.to_string(), ..Launch::default() };
    for answer in node.launch_many((0..missing).map(|_| launch()).collect()).await {
        expected(answer.map(drop))?;
    }
    Ok(())
}

/// Refusals are part of life here: somebody else was faster, or a timer was.
fn expected(answer: Result<(), Rejected>) -> Result<(), Rejected> {
    match answer {
        Err(stopped @ (Rejected::Stopping | Rejected::Fault(_))) => Err(stopped),
        Err(refused) => {
            tracing::debug!(%refused, "refused");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
