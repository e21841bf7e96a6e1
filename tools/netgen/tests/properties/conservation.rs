//! What each event does to tokens and work, by the definition of the construct: nothing more, nothing less.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Case, Event, ItemKey, Path, Program, TaskIndex};
use model::specification::Gate;

use super::{
    graph::{Graph, Task},
    seen::Seen,
};

type Tokens = BTreeMap<String, u32>;

/// The graphs of a specification, and which instances each busy task has.
pub(crate) struct Ledger {
    graphs: BTreeMap<String, Graph>,
    /// Paths such as `C.2.1` by the net's path and task.
    instances: BTreeMap<(String, String), BTreeSet<String>>,
}

/// An event in names: what happened to which task of which net.
enum Fact {
    Fired {
        path: String,
        task: String,
    },
    Exited {
        path: String,
        task: String,
    },
    Cancelled {
        path: String,
        task: String,
    },
    /// Nets begin and end with their tokens.
    Nets,
    /// No token moves.
    Other,
}

impl Ledger {
    pub(crate) fn new(graphs: BTreeMap<String, Graph>) -> Self {
        Self { graphs, instances: BTreeMap::new() }
    }

    /// Checks `event` against the case seen before and after it.
    pub(crate) fn check(
        &mut self,
        (program, case): (&Program, &Case),
        event: &Event,
        (before, after): (&Seen, &Seen),
    ) -> Result<(), String> {
        // The event's names are those of the case before it.
        match self.fact(program, case, event) {
            Fact::Nets => Ok(()),
            Fact::Other => same(before, after, ""),
            Fact::Fired { path, task } => {
                same(before, after, &path)?;
                let known = self.task(before, &path, &task);
                fired(known, &before.nets[&path].tokens, &after.nets[&path].tokens)
            }
            Fact::Exited { path, task } => {
                same(before, after, &path)?;
                let known = self.task(before, &path, &task);
                exited(known, &before.nets[&path].tokens, &after.nets[&path].tokens)?;
                for removed in &known.removed_tasks {
                    self.nothing_left(after, &path, removed)?;
                }
                self.nothing_left(after, &path, &task)
            }
            Fact::Cancelled { path, task } => {
                same(before, after, "")?;
                self.nothing_left(after, &path, &task)
            }
        }
    }

    fn task(&self, seen: &Seen, path: &str, task: &str) -> &Task {
        &self.graphs[&seen.nets[path].id].tasks[task]
    }

    fn fact(&mut self, program: &Program, case: &Case, event: &Event) -> Fact {
        let name = |path: &Path, task: TaskIndex| {
            let id = program.item_id(case, &ItemKey { path: path.clone(), task });
            let (path, task) = id.split_once(':').expect("a path and a task");
            (path.to_owned(), task.to_owned())
        };
        match event {
            Event::Fired { path, task, .. } => {
                let (path, task) = name(path, *task);
                self.instances.remove(&(path.clone(), task.clone()));
                Fact::Fired { path, task }
            }
            Event::Started { path, task, child, .. } | Event::Added { path, task, child, .. } => {
                let (path, task) = name(path, *task);
                let instance = format!("{path}.{child}");
                self.instances.entry((path, task)).or_default().insert(instance);
                Fact::Other
            }
            Event::Exited { path, task, .. } => {
                let (path, task) = name(path, *task);
                Fact::Exited { path, task }
            }
            Event::TaskCancelled { path, task } => {
                let (path, task) = name(path, *task);
                Fact::Cancelled { path, task }
            }
            Event::NetStarted { .. } | Event::NetEnded { .. } | Event::CaseEnded { .. } => {
                Fact::Nets
            }
            Event::Launched { .. }
            | Event::Enabled { .. }
            | Event::Withdrawn { .. }
            | Event::Completed { .. }
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
            | Event::Deadlocked { .. }
            | Event::EnablementMapped { .. } => Fact::Other,
        }
    }

    /// A task that has been left or cancelled has no instance, no item, no net below it.
    fn nothing_left(&self, after: &Seen, path: &str, task: &str) -> Result<(), String> {
        let net = &after.nets[path];
        ensure(!net.busy.contains(task), || format!("{path}:{task} is over and still busy"))?;
        let own = format!("{path}:{task}");
        let held = after.view.items.contains_key(&own) && !net.offered.contains(task);
        ensure(!held, || format!("{own} is over and has an item that is no offer"))?;
        let key = (path.to_owned(), task.to_owned());
        for instance in self.instances.get(&key).into_iter().flatten() {
            let is_below = |id: &String| {
                id.strip_prefix(instance.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':', '/']))
            };
            let view = &after.view;
            let mut left = view.items.keys().chain(view.marking.keys()).chain(view.data.keys());
            let left = left
                .find(|id| is_below(id))
                .or_else(|| view.incidents.keys().find(|id| is_below(id)));
            ensure(left.is_none(), || format!("{own} is over and has left {left:?}"))?;
        }
        Ok(())
    }
}

/// Nets hold the same tokens, but for the one at `path`. Nets may vanish with the task above them.
fn same(before: &Seen, after: &Seen, path: &str) -> Result<(), String> {
    for (at, net) in after.nets.iter().filter(|(at, _)| *at != path) {
        let was = before.nets.get(at).map(|net| &net.tokens);
        ensure(was == Some(&net.tokens), || {
            format!("the tokens of {at} were {was:?} and are {:?}", net.tokens)
        })?;
    }
    Ok(())
}

/// AND takes a token of each condition of the preset, OR of each marked one, XOR of one.
fn fired(task: &Task, before: &Tokens, after: &Tokens) -> Result<(), String> {
    let marked: BTreeSet<&String> =
        task.preset.iter().filter(|condition| before.contains_key(*condition)).collect();
    let taken = changed(before, after);
    let complain = || format!("a firing made {after:?} of {before:?}");
    ensure(taken.values().all(|change| *change == -1), complain)?;
    let taken: BTreeSet<&String> = taken.keys().copied().collect();
    let holds = match task.join {
        Gate::And => taken == marked && marked.len() == task.preset.len(),
        Gate::Or => taken == marked && !marked.is_empty(),
        Gate::Xor => taken.is_subset(&marked) && taken.len() == 1,
    };
    ensure(holds, complain)
}

/// The cancellation set is emptied; then AND gives each condition of the postset a token, OR some, XOR one.
fn exited(task: &Task, before: &Tokens, after: &Tokens) -> Result<(), String> {
    let mut emptied = before.clone();
    emptied.retain(|condition, _| !task.removed_conditions.contains(condition));
    let given = changed(&emptied, after);
    let complain = || format!("an exit made {after:?} of {before:?}");
    ensure(given.values().all(|change| *change == 1), complain)?;
    let given: BTreeSet<&String> = given.keys().copied().collect();
    let postset: BTreeSet<&String> = task.postset.iter().collect();
    let holds = match task.split {
        Gate::And => given == postset,
        Gate::Or => given.is_subset(&postset) && !given.is_empty(),
        Gate::Xor => given.is_subset(&postset) && given.len() == 1,
    };
    ensure(holds, complain)
}

/// By how much each condition's tokens changed, where they did.
fn changed<'t>(before: &'t Tokens, after: &'t Tokens) -> BTreeMap<&'t String, i64> {
    let tokens = |of: &Tokens, condition| of.get(condition).copied().map_or(0, i64::from);
    let conditions = before.keys().chain(after.keys());
    let changes = conditions.map(|it| (it, tokens(after, it) - tokens(before, it)));
    changes.filter(|(_, change)| *change != 0).collect()
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}
