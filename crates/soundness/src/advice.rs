//! What a complete search has seen of OR-joins and cancellation sets, and what follows for the author.

use std::collections::{BTreeMap, BTreeSet};

use engine::{ConditionIndex, TaskIndex, program::Net};

use crate::{
    reset_net::{Guard, Place, ResetNet, Transition, busy_place, is_or_join, place},
    verdict::{Advice, Element},
};

/// What was seen while states were explored.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// How many inputs were marked when an OR-join started: fewest and most.
    joins: BTreeMap<TaskIndex, (usize, usize)>,
    /// Places that held a token when their task emptied them.
    emptied: BTreeSet<(TaskIndex, Place)>,
}

impl Observed {
    pub(crate) fn fires(&mut self, net: &ResetNet<'_>, state: &[u8], transition: &Transition) {
        if let Guard::OrJoin(task) = transition.guard {
            let preset = &net.net.task(task).preset;
            let marked = preset.iter().filter(|from| state[place(**from)] > 0).count();
            let (fewest, most) = self.joins.entry(task).or_insert((marked, marked));
            (*fewest, *most) = ((*fewest).min(marked), (*most).max(marked));
        }
        if let Some(task) = transition.resetter {
            // A task that cancels itself does nothing by that: it is over.
            let own = busy_place(net.net, task);
            let emptied =
                transition.resets.iter().filter(|place| state[**place] > 0 && **place != own);
            self.emptied.extend(emptied.map(|place| (task, *place)));
        }
    }

    /// Holds for the whole net only if every state was explored.
    pub(crate) fn advice(&self, net: &Net) -> Vec<Advice> {
        let joins = self.joins.iter().filter_map(|(task, (fewest, most))| {
            let inputs = net.task(*task).preset.len();
            if *fewest == inputs {
                Some(Advice::JoinIsAnd(*task))
            } else {
                (*most == 1).then_some(Advice::JoinIsXor(*task))
            }
        });
        let single = net.task_indices().filter(|task| {
            let joined = net.task(*task);
            joined.join == model::specification::Gate::Or && !is_or_join(joined)
        });
        let sets = net.task_indices().flat_map(|task| self.never_emptied(net, task));
        joins.chain(single.map(Advice::JoinIsXor)).chain(sets).collect()
    }

    fn never_emptied(&self, net: &Net, task: TaskIndex) -> Vec<Advice> {
        let removing = net.task(task);
        let condition = |it: &ConditionIndex| (place(*it), Element::Condition(*it));
        let removed = |it: &TaskIndex| (busy_place(net, *it), Element::Task(*it));
        let conditions = removing.removes_conditions.iter().map(condition);
        let elements = conditions.chain(removing.removes_tasks.iter().map(removed));
        let never = elements.filter(|(place, _)| !self.emptied.contains(&(task, *place)));
        never.map(|(_, element)| Advice::CancelsNothing { task, element }).collect()
    }
}
