//! Completing an instance, leaving a task, ending a subnet (`reference 2.4`, 2.7, 4.5).

use crate::{
    case::InstanceState,
    command::Refusal,
    event::{Completion, Conditions, Event, NetEnd},
    ids::{Path, TaskIndex},
    step::Step,
};

#[cfg(test)]
mod tests;

impl Step<'_> {
    /// Completes one instance with its result, and leaves the task if that was enough. Tells whether
    /// it was.
    pub(crate) fn complete_instance(
        &mut self,
        (path, task, child): (&Path, TaskIndex, u32),
        how: Completion,
        data: &str,
    ) -> Result<bool, Refusal> {
        let Some(completed) = self.task_at(path, task) else { return Ok(false) };
        let outcome = self.outcome(path, completed, data)?;
        self.emit(Event::Completed {
            path: path.clone(),
            task,
            child,
            how,
            output: outcome.output,
            writes: outcome.writes,
            grouped: outcome.grouped,
            at_ms: self.now_ms(),
        });
        let done = self.is_done(path, task);
        if done {
            self.exit_task(path, task)?;
        }
        Ok(done)
    }

    /// All instances are complete, or as many as the threshold asks for (WCP-34).
    fn is_done(&self, path: &Path, task: TaskIndex) -> bool {
        let Some((runner, net)) = self.running(path) else { return false };
        let Some(busy) = runner.busy.get(&task) else { return false };
        let complete = busy.count(InstanceState::Complete);
        if complete == busy.instances().len() {
            return true;
        }
        let Some(multi) = &net.task(task).multi else { return false };
        let threshold = self.count_now(path, &multi.threshold, 1);
        complete >= threshold as usize
    }

    /// `t_exit`: outputs, remaining instances, cancellation set, split, in that order.
    pub(crate) fn exit_task(&mut self, path: &Path, task: TaskIndex) -> Result<(), Refusal> {
        let joined = self.joined(path, task)?;
        let produced = self.split_tokens(path, task, joined.as_ref())?;
        let Some(left) = self.task_at(path, task) else { return Ok(()) };
        for removed in left.removes_tasks.iter().filter(|removed| **removed != task) {
            if self.busy(path, *removed).is_some() {
                self.emit(Event::TaskCancelled { path: path.clone(), task: *removed });
            }
        }
        let emptied = Conditions::from_slice(&left.removes_conditions);
        self.emit(Event::Exited {
            path: path.clone(),
            task,
            joined,
            emptied,
            produced,
            at_ms: self.now_ms(),
        });
        Ok(())
    }

    /// The composite task that a subnet is an instance of, with the path of its net.
    pub(crate) fn composite_of(&self, path: &Path) -> Option<(Path, TaskIndex)> {
        let (above, child) = path.parent()?;
        let runner = self.runner(&above)?;
        let task = *runner.busy.iter().find(|(_, busy)| busy.has(child))?.0;
        Some((above, task))
    }

    /// A subnet has reached its end: its output is the composite task's result. Gives the net above
    /// if it may go on.
    pub(crate) fn complete_subnet(&mut self, path: &Path) -> Option<Path> {
        let (above, task) = self.composite_of(path)?;
        let child = path.last()?;
        let output = self.net_at(path)?.output_document(&self.runner(path)?.data);
        let result = self.attempt(|step| {
            step.emit(Event::NetEnded { path: path.clone(), how: NetEnd::Completed });
            step.complete_instance((&above, task, child), Completion::Normal, &output)
        });
        match result {
            Ok(_) => Some(above),
            Err(refusal) => {
                self.raise(&above, task, &refusal);
                None
            }
        }
    }
}
