//! From what the node says to what clients read. Nothing is decided here.

pub(crate) mod agent;
pub(crate) mod organisation;
pub(crate) mod review;
pub(crate) mod soundness;
pub(crate) mod worklist;

use std::collections::BTreeMap;

use engine::{
    or_join::{OrJoinState, OrJoinView},
    view::Mark,
};
use model::{finding, specification as model_spec};
use node::{
    Answered, CaseDetail, CaseSummary, HistoryEvent, ItemDetail, ItemSummary, Launched, Loaded,
    Uploaded,
};
use wire::{
    Timestamp, case, specification as spec,
    work_item::{CheckedOut, ItemDone, WorkItem},
};

use crate::verdict::{Soundness, Verdict, worst};

pub(crate) fn finding(finding: &finding::Finding) -> spec::Finding {
    spec::Finding {
        severity: match finding.severity {
            finding::Severity::Error => spec::Severity::Error,
            finding::Severity::Warning => spec::Severity::Warning,
        },
        element: finding.element.clone(),
        rule: finding.rule.to_owned(),
        message: finding.message.clone(),
        remedy: finding.remedy.clone(),
        position: finding
            .position
            .map(|place| spec::Position { line: place.line, column: place.column }),
    }
}

pub(crate) fn findings(findings: &[finding::Finding]) -> Vec<spec::Finding> {
    findings.iter().map(finding).collect()
}

/// Validity and, for what is valid, soundness.
pub(crate) fn verified(verdict: &Verdict, judged: &[Soundness]) -> spec::Verified {
    let of_soundness = judged.iter().flat_map(|one| findings(&one.findings));
    spec::Verified {
        verdict: if verdict.is_valid() { spec::Verdict::Valid } else { spec::Verdict::Invalid },
        soundness: worst(judged).map(soundness::outcome),
        findings: findings(&verdict.findings).into_iter().chain(of_soundness).collect(),
    }
}

pub(crate) fn uploaded(uploaded: &Uploaded, name: Option<String>) -> spec::UploadedSpecification {
    spec::UploadedSpecification {
        key: uploaded.key.to_string(),
        uri: uploaded.id.uri.clone(),
        version: uploaded.id.version.to_string(),
        identifier: uploaded.id.identifier.clone(),
        name,
        findings: findings(&uploaded.findings),
    }
}

/// The name people know a specification by: its own, else its title.
pub(crate) fn specification_name(specification: &model_spec::Specification) -> Option<String> {
    specification.name.clone().or_else(|| specification.meta.title.clone())
}

pub(crate) fn specification_summary(
    loaded: &Loaded,
    cases_running: u64,
) -> spec::SpecificationSummary {
    let specification = &loaded.specification;
    spec::SpecificationSummary {
        key: loaded.key.to_string(),
        uri: loaded.id.uri.clone(),
        version: loaded.id.version.to_string(),
        identifier: loaded.id.identifier.clone(),
        name: specification_name(specification),
        documentation: specification
            .documentation
            .clone()
            .or_else(|| specification.meta.description.clone()),
        uploaded_at: Timestamp::from_ms(loaded.uploaded_at_ms),
        root_net: specification.root_net().map(|net| net.head.id.clone()),
        nets: specification.nets().map(|net| net.head.id.clone()).collect(),
        cases_running,
    }
}

pub(crate) fn net(specification: &model_spec::Specification, net: &model_spec::Net) -> spec::Net {
    let of_conditions = net.conditions.iter().map(|condition| (&condition.id, &condition.flows));
    let of_tasks = net.tasks.iter().map(|task| (&task.id, &task.flows));
    let flows = of_conditions
        .chain(of_tasks)
        .flat_map(|(from, flows)| flows.iter().map(move |to| flow(from, to)));
    spec::Net {
        id: net.head.id.clone(),
        name: net.head.name.clone(),
        is_root: net.is_root,
        termination: match net.termination {
            model_spec::Termination::Explicit => spec::Termination::Explicit,
            model_spec::Termination::Implicit => spec::Termination::Implicit,
        },
        conditions: net.conditions.iter().map(condition).collect(),
        tasks: net.tasks.iter().map(|one| task(specification, one)).collect(),
        flows: flows.collect(),
    }
}

fn condition(condition: &model_spec::Condition) -> spec::Condition {
    spec::Condition {
        id: condition.id.clone(),
        name: condition.name.clone(),
        kind: match condition.kind {
            model_spec::ConditionKind::Input => spec::ConditionKind::Input,
            model_spec::ConditionKind::Output => spec::ConditionKind::Output,
            model_spec::ConditionKind::Ordinary => spec::ConditionKind::Ordinary,
        },
    }
}

fn task(specification: &model_spec::Specification, task: &model_spec::Task) -> spec::Task {
    let decomposition =
        task.decomposes_to.as_deref().and_then(|id| specification.decomposition(id));
    // The name that the engine gives to the condition which a flow from task to task stands for.
    let of_flows = task.removes_from_flows.iter().map(|(from, to)| format!("c{{{from}_{to}}}"));
    spec::Task {
        id: task.id.clone(),
        name: task.name.clone(),
        join: gate(task.join),
        split: gate(task.split),
        decomposes_to: task.decomposes_to.clone(),
        kind: match decomposition {
            Some(model_spec::Decomposition::Net(_)) => spec::TaskKind::Composite,
            Some(model_spec::Decomposition::Gateway(_)) => spec::TaskKind::Atomic,
            None => spec::TaskKind::Empty,
        },
        multi_instance: task.multi_instance.is_some(),
        timer: task.timer.is_some(),
        cancels: task.removes.iter().cloned().chain(of_flows).collect(),
    }
}

fn gate(gate: model_spec::Gate) -> spec::Gate {
    match gate {
        model_spec::Gate::And => spec::Gate::And,
        model_spec::Gate::Or => spec::Gate::Or,
        model_spec::Gate::Xor => spec::Gate::Xor,
    }
}

fn flow(from: &str, flow: &model_spec::Flow) -> spec::Flow {
    spec::Flow {
        from: from.to_owned(),
        to: flow.target.clone(),
        predicate: flow.predicate.as_ref().map(|predicate| predicate.query.clone()),
        is_default: flow.is_default,
        tokens: flow.tokens.unwrap_or(1),
        label: flow.documentation.clone(),
    }
}

pub(crate) fn launched(launched: &Launched) -> case::Launched {
    case::Launched {
        case: launched.case.to_string(),
        specification: launched.specification.to_string(),
        status: launched.status.name().to_owned(),
        launched_at: Timestamp::from_ms(launched.launched_at_ms),
    }
}

pub(crate) fn case_summary(summary: &CaseSummary) -> case::CaseSummary {
    case::CaseSummary { head: case_head(summary), incidents: count(summary.incidents) }
}

fn case_head(summary: &CaseSummary) -> case::CaseHead {
    case::CaseHead {
        case: summary.case.to_string(),
        specification: summary.specification.to_string(),
        status: summary.status.name().to_owned(),
        launched_at: Timestamp::from_ms(summary.launched_at_ms),
        ended_at: summary.ended_at_ms.map(Timestamp::from_ms),
        open_items: count(summary.open_items),
    }
}

fn count(count: usize) -> u64 {
    u64::try_from(count).expect("a count of things in memory")
}

pub(crate) fn case_detail(detail: CaseDetail) -> case::CaseDetail {
    let head = case_head(&detail.summary);
    let with_data = detail.view.items.iter().filter_map(|(id, item)| {
        let (data, output) = (text(item.data.as_deref()), text(item.output.as_deref()));
        Some(WorkItem { data, output, ..item_summary(detail.items.get(id)?) })
    });
    let items = with_data.collect();
    let incidents =
        detail.view.incidents.into_iter().map(|(item, reason)| case::Incident { item, reason });
    case::CaseDetail {
        marking: marking(detail.view.marking),
        leftover: marking(detail.view.leftover),
        items,
        data: detail.view.data,
        output: detail.output.map(|text| text.to_string()),
        incidents: incidents.collect(),
        traceparent: detail.traceparent.map(|trace| trace.to_string()),
        head,
    }
}

pub(crate) fn or_join(join: OrJoinView) -> case::OrJoin {
    case::OrJoin {
        running: join.net_path,
        net: join.net,
        task: join.task,
        marked: join.marked,
        unmarked: join.unmarked,
        answer: match join.state {
            OrJoinState::Enabled => case::OrJoinAnswer::Enabled,
            OrJoinState::Waits { input, path } => case::OrJoinAnswer::Waits { input, path },
            OrJoinState::Undecided => case::OrJoinAnswer::Undecided,
        },
    }
}

fn marking(marks: BTreeMap<String, Mark>) -> BTreeMap<String, case::Mark> {
    marks.into_iter().map(|(element, mark)| (element, to_mark(mark))).collect()
}

fn to_mark(mark: Mark) -> case::Mark {
    match mark {
        Mark::Tokens(tokens) => case::Mark::Condition { tokens },
        Mark::Busy([active, entered, executing, complete]) => {
            case::Mark::Task { active, entered, executing, complete }
        }
    }
}

pub(crate) fn item_summary(item: &ItemSummary) -> WorkItem {
    WorkItem {
        item: item.item.clone(),
        case: item.case.to_string(),
        specification: item.specification.to_string(),
        task: item.task.clone(),
        task_name: item.task_name.clone(),
        net: item.net.clone(),
        status: item.status.name().to_owned(),
        enabled_at: Timestamp::from_ms(item.enabled_at_ms),
        started_at: item.started_at_ms.map(Timestamp::from_ms),
        completed_at: item.completed_at_ms.map(Timestamp::from_ms),
        timer_due_at: item.timer_due_ms.map(Timestamp::from_ms),
        group: item.group,
        capability: item.capability.clone(),
        lease: item.lease.as_ref().map(agent::lease),
        review: item.review.as_ref().map(review::standing),
        data: None,
        output: None,
    }
}

pub(crate) fn item_detail(item: &ItemDetail) -> WorkItem {
    WorkItem {
        data: text(item.data.as_deref()),
        output: text(item.output.as_deref()),
        ..item_summary(&item.summary)
    }
}

fn text(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

pub(crate) fn history_entry(event: &HistoryEvent) -> case::HistoryEntry {
    let mut detail = event.subject.clone();
    for (name, value) in &event.detail {
        detail.push_str(&format!(" {name}={value}"));
    }
    case::HistoryEntry {
        position: event.position,
        at: Timestamp::from_ms(event.at_ms),
        event: event.event.to_owned(),
        detail,
    }
}

/// Answer to a check-out. A repetition of one that was answered `Done` cannot happen: it starts an item.
pub(crate) fn checked_out(answered: Answered, named: String) -> CheckedOut {
    match answered {
        Answered::Started { item, data } | Answered::Taken { item, data, .. } => {
            CheckedOut { item, data: data.to_string() }
        }
        Answered::Added { .. } | Answered::HandedOff { .. } | Answered::Done => {
            CheckedOut { item: named, data: String::new() }
        }
    }
}

/// The item that was added, else the one that was named.
pub(crate) fn item_done(answered: Answered, named: String) -> ItemDone {
    match answered {
        Answered::Added { item } | Answered::HandedOff { item, .. } => ItemDone { item },
        Answered::Started { .. } | Answered::Taken { .. } | Answered::Done => {
            ItemDone { item: named }
        }
    }
}
