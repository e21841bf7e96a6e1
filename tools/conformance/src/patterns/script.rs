//! The commands of a trace on our engine. The only place here that knows its interface.

use anyhow::{Context as _, bail};
use engine::{
    Answer, Case, CaseId, Command, Decision, Inputs, ItemKey, Launch, Now, Program, Refusal,
    calendar, view,
};

use super::state;

/// Decides where the language leaves a choice open. A trace must not depend on it; it is fixed so that a trace which
/// does is at least the same on every machine.
const SEED: u64 = 7;

/// One specification and the case of it that the commands are for.
pub(super) struct Script {
    program: Program,
    case: Case,
    now_ms: i64,
    /// The net's data as last shown.
    data: String,
}

impl Script {
    /// Refuses a specification with any finding.
    pub(super) fn new(source: &str) -> anyhow::Result<Self> {
        let told = |findings: Vec<model::finding::Finding>| {
            let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
            anyhow::anyhow!(lines.join("\n"))
        };
        let set = model::read(source).map_err(told)?;
        let specification = set.specifications.first().context("no specification in the file")?;
        let findings = model::verify(specification);
        if !findings.is_empty() {
            return Err(told(findings));
        }
        let program = Program::compile(specification).map_err(told)?;
        Ok(Self { program, case: new_case()?, now_ms: 0, data: String::new() })
    }

    /// Does what `line` says, and tells what holds then or why it was refused.
    ///
    /// `launch` begins a new case; `wait PT1H` lets time pass; `do` starts and completes; the others are commands of
    /// the engine's on a work item, with data behind it. `cancel` without an item is for the case.
    pub(super) fn run(&mut self, line: &str) -> anyhow::Result<String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (id, data) = rest.split_once(' ').unwrap_or((rest, ""));
        let done = match (word, id) {
            ("launch", _) => self.launch(rest)?,
            ("wait", _) => {
                let duration = calendar::Duration::parse(rest)
                    .map_err(|_| anyhow::anyhow!("{rest} is no duration"))?;
                self.now_ms = duration.after(self.now_ms);
                self.decide(Command::FireDue)?.map(drop)
            }
            ("cancel", "") => self.decide(Command::CancelCase)?.map(drop),
            (_, id) => match self.program.parse_item(&self.case, id) {
                None => Err(Refusal::NoSuchItem(id.to_owned())),
                Some(item) if word == "do" => self.start_and_complete(item, data)?,
                Some(item) => {
                    let command = self.command(word, item, data)?;
                    self.decide(command)?.map(drop)
                }
            },
        };
        Ok(match done {
            Ok(()) => state::show(&self.program, &self.case, &mut self.data),
            Err(refusal) => format!("refused  {refusal}\n"),
        })
    }

    fn launch(&mut self, data: &str) -> anyhow::Result<Result<(), Refusal>> {
        (self.case, self.data) = (new_case()?, String::new());
        let data = Some(data.to_owned()).filter(|data| !data.is_empty());
        let launch = Launch { case: self.case.id.clone(), data, start_at_ms: None };
        Ok(engine::launch(&self.program, launch, self.inputs()).map(|decision| {
            self.case = decision.case;
        }))
    }

    fn start_and_complete(
        &mut self,
        item: ItemKey,
        data: &str,
    ) -> anyhow::Result<Result<(), Refusal>> {
        let item = match self.decide(Command::Start { item })? {
            Ok(Answer::Started { item, .. }) => item,
            Ok(Answer::Done | Answer::Added { .. }) => bail!("start did not answer with an item"),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let complete = self.command("complete", item, data)?;
        Ok(self.decide(complete)?.map(drop))
    }

    fn command(&self, word: &str, item: ItemKey, data: &str) -> anyhow::Result<Command> {
        Ok(match word {
            "start" => Command::Start { item },
            "complete" => {
                let data = if data.is_empty() { self.nothing(&item) } else { data.to_owned() };
                Command::Complete { item, data }
            }
            "skip" => Command::Skip { item },
            "add" => Command::Add { item, data: data.to_owned() },
            "cancel" => Command::CancelItem { item },
            "complete-task" => Command::CompleteTask { item },
            other => bail!("there is no command {other:?}"),
        })
    }

    /// The result of an item that has no output parameters.
    fn nothing(&self, item: &ItemKey) -> String {
        let item = view::item(&self.program, &self.case, item);
        format!("<{}/>", item.map_or_else(String::new, |item| item.decomposition))
    }

    /// Decides and applies. Replaying the events must give what was decided.
    fn decide(&mut self, command: Command) -> anyhow::Result<Result<Answer, Refusal>> {
        let decision = match engine::decide(&self.program, &self.case, command, self.inputs()) {
            Ok(decision) => decision,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Decision { events, case, answer } = decision;
        events.iter().for_each(|event| engine::apply(&mut self.case, event));
        if self.case != case {
            bail!("replaying the events gives another state");
        }
        Ok(Ok(answer))
    }

    fn inputs(&self) -> Inputs {
        Inputs { now: Now { unix_ms: self.now_ms, offset_minutes: 0 }, seed: SEED }
    }
}

fn new_case() -> anyhow::Result<Case> {
    Ok(Case::new(CaseId::parse("C")?))
}
