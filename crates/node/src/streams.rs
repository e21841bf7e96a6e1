//! Streams: what the agents of a session lose, are about to lose and are given, for whoever reads on their behalf.
//!
//! ```text
//!   partition: a hold is over, or ends soon ──batch──▶ writer, after the sync ──▶ Streams ──▶ the holder's session
//!   driver of a stream: claims at the desk for agents that asked ────────────────────────▶     │
//!                                                                              reader: next() ◀┘
//! ```
//!
//! Partitions say nothing while nobody reads. A reader that is slow keeps nobody waiting: what it does not take is counted
//! and told, items that it does not take go back into their lines. Nothing here is stored.

mod handle;
mod notice;
mod push;
mod stream;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use agents::SessionId;

use self::stream::Stream;
pub use self::{
    handle::SessionStream,
    notice::{CancelReason, StreamEvent},
    push::{IN_HAND_MAX, PUSH_AGENTS_MAX, Push},
};
pub(crate) use self::{
    notice::{HoldNotice, Outcome},
    stream::Reader,
};
use crate::{api::Claimed, desk::Roll};

/// All streams of a node.
#[derive(Default)]
pub(crate) struct Streams {
    /// Partitions look at this for each change of a lease.
    listened: AtomicBool,
    /// Those that are read, and those whose agents still hold what was pushed to them.
    by_session: Mutex<BTreeMap<SessionId, Arc<Stream>>>,
}

impl Streams {
    /// Whether partitions are to say what becomes of holds.
    pub(crate) fn is_listened(&self) -> bool {
        self.listened.load(Ordering::Relaxed)
    }

    /// Tells what has become durable to the sessions of the holders.
    pub(crate) fn tell(&self, roll: &Roll, notices: impl Iterator<Item = HoldNotice>) {
        let registry = roll.registry();
        let mut open = self.lock();
        for notice in notices {
            let holder = registry.state().by_id(&notice.holder);
            let Some(session) = holder.and_then(|(_, agent)| agent.session()) else { continue };
            let Some(stream) = open.get(&session) else { continue };
            if stream.take(notice) {
                open.remove(&session);
            }
        }
        self.listened.store(!open.is_empty(), Ordering::Relaxed);
    }

    /// A new reader of the session's stream: the one before, if there is one, is at its end.
    pub(crate) fn open(&self, session: SessionId) -> (Arc<Stream>, Arc<Reader>, Vec<Claimed>) {
        let mut open = self.lock();
        let stream = open.entry(session).or_default().clone();
        self.listened.store(true, Ordering::Relaxed);
        let (reader, unread) = stream.begin();
        (stream, reader, unread)
    }

    pub(crate) fn find(&self, session: SessionId) -> Option<Arc<Stream>> {
        self.lock().get(&session).cloned()
    }

    /// Whether somebody reads the session's stream.
    pub(crate) fn is_read(&self, session: SessionId) -> bool {
        self.find(session).is_some_and(|stream| stream.is_read())
    }

    /// The reader has gone. Gives the items that it did not take.
    fn leave(
        &self,
        session: SessionId,
        (stream, reader): (&Arc<Stream>, &Arc<Reader>),
    ) -> Vec<Claimed> {
        let mut open = self.lock();
        let (unread, is_idle) = stream.leave(reader);
        if is_idle && open.get(&session).is_some_and(|present| Arc::ptr_eq(present, stream)) {
            open.remove(&session);
            self.listened.store(!open.is_empty(), Ordering::Relaxed);
        }
        unread
    }

    /// These sessions are over, and so are their streams.
    pub(crate) fn end(&self, sessions: &[SessionId]) {
        let mut open = self.lock();
        for session in sessions {
            if let Some(stream) = open.remove(session) {
                stream.end();
            }
        }
        self.listened.store(!open.is_empty(), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionId, Arc<Stream>>> {
        self.by_session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
