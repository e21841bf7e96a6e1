//! A case as people and recordings see it: names instead of indices.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    case::{Case, CaseStatus, InstanceState, ItemStatus, Runner},
    event::CaseEnd,
    ids::{ItemKey, Path},
    program::Program,
};

/// Everything that can be seen of a case. Keys are external ids: `C.2/A`, `C.2.1:A`, `C.2`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub marking: BTreeMap<String, Mark>,
    /// Tokens that a deadlock left behind when the case ended.
    pub leftover: BTreeMap<String, Mark>,
    pub items: BTreeMap<String, ItemView>,
    /// XML of each running net's variables.
    pub data: BTreeMap<String, String>,
    /// The case is over and was not cancelled from outside; the reference calls a deadlocked case completed, too.
    pub done: bool,
    /// Some token is left that may still move.
    pub alive: bool,
    /// Task → reason.
    pub incidents: BTreeMap<String, String>,
}

/// What an element holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Tokens in a condition.
    Tokens(u32),
    /// Instances of a busy task: active, entered, executing, complete.
    Busy([u32; 4]),
}

/// One work item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemView {
    pub key: ItemKey,
    /// The net that the task is of.
    pub net: String,
    pub task: String,
    pub task_name: String,
    /// The decomposition's id; an item without one does not exist.
    pub decomposition: String,
    pub status: ItemStatus,
    pub group: Option<u32>,
    pub enabled_at_ms: i64,
    pub started_at_ms: Option<i64>,
    pub completed_at_ms: Option<i64>,
    pub timer_due_ms: Option<i64>,
    /// Input data, once fired; before that what the task's enablement mappings give.
    pub data: Option<Arc<str>>,
    pub output: Option<Arc<str>>,
}

/// The case in names.
pub fn view(program: &Program, case: &Case) -> View {
    let mut view = View { done: is_done(case), ..View::default() };
    for (path, runner) in &case.runners {
        show_runner(program, case, (path, runner), &mut view);
    }
    for key in case.items.keys() {
        if let Some(item) = item(program, case, key) {
            view.items.insert(program.item_id(case, key), item);
        }
    }
    for ((path, task), reason) in &case.incidents {
        let key = ItemKey { path: path.clone(), task: *task };
        view.incidents.insert(program.item_id(case, &key), reason.to_string());
    }
    if case.has_ended() {
        view.leftover = std::mem::take(&mut view.marking);
    }
    view.alive = !case.has_ended() && case.runners.values().any(|runner| !runner.is_empty());
    view
}

fn is_done(case: &Case) -> bool {
    match case.status {
        CaseStatus::Ended(CaseEnd::Completed | CaseEnd::Deadlocked | CaseEnd::Emptied) => true,
        CaseStatus::Ended(CaseEnd::Cancelled)
        | CaseStatus::Scheduled { .. }
        | CaseStatus::Running
        | CaseStatus::Suspended => false,
    }
}

fn show_runner(program: &Program, case: &Case, (path, runner): (&Path, &Runner), view: &mut View) {
    let net = program.net(runner.net);
    let prefix = path.show(&case.id);
    for (condition, tokens) in runner.marking.marked() {
        let id = &net.condition(condition).id;
        view.marking.insert(format!("{prefix}/{id}"), Mark::Tokens(tokens));
    }
    for (task, busy) in &runner.busy {
        use InstanceState::{Complete, Entered, Executing};
        let [entered, executing, complete] =
            [Entered, Executing, Complete].map(|it| busy.count(it));
        let counts = [busy.instances().len(), entered, executing, complete];
        let counts = counts.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        view.marking.insert(format!("{prefix}/{}", net.task(*task).id), Mark::Busy(counts));
    }
    view.data.insert(prefix, net.document(&runner.data));
}

/// The text that a variable holds of the net that an item is of.
pub fn variable(program: &Program, case: &Case, key: &ItemKey, name: &str) -> Option<String> {
    let (_, runner) = case.runner_of(key)?;
    let place =
        program.net(runner.net).variables.iter().position(|variable| variable.name == name)?;
    match plain::Child::of_element(runner.data.get(place)?) {
        plain::Child::Element { content, .. } => Some(plain::string_value(content).into_owned()),
        plain::Child::Text(_) => None,
    }
}

/// One work item in names, if the case has it.
pub fn item(program: &Program, case: &Case, key: &ItemKey) -> Option<ItemView> {
    let item = case.items.get(key)?;
    let (net_path, runner) = case.runner_of(key)?;
    let net = program.net(runner.net);
    let task = net.task(key.task);
    let child = (key.path != net_path).then(|| key.path.last()).flatten();
    let data = child.and_then(|child| Some(&runner.busy.get(&key.task)?.instance(child)?.input));
    Some(ItemView {
        key: key.clone(),
        net: net.id.clone(),
        task: task.id.clone(),
        task_name: task.name.clone(),
        decomposition: task.decomposition.clone().unwrap_or_default(),
        status: item.status,
        group: item.group,
        enabled_at_ms: item.enabled_at_ms,
        started_at_ms: item.started_at_ms,
        completed_at_ms: item.completed_at_ms(),
        timer_due_ms: item.timer_due_ms(),
        data: data.or_else(|| item.enablement()).cloned(),
        output: item.output().cloned(),
    })
}
