//! A case's events in names. The case is replayed from its launch, since an event's indices mean something only
//! together with the nets that ran at the time.

mod review;

use std::{collections::BTreeSet, sync::Arc};

use agents::{
    lease::{self, Failure},
    resourcing::{ParticipantId, worklist},
};
use engine::{
    Case, CaseId, ConditionIndex, Event, ItemKey, Path, Program, TaskIndex, VariableIndex,
    case::{Busy, CaseStatus},
    event::{CaseEnd, Completion, NetEnd},
};
use store::{Position, Reader};

use crate::{
    api::{HistoryEvent, HistoryPage},
    chain,
    entry::Entry,
};

/// Participants that the history of an offer names; it says how many there were.
const NAMES_MAX: usize = 20;

/// Which part of a history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// Records up to this one are left out.
    pub(crate) after: Option<u64>,
    /// Events after which no further record is shown.
    pub(crate) limit: usize,
}

/// Reads a part of a case's history.
pub(crate) fn page(
    reader: &dyn Reader,
    entry: &Entry,
    case: &CaseId,
    span: Span,
) -> Result<HistoryPage, store::Fault> {
    let mut state = Case::new(case.clone());
    let mut page = HistoryPage { items: Vec::new(), next: None };
    let program = &entry.loaded.program;
    for position in chain::positions(reader, case, entry.last)? {
        let shown = span.after.is_none_or(|after| position > after);
        if shown && page.items.len() >= span.limit {
            page.next = page.items.last().map(|event| event.position);
            return Ok(page);
        }
        let record = chain::command(reader, position)?;
        for event in &record.events {
            engine::check_event(program, &state, event)
                .map_err(|misfit| store::Fault::unreadable(Position(position), misfit))?;
            if shown {
                let namer = Namer { program, case: &state };
                page.items.push(HistoryEvent {
                    position,
                    at_ms: record.at_ms,
                    event: name(event),
                    subject: namer.subject(event),
                    detail: namer.detail(event),
                });
            }
            engine::apply(&mut state, event);
        }
        for event in record.leases.iter().filter(|_| shown) {
            page.items.push(HistoryEvent {
                position,
                at_ms: record.at_ms,
                event: lease_name(event),
                subject: entry.loaded.program.item_id(&state, event.item()),
                detail: lease_detail(event),
            });
        }
        for event in record.given.iter().filter(|_| shown) {
            let Some((event, subject, detail)) = given(event) else { continue };
            let at_ms = record.at_ms;
            page.items.push(HistoryEvent { position, at_ms, event, subject, detail });
        }
        for event in record.reviews.iter().filter(|_| shown) {
            page.items.push(HistoryEvent {
                position,
                at_ms: record.at_ms,
                event: review::name(event),
                subject: entry.loaded.program.item_id(&state, &event.item),
                detail: review::detail(event),
            });
        }
    }
    Ok(page)
}

/// What happened, in kebab case.
fn name(event: &Event) -> &'static str {
    match event {
        Event::Launched { .. } => "launched",
        Event::NetStarted { .. } => "net-started",
        Event::Enabled { .. } => "enabled",
        Event::Withdrawn { .. } => "withdrawn",
        Event::Fired { .. } => "fired",
        Event::Started { .. } => "started",
        Event::Added { .. } => "added",
        Event::Completed { .. } => "completed",
        Event::Exited { .. } => "exited",
        Event::TaskCancelled { .. } => "task-cancelled",
        Event::NetEnded { .. } => "net-ended",
        Event::ItemSuspended { .. } => "item-suspended",
        Event::ItemUnsuspended { .. } => "item-unsuspended",
        Event::RolledBack { .. } => "rolled-back",
        Event::TimerStarted { .. } => "timer-started",
        Event::TimerExpired { .. } => "timer-expired",
        Event::DataSet { .. } => "data-set",
        Event::IncidentRaised { .. } => "incident-raised",
        Event::IncidentsCleared => "incidents-cleared",
        Event::CaseSuspended { .. } => "case-suspended",
        Event::CaseResumed { .. } => "case-resumed",
        Event::CaseEnded { .. } => "case-ended",
        Event::Deadlocked { .. } => "deadlocked",
        Event::EnablementMapped { .. } => "enablement-mapped",
    }
}

/// What happened to a lease, in kebab case.
fn lease_name(event: &lease::Event<ItemKey>) -> &'static str {
    match event {
        lease::Event::Claimed { .. } => "claimed",
        lease::Event::Finished { .. } => "lease-finished",
        lease::Event::Returned { .. } => "returned",
        lease::Event::Failed { how: Failure::Expired, .. } => "lease-expired",
        lease::Event::Failed { how: Failure::Reported, .. } => "given-up",
        lease::Event::Failed { how: Failure::Refused, .. } => "claim-refused",
        lease::Event::Failed { how: Failure::Unresolved, .. } => "left-unresolved",
        lease::Event::HandedOff { .. } => "handed-off",
        lease::Event::Woken { .. } => "rest-ended",
        lease::Event::Revived { .. } => "revived",
        lease::Event::Forgotten { .. } => "lease-ended",
    }
}

fn lease_detail<K>(event: &lease::Event<K>) -> Vec<(&'static str, String)> {
    match event {
        lease::Event::Claimed { holder, term_ms, epoch, .. } => vec![
            ("holder", holder.to_string()),
            ("epoch", epoch.0.to_string()),
            ("term_ms", term_ms.to_string()),
        ],
        lease::Event::HandedOff { to, epoch, .. } => {
            vec![("to", to.to_string()), ("epoch", epoch.0.to_string())]
        }
        lease::Event::Failed { epoch, attempts, rest_ms, .. } => optional([
            ("epoch", Some(epoch.0.to_string())),
            ("attempts", Some(attempts.to_string())),
            ("rest_ms", rest_ms.map(|ms| ms.to_string())),
            ("dead_letter", rest_ms.is_none().then(|| "true".to_owned())),
        ]),
        lease::Event::Finished { .. }
        | lease::Event::Returned { .. }
        | lease::Event::Woken { .. }
        | lease::Event::Revived { .. }
        | lease::Event::Forgotten { .. } => Vec::new(),
    }
}

/// Values that belong to an event, by name.
type Detail = Vec<(&'static str, String)>;

/// What happened to who is asked to do an item: in kebab case, of what, with what else belongs to it. Renamings and the
/// end of a case are told by the net.
fn given(event: &worklist::Event) -> Option<(&'static str, String, Detail)> {
    use worklist::Event;
    let names = |to: &BTreeSet<ParticipantId>| {
        let shown: Vec<&str> = to.iter().take(NAMES_MAX).map(ParticipantId::as_str).collect();
        vec![("to", shown.join(" ")), ("count", to.len().to_string())]
    };
    Some(match event {
        Event::Received { item, .. } => ("received", item.to_string(), Vec::new()),
        Event::Unoffered { item, reason } => {
            ("unoffered", item.to_string(), vec![("reason", format!("{reason:?}"))])
        }
        Event::Offered { item, to, .. } => ("offered", item.to_string(), names(to)),
        Event::Allocated { item, to, .. } => {
            ("allocated", item.to_string(), vec![("to", to.to_string())])
        }
        Event::Started { item, by, .. } => {
            ("taken", item.to_string(), vec![("by", by.to_string())])
        }
        Event::Suspended { item } => ("put-aside", item.to_string(), Vec::new()),
        Event::Resumed { item } => ("taken-up", item.to_string(), Vec::new()),
        Event::Deallocated { item, by } => {
            ("deallocated", item.to_string(), vec![("by", by.to_string())])
        }
        Event::Delegated { item, to } => {
            ("delegated", item.to_string(), vec![("to", to.to_string())])
        }
        Event::Reallocated { item, to, how } => (
            "reallocated",
            item.to_string(),
            vec![("to", to.to_string()), ("how", format!("{how:?}").to_lowercase())],
        ),
        Event::Skipped { item, by } => {
            ("passed-over", item.to_string(), vec![("by", by.to_string())])
        }
        Event::Chained { case, by } => ("chained", case.to_string(), vec![("by", by.to_string())]),
        Event::Unchained { case } => ("unchained", case.to_string(), Vec::new()),
        Event::Returned { item } => ("taken-back", item.to_string(), Vec::new()),
        Event::Completed { item, by, .. } => {
            ("done", item.to_string(), vec![("by", by.to_string())])
        }
        Event::Withdrawn { item } => ("dropped", item.to_string(), Vec::new()),
        Event::Renamed { .. } | Event::CaseClosed { .. } => return None,
    })
}

/// Gives names to indices, by the case just before the event.
struct Namer<'a> {
    program: &'a Program,
    case: &'a Case,
}

impl Namer<'_> {
    /// The case `7`, the net `7.2`, the element `7.2/A` or the item `7.2.1:A`.
    fn subject(&self, event: &Event) -> String {
        match event {
            Event::Launched { .. }
            | Event::IncidentsCleared
            | Event::CaseSuspended { .. }
            | Event::CaseResumed { .. }
            | Event::CaseEnded { .. } => self.case.id.to_string(),
            Event::NetStarted { path, .. }
            | Event::NetEnded { path, .. }
            | Event::DataSet { path, .. } => path.show(&self.case.id),
            Event::Fired { path, task, .. }
            | Event::Exited { path, task, .. }
            | Event::TaskCancelled { path, task }
            | Event::IncidentRaised { path, task, .. } => {
                format!("{}/{}", path.show(&self.case.id), self.task(path, *task))
            }
            Event::Started { path, task, child, .. }
            | Event::Added { path, task, child, .. }
            | Event::Completed { path, task, child, .. } => {
                format!("{}:{}", path.child(*child).show(&self.case.id), self.task(path, *task))
            }
            Event::Enabled { item, .. }
            | Event::Withdrawn { item }
            | Event::ItemSuspended { item }
            | Event::ItemUnsuspended { item }
            | Event::RolledBack { item }
            | Event::TimerStarted { item, .. }
            | Event::TimerExpired { item, .. }
            | Event::Deadlocked { item }
            | Event::EnablementMapped { item, .. } => self.program.item_id(self.case, item),
        }
    }

    fn detail(&self, event: &Event) -> Vec<(&'static str, String)> {
        match event {
            Event::Launched { start_at_ms, data, .. } => optional([
                ("start_at_ms", start_at_ms.map(|ms| ms.to_string())),
                ("data", data.as_ref().map(ToString::to_string)),
            ]),
            Event::NetStarted { net, data, .. } => {
                let net = self.program.net(*net);
                vec![("net", net.id.clone()), ("data", net.document(data))]
            }
            Event::Enabled { group, .. } => {
                optional([("group", group.map(|group| group.to_string()))])
            }
            Event::Fired { path, consumed, inputs, .. } => {
                let conditions = self.conditions(path, consumed);
                vec![("consumed", conditions), ("instances", inputs.len().to_string())]
            }
            Event::Added { input, .. } => vec![("input", input.to_string())],
            Event::EnablementMapped { data, .. } => vec![("data", data.to_string())],
            Event::Completed { how, output, .. } => {
                vec![("how", completion(*how).to_owned()), ("output", output.to_string())]
            }
            Event::Exited { path, task, joined, emptied, produced, .. } => vec![
                ("written", self.written(path, *task, joined.as_ref())),
                ("emptied", self.conditions(path, emptied)),
                ("produced", self.conditions(path, produced)),
            ],
            Event::NetEnded { how, .. } => vec![("how", net_end(*how).to_owned())],
            Event::TimerStarted { due_ms, .. } => vec![("due_ms", due_ms.to_string())],
            Event::DataSet { writes, .. } => {
                vec![("written", texts(writes.iter().map(|(_, value)| value)))]
            }
            Event::IncidentRaised { reason, .. } => vec![("reason", reason.to_string())],
            Event::CaseEnded { how, output, .. } => optional([
                ("how", Some(case_end(*how).to_owned())),
                ("output", output.as_ref().map(ToString::to_string)),
            ]),
            Event::Withdrawn { .. }
            | Event::Started { .. }
            | Event::TaskCancelled { .. }
            | Event::ItemSuspended { .. }
            | Event::ItemUnsuspended { .. }
            | Event::RolledBack { .. }
            | Event::TimerExpired { .. }
            | Event::IncidentsCleared
            | Event::CaseSuspended { .. }
            | Event::CaseResumed { .. }
            | Event::Deadlocked { .. } => Vec::new(),
        }
    }

    fn task(&self, path: &Path, task: TaskIndex) -> String {
        match self.case.runners.get(path) {
            Some(runner) => self.program.task(runner, task).id.clone(),
            None => format!("#{}", task.0),
        }
    }

    /// The values that an exit gives to variables.
    fn written(
        &self,
        path: &Path,
        task: TaskIndex,
        joined: Option<&(VariableIndex, Arc<str>)>,
    ) -> String {
        let busy = self.case.runners.get(path).and_then(|runner| runner.busy.get(&task));
        let writes = busy.into_iter().flat_map(Busy::writes);
        texts(writes.chain(joined.map(|(at, value)| (*at, value))).map(|(_, value)| value))
    }

    /// Ids of conditions, separated by blanks.
    fn conditions(&self, path: &Path, conditions: &[ConditionIndex]) -> String {
        let Some(runner) = self.case.runners.get(path) else { return String::new() };
        let net = self.program.net(runner.net);
        let ids: Vec<&str> = conditions.iter().map(|at| net.condition(*at).id.as_str()).collect();
        ids.join(" ")
    }
}

/// One element after the other.
fn texts<'v>(values: impl Iterator<Item = &'v Arc<str>>) -> String {
    values.map(|value| &**value).collect()
}

fn optional<const N: usize>(
    values: [(&'static str, Option<String>); N],
) -> Vec<(&'static str, String)> {
    values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn completion(how: Completion) -> &'static str {
    match how {
        Completion::Normal => "normal",
        Completion::Forced => "forced",
        Completion::Failed => "failed",
        Completion::Skipped => "skipped",
    }
}

fn net_end(how: NetEnd) -> &'static str {
    match how {
        NetEnd::Completed => "completed",
        NetEnd::Deadlocked => "deadlocked",
        NetEnd::Emptied => "emptied",
        NetEnd::Cancelled => "cancelled",
    }
}

fn case_end(how: CaseEnd) -> &'static str {
    CaseStatus::Ended(how).name()
}
