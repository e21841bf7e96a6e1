//! One walk on our engine, beside what was recorded.

use std::fmt;

use engine::{
    Answer, Case, CaseId, Command, Inputs, ItemKey, Launch, Now, Program, Refusal,
    view::{View, view},
};
use model::specification::Specification;

use crate::{Family, Recording, State, Step, Walk, compare};

/// Where a walk first came out otherwise.
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

/// Replays all walks of a recording and adds them to `family`.
pub(crate) fn recording(recording: &Recording, source: &str, now_ms: i64, family: &mut Family) {
    let program = load(source);
    for walk in &recording.walks {
        family.walks += 1;
        family.steps += walk.steps.len();
        let (equal, difference) = match &program {
            Ok(program) => replay(walk, program, now_ms),
            Err(_) if !walk.load.errors.is_empty() => (walk.steps.len(), None),
            Err(reason) => (0, Some(difference(walk, 0, "load", reason.clone()))),
        };
        family.equal += equal;
        family.differences.extend(difference);
    }
}

fn load(source: &str) -> Result<Program, String> {
    let show = |findings: Vec<model::finding::Finding>| {
        findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let set = model::read(source).map_err(show)?;
    let first: &Specification =
        set.specifications.first().ok_or("the file holds no specification")?;
    Program::compile(first).map_err(show)
}

fn difference(walk: &Walk, step: usize, command: &str, what: String) -> Difference {
    Difference { walk: walk.seed.clone(), step, command: command.to_owned(), what }
}

/// Seeds tried for one step. What the reference chose at random (which of two tokens an XOR-join takes) is an
/// input: a step is equal if some choice gives the recorded state.
const SEEDS: u64 = 16;

/// Gives the number of equal steps; the walk stops at the first other one.
fn replay(walk: &Walk, program: &Program, now_ms: i64) -> (usize, Option<Difference>) {
    let now = Now { unix_ms: now_ms, offset_minutes: 0 };
    let mut case = Case::new(CaseId::parse("C").expect("a letter"));
    for (index, step) in walk.steps.iter().enumerate() {
        let before = case.clone();
        let mut tried = (0..SEEDS).map(|seed| {
            let mut after = before.clone();
            take(step, program, &mut after, Inputs { now, seed }).map(|()| after)
        });
        let first = tried.next().expect("at least one seed");
        let found = first.or_else(|what| tried.find_map(Result::ok).ok_or(what));
        match found {
            Ok(after) => case = after,
            Err(what) => return (index, Some(difference(walk, index, &step.r#do.join(" "), what))),
        }
    }
    (walk.steps.len(), None)
}

fn take(step: &Step, program: &Program, case: &mut Case, inputs: Inputs) -> Result<(), String> {
    let decision = decide(step, program, case, inputs);
    let refused = step.state.exception.is_some();
    match decision {
        Ok(_) if refused => return Err("accepted, where the reference refused".to_owned()),
        Err(refusal) if !refused => return Err(format!("refused: {refusal}")),
        Ok(decision) => {
            let mut replayed = case.clone();
            decision.events.iter().for_each(|event| engine::apply(&mut replayed, event));
            if step.r#do[0] != "launch" && replayed != decision.case {
                return Err("replaying the events gives another state".to_owned());
            }
            check_answer(step, program, &decision)?;
            *case = decision.case;
        }
        Err(_) => {}
    }
    let state: Option<&State> = if refused { step.after.as_ref() } else { Some(&step.state) };
    let Some(state) = state else { return Ok(()) };
    let seen: View = view(program, case);
    let result = compare::state(state, &seen);
    if refused && step.r#do[0] == "skip" && result.is_err() {
        return follow_half_done_skip(step, program, case, inputs)
            .and_then(|()| compare::state(state, &view(program, case)));
    }
    result
}

/// A skip that the reference refuses may have started the item before it did. Ours changes nothing
/// (a refused command must not); to go on with the walk the item is started, too.
fn follow_half_done_skip(
    step: &Step,
    program: &Program,
    case: &mut Case,
    inputs: Inputs,
) -> Result<(), String> {
    let item = program.parse_item(case, &step.r#do[1]).ok_or("no such item")?;
    let decision = engine::decide(program, case, Command::Start { item }, inputs)
        .map_err(|it| it.to_string())?;
    *case = decision.case;
    Ok(())
}

fn check_answer(step: &Step, program: &Program, decision: &engine::Decision) -> Result<(), String> {
    let item_id = |key: &ItemKey| program.item_id(&decision.case, key);
    match &decision.answer {
        Answer::Started { item, data } if step.r#do[0] == "start" => {
            let (got, want) = (item_id(item), step.started.clone().unwrap_or_default());
            if got != want {
                return Err(format!("started {got}, expected {want}"));
            }
            compare::data(step.item_data.as_deref().unwrap_or_default(), data)
        }
        Answer::Added { item } => {
            let got = item_id(item);
            let want = step.added.as_ref().map(ToString::to_string).unwrap_or_default();
            if want.contains(&format!("{got}\"")) {
                Ok(())
            } else {
                Err(format!("added {got}, expected {want}"))
            }
        }
        Answer::Started { .. } | Answer::Done => Ok(()),
    }
}

fn decide(
    step: &Step,
    program: &Program,
    case: &Case,
    inputs: Inputs,
) -> Result<engine::Decision, Refusal> {
    let part = |index: usize| step.r#do.get(index).cloned().unwrap_or_default();
    if part(0) == "launch" {
        return engine::launch(
            program,
            Launch { case: case.id.clone(), data: None, start_at_ms: None },
            inputs,
        );
    }
    let item = program.parse_item(case, &part(1)).ok_or_else(|| Refusal::NoSuchItem(part(1)))?;
    let command = match part(0).as_str() {
        "start" => Command::Start { item },
        "complete" => Command::Complete { item, data: part(2) },
        "force" => Command::Force { item, data: Some(part(2)) },
        "fail" => Command::Fail { item, data: Some(part(2)) },
        "skip" => Command::Skip { item },
        "suspend" => Command::Suspend { item },
        "unsuspend" => Command::Unsuspend { item },
        "rollback" => Command::Rollback { item },
        "add" => Command::Add { item, data: part(2) },
        other => {
            return Err(Refusal::NoSuchItem(format!(
                "the recording has an unknown command {other}"
            )));
        }
    };
    engine::decide(program, case, command, inputs)
}
