//! What the worker makes of the server's answers.

use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};
use wire::{
    claim::{Claimed, ClaimedItem},
    lease::{HeldItem, LeaseRenewal, LeaseRenewed},
    session::SessionAgents,
};

use super::{Done, FAREWELL, Run, Stage, Turn};
use crate::{
    client::{Each, RETRY_AFTER_MAX},
    error::Error,
    traceparent::Traceparent,
    worker::{Reason, Work, enrol::Life, errand, hands::Hold, listen},
};

/// The server does not know the agent or its session any more: it registers anew.
const FORGOTTEN: [&str; 3] = ["no-such-agent", "no-such-session", "agent-not-renewed"];
/// An operator has put the agent's name aside: no need to ask often whether that is over.
const QUARANTINE_PAUSE: Duration = Duration::from_secs(60);

impl Run {
    pub(super) fn on_enrolled(&mut self, answer: Result<Life, Error>) {
        match answer {
            Ok(life) => {
                info!(session = life.session, epoch = life.epoch, "registered");
                self.enrolling.in_vain = 0;
                self.plan_session(life);
                self.claiming = Turn::due(Instant::now());
                self.life = Some(life);
                self.listener.abort_all();
                let (plan, heard) = (self.plan.clone(), self.events.0.clone());
                self.listener.spawn(listen::listen(plan, life.session, heard));
            }
            // The session was gone before the agent was in it: anew.
            Err(error) if error.is_passing() || error.code() == Some("no-such-session") => {
                warn!(%error, "could not register; trying again");
                let pause = self.pause_after(|run| &mut run.enrolling, &error);
                self.enrolling.at = Some(Instant::now() + pause);
            }
            Err(error) => self.end_with(error),
        }
    }

    pub(super) fn on_session(&mut self, life: Life, answer: Result<Each<SessionAgents>, Error>) {
        if !self.is_present(life) {
            return;
        }
        let answer = answer.and_then(|mut each| match each.pop() {
            Some(renewed) => renewed.map_err(Error::from),
            None => Err(Error::Nonsense { status: 200, reason: "no answer".to_owned() }),
        });
        match answer {
            Ok(renewed) if renewed.agents > 0 => {
                self.session.in_vain = 0;
                self.plan_session(life);
            }
            Ok(_) => self.register_anew("the session has lost its agent"),
            Err(error) if is_forgotten(&error) => self.register_anew(&error.to_string()),
            Err(error) => {
                warn!(%error, "the session was not renewed; trying again");
                let pause = self.pause_after(|run| &mut run.session, &error);
                self.session.at = Some(Instant::now() + pause);
            }
        }
    }

    pub(super) fn on_claimed(&mut self, life: Life, wanted: usize, answer: Result<Claimed, Error>) {
        self.claim = None;
        if self.stage != Stage::Working {
            return self.give_back(answer.map(|claimed| claimed.items).unwrap_or_default());
        }
        let now = Instant::now();
        match answer {
            Ok(claimed) if claimed.items.is_empty() => {
                let away = claimed.retry_after_ms.map(Duration::from_millis);
                self.claiming.in_vain += 1;
                let (pauses, chance) = (self.plan.client.pauses(), self.plan.client.chance());
                let away = away.map(|away| away.min(RETRY_AFTER_MAX));
                // Without advice: a server that answers at once must not be asked at once.
                let away =
                    away.unwrap_or_else(|| pauses.after(self.claiming.in_vain, None, chance));
                self.claiming.at = Some(now + away);
            }
            Ok(claimed) => {
                self.claiming = Turn::due(now);
                if claimed.items.len() > wanted {
                    let (got, wanted) = (claimed.items.len(), wanted);
                    warn!(got, wanted, "more items than asked for; the rest is left to its leases");
                }
                for item in claimed.items.into_iter().take(wanted) {
                    self.work_on(item, now);
                }
            }
            Err(_) if !self.is_present(life) => self.claiming.at = Some(now),
            Err(error) => self.on_claim_failed(error, now),
        }
    }

    fn on_claim_failed(&mut self, error: Error, now: Instant) {
        let pause = self.pause_after(|run| &mut run.claiming, &error);
        self.claiming.at = Some(now + pause);
        match error.code() {
            Some("stale-agent") => self.end_with(error),
            Some("agent-draining") => {
                info!("an operator drains the agent");
                self.drain();
            }
            Some("agent-quarantined") => {
                warn!("an operator has put the agent in quarantine");
                self.claiming.at = Some(now + QUARANTINE_PAUSE);
            }
            _ if is_forgotten(&error) => self.register_anew(&error.to_string()),
            _ if error.is_passing() || error.problem().is_none() => {
                warn!(%error, "no answer to a claim; trying again");
            }
            _ => self.end_with(error),
        }
    }

    pub(super) fn on_leases(
        &mut self,
        asked: Instant,
        leases: Vec<LeaseRenewal>,
        answer: Result<Each<LeaseRenewed>, Error>,
    ) {
        let holds = leases.into_iter().map(|lease| Hold { item: lease.item, epoch: lease.epoch });
        let again = Instant::now() + RENEWAL_PAUSE;
        let answers = match answer {
            Ok(answers) => answers,
            Err(error) => {
                warn!(%error, "leases were not renewed; trying again");
                return holds.into_iter().for_each(|hold| self.hands.renew_at(&hold, again));
            }
        };
        for (hold, answer) in holds.zip(answers) {
            match answer.map_err(Error::from) {
                Ok(renewed) => {
                    let left = Duration::from_millis(renewed.left_ms);
                    self.hands.renewed(&hold, asked, left);
                }
                Err(error) if error.is_passing() => self.hands.renew_at(&hold, again),
                Err(error) => {
                    info!(item = hold.item, epoch = hold.epoch, %error, "an item is lost");
                    self.hands.lose(&hold, Reason::LeaseOver);
                }
            }
        }
    }

    /// Items that were claimed before the worker began to drain go back at once.
    fn give_back(&mut self, items: Vec<ClaimedItem>) {
        if items.is_empty() {
            return;
        }
        self.is_returning = true;
        let client = self.plan.client.impatient(FAREWELL);
        let held = |item: ClaimedItem| {
            let command_id = Some(client.command_id());
            HeldItem { item: item.item, epoch: item.epoch, command_id }
        };
        let held = items.into_iter().map(held).collect();
        self.tasks.spawn(async move {
            if let Err(error) = client.give_back_many(held).await {
                info!(%error, "items were not given back; their leases end by themselves");
            }
            Done::Returned
        });
    }

    /// Begins an errand.
    fn work_on(&mut self, item: ClaimedItem, now: Instant) {
        let Some((cancellation, lease_ends)) = self.hands.take(&item, now) else {
            return warn!(item = item.item, epoch = item.epoch, "the agent has this item already");
        };
        let launched: Option<Traceparent> =
            item.traceparent.as_deref().and_then(|text| text.parse().ok());
        let trace = launched.map(|trace| trace.child(self.plan.client.chance()));
        let client = self.plan.client.in_trace(trace);
        let work = Work { item, client, trace, cancellation, lease_ends };
        let plan = self.plan.clone();
        self.tasks.spawn(async move { Done::Errand(errand::run(plan, work).await) });
    }

    fn register_anew(&mut self, why: &str) {
        warn!(why, "registering anew");
        self.life = None;
        let now = Instant::now();
        // What is held stays held: leases do not end with the session.
        if self.enrolling.at.is_none() {
            self.enrolling.at = Some(now);
        }
    }

    fn plan_session(&mut self, life: Life) {
        let every = Duration::from_millis(life.lifetime.renew_every_ms).max(SESSION_EVERY_MIN);
        let early = every.mul_f64(self.plan.client.chance().share() / 10.0);
        self.session.at = Some(Instant::now() + every - early);
    }

    fn is_present(&self, life: Life) -> bool {
        self.life.is_some_and(|present| present.since == life.since)
    }

    fn pause_after(&mut self, turn: impl Fn(&mut Self) -> &mut Turn, error: &Error) -> Duration {
        let turn = turn(self);
        turn.in_vain += 1;
        let in_vain = turn.in_vain;
        let asked_for = error.retry_after().map(|pause| pause.min(RETRY_AFTER_MAX));
        self.plan.client.pauses().after(in_vain, asked_for, self.plan.client.chance())
    }
}

/// A lease's renewal is tried again soon: its term runs.
const RENEWAL_PAUSE: Duration = Duration::from_millis(250);
/// A server that wants more than this wants nonsense.
const SESSION_EVERY_MIN: Duration = Duration::from_millis(50);

fn is_forgotten(error: &Error) -> bool {
    error.code().is_some_and(|code| FORGOTTEN.contains(&code))
}
