//! One session's stream: what waits for its reader, and what its agents have in hand.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use agents::{AgentId, Epoch, Moment};
use tokio::sync::Notify;

use super::{
    notice::{HoldNotice, StreamEvent},
    push::Wanted,
};
use crate::api::Claimed;

/// Notices that wait for a reader. One that is further behind is told how many it missed.
pub(super) const NOTICES_MAX: usize = 1_024;
/// Pushed items that wait for a reader. More go back into their lines.
pub(super) const READY_MAX: usize = 256;
/// An item that its reader did not take for so long, or for a third of its term, goes back.
const READY_MS_MAX: u64 = 5_000;
/// The part of a term that an item may wait for its reader: the lease must not end meanwhile.
const READY_PART: u64 = 3;

/// The stream of a session, read or not.
#[derive(Default)]
pub(crate) struct Stream(Mutex<State>);

/// Whoever reads a stream, until somebody else does.
#[derive(Default)]
pub(crate) struct Reader {
    /// Something waits for the reader.
    pub(super) came: Notify,
    /// Something changed for whoever claims on the agents' behalf.
    pub(super) changed: Notify,
}

#[derive(Default)]
pub(super) struct State {
    reader: Option<Arc<Reader>>,
    /// The session is over.
    over: bool,
    notices: VecDeque<HoldNotice>,
    missed: u64,
    ready: VecDeque<Ready>,
    /// The reader takes nothing: nothing more is claimed for it until it does.
    stalled: bool,
    hands: BTreeMap<AgentId, Hand>,
    /// Agents that may have room in hand.
    vacant: BTreeSet<AgentId>,
}

/// A pushed item that waits for its reader.
struct Ready {
    agent: AgentId,
    claimed: Claimed,
    /// Goes back then.
    due: Moment,
}

/// What was pushed to one agent.
#[derive(Default)]
struct Hand {
    /// None: nothing more.
    wanted: Option<Wanted>,
    held: Vec<(Epoch, String)>,
}

/// Somebody else reads, or the session is over.
#[derive(Debug)]
pub(super) struct Over;

impl Stream {
    /// A new reader, who is told what comes from now on and says anew to whom work is pushed. Also the items that the one
    /// before did not take.
    pub(super) fn begin(&self) -> (Arc<Reader>, Vec<Claimed>) {
        let mut state = self.lock();
        let unread = state.close();
        let reader = Arc::new(Reader::default());
        state.reader = Some(reader.clone());
        (reader, unread)
    }

    /// A reader has gone. Gives the items that it did not take, and whether nothing is left to keep.
    pub(super) fn leave(&self, reader: &Arc<Reader>) -> (Vec<Claimed>, bool) {
        let mut state = self.lock();
        let is_present = state.reader.as_ref().is_some_and(|present| Arc::ptr_eq(present, reader));
        let unread = if is_present { state.close() } else { Vec::new() };
        (unread, state.is_idle())
    }

    pub(super) fn is_read(&self) -> bool {
        self.lock().reader.is_some()
    }

    /// The session is over. What the reader did not take is given back when it leaves.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.over = true;
        if let Some(reader) = &state.reader {
            reader.came.notify_one();
            reader.changed.notify_one();
        }
    }

    /// Takes what a partition says. `true` if nothing is left to keep.
    pub(super) fn take(&self, notice: HoldNotice) -> bool {
        let mut state = self.lock();
        if notice.is_over() {
            state.let_go(&notice.holder, (notice.epoch, &notice.item));
        }
        let is_it = |ready: &Ready| {
            ready.claimed.epoch == notice.epoch && ready.claimed.item == notice.item
        };
        if let Some(at) = state.ready.iter().position(is_it) {
            // The reader does not know of it and need not.
            if notice.is_over() {
                state.ready.remove(at);
            }
        } else {
            state.note(notice);
        }
        state.is_idle()
    }

    /// What the reader is told next; nothing if it is to wait.
    pub(super) fn next(
        &self,
        reader: &Arc<Reader>,
        now: Moment,
    ) -> Result<Option<StreamEvent>, Over> {
        let mut state = self.lock();
        if !state.is_read_by(reader) {
            return Err(Over);
        }
        if std::mem::take(&mut state.stalled) {
            reader.changed.notify_one();
        }
        while let Some(notice) = state.notices.pop_front() {
            if let Some(event) = notice.told(now) {
                return Ok(Some(event));
            }
        }
        if state.missed > 0 {
            return Ok(Some(StreamEvent::Lagged { missed: std::mem::take(&mut state.missed) }));
        }
        let Some(Ready { agent, claimed, .. }) = state.ready.pop_front() else {
            return Ok(None);
        };
        if !state.is_full() && !state.vacant.is_empty() {
            reader.changed.notify_one();
        }
        Ok(Some(StreamEvent::Item { agent, claimed }))
    }

    /// Says for whom to claim from now on; nobody else. Gives how many each has in hand; nothing if nobody reads.
    pub(super) fn want(&self, wanted: Vec<(AgentId, Wanted)>) -> Option<Vec<usize>> {
        let mut state = self.lock();
        let reader = state.reader.clone()?;
        state.hands.values_mut().for_each(|hand| hand.wanted = None);
        state.vacant.clear();
        let mut in_hand = Vec::with_capacity(wanted.len());
        for (agent, wanted) in wanted {
            state.vacant.insert(agent.clone());
            let hand = state.hands.entry(agent).or_default();
            hand.wanted = Some(wanted);
            in_hand.push(hand.held.len());
        }
        state.hands.retain(|_, hand| !hand.is_idle());
        reader.changed.notify_one();
        Some(in_hand)
    }

    /// The agents that may be given something now, each with how much; nobody while the reader is behind. Nothing at the
    /// end.
    pub(super) fn vacancies(&self, reader: &Arc<Reader>) -> Option<Vec<(AgentId, Wanted, usize)>> {
        let mut state = self.lock();
        if !state.is_read_by(reader) {
            return None;
        }
        if state.stalled || state.is_full() {
            return Some(Vec::new());
        }
        let vacant = std::mem::take(&mut state.vacant);
        let vacancies = vacant.into_iter().filter_map(|agent| {
            let hand = state.hands.get(&agent)?;
            let wanted = hand.wanted.clone()?;
            let room = wanted.in_hand_max.saturating_sub(hand.held.len()).min(READY_MAX);
            (room > 0).then_some((agent, wanted, room))
        });
        Some(vacancies.collect())
    }

    /// The agent may have room again, as after a claim.
    pub(super) fn look_again(&self, agent: AgentId) {
        let mut state = self.lock();
        if state.hands.get(&agent).is_some_and(|hand| hand.wanted.is_some()) {
            state.vacant.insert(agent);
        }
    }

    /// Nothing more is pushed to the agent.
    pub(super) fn forget(&self, agent: &AgentId) {
        let mut state = self.lock();
        if let Some(hand) = state.hands.get_mut(agent) {
            hand.wanted = None;
        }
        state.hands.retain(|_, hand| !hand.is_idle());
    }

    /// Items that were claimed for the agent. Gives those back for which the reader has no room.
    pub(super) fn receive(
        &self,
        reader: &Arc<Reader>,
        (agent, items): (&AgentId, Vec<Claimed>),
        now: Moment,
    ) -> Vec<Claimed> {
        let mut state = self.lock();
        let is_wanted = state.hands.get(agent).is_some_and(|hand| hand.wanted.is_some());
        let has_room = state.ready.len() + items.len() <= READY_MAX;
        if !state.is_read_by(reader) || !is_wanted || !has_room || state.stalled {
            return items;
        }
        for claimed in items {
            let hand = state.hands.entry(agent.clone()).or_default();
            hand.held.push((claimed.epoch, claimed.item.clone()));
            let due = now.after((claimed.term_ms / READY_PART).min(READY_MS_MAX));
            state.ready.push_back(Ready { agent: agent.clone(), claimed, due });
        }
        reader.came.notify_one();
        Vec::new()
    }

    /// The agent holds this no more.
    pub(super) fn lost(&self, agent: &AgentId, claimed: (Epoch, &str)) {
        let mut state = self.lock();
        state.let_go(agent, claimed);
        state.ready.retain(|ready| (ready.claimed.epoch, ready.claimed.item.as_str()) != claimed);
    }

    /// When the first item that waits for the reader goes back.
    pub(super) fn next_due(&self) -> Option<Moment> {
        self.lock().ready.iter().map(|ready| ready.due).min()
    }

    /// Takes back what the reader did not take in time: all of it, since it takes nothing.
    pub(super) fn stall(&self, now: Moment) -> Vec<Claimed> {
        let mut state = self.lock();
        if !state.ready.iter().any(|ready| ready.due <= now) {
            return Vec::new();
        }
        state.stalled = true;
        let all: Vec<AgentId> = state.hands.keys().cloned().collect();
        state.vacant.extend(all);
        state.ready.drain(..).map(|ready| ready.claimed).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_read_by(&self, reader: &Arc<Reader>) -> bool {
        !self.over && self.reader.as_ref().is_some_and(|present| Arc::ptr_eq(present, reader))
    }

    /// Nobody reads, and nothing that was pushed is held.
    fn is_idle(&self) -> bool {
        self.reader.is_none() && self.hands.is_empty()
    }

    /// No more is to be claimed before the reader has taken some.
    fn is_full(&self) -> bool {
        self.ready.len() >= READY_MAX / 2
    }

    /// The reader's time is over. What its agents hold stays known: the next one may ask for no more than fits.
    fn close(&mut self) -> Vec<Claimed> {
        if let Some(reader) = self.reader.take() {
            reader.came.notify_one();
            reader.changed.notify_one();
        }
        self.notices.clear();
        (self.missed, self.stalled) = (0, false);
        self.vacant.clear();
        self.hands.values_mut().for_each(|hand| hand.wanted = None);
        self.hands.retain(|_, hand| !hand.is_idle());
        self.ready.drain(..).map(|ready| ready.claimed).collect()
    }

    fn note(&mut self, notice: HoldNotice) {
        let Some(reader) = self.reader.as_ref().filter(|_| notice.is_told()) else { return };
        if self.notices.len() < NOTICES_MAX {
            self.notices.push_back(notice);
        } else {
            self.missed += 1;
        }
        reader.came.notify_one();
    }

    fn let_go(&mut self, agent: &AgentId, (epoch, item): (Epoch, &str)) {
        let Some(hand) = self.hands.get_mut(agent) else { return };
        let before = hand.held.len();
        hand.held.retain(|held| (held.0, held.1.as_str()) != (epoch, item));
        if hand.held.len() == before {
            return;
        }
        if hand.is_idle() {
            self.hands.remove(agent);
        } else if hand.wanted.is_some() {
            self.vacant.insert(agent.clone());
            if let Some(reader) = &self.reader {
                reader.changed.notify_one();
            }
        }
    }
}

impl Hand {
    fn is_idle(&self) -> bool {
        self.wanted.is_none() && self.held.is_empty()
    }
}

#[cfg(test)]
mod tests;
