//! Applies a stored event to a case. The only writer of state; cannot fail.
//!
//! An event about something that the case does not have changes nothing. What comes from a disk goes through
//! [`crate::replay()`], which refuses such events: here it is trusted that numbers are those of the program.

use crate::{
    case::{Busy, Case, CaseStatus, InstanceState, Item, ItemStatus, Runner, TimerState},
    event::{CaseEnd, Event, NetEnd},
    ids::{ItemKey, Path, TaskIndex},
};

/// Applies one event.
pub fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::Launched { at_ms, start_at_ms, data, .. } => {
            case.launched_at_ms = *at_ms;
            case.launch_data.clone_from(data);
            if let Some(start_at_ms) = *start_at_ms {
                case.status = CaseStatus::Scheduled { start_at_ms };
            }
        }
        Event::NetStarted { .. } => start_net(case, event),
        Event::NetEnded { path, how } => end_net(case, path, *how),
        Event::Enabled { item, group, at_ms } => enable(case, item, *group, *at_ms),
        Event::Withdrawn { item } => {
            if let Some(runner) = case.runners.get_mut(&item.path) {
                runner.enabled.remove(item.task);
            }
            case.items.remove(item);
        }
        Event::Fired { .. } => fire(case, event),
        Event::Started { path, task, child, at_ms } => start(case, (path, *task, *child), *at_ms),
        Event::Added { .. } => add(case, event),
        Event::Completed { .. } => complete(case, event),
        Event::Exited { .. } => exit(case, event),
        Event::TaskCancelled { path, task } => {
            forget_task(case, path, *task);
        }
        Event::ItemSuspended { item } => with_item(case, item, |item| {
            item.before_suspension = Some(item.status);
            item.status = ItemStatus::Suspended;
        }),
        Event::ItemUnsuspended { item } => with_item(case, item, |item| {
            item.status = item.before_suspension.take().unwrap_or(item.status);
        }),
        Event::RolledBack { item } => roll_back(case, item),
        Event::TimerStarted { item, due_ms } => {
            set_timer(case, item, Some(*due_ms), TimerState::Active)
        }
        Event::TimerExpired { item, .. } => set_timer(case, item, None, TimerState::Expired),
        Event::DataSet { path, writes } => {
            if let Some(runner) = case.runners.get_mut(path) {
                runner.write(writes.iter().map(|(at, value)| (*at, value)));
            }
        }
        Event::IncidentRaised { path, task, reason, .. } => {
            case.incidents.insert((path.clone(), *task), reason.clone());
        }
        Event::IncidentsCleared => case.incidents.clear(),
        Event::CaseSuspended { .. } => case.status = CaseStatus::Suspended,
        Event::CaseResumed { .. } => case.status = CaseStatus::Running,
        Event::CaseEnded { how, output, at_ms } => {
            case.status = CaseStatus::Ended(*how);
            case.output.clone_from(output);
            case.ended_at_ms = Some(*at_ms);
            end_case(case, *how);
        }
        Event::EnablementMapped { item, data } => {
            with_item(case, item, |item| item.show_enablement(data));
        }
        Event::Deadlocked { item } => {
            if !case.items.contains_key(item) {
                case.items.insert(item.clone(), Item::new(ItemStatus::Deadlocked, None, 0));
            }
        }
    }
}

fn with_item(case: &mut Case, key: &ItemKey, change: impl FnOnce(&mut Item)) {
    if let Some(item) = case.items.get_mut(key) {
        change(item);
    }
}

fn enable(case: &mut Case, key: &ItemKey, group: Option<u32>, at_ms: i64) {
    if let Some(runner) = case.runners.get_mut(&key.path) {
        runner.enabled.insert(key.task);
        // A task that is entered again has its timer start over.
        runner.timers.remove(&key.task);
    }
    case.groups = case.groups.max(group.map_or(0, |group| group.saturating_add(1)));
    case.items.insert(key.clone(), Item::new(ItemStatus::Enabled, group, at_ms));
}

fn start_net(case: &mut Case, event: &Event) {
    let Event::NetStarted { path, net, conditions, input, data } = event else {
        unreachable!("apply passes starts of nets only")
    };
    let mut runner = Runner::new(*net, *conditions as usize);
    runner.marking.add(*input);
    runner.data = data.clone();
    if path.is_root() {
        case.launch_data = None;
        case.status = CaseStatus::Running;
    }
    case.runners.insert(path.clone(), runner);
}

fn end_net(case: &mut Case, path: &Path, how: NetEnd) {
    case.runners.retain(|at, _| at == path || !at.starts_with(path));
    case.items.retain(|key, item| {
        let is_deadlocked = how == NetEnd::Deadlocked && item.status == ItemStatus::Deadlocked;
        is_deadlocked || !key.path.starts_with(path)
    });
    case.incidents.retain(|(at, _), _| !at.starts_with(path));
    match how {
        NetEnd::Completed | NetEnd::Cancelled => {
            case.runners.remove(path);
        }
        // The composite task above stays busy: what is left of the net is kept to be looked at.
        NetEnd::Deadlocked | NetEnd::Emptied => {
            if let Some(runner) = case.runners.get_mut(path) {
                runner.clear();
                runner.stuck = Some(how);
            }
        }
    }
}

/// Of an ended case the root net's data stay, and the tokens of a deadlock, to be looked at.
fn end_case(case: &mut Case, how: CaseEnd) {
    let root = Path::root();
    case.runners.retain(|path, _| *path == root);
    case.items.clear();
    case.incidents.clear();
    case.launch_data = None;
    if let Some(runner) = case.runners.get_mut(&root) {
        match how {
            CaseEnd::Completed | CaseEnd::Emptied | CaseEnd::Cancelled => runner.clear(),
            CaseEnd::Deadlocked => runner.enabled.clear(),
        }
    }
}

fn fire(case: &mut Case, event: &Event) {
    let Event::Fired { path, task, consumed, first, inputs, items, at_ms } = event else {
        unreachable!("apply passes firings only")
    };
    let Some(runner) = case.runners.get_mut(path) else { return };
    runner.enabled.remove(*task);
    consumed.iter().for_each(|condition| runner.marking.take(*condition));
    let mut busy = Busy::default();
    for (child, input) in (*first..).zip(inputs) {
        busy.enter(child, input.clone());
        runner.children = runner.children.max(child);
    }
    runner.busy.insert(*task, busy);
    if *items {
        let children = (*first..).take(inputs.len());
        make_items(case, (path, *task), children, *at_ms);
    }
}

/// The enabled item becomes the parent of one item per instance.
fn make_items(
    case: &mut Case,
    (path, task): (&Path, TaskIndex),
    children: impl Iterator<Item = u32>,
    at_ms: i64,
) {
    let mut group = None;
    with_item(case, &ItemKey { path: path.clone(), task }, |item| {
        item.status = ItemStatus::IsParent;
        group = item.group;
    });
    for child in children {
        let key = ItemKey { path: path.child(child), task };
        case.items.insert(key, Item::new(ItemStatus::Fired, group, at_ms));
    }
}

fn start(case: &mut Case, (path, task, child): (&Path, TaskIndex, u32), at_ms: i64) {
    if let Some(busy) = busy(case, path, task) {
        busy.advance(child, InstanceState::Entered, InstanceState::Executing);
    }
    with_item(case, &ItemKey { path: path.child(child), task }, |item| {
        item.status = ItemStatus::Executing;
        item.started_at_ms = Some(at_ms);
    });
}

fn add(case: &mut Case, event: &Event) {
    let Event::Added { path, task, child, input, at_ms } = event else {
        unreachable!("apply passes additions only")
    };
    let Some(runner) = case.runners.get_mut(path) else { return };
    runner.children = runner.children.max(*child);
    let Some(busy) = runner.busy.get_mut(task) else { return };
    busy.enter(*child, input.clone());
    let key = ItemKey { path: path.child(*child), task: *task };
    case.items.insert(key, Item::new(ItemStatus::Fired, None, *at_ms));
}

fn complete(case: &mut Case, event: &Event) {
    let Event::Completed { path, task, child, how, output, writes, grouped, at_ms } = event else {
        unreachable!("apply passes completions only")
    };
    if let Some(busy) = busy(case, path, *task) {
        busy.complete(*child);
        busy.keep(writes, grouped.as_ref());
    }
    with_item(case, &ItemKey { path: path.child(*child), task: *task }, |item| {
        item.complete(*how, output, *at_ms);
    });
}

fn busy<'c>(case: &'c mut Case, path: &Path, task: TaskIndex) -> Option<&'c mut Busy> {
    case.runners.get_mut(path)?.busy.get_mut(&task)
}

fn exit(case: &mut Case, event: &Event) {
    let Event::Exited { path, task, joined, emptied, produced, .. } = event else {
        unreachable!("apply passes exits only")
    };
    let busy = forget_task(case, path, *task);
    let Some(runner) = case.runners.get_mut(path) else { return };
    runner.write(busy.writes().chain(joined.iter().map(|(at, value)| (*at, value))));
    emptied.iter().for_each(|condition| runner.marking.set(*condition, 0));
    produced.iter().for_each(|condition| runner.marking.add(*condition));
    if let Some(timer) = runner.timers.get_mut(task)
        && *timer == TimerState::Active
    {
        *timer = TimerState::Closed;
    }
}

/// Removes a busy task with its items and with all nets below it.
fn forget_task(case: &mut Case, path: &Path, task: TaskIndex) -> Busy {
    let busy = case.runners.get_mut(path).and_then(|runner| runner.busy.remove(&task));
    let Some(busy) = busy else { return Busy::default() };
    let is_below = |at: &Path| at.branch(path).is_some_and(|child| busy.has(child));
    case.items.retain(|key, _| {
        let is_parent = key.task == task && key.path == *path;
        !is_parent && !is_below(&key.path)
    });
    case.runners.retain(|at, _| !is_below(at));
    case.incidents.retain(|(at, failed), _| {
        let is_own = *failed == task && at == path;
        !is_own && !is_below(at)
    });
    busy
}

fn roll_back(case: &mut Case, key: &ItemKey) {
    let Some((path, child)) = key.path.parent() else { return };
    if let Some(busy) = busy(case, &path, key.task) {
        busy.advance(child, InstanceState::Executing, InstanceState::Entered);
    }
    with_item(case, key, |item| {
        item.status = ItemStatus::Fired;
        item.started_at_ms = None;
    });
}

fn set_timer(case: &mut Case, key: &ItemKey, due_ms: Option<i64>, state: TimerState) {
    with_item(case, key, |item| item.set_timer(due_ms));
    let net_path = match case.runners.contains_key(&key.path) {
        true => Some(key.path.clone()),
        false => key.path.parent().map(|(parent, _)| parent),
    };
    if let Some(runner) = net_path.and_then(|path| case.runners.get_mut(&path)) {
        // Dormant to active, active to expired: no other instance's timer brings it back.
        if runner.timers.get(&key.task).is_none_or(|now| *now == TimerState::Active) {
            runner.timers.insert(key.task, state);
        }
    }
}
