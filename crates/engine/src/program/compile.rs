//! From the document's strings to dense ids. Reports every broken query, type and timer it meets.

use std::{collections::BTreeMap, sync::Arc};

use model::{
    finding::{Finding, has_errors},
    specification::{self as doc, ConditionKind, Decomposition, Specification, TypeRef},
    types::{Field, SequenceId, TypesBuilder},
};
use query::Query;

use super::{Condition, Flow, Kind, Net, Predicate, Program, Task, Variable, element_of};
use crate::{
    case::TimerState,
    ids::{ConditionIndex, NetIndex, TaskIndex, VariableIndex},
    or_join::OrJoins,
};

mod data;

/// What compiling gathers.
struct Compiler<'s> {
    specification: &'s Specification,
    nets: BTreeMap<&'s str, NetIndex>,
    types: TypesBuilder,
    findings: Vec<Finding>,
}

pub(super) fn compile(specification: &Specification) -> Result<Program, Vec<Finding>> {
    let element = format!("Specification:{}", specification.uri);
    let types = TypesBuilder::new(specification.schema.as_deref()).map_err(|error| {
        vec![
            Finding::error(&element, "schema-invalid", error.to_string())
                .remedy("mend the data type definitions"),
        ]
    })?;
    let nets = (0..).map(NetIndex);
    let nets = specification.nets().map(|net| net.head.id.as_str()).zip(nets).collect();
    let mut compiler = Compiler { specification, nets, types, findings: Vec::new() };

    let compiled: Vec<Net> = specification.nets().filter_map(|net| compiler.net(net)).collect();
    let root = specification.nets().position(|net| net.is_root);
    let Some(root) = root else {
        let finding = Finding::error(&element, "root-missing", "no net is marked as the root");
        compiler.findings.push(finding.remedy("set isRootNet=\"true\" on one net"));
        return Err(compiler.findings);
    };
    if has_errors(&compiler.findings) {
        return Err(compiler.findings);
    }
    let types = compiler.types.build().map_err(|error| {
        vec![
            Finding::error(&element, "schema-invalid", error.to_string())
                .remedy("mend the data type definitions"),
        ]
    })?;
    let root = NetIndex(u32::try_from(root).expect("the reader bounds the number of nets"));
    let schema_version = specification.schema_version;
    Ok(Program { id: specification.id(), schema_version, nets: compiled, root, types })
}

/// The ids of one net's elements, implicit conditions included.
struct Places<'s> {
    net: &'s doc::Net,
    conditions: Vec<Condition>,
    by_id: BTreeMap<String, ConditionIndex>,
    tasks: BTreeMap<&'s str, TaskIndex>,
    variables: BTreeMap<String, VariableIndex>,
}

impl<'s> Compiler<'s> {
    fn error(&mut self, element: &str, rule: &'static str, message: impl Into<String>) {
        self.findings.push(Finding::error(element, rule, message));
    }

    /// Compiles a query that is a part of `element`; a finding where it cannot be.
    fn query(&mut self, element: &str, text: &str) -> Option<Query> {
        if text.trim_start().starts_with("#external:") {
            let message = format!("{text:?} asks a plug-in class for data, which is not supported");
            let finding = Finding::error(element, "query-external", message);
            self.findings.push(finding.remedy("map from the net's own variables"));
            return None;
        }
        match Query::compile(text) {
            Ok(query) => Some(query),
            Err(error) => {
                let message = format!("query {text:?}: {}", error.message);
                let position = model::finding::Position { line: error.line, column: error.column };
                let finding = Finding::error(element, "query-invalid", message).at(position);
                self.findings
                    .push(finding.remedy("correct the query at this line and column of its text"));
                None
            }
        }
    }

    /// The sequence of these variables; a finding where a type does not exist.
    fn sequence(&mut self, element: &str, variables: &[&doc::Variable]) -> Option<SequenceId> {
        let fields: Vec<Field<'_>> = variables
            .iter()
            .map(|variable| Field {
                name: &variable.name,
                type_ref: &variable.type_ref,
                optional: variable.is_optional(),
            })
            .collect();
        match self.types.sequence(&fields) {
            Ok(sequence) => Some(sequence),
            Err(error) => {
                self.error(element, "type-unknown", error.to_string());
                None
            }
        }
    }

    fn net(&mut self, net: &'s doc::Net) -> Option<Net> {
        let element = format!("YNet:{}", net.head.id);
        let (variables, initial) = self.variables(net)?;
        let mut places = places(net, &variables);
        let tasks: Vec<Option<Task>> =
            net.tasks.iter().map(|task| self.task(task, &places)).collect();
        let tasks: Vec<Task> = tasks.into_iter().collect::<Option<_>>()?;
        for (index, task) in (0..).map(TaskIndex).zip(&tasks) {
            for condition in &task.preset {
                places.conditions[condition.0 as usize].postset.push(index);
            }
            for flow in &task.flows {
                places.conditions[flow.to.0 as usize].preset.push(index);
            }
        }
        let input = self.single_condition(net, ConditionKind::Input, &places)?;
        let output = self.single_condition(net, ConditionKind::Output, &places)?;
        let inputs: Vec<&doc::Variable> = net.head.inputs.iter().collect();
        let input_sequence = self.sequence(&element, &inputs)?;
        let outputs =
            net.head.outputs.iter().filter_map(|output| places.variables.get(&output.name));
        let simple_root = self.specification.schema_version.uses_simple_root_data();
        Some(Net {
            id: net.head.id.clone(),
            data_root: if simple_root { "data".to_owned() } else { net.head.id.clone() },
            input,
            output,
            inputs: inputs.len(),
            outputs: outputs.copied().collect(),
            input_sequence,
            termination: net.termination,
            task_by_id: net
                .tasks
                .iter()
                .map(|task| task.id.clone())
                .zip((0..).map(TaskIndex))
                .collect(),
            or_joins: OrJoins::new(places.conditions.len(), &tasks),
            conditions: places.conditions,
            tasks,
            variables,
            initial: initial.into(),
        })
    }

    fn single_condition(
        &mut self,
        net: &doc::Net,
        kind: ConditionKind,
        places: &Places<'_>,
    ) -> Option<ConditionIndex> {
        let mut found = net.conditions.iter().filter(|condition| condition.kind == kind);
        let (Some(condition), None) = (found.next(), found.next()) else {
            let word = if kind == ConditionKind::Input { "input" } else { "output" };
            let element = format!("YNet:{}", net.head.id);
            self.error(&element, "net-ends", format!("a net has exactly one {word} condition"));
            return None;
        };
        places.by_id.get(&condition.id).copied()
    }

    /// Input parameters, then locals, with the elements that a starting net holds; an output parameter without either
    /// holds a value, too.
    fn variables(&mut self, net: &doc::Net) -> Option<(Vec<Variable>, Vec<Arc<str>>)> {
        let element = format!("YNet:{}", net.head.id);
        let (mut variables, mut initial): (Vec<Variable>, Vec<Arc<str>>) = Default::default();
        let own = net.head.inputs.iter().chain(&net.locals);
        for variable in own.chain(&net.head.outputs) {
            if variables.iter().any(|known| known.name == variable.name) {
                continue;
            }
            let sequence = self.sequence(&element, &[variable])?;
            let content = variable.initial_value.as_deref().unwrap_or_default();
            variables.push(Variable {
                name: variable.name.clone(),
                mandatory: variable.mandatory,
                sequence,
            });
            initial.push(element_of(&variable.name, content).into());
        }
        Some((variables, initial))
    }

    fn task(&mut self, task: &'s doc::Task, places: &Places<'s>) -> Option<Task> {
        let decomposition =
            task.decomposes_to.as_deref().and_then(|id| self.specification.decomposition(id));
        let (kind, word) = match decomposition {
            None => (Kind::Empty, "AtomicTask"),
            Some(Decomposition::Gateway(_)) => (Kind::Atomic, "AtomicTask"),
            Some(Decomposition::Net(net)) => {
                (Kind::Composite(self.nets[net.head.id.as_str()]), "CompositeTask")
            }
        };
        let element = format!("{word}:{}", task.id);
        let data = match decomposition {
            Some(decomposition) => self.task_data(&element, task, decomposition, places)?,
            None => super::TaskData::default(),
        };
        let multi = match &task.multi_instance {
            Some(multi) if decomposition.is_some() => self.multi(&element, multi, places)?,
            Some(_) | None => None,
        };
        let timer = match &task.timer {
            Some(timer) => Some(self.timer(&element, timer, places)?),
            None => None,
        };
        let (removes_tasks, removes_conditions) = cancellation_set(task, places);
        Some(Task {
            id: task.id.clone(),
            name: task.name.clone().unwrap_or_else(|| task.id.clone()),
            kind,
            join: task.join,
            split: task.split,
            preset: preset(&task.id, places),
            takes_more: takes_more(&task.id, places),
            flows: self.flows(&element, task, places)?,
            removes_tasks,
            removes_conditions,
            decomposition: decomposition.map(|decomposition| decomposition.head().id.clone()),
            data,
            multi,
            timer,
            automated: decomposition
                .is_some_and(|it| it.head().interaction == doc::Interaction::Automated),
        })
    }

    fn flows(&mut self, element: &str, task: &doc::Task, places: &Places<'s>) -> Option<Vec<Flow>> {
        let mut flows: Vec<(Option<i64>, Flow)> = Vec::new();
        for flow in &task.flows {
            let to = flow_place(&task.id, &flow.target, places)?;
            let predicate = match &flow.predicate {
                Some(predicate) => Some(self.predicate(element, &predicate.query, places)?),
                None => None,
            };
            let ordering = flow.predicate.as_ref().and_then(|predicate| predicate.ordering);
            // A later flow to the same target replaces the earlier one, as in the reference's map.
            flows.retain(|(_, earlier)| earlier.to != to);
            flows.push((
                ordering,
                Flow {
                    to,
                    predicate,
                    is_default: flow.is_default,
                    tokens: flow.tokens.unwrap_or(1),
                },
            ));
        }
        // By ordering, the default last; the sort is stable, so document order decides the rest.
        flows.sort_by_key(|(ordering, flow)| (flow.is_default, *ordering));
        Some(flows.into_iter().map(|(_, flow)| flow).collect())
    }

    fn predicate(&mut self, element: &str, text: &str, places: &Places<'s>) -> Option<Predicate> {
        let Some(timer) = text.trim().strip_prefix("timer(") else {
            return self.query(element, text).map(Predicate::Query);
        };
        match timer_predicate(timer, places) {
            Ok(predicate) => Some(predicate),
            Err(reason) => {
                let finding = Finding::error(
                    element,
                    "predicate-timer",
                    format!("predicate {text:?}: {reason}"),
                );
                let remedy = "write timer(TaskName) = 'dormant', 'active', 'closed' or 'expired'";
                self.findings.push(finding.remedy(remedy));
                None
            }
        }
    }
}

/// `Name) = 'state'` or `Name) != 'state'`.
fn timer_predicate(text: &str, places: &Places<'_>) -> Result<Predicate, String> {
    let (name, rest) = text.split_once(')').ok_or("the bracket is not closed")?;
    let (name, rest) = (name.trim(), rest.trim());
    let equal = !rest.starts_with("!=");
    let state =
        rest.strip_prefix("!=").or_else(|| rest.strip_prefix('=')).ok_or("expected = or !=")?;
    let state = match state.trim().trim_matches(['\'', '"']) {
        "dormant" => None,
        "active" => Some(TimerState::Active),
        "closed" => Some(TimerState::Closed),
        "expired" => Some(TimerState::Expired),
        other => return Err(format!("{other:?} is no timer state")),
    };
    let named =
        places.net.tasks.iter().find(|task| task.name.as_deref().unwrap_or(&task.id) == name);
    let task = named.ok_or_else(|| format!("no task is named {name:?} in this net"))?;
    Ok(Predicate::Timer { task: places.tasks[task.id.as_str()], state, equal })
}

fn places<'s>(net: &'s doc::Net, variables: &[Variable]) -> Places<'s> {
    let condition = |id: String| Condition { id, preset: Vec::new(), postset: Vec::new() };
    let tasks: BTreeMap<&str, TaskIndex> =
        net.tasks.iter().map(|task| task.id.as_str()).zip((0..).map(TaskIndex)).collect();
    let mut conditions: Vec<Condition> =
        net.conditions.iter().map(|it| condition(it.id.clone())).collect();
    let mut implicit: Vec<String> = Vec::new();
    for task in &net.tasks {
        for flow in task.flows.iter().filter(|flow| tasks.contains_key(flow.target.as_str())) {
            let id = implicit_id(&task.id, &flow.target);
            if !implicit.contains(&id) {
                implicit.push(id);
            }
        }
    }
    conditions.extend(implicit.into_iter().map(condition));
    let by_id = conditions.iter().map(|it| it.id.clone()).zip((0..).map(ConditionIndex)).collect();
    let variables =
        variables.iter().map(|it| it.name.clone()).zip((0..).map(VariableIndex)).collect();
    Places { net, conditions, by_id, tasks, variables }
}

/// The id of the condition that a flow between two tasks stands for.
fn implicit_id(from: &str, to: &str) -> String {
    format!("c{{{from}_{to}}}")
}

/// Where a task's flow puts its token.
fn flow_place(task: &str, target: &str, places: &Places<'_>) -> Option<ConditionIndex> {
    let explicit = places.net.conditions.iter().any(|condition| condition.id == target);
    let id = if explicit { target.to_owned() } else { implicit_id(task, target) };
    places.by_id.get(&id).copied()
}

fn preset(task: &str, places: &Places<'_>) -> Vec<ConditionIndex> {
    let mut preset: Vec<ConditionIndex> = Vec::new();
    for condition in &places.net.conditions {
        if condition.flows.iter().any(|flow| flow.target == task) {
            preset.extend(places.by_id.get(&condition.id));
        }
    }
    for source in &places.net.tasks {
        if source.flows.iter().any(|flow| flow.target == task) {
            preset.extend(places.by_id.get(&implicit_id(&source.id, task)));
        }
    }
    preset.sort();
    preset
}

/// What the task's incoming flows carry beyond one token.
fn takes_more(task: &str, places: &Places<'_>) -> Vec<(ConditionIndex, u32)> {
    let mut more = Vec::new();
    for condition in &places.net.conditions {
        let flow = condition.flows.iter().find(|flow| flow.target == task);
        let tokens = flow.and_then(|flow| flow.tokens).unwrap_or(1);
        if let Some(at) = places.by_id.get(&condition.id).filter(|_| tokens > 1) {
            more.push((*at, tokens - 1));
        }
    }
    more
}

fn cancellation_set(
    task: &doc::Task,
    places: &Places<'_>,
) -> (Vec<TaskIndex>, Vec<ConditionIndex>) {
    let tasks = task.removes.iter().filter_map(|id| places.tasks.get(id.as_str()).copied());
    let named = task.removes.iter().filter_map(|id| places.by_id.get(id).copied());
    let between = task
        .removes_from_flows
        .iter()
        .filter_map(|(from, to)| places.by_id.get(&implicit_id(from, to)).copied());
    (tasks.collect(), named.chain(between).collect())
}

/// A named built-in type's stand-in for a missing output value (`reference 3.5`).
fn stand_in(type_ref: &TypeRef) -> Option<&'static str> {
    let TypeRef::Named { name, .. } = type_ref else { return None };
    if !model::types::is_built_in(type_ref) {
        return None;
    }
    match name.as_str() {
        "boolean" => Some("false"),
        "string" => Some(""),
        _ => Some("0"),
    }
}
