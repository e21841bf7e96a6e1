//! A net while its flows are drawn: tasks without work, flows without predicates.

use std::collections::BTreeSet;

use model::specification::{Condition, ConditionKind, Flow, Gate, Net, Task};

use crate::random::Random;

/// The numbers of the names given so far, across all nets of the specification.
#[derive(Default)]
pub(crate) struct Names {
    tasks: usize,
    conditions: usize,
}

/// A net in the making.
pub(crate) struct Draft<'r> {
    pub(crate) net: Net,
    pub(crate) random: &'r mut Random,
    names: &'r mut Names,
    /// Tasks that must be a work item: a loop goes through them, or a choice waits for them.
    pub(crate) work: BTreeSet<String>,
    /// Tasks whose last flow leaves a loop: it is the default one.
    pub(crate) tails: BTreeSet<String>,
}

impl<'r> Draft<'r> {
    pub(crate) fn new(id: &str, random: &'r mut Random, names: &'r mut Names) -> Self {
        let mut net = Net::default();
        net.head.id = id.to_owned();
        net.conditions = vec![condition("i", ConditionKind::Input)];
        Self { net, random, names, work: BTreeSet::new(), tails: BTreeSet::new() }
    }

    /// The net, with its output condition last, as documents have it.
    pub(crate) fn finish(&mut self) -> Net {
        self.net.conditions.push(condition("o", ConditionKind::Output));
        std::mem::take(&mut self.net)
    }

    pub(crate) fn task(&mut self) -> String {
        self.names.tasks += 1;
        let id = format!("T{}", self.names.tasks);
        self.net.tasks.push(task(&id));
        id
    }

    /// A task that is a work item.
    pub(crate) fn work_task(&mut self) -> String {
        let id = self.task();
        self.work.insert(id.clone());
        id
    }

    pub(crate) fn condition(&mut self) -> String {
        self.names.conditions += 1;
        let id = format!("c{}", self.names.conditions);
        self.net.conditions.push(condition(&id, ConditionKind::Ordinary));
        id
    }

    pub(crate) fn task_mut(&mut self, id: &str) -> &mut Task {
        let task = self.net.tasks.iter_mut().find(|task| task.id == id);
        task.expect("drafts name tasks that they made")
    }

    /// A flow between two tasks, or from a task to `o`: direct, or now and then by an explicit condition.
    pub(crate) fn connect(&mut self, from: &str, to: &str) {
        if to != "o" && self.random.one_in(4) {
            let between = self.condition();
            self.flow(from, &between);
            self.flow(&between, to);
        } else {
            self.flow(from, to);
        }
    }

    /// One flow, once.
    pub(crate) fn flow(&mut self, from: &str, to: &str) {
        let tasks = self.net.tasks.iter_mut().map(|task| (&task.id, &mut task.flows));
        let conditions = self.net.conditions.iter_mut();
        let conditions = conditions.map(|condition| (&condition.id, &mut condition.flows));
        let mut elements = tasks.chain(conditions);
        let (_, flows) =
            elements.find(|(id, _)| *id == from).expect("drafts name elements that they made");
        if flows.iter().all(|flow| flow.target != to) {
            flows.push(Flow { target: to.to_owned(), ..Flow::default() });
        }
    }

    /// `task` cancels all tasks and explicit conditions made since, and the flows between those tasks
    /// and into itself.
    pub(crate) fn cancel_since(&mut self, task: &str, (tasks, conditions): (usize, usize)) {
        let region: Vec<&Task> =
            self.net.tasks[tasks..].iter().filter(|inside| inside.id != task).collect();
        let mut removes: Vec<String> = region.iter().map(|inside| inside.id.clone()).collect();
        removes.extend(self.net.conditions[conditions..].iter().map(|inside| inside.id.clone()));
        let is_task = |id: &str| self.net.tasks.iter().any(|other| other.id == id);
        let from_flows: Vec<(String, String)> = region
            .iter()
            .flat_map(|inside| inside.flows.iter().map(|flow| (&inside.id, &flow.target)))
            .filter(|(_, target)| is_task(target))
            .map(|(from, to)| (from.clone(), to.clone()))
            .collect();
        let task = self.task_mut(task);
        task.removes = removes;
        task.removes_from_flows = from_flows;
    }

    /// How many tasks and conditions there are, for [`Self::cancel_since`].
    pub(crate) fn mark(&self) -> (usize, usize) {
        (self.net.tasks.len(), self.net.conditions.len())
    }
}

fn condition(id: &str, kind: ConditionKind) -> Condition {
    Condition { id: id.to_owned(), kind, name: None, documentation: None, flows: Vec::new() }
}

fn task(id: &str) -> Task {
    Task {
        id: id.to_owned(),
        // Predicates on timers name tasks, they do not give ids.
        name: Some(id.to_owned()),
        documentation: None,
        flows: Vec::new(),
        join: Gate::Xor,
        split: Gate::And,
        removes: Vec::new(),
        removes_from_flows: Vec::new(),
        starting: Vec::new(),
        completed: Vec::new(),
        enablement: Vec::new(),
        timer: None,
        resourcing: None,
        custom_form: None,
        configuration: None,
        default_configuration: None,
        decomposes_to: None,
        multi_instance: None,
        binding: None,
    }
}
