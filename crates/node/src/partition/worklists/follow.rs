//! What a decision of the net means to the worklist: completed and gone items leave it, new ones are distributed.

use agents::resourcing::{
    self, ItemId, ParticipantId, Resourcing, TaskKey,
    worklist::{self, Command, Context, Event, Refusal, Status},
};
use engine::{
    Case, Decision, ItemKey, NetIndex,
    case::{Item, ItemStatus},
};

use super::{
    Given, asked, case_id,
    known::{Ground, Known},
    task_key,
};
use crate::{
    api::Loaded,
    entry::Body,
    partition::{Running, keeping::Of},
    worklists::Ahead,
};

/// One decision of the net, while the worklist follows it.
struct Follower<'a> {
    ahead: &'a mut Ahead,
    ground: &'a Ground<'a>,
    own: usize,
    loaded: &'a Loaded,
    case: resourcing::CaseId,
    /// The case as it was, if it was there.
    before: Option<&'a Case>,
    decision: &'a Decision,
    now: agents::Moment,
    seed: u64,
    events: Vec<Event>,
    completed: Vec<(TaskKey, ParticipantId)>,
}

impl Running {
    /// Changes the worklist as the net has changed. `given` is what has been decided about it already.
    pub(in crate::partition) fn follow(&self, of: &Of, decision: &Decision, given: Given) -> Given {
        let (loaded, before) = match of {
            Of::New { loaded, .. } => (loaded, None),
            Of::Known { before, .. } => (&before.loaded, Some(before)),
        };
        if loaded.resourced.is_none() {
            return given;
        }
        let before = before.and_then(|entry| match &entry.body {
            Body::Hot(case) => Some(&**case),
            Body::Cold(_) => None,
        });
        let (now, seed) = (self.worklist_moment(), self.inputs().seed);
        self.with_ground(|ahead, ground| {
            let case = case_id(&decision.case.id);
            let slice = given.before.unwrap_or_else(|| ahead.worklist.slice(&case));
            let own = self.partition.number;
            let (events, completed) = (given.events, Vec::new());
            let mut follower = Follower {
                ahead,
                ground,
                own,
                loaded,
                case,
                before,
                decision,
                now,
                seed,
                events,
                completed,
            };
            follower.follow();
            let starts = follower.starts();
            Given { events: follower.events, before: Some(slice), starts }
        })
    }
}

impl Follower<'_> {
    fn follow(&mut self) {
        self.complete();
        let known: Vec<ItemId> =
            self.ahead.worklist.of_case(&self.case).map(|(id, _)| id.clone()).collect();
        for id in known {
            self.follow_item(id);
        }
        self.distribute();
        let was_known = self.ahead.histories[self.own].knows(&self.case)
            || self.ahead.worklist.chained_by(&self.case).is_some()
            || !self.completed.is_empty();
        if self.decision.case.has_ended() && was_known {
            self.give(None, Command::CloseCase { case: self.case.clone() });
        }
    }

    /// Items that were completed, whoever did it.
    fn complete(&mut self) {
        let Some(before) = self.before else { return };
        for event in &self.decision.events {
            let engine::Event::Completed { path, task, child, .. } = event else { continue };
            let key = ItemKey { path: path.child(*child), task: *task };
            // The net may be gone by now: it is named as it was.
            let Ok(id) = self.loaded.program.item_id(before, &key).parse() else { continue };
            self.give(None, Command::Complete { item: id });
        }
    }

    /// An item of the worklist is what the net has made of it.
    fn follow_item(&mut self, id: ItemId) {
        let Some(status) = self.ahead.worklist.item(&id).map(|item| item.status.clone()) else {
            return;
        };
        let case = &self.decision.case;
        let key = self.loaded.program.parse_item(case, id.as_str());
        let found = key.and_then(|key| Some((case.items.get(&key)?, key)));
        let Some((item, key)) = found else {
            return self.give(None, Command::Withdraw { item: id });
        };
        let command = match (offered_as(item), &status) {
            (ItemStatus::Executing, Status::Started(_) | Status::Suspended(_)) => {
                let is_suspended = item.status == ItemStatus::Suspended;
                Command::Follow { item: id, is_suspended }
            }
            (
                ItemStatus::Enabled | ItemStatus::Fired,
                Status::Started(_) | Status::Suspended(_),
            ) if self.was_executing(&key) && !self.was_returned(&id) => {
                Command::Redistribute { item: id }
            }
            (ItemStatus::Enabled | ItemStatus::Fired, _) => return,
            // Somebody outside has started it, or nobody can do anything with it.
            (
                ItemStatus::Executing
                | ItemStatus::Complete
                | ItemStatus::IsParent
                | ItemStatus::Deadlocked
                | ItemStatus::Suspended
                | ItemStatus::ForcedComplete
                | ItemStatus::Failed,
                _,
            ) => Command::Withdraw { item: id },
        };
        self.give(Some(&key), command);
    }

    /// Whether that is what was decided before the net followed.
    fn was_returned(&self, id: &ItemId) -> bool {
        self.events.iter().any(|event| matches!(event, Event::Returned { item } if item == id))
    }

    fn was_executing(&self, key: &ItemKey) -> bool {
        let before = self.before.and_then(|before| before.items.get(key));
        before.is_some_and(|item| offered_as(item) == ItemStatus::Executing)
    }

    /// Items that the net offers and nobody was told of.
    fn distribute(&mut self) {
        let case = &self.decision.case;
        let waits = |item: &Item| matches!(item.status, ItemStatus::Enabled | ItemStatus::Fired);
        for (key, _) in case.items.iter().filter(|(_, item)| waits(item)) {
            let Some((net, _)) = self.asked(key) else { continue };
            let task = &self.loaded.program.net(net).task(key.task).id;
            let Ok(id) = self.loaded.program.item_id(case, key).parse::<ItemId>() else { continue };
            if self.ahead.worklist.item(&id).is_some() {
                continue;
            }
            let task = task_key(self.loaded, task);
            let command = Command::Distribute { item: id, case: self.case.clone(), task };
            self.give(Some(key), command);
        }
    }

    /// The net of an item and what its task asks for.
    fn asked(&self, key: &ItemKey) -> Option<(NetIndex, &Resourcing)> {
        let (_, runner) = self.decision.case.runner_of(key)?;
        Some((runner.net, &**asked(self.loaded, (runner.net, key.task))?))
    }

    /// Has the worklist decide and be changed. Nobody asked for it, so that there is nobody to refuse it to.
    fn give(&mut self, key: Option<&ItemKey>, command: Command) {
        match self.decide(key, command) {
            Ok(events) => {
                for event in events {
                    self.note_completed(&event);
                    worklist::apply(&mut self.ahead.worklist, &event);
                    self.events.push(event);
                }
            }
            Err(refusal) => {
                tracing::warn!(case = %self.case, error = %refusal, "an item was not distributed");
            }
        }
    }

    fn decide(&self, key: Option<&ItemKey>, command: Command) -> Result<Vec<Event>, Refusal> {
        let everybody = Resourcing::everybody();
        let asked = key.and_then(|key| self.asked(key));
        let resourcing = asked.map_or(&everybody, |(_, asked)| asked);
        let program = &*self.loaded.program;
        let task = asked.zip(key).map(|((net, _), key)| program.net(net).task(key.task));
        let task = task_key(self.loaded, task.map_or("", |task| &task.id));
        let facts = Known {
            ground: self.ground,
            histories: &self.ahead.histories,
            own: self.own,
            case: &self.case,
            task: &task,
            place: key.map(|key| (program, &self.decision.case, key)),
            completed: &self.completed,
        };
        // Items that come together are not all given to the same one.
        let seed = self.seed.wrapping_add(self.events.len() as u64);
        let context = Context { resourcing, facts: &facts, now: self.now, seed };
        worklist::decide(&self.ahead.worklist, &context, command)
    }

    fn note_completed(&mut self, event: &Event) {
        let Event::Completed { item, by, .. } = event else { return };
        if let Some(item) = self.ahead.worklist.item(item) {
            self.completed.push((item.task.clone(), by.clone()));
        }
    }

    /// Items of the case that stand as started while the net still offers them.
    fn starts(&self) -> Vec<ItemId> {
        let case = &self.decision.case;
        let waits = |id: &ItemId| {
            let key = self.loaded.program.parse_item(case, id.as_str());
            let item = key.and_then(|key| case.items.get(&key));
            item.is_some_and(|item| matches!(item.status, ItemStatus::Enabled | ItemStatus::Fired))
        };
        let items = self.ahead.worklist.of_case(&self.case);
        let started = items.filter(|(_, item)| matches!(item.status, Status::Started(_)));
        started.map(|(id, _)| id.clone()).filter(waits).collect()
    }
}

/// What a suspended item goes back to, or the status of any other.
fn offered_as(item: &Item) -> ItemStatus {
    item.before_suspension.unwrap_or(item.status)
}
