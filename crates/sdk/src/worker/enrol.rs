//! Entering the registry: a session, and the agent in it.

use tokio::time::Instant;
use wire::agent::{Lifetime, RegistrationBatch};

use super::Plan;
use crate::error::Error;

/// One stay in the registry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    pub(super) session: u64,
    /// Of the agent: shown with its claims.
    pub(super) epoch: u64,
    pub(super) lifetime: Lifetime,
    pub(super) since: Instant,
}

/// Opens a session and registers the agent in it. A session that is left behind by an error ends by itself.
pub(super) async fn enrol(plan: &Plan) -> Result<Life, Error> {
    let since = Instant::now();
    let client = plan.client.impatient(PATIENCE);
    let session = client.open_session(&plan.host).await?.session;
    let batch =
        RegistrationBatch { session: Some(session), agents: vec![plan.registration.clone()] };
    let mut enrolment = client.register(&batch).await?;
    let registered = enrolment.results.pop().ok_or_else(|| Error::Nonsense {
        status: 200,
        reason: "no answer to the registration".to_owned(),
    })??;
    Ok(Life { session, epoch: registered.epoch, lifetime: enrolment.lifetime, since })
}

/// For each of the two requests: the worker tries again by itself.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);
