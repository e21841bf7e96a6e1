//! A net as a graph: elements by number, flows collapsed by target, walks.

use std::collections::{BTreeMap, BTreeSet};

use crate::specification::{Condition, ConditionKind, Flow, Net, Task};

/// A condition or task of a net.
#[derive(Clone, Copy)]
pub(super) enum Element<'a> {
    Condition(&'a Condition),
    Task(&'a Task),
}

impl<'a> Element<'a> {
    pub(super) fn id(self) -> &'a str {
        match self {
            Self::Condition(condition) => &condition.id,
            Self::Task(task) => &task.id,
        }
    }

    pub(super) fn flows(self) -> &'a [Flow] {
        match self {
            Self::Condition(condition) => &condition.flows,
            Self::Task(task) => &task.flows,
        }
    }

    pub(super) fn is(self, kind: ConditionKind) -> bool {
        match self {
            Self::Condition(condition) => condition.kind == kind,
            Self::Task(_) => false,
        }
    }
}

/// The elements of a net, conditions first, and what follows what.
pub(super) struct Graph<'a> {
    pub(super) net: &'a Net,
    pub(super) elements: Vec<Element<'a>>,
    /// Number by id; of two with one id the first.
    numbers: BTreeMap<&'a str, usize>,
    /// Numbers of the elements that flows lead to, each once. The implicit conditions between tasks
    /// have no number: they change nothing about paths.
    pub(super) next: Vec<Vec<usize>>,
    pub(super) previous: Vec<Vec<usize>>,
    /// Names of the variables that completion mappings may write.
    pub(super) writable: BTreeSet<&'a str>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(net: &'a Net) -> Self {
        let conditions = net.conditions.iter().map(Element::Condition);
        let elements: Vec<_> = conditions.chain(net.tasks.iter().map(Element::Task)).collect();
        let mut numbers = BTreeMap::new();
        for (number, element) in elements.iter().enumerate() {
            numbers.entry(element.id()).or_insert(number);
        }
        let mut next = vec![Vec::new(); elements.len()];
        let mut previous = vec![Vec::new(); elements.len()];
        for (number, element) in elements.iter().enumerate() {
            let targets = element.flows().iter().filter_map(|flow| numbers.get(&*flow.target));
            let mut targets: Vec<usize> = targets.copied().collect();
            targets.sort_unstable();
            targets.dedup();
            targets.iter().for_each(|target| previous[*target].push(number));
            next[number] = targets;
        }
        let variables = net.locals.iter().chain(&net.head.inputs);
        let writable = variables.map(|variable| variable.name.as_str()).collect();
        Self { net, elements, numbers, next, previous, writable }
    }

    pub(super) fn number(&self, id: &str) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    /// The conditions of a kind, by number.
    pub(super) fn conditions(&self, kind: ConditionKind) -> impl Iterator<Item = usize> {
        let elements = self.elements.iter().enumerate();
        elements.filter(move |(_, element)| element.is(kind)).map(|(number, _)| number)
    }

    /// Which elements are reached from `starts` along `edges`. An element for which `passes` is
    /// false is reached, but not left.
    pub(super) fn reached(
        &self,
        starts: impl Iterator<Item = usize>,
        edges: &[Vec<usize>],
        passes: impl Fn(usize) -> bool,
    ) -> Vec<bool> {
        let mut reached = vec![false; self.elements.len()];
        let mut waiting: Vec<usize> = starts.collect();
        waiting.iter().for_each(|start| reached[*start] = true);
        while let Some(number) = waiting.pop() {
            if !passes(number) {
                continue;
            }
            for next in &edges[number] {
                if !reached[*next] {
                    reached[*next] = true;
                    waiting.push(*next);
                }
            }
        }
        reached
    }
}
