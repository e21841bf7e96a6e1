//! For tests: small specifications from a few lines, and a table of commands with what they lead to.
//!
//! ```text
//! net N (k=0)              a net with a local integer variable; the first net is the root; `implicit` behind it: so it ends
//! i -> A                   lower case: a condition (`i` the input, `o` the output); upper case: a task
//! A xor/and -> B C         join and split before the arrow; `xor/and` if left out
//! B -> D[/N/k = 1] E*      a predicate; `*` marks the default flow
//! B kind empty             also `net S`, `multi 1..3 of 2`, `dynamic 1..3 of 2`, `timer PT1H`, `work PT1H workdays`
//! B cancels C c1           its cancellation set
//! B shows <k>{1}</k>       an enablement mapping
//! ```
//!
//! A task has one parameter `k`, in and out, unless it is empty. `kind net S` stands before `kind multi`.

use std::fmt::Write as _;

use expect_test::Expect;
use model::specification::{self as doc, *};

use crate::{
    Answer, Case, CaseId, Command, Decision, Inputs, Launch, Program,
    case::ItemStatus,
    check_case, check_invariants, replay,
    view::{Mark, View, view},
};

/// Builds the specification that `text` tells of.
pub(crate) fn specification(text: &str) -> Specification {
    let mut nets: Vec<Net> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if word == "net" {
            nets.push(empty_net(rest, nets.is_empty()));
            continue;
        }
        let net = nets.last_mut().expect("a `net` line comes first");
        match rest.split_once("->") {
            Some((gates, targets)) => add_flows(net, word, gates.trim(), targets),
            None => change_task(net, word, rest),
        }
    }
    let mut decompositions: Vec<Decomposition> = nets.into_iter().map(Decomposition::Net).collect();
    let (inputs, outputs) = (vec![variable("k")], vec![variable("k")]);
    let head = Head { id: "G".to_owned(), inputs, outputs, ..Head::default() };
    let enablement = vec![variable("k")];
    decompositions.push(Decomposition::Gateway(Gateway { head, enablement, ..Gateway::default() }));
    Specification {
        uri: "test".to_owned(),
        name: None,
        documentation: None,
        meta: MetaData::default(),
        schema_version: SchemaVersion::V4_0,
        schema: None,
        decompositions,
    }
}

fn variable(name: &str) -> Variable {
    let namespace = Some("http://www.w3.org/2001/XMLSchema".to_owned());
    let type_ref = TypeRef::Named { name: "integer".to_owned(), namespace };
    Variable {
        name: name.to_owned(),
        type_ref,
        initial_value: Some("0".to_owned()),
        ..Variable::default()
    }
}

fn empty_net(rest: &str, is_root: bool) -> Net {
    let id = rest.split(' ').next().unwrap_or_default().to_owned();
    let (inputs, outputs) = match is_root {
        true => (Vec::new(), Vec::new()),
        false => (vec![variable("k")], vec![variable("k")]),
    };
    let locals = if is_root { vec![variable("k")] } else { Vec::new() };
    let head = Head { id, inputs, outputs, ..Head::default() };
    let condition = |id: &str, kind| doc::Condition {
        id: id.to_owned(),
        kind,
        name: None,
        documentation: None,
        flows: vec![],
    };
    let conditions =
        vec![condition("i", ConditionKind::Input), condition("o", ConditionKind::Output)];
    let termination = match rest.ends_with(" implicit") {
        true => Termination::Implicit,
        false => Termination::Explicit,
    };
    Net { head, is_root, locals, conditions, termination, ..Net::default() }
}

fn is_task(id: &str) -> bool {
    id.starts_with(|c: char| c.is_uppercase())
}

fn task_mut<'n>(net: &'n mut Net, id: &str) -> &'n mut Task {
    let at = net.tasks.iter().position(|task| task.id == id).unwrap_or_else(|| {
        let mapping = |query: String| Mapping { query, maps_to: "k".to_owned() };
        net.tasks.push(Task {
            id: id.to_owned(),
            name: None,
            documentation: None,
            flows: Vec::new(),
            join: Gate::Xor,
            split: Gate::And,
            removes: Vec::new(),
            removes_from_flows: Vec::new(),
            starting: vec![mapping(format!("<k>{{/{}/k/text()}}</k>", net.head.id))],
            completed: vec![mapping("<k>{/G/k/text()}</k>".to_owned())],
            enablement: Vec::new(),
            timer: None,
            resourcing: None,
            custom_form: None,
            configuration: None,
            default_configuration: None,
            decomposes_to: Some("G".to_owned()),
            multi_instance: None,
            binding: None,
        });
        net.tasks.len() - 1
    });
    &mut net.tasks[at]
}

fn condition_mut<'n>(net: &'n mut Net, id: &str) -> &'n mut doc::Condition {
    let at = net.conditions.iter().position(|condition| condition.id == id).unwrap_or_else(|| {
        let kind = ConditionKind::Ordinary;
        net.conditions.push(doc::Condition {
            id: id.to_owned(),
            kind,
            name: None,
            documentation: None,
            flows: vec![],
        });
        net.conditions.len() - 1
    });
    &mut net.conditions[at]
}

fn gate(text: &str) -> Gate {
    match text {
        "and" => Gate::And,
        "or" => Gate::Or,
        _ => Gate::Xor,
    }
}

fn add_flows(net: &mut Net, from: &str, gates: &str, targets: &str) {
    let mut flows = Vec::new();
    // Predicates may hold spaces: a target ends behind its bracket.
    let mut rest = targets.trim();
    while !rest.is_empty() {
        let end = rest.find([' ', '[']).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        let (predicate, tail) = match tail.strip_prefix('[').and_then(|tail| tail.split_once(']')) {
            Some((predicate, tail)) => (Some(predicate.to_owned()), tail),
            None => (None, tail),
        };
        // The default flow of an OR-split has a predicate, too.
        let (is_marked, tail) = match tail.strip_prefix('*') {
            Some(tail) => (true, tail),
            None => (false, tail),
        };
        let predicate =
            predicate.map(|query| Predicate { query, ordering: Some(flows.len() as i64) });
        let target = name.trim_end_matches('*').to_owned();
        flows.push(Flow {
            target,
            predicate,
            is_default: is_marked || name.ends_with('*'),
            documentation: None,
            tokens: None,
        });
        rest = tail.trim();
    }
    for flow in &flows {
        if is_task(&flow.target) {
            task_mut(net, &flow.target);
        } else {
            condition_mut(net, &flow.target);
        }
    }
    if is_task(from) {
        let task = task_mut(net, from);
        task.flows = flows;
        if let Some((join, split)) = gates.split_once('/') {
            (task.join, task.split) = (gate(join), gate(split));
        }
    } else {
        condition_mut(net, from).flows = flows;
    }
}

fn change_task(net: &mut Net, id: &str, change: &str) {
    let root = net.head.id.clone();
    let task = task_mut(net, id);
    let words: Vec<&str> = change.split(' ').collect();
    match words[..] {
        ["cancels", ..] => task.removes = words[1..].iter().map(ToString::to_string).collect(),
        ["kind", "empty"] => {
            task.decomposes_to = None;
            task.starting.clear();
            task.completed.clear();
        }
        ["shows", ref query @ ..] => {
            let query = query.join(" ");
            task.enablement.push(Mapping { query, maps_to: "k".to_owned() });
        }
        ["kind", "net", subnet] => {
            task.decomposes_to = Some(subnet.to_owned());
            task.completed[0].query = format!("<k>{{/{subnet}/k/text()}}</k>");
        }
        ["kind", how @ ("multi" | "dynamic"), range, "of", threshold] => {
            let (minimum, maximum) = range.split_once("..").expect("a range");
            let answer = task.decomposes_to.clone().expect("an instance has work");
            task.multi_instance = Some(MultiInstance {
                minimum: minimum.to_owned(),
                maximum: maximum.to_owned(),
                threshold: threshold.to_owned(),
                creation: if how == "dynamic" { Creation::Dynamic } else { Creation::Static },
                input: MultiInstanceInput {
                    query: format!("<all>{{for $n in 1 to /{root}/k return <k>{{$n}}</k>}}</all>"),
                    splitting: "for $k in /all/k return $k".to_owned(),
                    formal_parameter: "k".to_owned(),
                },
                output: Some(MultiInstanceOutput {
                    formal_query: format!("<k>{{/{answer}/k/text()}}</k>"),
                    joining: format!("<k>{{sum(/{answer}/k)}}</k>"),
                    variable: "k".to_owned(),
                }),
            });
            task.starting.clear();
            task.completed.clear();
        }
        ["kind", when @ ("timer" | "work"), duration, ref days @ ..] => {
            let trigger = if when == "timer" { Trigger::OnEnabled } else { Trigger::OnExecuting };
            let expiry = Expiry::Duration(duration.to_owned());
            task.timer = Some(Timer::Set { trigger, expiry, work_days: days == ["workdays"] });
        }
        _ => panic!("no such change: {change}"),
    }
}

/// Numbers from a seed, the same on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }
}

/// A case under test, with every event applied twice: as decided and as replayed.
pub(crate) struct Bench {
    pub(crate) program: Program,
    pub(crate) case: Case,
    pub(crate) now_ms: i64,
}

impl Bench {
    pub(crate) fn launch(text: &str) -> Self {
        let program = Program::compile(&specification(text)).expect("the specification compiles");
        let case = CaseId::parse("C").expect("a letter");
        let mut bench = Self { program, case: Case::new(case.clone()), now_ms: 0 };
        let launch = Launch { case, data: None, start_at_ms: None };
        let decision =
            crate::launch(&bench.program, launch, bench.inputs()).expect("the case starts");
        bench.take(decision);
        bench
    }

    pub(crate) fn inputs(&self) -> Inputs {
        Inputs { now: query::Now { unix_ms: self.now_ms, offset_minutes: 0 }, seed: 7 }
    }

    fn take(&mut self, decision: Decision) -> Answer {
        for event in &decision.events {
            let stored = postcard::to_stdvec(event).expect("an event can be stored");
            let stored = postcard::from_bytes(&stored).expect("and read back");
            assert_eq!(replay(&self.program, &mut self.case, &[stored]), Ok(()));
            // A restart after every event changes nothing.
            let stored = postcard::to_stdvec(&self.case).expect("a case can be stored");
            self.case = postcard::from_bytes(&stored).expect("and read back");
            assert_eq!(check_case(&self.program, &self.case), Ok(()));
        }
        assert_eq!(self.case, decision.case, "replay equals live");
        assert_eq!(check_invariants(&self.program, &self.case), Ok(()));
        decision.answer
    }

    /// Runs `start C:A`, `complete C.1:A 5`, `wait PT1H`, `cancel` and so on; gives what came of it.
    pub(crate) fn run(&mut self, line: &str) -> String {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (id, value) = rest.split_once(' ').unwrap_or((rest, ""));
        if word == "wait" {
            self.now_ms =
                crate::calendar::Duration::parse(rest).expect("a duration").after(self.now_ms);
        }
        let item = self.program.parse_item(&self.case, id);
        let command = match (word, item) {
            ("wait", _) => Command::FireDue,
            ("cancel", None) => Command::CancelCase,
            ("suspend", None) => Command::SuspendCase,
            ("resume", None) => Command::ResumeCase,
            (_, None) => return format!("no item {id}"),
            ("start", Some(item)) => Command::Start { item },
            ("complete", Some(item)) => {
                Command::Complete { item, data: format!("<G><k>{value}</k></G>") }
            }
            ("raw", Some(item)) => Command::Complete { item, data: value.to_owned() },
            ("force", Some(item)) => Command::Force { item, data: None },
            ("fail", Some(item)) => Command::Fail { item, data: None },
            ("skip", Some(item)) => Command::Skip { item },
            ("suspend", Some(item)) => Command::Suspend { item },
            ("unsuspend", Some(item)) => Command::Unsuspend { item },
            ("rollback", Some(item)) => Command::Rollback { item },
            ("complete-task", Some(item)) => Command::CompleteTask { item },
            ("restart", Some(item)) => Command::Restart { item },
            ("cancel", Some(item)) => Command::CancelItem { item },
            ("add", Some(item)) => Command::Add { item, data: format!("<k>{value}</k>") },
            (other, _) => panic!("no such command: {other}"),
        };
        match crate::decide(&self.program, &self.case, command, self.inputs()) {
            Ok(decision) => {
                self.take(decision);
                self.show()
            }
            Err(refusal) => format!("refused, {refusal}"),
        }
    }

    /// Status, marked elements, items and the root's `k`, on one line.
    pub(crate) fn show(&self) -> String {
        let seen: View = view(&self.program, &self.case);
        let mut text = self.case.status.name().to_owned();
        for (place, mark) in &seen.marking {
            match mark {
                Mark::Tokens(tokens) => write!(text, " {place}={tokens}").expect("a string"),
                Mark::Busy(counts) => write!(text, " {place}={counts:?}").expect("a string"),
            }
        }
        for (place, mark) in &seen.leftover {
            write!(text, " left {place}: {mark:?}").expect("a string");
        }
        for (id, item) in seen.items {
            write!(text, " {id}:{}", item.status).expect("a string");
            if let Some(data) = item.data.filter(|_| item.status == ItemStatus::Enabled) {
                write!(text, " shows {data}").expect("a string");
            }
        }
        for (item, reason) in &seen.incidents {
            write!(text, " incident {item}: {reason}").expect("a string");
        }
        text + " " + seen.data.get("C").map_or("", String::as_str)
    }
}

/// Launches a case of `text` and runs `script`, one command a line.
#[track_caller]
pub(crate) fn check(text: &str, script: &str, want: Expect) {
    let mut bench = Bench::launch(text);
    let mut got = format!("launch: {}\n", bench.show());
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let answer = bench.run(line);
        writeln!(got, "{line}: {answer}").expect("a string");
    }
    want.assert_eq(&got);
}
