//! Plays one case with random commands and holds every event against the properties.

use std::collections::BTreeMap;

use engine::{
    Case, CaseId, Command, Decision, Inputs, ItemKey, Launch, Now, Program, apply,
    case::{CaseStatus, ItemStatus},
    check_case, check_event, check_invariants,
    view::ItemView,
};
use model::specification::{Gate, Specification};
use netgen::Random;

use super::{
    conservation::Ledger,
    enabled,
    graph::{self, Graph, Task},
    seen::{NetSeen, Seen},
};

/// How the case is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Items are started and completed with valid results, nothing else.
    Plain,
    /// Any command on anything: skipped, cancelled, stale, repeated, with bad data, at any time.
    Wild,
}

/// What came of a walk.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) status: &'static str,
    pub(crate) done: usize,
    pub(crate) refused: usize,
    pub(crate) events: usize,
    /// Enabledness compared: tasks in all, and those of OR-joins that wait or may start.
    pub(crate) compared: usize,
    pub(crate) or_waits: usize,
    pub(crate) or_starts: usize,
}

impl Tally {
    fn compare(&mut self, task: &Task, net: &NetSeen, may_start: bool) {
        self.compared += 1;
        if task.join == Gate::Or && task.preset.len() > 1 {
            let has_token = task.preset.iter().any(|it| net.tokens.contains_key(it));
            self.or_starts += usize::from(may_start);
            self.or_waits += usize::from(!may_start && has_token);
        }
    }
}

/// A case under test.
pub(crate) struct Play<'s> {
    specification: &'s Specification,
    program: Program,
    case: Case,
    /// Rebuilt from stored events alone.
    replayed: Case,
    graphs: BTreeMap<String, Graph>,
    ledger: Ledger,
    random: Random,
    now_ms: i64,
    /// Items seen so far, for stale commands.
    past: Vec<ItemKey>,
    tally: Tally,
}

/// Plays up to `commands` commands on a new case; `Err` says which property failed.
pub(crate) fn play(
    specification: &Specification,
    (manner, seed, commands): (Manner, u64, usize),
) -> Result<Tally, String> {
    let program = Program::compile(specification).expect("generated specifications compile");
    let id = CaseId::parse("C").expect("a letter");
    let mut play = Play {
        specification,
        program,
        case: Case::new(id.clone()),
        replayed: Case::new(id.clone()),
        graphs: graph::graphs(specification),
        ledger: Ledger::new(graph::graphs(specification)),
        random: Random::new(seed),
        now_ms: 1_000_000,
        past: Vec::new(),
        tally: Tally::default(),
    };
    play.launch(id, manner)?;
    for _ in 0..commands {
        if play.case.has_ended() {
            break;
        }
        match manner {
            Manner::Plain => play.plain()?,
            Manner::Wild => play.wild()?,
        }
    }
    play.tally.status = play.case.status.name();
    Ok(play.tally)
}

impl Play<'_> {
    fn launch(&mut self, case: CaseId, manner: Manner) -> Result<(), String> {
        let is_later = manner == Manner::Wild && self.random.one_in(10);
        let start_at_ms = is_later.then_some(self.now_ms + 1000);
        let launch = Launch { case, data: None, start_at_ms };
        let inputs = self.inputs();
        let decision = engine::launch(&self.program, launch, inputs)
            .map_err(|refusal| format!("the launch is refused: {refusal}"))?;
        self.take(decision)?;
        if is_later {
            self.now_ms += 1000;
            self.command(Command::FireDue)?;
        }
        Ok(())
    }

    fn inputs(&mut self) -> Inputs {
        let now = Now { unix_ms: self.now_ms, offset_minutes: 0 };
        Inputs { now, seed: self.random.number() }
    }

    /// Applies the events one by one, from their stored form, with a restart after each.
    fn take(&mut self, decision: Decision) -> Result<(), String> {
        let mut before = Seen::new(&self.program, &self.case);
        for event in &decision.events {
            let bytes = postcard::to_stdvec(event).map_err(|error| error.to_string())?;
            let event = postcard::from_bytes(&bytes).map_err(|error| error.to_string())?;
            let misfit = |misfit| format!("{event:?} is refused when it is read: {misfit}");
            check_event(&self.program, &self.case, &event).map_err(misfit)?;
            let was = self.case.clone();
            apply(&mut self.case, &event);
            apply(&mut self.replayed, &event);
            let bytes = postcard::to_stdvec(&self.case).map_err(|error| error.to_string())?;
            self.case = postcard::from_bytes(&bytes).map_err(|error| error.to_string())?;
            check_case(&self.program, &self.case).map_err(misfit)?;
            ensure(self.case == self.replayed, || format!("a restart after {event:?} is seen"))?;
            let after = Seen::new(&self.program, &self.case);
            self.ledger
                .check((&self.program, &was), &event, (&before, &after))
                .map_err(|what| format!("{what}, by {event:?}"))?;
            before = after;
        }
        self.tally.events += decision.events.len();
        ensure(self.case == decision.case, || "replay is not live".to_owned())?;
        check_invariants(&self.program, &self.case)?;
        self.check_offers(&before)?;
        self.check_end(&before)
    }

    /// After a command the tasks that may start are those that are offered.
    fn check_offers(&mut self, seen: &Seen) -> Result<(), String> {
        if self.case.status != CaseStatus::Running {
            return Ok(());
        }
        for (path, net) in &seen.nets {
            let graph = &self.graphs[&net.id];
            let busy = net.busy.iter().map(|task| (task.as_str(), 1));
            let held = net.tokens.iter().map(|(id, tokens)| (id.as_str(), *tokens));
            let marking = enabled::marking(graph, held.chain(busy));
            for name in graph.tasks.keys().filter(|name| !net.busy.contains(*name)) {
                // What could not go on waits for a person.
                if seen.view.incidents.contains_key(&format!("{path}:{name}")) {
                    continue;
                }
                // A net that is over waits for the task above to take its output.
                let is_over = net.tokens.contains_key("o");
                let may_start = enabled::is_enabled(graph, &marking, name);
                let Some(may_start) = may_start.map(|may_start| may_start && !is_over) else {
                    continue;
                };
                self.tally.compare(&graph.tasks[name], net, may_start);
                // What makes no work items runs at once: it is never seen to wait for its start.
                ensure(net.offered.contains(name) == may_start, || {
                    let (tokens, busy) = (&net.tokens, &net.busy);
                    format!(
                        "{path}:{name}: may start {may_start}, tokens {tokens:?}, busy {busy:?}"
                    )
                })?;
            }
        }
        Ok(())
    }

    /// Of a case that is over nothing is left but the tokens of a deadlock.
    fn check_end(&self, seen: &Seen) -> Result<(), String> {
        if !self.case.has_ended() {
            return Ok(());
        }
        let view = &seen.view;
        let is_bare = view.items.is_empty() && view.incidents.is_empty() && view.marking.is_empty();
        ensure(is_bare && !view.alive, || format!("the case is over and has left {view:?}"))?;
        ensure(view.data.len() <= 1, || format!("nets outlive their case: {:?}", view.data))?;
        let may_leave = self.case.status.name() == "deadlocked";
        ensure(view.leftover.is_empty() || may_leave, || format!("tokens left: {view:?}"))?;
        ensure(self.case.next_due_ms().is_none(), || "a timer outlives its case".to_owned())
    }

    /// Decides and applies a command. Tells whether it was accepted.
    fn command(&mut self, command: Command) -> Result<bool, String> {
        let before = self.case.clone();
        let inputs = self.inputs();
        let decided = engine::decide(&self.program, &self.case, command.clone(), inputs);
        ensure(self.case == before, || format!("deciding {command:?} changed the case"))?;
        let Ok(decision) = decided else {
            self.tally.refused += 1;
            return Ok(false);
        };
        let again = engine::decide(&self.program, &self.case, command.clone(), inputs);
        let is_same = again.is_ok_and(|again| again.events == decision.events);
        ensure(is_same, || format!("{command:?} is decided in two ways"))?;
        self.take(decision).map_err(|what| format!("{what}, after {command:?}"))?;
        self.tally.done += 1;
        if is_once(&command) {
            let again = engine::decide(&self.program, &self.case, command.clone(), inputs);
            let is_idle = again.is_ok_and(|again| again.events.is_empty());
            let is_refused =
                engine::decide(&self.program, &self.case, command.clone(), inputs).is_err();
            ensure(is_idle || is_refused, || format!("{command:?} counts twice"))?;
        }
        Ok(true)
    }

    fn items(&self) -> Vec<ItemView> {
        Seen::new(&self.program, &self.case).view.items.into_values().collect()
    }

    fn plain(&mut self) -> Result<(), String> {
        let items = self.items();
        let open: Vec<&ItemView> = items
            .iter()
            .filter(|item| {
                matches!(
                    item.status,
                    ItemStatus::Enabled | ItemStatus::Fired | ItemStatus::Executing
                )
            })
            .collect();
        if open.is_empty() {
            return Err(format!("the case waits for nothing: {items:?}"));
        }
        let item = *self.random.pick(&open);
        let command = match item.status == ItemStatus::Executing {
            false => Command::Start { item: item.key.clone() },
            true => Command::Complete { item: item.key.clone(), data: self.result(item) },
        };
        let is_accepted = self.command(command.clone())?;
        ensure(is_accepted, || format!("{command:?} is refused"))
    }

    fn result(&mut self, item: &ItemView) -> String {
        netgen::result(self.specification, &item.decomposition, &mut self.random)
    }

    fn wild(&mut self) -> Result<(), String> {
        let items = self.items();
        self.past.extend(items.iter().map(|item| item.key.clone()));
        if self.random.one_in(6) && !self.past.is_empty() {
            return self.stale(&items);
        }
        if items.is_empty() || self.random.one_in(10) {
            self.now_ms += [0, 1_800_000, 86_400_000][self.random.below(3)];
            let command = match self.random.below(20) {
                0 => Command::SuspendCase,
                1..4 => Command::ResumeCase,
                4 => Command::CancelCase,
                _ => Command::FireDue,
            };
            return self.command(command).map(drop);
        }
        let item = self.random.pick(&items).clone();
        let command = self.for_item(&item);
        self.command(command).map(drop)
    }

    /// A command for an item that is gone is refused.
    fn stale(&mut self, items: &[ItemView]) -> Result<(), String> {
        let key = self.random.pick(&self.past).clone();
        if items.iter().any(|item| item.key == key) {
            return Ok(());
        }
        let command = match self.random.below(5) {
            0 => Command::Start { item: key },
            1 => Command::Skip { item: key },
            2 => Command::CancelItem { item: key },
            3 => Command::Suspend { item: key },
            _ => Command::Complete { item: key, data: "<W1><n>1</n></W1>".to_owned() },
        };
        let is_accepted = self.command(command.clone())?;
        ensure(!is_accepted, || format!("the item is gone and {command:?} is accepted"))
    }

    fn for_item(&mut self, view: &ItemView) -> Command {
        let item = view.key.clone();
        let data = match self.random.below(8) {
            0 => "<n>no".to_owned(),
            1 => format!("<{0}><n>many</n></{0}>", view.decomposition),
            _ => self.result(view),
        };
        match self.random.below(24) {
            0..8 if view.status == ItemStatus::Executing => Command::Complete { item, data },
            0..8 => Command::Start { item },
            8..12 => Command::Start { item },
            12..16 => Command::Complete { item, data },
            16 => Command::Add { item, data: format!("<n>{}</n>", self.random.below(7)) },
            17 => Command::Skip { item },
            18 => Command::Force { item, data: None },
            19 => Command::Fail { item, data: Some(data) },
            20 => Command::Rollback { item },
            21 => [Command::Suspend { item: item.clone() }, Command::Unsuspend { item }]
                [self.random.below(2)]
            .clone(),
            22 => Command::Restart { item },
            _ if self.random.one_in(4) => Command::CancelItem { item },
            _ => Command::Unsuspend { item },
        }
    }
}

/// Commands that, sent twice, have an effect once. (Adding, restarting and resuming may be meant twice,
/// and a task that was skipped may be enabled again.)
fn is_once(command: &Command) -> bool {
    match command {
        Command::Start { .. }
        | Command::Complete { .. }
        | Command::Force { .. }
        | Command::Fail { .. }
        | Command::Suspend { .. }
        | Command::Unsuspend { .. }
        | Command::Rollback { .. }
        | Command::CancelItem { .. }
        | Command::CompleteTask { .. }
        | Command::FireDue
        | Command::CancelCase
        | Command::SuspendCase => true,
        Command::Skip { .. }
        | Command::Add { .. }
        | Command::Restart { .. }
        | Command::ResumeCase => false,
    }
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}
