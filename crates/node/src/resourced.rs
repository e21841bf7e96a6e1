//! What each task of a specification asks of participants.
//!
//! The rule: a task with `resourcing` is distributed by it; one without is claimed by agents. The root net may say
//! otherwise for the whole specification (extension `resourcing`, `docs/extensions.md`). A task that is worked by a
//! program or that makes no work item is nobody's.

use std::sync::Arc;

use agents::resourcing::Resourcing;
use engine::{NetIndex, Program, TaskIndex, program::Kind};
use model::{
    finding::Finding,
    specification::{self as spec, Decomposition, Resourced as Which, Specification},
};

/// By net and task, as the program counts them.
#[derive(Debug)]
pub(crate) struct Resourced(Vec<Vec<Option<Arc<Resourcing>>>>);

impl Resourced {
    /// What a specification asks, nothing if no task asks for participants, with an error for each task whose
    /// `resourcing` cannot be read. Such a task is left to an administrator: an earlier release may have known more.
    pub(crate) fn of(
        program: &Program,
        specification: &Specification,
    ) -> (Option<Self>, Vec<Finding>) {
        let nets = || specification.decompositions.iter().filter_map(net_of);
        let which = nets().find(|net| net.is_root).map_or(Which::WhereAsked, |net| net.resourced);
        let mut findings = Vec::new();
        let mut asked = |net: &str, task: &engine::program::Task| {
            let is_work = task.kind == Kind::Atomic && !task.automated;
            let written = nets().find(|known| known.head.id == net).and_then(|net| {
                net.tasks.iter().find(|known| known.id == task.id)?.resourcing.as_deref()
            });
            match (which, written) {
                _ if !is_work => None,
                (Which::Nowhere, _) | (Which::WhereAsked, None) => None,
                (Which::Everywhere, None) => Some(Arc::new(Resourcing::everybody())),
                (Which::WhereAsked | Which::Everywhere, Some(text)) => {
                    let read = Resourcing::read(text).unwrap_or_else(|error| {
                        let element = format!("AtomicTask:{}", task.id);
                        let finding =
                            Finding::error(element, "resourcing-unknown", error.to_string());
                        findings.push(finding.remedy("correct what it names, or take it out"));
                        Resourcing::administrator()
                    });
                    Some(Arc::new(read))
                }
            }
        };
        let mut all = Vec::new();
        for net in &program.nets {
            all.push(net.tasks.iter().map(|task| asked(&net.id, task)).collect::<Vec<_>>());
        }
        let is_asked = all.iter().flatten().any(Option::is_some);
        (is_asked.then_some(Self(all)), findings)
    }

    /// What a task of a net asks; nothing if agents claim its work.
    pub(crate) fn get(&self, net: NetIndex, task: TaskIndex) -> Option<&Arc<Resourcing>> {
        self.0.get(net.0 as usize)?.get(task.0 as usize)?.as_ref()
    }
}

fn net_of(decomposition: &Decomposition) -> Option<&spec::Net> {
    match decomposition {
        Decomposition::Net(net) => Some(net),
        Decomposition::Gateway(_) => None,
    }
}
