//! A net by names, as its document says: what the engine is held against. Shares no code with it.

use std::collections::{BTreeMap, BTreeSet};

use model::specification::{Flow, Gate, Net, Specification};

/// One net.
pub(crate) struct Graph {
    pub(crate) tasks: BTreeMap<String, Task>,
    pub(crate) conditions: BTreeSet<String>,
}

/// A task with the conditions around it, implicit ones included.
pub(crate) struct Task {
    pub(crate) join: Gate,
    pub(crate) split: Gate,
    pub(crate) preset: BTreeSet<String>,
    pub(crate) postset: BTreeSet<String>,
    pub(crate) removed_tasks: BTreeSet<String>,
    pub(crate) removed_conditions: BTreeSet<String>,
}

/// All nets of a specification by id.
pub(crate) fn graphs(specification: &Specification) -> BTreeMap<String, Graph> {
    specification.nets().map(|net| (net.head.id.clone(), Graph::new(net))).collect()
}

impl Graph {
    fn new(net: &Net) -> Self {
        let is_task = |id: &str| net.tasks.iter().any(|task| task.id == id);
        let between = |from: &str, to: &str| {
            if is_task(to) { format!("c{{{from}_{to}}}") } else { to.to_owned() }
        };
        let mut graph = Self { tasks: BTreeMap::new(), conditions: BTreeSet::new() };
        for task in &net.tasks {
            let (tasks, conditions): (BTreeSet<String>, BTreeSet<String>) =
                task.removes.iter().cloned().partition(|id| is_task(id));
            let flows = task.removes_from_flows.iter().map(|(from, to)| between(from, to));
            let made = Task {
                join: task.join,
                split: task.split,
                preset: BTreeSet::new(),
                postset: task.flows.iter().map(|flow| between(&task.id, &flow.target)).collect(),
                removed_tasks: tasks,
                removed_conditions: conditions.into_iter().chain(flows).collect(),
            };
            graph.tasks.insert(task.id.clone(), made);
        }
        let from_tasks = net.tasks.iter().flat_map(|task| {
            task.flows.iter().map(|flow: &Flow| (between(&task.id, &flow.target), &flow.target))
        });
        let from_conditions = net.conditions.iter().flat_map(|condition| {
            condition.flows.iter().map(|flow| (condition.id.clone(), &flow.target))
        });
        graph.conditions.extend(net.conditions.iter().map(|condition| condition.id.clone()));
        for (condition, target) in from_tasks.chain(from_conditions) {
            if let Some(task) = graph.tasks.get_mut(target) {
                task.preset.insert(condition.clone());
            }
            graph.conditions.insert(condition);
        }
        graph
    }
}
