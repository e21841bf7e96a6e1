//! Defects of the reference engine that its recordings show and that ours does not copy. A walk that meets one is
//! followed as the reference went, so that all its later steps are compared, too.

use std::{collections::BTreeMap, fmt};

use engine::{
    Case, Event, Path, Program, TaskIndex, case::CaseStatus, event::CaseEnd, program::Kind,
};
use model::{specification::Gate, xml};

use crate::{
    compare,
    or_join::{self, Produced, Search},
    recording::State,
};

/// A known defect. Numbers name parts of the description of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// A busy task that a cancellation set removes stays in its net's set of busy tasks.
    StaleBusy,
    /// The OR-join's search keeps the token of a condition that a task fills and resets at once.
    KeptToken,
    /// Every instance gets the element that was handed out last.
    LastElement,
    /// A check-in that took effect is answered with a failure of what follows it.
    LateFailure,
    /// A skip that fails has started the item.
    HalfSkip,
}

impl Defect {
    pub const ALL: [Self; 5] =
        [Self::StaleBusy, Self::KeptToken, Self::LastElement, Self::LateFailure, Self::HalfSkip];

    pub fn name(self) -> &'static str {
        match self {
            Self::StaleBusy => "stale-busy",
            Self::KeptToken => "kept-token",
            Self::LastElement => "last-element",
            Self::LateFailure => "late-failure",
            Self::HalfSkip => "half-skip",
        }
    }

    /// Why the recording is wrong and ours is right.
    pub fn reason(self) -> &'static str {
        match self {
            Self::StaleBusy => {
                "An exit that cancels a busy atomic task (2.4, step 4) leaves it in the net runner's set of \
                 busy tasks (2.3): the task is never offered again, although it holds no token and may be \
                 enabled, and a net that can do nothing more counts as running for ever. By 2.4 only a task \
                 that holds instances is busy."
            }
            Self::KeptToken => {
                "The OR-join's backward search does not take the produced token off a condition that the same \
                 transition resets (2.6, quirk): it looks for a marking that cannot be, finds none, and lets \
                 the join start although a token can still arrive."
            }
            Self::LastElement => {
                "The recorded engine hands each instance the element that was split or added last instead of \
                 its own (README of the recordings): after an instance was added, those still to be started \
                 get its element."
            }
            Self::LateFailure => {
                "The check-in is done and its tokens are produced, then the composite task behind it cannot \
                 start, and that failure is given as the answer (2.4, 3.4). Ours accepts the result and \
                 raises an incident at the task that cannot start."
            }
            Self::HalfSkip => {
                "A skip starts the item and then fails to complete it (3.3, quirk); the item stays executing. \
                 A refused command of ours changes nothing."
            }
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What of a walk so far the defects depend on.
#[derive(Clone, Default)]
pub(crate) struct History {
    /// Cancelled while busy, with the net that they are of.
    stale: Vec<(Path, TaskIndex)>,
    /// The element that was added last to a task's instances.
    added: BTreeMap<(Path, TaskIndex), String>,
}

impl History {
    /// Takes note of an event, before it is applied to `case`.
    pub(crate) fn note(&mut self, program: &Program, case: &Case, event: &Event, element: &str) {
        if let Event::TaskCancelled { path, task } = event
            && program.task(&case.runners[path], *task).kind == Kind::Atomic
        {
            self.stale.push((path.clone(), *task));
        }
        if let Event::Fired { path, task, .. } = event {
            self.added.remove(&(path.clone(), *task));
        }
        if let Event::Added { path, task, .. } = event {
            self.added.insert((path.clone(), *task), element.to_owned());
        }
    }

    /// Our case as a reference with [`Defect::StaleBusy`] would have it.
    pub(crate) fn with_stale_busy(&self, program: &Program, case: &Case) -> State {
        let mut seen = compare::seen(program, case);
        for (path, task) in &self.stale {
            let Some(runner) = case.runners.get(path) else { continue };
            let id = format!("{}:{}", path.show(&case.id), program.task(runner, *task).id);
            if seen.items.get(&id).is_some_and(|status| status == "Enabled") {
                seen.items.remove(&id);
            }
        }
        let runs_for_ever = self.stale.iter().any(|(path, _)| *path == Path::root());
        if runs_for_ever && case.status == CaseStatus::Ended(CaseEnd::Deadlocked) {
            let leftover = engine::view::view(program, case).leftover;
            let shown = leftover.into_iter().map(|(place, mark)| (place, compare::show_mark(mark)));
            seen.marking = shown.collect();
            (seen.done, seen.alive) = (false, true);
        }
        seen
    }

    /// An instance's input as [`Defect::LastElement`] makes it.
    pub(crate) fn with_last_element(
        &self,
        program: &Program,
        case: &Case,
        (path, task): (&Path, TaskIndex),
        input: &str,
    ) -> Option<String> {
        let added = self.added.get(&(path.clone(), task))?;
        let multi = program.task(case.runners.get(path)?, task).multi.as_ref()?;
        let mut input = xml::parse(input).ok()?;
        for child in &mut input.children {
            if let xml::Node::Element(element) = child
                && element.name == multi.parameter
            {
                *element = xml::parse(added).ok()?;
            }
        }
        Some(input.to_string())
    }
}

/// Our case as a reference with [`Defect::KeptToken`] would have it: OR-joins that `want` offers and that only the
/// defect lets start.
pub(crate) fn with_kept_token(program: &Program, case: &Case, want: &State) -> State {
    let mut seen = compare::seen(program, case);
    for (id, status) in want.items.iter().filter(|(_, status)| *status == "Enabled") {
        if !seen.items.contains_key(id) && early_join(program, case, id).is_some() {
            seen.items.insert(id.clone(), status.clone());
        }
    }
    seen
}

/// The place of an OR-join that must wait and that [`Defect::KeptToken`] lets start.
pub(crate) fn early_join(program: &Program, case: &Case, id: &str) -> Option<(Path, TaskIndex)> {
    let key = program.parse_item(case, id)?;
    let runner = case.runners.get(&key.path)?;
    let net = program.net(runner.net);
    let may_start = |produced| {
        let search = Search { produced, markings_max: 5_000 };
        or_join::is_enabled(net, runner, key.task, search)
    };
    let is_early = net.task(key.task).join == Gate::Or
        && !runner.busy.contains_key(&key.task)
        && may_start(Produced::Taken) == Some(false)
        && may_start(Produced::Kept) == Some(true);
    is_early.then_some((key.path, key.task))
}

/// Holds the engine's OR-joins against the reference's search, without its quirk, in the state that a step led to.
pub(crate) fn check_or_joins(program: &Program, case: &Case) -> Result<(), String> {
    if case.has_ended() {
        return Ok(());
    }
    for (path, runner) in &case.runners {
        let net = program.net(runner.net);
        let waiting = net.task_indices().filter(|task| !runner.busy.contains_key(task));
        for task in waiting.filter(|task| net.task(*task).join == Gate::Or) {
            let ours = runner.enabled.contains(task);
            let search = Search { produced: Produced::Taken, markings_max: 300 };
            let theirs = or_join::is_enabled(net, runner, task, search);
            if theirs.is_some_and(|theirs| theirs != ours) {
                let place = format!("{}:{}", path.show(&case.id), net.task(task).id);
                return Err(format!(
                    "OR-join {place} is enabled: {ours}, by the search: {theirs:?}"
                ));
            }
        }
    }
    Ok(())
}
