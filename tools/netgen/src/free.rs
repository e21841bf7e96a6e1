//! Arbitrary nets: a chain from input to output, with flows, gates and cancellation strewn over it.

use model::specification::Gate;

use crate::{
    draft::Draft,
    shape::{Construct, Shape},
};

/// Draws the flows of a net of up to `budget` tasks.
pub(crate) fn draw(draft: &mut Draft<'_>, shape: &Shape, budget: usize) {
    let count = 1 + draft.random.below(budget.max(1));
    let tasks: Vec<String> = (0..count).map(|_| draft.task()).collect();
    draft.flow("i", &tasks[0]);
    for pair in tasks.windows(2) {
        draft.connect(&pair[0], &pair[1]);
    }
    draft.connect(&tasks[count - 1], "o");
    for from in 0..count {
        for _ in 0..draft.random.below(3) {
            strew(draft, shape, (&tasks, from));
        }
        gates(draft, shape, &tasks[from]);
    }
    if shape.has(Construct::DeferredChoice) && draft.random.one_in(4) {
        let other = draft.random.pick(&tasks).clone();
        draft.flow("i", &other);
    }
    if shape.has(Construct::Cancellation) {
        for task in &tasks {
            if draft.random.one_in(5) {
                cancel(draft, task);
            }
        }
    }
}

/// One more flow out of the task number `from`, forward or back, perhaps shared by a condition.
fn strew(draft: &mut Draft<'_>, shape: &Shape, (tasks, from): (&[String], usize)) {
    let to = target(draft, shape, (tasks, from));
    let Some(to) = to else {
        draft.flow(&tasks[from], "o");
        return;
    };
    if !shape.has(Construct::DeferredChoice) || !draft.random.one_in(3) {
        draft.connect(&tasks[from], &to);
        return;
    }
    let choice = draft.condition();
    draft.flow(&tasks[from], &choice);
    draft.flow(&choice, &to);
    if let Some(other) = target(draft, shape, (tasks, from)) {
        draft.flow(&choice, &other);
    }
}

/// A task for a flow to lead to; `None` stands for the output condition.
fn target(
    draft: &mut Draft<'_>,
    shape: &Shape,
    (tasks, from): (&[String], usize),
) -> Option<String> {
    let is_back = shape.has(Construct::Loop) && draft.random.one_in(4);
    if is_back {
        let to = tasks[draft.random.below(from + 1)].clone();
        // A loop in which no work item is made would never end.
        draft.work.insert(to.clone());
        return Some(to);
    }
    let later = &tasks[from + 1..];
    if later.is_empty() || draft.random.one_in(12) {
        return None;
    }
    Some(draft.random.pick(later).clone())
}

fn gates(draft: &mut Draft<'_>, shape: &Shape, task: &str) {
    let known = if shape.has(Construct::OrGate) { 3 } else { 2 };
    let gates = &[Gate::And, Gate::Xor, Gate::Or][..known];
    let (join, split) = (*draft.random.pick(gates), *draft.random.pick(gates));
    let task = draft.task_mut(task);
    (task.join, task.split) = (join, split);
}

/// A few elements of the net, the task itself not excluded, and now and then a flow.
fn cancel(draft: &mut Draft<'_>, task: &str) {
    let tasks = draft.net.tasks.iter().map(|task| &task.id);
    let conditions = draft.net.conditions.iter().map(|condition| &condition.id);
    let elements: Vec<String> = tasks.chain(conditions).cloned().collect();
    let mut removes: Vec<String> =
        (0..1 + draft.random.below(3)).map(|_| draft.random.pick(&elements).clone()).collect();
    removes.sort_unstable();
    removes.dedup();
    let is_task = |id: &str| draft.net.tasks.iter().any(|task| task.id == id);
    let flows: Vec<(String, String)> = draft
        .net
        .tasks
        .iter()
        .flat_map(|task| task.flows.iter().map(|flow| (task.id.clone(), flow.target.clone())))
        .filter(|(_, target)| is_task(target))
        .collect();
    let from_flows = if !flows.is_empty() && draft.random.one_in(2) {
        vec![draft.random.pick(&flows).clone()]
    } else {
        Vec::new()
    };
    let task = draft.task_mut(task);
    (task.removes, task.removes_from_flows) = (removes, from_flows);
}
