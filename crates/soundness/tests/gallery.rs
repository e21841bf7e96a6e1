//! The gallery of unsound specifications: each has its verdict, and its counterexample happens in the engine.

mod common;

use common::{files, programs, report, root, stem};
use engine::{
    Case, CaseId, Command, ConditionIndex, Inputs, ItemKey, Launch, NetIndex, Now, Path, Program,
    TaskIndex,
    case::{CaseStatus, ItemStatus, Runner},
    event::CaseEnd,
    launch,
    program::Net,
};
use expect_test::expect_file;
use soundness::{Defect, Kind, Limit, Marking, Move, Outcome, marking::replay};

#[test]
fn each_has_its_verdict() {
    let mut table = String::new();
    for file in files(&root().join("testdata/unsound")) {
        for program in programs(&file).expect("the gallery is valid") {
            let (text, verdict) = report(&stem(&file), &program, Limit::UPLOAD);
            assert_eq!(verdict.outcome(), Outcome::Unsound, "{text}");
            table += &text;
        }
    }
    expect_file![root().join("testdata/unsound/verdicts.txt")].assert_eq(&table);
}

#[test]
fn each_counterexample_happens_in_the_engine() {
    let mut happened = 0;
    for file in files(&root().join("testdata/unsound")) {
        for program in programs(&file).expect("the gallery is valid") {
            let (text, verdict) = report(&stem(&file), &program, Limit::UPLOAD);
            let defects =
                verdict.nets.iter().flat_map(|net| net.defects.iter().map(|it| (net.net, it)));
            for (net, defect) in defects {
                let end = replay(program.net(net), &defect.walk);
                assert_eq!(end.as_ref(), Ok(&defect.marking), "{text}");
                happened += usize::from(happens(&program, net, defect, &text));
            }
        }
    }
    assert!(happened >= 20, "{happened}");
}

/// Whether the walk could be driven: a subnet's begins in the middle of a case.
fn happens(program: &Program, net: NetIndex, defect: &Defect, text: &str) -> bool {
    if net != program.root {
        return false;
    }
    let case = Walker::new(program).walk(&defect.walk);
    let wanted = status(defect.kind).unwrap_or(case.status);
    assert_eq!(case.status, wanted, "{text}");
    true
}

/// How a case stands at the end of a counterexample. What is nearest to a dead task may be a deadlock.
fn status(kind: Kind) -> Option<CaseStatus> {
    match kind {
        Kind::Deadlock => Some(CaseStatus::Ended(CaseEnd::Deadlocked)),
        Kind::ImproperCompletion => Some(CaseStatus::Ended(CaseEnd::Completed)),
        Kind::Livelock | Kind::NoCompletion | Kind::Unbounded => Some(CaseStatus::Running),
        Kind::DeadTask(_) => None,
    }
}

/// Drives the engine along a walk. The gallery's predicates look for `|X|` in the variable `to`.
struct Walker<'p> {
    program: &'p Program,
    net: &'p Net,
    case: Case,
    marking: Marking,
}

fn inputs(seed: u64) -> Inputs {
    Inputs { now: Now { unix_ms: 0, offset_minutes: 0 }, seed }
}

fn decided(program: &Program, case: &Case, command: Command, seed: u64) -> Case {
    let decision = engine::decide(program, case, command, inputs(seed));
    decision.expect("what the walk does is allowed").case
}

impl<'p> Walker<'p> {
    fn new(program: &'p Program) -> Self {
        let case = CaseId::parse("C").expect("a letter is an id");
        let launched = launch(program, Launch { case, data: None, start_at_ms: None }, inputs(0));
        let net = program.root_net();
        let case = launched.expect("the gallery takes no data").case;
        Self { program, net, case, marking: Marking::initial(net) }
    }

    fn walk(mut self, walk: &[Move]) -> Case {
        for step in walk {
            let after = self.marking.after(self.net, step);
            self.marking = after;
            match step {
                Move::Start { task, .. } => self.start(*task),
                Move::Complete { task, to } => self.complete(*task, to),
            }
        }
        self.case
    }

    /// Which token an XOR-join takes is drawn from the seed.
    fn start(&mut self, task: TaskIndex) {
        let item = ItemKey { path: Path::root(), task };
        let cases = (0..100).map(|seed| {
            let command = Command::Start { item: item.clone() };
            decided(self.program, &self.case, command, seed)
        });
        let same = |case: &Case| tokens(&case.runners[&Path::root()]) == self.marking.tokens;
        let found = cases.into_iter().find(same);
        self.case = found.expect("some seed takes the tokens that the walk takes");
    }

    fn complete(&mut self, task: TaskIndex, to: &[ConditionIndex]) {
        let mut executing = self
            .case
            .items
            .iter()
            .filter(|(key, item)| key.task == task && item.status == ItemStatus::Executing);
        let item = executing.next().expect("the task is busy").0.clone();
        let decomposition =
            self.net.task(task).decomposition.clone().expect("no task of the gallery is empty");
        let targets: String = to.iter().map(|to| format!("|{}|", self.target(*to))).collect();
        let content =
            if decomposition == "Choose" { format!("<to>{targets}</to>") } else { String::new() };
        let data = format!("<{decomposition}>{content}</{decomposition}>");
        let command = Command::Complete { item, data };
        self.case = decided(self.program, &self.case, command, 0);
        if !self.case.has_ended() {
            let runner = &self.case.runners[&Path::root()];
            assert_eq!(tokens(runner), self.marking.tokens);
            assert!(runner.busy.keys().eq(&self.marking.busy));
        }
    }

    /// What the predicate of the flow to this condition looks for.
    fn target(&self, condition: ConditionIndex) -> &str {
        let to = self.net.condition(condition);
        match to.postset.as_slice() {
            [task] if to.id.starts_with("c{") => &self.net.task(*task).id,
            _ => &to.id,
        }
    }
}

fn tokens(runner: &Runner) -> Vec<u32> {
    runner.marking.iter().collect()
}
