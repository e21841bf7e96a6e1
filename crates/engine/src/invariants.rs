//! What holds in every case after every event. Run by tests and by whoever doubts a stored state.

use crate::{
    case::{Busy, Case, InstanceState, ItemStatus, Runner},
    ids::{ItemKey, Path, TaskIndex},
    program::{Kind, Program},
};

/// The first thing that does not hold, in words.
pub fn check_invariants(program: &Program, case: &Case) -> Result<(), String> {
    if case.has_ended() {
        let is_bare = case.items.is_empty() && case.runners.keys().all(|path| path.is_root());
        return if is_bare { Ok(()) } else { Err("an ended case has items or subnets".to_owned()) };
    }
    for (path, runner) in &case.runners {
        check_runner(program, case, (path, runner))?;
    }
    case.items.iter().try_for_each(|(key, item)| check_item(case, key, item.status))
}

fn check_runner(
    program: &Program,
    case: &Case,
    (path, runner): (&Path, &Runner),
) -> Result<(), String> {
    if let Some((above, child)) = path.parent() {
        let holder = case.runners.get(&above);
        let held = holder.is_some_and(|above| {
            above.busy.values().any(|busy| busy.is(child, InstanceState::Executing))
        });
        ensure(held, || format!("no composite task executes the subnet {path:?}"))?;
    }
    for task in runner.enabled.iter() {
        let key = ItemKey { path: path.clone(), task };
        ensure(case.items.contains_key(&key), || format!("an enabled task has no item {key:?}"))?;
        ensure(!runner.busy.contains_key(&task), || format!("{key:?} is enabled and busy"))?;
    }
    for (task, busy) in &runner.busy {
        check_busy(busy, runner).map_err(|what| format!("task {task:?} in {path:?}: {what}"))?;
        check_instances(program, case, (path, runner, *task, busy))?;
    }
    Ok(())
}

fn check_busy(busy: &Busy, runner: &Runner) -> Result<(), String> {
    let children = || busy.instances().iter().map(|instance| instance.child);
    ensure(children().is_sorted_by(|a, b| a < b), || "instances are out of order".to_owned())?;
    let unknown = children().find(|child| *child > runner.children);
    unknown.map_or(Ok(()), |child| Err(format!("instance {child} was never numbered")))
}

fn check_instances(
    program: &Program,
    case: &Case,
    (path, runner, task, busy): (&Path, &Runner, TaskIndex, &Busy),
) -> Result<(), String> {
    for instance in busy.instances() {
        let key = ItemKey { path: path.child(instance.child), task };
        match program.task(runner, task).kind {
            Kind::Atomic => ensure(case.items.contains_key(&key), || {
                format!("an instance has no item {key:?}")
            })?,
            Kind::Composite(_) if instance.state == InstanceState::Executing => {
                ensure(case.runners.contains_key(&key.path), || {
                    format!("an instance has no subnet {key:?}")
                })?;
            }
            Kind::Composite(_) | Kind::Empty => {}
        }
    }
    Ok(())
}

fn check_item(case: &Case, key: &ItemKey, status: ItemStatus) -> Result<(), String> {
    let Some((path, runner)) = case.runner_of(key) else {
        return Err(format!("the item {key:?} is in no net"));
    };
    let busy = runner.busy.get(&key.task);
    let holds = match status {
        ItemStatus::Enabled => runner.enabled.contains(key.task),
        ItemStatus::IsParent => busy.is_some() && key.path == path,
        ItemStatus::Fired => has(busy, key, |busy, child| busy.is(child, InstanceState::Entered)),
        ItemStatus::Executing => {
            has(busy, key, |busy, child| busy.is(child, InstanceState::Executing))
        }
        ItemStatus::Complete | ItemStatus::ForcedComplete | ItemStatus::Failed => {
            has(busy, key, |busy, child| busy.is(child, InstanceState::Complete))
        }
        ItemStatus::Suspended | ItemStatus::Deadlocked => true,
    };
    ensure(holds, || format!("the item {key:?} is {status} and its task is not"))
}

fn has(busy: Option<&Busy>, key: &ItemKey, test: impl Fn(&Busy, u32) -> bool) -> bool {
    busy.zip(key.path.last()).is_some_and(|(busy, child)| test(busy, child))
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}
