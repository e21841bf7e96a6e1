//! One decision in the making: a copy of the case that each new event is applied to at once.

use std::sync::Arc;

use crate::{
    apply::apply,
    case::{Busy, Case, Runner},
    command::{Inputs, Refusal},
    event::Event,
    ids::{ItemKey, Path, TaskIndex},
    program::{Net, Program, Task},
};

/// Events that one command may lead to. A loop of empty tasks that verification let through (its
/// predicates never leave it) must end; no recorded command comes near.
pub(crate) const EVENTS_MAX: usize = 100_000;

/// The working copy and what has been decided so far.
pub(crate) struct Step<'p> {
    pub(crate) program: &'p Program,
    pub(crate) case: Case,
    pub(crate) events: Vec<Event>,
    pub(crate) inputs: Inputs,
    random: u64,
}

impl<'p> Step<'p> {
    pub(crate) fn new(program: &'p Program, case: Case, inputs: Inputs) -> Self {
        Self { program, case, events: Vec::new(), inputs, random: inputs.seed }
    }

    pub(crate) fn emit(&mut self, event: Event) {
        apply(&mut self.case, &event);
        self.events.push(event);
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.inputs.now.unix_ms
    }

    /// A number below `count`, from the seed (SplitMix64).
    pub(crate) fn choose(&mut self, count: usize) -> usize {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let count = u64::try_from(count.max(1)).unwrap_or(u64::MAX);
        usize::try_from((mixed ^ (mixed >> 31)) % count).expect("below a usize")
    }

    /// Does all of `work` or nothing of it.
    pub(crate) fn attempt<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let (case, events) = (self.case.clone(), self.events.len());
        let result = work(self);
        if result.is_err() {
            self.case = case;
            self.events.truncate(events);
        }
        result
    }

    pub(crate) fn check_budget(&self) -> Result<(), Refusal> {
        if self.events.len() > EVENTS_MAX { Err(Refusal::Endless(EVENTS_MAX)) } else { Ok(()) }
    }

    pub(crate) fn runner(&self, path: &Path) -> Option<&Runner> {
        self.case.runners.get(path)
    }

    pub(crate) fn net_at(&self, path: &Path) -> Option<&'p Net> {
        self.runner(path).map(|runner| self.program.net(runner.net))
    }

    pub(crate) fn task_at(&self, path: &Path, task: TaskIndex) -> Option<&'p Task> {
        self.net_at(path).map(|net| net.task(task))
    }

    pub(crate) fn busy(&self, path: &Path, task: TaskIndex) -> Option<&Busy> {
        self.runner(path)?.busy.get(&task)
    }

    /// An instance's input data; empty where there is no such instance.
    pub(crate) fn instance_input(&self, path: &Path, task: TaskIndex, child: u32) -> Arc<str> {
        let instance = self.busy(path, task).and_then(|busy| busy.instance(child));
        instance.map(|instance| instance.input.clone()).unwrap_or_default()
    }

    /// `C.2:A`.
    pub(crate) fn item_id(&self, key: &ItemKey) -> String {
        self.program.item_id(&self.case, key)
    }

    /// The net's data document as text.
    pub(crate) fn net_document(&self, path: &Path) -> String {
        match (self.runner(path), self.net_at(path)) {
            (Some(runner), Some(net)) => net.document(&runner.data),
            _ => String::new(),
        }
    }
}
