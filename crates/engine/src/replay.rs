//! Replays what was stored. Bytes from a disk can be intact and yet be of another specification, or of a fault of
//! ours: an event or a case that names what its program does not have is refused here, so that nothing behind it
//! looks outside a net, makes room for conditions that no net has or counts beyond its numbers.

use crate::{
    apply::apply,
    case::{Busy, Case, Runner},
    event::Event,
    ids::{ConditionIndex, ItemKey, NetIndex, Path, TaskIndex, VariableIndex},
    program::{Net, Program},
};

/// Above all numbers that a case gives to children and deferred choices in its life, and far below an overflow.
const NUMBER_MAX: u32 = 1 << 31;

/// What was stored is not of the program that it is replayed with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("the specification has no net {}", .0.0)]
    Net(NetIndex),
    #[error("no net runs at {:?}", .0.numbers())]
    Path(Path),
    #[error("the net {net:?} has no task {}", task.0)]
    Task { net: String, task: TaskIndex },
    #[error("the net {net:?} has no condition {}", condition.0)]
    Condition { net: String, condition: ConditionIndex },
    #[error("the net {net:?} has no variable {}", variable.0)]
    Variable { net: String, variable: VariableIndex },
    #[error("the net {net:?} has {expected} {what}, found {found}")]
    Size { net: String, what: &'static str, expected: usize, found: usize },
    #[error("{what} {found} is out of turn, expected {expected} at most")]
    Number { what: &'static str, expected: u32, found: u32 },
}

/// Applies stored events. The case is of no use after a misfit.
pub fn replay(program: &Program, case: &mut Case, events: &[Event]) -> Result<(), Misfit> {
    for event in events {
        check_event(program, case, event)?;
        apply(case, event);
    }
    Ok(())
}

/// Checks a case that was stored whole.
pub fn check_case(program: &Program, case: &Case) -> Result<(), Misfit> {
    check_number("deferred choice", case.groups, NUMBER_MAX)?;
    for runner in case.runners.values() {
        check_runner(program, runner)?;
    }
    for (path, task) in case.incidents.keys() {
        place(program, case, (path, *task))?;
    }
    case.items.keys().try_for_each(|key| check_item(program, case, key))
}

/// Checks that the program has this task.
pub fn check_task(program: &Program, net: NetIndex, task: TaskIndex) -> Result<(), Misfit> {
    net_of(program, net)?.check_task(task)
}

fn check_runner(program: &Program, runner: &Runner) -> Result<(), Misfit> {
    let net = net_of(program, runner.net)?;
    net.check_sizes(runner.marking.len(), runner.data.len())?;
    check_number("child", runner.children, NUMBER_MAX)?;
    let tasks = runner.enabled.iter().chain(runner.timers.keys().copied());
    tasks.chain(runner.busy.keys().copied()).try_for_each(|task| net.check_task(task))?;
    let mut written = runner.busy.values().flat_map(Busy::writes);
    written.try_for_each(|(variable, _)| net.check_variable(variable))
}

fn check_item(program: &Program, case: &Case, key: &ItemKey) -> Result<(), Misfit> {
    let (_, runner) = case.runner_of(key).ok_or_else(|| Misfit::Path(key.path.clone()))?;
    net_of(program, runner.net)?.check_task(key.task)
}

/// Checks an event that was stored, before it is applied to the case.
pub fn check_event(program: &Program, case: &Case, event: &Event) -> Result<(), Misfit> {
    match event {
        Event::NetStarted { net, conditions, input, data, .. } => {
            let net = net_of(program, *net)?;
            net.check_sizes(*conditions as usize, data.len())?;
            net.check_condition(*input)
        }
        Event::Enabled { item, group, .. } => {
            check_item(program, case, item)?;
            check_number("deferred choice", group.unwrap_or(0), case.groups)
        }
        Event::Withdrawn { item }
        | Event::ItemSuspended { item }
        | Event::ItemUnsuspended { item }
        | Event::RolledBack { item }
        | Event::TimerStarted { item, .. }
        | Event::TimerExpired { item, .. }
        | Event::Deadlocked { item }
        | Event::EnablementMapped { item, .. } => check_item(program, case, item),
        Event::Fired { path, task, consumed, first, .. } => {
            let net = place(program, case, (path, *task))?;
            check_next_child(case, path, *first)?;
            consumed.iter().try_for_each(|condition| net.check_condition(*condition))
        }
        Event::Added { path, task, child, .. } => {
            place(program, case, (path, *task))?;
            check_next_child(case, path, *child)
        }
        Event::Started { path, task, .. }
        | Event::TaskCancelled { path, task }
        | Event::IncidentRaised { path, task, .. } => place(program, case, (path, *task)).map(drop),
        Event::Completed { path, task, writes, .. } => {
            let net = place(program, case, (path, *task))?;
            writes.iter().try_for_each(|(variable, _)| net.check_variable(*variable))
        }
        Event::Exited { path, task, joined, emptied, produced, .. } => {
            let net = place(program, case, (path, *task))?;
            joined.iter().try_for_each(|(variable, _)| net.check_variable(*variable))?;
            let mut conditions = emptied.iter().chain(produced);
            conditions.try_for_each(|condition| net.check_condition(*condition))
        }
        Event::DataSet { path, writes } => {
            let net = net_at(program, case, path)?;
            writes.iter().try_for_each(|(variable, _)| net.check_variable(*variable))
        }
        Event::Launched { .. }
        | Event::NetEnded { .. }
        | Event::IncidentsCleared
        | Event::CaseSuspended { .. }
        | Event::CaseResumed { .. }
        | Event::CaseEnded { .. } => Ok(()),
    }
}

/// Children of a net are numbered one after the other.
fn check_next_child(case: &Case, path: &Path, child: u32) -> Result<(), Misfit> {
    let numbered = case.runners.get(path).map_or(0, |runner| runner.children);
    check_number("child", child, numbered + 1)
}

fn check_number(what: &'static str, found: u32, expected: u32) -> Result<(), Misfit> {
    if found <= expected { Ok(()) } else { Err(Misfit::Number { what, expected, found }) }
}

fn net_of(program: &Program, net: NetIndex) -> Result<&Net, Misfit> {
    program.nets.get(net.0 as usize).ok_or(Misfit::Net(net))
}

/// The net that runs at `path`.
fn net_at<'p>(program: &'p Program, case: &Case, path: &Path) -> Result<&'p Net, Misfit> {
    let runner = case.runners.get(path).ok_or_else(|| Misfit::Path(path.clone()))?;
    net_of(program, runner.net)
}

/// The net that runs at a path, which has this task.
fn place<'p>(
    program: &'p Program,
    case: &Case,
    (path, task): (&Path, TaskIndex),
) -> Result<&'p Net, Misfit> {
    let net = net_at(program, case, path)?;
    net.check_task(task)?;
    Ok(net)
}

impl Net {
    fn check_task(&self, task: TaskIndex) -> Result<(), Misfit> {
        let has = (task.0 as usize) < self.tasks.len();
        if has { Ok(()) } else { Err(Misfit::Task { net: self.id.clone(), task }) }
    }

    fn check_condition(&self, condition: ConditionIndex) -> Result<(), Misfit> {
        let has = (condition.0 as usize) < self.conditions.len();
        if has { Ok(()) } else { Err(Misfit::Condition { net: self.id.clone(), condition }) }
    }

    fn check_variable(&self, variable: VariableIndex) -> Result<(), Misfit> {
        let has = (variable.0 as usize) < self.variables.len();
        if has { Ok(()) } else { Err(Misfit::Variable { net: self.id.clone(), variable }) }
    }

    /// A running net has as many of everything as its specification says.
    fn check_sizes(&self, conditions: usize, variables: usize) -> Result<(), Misfit> {
        let sizes = [
            ("conditions", self.conditions.len(), conditions),
            ("variables", self.variables.len(), variables),
        ];
        let misfit = sizes.into_iter().find(|(_, expected, found)| expected != found);
        misfit.map_or(Ok(()), |(what, expected, found)| {
            Err(Misfit::Size { net: self.id.clone(), what, expected, found })
        })
    }
}

#[cfg(test)]
mod tests;
