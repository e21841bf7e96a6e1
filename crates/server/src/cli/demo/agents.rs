//! The demo's agents: each takes a work item, thinks, answers with made-up valid data, for ever.

use std::{sync::Arc, time::Duration};

use engine::case::ItemStatus;
use node::{
    Answered, Command, Handle, ItemFilter, ItemSummary, Launch, Rejected,
    ids::{SpecificationKey, case_of_item},
};
use tokio::task::JoinSet;
use tracing::{debug, warn};

/// An agent thinks this long, and up to twice as long.
const THINK_MS: u64 = 1_500;
/// Between two looks at an empty list of work.
const IDLE_MS: u64 = 500;
/// Between two looks at how many cases are open.
const LAUNCH_MS: u64 = 1_000;
/// Items that an agent chooses from. Several agents that saw the same list seldom choose the same.
const CHOICE: usize = 200;

/// What the demo keeps going.
pub(super) struct Plan {
    pub(super) agents: u16,
    pub(super) cases: u16,
    pub(super) specification: SpecificationKey,
}

/// Launches and works until it is dropped, or until the node stops.
pub(super) async fn work(node: Handle, plan: Plan) -> Result<(), Rejected> {
    let plan = Arc::new(plan);
    let mut tasks = JoinSet::new();
    for agent in 0..plan.agents {
        let agent = Agent { node: node.clone(), dice: Dice::new(u64::from(agent) + 1) };
        tasks.spawn(agent.run());
    }
    tasks.spawn(keep_launching(node, plan));
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(result) => result?,
            Err(error) => warn!(%error, "an agent died; the others go on"),
        }
    }
    Ok(())
}

/// Keeps so many cases open.
async fn keep_launching(node: Handle, plan: Arc<Plan>) -> Result<(), Rejected> {
    let mut dice = Dice::new(0);
    loop {
        let loaded = node.specification(&plan.specification);
        let loaded =
            loaded.ok_or_else(|| Rejected::NoSuchSpecification(plan.specification.clone()))?;
        let missing = u64::from(plan.cases).saturating_sub(node.open_cases(&loaded));
        let root = loaded.program.root_net();
        let launches = (0..missing).map(|_| Launch {
            specification: plan.specification.to_string(),
            data: Some(loaded.program.types.sample(
                root.input_sequence,
                &root.data_root,
                &mut |n| dice.below(n),
            )),
            ..Launch::default()
        });
        for answer in node.launch_many(launches.collect()).await {
            expected(answer)?;
        }
        tokio::time::sleep(Duration::from_millis(LAUNCH_MS)).await;
    }
}

/// Refusals are part of life here: somebody else was faster, or a timer was.
fn expected<T>(answer: Result<T, Rejected>) -> Result<Option<T>, Rejected> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(stopped @ (Rejected::Stopping | Rejected::Fault(_))) => Err(stopped),
        Err(refused) => {
            debug!(%refused, "refused");
            Ok(None)
        }
    }
}

struct Agent {
    node: Handle,
    dice: Dice,
}

impl Agent {
    async fn run(mut self) -> Result<(), Rejected> {
        loop {
            let Some(item) = self.choose() else {
                tokio::time::sleep(Duration::from_millis(IDLE_MS)).await;
                continue;
            };
            if let Some(started) = self.check_out(&item).await? {
                let think = THINK_MS + u64::from(self.dice.below(1_500));
                tokio::time::sleep(Duration::from_millis(think)).await;
                self.check_in(&item, started).await?;
            }
        }
    }

    /// Some item that waits for somebody.
    fn choose(&mut self) -> Option<ItemSummary> {
        let wanted = if self.dice.below(2) == 0 { ItemStatus::Fired } else { ItemStatus::Enabled };
        let other =
            if wanted == ItemStatus::Fired { ItemStatus::Enabled } else { ItemStatus::Fired };
        [wanted, other].into_iter().find_map(|status| {
            let filter = ItemFilter { status: Some(status), ..ItemFilter::default() };
            let mut items = self.node.items(&filter, None, CHOICE).items;
            let count = u32::try_from(items.len()).expect("a page is short");
            (count > 0).then(|| items.swap_remove(self.dice.below(count) as usize))
        })
    }

    async fn check_out(&self, item: &ItemSummary) -> Result<Option<String>, Rejected> {
        let start = Command::Start { item: item.item.clone() };
        let answer = self.node.command(&item.case, None, start).await;
        Ok(match expected(answer)? {
            Some(Answered::Started { item, .. }) => Some(item),
            Some(Answered::Added { .. } | Answered::Done) | None => None,
        })
    }

    async fn check_in(&mut self, item: &ItemSummary, started: String) -> Result<(), Rejected> {
        let Some(data) = self.result_for(item) else { return Ok(()) };
        let case = case_of_item(&started).expect("the node named it");
        let complete = Command::Complete { item: started, data };
        expected(self.node.command(&case, None, complete).await)?;
        Ok(())
    }

    fn result_for(&mut self, item: &ItemSummary) -> Option<String> {
        let loaded = self.node.specification(&item.specification)?;
        let net = loaded.program.nets.iter().find(|net| net.id == item.net)?;
        let task = net.task(net.task_index(&item.task)?);
        Some(loaded.program.sample_output(task, &mut |n| self.dice.below(n)))
    }
}

/// SplitMix64: a demo needs no better chance, and the same one every time is easier to show.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `n`; 0 if `n` is 0.
    fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        u32::try_from(mixed % u64::from(n.max(1))).expect("below a u32")
    }
}
