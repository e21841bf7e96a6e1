//! One decision in the making: a copy of the case that each new event is applied to at once.

use std::sync::Arc;

use crate::{
    apply::apply,
    case::{Busy, Case, Runner, TaskSet},
    command::{Inputs, Refusal},
    event::Event,
    ids::{ConditionIndex, ItemKey, Path, TaskIndex},
    program::{Net, Program, Task},
    small_map::SmallMap,
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
    /// Tasks whose enabledness may have changed since their net settled last.
    touched: SmallMap<Path, TaskSet, 2>,
}

impl<'p> Step<'p> {
    pub(crate) fn new(program: &'p Program, case: Case, inputs: Inputs) -> Self {
        let touched = SmallMap::default();
        Self { program, case, events: Vec::new(), inputs, random: inputs.seed, touched }
    }

    pub(crate) fn emit(&mut self, event: Event) {
        self.note_touched(&event);
        apply(&mut self.case, &event);
        self.events.push(event);
    }

    /// Notes the tasks that an event may enable or disable: those that its conditions feed, and the one
    /// that is busy now or no longer is. OR-joins are not among them: any change of their net concerns them.
    fn note_touched(&mut self, event: &Event) {
        let program = self.program;
        match event {
            Event::NetStarted { path, net, input, .. } => {
                let fed = &program.net(*net).condition(*input).postset;
                self.touch(path, fed.iter().copied());
            }
            Event::Fired { path, task, consumed, .. } => {
                self.touch_fed(path, consumed.iter().copied());
                self.touch(path, [*task]);
            }
            Event::Exited { path, task, emptied, produced, .. } => {
                self.touch_fed(path, emptied.iter().chain(produced).copied());
                self.touch(path, [*task]);
            }
            Event::TaskCancelled { path, task } => self.touch(path, [*task]),
            Event::Launched { .. }
            | Event::Enabled { .. }
            | Event::Withdrawn { .. }
            | Event::Started { .. }
            | Event::Added { .. }
            | Event::Completed { .. }
            | Event::NetEnded { .. }
            | Event::ItemSuspended { .. }
            | Event::ItemUnsuspended { .. }
            | Event::RolledBack { .. }
            | Event::TimerStarted { .. }
            | Event::TimerExpired { .. }
            | Event::DataSet { .. }
            | Event::IncidentRaised { .. }
            | Event::IncidentsCleared
            | Event::CaseSuspended { .. }
            | Event::CaseResumed { .. }
            | Event::CaseEnded { .. }
            | Event::Deadlocked { .. }
            | Event::EnablementMapped { .. } => {}
        }
    }

    fn touch_fed(&mut self, path: &Path, conditions: impl Iterator<Item = ConditionIndex>) {
        let Some(net) = self.net_at(path) else { return };
        self.touch(path, conditions.flat_map(|at| net.condition(at).postset.iter().copied()));
    }

    /// Notes all tasks of a net: after a suspension or an incident any may have changed.
    pub(crate) fn touch_all(&mut self, path: &Path) {
        let Some(net) = self.net_at(path) else { return };
        self.touch(path, net.task_indices());
    }

    fn touch(&mut self, path: &Path, tasks: impl IntoIterator<Item = TaskIndex>) {
        let touched = self.touched.get_or_insert_default(path);
        tasks.into_iter().for_each(|task| touched.insert(task));
    }

    /// The tasks to look at again before the net at `path` waits.
    pub(crate) fn touched(&self, path: &Path) -> TaskSet {
        let (Some(touched), Some(net)) = (self.touched.get(path), self.net_at(path)) else {
            return TaskSet::default();
        };
        let mut tasks = touched.clone();
        tasks.extend(&net.or_joins.tasks);
        tasks
    }

    /// All that was touched has been looked at.
    pub(crate) fn settled(&mut self, path: &Path) {
        self.touched.remove(path);
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

    /// A running net: its state and what it was compiled to.
    pub(crate) fn running(&self, path: &Path) -> Option<(&Runner, &'p Net)> {
        self.runner(path).map(|runner| (runner, self.program.net(runner.net)))
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
}
