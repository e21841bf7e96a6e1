//! What each task of a specification asks of an agent.
//!
//! The rule: what the task's own `agentBinding` says, else what its decomposition declares (extension `capability`),
//! else the decomposition's id. A task without a decomposition makes no work item and asks for nothing, and so does one
//! that is distributed to participants. Names are compared as capabilities are.

use agents::Capability;
use engine::{ItemKey, NetIndex, Program};
use model::specification::{Decomposition, Specification};

use crate::resourced::Resourced;

/// By net and task, as the program counts them.
#[derive(Debug, Default)]
pub(crate) struct Capabilities(Vec<Vec<Option<Capability>>>);

impl Capabilities {
    pub(crate) fn of(
        program: &Program,
        specification: &Specification,
        resourced: Option<&Resourced>,
    ) -> Self {
        let bound = |net: &str, task: &str| {
            let Some(Decomposition::Net(net)) = specification.decomposition(net) else {
                return None;
            };
            let task = net.tasks.iter().find(|one| one.id == task)?;
            task.binding.as_ref()?.capability.as_deref()
        };
        let asked = |net: &str, task: &engine::program::Task| {
            let id = task.decomposition.as_deref()?;
            let own = bound(net, &task.id);
            let declared = match specification.decomposition(id) {
                Some(Decomposition::Gateway(gateway)) => gateway.capability.as_deref(),
                Some(Decomposition::Net(_)) | None => None,
            };
            // All are short texts without line breaks; one that is none is claimed by nobody.
            own.or(declared).unwrap_or(id).parse().ok()
        };
        let tasks = |(index, net): (NetIndex, &engine::program::Net)| {
            let given = |task| resourced.is_some_and(|all| all.get(index, task).is_some());
            let all = net.task_indices().zip(&net.tasks);
            all.map(|(at, task)| asked(&net.id, task).filter(|_| !given(at))).collect()
        };
        Self((0..).map(NetIndex).zip(&program.nets).map(tasks).collect())
    }

    /// What the task of this item, in this net, asks for.
    pub(crate) fn get(&self, net: NetIndex, item: &ItemKey) -> Option<&Capability> {
        self.0.get(net.0 as usize)?.get(item.task.0 as usize)?.as_ref()
    }
}
