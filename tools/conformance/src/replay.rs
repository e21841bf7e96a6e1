//! One walk on our engine, beside what was recorded.

use std::{collections::BTreeMap, fmt};

use engine::{
    Answer, Case, CaseId, Command, Decision, Event, Inputs, ItemKey, Launch, Now, Program, Refusal,
};
use model::specification::Specification;

use crate::{
    compare,
    defect::{self, Defect, History},
    recording::{State, Step, Walk},
};

/// Where a walk came out otherwise.
#[derive(Clone, Debug)]
pub struct Difference {
    pub walk: String,
    pub step: usize,
    pub command: String,
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} step {} {}: {}", self.walk, self.step, self.command, self.what)
    }
}

/// How a walk came out: its steps up to the first that nothing explains.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) equal: usize,
    /// Steps that came out as a known defect has it.
    pub(crate) defects: Vec<(usize, Defect)>,
    pub(crate) difference: Option<Difference>,
    /// All that happened.
    pub(crate) events: Vec<Event>,
}

/// The specification of a recording, ready to run.
pub(crate) fn load(source: &str) -> Result<Program, String> {
    let show = |findings: Vec<model::finding::Finding>| {
        findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let set = model::read(source).map_err(show)?;
    let first: &Specification =
        set.specifications.first().ok_or("the file holds no specification")?;
    Program::compile(first).map_err(show)
}

/// Replays a walk; stops at the first step that comes out otherwise and that no known defect explains.
pub(crate) fn replay(walk: &Walk, program: &Result<Program, String>, now_ms: i64) -> Outcome {
    let mut outcome = Outcome::default();
    let difference = |step: usize, command: &str, what: String| {
        Some(Difference { walk: walk.seed.clone(), step, command: command.to_owned(), what })
    };
    let program = match (program, walk.is_unloadable()) {
        (Ok(program), false) => program,
        (Err(_), true) => {
            outcome.equal = walk.steps.len();
            return outcome;
        }
        (Ok(_), true) => {
            outcome.difference = difference(0, "load", "loaded, where refused".to_owned());
            return outcome;
        }
        (Err(reason), false) => {
            outcome.difference = difference(0, "load", reason.clone());
            return outcome;
        }
    };
    let mut replay = Replay::new(program, now_ms);
    let nothing = State::default();
    let mut before = &nothing;
    for (index, step) in walk.steps.iter().enumerate() {
        let held = step.held(before);
        match replay.take_with_any_seed(step, held) {
            Ok(None) => outcome.equal += 1,
            Ok(Some(defect)) => outcome.defects.push((index, defect)),
            Err(what) => {
                outcome.difference = difference(index, &step.r#do.join(" "), what);
                return outcome;
            }
        }
        outcome.events.append(&mut replay.events);
        before = held;
    }
    outcome
}

/// Seeds tried for one step. What the reference chose at random (which of two tokens an XOR-join takes) is an
/// input: a step is equal if some choice gives the recorded state.
const SEEDS: u64 = 16;

/// A walk under way.
#[derive(Clone)]
struct Replay<'p> {
    program: &'p Program,
    case: Case,
    inputs: Inputs,
    /// The last data of each net.
    data: BTreeMap<String, String>,
    history: History,
    /// What has happened since the last step that came out as recorded.
    events: Vec<Event>,
}

impl<'p> Replay<'p> {
    fn new(program: &'p Program, now_ms: i64) -> Self {
        let now = Now { unix_ms: now_ms, offset_minutes: 0 };
        Self {
            program,
            case: Case::new(CaseId::parse("C").expect("a letter")),
            inputs: Inputs { now, seed: 0 },
            data: BTreeMap::new(),
            history: History::default(),
            events: Vec::new(),
        }
    }

    fn take_with_any_seed(&mut self, step: &Step, held: &State) -> Result<Option<Defect>, String> {
        let before = self.clone();
        let mut tried = (0..SEEDS).map(|seed| {
            let mut replay = before.clone();
            replay.inputs.seed = seed;
            replay.take(step, held).map(|defect| (replay, defect))
        });
        let first = tried.next().expect("at least one seed");
        let (after, defect) = first.or_else(|what| tried.find_map(Result::ok).ok_or(what))?;
        *self = after;
        Ok(defect)
    }

    /// Takes a step and says by which defect of the reference, if any, it came out as recorded.
    fn take(&mut self, step: &Step, held: &State) -> Result<Option<Defect>, String> {
        let defect = match (self.decide(step), step.is_refused()) {
            (Ok(decision), false) => self.accept(step, decision)?,
            (Ok(decision), true) => Some(self.fail_late(decision)?),
            (Err(refusal), false) => Some(self.start_early(step, &refusal)?),
            (Err(_), true) => None,
        };
        let differs = match (compare::state(held, &self.seen(), &self.data), defect) {
            (Ok(()), defect) => {
                defect::check_or_joins(self.program, &self.case)?;
                return Ok(defect);
            }
            (Err(what), _) => what,
        };
        let found = self.explain(step, held);
        found.map(Some).ok_or(differs)
    }

    fn seen(&self) -> State {
        compare::seen(self.program, &self.case)
    }

    /// The defect that makes our state the recorded one.
    fn explain(&mut self, step: &Step, held: &State) -> Option<Defect> {
        let is_held = |seen: &State| compare::state(held, seen, &self.data).is_ok();
        if is_held(&self.history.with_stale_busy(self.program, &self.case)) {
            return Some(Defect::StaleBusy);
        }
        if is_held(&defect::with_kept_token(self.program, &self.case, held)) {
            return Some(Defect::KeptToken);
        }
        if step.is_refused() && step.command() == "skip" {
            let item = self.program.parse_item(&self.case, step.item())?;
            let started =
                engine::decide(self.program, &self.case, Command::Start { item }, self.inputs);
            self.follow(started.ok()?, "").ok()?;
            return compare::state(held, &self.seen(), &self.data).ok().map(|()| Defect::HalfSkip);
        }
        None
    }

    fn accept(&mut self, step: &Step, decision: Decision) -> Result<Option<Defect>, String> {
        let answer = decision.answer.clone();
        self.follow(decision, &step.xml())?;
        self.check_answer(step, &answer)
    }

    /// Makes a decision's events happen.
    fn follow(&mut self, decision: Decision, element: &str) -> Result<(), String> {
        for event in &decision.events {
            self.history.note(self.program, &self.case, event, element);
            engine::apply(&mut self.case, event);
            self.events.push(event.clone());
            for (path, runner) in &self.case.runners {
                let text = self.program.net(runner.net).document(&runner.data);
                self.data.insert(path.show(&self.case.id), text);
            }
        }
        if self.case != decision.case {
            return Err("replaying the events gives another state".to_owned());
        }
        Ok(())
    }

    /// [`Defect::LateFailure`]: refused, but done.
    fn fail_late(&mut self, decision: Decision) -> Result<Defect, String> {
        let is_incident = |event: &Event| matches!(event, Event::IncidentRaised { .. });
        if !decision.events.iter().any(is_incident) {
            return Err("accepted, where the reference refused".to_owned());
        }
        self.follow(decision, "")?;
        Ok(Defect::LateFailure)
    }

    /// [`Defect::KeptToken`]: an OR-join that ours keeps waiting was started. Its tokens are taken as the reference did.
    fn start_early(&mut self, step: &Step, refusal: &Refusal) -> Result<Defect, String> {
        let refused = || format!("refused: {refusal}");
        if step.command() != "start" {
            return Err(refused());
        }
        let (path, task) =
            defect::early_join(self.program, &self.case, step.item()).ok_or_else(refused)?;
        let runner = &self.case.runners[&path];
        let preset = self.program.task(runner, task).preset.iter().copied();
        let consumed = preset.filter(|place| runner.tokens(*place) > 0).collect();
        let first = runner.children + 1;
        let inputs = vec![step.item_data.clone().unwrap_or_default().into()].into();
        let item = ItemKey { path: path.clone(), task };
        let at_ms = self.inputs.now.unix_ms;
        for event in [
            Event::Enabled { item, group: None, at_ms },
            Event::Fired { path: path.clone(), task, consumed, first, inputs, items: true, at_ms },
            Event::Started { path, task, child: first, at_ms },
        ] {
            engine::apply(&mut self.case, &event);
            self.events.push(event);
        }
        // Lets the net look again at what is enabled.
        let settled = engine::decide(self.program, &self.case, Command::ResumeCase, self.inputs);
        self.follow(settled.map_err(|refusal| refusal.to_string())?, "")?;
        Ok(Defect::KeptToken)
    }

    fn check_answer(&self, step: &Step, answer: &Answer) -> Result<Option<Defect>, String> {
        let item_id = |key: &ItemKey| self.program.item_id(&self.case, key);
        match answer {
            Answer::Started { item, data } if step.command() == "start" => {
                same_item(&item_id(item), step.started.as_deref())?;
                self.check_input(step, item, data)
            }
            Answer::Added { item } => {
                same_item(&item_id(item), step.added.as_deref())?;
                Ok(None)
            }
            Answer::Started { .. } | Answer::Done => Ok(None),
        }
    }

    fn check_input(
        &self,
        step: &Step,
        item: &ItemKey,
        data: &str,
    ) -> Result<Option<Defect>, String> {
        let want = step.item_data.as_deref().unwrap_or_default();
        let plain = compare::input(want, data);
        let Some((net, _)) = item.path.parent() else { return plain.map(|()| None) };
        let place = (&net, item.task);
        let other = self.history.with_last_element(self.program, &self.case, place, data);
        match (plain, other) {
            (Ok(()), _) => Ok(None),
            (Err(what), None) => Err(what),
            (Err(_), Some(other)) => {
                compare::input(want, &other).map(|()| Some(Defect::LastElement))
            }
        }
    }

    fn decide(&self, step: &Step) -> Result<Decision, Refusal> {
        if step.command() == "launch" {
            let launch = Launch { case: self.case.id.clone(), data: None, start_at_ms: None };
            return engine::launch(self.program, launch, self.inputs);
        }
        let item = self.program.parse_item(&self.case, step.item());
        let item = item.ok_or_else(|| Refusal::NoSuchItem(step.item().to_owned()))?;
        let command = match step.command() {
            "start" => Command::Start { item },
            "complete" => Command::Complete { item, data: step.xml() },
            "force" => Command::Force { item, data: Some(step.xml()) },
            "fail" => Command::Fail { item, data: Some(step.xml()) },
            "skip" => Command::Skip { item },
            "suspend" => Command::Suspend { item },
            "unsuspend" => Command::Unsuspend { item },
            "rollback" => Command::Rollback { item },
            "add" => Command::Add { item, data: step.xml() },
            other => panic!("the recording has an unknown command {other}"),
        };
        engine::decide(self.program, &self.case, command, self.inputs)
    }
}

fn same_item(got: &str, want: Option<&str>) -> Result<(), String> {
    if want == Some(got) {
        Ok(())
    } else {
        Err(format!("started or added {got}, recorded {want:?}"))
    }
}
