//! Everything about streams that a handle offers: reading one, and having work pushed to it.

use std::sync::Arc;

use agents::{
    AgentId, Epoch, SessionId,
    lease::{Refusal as LeaseRefusal, Standing, TERM_MS_MAX, TERM_MS_MIN},
    registry::Refusal,
};
use engine::CaseId;
use tokio::task::JoinSet;

use super::{
    Reader,
    notice::StreamEvent,
    push::{Driver, IN_HAND_MAX, PUSH_AGENTS_MAX, Push, Wanted},
    stream::Stream,
};
use crate::{desk::give_back, handle::Handle, ids::partition_of, rejected::Rejected};

/// A session's stream, for its one reader. Dropped, nothing more is pushed, and what was not taken is given back.
pub struct SessionStream {
    handle: Handle,
    session: SessionId,
    stream: Arc<Stream>,
    reader: Arc<Reader>,
    /// Claims for agents that asked; ends with the stream.
    _driver: JoinSet<()>,
}

impl Handle {
    /// Reads what the agents of a session lose and are given, from now on. Whoever read it before is at its end.
    pub fn open_stream(&self, session: SessionId) -> Result<SessionStream, Rejected> {
        let streams = &self.0.context.streams;
        self.known(session)?;
        let (stream, reader, unread) = streams.open(session);
        give_back(&self.0, unread);
        let mut driver = JoinSet::new();
        driver.spawn(Driver::new(self.clone(), stream.clone(), reader.clone()).run());
        let (handle, stream) = (self.clone(), stream);
        let opened = SessionStream { handle, session, stream, reader, _driver: driver };
        // It may have been closed before it was known to be read.
        self.known(session).map(|()| opened)
    }

    /// Has work pushed to these agents of a session whose stream is read, and to nobody else. Gives for each how much
    /// it has in hand.
    pub fn push(
        &self,
        session: SessionId,
        agents: Vec<Push>,
    ) -> Result<Vec<Result<usize, Rejected>>, Rejected> {
        self.known(session)?;
        let (size, max) = (agents.len(), PUSH_AGENTS_MAX);
        if size > max {
            return Err(Rejected::TooLarge { what: "push", size, max });
        }
        let mut answers = Vec::with_capacity(size);
        let mut wanted: Vec<(AgentId, Wanted)> = Vec::with_capacity(size);
        for push in agents {
            answers.push(self.wanted(session, push).map(|one| wanted.push(one)));
        }
        let stream = self.0.context.streams.find(session);
        let in_hand = stream.and_then(|stream| stream.want(wanted));
        let mut in_hand = in_hand.ok_or(Rejected::NoStream(session))?.into_iter();
        let answer = |answer: Result<(), Rejected>| {
            answer.map(|()| in_hand.next().expect("one for each agent that was taken"))
        };
        Ok(answers.into_iter().map(answer).collect())
    }

    fn wanted(&self, session: SessionId, push: Push) -> Result<(AgentId, Wanted), Rejected> {
        let Push { agent: whom, in_hand_max, term_ms, capabilities } = push;
        if !(TERM_MS_MIN..=TERM_MS_MAX).contains(&term_ms) {
            let refusal = LeaseRefusal::Term { given: term_ms };
            return Err(Rejected::Lease { item: "that is pushed".to_owned(), refusal });
        }
        if !(1..=IN_HAND_MAX).contains(&in_hand_max) {
            let (size, max) = (in_hand_max, IN_HAND_MAX);
            return Err(Rejected::TooLarge { what: "hand", size, max });
        }
        let now = self.0.context.clock.moment();
        let registry = self.0.roll.registry();
        let claimant = registry.state().may_claim(&whom, now).map_err(Rejected::Denied)?;
        let of = registry.state().agent(claimant.slot).and_then(|agent| agent.session());
        if of != Some(session) {
            return Err(Rejected::OtherSession { agent: claimant.id.clone(), session: of });
        }
        let wanted = capabilities.iter().flatten();
        if let Some(foreign) = wanted.clone().find(|one| !claimant.capabilities.contains(one)) {
            return Err(Rejected::NotCapable(foreign.clone()));
        }
        let capabilities = capabilities.map(Into::into);
        Ok((claimant.id.clone(), Wanted { whom, in_hand_max, term_ms, capabilities }))
    }

    fn known(&self, session: SessionId) -> Result<(), Rejected> {
        match self.0.roll.registry().state().session(session) {
            Some(_) => Ok(()),
            None => Err(Rejected::Registry(Refusal::NoSuchSession { session })),
        }
    }

    /// Whether an item of the case is held under this epoch, durably.
    pub(super) fn is_held(&self, case: &CaseId, epoch: Epoch) -> bool {
        let partition = partition_of(case, self.0.projections.len());
        self.0.projections[partition].get(case).is_some_and(|entry| {
            let mut leases = entry.leases().iter();
            leases.any(|lease| {
                lease.epoch == epoch && matches!(lease.standing, Standing::Held { .. })
            })
        })
    }
}

impl SessionStream {
    /// The next event; nothing at the end: the session is over, or its stream is read by somebody else. Dropping the
    /// future loses nothing.
    pub async fn next(&mut self) -> Option<StreamEvent> {
        loop {
            let now = self.handle.clock().moment();
            match self.stream.next(&self.reader, now).ok()? {
                Some(event) => return Some(event),
                None => self.reader.came.notified().await,
            }
        }
    }
}

impl Drop for SessionStream {
    fn drop(&mut self) {
        let streams = &self.handle.0.context.streams;
        let unread = streams.leave(self.session, (&self.stream, &self.reader));
        give_back(&self.handle.0, unread);
    }
}
