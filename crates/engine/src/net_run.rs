//! Running a net: which tasks become enabled, which run by themselves, when the net is over
//! (`reference 2.3`).

use model::specification::{Gate, Termination, Trigger};
use smallvec::{SmallVec, smallvec};

use crate::{
    case::{CaseStatus, Runner, TaskSet},
    command::Refusal,
    event::{CaseEnd, Event, NetEnd},
    ids::{ConditionIndex, ItemKey, Path, TaskIndex},
    or_join,
    program::{Kind, Net},
    step::Step,
};

#[cfg(test)]
mod tests;

/// Tasks with a condition that feeds them, in the order of the conditions.
type Choices = SmallVec<[(ConditionIndex, TaskIndex); 4]>;

/// What became of a net that was given a push.
enum Advance {
    /// It waits for work, or is suspended.
    Waits,
    /// A task ran by itself: look again, at these nets first.
    Again(Vec<Path>),
    /// It is over; the net above may go on.
    Ended(Option<Path>),
}

impl Step<'_> {
    /// Pushes the net at `path`, and every net that this sets going, until all wait.
    pub(crate) fn settle(&mut self, path: Path) -> Result<(), Refusal> {
        // A stack, not recursion: a subnet runs before the net above looks again, however deep.
        let mut pending: SmallVec<[Path; 2]> = smallvec![path];
        while let Some(path) = pending.pop() {
            self.check_budget()?;
            match self.advance(&path) {
                Advance::Waits => {}
                Advance::Again(first) => {
                    pending.push(path);
                    pending.extend(first);
                }
                Advance::Ended(above) => pending.extend(above),
            }
        }
        Ok(())
    }

    fn advance(&mut self, path: &Path) -> Advance {
        if self.case.status == CaseStatus::Suspended {
            return Advance::Waits;
        }
        let Some((runner, net)) = self.running(path) else { return Advance::Waits };
        let is_reached = net.termination == Termination::Explicit && runner.tokens(net.output) > 0;
        if is_reached || runner.is_empty() || runner.stuck.is_some() {
            return self.end_net(path);
        }
        let fresh = self.update_enabled(path);
        let choices = self.choices(path, &fresh);
        if let Some(task) = self.automatic(path, &choices) {
            return Advance::Again(self.run_automatic(path, task));
        }
        for choice in choices.chunk_by(|a, b| a.0 == b.0) {
            self.enable(path, choice);
        }
        self.settled(path);
        let Some(runner) = self.runner(path) else { return Advance::Waits };
        let is_idle = runner.enabled.is_empty() && runner.busy.is_empty();
        if is_idle && !self.case.incidents.keys().any(|(at, _)| at == path) {
            return self.end_net(path);
        }
        Advance::Waits
    }

    /// Withdraws what is no longer enabled; gives what is newly so.
    fn update_enabled(&mut self, path: &Path) -> SmallVec<[TaskIndex; 4]> {
        let mut fresh = SmallVec::new();
        for task in self.touched(path).iter() {
            let Some((runner, net)) = self.running(path) else { return fresh };
            let known = runner.enabled.contains(task);
            let enabled = is_enabled(net, runner, task);
            if known && !enabled {
                self.emit(Event::Withdrawn { item: ItemKey { path: path.clone(), task } });
            } else if enabled && !known && !self.case.has_incident(path, task) {
                fresh.push(task);
            }
        }
        fresh
    }

    /// Newly enabled tasks by the marked condition that feeds them: more than one is a deferred choice (WCP-16).
    fn choices(&self, path: &Path, fresh: &[TaskIndex]) -> Choices {
        let mut choices = Choices::new();
        let Some((runner, net)) = self.running(path) else { return choices };
        for task in fresh {
            for condition in &net.task(*task).preset {
                if runner.tokens(*condition) > 0 {
                    choices.push((*condition, *task));
                }
            }
        }
        choices.sort();
        choices
    }

    /// The task that runs by itself next: a composite task wins over empty ones, these over atomic ones.
    fn automatic(&mut self, path: &Path, choices: &Choices) -> Option<TaskIndex> {
        let net = self.net_at(path)?;
        let is_composite = |task: TaskIndex| matches!(net.task(task).kind, Kind::Composite(_));
        let is_empty = |task: TaskIndex| net.task(task).kind == Kind::Empty;
        for choice in choices.chunk_by(|a, b| a.0 == b.0) {
            let rivals = |wanted: &dyn Fn(TaskIndex) -> bool| -> SmallVec<[TaskIndex; 4]> {
                choice.iter().map(|(_, task)| *task).filter(|task| wanted(*task)).collect()
            };
            let composite = rivals(&is_composite);
            let rivals = if composite.is_empty() { rivals(&is_empty) } else { composite };
            if !rivals.is_empty() {
                let chosen = self.choose(rivals.len());
                return Some(rivals[chosen]);
            }
        }
        None
    }

    /// Runs a composite or empty task; what cannot run becomes an incident. Gives the nets it started.
    fn run_automatic(&mut self, path: &Path, task: TaskIndex) -> Vec<Path> {
        let is_empty = self.task_at(path, task).is_some_and(|task| task.kind == Kind::Empty);
        let result = self.attempt(|step| match is_empty {
            true => step.pass_through(path, task).map(|()| Vec::new()),
            false => step.start_composite(path, task),
        });
        result.unwrap_or_else(|refusal| {
            self.raise(path, task, &refusal);
            Vec::new()
        })
    }

    /// The case waits for a person at this task.
    pub(crate) fn raise(&mut self, path: &Path, task: TaskIndex, refusal: &Refusal) {
        let reason = refusal.to_string().into();
        self.emit(Event::IncidentRaised { path: path.clone(), task, reason, at_ms: self.now_ms() });
    }

    /// Offers the atomic tasks that one condition feeds.
    fn enable(&mut self, path: &Path, choice: &[(ConditionIndex, TaskIndex)]) {
        let group = (choice.len() > 1).then_some(self.case.groups);
        for (_, task) in choice {
            let Some((runner, net)) = self.running(path) else { return };
            if runner.enabled.contains(*task) {
                continue;
            }
            let shown = match self.enablement(path, net.task(*task)) {
                Ok(shown) => shown,
                Err(refusal) => {
                    self.raise(path, *task, &refusal);
                    continue;
                }
            };
            let item = ItemKey { path: path.clone(), task: *task };
            self.emit(Event::Enabled { item: item.clone(), group, at_ms: self.now_ms() });
            if let Some(data) = shown {
                self.emit(Event::EnablementMapped { item: item.clone(), data });
            }
            self.start_timer(path, &item, Trigger::OnEnabled);
        }
    }

    fn end_net(&mut self, path: &Path) -> Advance {
        let Some((runner, net)) = self.running(path) else { return Advance::Waits };
        let reached = net.is_finished(runner);
        let is_empty = runner.is_empty();
        if path.is_root() {
            let (how, output) = match (reached, is_empty) {
                (true, _) => (CaseEnd::Completed, Some(net.output_document(&runner.data).into())),
                (false, true) => (CaseEnd::Emptied, None),
                (false, false) => (CaseEnd::Deadlocked, None),
            };
            self.emit(Event::CaseEnded { how, output, at_ms: self.now_ms() });
            return Advance::Ended(None);
        }
        if reached {
            self.withdraw_all(path);
            return Advance::Ended(self.complete_subnet(path));
        }
        self.end_stuck(path, is_empty);
        Advance::Waits
    }

    /// A net that has reached its end offers nothing more, even if the task above cannot take its output yet.
    fn withdraw_all(&mut self, path: &Path) {
        let enabled = self.runner(path).map(|runner| runner.enabled.clone()).unwrap_or_default();
        for task in enabled.iter() {
            self.emit(Event::Withdrawn { item: ItemKey { path: path.clone(), task } });
        }
    }

    /// A subnet is over without having reached its end: the composite task above stays busy until a person looks.
    fn end_stuck(&mut self, path: &Path, is_empty: bool) {
        if self.runner(path).is_some_and(|runner| runner.stuck.is_none()) {
            if !is_empty {
                self.mark_deadlock(path);
            }
            let how = if is_empty { NetEnd::Emptied } else { NetEnd::Deadlocked };
            self.emit(Event::NetEnded { path: path.clone(), how });
        }
        if let Some((above, task)) = self.composite_of(path)
            && !self.case.has_incident(&above, task)
        {
            let net = self.net_at(path).map(|net| net.id.clone()).unwrap_or_default();
            self.raise(
                &above,
                task,
                &Refusal::Stuck { net: format!("{net} ({})", path.show(&self.case.id)) },
            );
        }
    }

    /// An item for each task that a token waits before and that will never run.
    fn mark_deadlock(&mut self, path: &Path) {
        let Some((runner, net)) = self.running(path) else { return };
        let marked = runner.marking.marked();
        let waiting: TaskSet = marked
            .flat_map(|(condition, _)| net.condition(condition).postset.iter().copied())
            .collect();
        for task in waiting.iter() {
            self.emit(Event::Deadlocked { item: ItemKey { path: path.clone(), task } });
        }
    }
}

/// `reference 2.4`: a busy task is never enabled.
pub(crate) fn is_enabled(net: &Net, runner: &Runner, task: TaskIndex) -> bool {
    if runner.busy.contains_key(&task) {
        return false;
    }
    let joined = net.task(task);
    let mut more = joined.takes_more.iter();
    if more.any(|(condition, more)| runner.tokens(*condition) <= *more) {
        return false;
    }
    let mut marks = joined.preset.iter().map(|condition| runner.tokens(*condition) > 0);
    match joined.join {
        Gate::And => !joined.preset.is_empty() && marks.all(|marked| marked),
        Gate::Xor => marks.any(|marked| marked),
        Gate::Or => or_join::is_enabled(net, runner, task),
    }
}
