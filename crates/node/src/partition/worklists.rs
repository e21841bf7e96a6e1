//! Items for participants: distributed when the net offers them, acted on by participants and administrators, taken
//! back when whoever has them is gone.
//!
//! ```text
//!   decision of the net ─▶ follow: new items are distributed, gone ones withdrawn ─▶ one record with both
//!   a participant's action ─▶ the worklist decides ─▶ the net starts, suspends, skips ─▶ follow ─▶ one record
//!   an item that the system is to start ─▶ a record of its own, right after
//! ```
//!
//! The worklist is changed while a decision is made and put back where its record could not be stored. An item that
//! stands as started while the net still offers it is started by the partition itself: it has one lease in a record, so
//! each gets its own, and a restart in between goes on from what is stored.

mod actions;
mod follow;
mod known;
mod missed;
mod starts;

pub(super) use self::{actions::Acted, missed::Look};

use agents::{
    Moment,
    resourcing::{
        self, ItemId, Organisation, Resourcing,
        worklist::{Event, Slice},
    },
};
use engine::CaseId;

use self::known::Ground;
use super::Running;
use crate::{rejected::Rejected, worklists::Ahead};

/// What was decided about the worklist for a record that is yet to be written.
#[derive(Default)]
pub(super) struct Given {
    pub(super) events: Vec<Event>,
    /// The case as it was before.
    pub(super) before: Option<Slice>,
    /// Items that the system is to start.
    pub(super) starts: Vec<ItemId>,
}

impl Running {
    /// Makes the worklist what it was before the decision.
    pub(super) fn put_back(&self, given: Given) {
        if let Some(slice) = given.before {
            self.partition.context.worklists.lock().worklist.put_back(slice);
        }
    }

    /// Goes on from a record that was written at `position`: remembers it, has it shown, and starts what it asks for.
    pub(super) fn keep_given(&mut self, slot: crate::cases::Slot, position: u64, given: Given) {
        if !given.events.is_empty() {
            let mut ahead = self.partition.context.worklists.lock();
            let history = &mut ahead.histories[self.partition.number];
            given.events.iter().for_each(|event| history.note(event));
            drop(ahead);
            self.batch.given.push((position, given.events));
            self.expect_look();
        }
        self.starts.extend(given.starts.into_iter().map(|item| (slot, item)));
    }

    /// Runs `look` with all that decisions on the worklist are made with.
    fn with_ground<T>(&self, look: impl FnOnce(&mut Ahead, &Ground<'_>) -> T) -> T {
        let organisation: std::sync::Arc<Organisation> = self.partition.roll.organisation();
        let registry = self.partition.roll.registry();
        let now = self.partition.context.clock.moment().max(registry.state().moment());
        let ground = Ground { organisation: &organisation, registry, now };
        // After the registry: whoever takes both takes them in this order.
        let mut ahead = self.partition.context.worklists.lock();
        look(&mut ahead, &ground)
    }

    /// Of what people see, and of how long work takes: the wall clock.
    fn worklist_moment(&self) -> Moment {
        Moment { ms: u64::try_from(self.now_ms()).unwrap_or_default() }
    }
}

/// The rules' name of a case.
fn case_id(case: &CaseId) -> resourcing::CaseId {
    case.as_str().parse().expect("a case's id is short and has no control characters")
}

/// The rules' name of an item, if it can have one.
fn item_id(text: &str) -> Result<ItemId, Rejected> {
    text.parse().map_err(|_| Rejected::NoSuchItem(text.to_owned()))
}

/// What a task is, over all cases.
fn task_key(entry_of: &crate::api::Loaded, task: &str) -> resourcing::TaskKey {
    resourcing::TaskKey { specification: entry_of.key.as_str().into(), task: task.into() }
}

/// What the case's specification asks for an item of this task.
fn asked(
    loaded: &crate::api::Loaded,
    (net, task): (engine::NetIndex, engine::TaskIndex),
) -> Option<&std::sync::Arc<Resourcing>> {
    loaded.resourced.as_ref()?.get(net, task)
}
