//! Sound nets by refinement: a block has one first and one last task, and is made of blocks.

use model::specification::Gate;

use crate::{
    draft::Draft,
    shape::{Construct, Shape},
};

/// The first and the last task of a block, which may be the same.
struct Block {
    first: String,
    last: String,
}

/// Draws the flows of a net of about `budget` tasks.
pub(crate) fn draw(draft: &mut Draft<'_>, shape: &Shape, budget: usize) {
    let block = block(draft, shape, budget);
    draft.flow("i", &block.first);
    draft.connect(&block.last, "o");
}

/// The ways to refine a task.
#[derive(Clone, Copy)]
enum Rule {
    Sequence,
    Gates(Gate),
    DeferredChoice,
    Loop,
    Mutex,
    /// The first branch to arrive cancels the others.
    Race,
}

const RULES: [(Option<Construct>, Rule); 8] = [
    (None, Rule::Sequence),
    (None, Rule::Gates(Gate::And)),
    (None, Rule::Gates(Gate::Xor)),
    (Some(Construct::OrGate), Rule::Gates(Gate::Or)),
    (Some(Construct::DeferredChoice), Rule::DeferredChoice),
    (Some(Construct::Loop), Rule::Loop),
    (Some(Construct::Mutex), Rule::Mutex),
    (Some(Construct::Cancellation), Rule::Race),
];

fn block(draft: &mut Draft<'_>, shape: &Shape, budget: usize) -> Block {
    if budget < 4 {
        return chain(draft, budget.max(1));
    }
    let allowed: Vec<Rule> = RULES
        .iter()
        .filter(|(construct, _)| construct.is_none_or(|construct| shape.has(construct)))
        .map(|(_, rule)| *rule)
        .collect();
    match *draft.random.pick(&allowed) {
        Rule::Sequence => sequence(draft, shape, budget),
        Rule::Gates(gate) => gates(draft, shape, (gate, budget)),
        Rule::DeferredChoice => deferred_choice(draft, shape, budget),
        Rule::Loop => cycle(draft, shape, budget),
        Rule::Mutex => mutex(draft, budget),
        Rule::Race => race(draft, shape, budget),
    }
}

fn chain(draft: &mut Draft<'_>, length: usize) -> Block {
    let first = draft.task();
    let mut last = first.clone();
    for _ in 1..length {
        let next = draft.task();
        draft.connect(&last, &next);
        last = next;
    }
    Block { first, last }
}

fn sequence(draft: &mut Draft<'_>, shape: &Shape, budget: usize) -> Block {
    let part = 1 + draft.random.below(budget - 1);
    let before = block(draft, shape, part);
    let after = block(draft, shape, budget - part);
    draft.connect(&before.last, &after.first);
    Block { first: before.first, last: after.last }
}

/// Between one and four branches need at least a task each.
fn branches(draft: &mut Draft<'_>, budget: usize) -> (usize, usize) {
    let count = 2 + draft.random.below(2);
    (count, (budget.saturating_sub(2) / count).max(1))
}

fn gates(draft: &mut Draft<'_>, shape: &Shape, (gate, budget): (Gate, usize)) -> Block {
    let (first, last) = (draft.task(), draft.task());
    draft.task_mut(&first).split = gate;
    // An OR-join does for any split of its own block.
    let is_or = shape.has(Construct::OrGate) && draft.random.one_in(4);
    draft.task_mut(&last).join = if is_or { Gate::Or } else { gate };
    let (count, part) = branches(draft, budget);
    for number in 0..count {
        if number > 0 && draft.random.one_in(5) {
            let bare = draft.condition();
            draft.flow(&first, &bare);
            draft.flow(&bare, &last);
            continue;
        }
        let branch = block(draft, shape, part);
        draft.connect(&first, &branch.first);
        draft.connect(&branch.last, &last);
    }
    Block { first, last }
}

fn deferred_choice(draft: &mut Draft<'_>, shape: &Shape, budget: usize) -> Block {
    let (first, choice, last) = (draft.task(), draft.condition(), draft.task());
    draft.flow(&first, &choice);
    let (count, part) = branches(draft, budget);
    for _ in 0..count {
        let branch = block(draft, shape, part);
        // A task that runs by itself would win every time, and the others be dead.
        draft.work.insert(branch.first.clone());
        draft.flow(&choice, &branch.first);
        draft.connect(&branch.last, &last);
    }
    Block { first, last }
}

fn cycle(draft: &mut Draft<'_>, shape: &Shape, budget: usize) -> Block {
    let (first, last) = (draft.work_task(), draft.work_task());
    let body = block(draft, shape, budget - 2);
    draft.connect(&first, &body.first);
    draft.connect(&body.last, &last);
    draft.task_mut(&last).split = Gate::Xor;
    draft.connect(&last, &first);
    draft.tails.insert(last.clone());
    Block { first, last }
}

fn mutex(draft: &mut Draft<'_>, budget: usize) -> Block {
    let (first, token, last) = (draft.task(), draft.condition(), draft.task());
    draft.flow(&first, &token);
    for _ in 0..(budget - 2).clamp(2, 3) {
        // It gives back what it takes: without a work item it would look like an endless loop.
        let inside = draft.work_task();
        draft.connect(&first, &inside);
        draft.flow(&token, &inside);
        draft.flow(&inside, &token);
        draft.connect(&inside, &last);
        draft.task_mut(&inside).join = Gate::And;
    }
    draft.flow(&token, &last);
    draft.task_mut(&last).join = Gate::And;
    Block { first, last }
}

fn race(draft: &mut Draft<'_>, shape: &Shape, budget: usize) -> Block {
    // The last task waits to be started: meanwhile the slower branches may still run.
    let (first, last) = (draft.task(), draft.work_task());
    let mark = draft.mark();
    let (count, part) = branches(draft, budget);
    for _ in 0..count {
        let branch = block(draft, shape, part);
        draft.connect(&branch.last, &last);
        draft.flow(&first, &branch.first);
    }
    draft.cancel_since(&last, mark);
    Block { first, last }
}
