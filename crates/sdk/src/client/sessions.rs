//! Sessions: agents of one process that are renewed together.

use wire::session::{OpenSession, Session, SessionAgents, SessionRenewals};

use super::{Client, Each, Repeat};
use crate::{error::Error, events::Events};

impl Client {
    /// Opens a session. One that nobody registers in ends by itself, so a lost answer does no harm.
    pub async fn open_session(&self, host: &str) -> Result<Session, Error> {
        let asks = OpenSession { host: host.to_owned() };
        self.post("/api/v1/sessions", &asks, Repeat::Safe).await
    }

    /// Renews sessions with all their agents.
    pub async fn renew_sessions(&self, sessions: &[u64]) -> Result<Each<SessionAgents>, Error> {
        let asks = SessionRenewals { sessions: sessions.to_vec() };
        self.post_batch("/api/v1/sessions/renew", &asks, sessions.len()).await
    }

    /// Closes a session and deregisters its agents.
    pub async fn close_session(&self, session: u64) -> Result<SessionAgents, Error> {
        self.delete(&format!("/api/v1/sessions/{session}")).await
    }

    /// Listens to what happens to the agents of a session. Not repeated: when the stream ends, what is held must be
    /// looked up (renew its leases) and the stream opened again.
    pub async fn session_events(&self, session: u64) -> Result<Events, Error> {
        let stream = self.stream(&format!("/api/v1/sessions/{session}/events")).await?;
        Ok(Events::new(stream))
    }
}
