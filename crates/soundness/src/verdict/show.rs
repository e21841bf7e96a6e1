//! Verdicts in words.

use engine::{ConditionIndex, TaskIndex, program::Net};
use model::{
    finding::{Finding, Severity},
    specification::Gate,
};

use super::{Advice, Answer, Defect, Effort, Element, Kind, NetVerdict, Open, element};
use crate::marking::{Marking, Move};

/// A walk, one phrase for a task that starts and completes at once, two where something lies between.
pub fn show_walk(net: &Net, walk: &[Move]) -> Vec<String> {
    phrases(net, walk).into_iter().map(|(phrase, _)| phrase).collect()
}

/// The phrases of a walk from `start`, each with the marking after it.
pub fn show_steps(net: &Net, start: &Marking, walk: &[Move]) -> Vec<(String, Marking)> {
    let mut marking = start.clone();
    let mut steps = Vec::new();
    for (phrase, moves) in phrases(net, walk) {
        marking = moves.iter().fold(marking, |at, step| at.after(net, step));
        steps.push((phrase, marking.clone()));
    }
    steps
}

/// Phrases with the moves that each tells.
fn phrases<'w>(net: &Net, walk: &'w [Move]) -> Vec<(String, &'w [Move])> {
    let mut phrases = Vec::new();
    let mut rest = walk;
    while let [step, tail @ ..] = rest {
        let whole = tail.first().filter(|next| is_whole(step, next));
        let (phrase, length) = match whole {
            Some(completed) => {
                let id = &net.task(step.task()).id;
                (format!("{id}{}{}", choice(net, step), choice(net, completed)), 2)
            }
            None => (show_move(net, step), 1),
        };
        let (told, untold) = rest.split_at(length);
        phrases.push((phrase, told));
        rest = untold;
    }
    phrases
}

/// Whether the task that starts completes next.
fn is_whole(step: &Move, next: &Move) -> bool {
    match (step, next) {
        (Move::Start { task, .. }, Move::Complete { task: completed, .. }) => task == completed,
        (Move::Start { .. }, Move::Start { .. }) | (Move::Complete { .. }, _) => false,
    }
}

fn show_move(net: &Net, step: &Move) -> String {
    let id = &net.task(step.task()).id;
    let word = match step {
        Move::Start { .. } => "start",
        Move::Complete { .. } => "complete",
    };
    format!("{word} {id}{}", choice(net, step))
}

/// What was chosen, where there was a choice.
fn choice(net: &Net, step: &Move) -> String {
    let task = net.task(step.task());
    match step {
        Move::Start { from, .. } if task.join != Gate::And && task.preset.len() > 1 => {
            format!(" from {}", names(net, from, origin))
        }
        Move::Complete { to, .. } if task.split != Gate::And && task.flows.len() > 1 => {
            format!(" to {}", names(net, to, target))
        }
        Move::Start { .. } | Move::Complete { .. } => String::new(),
    }
}

fn names(
    net: &Net,
    conditions: &[ConditionIndex],
    name: impl Fn(&Net, ConditionIndex) -> String,
) -> String {
    let names: Vec<String> = conditions.iter().map(|condition| name(net, *condition)).collect();
    names.join(" and ")
}

/// A flow between two tasks has no name of its own: it is known by the task before it.
fn origin(net: &Net, condition: ConditionIndex) -> String {
    let place = net.condition(condition);
    match place.preset.as_slice() {
        [task] if place.id.starts_with("c{") => net.task(*task).id.clone(),
        _ => place.id.clone(),
    }
}

/// Or by the task behind it.
fn target(net: &Net, condition: ConditionIndex) -> String {
    let place = net.condition(condition);
    match place.postset.as_slice() {
        [task] if place.id.starts_with("c{") => net.task(*task).id.clone(),
        _ => place.id.clone(),
    }
}

/// Marked conditions and busy tasks, in document order.
pub fn show_marking(net: &Net, marking: &Marking) -> String {
    let conditions = net.conditions.iter().zip(&marking.tokens).filter(|(_, tokens)| **tokens > 0);
    let conditions = conditions.map(|(condition, tokens)| match tokens {
        1 => condition.id.clone(),
        more => format!("{} ({more} tokens)", condition.id),
    });
    let busy = marking.busy.iter().map(|task| format!("{} (busy)", net.task(*task).id));
    let marks: Vec<String> = conditions.chain(busy).collect();
    if marks.is_empty() { "nothing".to_owned() } else { marks.join(", ") }
}

/// One line: the outcome, each property, what it took.
pub fn show_summary(net: &Net, verdict: &NetVerdict) -> String {
    let Effort { transitions, reduced_to, states } = verdict.effort;
    format!(
        "{}: {}; option to complete: {}, proper completion: {}, no dead tasks: {}, weakly sound: {} \
         ({transitions} transitions reduced to {reduced_to}, {states} states)",
        net.id,
        verdict.outcome().name(),
        verdict.option_to_complete.name(),
        verdict.proper_completion.name(),
        verdict.no_dead_tasks.name(),
        verdict.is_weakly_sound().name(),
    )
}

pub(super) fn defect(net: &Net, defect: &Defect, severity: Severity) -> Finding {
    let whole = format!("YNet:{}", net.id);
    let walk = match defect.walk.is_empty() {
        true => "at once".to_owned(),
        false => format!("after {}", show_walk(net, &defect.walk).join(", ")),
    };
    let left = show_marking(net, &defect.marking);
    let (at, rule, message, remedy) = match defect.kind {
        Kind::Deadlock => (
            whole,
            "sound-deadlock",
            format!("the net deadlocks {walk}: no task can take {left}"),
            "let the join wait only for what arrives",
        ),
        Kind::Livelock => (
            whole,
            "sound-livelock",
            format!(
                "the net can no longer complete {walk}; it goes on for ever with {}",
                show_walk(net, &defect.cycle).join(", ")
            ),
            "give the cycle a way out that ends the case",
        ),
        Kind::NoCompletion => (
            whole,
            "sound-no-completion",
            "no case can complete: the output condition can never be marked".to_owned(),
            "mend what keeps the last task from starting",
        ),
        Kind::ImproperCompletion => (
            whole,
            "sound-improper-completion",
            format!("the net completes {walk} with tokens left, which are dropped: {left}"),
            "join the branches before the output condition, or cancel what is left",
        ),
        Kind::Unbounded => (
            whole,
            "sound-unbounded",
            format!("tokens gather without end: {walk} there is {left}"),
            "let the cycle give back no more than it takes",
        ),
        Kind::DeadTask(task) => (
            element(net, task),
            "sound-dead-task",
            dead(net, task, defect, &walk),
            "remove the task, or mend what should enable it",
        ),
    };
    let finding = match severity {
        Severity::Error => Finding::error(at, rule, message),
        Severity::Warning => Finding::warning(at, rule, message),
    };
    finding.remedy(remedy)
}

fn dead(net: &Net, task: TaskIndex, defect: &Defect, walk: &str) -> String {
    let missing: Vec<String> = net
        .task(task)
        .preset
        .iter()
        .filter(|condition| !defect.marking.is_marked(**condition))
        .map(|condition| origin(net, *condition))
        .collect();
    if missing.len() == net.task(task).preset.len() {
        "the task can never start: none of its inputs is ever marked".to_owned()
    } else {
        format!(
            "the task can never start; it comes closest {walk}, where it lacks a token from {}",
            missing.join(" and ")
        )
    }
}

/// Why not all of the net was explored, and how far the search got.
pub fn show_open(net: &Net, open: Open, effort: Effort) -> String {
    let states = effort.states;
    match open {
        Open::Limit => format!("the limit was reached after {states} states"),
        Open::Tokens => format!(
            "a condition can gather more tokens than are counted, seen after {states} states"
        ),
        Open::Split(task) => {
            format!("the OR-split of {} has too many flows to try all of them", net.task(task).id)
        }
        Open::Extension(name) => {
            format!("the net uses the extension {name}, which is not modelled")
        }
        Open::Size => "the net has too many transitions".to_owned(),
        Open::Unconfirmed => "a defect was found that did not replay".to_owned(),
    }
}

pub(super) fn undecided(net: &Net, verdict: &NetVerdict) -> Finding {
    let open = verdict.open.unwrap_or(Open::Limit);
    let reason = show_open(net, open, verdict.effort);
    let properties = [
        (verdict.option_to_complete, "the option to complete"),
        (verdict.proper_completion, "proper completion"),
        (verdict.no_dead_tasks, "no dead tasks"),
    ];
    let unknown = properties.iter().filter(|(answer, _)| *answer == Answer::Unknown);
    let unknown: Vec<&str> = unknown.map(|(_, name)| *name).collect();
    let message = match unknown.len() {
        3 => format!("not decided whether the net is sound: {reason}"),
        _ => format!("not decided whether the net has {}: {reason}", unknown.join(" and ")),
    };
    let remedy = match open {
        Open::Limit => "run `flotilla verify --limit` with a higher limit, or split the net",
        Open::Tokens => "let the cycle give back no more than it takes",
        Open::Split(_) => "split in two steps",
        Open::Size => "split the net",
        Open::Extension(_) => "test the net by its cases, or write it in plain YAWL",
        Open::Unconfirmed => "please report the document",
    };
    Finding::warning(format!("YNet:{}", net.id), "sound-undecided", message).remedy(remedy)
}

pub(super) fn advice(net: &Net, advice: Advice) -> Finding {
    match advice {
        Advice::JoinIsAnd(task) => join(net, task, "all inputs are", "and"),
        Advice::JoinIsXor(task) => join(net, task, "exactly one input is", "xor"),
        Advice::CancelsNothing { task, element: cancelled } => {
            let name = match cancelled {
                Element::Condition(condition) => net.condition(condition).id.clone(),
                Element::Task(cancelled) => net.task(cancelled).id.clone(),
            };
            let message =
                format!("{name} in its cancellation set never holds a token when it completes");
            Finding::warning(element(net, task), "sound-cancels-nothing", message)
                .remedy("take the element out of the cancellation set")
        }
    }
}

fn join(net: &Net, task: TaskIndex, marked: &str, code: &str) -> Finding {
    let message = format!("{marked} marked whenever the OR-join starts");
    Finding::warning(element(net, task), "sound-join", message).remedy(format!(
        "write <join code=\"{code}\"/>: it waits for nothing and says what happens"
    ))
}
