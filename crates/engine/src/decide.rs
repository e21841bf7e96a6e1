//! From a command to events or a refusal (`reference 3.3`).

use crate::{
    case::{Case, CaseStatus, ItemStatus},
    command::{Answer, Command, Decision, Inputs, Launch, Refusal},
    event::{CaseEnd, Completion, Event},
    ids::{ItemKey, Path, TaskIndex},
    program::Program,
    step::Step,
};

#[cfg(test)]
mod tests;

/// Starts a new case, at once or later.
pub fn launch(program: &Program, launch: Launch, inputs: Inputs) -> Result<Decision, Refusal> {
    let mut step = Step::new(program, Case::new(launch.case), inputs);
    let start_at_ms = launch.start_at_ms.filter(|start_at_ms| *start_at_ms > inputs.now.unix_ms);
    // Refuse bad data now, even if the case starts later.
    let values = step.launch_values(program.root_net(), launch.data.as_deref())?;
    let data = start_at_ms.and(launch.data.as_deref()).map(Into::into);
    step.emit(Event::Launched { at_ms: inputs.now.unix_ms, start_at_ms, data });
    if start_at_ms.is_none() {
        step.start_net(&Path::root(), program.root, values);
        step.settle(Path::root())?;
    }
    Ok(finish(step, Answer::Done))
}

/// Decides what `command` means for `case`. Changes nothing.
pub fn decide(
    program: &Program,
    case: &Case,
    command: Command,
    inputs: Inputs,
) -> Result<Decision, Refusal> {
    if case.has_ended() {
        return Err(Refusal::CaseNotRunning(case.status.name()));
    }
    let mut step = Step::new(program, case.clone(), inputs);
    let answer = step.take(command)?;
    Ok(finish(step, answer))
}

fn finish(step: Step<'_>, answer: Answer) -> Decision {
    Decision { events: step.events, case: step.case, answer }
}

/// An item that a command names, with its place.
struct Target<'k> {
    key: &'k ItemKey,
    status: ItemStatus,
    /// The net that the task is of.
    path: Path,
}

impl Target<'_> {
    /// The instance's number; `None` for an item at the level of its net.
    fn child(&self) -> Option<u32> {
        if self.key.path == self.path { None } else { self.key.path.last() }
    }
}

impl Step<'_> {
    fn take(&mut self, command: Command) -> Result<Answer, Refusal> {
        match command {
            Command::Start { item } => self.start(&item),
            Command::Complete { item, data } => self.complete(&item, &data),
            Command::Force { item, data } => {
                self.complete_mapped(&item, data.as_deref(), Completion::Forced)
            }
            Command::Fail { item, data } => {
                self.complete_mapped(&item, data.as_deref(), Completion::Failed)
            }
            Command::Skip { item } => self.skip_item(&item),
            Command::Suspend { item } => self.suspend(&item),
            Command::Unsuspend { item } => self.unsuspend(&item),
            Command::Rollback { item } => self.roll_back(&item),
            Command::Add { item, data } => self.add(&item, &data),
            Command::CancelItem { item } => self.cancel_item(&item),
            Command::CompleteTask { item } => self.complete_task(&item),
            Command::Restart { item } => self.restart(&item),
            Command::FireDue => self.on_due(),
            Command::CancelCase => {
                self.emit(Event::CaseEnded {
                    how: CaseEnd::Cancelled,
                    output: None,
                    at_ms: self.now_ms(),
                });
                Ok(Answer::Done)
            }
            Command::SuspendCase => self.suspend_case(),
            Command::ResumeCase => self.resume_case(),
        }
    }

    fn target<'k>(&self, key: &'k ItemKey) -> Result<Target<'k>, Refusal> {
        let item = self.case.items.get(key);
        let place = self.case.runner_of(key);
        let (Some(item), Some((path, _))) = (item, place) else {
            return Err(Refusal::NoSuchItem(self.item_id(key)));
        };
        Ok(Target { key, status: item.status, path })
    }

    fn wrong_status(&self, target: &Target<'_>, wanted: &'static str) -> Refusal {
        Refusal::WrongStatus { item: self.item_id(target.key), status: target.status, wanted }
    }

    fn require_running(&self) -> Result<(), Refusal> {
        match self.case.status {
            CaseStatus::Running => Ok(()),
            status @ (CaseStatus::Scheduled { .. }
            | CaseStatus::Suspended
            | CaseStatus::Ended(_)) => Err(Refusal::CaseNotRunning(status.name())),
        }
    }

    fn start(&mut self, key: &ItemKey) -> Result<Answer, Refusal> {
        let target = self.target(key)?;
        self.require_running()?;
        let child = match target.status {
            ItemStatus::Enabled => {
                let children = self.fire(&target.path, target.key.task)?;
                self.start_instance(&target.path, target.key.task, children.start);
                children.start
            }
            ItemStatus::Fired => {
                let child = target.child().expect("only instances are fired");
                self.start_instance(&target.path, target.key.task, child);
                child
            }
            ItemStatus::Executing
            | ItemStatus::Complete
            | ItemStatus::IsParent
            | ItemStatus::Deadlocked
            | ItemStatus::Suspended
            | ItemStatus::ForcedComplete
            | ItemStatus::Failed => return Err(self.wrong_status(&target, "start it")),
        };
        let answer = self.started(&target, child);
        self.settle(target.path)?;
        Ok(answer)
    }

    fn started(&self, target: &Target<'_>, child: u32) -> Answer {
        let data = self.instance_input(&target.path, target.key.task, child);
        let item = ItemKey { path: target.path.child(child), task: target.key.task };
        Answer::Started { item, data }
    }

    /// The executing instance that a command names.
    fn executing<'k>(
        &self,
        key: &'k ItemKey,
        wanted: &'static str,
    ) -> Result<(Target<'k>, u32), Refusal> {
        let target = self.target(key)?;
        match (target.status, target.child()) {
            (ItemStatus::IsParent, _) => Err(Refusal::IsParent(self.item_id(key))),
            (ItemStatus::Executing, Some(child)) => Ok((target, child)),
            (_, _) => Err(self.wrong_status(&target, wanted)),
        }
    }

    fn complete(&mut self, key: &ItemKey, data: &str) -> Result<Answer, Refusal> {
        let target = self.target(key)?;
        if target.status == ItemStatus::Deadlocked {
            self.emit(Event::Withdrawn { item: key.clone() });
            return Ok(Answer::Done);
        }
        let (target, child) = self.executing(key, "complete it")?;
        self.complete_instance((&target.path, target.key.task, child), Completion::Normal, data)?;
        self.settle(target.path)?;
        Ok(Answer::Done)
    }

    fn complete_mapped(
        &mut self,
        key: &ItemKey,
        data: Option<&str>,
        how: Completion,
    ) -> Result<Answer, Refusal> {
        let (target, child) = self.executing(key, "complete it by force")?;
        let Some(task) = self.task_at(&target.path, target.key.task) else {
            return Ok(Answer::Done);
        };
        let input = self.instance_input(&target.path, target.key.task, child);
        let data = self.mapped_output(task, data.unwrap_or(&input))?;
        self.complete_instance((&target.path, target.key.task, child), how, &data)?;
        self.settle(target.path)?;
        Ok(Answer::Done)
    }

    fn skip_item(&mut self, key: &ItemKey) -> Result<Answer, Refusal> {
        let target = self.target(key)?;
        self.require_running()?;
        if target.status != ItemStatus::Enabled {
            return Err(self.wrong_status(&target, "skip it"));
        }
        let answer = self.skip(&target.path, target.key.task)?;
        self.settle(target.path)?;
        Ok(answer)
    }

    /// Starts an enabled task and completes all its instances with mapped data.
    pub(crate) fn skip(&mut self, path: &Path, task: TaskIndex) -> Result<Answer, Refusal> {
        let children = self.fire(path, task)?;
        let item = ItemKey { path: path.child(children.start), task };
        let mut first = None;
        for child in children {
            self.start_instance(path, task, child);
            let input = self.instance_input(path, task, child);
            let Some(skipped) = self.task_at(path, task) else { break };
            let data = self.mapped_output(skipped, &input)?;
            first.get_or_insert(input);
            if self.complete_instance((path, task, child), Completion::Skipped, &data)? {
                break;
            }
        }
        Ok(Answer::Started { item, data: first.unwrap_or_default() })
    }

    fn suspend(&mut self, key: &ItemKey) -> Result<Answer, Refusal> {
        if self.target(key)?.status.is_live() {
            self.emit(Event::ItemSuspended { item: key.clone() });
        }
        Ok(Answer::Done)
    }

    fn unsuspend(&mut self, key: &ItemKey) -> Result<Answer, Refusal> {
        if self.target(key)?.status == ItemStatus::Suspended {
            self.emit(Event::ItemUnsuspended { item: key.clone() });
        }
        Ok(Answer::Done)
    }

    fn roll_back(&mut self, key: &ItemKey) -> Result<Answer, Refusal> {
        self.executing(key, "roll it back")?;
        self.emit(Event::RolledBack { item: key.clone() });
        Ok(Answer::Done)
    }

    /// `reference 2.7`: the task is dynamic, the item executes, and there is room.
    fn add(&mut self, key: &ItemKey, data: &str) -> Result<Answer, Refusal> {
        let target = self.target(key)?;
        self.require_running()?;
        let refuse =
            |step: &Self, reason| Err(Refusal::NoNewInstance { item: step.item_id(key), reason });
        let Some(task) = self.task_at(&target.path, target.key.task) else {
            return refuse(self, "its task is gone");
        };
        let Some(multi) = task.multi.as_ref().filter(|multi| multi.is_dynamic) else {
            return refuse(self, "its task does not create instances dynamically");
        };
        if target.status != ItemStatus::Executing {
            return refuse(self, "it is not executing");
        }
        let maximum = self.count_now(&target.path, &multi.maximum, 2);
        let active =
            self.busy(&target.path, target.key.task).map_or(0, |busy| busy.instances().len());
        if active >= maximum as usize {
            return refuse(self, "the maximum number of instances is reached");
        }
        let input = self.added_input(&target.path, task, data)?;
        let child = self.runner(&target.path).map_or(1, |runner| runner.children + 1);
        let item = ItemKey { path: target.path.child(child), task: target.key.task };
        let (path, at_ms) = (target.path, self.now_ms());
        self.emit(Event::Added { path, task: target.key.task, child, input, at_ms });
        Ok(Answer::Added { item })
    }

    fn cancel_item(&mut self, key: &ItemKey) -> Result<Answer, Refusal> {
        let (target, _) = self.executing(key, "cancel it")?;
        self.emit(Event::TaskCancelled { path: target.path.clone(), task: target.key.task });
        self.settle(target.path)?;
        Ok(Answer::Done)
    }

    /// As if the threshold had been reached.
    fn complete_task(&mut self, key: &ItemKey) -> Result<Answer, Refusal> {
        let target = self.target(key)?;
        self.require_running()?;
        let has_instances =
            self.task_at(&target.path, target.key.task).is_some_and(|task| task.multi.is_some());
        if !has_instances || self.busy(&target.path, target.key.task).is_none() {
            return Err(self.wrong_status(&target, "complete all instances of its task"));
        }
        self.exit_task(&target.path, target.key.task)?;
        self.settle(target.path)?;
        Ok(Answer::Done)
    }

    fn restart(&mut self, key: &ItemKey) -> Result<Answer, Refusal> {
        let (target, child) = self.executing(key, "restart it")?;
        self.emit(Event::RolledBack { item: key.clone() });
        self.start_instance(&target.path, target.key.task, child);
        Ok(self.started(&target, child))
    }

    fn on_due(&mut self) -> Result<Answer, Refusal> {
        if let CaseStatus::Scheduled { start_at_ms } = self.case.status {
            if start_at_ms <= self.now_ms() {
                let data = self.case.launch_data.clone();
                let values = self.launch_values(self.program.root_net(), data.as_deref())?;
                self.start_net(&Path::root(), self.program.root, values);
                self.settle(Path::root())?;
            }
            return Ok(Answer::Done);
        }
        self.fire_due()?;
        Ok(Answer::Done)
    }

    fn suspend_case(&mut self) -> Result<Answer, Refusal> {
        match self.case.status {
            CaseStatus::Suspended => {}
            CaseStatus::Running => self.emit(Event::CaseSuspended { at_ms: self.now_ms() }),
            status @ (CaseStatus::Scheduled { .. } | CaseStatus::Ended(_)) => {
                return Err(Refusal::CaseNotRunning(status.name()));
            }
        }
        Ok(Answer::Done)
    }

    fn resume_case(&mut self) -> Result<Answer, Refusal> {
        if self.case.status == CaseStatus::Suspended {
            self.emit(Event::CaseResumed { at_ms: self.now_ms() });
        }
        if !self.case.incidents.is_empty() {
            self.emit(Event::IncidentsCleared);
        }
        let paths: Vec<Path> = self.case.runners.keys().rev().cloned().collect();
        for path in paths {
            self.touch_all(&path);
            self.settle(path)?;
        }
        Ok(Answer::Done)
    }
}
