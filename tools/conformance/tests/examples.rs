//! Every specification under `examples/` verifies without a finding, and each of its cases ends whatever
//! valid data agents answer with, whichever item they take first and whichever timer they let run out.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use std::{fs, path::Path};

use engine::{Case, CaseId, Command, Inputs, ItemKey, Launch, Now, Program, case::ItemStatus};

/// Cases per example, each with its own seed.
const CASES: u64 = 300;
/// Commands of one case. The examples' loops end with probability one, and far below this.
const COMMANDS_MAX: usize = 2_000;
/// One command in so many lets the next timer run out though there is work.
const TIMER_ONE_IN: u32 = 10;

#[test]
fn every_example_verifies_and_every_case_of_it_ends() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut seen = 0;
    for path in paths.filter(|path| path.extension().is_some_and(|end| end == "yawl")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let program = compile(&name, &fs::read_to_string(&path).unwrap());
        for seed in 0..CASES {
            Run::new(&program, seed)
                .finish()
                .unwrap_or_else(|what| panic!("{name}, seed {seed}: {what}"));
        }
        seen += 1;
    }
    assert!(seen >= 5, "{seen} examples");
}

fn compile(name: &str, text: &str) -> Program {
    let set = model::read(text).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
    let specification = &set.specifications[0];
    assert_eq!(model::verify(specification), [], "{name}");
    Program::compile(specification).unwrap_or_else(|findings| panic!("{name}: {findings:?}"))
}

/// One case and what is done with it.
struct Run<'a> {
    program: &'a Program,
    case: Case,
    chance: u64,
    now_ms: i64,
}

impl<'a> Run<'a> {
    fn new(program: &'a Program, seed: u64) -> Self {
        let id = CaseId::parse("C").unwrap();
        let mut run = Self { program, case: Case::new(id.clone()), chance: seed + 1, now_ms: 0 };
        let launch = Launch { case: id, data: None, start_at_ms: None };
        run.case = engine::launch(program, launch, run.inputs()).unwrap().case;
        run
    }

    fn finish(mut self) -> Result<(), String> {
        for _ in 0..COMMANDS_MAX {
            if self.case.has_ended() {
                let status = self.case.status.name();
                return if status == "completed" { Ok(()) } else { Err(status.to_owned()) };
            }
            if !self.case.incidents.is_empty() {
                return Err(format!("{:?}", self.case.incidents));
            }
            let command = self.command().ok_or("nothing can happen and the case has not ended")?;
            let inputs = self.inputs();
            self.case = engine::decide(self.program, &self.case, command.clone(), inputs)
                .map_err(|refusal| format!("{command:?}: {refusal}"))?
                .case;
        }
        Err(format!("not at its end after {COMMANDS_MAX} commands"))
    }

    /// Some item's next step, or the next timer.
    fn command(&mut self) -> Option<Command> {
        let live = self.case.items.iter().filter(|(_, item)| item.status.is_live());
        let live: Vec<(ItemKey, ItemStatus)> =
            live.map(|(key, item)| (key.clone(), item.status)).collect();
        let due_ms = self.case.next_due_ms();
        if let Some(due_ms) = due_ms
            && (live.is_empty() || self.below(TIMER_ONE_IN) == 0)
        {
            self.now_ms = self.now_ms.max(due_ms);
            return Some(Command::FireDue);
        }
        let count = u32::try_from(live.len()).unwrap();
        let (item, status) = live.get(self.below(count.max(1)) as usize)?.clone();
        if status != ItemStatus::Executing {
            return Some(Command::Start { item });
        }
        let data = self.answer(&item);
        Some(Command::Complete { item, data })
    }

    /// Data that is valid for what the item's task gives back.
    fn answer(&mut self, item: &ItemKey) -> String {
        let program = self.program;
        let (_, runner) = self.case.runner_of(item).unwrap();
        let data = &program.task(runner, item.task).data;
        match data.output_sequence {
            Some(sequence) => program.types.sample(sequence, &data.root, &mut |n| self.below(n)),
            None => format!("<{}/>", data.root),
        }
    }

    fn inputs(&mut self) -> Inputs {
        let seed = u64::from(self.below(u32::MAX));
        Inputs { now: Now { unix_ms: self.now_ms, offset_minutes: 0 }, seed }
    }

    /// A number below `limit`, by xorshift: the same seed, the same run.
    fn below(&mut self, limit: u32) -> u32 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        u32::try_from((self.chance >> 20) % u64::from(limit)).unwrap()
    }
}
